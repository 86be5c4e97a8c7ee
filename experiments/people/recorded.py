"""Record one simulated world week by week: people's values, waiting work, contact.

>>> from simulation.scenario import read
>>> one = record([read("baseline")], weeks=2).lived[0]
>>> one.values["burnout"].shape, len(one.nodes)
((3, 42), 42)
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from experiments.errors import InputError, is_wrong_input
from experiments.files.progress import Progress
from experiments.run.runner import to_one_horizon
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

FIELDS = {
    "burnout": "score",
    "ownership": "ownership",
    "waiting": "waiting",
    "clarity": "clarity",
    "strategy": "told",
}
"""What can be coloured, and the field of a person's record behind it."""
AT_A_TIME = 8
"""Weeks lived between two reports of progress."""


@dataclass(frozen=True)
class Node:
    """A seat, or a group of `people` seats, as it is shown.

    `seat` is its name in files. `department` and `team` say where it is drawn.
    `manager` is the seat of its leader; `leads` says whether it leads others.
    """

    seat: str
    role: str
    department: str
    team: str
    manager: str | None = None
    leads: bool = False
    people: int = 1


@dataclass(frozen=True)
class WorldRecording:
    """A recording of a world under one scenario: n nodes, E ties, W + 1 moments.

    Moment w is after w weeks; moment 0 is the end of the warm-up. `values[name]` has
    shape (W + 1, n), nan for empty seats. `status` (W + 1, n) has the codes of
    `simulation.state`. `desk` (W + 1, n) counts the proposals that wait for a leader's
    decision. `employed` (W + 1, n) says who is employed. `ties` (E, 2) are pairs of
    nodes and `hours` (W + 1, E) their contact in the week before.
    """

    scenario: ResolvedScenario
    nodes: tuple[Node, ...]
    values: Mapping[str, np.ndarray]
    status: np.ndarray
    desk: np.ndarray
    employed: np.ndarray
    ties: np.ndarray
    hours: np.ndarray


@dataclass(frozen=True)
class Recording:
    """One simulated world, under one scenario or several side by side.

    `real` says whether seats come from a table of people or the user's own graph.
    `pseudonymous` says whether such seats are called by role and number, `named`
    whether by their names, and `grouped` whether nodes are groups.
    """

    lived: tuple[WorldRecording, ...]
    seed: int
    world: int
    real: bool = False
    pseudonymous: bool = False
    named: bool = False
    grouped: bool = False

    @property
    def weeks(self) -> int:
        """Number of weeks simulated after the warm-up."""
        return len(self.lived[0].status) - 1


@checks_numbers
def record(
    scenarios: Sequence[ResolvedScenario],
    weeks: int | None = None,
    seed: int = 1,
    world: int = 0,
    workers: int = 1,
    progress: Progress | None = None,
) -> Recording:
    """Simulate and record one world under each scenario.

    It runs for `weeks`, by default the longest horizon. Seats of real organisations
    keep their names here; `privacy.hidden` hides them. Raises `InputError` for unusable
    files, and if no scenario is given.
    """
    if not scenarios:
        raise InputError("scenarios: got none; one or more are needed")
    scenarios = to_one_horizon(scenarios, weeks)
    total = sum(one.weeks + one.warm_up_weeks for one in scenarios)
    done = 0

    def lived_on(more: int) -> None:
        nonlocal done
        done += more
        if progress:
            progress(done, total)

    with ThreadPoolExecutor(max(1, min(workers, len(scenarios)))) as pool:
        calls = [pool.submit(_lived, one, seed, world, lived_on) for one in scenarios]
        lived = tuple(call.result() for call in calls)
    real = any(one.people_file or one.network_file for one in scenarios)
    return Recording(lived, seed, world, bool(real))


def _lived(
    scenario: ResolvedScenario, seed: int, world: int, tell: Callable[[int], None]
) -> WorldRecording:
    """Simulate a world of one scenario and record each week."""
    from simulation.ensemble.live import Life, columns_of
    from simulation.outcomes import SERIES_RECORD
    from simulation.scenario_unknown import founder_of

    try:
        founder = founder_of(scenario)
        state = founder.found(seed, world)
    except Exception as error:
        if is_wrong_input(error):
            raise InputError(str(error)) from error
        raise
    nobody = np.zeros((scenario.weeks, 0, 0), np.int64)
    life = Life(state, np.zeros(scenario.weeks, SERIES_RECORD), columns_of(()), nobody)
    life.until(0)
    tell(scenario.warm_up_weeks)
    moments = [moment(state)]
    for week in range(1, scenario.weeks + 1):
        life.until(week)
        moments.append(moment(state))
        if week % AT_A_TIME == 0:
            tell(AT_A_TIME)
    tell(scenario.weeks % AT_A_TIME)
    fields = {name: np.stack([one[name] for one in moments]) for name in moments[0]}
    met = np.flatnonzero(fields["hours"].any(0) & (state.ties.a != state.ties.b))
    return WorldRecording(
        scenario,
        _nodes(founder.chart.seats),
        {name: fields[name] for name in FIELDS},
        fields["status"],
        fields["desk"],
        fields["employed"],
        np.stack([state.ties.a[met], state.ties.b[met]], 1),
        fields["hours"][:, met],
    )


def moment(state: Any) -> dict[str, np.ndarray]:
    """Return the recorded values of a state at this moment, by name.

    `waiting` is, for leaders, the number of proposals at their desk; for others, the
    amount of their own work that waits.
    """
    from simulation.state import AT_GATE, VACANT

    people, choices = state.people, state.choices
    waits = (choices.exists == 1) & (choices.stage == AT_GATE) & (choices.decider >= 0)
    desk = np.bincount(choices.decider[waits], minlength=len(people))
    leads = people.last_report > people.first_report
    there = people.status != VACANT
    values = {name: people[field].copy() for name, field in FIELDS.items()}
    values["waiting"] = np.where(leads, desk, values["waiting"])
    return {
        **{name: np.where(there, value, np.nan) for name, value in values.items()},
        "status": people.status.copy(),
        "desk": desk,
        "employed": there & (people.external == 0),
        "hours": state.ties.contact.copy(),
    }


def _nodes(seats: Sequence[Any]) -> tuple[Node, ...]:
    managers = {seat.manager for seat in seats}
    return tuple(
        Node(
            seat.name,
            seat.role,
            seat.department,
            seat.team,
            seat.manager,
            seat.role == "leader" or seat.name in managers,
        )
        for seat in seats
    )


def with_nodes(lived: WorldRecording, nodes: Sequence[Node]) -> WorldRecording:
    """Return a recording of one scenario with its nodes replaced."""
    return replace(lived, nodes=tuple(nodes))
