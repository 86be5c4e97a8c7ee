"""Find patterns that pull against each other: seldom both inside their ranges."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.stats import norm

LEVEL = 0.05


@dataclass(frozen=True)
class Pull:
    """Two patterns that hold together less often than expected by chance.

    `together` is the number of points that meet both, `expected` the number if the two
    were independent. `r` is the correlation, within waves, of whether each holds.
    """

    one: str
    other: str
    together: int
    expected: float
    r: float


def pulls(passes: pd.DataFrame, wave: np.ndarray) -> list[Pull]:
    """Return the pairs of patterns that pull against each other, strongest first.

    `passes` says which point meets which pattern. Points are compared within waves, as
    later waves meet more of everything (Mantel & Haenszel 1959). The level of the test
    holds for all pairs together.
    """
    held = passes.to_numpy(float)
    expected, centred, spread = _within(held, wave)
    together = held.T @ held
    pairs = list(combinations(range(held.shape[1]), 2))
    surely = norm.ppf(LEVEL / max(1, len(pairs)))
    names, found = list(passes), []
    for a, b in pairs:
        if spread[a, b] > 0 and centred[a, b] / np.sqrt(spread[a, b]) < surely:
            r = centred[a, b] / np.sqrt(centred[a, a] * centred[b, b])
            both = (int(together[a, b]), float(expected[a, b]))
            found.append(Pull(names[a], names[b], *both, float(r)))
    return sorted(found, key=lambda one: one.r)


def _within(
    held: np.ndarray, wave: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return, over waves: expected pairs, the excess of pairs, and its variance."""
    size = held.shape[1]
    expected, centred, spread = (np.zeros((size, size)) for _ in range(3))
    for number in np.unique(wave):
        part = held[wave == number]
        n, share = len(part), part.mean(0)
        by_chance = n * np.outer(share, share)
        expected += by_chance
        centred += part.T @ part - by_chance
        if n > 1:
            left = share * (1 - share)
            spread += n * n / (n - 1) * np.outer(left, left)
    return expected, centred, spread
