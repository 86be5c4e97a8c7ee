"""Sobol indices: shares of the variance due to factors, alone and in all (Sobol, 1993).

First-order indices are after Saltelli et al. (2010), total ones after Jansen (1999).
Both use products of different worlds, so that chance which differs between points
plays no part. Intervals are bootstrapped over points and over worlds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from experiments.explore.resampling import (
    across_worlds,
    in_batches,
    interval,
    nothing,
    pairs_drawn,
    resampled,
)
from experiments.statistics.intervals import LEVEL, Interval

STABLE = 0.95
"""The first is told as such when it keeps its place in this share of resamples."""
FEWEST = 8
"""Points below which nothing is told."""


@dataclass(frozen=True)
class Indices:
    """The share of each factor in the variance of one expected outcome.

    `variance` is the variance of the expected outcome over the kept factors, in the
    outcome's unit squared. `firm` is the share of resamples in which the factor of the
    largest total index keeps its place; `tied` are the factors that cannot be told
    apart from it, itself first. If the worlds do not `agree` that the outcome varies,
    or are only two, intervals are over points alone: they hold for these worlds, and
    not surely for others.
    """

    names: tuple[str, ...]
    first: tuple[Interval, ...]
    total: tuple[Interval, ...]
    variance: Interval
    firm: float
    tied: tuple[int, ...]
    agree: bool

    @property
    def known(self) -> bool:
        """Whether the variance due to the factors is surely above zero."""
        return self.variance.low > 0

    @property
    def order(self) -> tuple[int, ...]:
        """Factors by total index, largest first."""
        return _order([one.estimate for one in self.total])


def design(factors: int, points: int, seed: int) -> np.ndarray:
    """Return a design (factors + 2, points, factors) of numbers from 0 to 1.

    It has A, B, and for each factor A with that column of B. The points are scrambled
    Sobol points; their number is a power of two.
    """
    drawn = qmc.Sobol(2 * factors, rng=np.random.default_rng(seed)).random(points)
    a, b = drawn[:, :factors], drawn[:, factors:]
    mixed = np.repeat(a[None], factors, 0)
    for k in range(factors):
        mixed[k, :, k] = b[:, k]
    return np.concatenate((a[None], b[None], mixed))


def decomposed(names: Sequence[str], values: np.ndarray, seed: int = 0) -> Indices:
    """Return the indices from values (factors + 2, points, worlds) of a `design`.

    Points with any missing value are left out; below `FEWEST` points all is nan.
    """
    whole = np.isfinite(values).all((0, 2))
    n, dropped = int(whole.sum()), int((~whole).sum())
    if n < FEWEST:
        unknown = (nothing(n, dropped),) * len(names)
        return Indices(tuple(names), unknown, unknown, unknown[0], 0.0, (), False)
    values = in_batches(values[:, whole])
    products = _products(values - values[:2].mean((0, 1)))
    means = products.mean((0, 1))
    drawn_points = resampled(products.reshape(n, -1), seed)
    drawn_points = drawn_points.reshape(-1, *products.shape[1:])
    worlds = values.shape[-1]
    draws = np.einsum("rpc,rp->rc", drawn_points, pairs_drawn(worlds, seed))
    variance = interval(means[0], draws[:, 0], n, dropped)
    agree = worlds > 2 and variance.low > 0
    if not agree:
        draws = drawn_points.mean(1)
        variance = interval(means[0], draws[:, 0], n, dropped)
    if not variance.low > 0:
        unknown = (nothing(n, dropped),) * len(names)
        return Indices(tuple(names), unknown, unknown, variance, 0.0, (), False)
    shares, drawn = means[1:] / means[0], draws[:, 1:] / draws[:, :1]
    intervals = [
        interval(shares[k], drawn[:, k], n, dropped) for k in range(len(shares))
    ]
    count = len(names)
    firm, tied = _places(shares[count:], drawn[:, count:])
    first, total = tuple(intervals[:count]), tuple(intervals[count:])
    return Indices(tuple(names), first, total, variance, firm, tied, agree)


def _products(values: np.ndarray) -> np.ndarray:
    """Return (points, pairs of worlds, 1 + 2 factors) products of centred values.

    Their means are the variance, and each factor's part of it alone and in all.
    """
    a, b, mixed = values[0], values[1], values[2:]
    columns = [
        (across_worlds(a, a) + across_worlds(b, b)) / 2,
        *(across_worlds(b, ab - a) for ab in mixed),
        *(across_worlds(a - ab, a - ab) / 2 for ab in mixed),
    ]
    return np.stack(columns, -1)


def _places(shares: np.ndarray, drawn: np.ndarray) -> tuple[float, tuple[int, ...]]:
    """Return the share of draws with the same first, and factors tied with it."""
    order = _order(shares)
    best = order[0]
    firm = float((drawn.argmax(1) == best).mean())
    ahead = np.quantile(drawn[:, [best]] - drawn, (1 - LEVEL) / 2, axis=0)
    return firm, tuple(k for k in order if k == best or ahead[k] <= 0)


def _order(shares: Sequence[float] | np.ndarray) -> tuple[int, ...]:
    sizes = np.nan_to_num(np.asarray(shares, float), nan=-1.0)
    return tuple(int(k) for k in np.argsort(-sizes, kind="stable"))
