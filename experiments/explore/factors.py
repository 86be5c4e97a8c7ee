"""Factors: uncertain numbers and levers, each drawn as a number from 0 to 1.

A drawn u stands for the value at that share of a number's range. For a lever, 0 to 1 is
divided into equal parts, one for each setting, and u picks the part it falls in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

Point = dict[str, float | str]
"""Name of a factor -> its number, or the setting of a lever."""


@dataclass(frozen=True)
class Factor:
    """An uncertain factor: a number from `low` to `high`, or one of `settings`.

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
            # 1/3 is where the second of three parts begins, also in floats.
            return self.settings[min(count - 1, int(u * count + 1e-9))]
        return self.low + u * (self.high - self.low)


def points_at(factors: Sequence[Factor], design: np.ndarray) -> list[Point]:
    """Return the points of a design (points, factors) of numbers from 0 to 1."""
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
