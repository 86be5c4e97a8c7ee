"""Privacy: pseudonyms, values never shown with names, and groups of five or more.

Head counts give seats without names. Seats from a table of people or from the user's
own graph are called by role and number in all output, unless names are asked for, and
are drawn in groups of five people or more instead of in their teams.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from experiments.errors import InputError, did_you_mean
from experiments.people.recorded import FIELDS, Node, Recording, with_nodes
from experiments.statistics.small_groups import LEAST
from simulation.people_table import pseudonyms

PERSONAL = ("burnout", "ownership", "clarity")
"""What is never shown of people by name."""
OTHERS, ALL, REST = "others", "all", "rest"


class Group(NamedTuple):
    """A group large enough to be shown by itself.

    `department` is a department of the state, `OTHERS` (small departments pooled) or
    `ALL`. `team` is empty for a whole department, `REST` for its small teams pooled.
    """

    department: str
    team: str = ""


def check_colour(colour: str, named: bool, real: bool) -> None:
    """Raise `InputError` with all mistakes if a colour cannot be shown.

    `real` says whether seats come from a table of people or the user's own graph.
    """
    problems = []
    if colour not in FIELDS:
        hint = did_you_mean(colour, FIELDS)
        allowed = ", ".join(FIELDS)
        problems.append(f"colour: got {colour!r}; allowed: {allowed}{hint}")
    if named and not real:
        problems.append(
            "names: these organisations are head counts, and their seats have no names;"
            " leave --names out"
        )
    if named and colour in PERSONAL:
        allowed = ", ".join(shown(True))
        problems.append(
            f"names: no picture colours people with names by {colour}, as that would"
            f" pass for a finding about them; allowed with --names: {allowed};"
            " or leave --names out"
        )
    if problems:
        raise InputError("\n".join(problems))


def shown(named: bool) -> tuple[str, ...]:
    """Return the values that may be shown as colours, with or without names."""
    return tuple(name for name in FIELDS if not (named and name in PERSONAL))


def hidden(recording: Recording, named: bool = False) -> Recording:
    """Return a recording that hides the names of people of real organisations.

    Seats are called by role and number and are in groups of five or more. With `named`
    they keep names and teams but lose the values that are never shown with names, and
    people on leave look like empty seats. Calling this again changes nothing.
    """
    if not recording.real or recording.pseudonymous or recording.named:
        return recording
    if named:
        return _without_personal(recording)
    every = [node for one in recording.lived for node in one.nodes]
    called = _called(every)
    lived = []
    for one in recording.lived:
        groups = groups_of(one.nodes)
        nodes = [
            replace(
                node,
                seat=called[node.seat],
                department=(groups[k] or Group(ALL)).department,
                team=(groups[k] or Group(ALL)).team,
                manager=called[node.manager] if node.manager else None,
            )
            for k, node in enumerate(_numbered(one.nodes))
        ]
        lived.append(with_nodes(one, nodes))
    return replace(recording, lived=tuple(lived), pseudonymous=True)


def _without_personal(recording: Recording) -> Recording:
    """Return a recording with names but without personal values and leave."""
    from simulation.state import ON_LEAVE, VACANT

    lived = []
    for one in recording.lived:
        away = one.status == ON_LEAVE
        values = {name: one.values[name].copy() for name in shown(True)}
        for value in values.values():
            value[away] = float("nan")
        status = one.status.copy()
        status[away] = VACANT
        lived.append(replace(one, values=values, status=status))
    return replace(recording, lived=tuple(lived), named=True)


def _called(nodes: Sequence[Node]) -> Mapping[str, str]:
    """Return role and number of each seat, numbered in the order of pseudonyms."""
    roles = {node.seat: node.role for node in nodes}
    hashed = pseudonyms(roles)
    called: dict[str, str] = {}
    numbers: dict[str, int] = defaultdict(int)
    for name in sorted(roles, key=lambda name: hashed[name]):
        numbers[roles[name]] += 1
        called[name] = f"{roles[name]}-{numbers[roles[name]]}"
    return called


def _numbered(nodes: Sequence[Node]) -> list[Node]:
    """Return nodes with pseudonyms for teams, as team names may contain people's."""
    sizes: dict[tuple[str, str], int] = defaultdict(int)
    for node in nodes:
        sizes[node.department, node.team] += 1
    hashed = pseudonyms({f"{d}/{t}" for d, t in sizes})
    return [
        replace(node, team=hashed[f"{node.department}/{node.team}"]) for node in nodes
    ]


def groups_of(nodes: Sequence[Node]) -> list[Group | None]:
    """Return the group of each node, such that each group has five people or more.

    Small teams of a department are pooled, and so are small departments; if a pool is
    still below five, the next smallest is added. The group is None if there are fewer
    than five people in all.
    """
    if sum(node.people for node in nodes) < LEAST:
        return [None] * len(nodes)
    groups = [Group(node.department, node.team) for node in nodes]
    people = [node.people for node in nodes]
    for department in dict.fromkeys(node.department for node in nodes):
        _pool_teams(groups, people, department)
    _pool_departments(groups, people)
    return list(groups)


def _pool_teams(groups: list[Group], people: Sequence[int], department: str) -> None:
    """Pool the small teams of a department, adding larger ones if needed."""
    sizes = _sizes(groups, people)
    sizes = {group: n for group, n in sizes.items() if group.department == department}
    pooled, rest = _pooled(sizes)
    whole = len(sizes) == 1 or not rest
    for k, group in enumerate(groups):
        if group in pooled or (whole and group.department == department):
            groups[k] = Group(department, "" if whole else REST)


def _pool_departments(groups: list[Group], people: Sequence[int]) -> None:
    homes = [Group(group.department) for group in groups]
    pooled, rest = _pooled(_sizes(homes, people))
    for k, home in enumerate(homes):
        if home in pooled:
            groups[k] = Group(OTHERS if rest else ALL)


def _pooled(sizes: Mapping[Group, int]) -> tuple[list[Group], list[Group]]:
    """Return the groups to pool, so that the pool is large enough, and the others."""
    order = sorted(sizes, key=lambda group: (sizes[group], group))
    few = sum(sizes[group] < LEAST for group in order)
    while 0 < few < len(order) and sum(sizes[x] for x in order[:few]) < LEAST:
        few += 1
    return order[:few], order[few:]


def _sizes(groups: Sequence[Group], people: Sequence[int]) -> dict[Group, int]:
    sizes: dict[Group, int] = defaultdict(int)
    for group, size in zip(groups, people, strict=True):
        sizes[group] += size
    return sizes
