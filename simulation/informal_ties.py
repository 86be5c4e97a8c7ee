"""Informal ties: by department, by team, and to friends of friends."""

import numpy as np

from simulation.arithmetic import power
from simulation.chance import uniform, uniform_pair
from simulation.compiled import call, rule
from simulation.places import Places
from simulation.purposes import INFORMAL_TIE
from simulation.stable_sort import sort_by
from simulation.state import DEPARTMENTS

MOST_PAIRS = 1_000
"""Most people for whom informal ties are drawn pair by pair; above, slot by slot."""
TRIES = 32
"""Slots drawn for each informal tie, when drawn by slot, before it is given up."""
MEETS = 0.1
"""Hours a week from which two people count as knowing one another."""
DEPARTMENT, TEAM, CLOSURE = range(3)
"""Columns of odds; the first two are also those of groups."""
BY_NAME = np.argsort(np.argsort(DEPARTMENTS))
"""The place of each department among all by name: the order in which slots draw."""
LOW, HIGH, SLOT, PICKED, SPARE, STARTS = range(6)
"""Rows of picks: the pair, the slot of the one who picks, the order by pair, and
working space."""
PICKS = 6


@rule
def group_people(people, structure, parameters, seats, groups, odds, by_place):
    """Fill what draws of informal ties read of people and numbers.

    `seats[n]` are their addresses, `groups[n, 2]` department and team under version 0,
    `odds[3]` those of groups and of closure, `by_place[3]` those without closure.
    """
    for i in range(people.shape[0]):
        person = people[i]
        seats[i] = person.seat
        groups[i, DEPARTMENT] = BY_NAME[person.own_department]
        mixed = person.mix_rank < structure[0].mixed_teams
        groups[i, TEAM] = person.team_mixed if mixed else person.team_channel
    odds[DEPARTMENT] = by_place[DEPARTMENT] = parameters[0].informal_near
    odds[TEAM] = by_place[TEAM] = parameters[0].informal_team
    odds[CLOSURE] = parameters[0].informal_closure
    by_place[CLOSURE] = 0.0


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
            if j == i or size == 0:
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


@rule
def find_friends(pairs, contact, partners, friends, first):
    """List everyone's friends: those met under version 0, and who picked one another.

    The friends of person i are `friends[first[i]:first[i + 1]]`; `first` has two more
    numbers than there are people.
    """
    n = partners.shape[0]
    for i in range(n + 2):
        first[i] = 0
    for fill in (0, 1):
        for k in range(pairs.shape[0]):
            if contact[0, k] >= MEETS:
                _befriend(pairs[k, 0], pairs[k, 1], fill, friends, first)
        for i in range(n):
            for slot in range(partners.shape[1]):
                if partners[i, slot] >= 0:
                    _befriend(i, partners[i, slot], fill, friends, first)
        if fill == 0:
            for i in range(n):
                first[i + 2] += first[i + 1]


@rule
def _befriend(a, b, fill, friends, first):
    """Count the friends of two people, at `first[i + 2]`; or list them."""
    if fill == 0:
        first[a + 2] += 1
        first[b + 2] += 1
    else:
        friends[first[a + 1]] = b
        first[a + 1] += 1
        friends[first[b + 1]] = a
        first[b + 1] += 1


@rule
def order_crowd(groups, order, place, span, room):
    """List people by department and team, their positions, and the spans of groups.

    Teams lie within departments. Fills `order[n]`, `place[n]` and `span[n, 4]`, as
    `draw_near` reads them. `room[5, 2n + 2]` is working space.
    """
    n = groups.shape[0]
    for i in range(n):
        room[DEPARTMENT, i] = groups[i, DEPARTMENT]
        room[TEAM, i] = groups[i, TEAM]
        room[2, i] = i
    sort_by(room, TEAM, 2, 3, 4, n)
    sort_by(room, DEPARTMENT, 3, 2, 4, n)
    for k in range(n):
        order[k] = room[2, k]
        place[order[k]] = k
    for column in (DEPARTMENT, TEAM):
        first = 0
        for k in range(n):
            group = groups[order[k], column]
            if group != groups[order[first], column]:
                first = k
            span[order[k], 2 * column] = first
            if k + 1 == n or groups[order[k + 1], column] != group:
                for m in range(first, k + 1):
                    span[order[m], 2 * column + 1] = k + 1 - first


@rule
def draw_informal(
    key,
    seats,
    groups,
    odds,
    by_place,
    pairs,
    contact,
    most_pairs,
    nearby,
    partners,
    friends,
    first,
    mark,
    best,
    order,
    place,
    span,
    room,
):
    """Draw everyone's informal ties: by place alone, then with the odds of closure.

    Friends in the second draw are the partners of the first, `nearby[n, .]`, and those
    whom one meets under version 0, by `contact[V, P]` of `pairs[P, 2]`. The second
    fills `partners[n, .]`, in order; -1 for nobody. `by_place` are the odds without
    closure. With more than `most_pairs` people, slots are drawn instead of pairs.
    """
    n = seats.shape[0]
    for i in range(n + 2):
        first[i] = 0
    if n > most_pairs:
        order_crowd(groups, order, place, span, room)
        informal_partners_by_slot(
            key, seats, by_place, friends, first, mark, order, place, span, nearby
        )
        find_friends(pairs, contact, nearby, friends, first)
        informal_partners_by_slot(
            key, seats, odds, friends, first, mark, order, place, span, partners
        )
    else:
        informal_partners(
            key, seats, groups, by_place, friends, first, mark, best, nearby
        )
        find_friends(pairs, contact, nearby, friends, first)
        informal_partners(
            key, seats, groups, odds, friends, first, mark, best, partners
        )


@rule
def sort_picks(partners, picks):
    """List the pairs of those who pick one another, sorted; return how many picks.

    Fills `picks[PICKS, .]`, which has as many columns as `partners[n, .]` has numbers,
    but at least n + 2.
    """
    many = 0
    for i in range(partners.shape[0]):
        for slot in range(partners.shape[1]):
            other = partners[i, slot]
            if other >= 0:
                picks[LOW, many] = min(i, other)
                picks[HIGH, many] = max(i, other)
                picks[SLOT, many] = slot
                picks[PICKED, many] = many
                many += 1
    sort_by(picks, HIGH, PICKED, SPARE, STARTS, many)
    sort_by(picks, LOW, SPARE, PICKED, STARTS, many)
    return many


class InformalTies:
    """The informal ties of people, drawn for each world.

    They are drawn twice: first by place alone, then anew with the odds of closure.
    Friends in the second draw are the partners of the first, and those whom one meets
    under the first structure, in `hours[V, P]` of `pairs[P, 2]`. `sizes` are the
    numbers of ties that each person seeks, by version of the organisation.
    """

    def __init__(
        self,
        places: Places,
        structure: np.recarray,
        parameters: np.recarray,
        pairs: np.ndarray,
        hours: np.ndarray,
    ) -> None:
        size = len(places.people)
        self.seats = np.empty(size, np.int64)
        self.groups = np.empty((size, 2), np.int64)
        self.odds, self.by_place = np.empty(3), np.empty(3)
        call(
            group_people,
            *(places.people, structure, parameters),
            *(self.seats, self.groups, self.odds, self.by_place),
        )
        self.sizes = structure.informal_ties.astype(np.int64)
        self._met = pairs, hours

    def picks(self, key: np.uint64) -> tuple[np.ndarray, int]:
        """Return the pairs of those who pick one another, as of `sort_picks`."""
        partners = self.partners(key)
        n = len(partners)
        picks = np.empty((PICKS, max(partners.size, n + 2)), np.int64)
        return picks, call(sort_picks, partners, picks)

    def partners(self, key: np.uint64) -> np.ndarray:
        """Return the partners of each person in order, int64[n, size]; -1 for none."""
        n, most = len(self.seats), int(self.sizes.max())
        nearby = np.empty((n, self.sizes[0]), np.int64)
        partners = np.empty((n, most), np.int64)
        known = 2 * (len(self._met[0]) + nearby.size)
        crowd = n if n > MOST_PAIRS else 0
        call(
            draw_informal,
            *(key, self.seats, self.groups, self.odds, self.by_place),
            *(*self._met, MOST_PAIRS, nearby, partners),
            *(np.empty(known, np.int64), np.empty(n + 2, np.int64)),
            *(np.empty(n, np.int64), np.empty(most)),
            *(np.empty(crowd, np.int64), np.empty(crowd, np.int64)),
            np.empty((crowd, 4), np.int64),
            np.empty((5, 2 * crowd + 2), np.int64),
        )
        return partners
