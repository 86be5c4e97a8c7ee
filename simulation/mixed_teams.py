"""Teams across channels, formed around the customer journeys that members share."""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Mapping, Sequence
from itertools import chain

from simulation.organisation import Seat


def form_teams(
    members: Sequence[int],
    size: int,
    seats: Sequence[Seat],
    journeys: Mapping[int, Collection[int]],
) -> list[list[int]]:
    """Return members in teams of about `size`, around the journeys they share.

    Greedy: a team adds the person who shares most journeys with its members, from a
    domain that it lacks if possible. If nobody shares a journey, it adds the first
    person of a domain that it lacks. Each team begins with somebody of the smallest
    department while there are any, so that teams across departments have both. Sizes
    differ by at most one.
    """
    count = max(1, round(len(members) / size))
    pool = _Pool(members, seats, journeys)
    firsts = pool.firsts(count)
    for one in firsts:
        if one is not None:
            pool.take(one)
    teams = []
    for k, first in enumerate(firsts):
        room = len(members) // count + (k < len(members) % count)
        teams.append(_grow(first, room, pool))
    return teams


def _grow(first: int | None, room: int, pool: "_Pool") -> list[int]:
    """Return a team of `room` people that begins with `first`."""
    team: list[int] = []
    shared: Counter[int] = Counter()
    while len(team) < room:
        one = first if first is not None and not team else pool.next(team, shared)
        team.append(one)
        pool.take(one)
        shared.update(pool.mates(one))
    return team


class _Pool:
    """The people who have no team yet."""

    def __init__(
        self,
        members: Sequence[int],
        seats: Sequence[Seat],
        journeys: Mapping[int, Collection[int]],
    ) -> None:
        self.seats = seats
        self.journeys = journeys
        self.order = {i: k for k, i in enumerate(members)}
        self.free = set(members)
        self.lines: dict[str, deque[int]] = defaultdict(deque)
        self.on = defaultdict(list)
        for i in members:
            self.lines[seats[i].domain].append(i)
            for journey in journeys.get(i, ()):
                self.on[journey].append(i)

    def firsts(self, count: int) -> list[int | None]:
        """Return the first member of each team: of the smallest department, or None."""
        sizes = Counter(self.seats[i].department for i in self.order)
        found: list[int | None] = []
        if len(sizes) > 1:
            least = min(sizes, key=lambda name: (sizes[name], name))
            found += [i for i in self.order if self.seats[i].department == least]
        return (found + [None] * count)[:count]

    def take(self, one: int) -> None:
        """Take somebody who joins a team out of the pool."""
        self.free.discard(one)

    def mates(self, one: int) -> list[int]:
        """Return the people who share journeys with somebody, once per journey."""
        return list(chain(*(self.on[x] for x in self.journeys.get(one, ()))))

    def next(self, team: Sequence[int], shared: Mapping[int, int]) -> int:
        """Return the person who joins a team next."""
        there = {self.seats[i].domain for i in team}
        near = [i for i in shared if i in self.free]
        if near:
            return max(
                near,
                key=lambda i: (
                    self.seats[i].domain not in there,
                    shared[i],
                    -self.order[i],
                ),
            )
        heads = [self._head(domain) for domain in self.lines]
        first = [i for i in heads if i is not None]
        lacking = [i for i in first if self.seats[i].domain not in there]
        return min(lacking or first, key=self.order.__getitem__)

    def _head(self, domain: str) -> int | None:
        """Return the first person of a domain who has no team yet."""
        line = self.lines[domain]
        while line and line[0] not in self.free:
            line.popleft()
        return line[0] if line else None
