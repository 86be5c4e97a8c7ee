"""History matching: choose where to look next for parameters that meet all patterns.

Emulators predict each pattern at points that were not simulated. A point is implausible
if a pattern lies further outside its range than three standard deviations of emulator,
chance and populations together (Vernon, Goldstein & Bower 2010). The points of the next
wave are drawn in proportion to the probability that all patterns hold there, by
sequential Monte Carlo (Del Moral, Doucet & Jasra 2006); a pattern that holds nowhere
lowers this for all points alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp, ndtr

from experiments.science.evidence.emulator import Emulator, emulate
from experiments.science.evidence.patterns import ENDS

CUT = 3.0
"""Implausibility from which on a point is ruled out (Pukelsheim 1994)."""
LEAST = 0.02
"""Least chance that a pattern holds: that of one which cannot."""
PARTICLES, SWEEPS = 512, 12
MOVED = 0.15
"""Share of coordinates that one step moves."""
FRESH = 0.1
"""Share of steps that draw these coordinates anew."""


@dataclass(frozen=True)
class Matching:
    """Emulators of some patterns, and the variance of each between populations."""

    emulators: Mapping[str, Emulator]
    between: Mapping[str, float]

    def _all(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean and sd of each pattern at points, (N, patterns)."""
        found = [one(points) for one in self.emulators.values()]
        more = np.array([self.between[name] for name in self.emulators])
        mean, variance = (np.column_stack(x) for x in zip(*found, strict=True))
        return mean, np.sqrt(variance + more)

    def implausibility(self, points: np.ndarray) -> np.ndarray:
        """Return how many sd each pattern lies outside its range, (N, patterns)."""
        mean, sd = self._all(points)
        return np.maximum(0.0, np.abs(mean) - ENDS) / sd

    def chances(self, points: np.ndarray) -> np.ndarray:
        """Return the probability that each pattern holds at points, (N, patterns)."""
        mean, sd = self._all(points)
        return ndtr((ENDS - mean) / sd) - ndtr((-ENDS - mean) / sd)

    def log_weight(self, points: np.ndarray) -> np.ndarray:
        """Return the log of the probability that all patterns hold, (N,)."""
        return np.log(np.maximum(self.chances(points), LEAST)).sum(1)


def match(
    points: np.ndarray,
    values: Mapping[str, np.ndarray],
    between: Mapping[str, float],
) -> Matching:
    """Return emulators of patterns, fitted to scaled values at points of the cube."""
    return Matching({n: emulate(points, x) for n, x in values.items()}, between)


@dataclass(frozen=True)
class WeightedPoints:
    """Points of the next wave, (n, d), each with the log of its density."""

    points: np.ndarray
    log_density: np.ndarray


def draw(
    matching: Matching, count: int, dimensions: int, seed: Sequence[int]
) -> WeightedPoints:
    """Draw `count` points in proportion to the probability that all patterns hold.

    Particles start evenly spread over the cube and go to this target in steps, with
    Metropolis moves in between. Each step is as large as keeps the effective sample
    size at half of the particles.
    """
    rng = np.random.default_rng(seed)
    particles = rng.random((max(PARTICLES, count), dimensions))
    weight = matching.log_weight(particles)
    reached, log_total = 0.0, 0.0
    while reached < 1.0:
        step = _step(weight, 1.0 - reached)
        log_total += float(logsumexp(step * weight) - np.log(len(weight)))
        reached += step
        chosen = _resampled(step * weight, rng)
        particles, weight = particles[chosen], weight[chosen]
        for _ in range(SWEEPS):
            particles, weight = _moved(matching, particles, weight, reached, rng)
    few = rng.permutation(len(particles))[:count]
    return WeightedPoints(particles[few], weight[few] - log_total)


def _step(weight: np.ndarray, most: float) -> float:
    """Return the largest step up to `most` that keeps half the particles effective."""

    def effective(step: float) -> float:
        w = step * weight
        return float(np.exp(2 * logsumexp(w) - logsumexp(2 * w)))

    if effective(most) >= len(weight) / 2:
        return most
    low, high = 0.0, most
    for _ in range(50):
        middle = (low + high) / 2
        enough = effective(middle) >= len(weight) / 2
        low, high = (middle, high) if enough else (low, middle)
    return max(low, most * 1e-6)


def _resampled(weight: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return particles resampled by weight, systematically (Kitagawa 1996)."""
    n = len(weight)
    ends = np.cumsum(np.exp(weight - logsumexp(weight)))
    return np.minimum(np.searchsorted(ends, (np.arange(n) + rng.random()) / n), n - 1)


def _moved(
    matching: Matching,
    particles: np.ndarray,
    weight: np.ndarray,
    power: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Move each particle by a Metropolis step: shift or redraw some coordinates."""
    n, d = particles.shape
    which = rng.random((n, d)) < max(MOVED, 1 / d)
    sizes = particles.std(0) * np.exp(rng.normal(-0.7, 0.7, (n, 1)))
    step = np.where(which, rng.standard_normal((n, d)) * sizes, 0.0)
    tried = np.abs((particles + step) % 2.0)
    tried = np.where(tried > 1.0, 2.0 - tried, tried)  # walls reflect
    anew = (rng.random((n, 1)) < FRESH) & which
    tried = np.where(anew, rng.random((n, d)), tried)
    there = matching.log_weight(tried)
    taken = np.log(rng.random(n)) < power * (there - weight)
    return (
        np.where(taken[:, None], tried, particles),
        np.where(taken, there, weight),
    )
