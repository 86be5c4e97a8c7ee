"""What statistics tell of each unknown: regression, and whether it is more than noise.

Semi-automatic approximate Bayesian computation (Fearnhead & Prangle 2012): the best
statistic for a parameter is its posterior mean, which a regression on many statistics
comes near to. Parameters are looked at as standard normal scores of their prior.
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
    """What draws of the prior teach: N draws, P unknowns, of which K are told.

    `scores` (N, P) are the unknowns as normal scores; `means` (N, P) what the
    statistics predict of them, by a regression that did not see the draw; `skill` (P,)
    the share of the variance that this explains; `told` (P,) where it is surely above
    zero. `predict` gives the means of other statistics, (M, P).
    """

    scores: np.ndarray
    means: np.ndarray
    skill: np.ndarray
    told: np.ndarray
    model: Any

    @property
    def weights(self) -> np.ndarray:
        """What is told of each unknown over what is left unknown of it, (P,).

        Distances count so, or else unknowns of which little is told would decide which
        draws are near in those of which much is.
        """
        skill = np.clip(self.skill, 0.0, MOST_SKILL)
        return skill / (1 - skill)

    def predict(self, statistics: np.ndarray) -> np.ndarray:
        """Return the predicted scores (M, P) of statistics (M, S)."""
        return self.model.predict(statistics)


def learn(
    shares: np.ndarray, statistics: np.ndarray, seed: int = 0
) -> LearnedRegression:
    """Learn what statistics (N, S) tell of shares of the prior (N, P).

    A parameter is told where cross-validated prediction is better than the mean by more
    than chance: one-sided, at a level for all parameters together (Bonferroni). Raises
    `InputError` below `FEWEST_DRAWS` draws.
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
    """Return ridge regression on statistics and their squares.

    Products two by two would say less: in 2,000 draws they add more noise than sense.
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
    """Return signed square roots and logarithms of sizes.

    Square roots make counts vary alike at every level; in logarithms, what is the
    product of unknowns, as revenue is of deals and their value, is a sum.
    """
    size = np.abs(statistics)
    return np.hstack([np.sign(statistics) * np.sqrt(size), np.log(size + LEAST)])


def _with_squares(statistics: np.ndarray) -> np.ndarray:
    near = np.clip(statistics, -FARTHEST, FARTHEST)
    return np.hstack([near, near**2])
