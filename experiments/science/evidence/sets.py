"""The shipped parameter sets that pass calibration.

`calibrated_sets.csv` is a table of draws as scenarios read them, written by `orgsim
calibrate`: a row for each set, a column parameters.x for each parameter. If no set
meets all patterns, these are the sets that miss the fewest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

from experiments.compare.reading import read_all
from experiments.errors import InputError
from experiments.run.study import Study
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
    """Return a scenario over the n calibrated sets: world k runs under set k mod n.

    Parameters that the scenario itself sets keep their values. Raises `InputError` for
    a scenario that was not read from files.
    """
    if scenario.scenario is None:
        raise InputError(f"{scenario.name}: has no files to resolve again")
    found = resolve(draws_over_sets(scenario.scenario, calibrated_draws()))
    return replace(found, weeks=scenario.weeks)


def as_draws(sets: pd.DataFrame) -> pd.DataFrame:
    """Return parameters as a table of draws, rounded and clipped to their ranges."""
    rows = [PARAMETERS[name] for name in sets]
    low, high = [row.low for row in rows], [row.high for row in rows]
    return sets.round(DIGITS).clip(low, high, axis=1).add_prefix(COLUMN)


def read_over(names: Sequence[str], over: bool) -> tuple[str | ResolvedScenario, ...]:
    """Return names of scenarios or, if `over`, scenarios over the calibrated sets.

    Raises `InputError` for scenarios that cannot be read.
    """
    return tuple(map(over_sets, read_all(names))) if over else tuple(names)


def study_over(study: Study, over: bool) -> Study:
    """Return a study as it is or, if `over`, with its scenarios over the sets."""
    if not over:
        return study
    return replace(study, scenarios=tuple(map(over_sets, study.scenarios)))
