"""Summary statistics of weekly columns, over the same cells in data and worlds.

They are the level of each column, its trend over the weeks, its variability around
that, and its persistence from week to week; fewer of them if there are few cells.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

KINDS = ("level", "trend", "variability", "persistence")
CELLS_NEEDED: Mapping[str, int] = {
    "level": 1,
    "trend": 3,
    "variability": 8,
    "persistence": 12,
}
"""Cells (for persistence: pairs of weeks in a row) that each kind takes."""


@dataclass(frozen=True)
class Statistic:
    """A statistic: its column and its kind (see `KINDS`)."""

    column: str
    kind: str


def summarise(
    values: np.ndarray, cells: np.ndarray, names: tuple[str, ...]
) -> tuple[tuple[Statistic, ...], np.ndarray]:
    """Return the statistics and their values in worlds, (N, statistics).

    `values` is of shape (N, columns, weeks); `cells` (columns, weeks) tells which cells
    the data have. A cell that is nan in a world is left out of that world only; a
    statistic without any cells is nan. Level is the mean; trend is the least-squares
    slope times the weeks from the first cell to the last; variability is the standard
    deviation around that line; persistence is the correlation of the residuals with
    those of the week before.
    """
    which: list[Statistic] = []
    found: list[np.ndarray] = []
    for at, name in enumerate(names):
        there = cells[at]
        table = np.where(there, values[:, at], np.nan)
        measured = _measured(table)
        counts = {**dict.fromkeys(KINDS, there.sum())}
        counts["persistence"] = (there[1:] & there[:-1]).sum()
        for kind in KINDS:
            if counts[kind] >= CELLS_NEEDED[kind]:
                which.append(Statistic(name, kind))
                found.append(measured[kind])
    return tuple(which), np.column_stack(found)


def _measured(table: np.ndarray) -> dict[str, np.ndarray]:
    """Return all kinds of statistics of a column (N, weeks), with nan for gaps."""
    there = np.isfinite(table)
    size = there.sum(1)
    weeks = np.arange(table.shape[1])
    level = _over(np.nansum(table, 1), size)
    middle = _over((there * weeks).sum(1), size)
    away = there * (weeks - middle[:, None])
    off = np.where(there, table - level[:, None], 0.0)
    slope = _over((away * off).sum(1), (away**2).sum(1))
    left = np.where(there, off - slope[:, None] * away, 0.0)
    spread = np.sqrt(_over((left**2).sum(1), size))
    span = np.where(size > 0, _last(there) - there.argmax(1), 0)
    return {
        "level": level,
        "trend": slope * span,
        "variability": spread,
        "persistence": _persistence(left, there),
    }


def _persistence(left: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return the correlation of adjacent weeks; 0 if nothing varies."""
    pairs = there[:, 1:] & there[:, :-1]
    before, after = left[:, :-1] * pairs, left[:, 1:] * pairs
    both = np.sqrt((before**2).sum(1) * (after**2).sum(1))
    moving = both > 1e-12
    persistence = np.zeros(len(left))
    return np.divide((before * after).sum(1), both, out=persistence, where=moving)


def _last(there: np.ndarray) -> np.ndarray:
    return there.shape[1] - 1 - there[:, ::-1].argmax(1)


def _over(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Return top / bottom; nan where bottom is 0."""
    ratios = np.full(len(top), np.nan)
    return np.divide(top, bottom, out=ratios, where=bottom > 0)
