"""Style and saving of figures: the same data give the same bytes.

Figures are drawn at the size in which they are printed, with the font that ships with
matplotlib, and others only for letters that it lacks. The user's own matplotlib
settings are ignored.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import Formatter, MaxNLocator

from experiments.charts.fonts import FAMILY, Drawing, report_missing_letters
from experiments.words import phrases

MILLIMETRES = 1 / 25.4


@dataclass(frozen=True)
class Style:
    """A kind of page: width of a figure and height of a panel in inches.

    `font` and `line` are in points; `columns` is the number of small panels side by
    side; `dpi` is the dots per inch of a PNG.
    """

    width: float
    panel_height: float
    font: float
    line: float
    columns: int
    dpi: int = 300


STYLES = {
    "slide": Style(12.0, 2.9, 14, 2.2, 4, dpi=200),
    "nature": Style(183 * MILLIMETRES, 1.75, 7, 1.0, 4),
    "elsevier": Style(190 * MILLIMETRES, 1.9, 8, 1.1, 4),
    "springer": Style(174 * MILLIMETRES, 1.9, 8, 1.1, 3),
    "plos": Style(190.5 * MILLIMETRES, 2.0, 8, 1.1, 4),
    "jasss": Style(160 * MILLIMETRES, 1.9, 8, 1.1, 3),
}

BLACK, BLUE, VERMILLION, GREY = "#000000", "#0072B2", "#D55E00", "#999999"
SERIES_COLOURS = (BLACK, BLUE, VERMILLION, "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Okabe & Ito (2008): told apart with every kind of colour vision."""
SERIES_LINES = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 2)))
FORMATS = ("svg", "png", "pdf")

SETTINGS: dict[str, Any] = {
    "font.family": FAMILY,
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "svg.hashsalt": "orgsim",
    "svg.fonttype": "path",
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
}
ABOUT_LETTERS = (
    r"Glyph \d+ .*missing from font",
    "Matplotlib currently does not support",
)
"""How matplotlib warns of letters that it lacks or cannot join; we tell ourselves."""
WITHOUT_DATES = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


@contextmanager
def drawing_in(style: Style, language: str = "en") -> Iterator[None]:
    """Draw and save with our own settings, whatever the user's are.

    Letters that no font here has are drawn as boxes, and reported once in `language`.
    """
    sizes: dict[str, Any] = {
        "font.size": style.font,
        "axes.titlesize": style.font,
        "axes.labelsize": style.font,
        "xtick.labelsize": style.font * 0.9,
        "ytick.labelsize": style.font * 0.9,
        "lines.linewidth": style.line,
        "lines.markersize": style.font * 0.6,
        "axes.linewidth": style.line * 0.5,
        "savefig.dpi": style.dpi,
        "xtick.major.width": style.line * 0.5,
        "ytick.major.width": style.line * 0.5,
    }
    with (
        matplotlib.rc_context(),
        warnings.catch_warnings(),
        report_missing_letters(language),
    ):
        for about_letters in ABOUT_LETTERS:
            warnings.filterwarnings("ignore", about_letters, UserWarning)
        matplotlib.rcdefaults()
        ours: Any = SETTINGS | sizes
        matplotlib.rcParams.update(ours)
        yield


def new_figure(style: Style, height: float) -> Figure:
    """Return an empty figure of the style's width and `height` inches."""
    gap = style.font / 72
    layout = ConstrainedLayoutEngine(w_pad=0.6 * gap, h_pad=0.3 * gap)
    return Drawing(figsize=(style.width, height), layout=layout)


def letters(style: Style, inches: float) -> int:
    """Return how many letters of ordinary text fit in a width of so many inches."""
    return int(inches * 72 / (0.55 * style.font))


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write a figure as SVG, PNG and PDF, without dates or names of software."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for suffix in FORMATS:
        figure.savefig(folder / f"{name}.{suffix}", metadata=WITHOUT_DATES[suffix])


class Numbers(Formatter):
    """Formats the numbers on an axis, `scale` times the value, as a language does."""

    def __init__(self, language: str, scale: float = 1.0) -> None:
        self.language = language
        self.scale = scale

    def __call__(self, value: float, pos: int | None = None) -> str:
        """Return one number, formatted on its own."""
        return self.format_ticks([value])[0]

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Return the numbers at ticks, with as many decimals as their steps need."""
        shown = np.asarray(values, float) * self.scale
        places = decimals_between(shown)
        return [phrases.number(x, self.language, places) for x in shown]


def decimals_between(values: np.ndarray) -> int:
    """Return the decimals at which equally spaced values are written exactly.

    >>> decimals_between(np.array([0.0, 0.25, 0.5]))
    2
    """
    step = abs(values[1] - values[0]) if len(values) > 1 else 1.0
    exact = (d for d in range(6) if abs(round(step, d) - step) < 1e-6 * step)
    return next(exact, 6)


def write_numbers(
    axis: Axis, language: str, scale: float = 1.0, ticks: int = 5
) -> None:
    """Put at most `ticks` round numbers on an axis, written as the language does."""
    axis.set_major_locator(RoundTicks(ticks, scale))
    axis.set_major_formatter(Numbers(language, scale))


class RoundTicks(MaxNLocator):
    """Ticks that are round in the unit shown, `scale` times the value."""

    def __init__(self, ticks: int, scale: float) -> None:
        super().__init__(ticks, steps=[1, 2, 2.5, 5, 10])
        self.scale = scale

    def tick_values(self, vmin: float, vmax: float) -> Any:
        """Return the places of the ticks between two values."""
        shown = super().tick_values(vmin * self.scale, vmax * self.scale)
        return np.asarray(shown) / self.scale
