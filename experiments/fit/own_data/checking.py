"""A posterior predictive check: whether the model can make such data.

The distance of the data from the worlds of the posterior is compared with the distances
of the worlds themselves, so that correlated statistics do not count twice (Gelman, Meng
& Stern 1996).
"""

from dataclasses import dataclass

import numpy as np

from experiments.fit.own_data.posterior import EDGES
from experiments.fit.own_data.summaries import Statistic

CANNOT, DOUBTFUL = 0.01, 0.05
"""Chance of worlds as far out as the data below which it is said so."""
SPREAD_OF_90 = 3.29
"""Standard deviations between the ends that hold 90 % of a normal distribution."""


@dataclass(frozen=True)
class Check:
    """S statistics of the data among those of A worlds of the posterior.

    `position` (S,) is the share of worlds below the data, ties counted half; `low`,
    `middle` and `high` (S,) are quantiles of the worlds; `distance` (S,) is that of the
    data from the middle, in standard deviations. `out` marks statistics outside the
    central 90 % of the worlds. `chance` is the share of worlds at least as far out, by
    the number of statistics outside or by the largest distance: the smaller of the two
    shares, times two. `beyond` (S,) marks statistics that no draw of the prior reached.
    """

    statistics: tuple[Statistic, ...]
    observed: np.ndarray
    position: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    distance: np.ndarray
    chance: float
    beyond: np.ndarray

    @property
    def out(self) -> np.ndarray:
        """Which statistics lie outside the central 90 % of the worlds, (S,)."""
        return (self.observed < self.low) | (self.observed > self.high)

    @property
    def verdict(self) -> str:
        """Whether the model makes such data: `can`, `doubtful` or `cannot`."""
        if self.beyond.any() or self.chance < CANNOT:
            return "cannot"
        return "doubtful" if self.chance < DOUBTFUL else "can"


def check(
    statistics: tuple[Statistic, ...],
    observed: np.ndarray,
    worlds: np.ndarray,
    draws: np.ndarray,
) -> Check:
    """Check data (S,) against worlds of the posterior (A, S).

    `draws` (N, S) are those of the prior.
    """
    low, middle, high = np.nanquantile(worlds, (EDGES[0], 0.5, EDGES[1]), axis=0)
    spread = (high - low) / SPREAD_OF_90
    spread = np.where(spread > 0, spread, np.nanstd(worlds, axis=0))
    below = np.nanmean(worlds < observed, axis=0)
    position = below + 0.5 * np.nanmean(worlds == observed, axis=0)
    distance = _distance(observed, middle, spread)
    theirs = _distance(worlds, middle, spread)
    outside = int(((observed < low) | (observed > high)).sum())
    counts = ((worlds < low) | (worlds > high)).sum(1)
    rare = [
        (1 + (counts >= outside).sum()) / (1 + len(worlds)),
        (1 + (theirs.max(1) >= distance.max()).sum()) / (1 + len(worlds)),
    ]
    return Check(
        statistics,
        observed,
        position,
        low,
        middle,
        high,
        distance,
        min(1.0, 2 * float(min(rare))),
        beyond(observed, draws),
    )


def beyond(observed: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return which statistics (S,) of the data no draw of the prior (N, S) reached."""
    return (observed < np.nanmin(draws, 0)) | (observed > np.nanmax(draws, 0))


def _distance(x: np.ndarray, middle: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Return |x - middle| / spread; without spread 0 if equal, else infinite."""
    away = np.abs(np.nan_to_num(x - middle))
    distance = np.where(away > 0, np.inf, np.zeros(np.shape(x)))
    return np.divide(away, spread, out=distance, where=spread > 0)
