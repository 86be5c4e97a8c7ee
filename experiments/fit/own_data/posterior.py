"""The posterior: accepted draws of the prior, with regression adjustment.

The draws that are nearest in the unknowns that the data tell well are accepted. Told
unknowns are moved along a local regression to their values at the statistics of the
data (Beaumont, Zhang & Balding 2002). Others keep the values of the accepted draws.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from experiments.fit.own_data.learning import LearnedRegression

ACCEPTED = 0.1
"""Share of the draws that is accepted."""
FEWEST_ACCEPTED = 100
LEVEL = 0.9
"""Of intervals of the posterior."""
EDGES = (1 - LEVEL) / 2, (1 + LEVEL) / 2
TESTED = 200
"""Draws of known truth on which the posterior is checked."""


@dataclass(frozen=True)
class Posterior:
    """A rows of equal weight: `shares` (A, P) of the prior, `accepted` (A,) draws.

    `shares` are from 0 to 1; `accepted` are indices of draws.
    """

    shares: np.ndarray
    accepted: np.ndarray

    def interval(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the ends of the 90 % interval, as shares of the prior: two (P,)."""
        low, high = np.quantile(self.shares, EDGES, axis=0)
        return low, high

    def width(self) -> np.ndarray:
        """Return the width of the interval as a share of the prior's, (P,)."""
        low, high = self.interval()
        return (high - low) / LEVEL


def posterior(learned: LearnedRegression, means: np.ndarray) -> Posterior:
    """Return the posterior of data whose statistics predict `means`, (P,)."""
    everybody = np.arange(len(learned.scores))
    return _from(learned, means, everybody)


def ranks(learned: LearnedRegression, count: int = TESTED) -> np.ndarray:
    """Return ranks, from 0 to 1, of known truths in their posteriors, (count, K).

    Simulation-based calibration (Talts et al. 2018): each of `count` draws of the prior
    in turn takes the place of the data, with all others as draws. Uniform ranks show
    that intervals contain the truth as often as they claim.
    """
    every = np.arange(len(learned.scores))
    chosen = np.linspace(0, len(every) - 1, min(count, len(every))).astype(int)
    told = np.flatnonzero(learned.told)
    rank_rows = []
    for one in chosen:
        there = _from(learned, learned.means[one], np.delete(every, one))
        truth = ndtr(learned.scores[one, told])
        rank_rows.append((there.shares[:, told] < truth).mean(0))
    return np.array(rank_rows).reshape(len(chosen), len(told))


def held(found: np.ndarray) -> float:
    """Return the share of truths inside their 90 % intervals, from their ranks."""
    return float(((found >= EDGES[0]) & (found <= EDGES[1])).mean())


def _from(
    learned: LearnedRegression, means: np.ndarray, draws: np.ndarray
) -> Posterior:
    told = learned.told
    here = learned.means[np.ix_(draws, np.flatnonzero(told))]
    away = here - means[told]
    distance = np.sqrt((learned.weights[told] * away**2).sum(1))
    count = min(len(draws), max(FEWEST_ACCEPTED, round(ACCEPTED * len(draws))))
    near = np.argsort(distance, kind="stable")[:count]
    scores = learned.scores[draws[near]]
    if told.any():
        scores[:, told] = _adjusted(scores[:, told], away[near], distance[near])
    return Posterior(ndtr(scores), draws[near])


def _adjusted(scores: np.ndarray, away: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Return scores (A, K) moved to distance zero along a local linear regression.

    Weights are Epanechnikov's. Each residual is divided by the square root of one minus
    its leverage, and all are widened by the uncertainty of the regression at zero, so
    that a fit to few draws does not make the posterior narrower.
    """
    widest = distance.max() * (1 + 1e-6) or 1.0
    root = np.sqrt(1 - (distance / widest) ** 2)[:, None]
    design = np.column_stack([np.ones(len(away)), away])
    left, sizes, right = np.linalg.svd(root * design, full_matrices=False)
    there = sizes > sizes[0] * 1e-9
    left, sizes, right = left[:, there], sizes[there], right[there]
    solve = (right.T / sizes) @ left.T * root.T
    slopes = solve @ scores
    leverage = np.minimum((left**2).sum(1), 1 - 1e-6)[:, None]
    wider = np.sqrt((1 + (solve[0] ** 2).sum()) / (1 - leverage))
    return slopes[0] + (scores - design @ slopes) * wider
