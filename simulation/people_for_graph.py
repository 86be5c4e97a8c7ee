"""People for a communication graph that comes without a people table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from simulation.graph_files import CommunicationGraph, as_networkx
from simulation.people_table import FULL_TIME_HOURS, PersonRow, with_channels
from simulation.titles import TITLES, plain

UNIT_WITH_LEADER = 6
"""Fewest people in a department, mapped from a graph, that has its own leader."""
MOST_IN_COMMUNITIES = 500
"""Most people for whom communities are found; for more people it takes minutes, and
neighbourhoods are used instead."""

HEAD_COUNTS = {
    "marketing": 12,
    "sales": 8,
    "product": 6,
    "communication": 4,
    "customer_success": 4,
    "finance": 3,
    "hr": 2,
}
"""Proportions in which people of a graph are split over departments (assumption)."""


def people_for(
    graph: CommunicationGraph,
    head_counts: Mapping[str, int] | None = None,
    hours: float = FULL_TIME_HOURS,
) -> tuple[PersonRow, ...]:
    """Return a person for each name in `graph`, by a fixed rule, sorted by name.

    The best connected person (most contacts, then first by name) leads the whole
    organisation. The others are ordered by community, largest first, and by name within
    one. Departments are cut from that order in the proportions of `head_counts`. A
    department of six or more is led by its best connected person; the others report to
    that person, or else to the leader of the whole. Everyone has contract `hours`.
    """
    union = as_networkx(graph)
    contacts = {name: union.degree(name) for name in graph.names}
    top = _best_connected(graph.names, contacts)
    order = [name for name in _by_neighbourhood(union, contacts) if name != top]
    shares = dict(head_counts or HEAD_COUNTS)
    people = [PersonRow(top, "leader", "management", None, "management", None, hours)]
    start = 0
    for department, size in _split(len(order), shares).items():
        members = order[start : start + size]
        people += _department_of(members, department, top, contacts, hours)
        start += size
    return tuple(sorted(with_channels(people), key=lambda person: person.name))


def _best_connected(names: Iterable[str], contacts: Mapping[str, int]) -> str:
    return min(names, key=lambda name: (-contacts[name], name))


def _department_of(members, department, top, contacts, hours) -> Iterator[PersonRow]:
    role, _, domain = TITLES[plain(department)]
    lead = None
    if len(members) >= UNIT_WITH_LEADER:
        lead = _best_connected(members, contacts)
        yield PersonRow(lead, "leader", department, None, department, top, hours)
    for name in members:
        if name != lead:
            manager = lead or top
            yield PersonRow(
                name, str(role), department, domain, department, manager, hours
            )


def _split(size: int, shares: Mapping[str, int]) -> dict[str, int]:
    """Return `size` people split in proportion to `shares`, by largest remainder."""
    total = sum(shares.values())
    counts = {key: size * share // total for key, share in shares.items()}
    rest = sorted(shares, key=lambda key: -(size * shares[key] % total))
    short = size - sum(counts.values())
    return Counter(counts) + Counter(rest[:short])


def _by_neighbourhood(union, contacts: Mapping[str, int]) -> list[str]:
    """Return all names, ordered so that people who know each other are close.

    They are ordered by community (greedy modularity), or in large graphs by
    breadth-first search from the best connected. Nodes become numbers first, as sets of
    texts have no stable order.
    """
    import networkx

    names = sorted(union)
    numbered = networkx.relabel_nodes(
        union, {name: at for at, name in enumerate(names)}
    )
    if len(names) <= MOST_IN_COMMUNITIES:
        groups = networkx.community.greedy_modularity_communities(numbered)
        return [names[at] for group in _largest_first(groups) for at in group]
    order: dict[str, None] = {}
    for root in sorted(names, key=lambda name: (-contacts[name], name)):
        if root not in order:
            tree = networkx.bfs_tree(union, root, sort_neighbors=sorted)
            order |= dict.fromkeys(tree)
    return list(order)


def _largest_first(groups: Iterable[Iterable[int]]) -> list[list[int]]:
    return sorted((sorted(group) for group in groups), key=lambda g: (-len(g), g))
