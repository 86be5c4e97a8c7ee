"""Published patterns: their meaning, their use, and their ranges."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import asinh
from pathlib import Path

USES = ("calibrate", "predict", "seen", "verify", "report")

FAR = 8
"""Half ranges from the middle beyond which a value is drawn in."""
ENDS = asinh(1 / FAR)
"""Where ranges end on the scale of `Pattern.scaled`."""


@dataclass(frozen=True)
class Pattern:
    """A published pattern: its use, and the range in which the value should lie.

    `row` is its number in the evidence; `range` is None if it is reported without a
    verdict.
    """

    id: str
    use: str
    label: Mapping[str, str]
    row: int | None = None
    range: tuple[float, float] | None = None
    source: str = ""

    def holds(self, value: float) -> bool:
        """Return whether a value lies inside the range; false for nan."""
        assert self.range is not None
        low, high = self.range
        return low <= value <= high

    def scaled(self, value: float) -> float:
        """Return a value on a scale on which the range ends at -`ENDS` and `ENDS`.

        The scale is nearly linear around the range and logarithmic far from it.
        """
        assert self.range is not None
        low, high = self.range
        return asinh((value - (low + high) / 2) / ((high - low) / 2) / FAR)


@cache
def patterns() -> tuple[Pattern, ...]:
    """Return all patterns, in the order of their file."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return tuple(_pattern(name, row) for name, row in tomllib.loads(text).items())


def of_use(*uses: str) -> tuple[Pattern, ...]:
    """Return the patterns of some uses."""
    return tuple(pattern for pattern in patterns() if pattern.use in uses)


def _pattern(name: str, row: Mapping) -> Pattern:
    ends = tuple(map(float, row["range"])) if "range" in row else None
    return Pattern(name, **{**row, "range": ends})
