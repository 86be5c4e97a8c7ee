"""The parameters that an effect depends on, beyond what chance picks out of many."""

from collections.abc import Mapping, Sequence

import numpy as np

FEWEST = 12
"""Parameter sets on either side of a condition, in each half of the data."""


SHUFFLES = 500


def deciding(
    means: np.ndarray, sets: Sequence[Mapping[str, float]], seed: int = 0
) -> tuple[tuple[str, float], ...]:
    """Return the parameters that an effect depends on, with their rank correlations.

    `means` has the effect under each of `sets`, nan where missing. A parameter is kept
    if its absolute correlation exceeds the 95 % quantile of the largest one among all
    parameters in random permutations of the sets (Westfall & Young 1993). The largest
    comes first; empty for fewer than `FEWEST` sets or a constant effect.
    """
    from scipy.stats import rankdata

    there = np.isfinite(means)
    names = list(sets[0])
    columns = np.array([[one[name] for name in names] for one in sets])[there]
    if len(columns) < FEWEST or not means[there].std() > 0:
        return ()
    ranks = _standard(np.apply_along_axis(rankdata, 0, columns))
    y = _standard(rankdata(means[there]))
    draw = np.random.default_rng(seed)
    shuffled = np.array([draw.permutation(y) for _ in range(SHUFFLES)])
    largest = abs(shuffled @ ranks / len(y)).max(1)
    chance = float(np.quantile(largest, 0.95))
    correlations = y @ ranks / len(y)
    order = np.argsort(-abs(correlations))
    return tuple(
        (names[k], float(correlations[k]))
        for k in order
        if abs(correlations[k]) > chance
    )


def _standard(x: np.ndarray) -> np.ndarray:
    """Return columns with mean 0 and sd 1; those that do not vary stay 0."""
    apart, sd = x - x.mean(0), x.std(0)
    return np.divide(apart, sd, out=np.zeros_like(apart), where=sd > 0)
