"""The figures of a fit: data over the predictive band, and the pinned unknowns."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.charts.figures import wrapped
from experiments.charts.style import (
    BLACK,
    BLUE,
    GREY,
    Style,
    letters,
    new_figure,
    write_numbers,
)
from experiments.fit.own_data.columns import COLUMNS
from experiments.fit.own_data.fitted import Fit
from experiments.show.document import Picture
from experiments.words.numerals import number, say

COLUMNS_ABREAST = 2
MOST_SHOWN = 16
ROW_HEIGHT = 1.7
BAND, PALE = "#BBD7EA", "#DDDDDD"
FLAT: dict[str, Any] = {"solid_capstyle": "butt"}


def pictures(fit: Fit, language: str = "en") -> tuple[Picture, ...]:
    """Return the figures with captions; their data: `weekly.csv`, `unknowns.csv`."""
    words = {
        "n": number(len(fit.predicted), language),
        "draws": number(fit.design.draws, language),
        "seed": str(fit.design.seed),
        "file": Path(fit.data.file).name,
    }
    drawn = {"data": data_figure}
    if fit.pinned.any():
        drawn["pinned"] = pinned_figure
    return tuple(
        Picture(
            name,
            say(f"fit_{name}_title", language),
            say(f"fit_caption_{name}", language, **words),
            partial(_in_language, figure, fit, language),
            pd.DataFrame(),
        )
        for name, figure in drawn.items()
    )


def _in_language(
    figure: Callable[[Fit, Style, str], Figure], fit: Fit, language: str, style: Style
) -> Figure:
    return figure(fit, style, language)


def data_figure(fit: Fit, style: Style, language: str = "en") -> Figure:
    """Draw a panel for each column: weekly data over the predictive band."""
    count = len(fit.data.names)
    abreast = min(COLUMNS_ABREAST, count)
    rows = -(-count // abreast)
    figure = new_figure(style, style.panel_height * rows + 0.6)
    grid = figure.subplots(rows, abreast, squeeze=False)
    for axes in grid.flat[count:]:
        axes.remove()
    width = letters(style, style.width / (abreast + 0.3))
    for k, name in enumerate(fit.data.names):
        axes = grid.flat[k]
        _data_panel(axes, fit, k, language)
        column = COLUMNS[name]
        heading = f"{column.label[language]}, {column.unit[language]}"
        axes.set_title(wrapped(heading, width))
    figure.supxlabel(say("fit_weeks", language), fontsize=style.font)
    _legend(figure, language)
    return figure


def _data_panel(axes: Axes, fit: Fit, k: int, language: str) -> None:
    weeks = np.arange(fit.data.weeks)
    low, high = (x[k] for x in fit.bands)
    axes.fill_between(weeks, low, high, color=BAND, linewidth=0)
    axes.plot(weeks, np.nanmedian(fit.predicted[:, k], axis=0), color=BLUE)
    points: dict[str, Any] = {"marker": "o", "markersize": 2.5, "ls": "none"}
    axes.plot(weeks, fit.shown[k], color=BLACK, clip_on=False, **points)
    if fit.fitted < fit.data.weeks:
        axes.axvline(fit.fitted - 0.5, color=GREY, ls="--")
    if np.nanmin(low) < axes.get_ylim()[1] / 4:
        axes.set_ylim(bottom=0)
    write_numbers(axes.xaxis, language)
    write_numbers(axes.yaxis, language, ticks=4)


def _legend(figure: Figure, language: str) -> None:
    handles = [
        Line2D([], [], color=BLACK, marker="o", markersize=4, ls="none"),
        Line2D([], [], color=BLUE),
        Patch(color=BAND),
    ]
    keys = ("fit_data", "fit_median", "fit_band")
    labels = [say(key, language) for key in keys]
    figure.legend(handles, labels, loc="outside upper center", ncols=3, frameon=False)


def pinned_figure(fit: Fit, style: Style, language: str = "en") -> Figure:
    """Draw a row for each pinned unknown: its 90 % interval as a share of the prior."""
    widths = fit.posterior.width()
    chosen = [k for k in np.argsort(widths, kind="stable") if fit.pinned[k]]
    chosen = chosen[:MOST_SHOWN]
    inch = ROW_HEIGHT * style.font / 72
    figure = new_figure(style, len(chosen) * inch + 7 * style.font / 72)
    axes = figure.subplots()
    low, high = fit.posterior.interval()
    middle = np.median(fit.posterior.shares, axis=0)
    for row, k in enumerate(chosen):
        axes.plot([0, 1], [row, row], color=PALE, lw=style.line * 3, **FLAT)
        axes.plot([low[k], high[k]], [row, row], color=BLUE)
        axes.plot([middle[k]], [row], color=BLUE, marker="o", ls="none")
    names = [fit.prior.names[k].partition(".")[2].replace("_", " ") for k in chosen]
    axes.set_yticks(range(len(chosen)), names)
    axes.set_ylim(len(chosen) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(say("fit_share_of_prior", language))
    write_numbers(axes.xaxis, language, scale=100)
    handles = [
        Patch(color=PALE),
        Line2D([], [], color=BLUE, marker="o"),
    ]
    labels = [say("fit_before", language), say("fit_after", language)]
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
    return figure
