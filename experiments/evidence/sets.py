"""The sets of parameters that calibration leaves, as they ship.

`calibrated_sets.csv` is a table of draws as scenarios read them, written by `orgsim
calibrate`: a row for each set, a column parameters.x for each parameter. Where no set
meets all patterns, these are the ones that miss fewest.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

from experiments.errors import InputError
from simulation.scenario_draws import over_sets as draws_over_sets
from simulation.scenario_draws import read_draws
from simulation.scenario_resolution import resolve
from simulation.scenario_values import Draws, Resolved

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


def over_sets(scenario: Resolved) -> Resolved:
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
    from simulation.tables import PARAMETERS

    rows = [PARAMETERS[name] for name in sets]
    low, high = [row.low for row in rows], [row.high for row in rows]
    return sets.round(DIGITS).clip(low, high, axis=1).add_prefix(COLUMN)
