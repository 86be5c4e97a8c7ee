"""Estimates from drawn points: bootstrap intervals, and products free of chance.

Worlds are the same at all points. What differs between points in one world and not in
another is chance. Products of two different worlds are free of it on average, so that
variances and indices are those of the expected outcome, whatever the number of worlds.
"""

import numpy as np

from experiments.statistics.intervals import LEVEL, Interval, resampled_means

RESAMPLES = 2_000
METHOD = "bootstrap"
BATCHES = 8
"""Beyond so many worlds, batches of them take their place in pairs."""


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
    """Return an interval in which nothing is known: all nan."""
    nan = float("nan")
    return Interval(nan, nan, nan, LEVEL, n, dropped, nan, METHOD)


def across_worlds(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the product of x and y for each pair of different worlds, the last axis.

    Each is the mean of both orders of the pair.

    >>> across_worlds(np.array([1.0, 3.0, 0.0]), np.array([10.0, 20.0, 2.0]))
    array([25.,  1.,  3.])
    """
    one, other = np.triu_indices(x.shape[-1], 1)
    return (x[..., one] * y[..., other] + x[..., other] * y[..., one]) / 2


def in_batches(values: np.ndarray) -> np.ndarray:
    """Return means over at most `BATCHES` batches of the last axis, the worlds."""
    if values.shape[-1] <= BATCHES:
        return values
    parts = np.array_split(values, BATCHES, axis=-1)
    return np.stack([part.mean(-1) for part in parts], -1)


def pairs_drawn(worlds: int, seed: int = 0) -> np.ndarray:
    """Return weights (resamples, pairs) of pairs of different worlds; rows sum to 1.

    Each resample draws worlds with replacement; if it draws only one world, all pairs
    have the same weight.
    """
    draw = np.random.default_rng(seed)
    counts = draw.multinomial(worlds, np.full(worlds, 1 / worlds), RESAMPLES)
    one, other = np.triu_indices(worlds, 1)
    weights = (counts[:, one] * counts[:, other]).astype(float)
    weights[weights.sum(1) == 0] = 1.0
    return weights / weights.sum(1, keepdims=True)
