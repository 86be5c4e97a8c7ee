"""The prior: ranges of uncertain parameters and of what a scenario leaves open."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.errors import InputError
from experiments.run.parameter_sets import unknown
from simulation.scenario import ResolvedScenario
from simulation.scenario_draws import is_switch, row_of

LEVELS = Path(__file__).with_suffix(".toml")
TABLE = "parameters."
SWITCH = (0.0, 1.0)

Value = str | float
"""A number, or a setting of a lever."""


@dataclass(frozen=True)
class Range:
    """The range of one unknown: uniform from low to high, or uniform in the logarithm.

    With `settings` it is one of these, equally likely, and `at` returns its index.
    """

    low: float
    high: float
    log: bool = False
    settings: tuple[Value, ...] = ()

    def at(self, u: np.ndarray) -> np.ndarray:
        """Return the values at shares u of the range, from 0 to 1."""
        if self.settings:
            return np.clip(np.floor(u * len(self.settings)), self.low, self.high)
        if self.log:
            return self.low * (self.high / self.low) ** u
        return self.low + u * (self.high - self.low)

    def value(self, x: float) -> Value:
        """Return the number, or the setting, for a result of `at`."""
        return self.settings[int(x)] if self.settings else float(x)


@dataclass(frozen=True)
class Prior:
    """Ranges by name (`parameters.x`); a draw is a share, from 0 to 1, of each."""

    ranges: Mapping[str, Range]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the unknowns, as in the columns of a table of draws."""
        return tuple(self.ranges)

    def draw(self, count: int, seed: int) -> np.ndarray:
        """Return `count` draws as shares, (count, names).

        Fewer draws are the first of more, so that more draws reuse the cached worlds.
        """
        return np.random.default_rng(seed).random((count, len(self.ranges)))

    def values(self, shares: np.ndarray) -> np.ndarray:
        """Return the values at shares, of the same shape (..., names)."""
        columns = [r.at(shares[..., k]) for k, r in enumerate(self.ranges.values())]
        return np.stack(columns, -1)

    def named(self, shares: np.ndarray) -> list[dict[str, Value]]:
        """Return a dictionary of values by name for each row of shares."""
        ranges = self.ranges.items()
        return [
            {name: one.value(x) for (name, one), x in zip(ranges, row, strict=True)}
            for row in self.values(shares)
        ]


def prior_of(scenario: ResolvedScenario, columns: Sequence[str]) -> Prior:
    """Return the prior of a scenario: plausible ranges of all its unknowns.

    Unknown are what its own `[unknown]` leaves open, and the uncertain parameters that
    it does not set itself. Parameters that set the level of one of the data's `columns`
    get wide, logarithmic ranges. Raises `InputError` for a scenario that takes rows of
    a table of draws (it was fitted already), and for one that leaves levers or
    structural numbers open while it has another as-is before week 0.
    """
    ranges = {TABLE + name: Range(*ends) for name, ends in unknown().items()}
    for name, row in tomllib.loads(LEVELS.read_text(encoding="utf-8")).items():
        if set(row["with"]) & set(columns):
            low, high = row["range"]
            ranges[TABLE + name] = Range(low, high, log=True)
    known = {TABLE + name for name in scenario.written_parameters}
    searched = {name: one for name, one in ranges.items() if name not in known}
    return Prior(searched | _left_open(scenario))


def _left_open(scenario: ResolvedScenario) -> dict[str, Range]:
    """Return the ranges of what a scenario's own `[unknown]` leaves open."""
    if scenario.unknown is None:
        return {}
    if scenario.unknown.draws:
        told = "takes rows of draws already; fit the scenario that it is based on"
        raise InputError(f"{scenario.name}: {told}")
    ranges = {name: _open(name, x) for name, x in scenario.unknown.settings.items()}
    written = scenario.scenario
    before = written is not None and written.as_is is not written
    if before and any(not name.startswith(TABLE) for name in ranges):
        told = "leaves open what it was before too; fit its as-is, and build on that"
        raise InputError(f"{scenario.name}: {told}")
    return ranges


def _open(name: str, values: tuple[Value, ...]) -> Range:
    table, _, key = name.partition(".")
    if table == "levers" or (is_switch(row_of(table, key)) and values == SWITCH):
        return Range(0, len(values) - 1, settings=values)
    low, high = map(float, values)
    return Range(low, high)
