"""What is not known, each to be drawn from 0 to 1.

A number lies that far along its range; a lever has the setting on whose equal part of
0 to 1 it falls.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

Point = dict[str, float | str]
"""Name of a factor -> its number, or the setting of a lever."""


@dataclass(frozen=True)
class Factor:
    """Something that is not known: a number from `low` to `high`, or one of `settings`.

    >>> Factor("x", 2, 4).at(0.25), Factor("y", settings=("no", "yes")).at(0.5)
    (2.5, 'yes')
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    settings: tuple[str, ...] = ()

    def at(self, u: float) -> float | str:
        """Return the value at `u`, from 0 to 1."""
        if self.settings:
            count = len(self.settings)
            # A third of three parts is where the second begins, also in floats.
            return self.settings[min(count - 1, int(u * count + 1e-9))]
        return self.low + u * (self.high - self.low)


def points_at(factors: Sequence[Factor], design: np.ndarray) -> list[Point]:
    """Return the points of a design (points, factors) with numbers from 0 to 1."""
    return [
        {
            factor.name: factor.at(float(u))
            for factor, u in zip(factors, row, strict=True)
        }
        for row in design
    ]


def hypercube(count: int, points: int, seed: int) -> np.ndarray:
    """Return a Latin hypercube (points, count) of numbers from 0 to 1."""
    return qmc.LatinHypercube(count, rng=np.random.default_rng(seed)).random(points)
