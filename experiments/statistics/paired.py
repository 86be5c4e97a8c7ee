"""Paired statistics of replicates.

Scenarios share their simulated worlds, so comparisons are paired: entry i of two
arrays is the same world. Intervals are of the mean; bands and spreads describe the
worlds themselves. Pairs with a nan are dropped and counted. There are no p-values.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from experiments.statistics.intervals import (
    LEVEL,
    RESAMPLES,
    Interval,
    hall_interval,
    mean_interval,
    mean_known,
    mean_of,
    present,
    resampled_means,
    spread,
    t_interval,
)
from experiments.statistics.verdicts import clear_sign

__all__ = [
    "LEVEL",
    "Band",
    "Interval",
    "PairedComparison",
    "best_group",
    "compare",
    "groups",
    "hall_interval",
    "level_together",
    "mean_interval",
    "outcome_band",
    "paired_difference",
    "relative_difference",
    "replicates_needed",
    "share_better",
    "simultaneous_intervals",
    "spread",
    "superiority",
    "t_interval",
    "variance_reduction",
]


@dataclass(frozen=True)
class Band:
    """The spread of worlds: quantiles `low` and `high`, median, mean and number `n`.

    Arrays over the remaining axes (such as weeks), or scalars. nan is skipped.
    """

    low: np.ndarray
    median: np.ndarray
    high: np.ndarray
    mean: np.ndarray
    n: np.ndarray


@dataclass(frozen=True)
class PairedComparison:
    """Scenario B against scenario A on one outcome, over the same worlds.

    All are of the worlds in which both have a value, so that `difference`, in the
    outcome's unit, is the mean `b` minus the mean `a`. `relative` is the same as a
    share of A's mean. `share_better` is the share of worlds, 0 to 1, in which B beats
    A. `spread_a` and `spread_b` are standard deviations between worlds.
    `variance_reduction` is how many times more worlds an unpaired comparison needs.
    """

    a: Interval
    b: Interval
    difference: Interval
    relative: Interval
    share_better: float
    spread_a: float
    spread_b: float
    variance_reduction: float


def paired_difference(
    a: ArrayLike,
    b: ArrayLike,
    level: float = LEVEL,
    method: str = "auto",
) -> Interval:
    """Return the mean of b - a over worlds, with its interval."""
    a, b = _pair(a, b)
    return mean_interval(b - a, level, method)


def relative_difference(a: ArrayLike, b: ArrayLike, level: float = LEVEL) -> Interval:
    """Return (mean(b) - mean(a)) / |mean(a)|, its interval by the delta method.

    nan where mean(a) is 0. `sd` is that of the linearised differences.
    """
    x, y, dropped = _whole_pairs(a, b)
    base = mean_of(x)
    if not abs(base) > 0:
        nothing = math.nan
        return Interval(nothing, nothing, nothing, level, len(x), dropped, nothing, "t")
    ratio = mean_of(y) / base
    around = t_interval((y - ratio * x) / abs(base), level)
    shift = math.copysign(1, base) * (ratio - 1)
    return replace(
        around,
        estimate=shift,
        low=shift + around.low,
        high=shift + around.high,
        dropped=dropped,
    )


def good_sign(good: str) -> int:
    """Return the sign that makes higher values better: -1 for `lower`, else 1."""
    return -1 if good == "lower" else 1


def share_better(a: ArrayLike, b: ArrayLike, good: str = "higher") -> float:
    """Return the share of worlds (0 to 1) in which b beats a; ties count half.

    `good` is `higher` or `lower`; `neutral` counts higher. nan without worlds.
    """
    if good not in ("higher", "lower", "neutral"):
        raise ValueError(f"good {good!r} is not one of 'higher', 'lower', 'neutral'")
    a, b = _pair(a, b)
    ahead, _ = present(good_sign(good) * (b - a))
    return mean_of((np.sign(ahead) + 1) / 2)


def superiority(a: ArrayLike, b: ArrayLike) -> float:
    """Return the probability that a random b exceeds a random a; ties count half.

    For unpaired values: the A of Vargha & Delaney (2000), from 0 to 1; .5 is no
    difference. nan where either has no values.
    """
    a, b = np.sort(present(a)[0]), present(b)[0]
    if not (len(a) and len(b)):
        return math.nan
    beaten = np.searchsorted(a, b, "left") + np.searchsorted(a, b, "right")
    return float(beaten.sum() / (2 * len(a) * len(b)))


def outcome_band(
    values: np.ndarray, low: float = 0.1, high: float = 0.9, axis: int = 0
) -> Band:
    """Return the band of outcomes over `axis` (replicates): 10 to 90 % by default."""
    values = np.moveaxis(np.asarray(values, float), axis, 0)
    there = np.isfinite(values)
    n = there.sum(0)
    filled = np.where(n > 0, np.where(there, values, np.nan), 0.0)
    ends = np.nanquantile(filled, (low, 0.5, high), axis=0)
    ends = np.where(n > 0, ends, np.nan)
    mean = np.where(n > 0, np.nanmean(filled, axis=0), np.nan)
    return Band(ends[0], ends[1], ends[2], mean, n)


def variance_reduction(a: ArrayLike, b: ArrayLike) -> float:
    """Return var(unpaired difference) / var(paired difference).

    An unpaired comparison would need so many times more worlds. inf where all
    differences are equal but the worlds are not; nan where nothing varies.
    """
    x, y, _ = _whole_pairs(a, b)
    unpaired, paired = spread(x) ** 2 + spread(y) ** 2, spread(y - x) ** 2
    if paired > 0 or math.isnan(paired):
        return unpaired / paired
    return math.inf if unpaired > 0 else math.nan


def replicates_needed(sd: float, half_width: float, level: float = LEVEL) -> int:
    """Return the replicates (at least 2) that give a t interval of this half-width.

    `sd` is that of the values or paired differences. Raises ValueError for a
    half-width that is not positive or an sd that is not finite.
    """
    if not half_width > 0:
        raise ValueError(f"half_width must be positive, got {half_width}")
    if not (math.isfinite(sd) and sd >= 0):
        raise ValueError(f"sd must be finite and not negative, got {sd}")
    n = max(2, math.ceil((ndtri((1 + level) / 2) * sd / half_width) ** 2))
    while stdtrit(n - 1, (1 + level) / 2) * sd / math.sqrt(n) > half_width:
        n += 1
    return n


def simultaneous_intervals(
    differences: np.ndarray, level: float = LEVEL, method: str = "sidak", seed: int = 0
) -> tuple[Interval, ...]:
    """Return simultaneous intervals for the means of the k columns of (worlds, k).

    `sidak`: t intervals at level**(1/k), valid and cautious under dependence
    (Sidak, 1967); each column drops its own nan. `max_t`: the bootstrap distribution
    of the largest studentised deviation (Romano & Wolf, 2005), which uses the
    dependence; worlds with any nan are dropped. `bonferroni`: 1 - (1 - level) / k.
    """
    differences = np.asarray(differences, float)
    k = differences.shape[1]
    levels = {
        "sidak": level_together(k, level),
        "bonferroni": 1 - (1 - level) / max(k, 1),
    }
    if method == "max_t":
        return _max_t_intervals(differences, level, seed)
    if method not in levels:
        raise ValueError(
            f"method {method!r} is not one of 'sidak', 'bonferroni', 'max_t'"
        )
    each = (t_interval(column, levels[method]) for column in differences.T)
    return tuple(replace(one, level=level, method=method) for one in each)


def level_together(count: int, level: float = LEVEL) -> float:
    """Return the level of each of `count` simultaneous intervals (Sidak)."""
    return level ** (1 / max(count, 1))


MOST_PAIRED = 21
"""Scenarios of which each is set beside each other to find the best."""


def best_group(
    values: np.ndarray,
    good: str = "higher",
    level: float = LEVEL,
    seed: int = 0,
    smallest: float = 0.0,
) -> tuple[int, ...]:
    """Return the columns of (worlds, k) that cannot be told apart from the best.

    They are in order of their means, the best first. A column is left out if some other
    column is clearly better by the simultaneous interval of their difference (all
    pairs, max-t): it excludes zero, and its estimate is at least the `smallest`
    difference that matters. With more than `MOST_PAIRED` columns, each is compared only
    with the one of the best mean.
    """
    values = good_sign(good) * np.asarray(values, float)
    if values.shape[1] > MOST_PAIRED:
        return _near_the_best(values, level, smallest)
    values = values[np.isfinite(values).all(1)]
    k = values.shape[1]
    if not len(values):
        return tuple(range(k))
    order = tuple(int(i) for i in np.argsort(-values.mean(0), kind="stable"))
    if k < 2:
        return order
    pairs = [(i, j) for i in range(k) for j in range(k) if i < j]
    gaps = np.stack([values[:, i] - values[:, j] for i, j in pairs], 1)
    intervals = _max_t_intervals(gaps, level, seed)
    beaten = set()
    for (i, j), gap in zip(pairs, intervals, strict=True):
        if sign := clear_sign(gap, smallest):
            beaten.add(j if sign > 0 else i)
    return tuple(i for i in order if i not in beaten)


def _near_the_best(
    values: np.ndarray, level: float, smallest: float
) -> tuple[int, ...]:
    """Return the columns not surely worse than the one with the highest mean.

    Paired t intervals hold simultaneously over the k - 1 others (Sidak). The column
    that is best in truth is therefore left out with probability at most 1 - level,
    whichever has the highest mean. Each pair drops its own nan. Time and memory grow
    with k, not with k squared.
    """
    means = mean_known(values, 0)
    order = np.argsort(np.where(np.isfinite(means), -means, np.inf), kind="stable")
    apart = level_together(values.shape[1] - 1, level)
    best = values[:, order[0]]
    gaps = {int(i): t_interval(best - values[:, i], apart) for i in order}
    return tuple(i for i, gap in gaps.items() if clear_sign(gap, smallest) < 1)


def groups(
    values: np.ndarray, good: str = "higher", level: float = LEVEL
) -> list[tuple[int, ...]]:
    """Return the columns of (worlds, k), best first by their means, in groups.

    A column begins a new group if it is surely worse than the first column of the
    present group (paired t intervals that hold simultaneously over k - 1 comparisons);
    otherwise it joins that group. Pairs with a nan are dropped.
    """
    values = good_sign(good) * np.asarray(values, float)
    k = values.shape[1]
    means = np.array([mean_of(present(column)[0]) for column in values.T])
    order = np.argsort(np.where(np.isfinite(means), -means, np.inf), kind="stable")
    apart = level_together(max(k - 1, 1), level)
    tiers: list[list[int]] = []
    for i in map(int, order):
        lead = values[:, tiers[-1][0]] - values[:, i] if tiers else None
        if lead is None or t_interval(lead, apart).low > 0:
            tiers.append([])
        tiers[-1].append(i)
    return [tuple(group) for group in tiers]


def compare(
    a: ArrayLike,
    b: ArrayLike,
    good: str = "higher",
    level: float = LEVEL,
) -> PairedComparison:
    """Return all statistics of the comparison of B with A on one outcome."""
    x, y, dropped = _whole_pairs(a, b)
    of_a, of_b = (mean_interval(values, level) for values in (x, y))
    return PairedComparison(
        a=replace(of_a, dropped=dropped),
        b=replace(of_b, dropped=dropped),
        difference=paired_difference(a, b, level),
        relative=relative_difference(a, b, level),
        share_better=share_better(a, b, good),
        spread_a=spread(x),
        spread_b=spread(y),
        variance_reduction=variance_reduction(a, b),
    )


def _pair(a: ArrayLike, b: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.asarray(a, float).ravel(), np.asarray(b, float).ravel()
    if len(a) != len(b):
        raise ValueError(f"paired values differ in number: {len(a)} and {len(b)}")
    return a, b


def _whole_pairs(a: ArrayLike, b: ArrayLike) -> tuple[np.ndarray, np.ndarray, int]:
    """Return the pairs of finite values, and the number of dropped pairs."""
    x, y = _pair(a, b)
    whole = np.isfinite(x) & np.isfinite(y)
    return x[whole], y[whole], int((~whole).sum())


def _max_t_intervals(
    differences: np.ndarray, level: float, seed: int
) -> tuple[Interval, ...]:
    whole = np.isfinite(differences).all(1)
    known, dropped = differences[whole], int((~whole).sum())
    plain = [
        replace(t_interval(column, level), dropped=dropped, method="max_t")
        for column in known.T
    ]
    reach = _largest_deviation(known, level, seed) / math.sqrt(max(len(known), 1))
    return tuple(
        replace(
            one, low=one.estimate - reach * one.sd, high=one.estimate + reach * one.sd
        )
        for one in plain
    )


COLUMNS_AT_A_TIME = 512
"""Columns whose resamples are held in memory at a time."""


def _largest_deviation(values: np.ndarray, level: float, seed: int) -> float:
    """Return the `level` quantile of max |t| over columns, by bootstrap.

    At least that of Student's t.
    """
    n, k = values.shape
    if n < 2:
        return math.nan
    largest = np.zeros(RESAMPLES)
    for first in range(0, k, COLUMNS_AT_A_TIME):
        part = values[:, first : first + COLUMNS_AT_A_TIME]
        np.maximum(largest, _deviations(part, seed), out=largest)
    quantile = float(np.quantile(largest, level, method="higher"))
    if not math.isfinite(quantile):  # too many ties to bootstrap: Bonferroni instead
        level = 1 - (1 - level) / max(1, k)
        quantile = 0.0
    return max(quantile, float(stdtrit(n - 1, (1 + level) / 2)))


def _deviations(values: np.ndarray, seed: int) -> np.ndarray:
    """Return max |t| over columns in each bootstrap sample of the rows."""
    centred = values - values.mean(0)
    moments = resampled_means(np.hstack((centred, centred**2)), RESAMPLES, seed)
    means, squares = np.hsplit(moments, 2)
    variance = squares - means**2
    error = np.sqrt(np.maximum(variance, 0.0) / (len(values) - 1))
    certain = np.where(abs(means) > 0, np.inf, 0.0)  # t of a resample without spread
    t = np.divide(abs(means), error, certain, where=error > 0)
    deviations: np.ndarray = t.max(1, initial=0.0)
    return deviations
