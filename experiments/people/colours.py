"""Values that can be shown as colours: their ranges, and one ramp for all of them.

The ramp gets darker all the way, from low to high, so that it can be read in grey and
with every kind of colour vision.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

STEPS = 33
NONE = 255
"""What stands for no value among the bytes of `coded`."""


@dataclass(frozen=True)
class Colour:
    """A value shown as colour: `low` is palest, `high` darkest.

    `decimals` is the number of decimals in texts. `open_ended` says whether values may
    lie beyond `high`.
    """

    name: str
    low: float
    high: float
    decimals: int
    open_ended: bool = False

    def share(self, values: np.ndarray) -> np.ndarray:
        """Return the darkness of values, 0 to 1; nan stays nan."""
        return np.clip((values - self.low) / (self.high - self.low), 0.0, 1.0)

    def coded(self, values: np.ndarray) -> np.ndarray:
        """Return values as bytes: 0 to 254 over the range, `NONE` for nan.

        >>> COLOURS["ownership"].coded(np.array([0.0, 0.5, 1.0, np.nan])).tolist()
        [0, 127, 254, 255]
        """
        there = np.isfinite(values)
        parts = np.where(there, self.share(np.where(there, values, self.low)), 0.0)
        return np.where(there, np.round(parts * (NONE - 1)), NONE).astype(np.uint8)


COLOURS = {
    colour.name: colour
    for colour in (
        Colour("burnout", 1.0, 5.0, 1, True),
        Colour("ownership", 0.0, 1.0, 2),
        Colour("waiting", 0.0, 4.0, 1, True),
        Colour("clarity", 0.0, 1.0, 2),
        Colour("strategy", 0.0, 1.0, 2),
    )
}


@cache
def ramp() -> tuple[str, ...]:
    """Return `STEPS` colours from pale to dark."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    shades = colormaps["YlGnBu"](np.linspace(0.0, 1.0, STEPS))
    return tuple(to_hex(shade) for shade in shades)


def shade(share: float) -> str:
    """Return the colour of a darkness from 0 to 1."""
    return ramp()[round(share * (STEPS - 1))]
