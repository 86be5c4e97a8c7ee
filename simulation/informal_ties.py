"""Informal ties: by department, by team, and to friends of friends."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from simulation.arithmetic import power
from simulation.chance import uniform, uniform_pair
from simulation.compiled import entry, rule
from simulation.places import Places
from simulation.purposes import INFORMAL_TIE

MOST_PAIRS = 1_000
"""Most people for whom informal ties are drawn pair by pair; above, slot by slot."""
TRIES = 32
"""Slots drawn for each informal tie, when drawn by slot, before it is given up."""
MEETS = 0.1
"""Hours a week from which two people count as knowing one another."""
DEPARTMENT, TEAM, CLOSURE = range(3)
"""Columns of odds; the first two are also those of groups."""


@rule
def mark_near(friends, first, i, mark):
    """Mark with `i` all friends of friends of `i`."""
    for k in range(first[i], first[i + 1]):
        friend = friends[k]
        for m in range(first[friend], first[friend + 1]):
            mark[friends[m]] = i


@rule
def tie_weight(groups, odds, mark, i, j):
    """Return the odds that `i` picks `j`: 1 if they share no department and no friend.

    Ties form by department, by team and by closure (Kleinbaum, Stuart & Tushman 2008).
    """
    weight = 1.0
    if groups[i, DEPARTMENT] == groups[j, DEPARTMENT]:
        weight = odds[DEPARTMENT]
        if groups[i, TEAM] == groups[j, TEAM]:
            weight *= odds[TEAM]
    if mark[j] == i:
        weight *= odds[CLOSURE]
    return weight


@rule
def informal_partners(key, seats, groups, odds, friends, first, mark, best, partners):
    """Fill `partners[n, size]` with the people to whom each has informal ties.

    Each pair draws u at an address of its own. A person's partners are those with the
    largest u^(1/w), w being the weight of the pair (weighted sampling: Efraimidis &
    Spirakis 2006). The friends of person i are `friends[first[i]:first[i + 1]]`;
    `mark[n]` and `best[size]` are working space.
    """
    n = seats.shape[0]
    size = partners.shape[1]
    mark[:] = -1
    for i in range(n):
        mark_near(friends, first, i, mark)
        for k in range(size):
            best[k] = -1.0
            partners[i, k] = -1
        for j in range(n):
            if j == i:
                continue
            u = uniform(key, INFORMAL_TIE, 0, seats[i], seats[j])
            k = size - 1
            weight = tie_weight(groups, odds, mark, i, j)
            if weight <= 1.0 and u < 0.999 * best[k]:
                continue
            score = power(u, 1.0 / weight)
            if score <= best[k]:
                continue
            while k > 0 and best[k - 1] < score:
                best[k] = best[k - 1]
                partners[i, k] = partners[i, k - 1]
                k -= 1
            best[k] = score
            partners[i, k] = j


@rule
def draw_near(u, v, i, odds, order, place, span):
    """Return whom `i` meets by place alone: of the team, the department, or elsewhere.

    `order` lists people by department and team; `place` is each person's position in
    it; `span[i]` holds the start and size of the department and of the team of `i`.
    """
    home, many = span[i, 0], span[i, 1]
    team, few = span[i, 2], span[i, 3]
    inside = odds[DEPARTMENT] * odds[TEAM] * (few - 1)
    around = odds[DEPARTMENT] * (many - few)
    at = u * (inside + around + order.shape[0] - many)
    if at < inside:
        k = team + int(v * (few - 1))
        return order[k + 1 if k >= place[i] else k]
    if at < inside + around:
        k = home + int(v * (many - few))
        return order[k + few if k >= team else k]
    k = int(v * (order.shape[0] - many))
    return order[min(order.shape[0] - 1, k + many if k >= home else k)]


@rule
def informal_partners_by_slot(
    key, seats, odds, friends, first, mark, order, place, span, partners
):
    """Fill `partners[n, size]` as `informal_partners` does, in time linear in people.

    Each slot draws somebody by place, who is accepted with the odds of closure. If that
    person is a partner already, the slot draws again.
    """
    n = seats.shape[0]
    size = partners.shape[1]
    most = max(1.0, odds[CLOSURE])
    mark[:] = -1
    for i in range(n):
        mark_near(friends, first, i, mark)
        found = 0
        for slot in range(TRIES * size):
            if found == size:
                break
            u, v = uniform_pair(key, INFORMAL_TIE, 1, seats[i], slot)
            j = draw_near(u, v, i, odds, order, place, span)
            weight = odds[CLOSURE] if mark[j] == i else 1.0
            fresh = j != i
            if weight < most:
                taken = uniform(key, INFORMAL_TIE, 2, seats[i], slot)
                fresh = fresh and taken * most < weight
            for k in range(found):
                fresh = fresh and partners[i, k] != j
            if fresh:
                partners[i, found] = j
                found += 1
        for k in range(found, size):
            partners[i, k] = -1


class InformalTies:
    """The informal ties of people, drawn for each world.

    They are drawn twice: first by place alone, then anew with the odds of closure.
    Friends in the second draw are the partners of the first, and those whom one meets
    under the first structure. `sizes` are the numbers of ties that each person seeks,
    by version of the organisation.
    """

    def __init__(
        self,
        places: Places,
        structures: Sequence[Mapping[str, float]],
        parameters: Mapping[str, float],
        formal: Mapping[tuple[int, int], Mapping[int, float]],
    ) -> None:
        names = sorted({seat.department for seat in places.seats})
        mixed = structures[0].get("mixed_teams", 0.0)
        groups = [
            (
                names.index(seat.department),
                places.teams[i][int(places.mix_ranks.get(i, mixed) < mixed)],
            )
            for i, seat in enumerate(places.seats)
        ]
        self.groups = np.array(groups, np.int64)
        self.seats = np.array([seat.key for seat in places.seats], np.int64)
        self.sizes = [int(structure["informal_ties"]) for structure in structures]
        columns = ("informal_near", "informal_team", "informal_closure")
        self.odds = np.array([parameters[name] for name in columns])
        self.hours = float(parameters["informal_hours"])
        met = [pair for pair, layers in formal.items() if sum(layers.values()) >= MEETS]
        self.formal = np.array(met, np.int64).reshape(-1, 2)

    def partners(self, key: np.uint64) -> np.ndarray:
        """Return the partners of each person in order, int64[n, size]; -1 for none."""
        nobody = np.zeros(1, np.int64), np.zeros(len(self.seats) + 1, np.int64)
        by_place = self._draw(key, self.odds * (1, 1, 0), nobody, self.sizes[0])
        return self._draw(key, self.odds, self._friends(by_place), max(self.sizes))

    def _friends(self, partners: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return everyone's friends as a flat list, and where each person's begin."""
        n = len(self.seats)
        own = np.repeat(np.arange(n), partners.shape[1])
        picked = np.column_stack([own, partners.ravel()])[partners.ravel() >= 0]
        pairs = np.concatenate([self.formal, picked])
        pairs = np.concatenate([pairs, pairs[:, ::-1]])
        pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
        first = np.searchsorted(pairs[:, 0], np.arange(n + 1))
        return np.ascontiguousarray(pairs[:, 1]), first

    def _draw(self, key, odds, friends, size: int) -> np.ndarray:
        """Return partners, drawn pair by pair or, with many people, slot by slot.

        Odds of closure count only if there are friends.
        """
        n = len(self.seats)
        partners = np.full((n, size), -1, np.int64)
        if partners.size == 0:
            return partners
        mark = np.empty(n, np.int64)
        draw: Any = informal_partners
        arguments: tuple = (key, self.seats, self.groups, odds, *friends, mark)
        arguments += (np.empty(size), partners)
        if n > MOST_PAIRS:
            draw = informal_partners_by_slot
            arguments = (key, self.seats, odds, *friends, mark)
            arguments += (*self._order(), partners)
        entry(draw, *arguments)(*arguments)
        return partners

    def _order(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return people by department and team, their positions, and groups' spans.

        Teams lie within departments.
        """
        order = np.lexsort((self.groups[:, TEAM], self.groups[:, DEPARTMENT]))
        place = np.argsort(order)
        spans = []
        for column in (DEPARTMENT, TEAM):
            of = self.groups[order, column]
            _, begins, at, sizes = np.unique(of, True, True, True)
            spans += [begins[at][place], sizes[at][place]]
        return order, place, np.column_stack(spans)
