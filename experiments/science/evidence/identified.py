"""Identification: which parameters the patterns narrow down, and how far."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import kstwo

ALL = "all"
"""The name of all patterns together."""
LEVEL = 0.05


@dataclass(frozen=True)
class ParameterNarrowing:
    """How the most informative pattern narrows down a parameter.

    `distance` is the largest distance between the distribution of the points that meet
    the pattern and that of all points (Kolmogorov-Smirnov). `chance` is its critical
    value for as many random points, corrected for all parameters and patterns
    (Bonferroni). 90 % of the points that pass lie between `low` and `high`. For all
    patterns together, points of the last wave are compared with an even spread.
    """

    parameter: str
    pattern: str
    distance: float
    chance: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether the patterns narrow the parameter down at all."""
        return self.distance > self.chance


def identified(
    points: pd.DataFrame, passes: pd.DataFrame, last: pd.DataFrame, even: pd.DataFrame
) -> list[ParameterNarrowing]:
    """Return how the patterns narrow down each parameter, most narrowed first.

    `points` are those of an even wave; `passes` says which of them meet which pattern.
    `last` are the points of the last wave, `even` the same points in the unit cube.
    """
    tests = points.shape[1] * (passes.shape[1] + 1)
    found = [
        one
        for name in passes
        for one in _of_pattern(points, passes[name].to_numpy(), name, tests)
    ]
    if len(last) > 1:
        found += _of_all(last, even, tests)
    best: dict[str, ParameterNarrowing] = {}
    for one in sorted(found, key=lambda one: one.distance - one.chance):
        best[one.parameter] = one
    return sorted(best.values(), key=lambda one: one.chance - one.distance)


def _of_pattern(
    points: pd.DataFrame, kept: np.ndarray, pattern: str, tests: int
) -> list[ParameterNarrowing]:
    """Compare the points that meet a pattern with all points.

    The points that pass are a sample without replacement from all points, so that
    chance moves them less (a bridge tied at both ends, Serfling 1974).
    """
    n, passing = len(kept), int(kept.sum())
    if not 1 < passing < n:
        return []
    ranks = np.argsort(np.argsort(points.to_numpy(), axis=0), axis=0)
    chance = _chance(passing, tests) * float(np.sqrt(1 - passing / n))
    distances = distance(ranks[kept] / n)
    return _each(points[kept], pattern, distances, chance)


def _of_all(
    last: pd.DataFrame, even: pd.DataFrame, tests: int
) -> list[ParameterNarrowing]:
    distances = distance(even.to_numpy())
    return _each(last, ALL, distances, _chance(len(last), tests))


def _each(
    kept: pd.DataFrame, pattern: str, distances: np.ndarray, chance: float
) -> list[ParameterNarrowing]:
    ends = kept.quantile([0.05, 0.95]).to_numpy()
    return [
        ParameterNarrowing(name, pattern, float(far), chance, *map(float, ends[:, k]))
        for k, (name, far) in enumerate(zip(kept, distances, strict=True))
    ]


def _chance(count: int, tests: int) -> float:
    """Return the distance that `count` random points seldom reach in `tests` tests."""
    return float(kstwo.ppf(1 - LEVEL / tests, count))


def distance(shares: np.ndarray) -> np.ndarray:
    """Return each column's Kolmogorov-Smirnov distance from uniform on 0 to 1."""
    ordered = np.sort(shares, axis=0)
    k = len(shares)
    below = np.arange(k)[:, None] / k
    return np.maximum(abs(ordered - below), abs(ordered - below - 1 / k)).max(0)
