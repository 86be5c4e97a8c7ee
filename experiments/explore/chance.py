"""The share of chance in the variance of a single run.

At each of many points, drawn over all factors, two runs are simulated in different
worlds: what they have in common is due to the point, their difference to chance.
"""

from dataclasses import dataclass

import numpy as np

from experiments.explore.resampling import interval, nothing, resampled
from experiments.statistics.intervals import Interval

FEWEST = 8
"""Points below which nothing is told."""


@dataclass(frozen=True)
class Chance:
    """The share of the variance of a single run that is due to chance, from 0 to 1.

    `unknown` is the variance of the expected outcome over all factors and `noise` the
    variance by chance at a point, both in the outcome's unit squared.
    """

    share: Interval
    unknown: Interval
    noise: Interval


def own_worlds(points: int, replicates: int) -> list[tuple[int, int]]:
    """Return two worlds for each point, different from those that all points share."""
    return [(replicates + 2 * k, replicates + 2 * k + 1) for k in range(points)]


def chance(pairs: np.ndarray, seed: int = 0) -> Chance:
    """Return the share of chance from values (points, 2).

    Points without both values are left out. The share is 1 if chance explains all of
    the variance.
    """
    whole = np.isfinite(pairs).all(1)
    n, dropped = int(whole.sum()), int((~whole).sum())
    if n < FEWEST:
        return Chance(*(nothing(n, dropped),) * 3)
    pairs = pairs[whole] - pairs[whole].mean()
    products = pairs.prod(1) * n / (n - 1)
    apart = np.diff(pairs, axis=1)[:, 0] ** 2 / 2
    rows = np.column_stack((products, apart))
    means, draws = rows.mean(0), resampled(rows, seed)
    unknown = interval(means[0], draws[:, 0], n, dropped)
    noise = interval(means[1], draws[:, 1], n, dropped)
    if not means[1] + max(means[0], 0.0) > 0:
        return Chance(nothing(n, dropped), unknown, noise)
    share = interval(_share(means[None])[0], _share(draws), n, dropped)
    return Chance(share, unknown, noise)


def _share(rows: np.ndarray) -> np.ndarray:
    """Return noise / (points + noise), (n,), of rows (variance of points, of noise)."""
    points = np.maximum(rows[:, 0], 0.0)
    whole = points + rows[:, 1]
    return np.divide(rows[:, 1], whole, np.ones(len(rows)), where=whole > 0)
