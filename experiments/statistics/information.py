"""The value of information: what a choice gains if an unknown were known before it.

Worlds are drawn with their unknowns, and the same worlds give the value of every
option. Without information the option of the best mean is chosen; with information, at
each value of an unknown, the option of the best expected value there. The gain is the
expected value of partial perfect information (Raiffa & Schlaifer 1961), with expected
values by regression on the unknown (Strong, Oakley & Brennan 2014).

Choosing and valuing in the same worlds flatters the gain: luck is taken for knowledge.
So a regression in nine tenths of the worlds chooses in the others, and is valued there.
A choice learned so is at most as good as the best, so the estimate is if anything too
small. The upper end of its interval is that of a gain that is if anything too large:
of the regression over all worlds, with coefficients as uncertain as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.polynomial.legendre import legvander
from scipy.special import ndtri

from experiments.statistics.intervals import LEVEL, Interval, t_interval
from experiments.statistics.paired import level_together

FOLDS = 10
FEWEST = 40
"""Worlds from which on a gain is worked out."""
DEGREE = 4
"""Degree of the polynomials in the ranks of a number."""
DISTINCT = 6
"""A number with at most so many values is taken as settings."""
MOST_CROSSED = 3
"""Unknowns of one group of which products enter the regression too."""
PENALTIES = (0.0, *np.logspace(-4, 2, 13), np.inf)
"""Penalties of a regression, as shares of its largest squared singular value."""
DRAWS = 200
"""Draws of the coefficients of a regression."""


@dataclass(frozen=True)
class Gain:
    """The gain of knowing a group of unknowns before choosing; more is better.

    `interval` is in the unit of the values. Its estimate lies between zero and the gain
    of knowing all of a world (`perfect_gain`), its ends between zero and the upper end
    of the interval of that gain. `choices`, (worlds,), is the index of the option with
    the best expected value given the unknowns of each world; `changed` is the share of
    worlds, 0 to 1, in which it is not the option chosen without information.
    """

    interval: Interval
    choices: np.ndarray
    changed: float


def gains(
    values: np.ndarray,
    groups: Sequence[Sequence[np.ndarray]],
    level: float = LEVEL,
    seed: int = 0,
) -> tuple[Gain, ...]:
    """Return the gain of knowing each group of unknowns, at simultaneous level `level`.

    `values` (worlds, options) are finite, and more is better. A group has a column
    (worlds,) for each of its unknowns: numbers, or texts for settings. Raises
    ValueError for fewer than `FEWEST` worlds.
    """
    worlds = len(values)
    if worlds < FEWEST:
        raise ValueError(f"got {worlds} worlds; at least {FEWEST} are needed")
    draw = np.random.default_rng(seed)
    folds = draw.permutation(worlds) % FOLDS
    each = level_together(len(groups), level)
    gains_of = []
    for columns in groups:
        basis = basis_of(columns)
        least = _learned_gain(values, basis, folds, each)
        highest = max(least.high, _flattered_gain(values, basis, each, draw))
        interval = _cut_off(replace(least, high=highest, level=level), values, each)
        choices = best_options(values, basis)
        changed = float((choices != values.mean(0).argmax()).mean())
        gains_of.append(Gain(interval, choices, changed))
    return tuple(gains_of)


def perfect_gain(values: np.ndarray) -> float:
    """Return the gain of knowing all of a world, chance included: the upper bound.

    >>> perfect_gain(np.array([[0.0, 1.0], [2.0, 0.0]]))
    0.5
    """
    return max(0.0, float(values.max(1).mean() - values.mean(0).max()))


def best_options(values: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """Return the option of the best expected value at each world's unknowns, (worlds,).

    Where its value in a world equals that of the option with the best mean, the latter
    is returned.
    """
    usual = int(values.mean(0).argmax())
    best = Regression(values, basis).at(basis).argmax(1)
    same = values[np.arange(len(values)), best] == values[:, usual]
    return np.where(same, usual, best)


def basis_of(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Return the columns of a regression on some unknowns, (worlds, columns).

    Indicators for settings, polynomials in the ranks of numbers, and the products of
    pairs of unknowns if these are few. Ranks make it the same in any unit.
    """
    alone = [_basis(column) for column in columns]
    pairs = combinations(alone, 2) if len(alone) <= MOST_CROSSED else ()
    crossed = [(a[:, :, None] * b[:, None, :]).reshape(len(a), -1) for a, b in pairs]
    return np.hstack([*alone, *crossed])


def _basis(column: np.ndarray) -> np.ndarray:
    from scipy.stats import rankdata

    settings = np.unique(column)
    if len(settings) <= DISTINCT or column.dtype.kind == "U":
        return (column[:, None] == settings).astype(float)
    ranks = (rankdata(column) - 0.5) / len(column)
    found: np.ndarray = legvander(2 * ranks - 1, DEGREE)[:, 1:]
    return found


def _learned_gain(
    values: np.ndarray, basis: np.ndarray, folds: np.ndarray, level: float
) -> Interval:
    """Return the gain of choices that regressions in all other folds make.

    It is the least of the gains over always choosing one option, and so are its ends.
    """
    chosen = np.empty(len(values), int)
    for fold in range(FOLDS):
        here = folds == fold
        learned = Regression(values[~here], basis[~here])
        chosen[here] = learned.at(basis[here]).argmax(1)
    over = values[np.arange(len(values)), chosen][:, None] - values
    each = [t_interval(column, level) for column in over.T]
    least = min(each, key=lambda one: one.estimate)
    low, high = min(x.low for x in each), min(x.high for x in each)
    return replace(least, low=low, high=high)


def _flattered_gain(
    values: np.ndarray, basis: np.ndarray, level: float, draw: np.random.Generator
) -> float:
    """Return the upper end of the gain by a regression with uncertain coefficients."""
    drawn = Regression(values, basis, penalised=False).drawn(draw)
    gain = drawn.max(-1).mean(1) - drawn.mean(1).max(-1)
    return float(gain.mean() + ndtri((1 + level) / 2) * gain.std(ddof=1))


def _cut_off(gain: Interval, values: np.ndarray, level: float) -> Interval:
    """Return the interval of a gain within what can be."""
    most = t_interval(values.max(1) - values[:, values.mean(0).argmax()], level).high
    estimate = min(max(0.0, gain.estimate), perfect_gain(values))
    low = min(max(0.0, gain.low), estimate)
    high = max(min(gain.high, most), estimate)
    return replace(gain, estimate=estimate, low=low, high=high)


class Regression:
    """Expected values of options, (worlds, options), from a regression on a basis.

    A ridge regression of the paired differences of each option from the first, so that
    `at` and `drawn` return such differences. The penalty, unless `penalised` is false,
    minimises generalised cross-validation (Golub, Heath & Wahba 1979); under the
    largest one all worlds have nearly the mean differences, so the best option is the
    same.
    """

    def __init__(
        self, values: np.ndarray, basis: np.ndarray, penalised: bool = True
    ) -> None:
        apart = values - values[:, :1]
        self.middle, self.mean = basis.mean(0), apart.mean(0)
        left, sizes, right = np.linalg.svd(basis - self.middle, full_matrices=False)
        kept = sizes > 1e-9 * max(sizes.max(initial=0.0), 1.0)
        self._left, sizes = left[:, kept], sizes[kept]
        self._axes = right[kept].T / sizes
        centred = apart - self.mean
        self._loads = self._left.T @ centred
        self._missed = centred - self._left @ self._loads
        if penalised and len(sizes):
            self._loads = self._loads * _shrinking(centred, self._loads, sizes)

    def at(self, basis: np.ndarray) -> np.ndarray:
        """Return expected differences from the first option, (rows, options)."""
        fitted: np.ndarray = (
            self.mean + (basis - self.middle) @ self._axes @ self._loads
        )
        return fitted

    def drawn(self, draw: np.random.Generator) -> np.ndarray:
        """Return expected differences with coefficients drawn from their uncertainty.

        Shape (draws, worlds, options), at the worlds of the regression.
        """
        worlds, options = self._missed.shape
        terms = self._left.shape[1]
        free = max(worlds - 1 - terms, 1)
        spread = self._missed.T @ self._missed / free
        sizes, turned = np.linalg.eigh(spread)
        root = turned * np.sqrt(np.maximum(sizes, 0.0))
        errors = draw.normal(size=(DRAWS, 1 + terms, options)) @ root.T
        means = self.mean + errors[:, :1] / np.sqrt(worlds)
        draws: np.ndarray = means + self._left @ (self._loads + errors[:, 1:])
        return draws


def _shrinking(centred: np.ndarray, loads: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return by how much each load is shrunk, (loads, options), by the best penalty."""
    n, squares = len(centred), sizes**2
    ridges = np.array(PENALTIES) * squares.max()
    kept = squares / (squares + ridges[:, None])
    rest = (centred**2).sum(0) - (loads**2).sum(0)
    missed = np.einsum("pk,ko->po", (1 - kept) ** 2, loads**2) + rest
    free = np.maximum(n - 1 - kept.sum(1), 1e-9)
    best = (missed / free[:, None] ** 2).argmin(0)
    shrinks: np.ndarray = kept[best].T
    return shrinks
