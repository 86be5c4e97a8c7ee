"""Estimates of drawn points with bootstrap intervals, and what chance adds to them.

Worlds are the same at all points. What differs between points in one world and not in
another is chance: products of two worlds are free of it on average, so that variances
and indices are those of the expected outcome, whatever the number of worlds.
"""

import numpy as np

from experiments.intervals import LEVEL, Interval, resampled_means

RESAMPLES = 2_000
METHOD = "bootstrap"


def resampled(rows: np.ndarray, seed: int = 0) -> np.ndarray:
    """Return means (resamples, columns) of bootstrap samples of the rows."""
    return resampled_means(rows, RESAMPLES, seed)


def interval(estimate: float, draws: np.ndarray, n: int, dropped: int = 0) -> Interval:
    """Return an estimate with the percentile interval of its bootstrap draws."""
    low, high = np.quantile(draws, ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    spread = float(draws.std(ddof=1))
    return Interval(
        float(estimate), float(low), float(high), LEVEL, n, dropped, spread, METHOD
    )


def nothing(n: int, dropped: int = 0) -> Interval:
    """Return an interval that says that nothing is known."""
    nan = float("nan")
    return Interval(nan, nan, nan, LEVEL, n, dropped, nan, METHOD)


def across_worlds(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the mean of x y over pairs of different worlds, the last axis.

    >>> across_worlds(np.array([1.0, 3.0]), np.array([10.0, 20.0]))
    np.float64(25.0)
    """
    worlds = x.shape[-1]
    together = x.sum(-1) * y.sum(-1) - (x * y).sum(-1)
    return together / (worlds * (worlds - 1))
