"""One figure per docked model: our results as lines, published values as rings."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.charts.style import (
    SERIES_COLOURS,
    SERIES_LINES,
    Style,
    new_figure,
    write_numbers,
)
from experiments.science.docking.docked import Docking
from experiments.show.document import Picture
from experiments.words import phrases

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
NO_MARKERS = 15
"""Points of a series from which its line goes without markers."""


def picture(docked: Docking, language: str = "en") -> Picture:
    """Return the figure of a docked model with its caption and data."""

    def draw(style: Style) -> Figure:
        return figure_of(docked, style, language)

    texts = {"n": phrases.number(docked.replicates, language), "seed": str(docked.seed)}
    caption = phrases.say(f"dock_caption_{docked.model}", language, **texts)
    title = phrases.say(f"dock_title_{docked.model}", language)
    return Picture(docked.model, title, caption, draw, docked.points)


def figure_of(docked: Docking, style: Style, language: str) -> Figure:
    """Return the figure of a docked model, with the panels of its points."""
    panels = list(docked.points.groupby("panel", sort=False))
    columns = 3 if len(panels) > 4 and style.columns > 3 else 2
    rows = -(-len(panels) // columns)
    figure = new_figure(style, rows * style.panel_height * 1.3)
    for index, (name, points) in enumerate(panels):
        axes = figure.add_subplot(rows, columns, index + 1)
        axes.set_title("abcdefgh"[index], fontweight="bold")
        _draw_panel(axes, docked.model, str(name), points, style, language)
    return figure


def _draw_panel(
    axes: Axes, model: str, name: str, points: pd.DataFrame, style: Style, language: str
) -> None:
    for k, (series, rows) in enumerate(points.groupby("series", sort=False)):
        look: dict[str, Any] = {
            "color": SERIES_COLOURS[k],
            "linestyle": SERIES_LINES[k],
        }
        if len(rows) < NO_MARKERS:
            look |= {"marker": MARKERS[k], "markersize": style.font * 0.35}
        label = _label(name, str(series), language)
        axes.plot(rows["x"], rows["mean"], label=label, **look)
        axes.fill_between(
            rows["x"], rows["low"], rows["high"], color=look["color"], alpha=0.2, lw=0
        )
    _draw_published(axes, points, style, language)
    axes.set_xlabel(phrases.say(f"dock_x_{name}", language))
    axes.set_ylabel(phrases.say(f"dock_y_{model}", language))
    write_numbers(axes.xaxis, language)
    write_numbers(axes.yaxis, language)
    axes.legend(frameon=False, fontsize=style.font * 0.8, handlelength=2.6)


def _draw_published(
    axes: Axes, points: pd.DataFrame, style: Style, language: str
) -> None:
    known = points.dropna(subset="published")
    if known.empty:
        return
    rings: dict[str, Any] = {
        "facecolors": "none",
        "edgecolors": SERIES_COLOURS[5],
        "zorder": 3,
    }
    label = phrases.say("dock_published", language)
    size = (style.font * 0.7) ** 2
    axes.scatter(known["x"], known["published"], s=size, label=label, **rings)


def _label(panel: str, series: str, language: str) -> str:
    """Return the name of a series: a word, or a symbol and its value."""
    if series.replace(".", "").isdigit():
        places = len(series.partition(".")[2]) if float(series) % 1 else 0
        value = phrases.number(float(series), language, places)
        return phrases.say(f"dock_series_{panel}", language, value=value)
    return phrases.say(f"dock_series_{series}", language)
