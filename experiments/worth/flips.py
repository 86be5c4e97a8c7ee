"""The values of an unknown at which another option is the best choice."""

import itertools
from dataclasses import dataclass

import numpy as np

from experiments.statistics.information import (
    DISTINCT,
    Regression,
    basis_of,
    best_options,
)

LEAST = 0.02
"""Ranges with a smaller share of the worlds are not told."""


@dataclass(frozen=True)
class FlippingValues:
    """Values of an unknown at which `option` is better than the best on average.

    They are `settings` (of a lever, or single numbers), or the numbers from `low` to
    `high`; an end is None where all beyond it belong to them. `share` is the share of
    worlds with such values.
    """

    unknown: str
    option: int
    share: float
    settings: tuple[str | float, ...] = ()
    low: float | None = None
    high: float | None = None


def flips_of(
    unknown: str, column: np.ndarray, values: np.ndarray
) -> tuple[FlippingValues, ...]:
    """Return the values of an unknown at which another option is best; () if none.

    `column` (worlds,) has its value in each world: numbers, or texts for settings.
    `values` (worlds, options) are better if higher.
    """
    basis, best = basis_of([column]), int(values.mean(0).argmax())
    if column.dtype.kind == "U" or len(np.unique(column)) <= DISTINCT:
        return _settings(unknown, column, best_options(values, basis), best)
    choices = Regression(values, basis).at(basis).argmax(1)
    return tuple(_ranges(unknown, column, choices, best))


def _settings(
    unknown: str, column: np.ndarray, choices: np.ndarray, best: int
) -> tuple[FlippingValues, ...]:
    by_option: dict[int, list] = {}
    for setting in np.unique(column):
        others = choices[(column == setting) & (choices != best)]
        if len(others):
            by_option.setdefault(int(others[0]), []).append(setting.item())
    return tuple(
        FlippingValues(
            unknown, option, float(np.isin(column, found).mean()), tuple(found)
        )
        for option, found in by_option.items()
    )


def _ranges(
    unknown: str, column: np.ndarray, choices: np.ndarray, best: int
) -> list[FlippingValues]:
    """Return the ranges of a number, in order, in which another option is chosen."""
    order = np.argsort(column, kind="stable")
    numbers, chosen = column[order], choices[order]
    starts = [0, *(np.flatnonzero(np.diff(chosen)) + 1), len(chosen)]
    ranges = []
    for first, after in itertools.pairwise(starts):
        share = (after - first) / len(chosen)
        if chosen[first] != best and share >= LEAST:
            low = (numbers[first - 1] + numbers[first]) / 2 if first else None
            last = after == len(chosen)
            high = None if last else (numbers[after - 1] + numbers[after]) / 2
            ends = tuple(None if x is None else float(x) for x in (low, high))
            ranges.append(FlippingValues(unknown, int(chosen[first]), share, (), *ends))
    return ranges
