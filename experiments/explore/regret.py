"""Regret: the loss of a policy against the best possible choice (Savage, 1951).

At each point of the factors the best of all scenarios, the base included, has no
regret; the regret of another is how far it stays behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.explore.resampling import interval
from experiments.statistics.intervals import Interval, mean_interval
from experiments.statistics.paired import best_group, good_sign

RESAMPLES = 1_000
MOST = 0.9
"""The regret that is not exceeded in this share of the points is told."""


@dataclass(frozen=True)
class Regret:
    """The regret of one scenario over all points, in the outcome's unit.

    `most` is the 90 % quantile over points; `best` is the share of points at which the
    scenario is the best; `least_largest` is the share of resamples of the points in
    which its largest regret is the smallest of all.
    """

    name: str
    mean: Interval
    most: Interval
    largest: float
    best: Interval
    least_largest: float


@dataclass(frozen=True)
class Regrets:
    """The regrets of all scenarios, `ways`, and the `group` of least mean regret.

    `group` are those that cannot be told apart from the least. `values` are regrets
    (points, ways). `firm` is the mean regret of the first in `group` if, at each point,
    the best scenario is chosen in half of the worlds and valued in the other half: the
    luck of worlds makes the plain mean too large, and this one too small.
    """

    ways: tuple[Regret, ...]
    group: tuple[int, ...]
    values: np.ndarray
    firm: float
    dropped: int

    @property
    def least_largest(self) -> int:
        """The index of the scenario whose largest regret is the smallest."""
        return int(np.argmin([way.largest for way in self.ways]))


def regrets(
    names: Sequence[str], values: np.ndarray, good: str, seed: int = 0
) -> Regrets:
    """Return the regrets of scenarios from values (points, ways, worlds).

    `good` is `higher` or `lower`. Points with a missing value are left out.
    """
    whole = np.isfinite(values).all((1, 2))
    values = good_sign(good) * values[whole]
    means = values.mean(-1)
    behind = means.max(1, keepdims=True) - means
    draw = np.random.default_rng(seed)
    n = len(behind)
    again = behind[draw.integers(n, size=(RESAMPLES, n))]
    mosts, tops = np.quantile(again, MOST, axis=1), again.max(1).argmin(1)
    firsts = (again == 0).mean(1)
    ways = []
    for k, name in enumerate(names):
        most = interval(float(np.quantile(behind[:, k], MOST)), mosts[:, k], n)
        best = interval(float((behind[:, k] == 0).mean()), firsts[:, k], n)
        mean = mean_interval(behind[:, k])
        largest, least = float(behind[:, k].max()), float((tops == k).mean())
        ways.append(Regret(name, mean, most, largest, best, least))
    group = best_group(behind, "lower", seed=seed)
    firm = _without_luck(values)[group[0]]
    firm = max(float(firm), 0.0)
    return Regrets(tuple(ways), group, behind, firm, int((~whole).sum()))


def _without_luck(values: np.ndarray) -> np.ndarray:
    """Return mean regrets, (ways,), with the best chosen and valued in other worlds.

    They can be below zero by luck alone, where few worlds choose badly.
    """
    halves = (values[..., ::2].mean(-1), values[..., 1::2].mean(-1))
    found = []
    for choosing, valuing in (halves, halves[::-1]):
        best = np.take_along_axis(valuing, choosing.argmax(1)[:, None], 1)
        found.append((best - valuing).mean(0))
    return np.mean(found, axis=0)
