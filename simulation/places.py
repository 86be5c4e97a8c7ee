"""Everyone's place: reporting lines, teams, and teams across channels."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

from simulation.mixed_teams import form_teams
from simulation.organisation import Chart, Seat

Team = tuple


class Places:
    """Everyone's place; people are indices in the order of seats."""

    def __init__(self, chart: Chart, team_size: float) -> None:
        self.seats = chart.seats
        self.index = {seat.name: i for i, seat in enumerate(chart.seats)}
        self.leader = [
            self.index[seat.manager] if seat.manager else -1 for seat in chart.seats
        ]
        self.top = self.leader.index(-1)
        self.marketing = self._ordered("marketing")
        self.communication = self._ordered("communication")
        self.marketing_leader = self._head("marketing")
        self.communication_leader = self._head("communication")
        self.team_size = max(2, int(team_size))
        self.journeys: dict[int, set[int]] = defaultdict(set)
        for choice in chart.choices:
            self.journeys[self.index[choice.executor]].add(choice.bundle)

    def _ordered(self, department: str) -> list[int]:
        """Return a department's people but leaders and externals, by channel."""
        found = [
            i
            for i, seat in enumerate(self.seats)
            if seat.department == department and seat.role not in ("leader", "external")
        ]
        return sorted(found, key=lambda i: _channel_order(self.seats[i]))

    def _head(self, department: str) -> int:
        """Return the highest leader of a department, or -1."""
        for i, seat in enumerate(self.seats):
            if seat.department == department and seat.role == "leader":
                if self.leader[i] < 0 or (
                    self.seats[self.leader[i]].department != department
                ):
                    return i
        return -1

    def department(self, *names: str) -> list[int]:
        """Return the people of these departments."""
        return [i for i, seat in enumerate(self.seats) if seat.department in names]

    @property
    def makers(self) -> list[int]:
        """The people of marketing and communication, without leaders and externals."""
        return self.marketing + self.communication

    @property
    def champion(self) -> int:
        """Who would champion changes: marketing's leader, or else the first maker."""
        if self.marketing_leader >= 0:
            return self.marketing_leader
        return (self.makers or [-1])[0]

    @property
    def broker(self) -> int:
        """Who would be the single point of performance: the first maker."""
        return (self.makers or [-1])[0]

    @cached_property
    def mixed_teams(self) -> list[list[int]]:
        """Marketing's teams across channels, formed around journeys."""
        return self._formed(self.marketing)

    @cached_property
    def project_teams(self) -> list[list[int]]:
        """Teams of the second line, across marketing and communication."""
        return self._formed(self.makers)

    def _formed(self, members: Sequence[int]) -> list[list[int]]:
        return form_teams(members, self.team_size, self.seats, self.journeys)

    @cached_property
    def mix_ranks(self) -> dict[int, float]:
        """The rank, 0 to 1, at which each marketeer joins a team across channels.

        A leader joins together with the first of the people led who are in that team.
        """
        ranks = _ranks(self.mixed_teams)
        for i, team in enumerate(self.teams):
            if i not in ranks and team[1] != team[0]:
                led = [j for j in self._led(i) if self.teams[j][1] == team[1]]
                ranks[i] = min(ranks[j] for j in led)
        return ranks

    @cached_property
    def second_ranks(self) -> dict[int, float]:
        """The rank, 0 to 1, at which each maker gets a second line."""
        return _ranks(self.project_teams)

    @cached_property
    def teams(self) -> list[tuple[int, int]]:
        """For each person, the numbers of the own team and of the mixed team.

        A leader belongs to the team of the people led; if they are in several, to the
        team with most of them.
        """
        own = [(x.department, x.team, self.leader[i]) for i, x in enumerate(self.seats)]
        mixed: list[Team] = list(own)
        for k, members in enumerate(self.mixed_teams):
            for i in members:
                mixed[i] = ("mixed", k)
        numbers: dict[Team, int] = {}
        found = []
        for i in range(len(self.seats)):
            led = self._led(i)
            pair = [
                _largest([x[j] for j in led]) if led else x[i] for x in (own, mixed)
            ]
            one, other = (numbers.setdefault(x, len(numbers)) for x in pair)
            found.append((one, other))
        return found

    @cached_property
    def _lines(self) -> dict[int, list[int]]:
        """By leader, the people who report to them and lead nobody; no externals."""
        leading = set(self.leader)
        lines = defaultdict(list)
        for i, leader in enumerate(self.leader):
            own = self.seats[i].role not in ("leader", "external")
            if own and leader >= 0 and i not in leading:
                lines[leader].append(i)
        return lines

    def _led(self, i: int) -> list[int]:
        """Return the people whom `i` leads in the same department and who lead nobody.

        The list is empty if the role of `i` is not leader.
        """
        if self.seats[i].role != "leader":
            return []
        here = self.seats[i].department
        line = self._lines.get(i, [])
        return [j for j in line if self.seats[j].department == here]


def _largest(teams: Sequence[Team]) -> Team:
    """Return the most frequent team, the first of equals."""
    return Counter(teams).most_common(1)[0][0]


def _ranks(teams: Sequence[Sequence[int]]) -> dict[int, float]:
    """Return ranks from 0 to 1 by team, then by order of people."""
    order = [i for team in teams for i in sorted(team)]
    return {i: rank / len(order) for rank, i in enumerate(order)}


def _channel_order(seat: Seat) -> tuple:
    head, _, tail = seat.name.rpartition("-")
    number = int(tail) if tail.isdecimal() else 0
    return (seat.domain, head, number, seat.name)
