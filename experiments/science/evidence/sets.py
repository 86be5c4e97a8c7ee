"""The sets of parameters that calibration leaves, as they ship.

`calibrated_sets.csv` is a table of draws as scenarios read them, written by `orgsim
calibrate`: a row for each set, a column parameters.x for each parameter. Where no set
meets all patterns, these are the ones that miss fewest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

from experiments.compare.comparison import read_all
from experiments.errors import InputError
from experiments.run.study_files import Study
from simulation.scenario_draws import over_sets as draws_over_sets
from simulation.scenario_draws import read_draws
from simulation.scenario_resolution import resolve
from simulation.scenario_values import Draws, ResolvedScenario
from simulation.tables import PARAMETERS

CALIBRATED = Path(__file__).with_name("calibrated_sets.csv")
COLUMN = "parameters."
DIGITS = 6


def calibrated_draws() -> Draws:
    """Return the sets that pass calibration, as a table of draws."""
    return read_draws(CALIBRATED)


@cache
def calibrated_sets() -> tuple[Mapping[str, float], ...]:
    """Return the parameters of each set that passes calibration."""
    draws = calibrated_draws()
    names = [name.removeprefix(COLUMN) for name in draws.columns]
    return tuple(dict(zip(names, map(float, row), strict=True)) for row in draws.rows)


def over_sets(scenario: ResolvedScenario) -> ResolvedScenario:
    """Return a scenario whose worlds live under these sets, world k under set k mod n.

    What the scenario itself says of a parameter stands. Raises `InputError` for one
    that was not read from files.
    """
    if scenario.scenario is None:
        raise InputError(f"{scenario.name}: has no files to resolve again")
    found = resolve(draws_over_sets(scenario.scenario, calibrated_draws()))
    return replace(found, weeks=scenario.weeks)


def as_draws(sets: pd.DataFrame) -> pd.DataFrame:
    """Return parameters as a table of draws: digits cut, never beyond their range."""
    rows = [PARAMETERS[name] for name in sets]
    low, high = [row.low for row in rows], [row.high for row in rows]
    return sets.round(DIGITS).clip(low, high, axis=1).add_prefix(COLUMN)


def read_over(names: Sequence[str], over: bool) -> tuple[str | ResolvedScenario, ...]:
    """Return scenarios by name, or such that live under these sets in turn.

    Raises `InputError` for scenarios that cannot be read.
    """
    return tuple(map(over_sets, read_all(names))) if over else tuple(names)


def study_over(study: Study, over: bool) -> Study:
    """Return a study as it is, or all its scenarios over these sets in turn."""
    if not over:
        return study
    return replace(study, scenarios=tuple(map(over_sets, study.scenarios)))
