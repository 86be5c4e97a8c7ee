"""Measure outcomes of claims: from the registry, over a window, or as a reading."""

from collections.abc import Mapping

import numpy as np

from experiments.science.claims.readings import (
    Reading,
    bad_quarters,
    reading_table,
)
from simulation.measures import LAST_WEEKS, WEEKS_A_YEAR, Series, summarise
from simulation.outcomes import OUTCOMES, Outcome, find

BAD_QUARTERS = "improving_in_bad_quarters"
"""The reading that counts in some weeks only."""


def outcome_names() -> tuple[str, ...]:
    """Return the names of all outcomes that a claim may be about."""
    return (*OUTCOMES, *reading_table())


def find_outcome(name: str) -> Outcome:
    """Return the outcome of that id, a reading or of the registry; else KeyError."""
    return reading_table()[name].outcome if name in reading_table() else find(name)


def measure(
    name: str,
    series: Series,
    readings: Mapping[str, np.ndarray],
    probe: Series | None = None,
    shock_week: int | None = None,
    window: tuple[int, ...] = (),
) -> float:
    """Return an outcome of one world; nan where there is none.

    `readings[name]` are numerators and denominators, (weeks, 2). `window` is the first
    week and the end week; by default the outcome itself says which weeks count.
    """
    if name in reading_table():
        leads = np.asarray(series["leads_handed"], float)
        return over_weeks(reading_table()[name], readings[name], leads, window)
    if window:
        return over_window(series, find(name), window)
    return float(summarise(series, probe, [name], shock_week=shock_week)[name])


def over_window(series: Series, outcome: Outcome, window: tuple[int, ...]) -> float:
    """Return a weekly outcome over the weeks of a window, in its own unit.

    An outcome with a denominator is a sum over a sum; any other is the mean of the
    weeks. Both are scaled to a year for outcomes per year.
    """
    weeks = slice(*window)
    top = _total(series, outcome.numerator)[weeks]
    scale = WEEKS_A_YEAR if outcome.summary == "per_year" else 1
    if outcome.denominator:
        return scale * _over(
            top.sum(), _total(series, outcome.denominator)[weeks].sum()
        )
    known = top[np.isfinite(top)]
    return scale * _over(known.sum(), len(known))


def over_weeks(
    reading: Reading, pairs: np.ndarray, leads: np.ndarray, window: tuple[int, ...]
) -> float:
    """Return a reading over its weeks: sum of numerators over sum of denominators."""
    weeks = np.zeros(len(pairs), bool)
    first = 0 if reading.all_weeks else -LAST_WEEKS
    weeks[slice(*window) if window else slice(first, None)] = True
    if reading.outcome.id == BAD_QUARTERS:
        weeks &= bad_quarters(leads)
    top, bottom = pairs[weeks].sum(0)
    return (WEEKS_A_YEAR if reading.per_year else 1) * _over(top, bottom)


def _total(series: Series, columns: tuple[str, ...]) -> np.ndarray:
    parts = [
        -np.asarray(series[name[1:]], float)
        if name.startswith("-")
        else np.asarray(series[name], float)
        for name in columns
    ]
    return np.sum(parts, 0)


def _over(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom else float("nan")
