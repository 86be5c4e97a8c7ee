"""The share of parameter sets in which an effect has a sign, corrected for run noise.

Effects are (S, M): M organisations or worlds for each of S parameter sets.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from experiments.statistics.intervals import mean_known

MOST = 0.9
"""Share of parameter sets in which a sign must hold to count as robust."""
RESAMPLES = 1_000


@dataclass(frozen=True)
class SignShare:
    """The share of parameter sets in which a sign holds, from 0 to 1.

    `raw` counts the means of the sets, which include the noise of few runs; `estimate`
    is corrected for that noise, and `low` to `high` is its 95 % interval.
    """

    raw: float
    estimate: float
    low: float
    high: float

    def columns(self, name: str) -> dict[str, float]:
        """Return the share and its ends as columns of a table, as of an `Interval`."""
        return {name: self.estimate, f"{name}_low": self.low, f"{name}_high": self.high}

    @property
    def most(self) -> bool | None:
        """Whether the share is at least `MOST`; None where that cannot be told."""
        if self.low >= MOST:
            return True
        return False if self.high < MOST else None


def share_of_sets(
    effect: np.ndarray, within: float | None = None, seed: int = 0
) -> SignShare:
    """Return the share of sets with an effect above zero, or `within` a size of zero.

    Means over M runs are noisy. The estimate is therefore the share of a normal
    distribution whose variance is that between the set means minus the noise of the
    means (random effects: DerSimonian & Laird 1986), with a percentile bootstrap
    interval over sets. nan below two sets.
    """
    means = set_means(effect)
    there = np.isfinite(means)
    means, errors = means[there], _errors(effect)[there]
    n = len(means)
    if n < 2:
        return SignShare(*[math.nan] * 4)
    drawn = np.random.default_rng(seed).integers(n, size=(RESAMPLES, n))
    again = _modelled(means[drawn], errors[drawn], within)
    low, high = np.quantile(again, [0.025, 0.975])
    [estimate] = _modelled(means[None], errors[None], within)
    return SignShare(
        share_inside(means, within), float(estimate), float(low), float(high)
    )


def _modelled(
    means: np.ndarray, errors: np.ndarray, within: float | None
) -> np.ndarray:
    """Return the share, corrected for noise, of each row of (resamples, sets).

    `errors` are the variances of the means, nan where unknown.
    """
    known = np.isfinite(errors)
    total = np.where(known, errors, 0.0).sum(1)
    noise = np.divide(total, known.sum(1), np.zeros(len(total)), where=known.any(1))
    between = np.sqrt(np.maximum(0.0, means.var(1, ddof=1) - noise))
    mean = means.mean(1)
    if within is None:
        return _below(mean, between)
    return _below(within - mean, between) - _below(-within - mean, between)


def _below(x: np.ndarray, sd: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sd > 0, ndtr(x / sd), (x > 0).astype(float))


def set_means(effect: np.ndarray) -> np.ndarray:
    """Return the mean of each set over its runs, nan where there is none."""
    return mean_known(effect, 1)


def _errors(effect: np.ndarray) -> np.ndarray:
    """Return the variance of each set's mean over its runs, nan below two."""
    n = np.isfinite(effect).sum(1)
    mean = set_means(effect)[:, None]
    squares = np.where(np.isfinite(effect), (effect - mean) ** 2, 0.0).sum(1)
    few = np.full(len(effect), np.nan)
    return np.divide(squares, (n - 1) * n, few, where=n > 1)


def share_inside(means: np.ndarray, within: float | None = None) -> float:
    """Return the share of known means above zero, or `within` a size of zero."""
    inside = means > 0 if within is None else abs(means) < within
    return share_true(inside, means)


def share_true(which: np.ndarray, of: np.ndarray) -> float:
    """Return the share of True in `which` where the values `of` are finite."""
    known = np.isfinite(of)
    return float(which[known].mean()) if known.any() else math.nan
