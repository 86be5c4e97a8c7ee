"""Who works where and who meets whom, written plainly: lists, dictionaries, a graph.

It is slow and allocates as it likes. The rules of founding, which work on arrays, must
give the same, bit for bit.
"""

from collections import Counter, defaultdict
from itertools import combinations

import networkx

from simulation.state import (
    BROKER,
    IMPORTED,
    LINE,
    MEETING,
    PROJECT,
    TEAM,
)


class PlainPlaces:
    """Lines, teams and ranks of the people of a chart."""

    def __init__(self, chart, team_size):
        self.seats = chart.seats
        self.index = {seat.name: i for i, seat in enumerate(chart.seats)}
        self.leader = [
            self.index[seat.manager] if seat.manager else -1 for seat in chart.seats
        ]
        self.top = self.leader.index(-1)
        self.marketing = self.makers_of("marketing")
        self.communication = self.makers_of("communication")
        self.makers = self.marketing + self.communication
        self.heads = {x: self.head_of(x) for x in ("marketing", "communication")}
        self.journeys = defaultdict(set)
        for choice in chart.choices:
            self.journeys[self.index[choice.executor]].add(choice.bundle)
        self.mixed_teams = self.formed(self.marketing, int(team_size))
        self.project_teams = self.formed(self.makers, int(team_size))
        self.mix_ranks = ranks_of(self.mixed_teams)
        self.second_ranks = ranks_of(self.project_teams)
        self.teams = self.numbered()

    def makers_of(self, department):
        """Return a department without leaders and externals, by channel and name."""
        found = [
            i
            for i, seat in enumerate(self.seats)
            if seat.department == department and seat.role not in ("leader", "external")
        ]
        return sorted(found, key=self.channel_order)

    def channel_order(self, i):
        """Return what people are ordered by: channel, then name, by its number."""
        seat = self.seats[i]
        head, _, tail = seat.name.rpartition("-")
        return seat.domain, head, int(tail) if tail.isdecimal() else 0, seat.name

    def head_of(self, department):
        """Return the first leader whose own leader is elsewhere, or -1."""
        for i, seat in enumerate(self.seats):
            above = self.seats[self.leader[i]] if self.leader[i] >= 0 else None
            if seat.department == department and seat.role == "leader":
                if above is None or above.department != department:
                    return i
        return -1

    def formed(self, members, size):
        """Return teams, each grown by whoever shares most journeys with it."""
        count = max(1, round(len(members) / size))
        sizes = Counter(self.seats[i].department for i in members)
        least = min(sizes, key=lambda name: (sizes[name], name), default=None)
        firsts = [i for i in members if self.seats[i].department == least]
        firsts = firsts[: count if len(sizes) > 1 else 0]
        free = [i for i in members if i not in firsts]
        teams = []
        for k in range(count):
            team = firsts[k : k + 1]
            while len(team) < len(members) // count + (k < len(members) % count):
                team.append(min(free, key=lambda i: self.merit(i, team, members)))
                free.remove(team[-1])
            teams.append(sorted(team))
        return teams

    def merit(self, i, team, members):
        """Return what decides whether somebody joins a team; the least one does."""
        shared = sum(len(self.journeys[i] & self.journeys[j]) for j in team)
        there = self.seats[i].domain in {self.seats[j].domain for j in team}
        return shared == 0, there, -shared, members.index(i)

    def led(self, i):
        """Return those of the same department whom a leader leads, and who work."""
        return [
            j
            for j, seat in enumerate(self.seats)
            if self.seats[i].role == "leader"
            and self.leader[j] == i
            and j not in self.leader
            and seat.role not in ("leader", "external")
            and seat.department == self.seats[i].department
        ]

    def numbered(self):
        """Return the numbers of everybody's own and mixed team; rank leaders."""
        own = [(x.department, x.team, self.leader[i]) for i, x in enumerate(self.seats)]
        mixed = dict(enumerate(own))
        mixed |= {i: k for k, team in enumerate(self.mixed_teams) for i in team}
        numbers, found = {}, []
        for i in range(len(self.seats)):
            line = self.led(i)
            pair = [own[i], mixed[i]]
            if line:
                pair = [
                    Counter(x[j] for j in line).most_common(1)[0][0]
                    for x in (own, mixed)
                ]
                if pair[0] != pair[1]:
                    there = [j for j in line if mixed[j] == pair[1]]
                    self.mix_ranks[i] = min(self.mix_ranks[j] for j in there)
            found.append([numbers.setdefault(x, len(numbers)) for x in pair])
        return found

    def leaders(self, i):
        """Return the leader with separate departments, with one, and the second one."""
        own, heads = self.leader[i], self.heads
        communicates = self.seats[i].department == "communication"
        joined = own
        if communicates and heads["marketing"] >= 0:
            if i == heads["communication"] or own in (self.top, -1):
                joined = heads["marketing"]
        other = -1
        if i in self.second_ranks:
            other = heads["marketing" if communicates else "communication"]
            other = self.top if other < 0 else other
            other = -1 if other in (i, own) else other
        return own, joined, other


def ranks_of(teams):
    """Return ranks from 0 to 1 by team, then by order of people."""
    order = [i for team in teams for i in team]
    return {i: rank / len(order) for rank, i in enumerate(order)}


class Meetings(networkx.Graph):
    """Hours a week by layer, on the edge of each pair."""

    def meet(self, a, b, layer, hours):
        """Let two people meet, if they are two."""
        if a != b and a >= 0 and b >= 0 and hours > 0:
            layers = self.edges[a, b] if self.has_edge(a, b) else {}
            self.add_edge(a, b, **{str(layer): layers.get(str(layer), 0.0) + hours})

    def gather(self, members, layer, hours):
        """Let each pair meet so that each spends `hours` with all others."""
        for a, b in combinations(members, 2):
            self.meet(a, b, layer, hours / (len(members) - 1))

    def share(self, one, others, hours):
        """Spread a person's hours over others."""
        met = set(others) - {one, -1}
        for other in met:
            self.meet(one, other, BROKER, hours / len(met))

    def link(self, left, right, hours, partners):
        """Let each of the larger group meet some of the smaller."""
        many, few = (left, right) if len(left) >= len(right) else (right, left)
        count = min(int(partners), len(few))
        for k, a in enumerate(many):
            for step in range(count):
                each = min(hours, 6.0 * len(few) / len(many))
                self.meet(a, few[(k + step) % len(few)], MEETING, each / count)


def within_units(places, structure, parameters, graph):
    """Add lines and teams to a graph."""
    for i, leader in enumerate(places.leader):
        graph.meet(i, leader, LINE, parameters["line_contact_hours"])
    share = structure["mixed_teams"]
    mixed = {i for i in places.marketing if places.mix_ranks[i] < share}
    teams = defaultdict(list)
    for i, seat in enumerate(places.seats):
        if i not in mixed:
            teams[seat.department, seat.team, places.leader[i]].append(i)
    for (department, *_), members in teams.items():
        makers = department in ("marketing", "communication")
        hours = structure["team_hours"] if makers else parameters["other_team_hours"]
        graph.gather(members, TEAM, hours)
    for team in places.mixed_teams:
        graph.gather([i for i in team if i in mixed], TEAM, structure["team_hours"])


def across_units(places, structure, parameters, graph):
    """Add the formal contact between groups to a graph."""
    seats = list(enumerate(places.seats))
    sales = [i for i, s in seats if s.department == s.role == "sales"]
    away = ("product", "finance", "hr", "customer_success")
    others = [i for i, s in seats if s.department in away]
    product = [i for i, s in seats if s.department == "product"]
    for right, name in (
        (places.communication, "marketing_communication_hours"),
        (sales, "marketing_sales_hours"),
        (others, "departments_hours"),
    ):
        partners = parameters["cross_partners"]
        graph.link(places.marketing, right, structure[name], partners)
    head = places.heads["marketing"]
    graph.share(head, sales + product, structure["insight_hours"])
    for team in places.project_teams:
        inside = [i for i in team if places.second_ranks[i] < structure["second_line"]]
        graph.gather(inside, PROJECT, structure["second_line_hours"])
    first = (places.makers or [-1])[0]
    near = [places.top, *places.heads.values(), *places.makers]
    graph.share(first, near, structure["spop_hours"])
    leaders = [i for i, s in seats if s.role == "leader"]
    around = leaders + places.makers + sales
    graph.share(head if head >= 0 else first, around, structure["champion_hours"])


def plain_contact(chart, places, structures, parameters):
    """Return the graph of each version, in which only pairs who meet have an edge."""
    found = []
    given = imported(chart.graph, places, parameters) if chart.graph else None
    for structure in structures:
        graph = Meetings()
        if not chart.graph:
            within_units(places, structure, parameters, graph)
        across_units(places, structure, parameters, graph)
        found.append(graph)
    return [added(given, graph, found[0]) for graph in found] if given else found


def imported(edges, places, parameters):
    """Return the graph of a file: hours as given, weights scaled to a mean."""
    graph = Meetings()
    mean = parameters["imported_hours"]
    weights = [edge.weight for edge in edges.edges if edge.weight]
    for edge in edges.edges:
        hours = edge.hours
        if hours is None and edge.weight is None:
            hours = mean
        elif hours is None:
            hours = edge.weight * (
                mean * len(weights) / total(weights) if weights else 0.0
            )
        graph.meet(places.index[edge.a], places.index[edge.b], IMPORTED, hours)
    return graph


def added(given, graph, before):
    """Return a file's graph with what a graph has in excess of the one before."""
    both = Meetings(given)
    for a, b, layers in graph.edges(data=True):
        old = before.edges[a, b] if before.has_edge(a, b) else {}
        for layer, hours in layers.items():
            both.meet(a, b, int(layer), hours - old.get(layer, 0.0))
    return both


def total(numbers):
    """Return the sum of numbers, added one by one; Python 3.12 corrects its `sum`."""
    found = 0.0
    for one in numbers:
        found += one
    return found
