"""Effects of the factors of a design, on average over the organisations of the design.

In every simulated world the outcomes of all organisations are fitted by least squares,
with one coefficient for each setting beyond a factor's first (for a range of numbers:
one for going from its low to its high end). In a full or fractional factorial these
are the main effects (Box, Hunter & Hunter 2005, ch. 5). The coefficients over all
worlds give the effects on an outcome, with intervals that hold simultaneously over the
factors. The organisations of the design are fixed; only the worlds vary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.run.designs import DRAWN, is_range
from experiments.run.study_outcomes import StudyResult
from experiments.statistics import paired
from experiments.statistics.intervals import Interval
from simulation.outcomes import OUTCOMES


@dataclass(frozen=True)
class FactorStep:
    """A step of one factor: from one of its values to another."""

    factor: str
    start: Any
    end: Any

    @property
    def title(self) -> str:
        """The step in words.

        >>> FactorStep("testing_hours", 0, 4.0).title
        'testing hours 0 to 4'
        """
        ends = [f"{x:.3g}" if isinstance(x, float) else x for x in self.ends]
        return f"{self.factor} {ends[0]} to {ends[1]}".replace("_", " ")

    @property
    def ends(self) -> tuple[Any, Any]:
        """Both values."""
        return self.start, self.end


@dataclass(frozen=True)
class Effects:
    """The effect of each contrast: outcome -> one interval for each contrast."""

    contrasts: tuple[FactorStep, ...]
    intervals: dict[str, tuple[Interval, ...]]
    organisations: int


def effects_of(studied: StudyResult) -> Effects | None:
    """Return the effects of the factors of a design; None if it has too few points.

    None also for one-at-a-time designs: their differences from the base are effects.
    """
    study = studied.plan.study
    rows = [k for k, point in enumerate(study.points) if point]
    if study.design in ("", "one_at_a_time") or not rows:
        return None
    contrasts, columns = _coded(studied, rows)
    matrix = np.column_stack([np.ones(len(rows)), *columns])
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        return None
    found = {}
    for name in OUTCOMES:
        values = studied.by_scenario(name)[rows]
        found[name] = paired.simultaneous_intervals(_fitted(matrix, values)[:, 1:])
    return Effects(tuple(contrasts), found, len(rows))


def _coded(
    studied: StudyResult, rows: Sequence[int]
) -> tuple[list[FactorStep], list[np.ndarray]]:
    """Return the contrasts of a design, and a coded column over its points for each."""
    points = [studied.plan.study.points[k] for k in rows]
    contrasts: list[FactorStep] = []
    columns: list[np.ndarray] = []
    for factor in studied.plan.study.factors:
        table, name, _ = factor
        values = [point[table][name] for point in points]
        if studied.plan.study.design in DRAWN and is_range(factor):
            low, high = factor[2]
            contrasts.append(FactorStep(name, low, high))
            columns.append((np.array(values) - low) / (high - low))
            continue
        start, *others = (x for x in factor[2] if x in values)
        contrasts += [FactorStep(name, start, other) for other in others]
        columns += [np.array([float(x == other) for x in values]) for other in others]
    return contrasts, columns


def _fitted(matrix: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return coefficients (worlds, columns) of values (points, worlds).

    Organisations without a value in a world are left out in that world; nan where too
    few remain.
    """
    worlds, size = values.shape[1], matrix.shape[1]
    there = np.isfinite(values)
    whole = there.all(0)
    fitted = np.full((worlds, size), np.nan)
    fitted[whole] = (np.linalg.pinv(matrix) @ values[:, whole]).T
    for w in np.flatnonzero(~whole):
        rows = matrix[there[:, w]]
        if len(rows) >= size and np.linalg.matrix_rank(rows) == size:
            fitted[w] = np.linalg.lstsq(rows, values[there[:, w], w], rcond=None)[0]
    return fitted
