"""Estimates with intervals: Student's t, Welch, BCa bootstrap, Wilson; nan-aware."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri, stdtrit

LEVEL = 0.95
RESAMPLES = 4000
BLOCK = 1_000_000
"""Entries of a table of draws held in memory at a time."""
SKEWED = 1.0
"""Absolute skewness from which a sample counts as highly skewed (Bulmer, 1979)."""
ENOUGH_TO_RESAMPLE = 20
"""Fewer values than this and a bootstrap interval is too narrow to prefer."""


@dataclass(frozen=True)
class Interval:
    """An estimate of a mean with its confidence interval.

    `n` values were used and `dropped` ones were nan; `sd` is their standard deviation
    (of the paired differences, where the estimate is one). `method` is `t`, `bca`,
    `welch`, `wilson` or `bootstrap`; where simultaneous `sidak`, `bonferroni` or
    `max_t`. Below two values low, high and sd are nan; with none, so is the estimate.
    """

    estimate: float
    low: float
    high: float
    level: float
    n: int
    dropped: int
    sd: float
    method: str

    @property
    def half_width(self) -> float:
        """Half the distance from low to high."""
        return (self.high - self.low) / 2

    @property
    def known(self) -> bool:
        """Whether the estimate and both ends are finite."""
        return bool(np.isfinite([self.estimate, self.low, self.high]).all())

    @property
    def spans_zero(self) -> bool:
        """Whether zero lies inside; true where the interval is unknown."""
        return not (self.low > 0 or self.high < 0)

    def columns(self, name: str) -> dict[str, float]:
        """Return estimate and ends as columns of a table: name, name_low, name_high."""
        return {name: self.estimate, f"{name}_low": self.low, f"{name}_high": self.high}

    def within(self, size: float) -> bool:
        """Return whether the whole interval lies within plus or minus `size`."""
        return bool(self.low >= -size and self.high <= size)


def mean_interval(
    values: ArrayLike, level: float = LEVEL, method: str = "auto", seed: int = 0
) -> Interval:
    """Return the mean of `values` with its interval.

    `method` is `t`, `bca` or `auto`: BCa where there are at least
    `ENOUGH_TO_RESAMPLE` values and their absolute skewness exceeds `SKEWED`, else t.
    """
    values = np.asarray(values, float).ravel()
    if method == "auto":
        method = "bca" if is_skewed(values) else "t"
    if method == "t":
        return t_interval(values, level)
    if method == "bca":
        return bca_interval(values, level, seed=seed)
    raise ValueError(f"method {method!r} is not one of 'auto', 't', 'bca'")


def t_interval(values: ArrayLike, level: float = LEVEL) -> Interval:
    """Return the mean with Student's t interval (Student, 1908)."""
    kept, dropped = present(values)
    n, mean, sd = len(kept), mean_of(kept), spread(kept)
    reach = float(stdtrit(n - 1, (1 + level) / 2)) * sd / math.sqrt(max(n, 1))
    return Interval(mean, mean - reach, mean + reach, level, n, dropped, sd, "t")


def intervals_by_column(
    values: np.ndarray, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return means and ends of the t intervals of the columns of (worlds, columns).

    As `t_interval` gives for each; nan is left out.
    """
    there = np.isfinite(values)
    n = there.sum(0)
    mean = mean_known(values, 0)
    squares = np.where(there, (values - mean) ** 2, 0.0).sum(0)
    few = np.full(mean.shape, np.nan)
    error = np.sqrt(np.divide(squares, (n - 1) * n, few, where=n > 1))
    reach = stdtrit(np.maximum(n - 1, 1), (1 + level) / 2) * error
    return mean, mean - reach, mean + reach


def welch_interval(a: ArrayLike, b: ArrayLike, level: float = LEVEL) -> Interval:
    """Return mean(b) - mean(a) of unpaired values with its interval (Welch, 1947).

    Unknown where either has fewer than two values.
    """
    x, y = t_interval(a, level), t_interval(b, level)
    gap = y.estimate - x.estimate
    parts = [one.sd**2 / one.n if one.n > 1 else math.nan for one in (x, y)]
    error = sum(parts)
    reach = math.nan
    if math.isfinite(error):
        pairs = zip(parts, (x, y), strict=True)
        spread = sum(part**2 / (one.n - 1) for part, one in pairs)
        freedom = error**2 / spread if spread > 0 else x.n + y.n - 2
        reach = float(stdtrit(freedom, (1 + level) / 2)) * math.sqrt(error)
    return replace(
        x,
        estimate=gap,
        low=gap - reach,
        high=gap + reach,
        n=x.n + y.n,
        dropped=x.dropped + y.dropped,
        sd=math.sqrt(error * min(x.n, y.n)),
        method="welch",
    )


def bca_interval(
    values: ArrayLike,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Interval:
    """Return the mean with its BCa bootstrap interval (Efron, 1987).

    Bias-corrected and accelerated percentiles of `resamples` means, drawn from a
    counter-based generator of `seed`: the same values give the same interval.
    """
    kept, dropped = present(values)
    plain = replace(t_interval(kept, level), dropped=dropped, method="bca")
    if len(kept) < 2 or not plain.sd > 0:
        return plain
    centred = kept - plain.estimate
    means = np.sort(resampled_means(centred, resamples, seed))
    below = ((means < 0).mean() + (means <= 0).mean()) / 2
    if not 0 < below < 1:
        return plain
    ends = np.quantile(means, _bca_tails(centred, ndtri(below), level))
    low, high = (float(end) + plain.estimate for end in ends)
    return replace(plain, low=low, high=high)


def is_skewed(values: ArrayLike) -> bool:
    """Return whether values are many enough, and skewed enough, to prefer BCa."""
    kept, _ = present(values)
    return len(kept) >= ENOUGH_TO_RESAMPLE and abs(_skewness(kept)) > SKEWED


def spread(values: ArrayLike) -> float:
    """Return the standard deviation of the finite values; nan below two."""
    kept, _ = present(values)
    return float(kept.std(ddof=1)) if len(kept) > 1 else math.nan


def present(values: ArrayLike) -> tuple[np.ndarray, int]:
    """Return the finite values, and the number of others."""
    values = np.asarray(values, float).ravel()
    kept = values[np.isfinite(values)]
    return kept, len(values) - len(kept)


def mean_of(values: np.ndarray) -> float:
    """Return the mean; nan if there are no values."""
    return float(values.mean()) if len(values) else math.nan


def mean_known(values: np.ndarray, axis: int) -> np.ndarray:
    """Return means of the finite values over an axis; nan where there are none."""
    there = np.isfinite(values)
    total = np.where(there, values, 0.0).sum(axis)
    none = np.full(total.shape, np.nan)
    return np.divide(total, there.sum(axis), none, where=there.any(axis))


def _skewness(values: np.ndarray) -> float:
    centred = values - mean_of(values)
    sd = math.sqrt(mean_of(centred**2))
    return mean_of((centred / sd) ** 3) if sd > 0 else 0.0


@lru_cache(maxsize=2)
def _counts(n: int, resamples: int, seed: int, first: int) -> np.ndarray:
    """Return how often each of n values is drawn, (resamples, n); rows sum to n.

    The generator's key is seed and number of the first resample, so blocks do not
    depend on one another. Cached, because the outcomes of one study share their size.
    """
    generator = np.random.Generator(np.random.Philox(key=[seed, first]))
    return generator.multinomial(n, np.full(n, 1 / n), resamples).astype(float)


def resampled_means(values: np.ndarray, resamples: int, seed: int) -> np.ndarray:
    """Return the means over axis 0 of `resamples` bootstrap samples of the rows."""
    n = len(values)
    rows = max(1, BLOCK // n)
    blocks = [
        _counts(n, min(rows, resamples - first), seed, first) @ values
        for first in range(0, resamples, rows)
    ]
    return np.concatenate(blocks) / n


def _bca_tails(centred: np.ndarray, bias: float, level: float) -> np.ndarray:
    """Return the probabilities of the two BCa quantiles (Efron, 1987)."""
    acceleration = (centred**3).sum() / (6 * (centred**2).sum() ** 1.5)
    z = bias + ndtri(np.array([(1 - level) / 2, (1 + level) / 2]))
    return ndtr(bias + z / (1 - acceleration * z))


def share_interval(count: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of the share `count` / `of` (Wilson 1927).

    >>> [round(x, 3) for x in share_interval(0, 100)]
    [0.0, 0.037]
    """
    z = 1.959964
    p = count / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * np.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, float(middle - reach)), min(1.0, float(middle + reach))
