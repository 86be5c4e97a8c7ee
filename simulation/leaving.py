"""Who leaves in a dated week: from a seat, a role or `bridge` to a seat.

`bridge` is who bridges most: who lies on most of the shortest ways between others
(betweenness, Freeman 1977) through the contact of the as-is, without informal ties; an
hour a week is a way of length 1, two hours one of a half (Newman 2001). A role is who
bridges most of that role. Equals go by hours of contact, then in the order of seats.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from simulation.contact import Contact
from simulation.organisation import Chart
from simulation.scenario_errors import (
    Problem,
    ScenarioError,
    choices,
    key_text,
    nearest,
    shown,
)
from simulation.scenario_values import ResolvedScenario
from simulation.state import ROLES

BRIDGE = "bridge"
MOST_SOURCES = 300
"""People from whom ways are followed at most: of more, every second, third, ..."""
LEAVING = ("leave_weeks", "leave_seats")
"""Arrays of a state that tell who leaves when."""
DIGITS = 9
"""Digits to which betweenness is compared, so that rounding does not decide."""


def dated_seats(
    scenario: ResolvedScenario, chart: Chart, bridging: Callable[[], Sequence[int]]
) -> dict[str, np.ndarray]:
    """Return the weeks in which somebody leaves, and the index of each one's seat.

    They are the arrays of `State` by name. `bridging` gives all seats as `by_bridging`.
    Raises `ScenarioError` with everybody who is not found or leaves twice in a week.
    """
    problems: list[Problem] = []
    found: list[tuple[int, int]] = []
    names = {seat.name: i for i, seat in enumerate(chart.seats)}
    for k, (week, who) in enumerate(scenario.leavers):
        asked = [names[who]] if who in names else _candidates(who, chart, bridging())
        if not asked:
            problems.append(_unknown(scenario, k, chart))
        elif (week, asked[0]) in found:
            wrong = f"leaves twice in week {week}"
            problems.append(_problem(scenario, k, wrong, "each seat once a week"))
        found += [(week, seat) for seat in asked[:1]]
    if problems:
        raise ScenarioError(problems)
    columns = np.array(found, np.int64).reshape(-1, 2).T.copy()
    return dict(zip(LEAVING, columns, strict=True))


def _candidates(who: str, chart: Chart, order: Sequence[int]) -> list[int]:
    """Return the seats that a role or `bridge` may mean, in an order of seats."""
    return [i for i in order if who in (BRIDGE, chart.seats[i].role)]


def by_bridging(size: int, contact: Contact) -> list[int]:
    """Return the indices of all seats, who bridges most in the as-is first."""
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(size))
    hours = np.zeros(size)
    for (a, b), each in zip(contact.pairs.tolist(), contact.hours[0], strict=True):
        if each > 0:
            graph.add_edge(a, b, length=1.0 / each)
            hours[[a, b]] += each
    everybody = range(size)
    between = networkx.betweenness_centrality_subset(
        graph, everybody[:: -(-size // MOST_SOURCES)], everybody, weight="length"
    )
    most = max(between.values()) or 1.0
    shares = np.array([between[i] / most for i in everybody])
    ranks = np.lexsort((-hours.round(DIGITS), -shares.round(DIGITS)))
    return ranks.tolist()


def _unknown(scenario: ResolvedScenario, k: int, chart: Chart) -> Problem:
    """Return the problem of a name that is no seat, and no role that anybody has."""
    who = scenario.leavers[k].who
    there = [role for role in ROLES if any(x.role == role for x in chart.seats)]
    known = [BRIDGE, *there]
    allowed = f"the name of a seat, {choices(known)}"
    if who in ROLES:
        return _problem(scenario, k, "nobody here has this role", allowed)
    near = nearest(who, [*known, *(seat.name for seat in chart.seats)])
    wrong = "no seat or role of this name"
    return _problem(scenario, k, wrong, allowed, shown(near) if near else "")


def _problem(
    scenario: ResolvedScenario, k: int, wrong: str, allowed: str, near: str = ""
) -> Problem:
    loc = ("leave", k, "who")
    problem = Problem(
        wrong, key_text(loc), shown(scenario.leavers[k].who), allowed, near
    )
    if scenario.scenario is None:
        return replace(problem, source=scenario.name)
    return replace(problem, **scenario.scenario.last("leave").document.place(loc))
