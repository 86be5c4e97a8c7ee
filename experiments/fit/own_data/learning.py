"""Learning what statistics tell of each unknown, by regression.

This is semi-automatic approximate Bayesian computation (Fearnhead & Prangle 2012): the
best statistic for a parameter is its posterior mean, which a regression on many
statistics approximates. Parameters are transformed to standard normal scores of their
prior.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri
from scipy.stats import norm

from experiments.errors import InputError

FOLDS = 5
FEWEST_DRAWS = 200
STRENGTHS = np.logspace(-1, 5, 13)
"""How strongly the regression may shrink; which is best is cross-validated."""
SURE = 0.05
"""Chance that any parameter at all is thought to be told when none is."""
FARTHEST = 6.0
"""Statistics farther out, in standard deviations of the draws, count as being here."""
EDGE = 1e-9
MOST_SKILL = 0.999
LEAST = 0.01
"""Is added to sizes before their logarithm, so that zero has one."""


@dataclass(frozen=True)
class LearnedRegression:
    """A regression learnt from N draws of the prior, with P unknowns, K of them told.

    `scores` (N, P) are the unknowns as normal scores; `means` (N, P) are predictions
    from the statistics by a regression that did not see the draw; `skill` (P,) is the
    share of the variance that these explain; `told` (P,) tells where it is surely above
    zero.
    """

    scores: np.ndarray
    means: np.ndarray
    skill: np.ndarray
    told: np.ndarray
    model: Any

    @property
    def weights(self) -> np.ndarray:
        """Weights of unknowns in distances, (P,): explained / unexplained variance.

        So which draws count as near depends most on the unknowns that the statistics
        predict well.
        """
        skill = np.clip(self.skill, 0.0, MOST_SKILL)
        return skill / (1 - skill)

    def predict(self, statistics: np.ndarray) -> np.ndarray:
        """Return the predicted scores (M, P) of statistics (M, S)."""
        return self.model.predict(statistics)


def learn(
    shares: np.ndarray, statistics: np.ndarray, seed: int = 0
) -> LearnedRegression:
    """Learn what statistics (N, S) tell of unknowns, as shares of the prior (N, P).

    A parameter counts as told if cross-validated prediction is better than the mean by
    more than chance: one-sided, at a level for all parameters together (Bonferroni).
    Raises `InputError` below `FEWEST_DRAWS` draws.
    """
    from sklearn.model_selection import KFold, cross_val_predict

    if len(shares) < FEWEST_DRAWS:
        raise InputError(
            f"draws: got {len(shares)}; at least {FEWEST_DRAWS} are needed"
        )
    scores = ndtri(np.clip(shares, EDGE, 1 - EDGE))
    model = _model()
    folds = KFold(FOLDS, shuffle=True, random_state=seed)
    means = cross_val_predict(model, statistics, scores, cv=folds)
    gain = scores**2 - (scores - means) ** 2
    error = gain.std(0, ddof=1) / np.sqrt(len(gain))
    least = norm.isf(SURE / scores.shape[1])
    told = gain.mean(0) > least * error
    skill = gain.mean(0) / (scores**2).mean(0)
    return LearnedRegression(scores, means, skill, told, model.fit(statistics, scores))


def _model() -> Any:
    """Return a ridge regression on transformed statistics and their squares.

    Pairwise products are left out: in 2,000 draws they add more noise than signal.
    """
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, StandardScaler

    return make_pipeline(
        SimpleImputer(strategy="median"),
        FunctionTransformer(_steadied),
        StandardScaler(),
        FunctionTransformer(_with_squares),
        StandardScaler(),
        RidgeCV(STRENGTHS, alpha_per_target=True),
    )


def _steadied(statistics: np.ndarray) -> np.ndarray:
    """Return signed square roots, and logarithms of absolute values, side by side.

    Square roots give counts the same variance at every level. Logarithms turn a product
    of unknowns, such as revenue (deals times their value), into a sum.
    """
    size = np.abs(statistics)
    return np.hstack([np.sign(statistics) * np.sqrt(size), np.log(size + LEAST)])


def _with_squares(statistics: np.ndarray) -> np.ndarray:
    near = np.clip(statistics, -FARTHEST, FARTHEST)
    return np.hstack([near, near**2])
