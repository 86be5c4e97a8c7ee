"""Simulate worlds of an arm with its interventions, and read them week by week."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from experiments.science.claims.arms import Arm
from experiments.science.claims.readings import reading_table
from simulation.ensemble.live import Life, columns_of
from simulation.ensemble.worlds import Job, live_world
from simulation.outcomes import SERIES_RECORD
from simulation.state import (
    DEPARTMENTS,
    DOMAINS,
    MARKETEER,
    MARKETING,
    SALES_DOMAIN,
    WORKING,
)

NEVER = 1_000_000
"""A week that does not come."""


class ArmRecords(NamedTuple):
    """Results of one world: its weekly records, and readings (weeks, 2) by name.

    `share` is the share, 0 to 1, of the items of other departments (other than
    marketing and communication) that lie with the departments passed by.
    """

    series: np.ndarray
    probe: np.ndarray | None
    shock_week: int | None
    readings: dict[str, np.ndarray]
    share: float


def live_arm(job: Job, arm: Arm, readings: Sequence[str] = ()) -> ArmRecords:
    """Simulate a world of an arm; as `live_world` if the arm is only a scenario.

    Raises ValueError for a probe of an arm that intervenes, as the two worlds would
    then not share one history.
    """
    if arm.intervenes and job.probe_week is not None:
        raise ValueError(f"{arm.name}: an arm that intervenes has no probe")
    stepped = None
    if arm.intervenes or readings:
        stepped = _stepped(job, arm, readings)
        if job.probe_week is None:
            return stepped
    run = live_world(job)
    read = stepped.readings if stepped else {}
    return ArmRecords(run.series, run.probe, run.shock_week, read, 0.0)


def _stepped(job: Job, arm: Arm, readings: Sequence[str]) -> ArmRecords:
    """Simulate a world week by week; intervene before and read after each week."""
    state = job.founder.found(job.seed, job.replicate)
    if arm.passed_by:
        state = with_old_way(state, arm.passed_by)
    series = np.zeros(job.weeks, SERIES_RECORD)
    nobody = np.zeros((job.weeks, 0, 0), np.int64)
    life = Life(state, series, columns_of(()), nobody)
    table = {name: reading_table()[name].read for name in readings}
    read = {name: np.zeros((job.weeks, 2)) for name in readings}
    share = share_of_items(state, arm.passed_by)
    for week in range(int(state.firm["week"][0]), job.weeks):
        intervene(state, arm, week)
        life.until(week + 1)
        if week >= 0:
            for name, function in table.items():
                read[name][week] = function(state)
    return ArmRecords(series, None, None, read, share)


def intervene(state: Any, arm: Arm, week: int) -> None:
    """Apply the interventions of an arm that are due in a week."""
    if arm.passed_by and week >= 0:
        at = seats_of(state, arm.passed_by)
        state.people["version"][at] = len(state.structure) - 1
    if arm.leaves and week == arm.in_week:
        seat = {
            "best_connected_marketeer": best_connected_marketeer,
            "marketing_leader": marketing_leader,
        }[arm.leaves](state)
        if seat is not None:
            state.people["leaving"][seat] = 1


def with_old_way(state: Any, departments: Sequence[str]) -> Any:
    """Return a state with the as-is appended as a last way of working, never due.

    People who work that way are not behind, so they spend no hours on learning the new
    way. A newcomer starts with the new way and keeps it for one week at most. Ties with
    these departments take the hours of the as-is, also for people who have changed.
    """
    [apart] = np.nonzero(seats_of(state, departments))
    touched = np.isin(state.ties["a"], apart) | np.isin(state.ties["b"], apart)
    hours = np.where(touched, state.hours[:1], state.hours)
    structure = np.concatenate([state.structure, state.structure[:1]])
    return replace(
        state,
        hours=np.concatenate([hours, state.hours[:1]]),
        structure=structure.view(type(state.structure)),
        switch_weeks=np.append(state.switch_weeks, NEVER),
    )


def seats_of(state: Any, departments: Sequence[str]) -> np.ndarray:
    """Return a mask of the seats in some departments, bool (people,)."""
    at = [DEPARTMENTS.index(name) for name in departments]
    return np.isin(state.people["own_department"], at)


def best_connected_marketeer(state: Any) -> int | None:
    """Return the seat of the working, internal marketeer with most contact hours.

    None if there is no such marketeer.
    """
    people, ties = state.people, state.ties
    size = len(people)
    hours = np.bincount(ties["a"], ties["contact"], size)
    hours += np.bincount(ties["b"], ties["contact"], size)
    there = (people["role"] == MARKETEER) & (people["status"] == WORKING)
    there &= people["external"] == 0
    if not there.any():
        return None
    return int(np.argmax(np.where(there, hours, -1.0)))


def marketing_leader(state: Any) -> int | None:
    """Return the seat to whom most makers of marketing report; None if not at work."""
    people = state.people
    home = people["own_department"] == MARKETING
    above = people["leader"][home & (people["leader"] >= 0) & (people["maker"] == 1)]
    if not len(above):
        return None
    seat = int(np.argmax(np.bincount(above)))
    return seat if people["status"][seat] == WORKING else None


def share_of_items(state: Any, departments: Sequence[str]) -> float:
    """Return the share of other departments' items that lies with `departments`.

    Other departments are all except marketing and communication. 0 without any items.
    """
    choices = state.choices
    there = choices["domain"][choices["exists"] == 1]
    others = there[there >= SALES_DOMAIN]
    mine = np.isin(others, [DOMAINS.index(x) for x in departments if x in DOMAINS])
    return float(mine.mean()) if len(others) else 0.0
