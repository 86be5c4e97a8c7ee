"""Scenarios with a common past: one warm-up, and many branches from it.

What-ifs of one organisation differ only from week 0 on. So their common warm-up is run
once for each world, and each branch starts from a copy of it. Results are the same,
byte for byte, as if each scenario were run alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import NamedTuple

import numpy as np

from simulation.contact import contact_by_version
from simulation.ensemble.live import Life, columns_of
from simulation.founding import (
    Founder,
    State,
    parameter_record,
    structure_records,
)
from simulation.organisation import Chart, draw_chart
from simulation.outcomes import SERIES_RECORD
from simulation.places import Places
from simulation.scenario_values import ResolvedScenario, Stage

BY_VERSION = ("hours", "structure", "switch_weeks")
"""Arrays of a state that have one row for each stage of a scenario."""


class Way(NamedTuple):
    """One branch from a finished warm-up; can be used as a founder of worlds."""

    warm: State
    rows: np.ndarray
    weeks: np.ndarray
    leaving: Mapping[str, np.ndarray]

    def found(self, seed: int, replicate: int) -> State:
        """Return a copy of the state at week 0; seed and replicate are ignored."""
        return _with_rows(self.warm, self.rows, self.weeks, self.leaving)


class Branches:
    """Scenarios of the same organisation until week 0.

    Threads may share one instance. Raises ValueError if scenarios differ in more than
    what follows the warm-up.
    """

    def __init__(self, scenarios: Sequence[ResolvedScenario]) -> None:
        first = scenarios[0]
        common = _past(first)
        for other in scenarios[1:]:
            if _past(other) != common:
                raise ValueError(
                    f"{other.name} differs from {first.name} before week 0"
                )
        chart = draw_chart(first)
        self._groups = [
            (members, _Group([scenarios[k] for k in members], chart))
            for members in _alike(scenarios, chart)
        ]

    def warmed(self, seed: int, replicate: int) -> list[Way]:
        """Return the branches from week 0 of a world, one for each scenario."""
        found: dict[int, Way] = {}
        for members, group in self._groups:
            found |= zip(members, group.warmed(seed, replicate), strict=True)
        return [found[k] for k in range(len(found))]


class _Group:
    """Scenarios in which the same pairs of people have ties; they share a warm-up."""

    def __init__(self, scenarios: Sequence[ResolvedScenario], chart: Chart) -> None:
        stages = _distinct(scenarios)
        numbers = {key: k for k, key in enumerate(stages)}
        self._rows = [
            np.array([numbers[_key(stage)] for stage in one.stages])
            for one in scenarios
        ]
        self._weeks = [
            np.array([stage.week for stage in one.stages], np.int64)
            for one in scenarios
        ]
        whole = replace(scenarios[0], stages=tuple(stages.values()))
        self._founder = Founder(whole, chart)
        self._leaving = [self._founder.leaving(one) for one in scenarios]

    def warmed(self, seed: int, replicate: int) -> list[Way]:
        whole = self._founder.found(seed, replicate)
        alone = _with_rows(whole, np.array([0]), whole.switch_weeks[:1], {})
        nobody = np.zeros((0, 0, 0), np.int64)
        Life(alone, np.zeros(0, SERIES_RECORD), columns_of(()), nobody).until(0)
        lived = {f.name: getattr(alone, f.name) for f in fields(State)}
        warm = State(**{**lived, **{name: getattr(whole, name) for name in BY_VERSION}})
        every = zip(self._rows, self._weeks, self._leaving, strict=True)
        return [Way(warm, *one) for one in every]


def _distinct(scenarios: Sequence[ResolvedScenario]) -> dict[tuple, Stage]:
    """Return all different stages, the as-is first."""
    return {_key(stage): stage for one in scenarios for stage in one.stages}


def _alike(scenarios: Sequence[ResolvedScenario], chart: Chart) -> list[list[int]]:
    """Return groups of scenarios in which the same pairs of people have ties.

    With a common warm-up of all scenarios, pairs that meet only in another scenario
    would count as colleagues who do not meet.
    """
    parameters = scenarios[0].parameters
    stages = _distinct(scenarios)
    numbers = {key: k for k, key in enumerate(stages)}
    places = Places(chart, parameters["team_size"])
    structure = structure_records(list(stages.values()))
    contact = contact_by_version(places, structure, parameter_record(parameters))
    groups: dict[tuple, list[int]] = {}
    for k, one in enumerate(scenarios):
        rows = [numbers[_key(stage)] for stage in one.stages]
        meet = (contact.hours[rows] > 0).any(axis=0)
        sought = max(int(stage.structure["informal_ties"]) for stage in one.stages)
        groups.setdefault((meet.tobytes(), sought), []).append(k)
    return list(groups.values())


def _with_rows(
    state: State,
    rows: np.ndarray,
    weeks: np.ndarray,
    leaving: Mapping[str, np.ndarray],
) -> State:
    """Return a copy of a state with these stages and weeks, and who leaves when."""
    arrays = {
        f.name: leaving.get(f.name, getattr(state, f.name)).copy()
        for f in fields(State)
        if f.name not in BY_VERSION
    }
    picked = {name: getattr(state, name)[rows] for name in ("hours", "structure")}
    return State(**arrays, **picked, switch_weeks=weeks.copy())


def _past(scenario: ResolvedScenario) -> tuple:
    """Return what scenarios must have in common: all but names and later stages."""
    return (
        scenario.organisation,
        scenario.parameters,
        scenario.warm_up_weeks,
        scenario.people_file,
        scenario.network_file,
        _key(scenario.stages[0]),
        scenario.stages[0].week,
    )


def _key(stage: Stage) -> tuple:
    """Return a key of what a stage changes."""
    return stage.structure, stage.hours_per_person, stage.euros
