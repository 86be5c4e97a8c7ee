"""The communication graph: templates for who meets whom, for each way of working.

A template turns structural numbers into contact hours between pairs. Every pair has
one tie, with hours per version of the organisation; its layer names what most of its
contact is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

from simulation.arithmetic import power
from simulation.chance import uniform
from simulation.compiled import rule
from simulation.graph_files import CommunicationGraph
from simulation.organisation import Chart, Seat
from simulation.purposes import INFORMAL_TIE
from simulation.state import (
    BROKER,
    IMPORTED,
    INFORMAL,
    JOURNEY,
    LINE,
    MEETING,
    PROJECT,
    TEAM,
)

Pair = tuple[int, int]
Contact = dict[Pair, dict[int, float]]
"""Hours a week by pair of people (a < b) and layer."""
MOST_LINK_HOURS = 6.0
"""Formal contact with another group that one person can carry, in hours a week."""


class Places:
    """Who stands where, by index in the order of seats."""

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

    def _ordered(self, department: str) -> list[int]:
        """Return the makers of a department who are its own people and do not lead."""
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
        """The own people of marketing and communication, leaders left out."""
        return self.marketing + self.communication

    @property
    def champion(self) -> int:
        """Who would champion changes: marketing's leader, else its first person."""
        if self.marketing_leader >= 0:
            return self.marketing_leader
        return (self.makers or [-1])[0]

    @property
    def broker(self) -> int:
        """Who would be the single point of performance: marketing's first person."""
        return (self.makers or [-1])[0]

    def mixed_teams(self, members: Sequence[int]) -> list[list[int]]:
        """Return teams across channels: members dealt out in turn."""
        count = max(1, round(len(members) / self.team_size))
        return [list(members[k::count]) for k in range(count)]


def _channel_order(seat: Seat) -> tuple:
    head, _, tail = seat.name.rpartition("-")
    number = int(tail) if tail.isdecimal() else 0
    return (seat.domain, head, number, seat.name)


def contacts(
    places: Places,
    structure: Mapping[str, float],
    parameters: Mapping[str, float],
    key: np.uint64,
) -> Contact:
    """Return the contact hours that a template gives for one way of working."""
    contact: Contact = defaultdict(lambda: defaultdict(float))
    _lines(places, parameters, contact)
    _teams(places, structure, parameters, contact)
    formal_links(places, structure, parameters, contact)
    _informal(places, structure, parameters, key, contact)
    return contact


def _add(contact: Contact, a: int, b: int, layer: int, hours: float) -> None:
    if a != b and a >= 0 and b >= 0 and hours > 0:
        contact[min(a, b), max(a, b)][layer] += hours


def _lines(places: Places, parameters, contact: Contact) -> None:
    for i, leader in enumerate(places.leader):
        _add(contact, i, leader, LINE, parameters["line_contact_hours"])


def _clique(members: Sequence[int], hours: float, layer: int, contact: Contact) -> None:
    """Let each pair meet so that each member spends `hours` a week with the others."""
    for a, b in combinations(members, 2):
        _add(contact, a, b, layer, hours / (len(members) - 1))


def _teams(places: Places, structure, parameters, contact: Contact) -> None:
    """Add contact within teams: per channel or across channels, and elsewhere."""
    mixed = set(mixed_members(places, structure["mixed_teams"]))
    grouped = defaultdict(list)
    for i, seat in enumerate(places.seats):
        if i not in mixed:
            grouped[seat.department, seat.team, places.leader[i]].append(i)
    for (department, *_), members in grouped.items():
        maker = department in ("marketing", "communication")
        hours = structure["team_hours"] if maker else parameters["other_team_hours"]
        _clique(members, hours, TEAM, contact)
    for team in places.mixed_teams(places.marketing):
        inside = [i for i in team if i in mixed]
        _clique(inside, structure["team_hours"], TEAM, contact)


def mixed_members(places: Places, share: float) -> list[int]:
    """Return the marketeers who work in teams across channels, by their rank."""
    return [i for i in places.marketing if mix_rank(places, i) < share]


def mix_rank(places: Places, i: int) -> float:
    """Return the rank, 0 to 1, at which marketeer `i` joins teams across channels."""
    if i not in places.marketing:
        return 2.0
    team_of = {
        j: k for k, t in enumerate(places.mixed_teams(places.marketing)) for j in t
    }
    order = sorted(places.marketing, key=lambda j: (team_of[j], j))
    return order.index(i) / len(order)


def formal_links(places: Places, structure, parameters, contact: Contact) -> None:
    """Add the formal contact between groups that structural numbers ask for."""
    partners = int(parameters["cross_partners"])
    marketing, makers = places.marketing, places.makers
    sales = [i for i in places.department("sales") if places.seats[i].role == "sales"]
    others = places.department("product", "finance", "hr", "customer_success")
    between = structure["marketing_communication_hours"]
    _link(marketing, places.communication, between, partners, contact)
    _link(marketing, sales, structure["marketing_sales_hours"], partners, contact)
    _link(marketing, others, structure["departments_hours"], partners, contact)
    informed = sales + places.department("product")
    _share(places.marketing_leader, informed, structure["insight_hours"], contact)
    _projects(places, structure, contact)
    near = [places.top, places.marketing_leader, places.communication_leader, *makers]
    _share(places.broker, near, structure["spop_hours"], contact)
    leaders = [i for i, seat in enumerate(places.seats) if seat.role == "leader"]
    around = leaders + makers + sales
    _share(places.champion, around, structure["champion_hours"], contact)


def _link(
    left: Sequence[int],
    right: Sequence[int],
    hours: float,
    partners: int,
    contact: Contact,
) -> None:
    """Link two groups: each of the larger meets some of the smaller, in turn.

    `hours` are those of one person of the larger group, less where they would give one
    of the smaller more than can be carried.
    """
    many, few = (left, right) if len(left) >= len(right) else (right, left)
    if not few or hours <= 0:
        return
    each = min(hours, MOST_LINK_HOURS * len(few) / len(many))
    count = min(partners, len(few))
    for k, a in enumerate(many):
        for step in range(count):
            _add(contact, a, few[(k + step) % len(few)], MEETING, each / count)


def _share(one: int, others: Iterable[int], hours: float, contact: Contact) -> None:
    """Spread a person's hours evenly over the others."""
    met = [i for i in dict.fromkeys(others) if i not in (one, -1)]
    for i in met:
        _add(contact, one, i, BROKER, hours / len(met))


def _projects(places: Places, structure, contact: Contact) -> None:
    """Add the project teams of a second line, across marketing and communication."""
    members = [
        i for i in places.makers if second_rank(places, i) < structure["second_line"]
    ]
    for team in places.mixed_teams(members) if members else []:
        _clique(team, structure["second_line_hours"], PROJECT, contact)


def second_rank(places: Places, i: int) -> float:
    """Return the rank, 0 to 1, at which maker `i` gets a second line."""
    makers = places.makers
    return makers.index(i) / len(makers) if i in makers else 2.0


@rule
def informal_partners(key, seats, departments, near, partners, best):
    """Fill `partners[i]` with the people to whom each has informal ties.

    Each pair has an address of its own; the largest of u^(1/w) are taken, w being
    higher within the department (weighted sampling: Efraimidis & Spirakis 2006).
    """
    n = seats.shape[0]
    size = partners.shape[1]
    for i in range(n):
        for k in range(size):
            best[k] = -1.0
            partners[i, k] = -1
        for j in range(n):
            if j == i:
                continue
            weight = near if departments[i] == departments[j] else 1.0
            u = uniform(key, INFORMAL_TIE, 0, seats[i], seats[j])
            score = power(u, 1.0 / weight)
            k = size - 1
            if score <= best[k]:
                continue
            while k > 0 and best[k - 1] < score:
                best[k] = best[k - 1]
                partners[i, k] = partners[i, k - 1]
                k -= 1
            best[k] = score
            partners[i, k] = j


def _informal(places: Places, structure, parameters, key, contact: Contact) -> None:
    size = int(structure["informal_ties"])
    if size <= 0:
        return
    names = sorted({seat.department for seat in places.seats})
    departments = np.array([names.index(s.department) for s in places.seats], np.int64)
    seats = np.array([seat.key for seat in places.seats], np.int64)
    partners = np.zeros((len(seats), size), np.int64)
    informal_partners(
        key, seats, departments, parameters["informal_near"], partners, np.zeros(size)
    )
    for i in range(len(seats)):
        for j in partners[i]:
            _add(contact, i, int(j), INFORMAL, parameters["informal_hours"])


def imported(
    graph: CommunicationGraph, places: Places, parameters: Mapping[str, float]
) -> Contact:
    """Return the contact of an imported graph, in hours a week.

    Hours stand as given; relative weights are scaled to the mean that the parameter
    `imported_hours` gives; ties without either have that mean.
    """
    contact: Contact = defaultdict(lambda: defaultdict(float))
    mean = parameters["imported_hours"]
    weights = [edge.weight for edge in graph.edges if edge.weight]
    scale = mean * len(weights) / sum(weights) if weights else 0.0
    for edge in graph.edges:
        hours = edge.hours
        if hours is None:
            hours = mean if edge.weight is None else edge.weight * scale
        _add(contact, places.index[edge.a], places.index[edge.b], IMPORTED, hours)
    return contact


def contact_by_version(
    chart: Chart,
    places: Places,
    structures: Sequence[Mapping[str, float]],
    parameters: Mapping[str, float],
    key: np.uint64,
) -> list[Contact]:
    """Return the contact of each version; a real graph gets what levers add to it."""
    if chart.graph is None:
        return [contacts(places, s, parameters, key) for s in structures]
    given = imported(chart.graph, places, parameters)
    formal = []
    for structure in structures:
        links: Contact = defaultdict(lambda: defaultdict(float))
        formal_links(places, structure, parameters, links)
        formal.append(links)
    return [_added(given, links, formal[0]) for links in formal]


def _added(given: Contact, links: Contact, before: Contact) -> Contact:
    """Return `given` with the formal contact that exceeds what there was before."""
    total: Contact = defaultdict(lambda: defaultdict(float))
    for pair, layers in given.items():
        total[pair].update(layers)
    for pair, layers in links.items():
        for layer, hours in layers.items():
            _add(total, *pair, layer, hours - before.get(pair, {}).get(layer, 0.0))
    return total


def journeys(chart: Chart, places: Places) -> set[Pair]:
    """Return the pairs of people who execute items of one customer journey."""
    by_bundle = defaultdict(set)
    for choice in chart.choices:
        by_bundle[choice.bundle].add(places.index[choice.executor])
    return {
        pair
        for people in by_bundle.values()
        for pair in combinations(sorted(people), 2)
    }


__all__ = ["JOURNEY", "Places", "contact_by_version", "journeys"]
