"""Measures of organisational network analysis, of groups of five people or more.

Groups are those in which people of a real organisation may be shown
(`experiments.people.privacy`): small teams and departments are pooled.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean, median

import networkx

from experiments.people.privacy import Group, groups_of
from experiments.people.recorded import Node
from experiments.statistics.small_groups import LEAST
from simulation.people_table import PersonRow

HALF = 0.5
MANY_TIMES = 2.0
"""Contact hours of which multiple of the median make somebody overloaded."""
BUSIEST = 0.05
"""Share of people whose part of all contact is told."""
MOST_EXACT = 400
"""People up to whom betweenness is exact; above it comes from a sample of people."""
SAMPLE = 200
PLAIN = ("brokers", "isolated", "overloaded", "busiest", "single")
"""Measures of the whole network."""
Pair = tuple[Group, Group]


@dataclass(frozen=True)
class Bridge:
    """Contact between two groups: hours a week, and how many people carry it."""

    hours: float
    carriers: int


@dataclass(frozen=True)
class NetworkMeasures:
    """Measures of a network of people; counts may be fractions if means over worlds.

    `brokers` is the smallest number of people with half of the summed betweenness
    centrality (Freeman 1977). `isolated` people meet nobody. `overloaded` people have
    over twice the median contact hours of those who meet anybody; `busiest` is the
    share, 0 to 1, of all contact hours that the busiest twentieth has. `single` is the
    number of ties whose loss would cut the network in two. `inward` is the E-I
    index by group (Krackhardt & Stern 1988), -1 if its people meet only each other, 1
    if they meet only others. `bridges` are pairs of groups that meet. `worlds` is the
    number of worlds over which these are means.
    """

    people: int
    brokers: float
    isolated: float
    overloaded: float
    busiest: float
    single: float
    inward: Mapping[Group, float | None]
    bridges: Mapping[Pair, Bridge]
    worlds: int = 1


def groups_by_name(people: Sequence[PersonRow]) -> dict[str, Group | None]:
    """Return the group in which each person may be shown; None if there are too few."""
    nodes = [Node(x.name, x.role, x.department, x.team) for x in people]
    return {x.name: group for x, group in zip(people, groups_of(nodes), strict=True)}


def measure(
    network: networkx.Graph, groups: Mapping[str, Group | None]
) -> NetworkMeasures:
    """Return the measures of a network whose ties have `hours`."""
    hours = dict(network.degree(weight="hours"))
    there = [x for x in hours.values() if x > 0]
    usual = median(there) if there else 0.0
    busy = sorted(hours.values(), reverse=True)
    first = max(1, round(BUSIEST * len(busy)))
    total = sum(busy)
    return NetworkMeasures(
        len(busy),
        _fewest(betweenness(network).values(), HALF),
        sum(x == 0 for x in busy),
        sum(x > MANY_TIMES * usual for x in busy),
        sum(busy[:first]) / total if total else 0.0,
        sum(1 for _ in networkx.bridges(network)),
        ei_indices(network, groups),
        bridges(network, groups),
    )


def betweenness(network: networkx.Graph) -> dict[str, float]:
    """Return the normalised betweenness centrality of each person (Freeman 1977).

    Ties are unweighted. Above `MOST_EXACT` people it is estimated from `SAMPLE` of
    them.
    """
    size = len(network)
    sample = SAMPLE if size > MOST_EXACT else None
    return networkx.betweenness_centrality(network, k=sample, seed=1)


def _fewest(values: Iterable[float], share: float) -> int:
    """Return how many of the largest values make up a share of them all."""
    ordered = sorted(values, reverse=True)
    goal, so_far = share * sum(ordered), 0.0
    if goal <= 0:
        return 0
    for count, value in enumerate(ordered, 1):
        so_far += value
        if so_far >= goal - 1e-12:
            return count
    return len(ordered)


def ei_indices(
    network: networkx.Graph, groups: Mapping[str, Group | None]
) -> dict[Group, float | None]:
    """Return the E-I index of each group, over the hours of its people.

    It is (E - I) / (E + I), E being the hours that its people have with others and I
    those with each other, counted for both; None without any contact.
    """
    outside: dict[Group, float] = defaultdict(float)
    inside: dict[Group, float] = defaultdict(float)
    for a, b, hours in network.edges(data="hours"):
        for one, other in ((groups[a], groups[b]), (groups[b], groups[a])):
            if one is not None:
                (inside if one == other else outside)[one] += hours
    indices: dict[Group, float | None] = {}
    for group in dict.fromkeys(x for x in groups.values() if x is not None):
        both = outside[group] + inside[group]
        indices[group] = (outside[group] - inside[group]) / both if both else None
    return indices


def bridges(
    network: networkx.Graph, groups: Mapping[str, Group | None]
) -> dict[Pair, Bridge]:
    """Return the contact between each two groups that meet."""
    hours: dict[Pair, float] = defaultdict(float)
    carriers: dict[Pair, set[str]] = defaultdict(set)
    for a, b, each in network.edges(data="hours"):
        one, other = groups[a], groups[b]
        if one is None or other is None or one == other:
            continue
        pair = (one, other) if one <= other else (other, one)
        hours[pair] += each
        carriers[pair] |= {a, b}
    return {pair: Bridge(hours[pair], len(carriers[pair])) for pair in hours}


def shown_bridges(bridges: Mapping[Pair, Bridge]) -> set[Pair]:
    """Return the pairs whose hours may be shown: those carried by five or more.

    If one pair alone were hidden, it would follow from the others: then the next
    smallest is hidden too.
    """
    order = sorted(bridges, key=lambda pair: (bridges[pair].carriers, pair))
    few = sum(bridges[pair].carriers < LEAST for pair in order)
    return set(order[2 if few == 1 else few :])


def averaged(several: Sequence[NetworkMeasures]) -> NetworkMeasures:
    """Return the means of measures over worlds of the same people."""
    first = several[0]
    inward = {
        group: _mean([x.inward[group] for x in several]) for group in first.inward
    }
    pairs = sorted({pair for x in several for pair in x.bridges})
    none = Bridge(0.0, 0)
    means = {name: mean(getattr(x, name) for x in several) for name in PLAIN}
    return replace(
        first,
        **means,
        worlds=len(several),
        inward=inward,
        bridges={
            pair: Bridge(
                mean(x.bridges.get(pair, none).hours for x in several),
                round(mean(x.bridges.get(pair, none).carriers for x in several)),
            )
            for pair in pairs
        },
    )


def _mean(values: Sequence[float | None]) -> float | None:
    there = [x for x in values if x is not None]
    return mean(there) if there else None
