"""Screening: elementary effects of all factors (Morris, 1991).

Trajectories move one factor at a time by two thirds of its range. `mu_star`, the mean
absolute effect of a factor (Campolongo, Cariboni & Saltelli, 2007), measures how much
it matters; `sigma`, the spread of its effects, how much that depends on the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import gammaln

from experiments.explore.factors import Factor
from experiments.explore.resampling import interval, nothing, resampled
from experiments.statistics.intervals import Interval, mean_known

LEVELS = 4
"""Levels of the grid; a step goes over half of them."""


@dataclass(frozen=True)
class Screening:
    """Elementary effects (trajectories, factors, worlds) on one outcome.

    Each is the change of the outcome per whole range of a number, or when a lever takes
    another setting; nan where a world has no value.
    """

    names: tuple[str, ...]
    effects: np.ndarray

    @cached_property
    def means(self) -> np.ndarray:
        """Effects as means over worlds, (trajectories, factors)."""
        return mean_known(self.effects, -1)

    @cached_property
    def mu_star(self) -> tuple[Interval, ...]:
        """The mean absolute effect of each factor, bootstrapped over trajectories."""
        return tuple(_mean(abs(column)) for column in self.means.T)

    @property
    def mu(self) -> np.ndarray:
        """The mean effect of each factor, with its sign."""
        return np.array([_mean(column).estimate for column in self.means.T])

    @property
    def sigma(self) -> np.ndarray:
        """The standard deviation of the effects of each factor."""
        known = [column[np.isfinite(column)] for column in self.means.T]
        return np.array([x.std(ddof=1) if len(x) > 1 else np.nan for x in known])

    @cached_property
    def by_chance(self) -> np.ndarray:
        """The expected `mu_star` of each factor if it had no effect but chance.

        From the spread of each effect between worlds, which is taken as normal.
        """
        worlds = np.isfinite(self.effects).sum(-1)
        enough = np.where(worlds > 1, worlds.astype(float), np.nan)
        around = self.effects - self.means[..., None]
        squares = np.where(np.isfinite(around), around, 0.0) ** 2
        error = np.sqrt(squares.sum(-1) / (enough - 1) / enough) / _shrinks(enough)
        known = [column[np.isfinite(column)] for column in error.T]
        return np.array(
            [np.sqrt(2 / np.pi) * x.mean() if len(x) else np.nan for x in known]
        )

    @property
    def clear(self) -> np.ndarray:
        """Whether effects surely exceed those by chance, (factors,)."""
        return np.array([one.low for one in self.mu_star]) > self.by_chance

    @property
    def order(self) -> tuple[int, ...]:
        """Factors by `mu_star`, largest first; those without a value last."""
        sizes = np.nan_to_num([one.estimate for one in self.mu_star], nan=-1.0)
        return tuple(int(k) for k in np.argsort(-sizes, kind="stable"))

    def kept_again(self, count: int, seed: int = 0) -> float:
        """Return the share of the first `count` factors that resamples keep too.

        The trajectories are resampled.
        """
        sizes = np.nan_to_num(abs(self.means))
        again = np.argsort(-resampled(sizes, seed), axis=1, kind="stable")[:, :count]
        return float(np.isin(again, self.order[:count]).mean())


def trajectories(factors: int, count: int, seed: int) -> np.ndarray:
    """Return a design (trajectories, factors + 1, factors) of numbers from 0 to 1."""
    from SALib.sample import morris

    problem = {
        "num_vars": factors,
        "names": [str(k) for k in range(factors)],
        "bounds": [[0.0, 1.0]] * factors,
    }
    design = morris.sample(problem, count, LEVELS, seed=np.random.default_rng(seed))
    return design.reshape(count, factors + 1, factors)


def screened(
    factors: Sequence[Factor], design: np.ndarray, values: np.ndarray
) -> Screening:
    """Return the elementary effects of a design.

    `values` are outcomes (trajectories, factors + 1, worlds) at its points.
    """
    moves = np.diff(design, axis=1)
    moved = abs(moves).argmax(-1)
    steps = np.take_along_axis(moves, moved[..., None], -1)[..., 0]
    whole = np.array([bool(factor.settings) for factor in factors])[moved]
    steps = np.where(whole, np.sign(steps), steps)
    rates = np.diff(values, axis=1) / steps[..., None]
    back = np.argsort(moved, axis=1)
    effects = np.take_along_axis(rates, back[..., None], 1)
    return Screening(tuple(factor.name for factor in factors), effects)


def choose_factors(screenings: Sequence[Screening], count: int) -> tuple[int, ...]:
    """Return `count` factors: the first of each outcome, the second of each, ...

    Factors whose effects surely exceed those by chance come before the others.
    """
    ranks = np.array(
        [np.argsort(one.order) + len(one.names) * ~one.clear for one in screenings]
    )
    best = np.lexsort((ranks.sum(0), ranks.min(0)))
    return tuple(int(k) for k in best[:count])


def _shrinks(n: np.ndarray) -> np.ndarray:
    """Return c4: the expected standard deviation of n normal values of sd 1."""
    return np.sqrt(2 / (n - 1)) * np.exp(gammaln(n / 2) - gammaln((n - 1) / 2))


def _mean(values: np.ndarray) -> Interval:
    there = values[np.isfinite(values)]
    dropped = len(values) - len(there)
    if len(there) < 2:
        return nothing(len(there), dropped)
    draws = resampled(there[:, None])[:, 0]
    return interval(float(there.mean()), draws, len(there), dropped)
