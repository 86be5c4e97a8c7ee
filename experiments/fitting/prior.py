"""What is not known before the data: ranges of parameters, and draws from them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.evidence.calibration import unknown
from simulation.scenario import Resolved

LEVELS = Path(__file__).with_suffix(".toml")
TABLE = "parameters."
SHIPPED = "parameters.toml"


@dataclass(frozen=True)
class Range:
    """A range of one unknown: low to high, uniform, or uniform in the logarithm."""

    low: float
    high: float
    log: bool = False

    def at(self, u: np.ndarray) -> np.ndarray:
        """Return the values at shares u, from 0 to 1, of the range."""
        if self.log:
            return self.low * (self.high / self.low) ** u
        return self.low + u * (self.high - self.low)


@dataclass(frozen=True)
class Prior:
    """Ranges by name (`parameters.x`); a draw has a share, 0 to 1, of each."""

    ranges: Mapping[str, Range]

    @property
    def names(self) -> tuple[str, ...]:
        """Names as in the columns of a table of draws."""
        return tuple(self.ranges)

    def draw(self, count: int, seed: int) -> np.ndarray:
        """Return `count` draws as shares, (count, names).

        Fewer draws are the first of more, so that more go on from those that are kept.
        """
        return np.random.default_rng(seed).random((count, len(self.ranges)))

    def values(self, shares: np.ndarray) -> np.ndarray:
        """Return the values at shares, of the same shape (..., names)."""
        columns = [r.at(shares[..., k]) for k, r in enumerate(self.ranges.values())]
        return np.stack(columns, -1)

    def named(self, shares: np.ndarray) -> list[dict[str, float]]:
        """Return a dictionary of values by name for each row of shares."""
        rows = self.values(shares)
        return [dict(zip(self.names, map(float, row), strict=True)) for row in rows]


def prior_of(scenario: Resolved, columns: Sequence[str]) -> Prior:
    """Return plausible ranges of all that is not known of a scenario.

    Levels that the data's `columns` tell are left wide. Parameters that the scenario
    sets itself are known.
    """
    ranges = {name: Range(*ends) for name, ends in unknown().items()}
    for name, row in tomllib.loads(LEVELS.read_text(encoding="utf-8")).items():
        if set(row["with"]) & set(columns):
            low, high = row["range"]
            ranges[name] = Range(low, high, log=True)
    own = {n for n, where in scenario.parameter_sources.items() if where != SHIPPED}
    return Prior({TABLE + name: x for name, x in ranges.items() if name not in own})
