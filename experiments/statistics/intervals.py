"""Estimates with intervals: Student's t, Hall, Welch, Wilson; nan-aware."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

LEVEL = 0.95
RESAMPLES = 4000
BLOCK = 1_000_000
"""Entries of a table of draws held in memory at a time."""
ENOUGH_FOR_SKEWNESS = 20
"""Fewer values than this do not tell their skewness."""


@dataclass(frozen=True)
class Interval:
    """An estimate of a mean with its confidence interval.

    `n` values were used and `dropped` ones were nan; `sd` is their standard deviation
    (of the paired differences, where the estimate is one). `method` is `t`, `hall`,
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

    @property
    def size(self) -> "Interval":
        """The interval of the estimate without its sign."""
        return self if self.estimate > 0 else self.times(-1)

    def times(self, factor: float) -> "Interval":
        """Return the interval of the estimate times a factor."""
        low, high = sorted((factor * self.low, factor * self.high))
        sd = abs(factor) * self.sd
        return replace(self, estimate=factor * self.estimate, low=low, high=high, sd=sd)

    def within(self, size: float) -> bool:
        """Return whether the whole interval lies within plus or minus `size`."""
        return bool(self.low >= -size and self.high <= size)


UNKNOWN = Interval(math.nan, math.nan, math.nan, LEVEL, 0, 0, math.nan, "")
"""What stands where there is no estimate."""


def exactly(value: float) -> Interval:
    """Return a value that is known for sure, as an interval without width."""
    return Interval(value, value, value, 1.0, 1, 0, 0.0, "")


def mean_interval(
    values: ArrayLike, level: float = LEVEL, method: str = "auto"
) -> Interval:
    """Return the mean of `values` with its interval.

    `method` is `t`, `hall` or `auto`: Hall where there are at least
    `ENOUGH_FOR_SKEWNESS` values, else t.
    """
    values = np.asarray(values, float)
    if method == "auto":
        enough = np.isfinite(values).sum() >= ENOUGH_FOR_SKEWNESS
        method = "hall" if enough else "t"
    if method == "t":
        return t_interval(values, level)
    if method == "hall":
        return hall_interval(values, level)
    raise ValueError(f"method {method!r} is not one of 'auto', 't', 'hall'")


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
    mean, reach = mean_known(values, 0), half_widths(values, 0, level)
    return mean, mean - reach, mean + reach


def half_widths(values: np.ndarray, axis: int, level: float = LEVEL) -> np.ndarray:
    """Return half-widths of t intervals over an axis; nan values are left out."""
    there = np.isfinite(values)
    n = there.sum(axis)
    mean = np.expand_dims(mean_known(values, axis), axis)
    squares = (np.where(there, values - mean, 0.0) ** 2).sum(axis)
    few = np.full(squares.shape, np.nan)
    error = np.sqrt(np.divide(squares, (n - 1) * n, few, where=n > 1))
    widths: np.ndarray = error * stdtrit(np.maximum(n - 1, 1), (1 + level) / 2)
    return widths


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


def hall_interval(values: ArrayLike, level: float = LEVEL) -> Interval:
    """Return the mean with its interval after removing skewness (Hall, 1992).

    With u = (mean - truth) / sd and the skewness g of the n values, u + g u^2 / 3 +
    g^2 u^3 / 27 + g / (6 n) is taken to have Student's distribution over root n. It
    rises with u, so each end follows from a cube root. Without skewness this is the t
    interval. With it, coverage is nearer to the level than that of a bootstrap.
    """
    plain = replace(t_interval(values, level), method="hall")
    if not (plain.known and plain.sd > 0):
        return plain
    skewness = _skewness(present(values)[0])

    def end(quantile: float) -> float:
        moved = quantile - skewness / (6 * plain.n)
        root = np.cbrt(1 + skewness * moved)
        u = 3 * moved / (root**2 + root + 1)  # (root - 1) * 3 / skewness, at 0 too
        return float(plain.estimate - plain.sd * u)

    reach = plain.half_width / plain.sd
    return replace(plain, low=end(reach), high=end(-reach))


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
