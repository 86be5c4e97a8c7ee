"""The communication graph: templates for who meets whom, for each way of working.

A template turns structural numbers into contact hours between pairs. Each pair has at
most one tie, with hours per version of the organisation. The layer of a tie is the kind
of contact that takes most of its hours.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

from simulation.graph_files import CommunicationGraph
from simulation.informal_ties import InformalTies
from simulation.organisation import Chart
from simulation.places import Places
from simulation.state import (
    BROKER,
    IMPORTED,
    INFORMAL,
    JOURNEY,
    LAYERS,
    LINE,
    MEETING,
    NEIGHBOUR,
    PROJECT,
    TEAM,
    TIE,
    records,
)

Pair = tuple[int, int]
Contact = dict[Pair, dict[int, float]]
"""Hours a week by pair of people (a < b) and layer."""
FIRST_TRUST = 0.7
MOST_LINK_HOURS = 6.0
"""Formal contact with another group that one person can carry, in hours a week."""


def contacts(
    places: Places,
    structure: Mapping[str, float],
    parameters: Mapping[str, float],
) -> Contact:
    """Return the contact hours that a template gives for one way of working.

    Informal ties, which differ from world to world, are added to it later.
    """
    contact: Contact = defaultdict(lambda: defaultdict(float))
    _lines(places, parameters, contact)
    _teams(places, structure, parameters, contact)
    formal_links(places, structure, parameters, contact)
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
    """Add contact within teams: per channel, across channels, and outside marketing."""
    mixed = set(mixed_members(places, structure["mixed_teams"]))
    grouped = defaultdict(list)
    for i, seat in enumerate(places.seats):
        if i not in mixed:
            grouped[seat.department, seat.team, places.leader[i]].append(i)
    for (department, *_), members in grouped.items():
        maker = department in ("marketing", "communication")
        hours = structure["team_hours"] if maker else parameters["other_team_hours"]
        _clique(members, hours, TEAM, contact)
    for team in places.mixed_teams:
        inside = [i for i in team if i in mixed]
        _clique(inside, structure["team_hours"], TEAM, contact)


def mixed_members(places: Places, share: float) -> list[int]:
    """Return the marketeers in teams across channels: those ranked below `share`."""
    return [i for i in places.marketing if places.mix_ranks[i] < share]


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
    """Link two groups: each member of the larger meets some of the smaller, in turn.

    `hours` are the hours a week of one member of the larger group. They are lowered if
    members of the smaller group would get more than `MOST_LINK_HOURS`.
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
    share = structure["second_line"]
    for team in places.project_teams:
        inside = [i for i in team if places.second_ranks[i] < share]
        _clique(inside, structure["second_line_hours"], PROJECT, contact)


class Ties:
    """The ties of an organisation: those of templates, and those that each world adds.

    `contact` holds the template's hours by version; `known` holds pairs that have a tie
    even if they do not meet; `informal` is None if a real graph tells who meets whom.
    """

    def __init__(
        self,
        size: int,
        contact: Sequence[Contact],
        known: Iterable[Pair],
        informal: InformalTies | None,
    ) -> None:
        self.size = size
        self.informal = informal
        pairs = sorted(set().union(*contact, known))
        self._keys = np.array([a * size + b for a, b in pairs], np.int64)
        self._hours = np.zeros((len(contact), len(pairs)))
        self._layers = np.zeros((len(pairs), len(LAYERS)))
        for t, pair in enumerate(pairs):
            for v, version in enumerate(contact):
                met = version.get(pair, {})
                self._hours[v, t] = sum(met.values())
                for layer, h in met.items():
                    self._layers[t, layer] += h

    def found(self, key: np.uint64, people: np.recarray):
        """Return the ties of a world, their hours by version, and neighbours.

        Sets in `people` where each person's neighbours begin and end. The layer of a
        tie is the one with most contact, the lower one of equals.
        """
        picks = self._informal_picks(key)
        every = [picks.ravel(), self._keys]
        keys = np.unique(np.concatenate(every))
        keys = keys[keys >= 0]
        hours = np.zeros((len(self._hours), max(1, len(keys))))
        layers = np.zeros((len(keys), len(LAYERS)))
        at = np.searchsorted(keys, self._keys)
        hours[:, at] = self._hours
        layers[at] = self._layers
        if self.informal:
            for v, size in enumerate(self.informal.sizes):
                chosen = picks[:, :size].ravel()
                times = _times(keys, chosen[chosen >= 0])
                hours[v, : len(keys)] += times * self.informal.hours
                layers[:, INFORMAL] += times * self.informal.hours
        ties = records(TIE, max(1, len(keys)))
        ties["trust"] = FIRST_TRUST
        a, b = np.divmod(keys, self.size)
        ties["a"][: len(keys)], ties["b"][: len(keys)] = a, b
        met = layers.any(axis=1)
        ties["layer"][: len(keys)] = np.where(met, layers.argmax(axis=1), JOURNEY)
        return ties, hours, _neighbours(a, b, people)

    def _informal_picks(self, key: np.uint64) -> np.ndarray:
        """Return the keys of the pairs each person picks, int64[n, size]; or -1."""
        if self.informal is None:
            return np.zeros((0, 0), np.int64)
        partners = self.informal.partners(key)
        own = np.arange(len(partners))[:, None]
        low, high = np.minimum(own, partners), np.maximum(own, partners)
        return np.where(partners >= 0, low * self.size + high, -1)


def _times(keys: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Return how often each of the sorted `keys` occurs in `chosen`."""
    return np.bincount(np.searchsorted(keys, chosen), minlength=len(keys))


def _neighbours(a: np.ndarray, b: np.ndarray, people: np.recarray) -> np.recarray:
    """Return everyone's neighbours in the order of ties.

    Sets in `people` where each person's neighbours begin and end.
    """
    one, other = np.concatenate([a, b]), np.concatenate([b, a])
    tie = np.tile(np.arange(len(a)), 2)
    order = np.lexsort((tie, one))
    neighbours = records(NEIGHBOUR, max(1, len(one)))
    neighbours["person"][: len(one)] = other[order]
    neighbours["tie"][: len(one)] = tie[order]
    ends = np.cumsum(np.bincount(one, minlength=len(people)))
    people["last_tie"] = ends
    people["first_tie"][0] = 0
    people["first_tie"][1:] = ends[:-1]
    return neighbours


def imported(
    graph: CommunicationGraph, places: Places, parameters: Mapping[str, float]
) -> Contact:
    """Return the contact of an imported graph, in hours a week.

    Hours are used as given. Relative weights are scaled so that their mean is the
    parameter `imported_hours`. Ties with neither get that mean.
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
) -> list[Contact]:
    """Return the contact of each version; levers only add contact to a real graph."""
    if chart.graph is None:
        return [contacts(places, s, parameters) for s in structures]
    given = imported(chart.graph, places, parameters)
    formal = []
    for structure in structures:
        links: Contact = defaultdict(lambda: defaultdict(float))
        formal_links(places, structure, parameters, links)
        formal.append(links)
    return [_added(given, links, formal[0]) for links in formal]


def _added(given: Contact, links: Contact, before: Contact) -> Contact:
    """Return `given` plus the formal contact of `links` in excess of `before`."""
    total: Contact = defaultdict(lambda: defaultdict(float))
    for pair, layers in given.items():
        total[pair].update(layers)
    for pair, layers in links.items():
        for layer, hours in layers.items():
            _add(total, *pair, layer, hours - before.get(pair, {}).get(layer, 0.0))
    return total


def journeys(chart: Chart, places: Places) -> set[Pair]:
    """Return the pairs of people who execute items of the same customer journey."""
    by_bundle = defaultdict(set)
    for choice in chart.choices:
        by_bundle[choice.bundle].add(places.index[choice.executor])
    return {
        pair
        for people in by_bundle.values()
        for pair in combinations(sorted(people), 2)
    }
