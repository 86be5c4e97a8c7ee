"""Emulator: predict a measure of the model at points that were not simulated.

It is a regression on all parameters, and on squares and products of the few that matter
most. Coefficients have normal priors; the scales of coefficients and noise maximise the
likelihood of the simulated points (MacKay 1992). Noise includes chance differences
between worlds and what such a curve cannot follow.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import minimize

ACTIVE = 8
"""Parameters whose squares and products count."""
STEPS = 20
"""Most steps in which the likeliest sizes are searched: roughly right is enough."""
FREE = 100.0
"""Prior variance of what all values have in common."""
SMALLEST = 1e-3
"""Least scale of noise and coefficients, of the spread of the values."""


@dataclass(frozen=True)
class Emulator:
    """One measure as a function of points in the unit cube.

    `weights` are the coefficients of the features of a point. `spread` is a lower
    triangular matrix L: the variance of the curve at features x is |L x|^2. `noise` is
    the variance that is added to it.
    """

    active: np.ndarray
    middle: float
    weights: np.ndarray
    spread: np.ndarray
    noise: float

    def __call__(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean and the variance (noise included) at points, (N, d)."""
        x = features(points, self.active)
        mean = self.middle + x @ self.weights
        return mean, ((x @ self.spread.T) ** 2).sum(1) + self.noise


def features(points: np.ndarray, active: np.ndarray) -> np.ndarray:
    """Return the regressors of points: 1, each coordinate, second-order terms.

    Coordinates are rescaled to -1 to 1. Only `active` ones have second-order terms.
    """
    x = 2 * points - 1
    few = x[:, active]
    a, b = np.triu_indices(len(active))
    return np.column_stack([np.ones(len(x)), x, few[:, a] * few[:, b]])


def emulate(points: np.ndarray, values: np.ndarray) -> Emulator:
    """Return the emulator of values, (N,), measured at points, (N, d).

    Unknown values (nan) are left out; at least three must be known.
    """
    known = np.isfinite(values)
    x, y = points[known], values[known]
    middle, scale = float(y.mean()), float(y.std()) or 1.0
    active = _active(x, y)
    columns = features(x, active)
    first = x.shape[1]
    y = (y - middle) / scale
    sizes = _sizes(columns, first, y)
    prior = _prior(sizes, first, columns.shape[1] - first - 1)
    noise = np.exp(2 * sizes[2])
    precision = columns.T @ columns / noise + np.diag(1 / prior)
    factor = cho_factor(precision, lower=True)
    weights = cho_solve(factor, columns.T @ y) / noise
    lower = np.tril(factor[0])
    spread = solve_triangular(lower, np.eye(len(lower)), lower=True)
    return Emulator(
        active, middle, scale * weights, scale * spread, float(scale**2 * noise)
    )


def _active(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the parameters with the strongest linear or quadratic correlation."""
    centred = 2 * x - 1
    strength = np.maximum(_with(centred, y), _with(centred**2, y))
    return np.sort(np.argsort(-strength)[:ACTIVE])


def _with(columns: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return |r| of each column with y, (columns,)."""
    x = columns - columns.mean(0)
    sizes = np.sqrt((x * x).sum(0) * ((y - y.mean()) ** 2).sum())
    return np.abs(x.T @ (y - y.mean())) / np.maximum(sizes, 1e-12)


def _prior(sizes: np.ndarray, first: int, second: int) -> np.ndarray:
    """Return the prior variance of each coefficient."""
    straight, bent = np.exp(2 * sizes[:2])
    parts = [FREE, straight / first, bent / max(1, second)]
    return np.repeat(parts, [1, first, second])


def _sizes(columns: np.ndarray, first: int, y: np.ndarray) -> np.ndarray:
    """Return the likeliest log scales of linear terms, second-order terms and noise.

    The likelihood is computed in the space of features (matrix inversion lemma).
    """
    n, second = len(y), columns.shape[1] - first - 1
    gram, along = columns.T @ columns, columns.T @ y

    def unlikely(sizes: np.ndarray) -> float:
        prior, noise = _prior(sizes, first, second), np.exp(2 * sizes[2])
        factor = cho_factor(gram / noise + np.diag(1 / prior), lower=True)
        fitted = along @ cho_solve(factor, along) / noise
        half_log = np.log(np.diag(factor[0])).sum() + 0.5 * np.log(prior).sum()
        return float(0.5 * (y @ y - fitted) / noise + half_log + n * sizes[2])

    ends = [(np.log(SMALLEST), np.log(10.0))] * 3
    start = np.log([0.7, 0.3, 0.5])
    enough = {"maxiter": STEPS, "ftol": 1e-4}
    found = minimize(unlikely, start, method="L-BFGS-B", bounds=ends, options=enough)
    return np.asarray(found.x)
