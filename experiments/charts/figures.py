"""The figures of a comparison: how outcomes develop, and how scenarios differ.

All words come from the table of labels and the outcome registry; numbers are written
as the language does. Draw and save inside `style.drawing_in(style)`.
"""

import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from experiments.charts.style import (
    BLUE,
    GREY,
    SERIES_COLOURS,
    SERIES_LINES,
    VERMILLION,
    Style,
    letters,
    new_figure,
    write_numbers,
)
from experiments.statistics.intervals import Interval
from experiments.statistics.paired import good_sign, outcome_band
from experiments.statistics.verdicts import clear_sign
from experiments.words import phrases
from simulation.outcomes import OUTCOMES, Outcome

LABEL_WIDTH = 18
LINE_HEIGHT = 1.25
LONGEST_NAME, LONGEST_WORD = 64, 24
"""Letters of a scenario's name, and of a word in it, that figures have room for."""
MARKS = {
    "better": (BLUE, "o"),
    "worse": (VERMILLION, "s"),
    "figure_open": (GREY, "D"),
}
"""Colour and marker of a difference, by what it means rather than by its sign."""


def trajectories(
    weekly: Mapping[str, np.ndarray],
    titles: Sequence[str],
    style: Style,
    language: str = "en",
    change_weeks: Sequence[int] = (0,),
) -> Figure:
    """Draw outcomes by week: the mean over worlds and the band that holds 80 % of them.

    `weekly` has an array (scenarios, worlds, weeks) for each outcome id. Dashed
    vertical lines mark `change_weeks`.
    """
    columns = min(2, len(weekly))
    rows = -(-len(weekly) // columns)
    figure = new_figure(style, style.panel_height * rows + 0.3)
    panels = panels_of(figure, rows, columns, len(weekly))
    for axes, (name, values) in zip(panels, weekly.items(), strict=True):
        _trajectory_panel(axes, OUTCOMES[name], values, change_weeks, language)
        width = letters(style, style.width / (columns + 0.4))
        axes.set_title(panel_title(OUTCOMES[name], language, width, weekly=True))
    figure.supxlabel(phrases.say("figure_weeks", language), fontsize=style.font)
    if len(titles) > 1:
        outer = [i for i in range(len(panels)) if (i + 1) % columns == 0]
        outer = outer or [len(panels) - 1]
        runs = list(weekly.values())
        ends = [(panels[i], runs[i]) for i in outer]
        label_ends(figure, ends, titles, SERIES_COLOURS)
    return figure


def panels_of(figure: Figure, rows: int, columns: int, count: int) -> list[Axes]:
    """Return `count` axes in a grid, row by row, without the empty ones."""
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat[count:]:
        axes.remove()
    return list(grid.flat[:count])


def _trajectory_panel(
    axes: Axes,
    outcome: Outcome,
    values: np.ndarray,
    change_weeks: Sequence[int],
    language: str,
) -> None:
    weeks = np.arange(values.shape[-1])
    for week in change_weeks:
        axes.axvline(week, color=GREY, linestyle=(0, (4, 3)), linewidth=0.8, zorder=0)
    for i, runs in enumerate(values):
        colour = SERIES_COLOURS[i % len(SERIES_COLOURS)]
        band = outcome_band(runs)
        axes.fill_between(weeks, band.low, band.high, color=colour, alpha=0.13, lw=0)
        dashes = SERIES_LINES[i % len(SERIES_LINES)]
        axes.plot(weeks, band.mean, color=colour, linestyle=dashes)
    axes.set_xlim(-0.02 * len(weeks), len(weeks) - 1)
    write_numbers(axes.xaxis, language, ticks=6)
    write_numbers(axes.yaxis, language, scale_of(outcome.weekly_display), ticks=5)


def scale_of(display: str) -> float:
    """Return the factor by which values are multiplied to be drawn."""
    return {"percent": 100.0, "euros": 0.001}.get(display, 1.0)


def label_ends(
    figure: Figure,
    panels: Sequence[tuple[Axes, np.ndarray]],
    titles: Sequence[str],
    colours: Sequence[str],
) -> None:
    """Write the names of the lines at their ends, moved apart where they overlap."""
    names = [wrapped(title, LABEL_WIDTH) for title in titles]
    texts = [_write_names(axes, names, colours) for axes, _ in panels]
    figure.draw_without_rendering()
    for (axes, runs), shown in zip(panels, texts, strict=True):
        ends = _line_ends(axes, runs)
        sizes = [_height(text, axes) for text in shown]
        for text, place in zip(shown, apart(ends, sizes), strict=True):
            text.set_y(place)


def _write_names(
    axes: Axes, names: Sequence[str], colours: Sequence[str]
) -> list[Text]:
    return [
        axes.text(
            1.02,
            0.5,
            name,
            transform=axes.transAxes,
            color=colours[i % len(colours)],
            verticalalignment="center",
            linespacing=LINE_HEIGHT,
        )
        for i, name in enumerate(names)
    ]


def _line_ends(axes: Axes, values: np.ndarray) -> list[float]:
    """Return where the mean lines end, as a share of the panel's height."""
    means = [outcome_band(runs).mean for runs in values]
    known = [mean[np.isfinite(mean)] for mean in means]
    low, high = axes.get_ylim()
    return [(x[-1] - low) / (high - low) if len(x) else 0.5 for x in known]


def _height(text: Text, axes: Axes) -> float:
    """Return the height of a text, with a small gap, as a share of its panel's."""
    box = text.get_window_extent()
    return box.height * 1.1 / axes.get_window_extent().height


def apart(wanted: Sequence[float], sizes: Sequence[float]) -> list[float]:
    """Return places near the `wanted` ones at which items of these sizes don't overlap.

    The order is kept, with the first of equals on top; items that meet are moved apart
    evenly.

    >>> apart([0.5, 0.5], [0.2, 0.2])
    [0.6, 0.4]
    >>> apart([0.1, 0.9], [0.2, 0.2])
    [0.1, 0.9]
    """
    places = [float(place) for place in wanted]
    order = sorted(range(len(places)), key=lambda i: (-places[i], i))[::-1]
    for _ in range(200):
        for low, high in pairwise(order):
            short = (sizes[low] + sizes[high]) / 2 - (places[high] - places[low])
            if short > 1e-6:
                places[low] -= short / 2
                places[high] += short / 2
    return [round(place, 6) for place in places]


def differences(
    intervals: Mapping[str, Sequence[Interval]],
    titles: Sequence[str],
    base: str,
    style: Style,
    language: str = "en",
    heading: str | None = None,
) -> Figure:
    """Draw paired differences from the base scenario: a dot and its interval.

    `intervals` has one interval per title for each outcome id. Blue is better and
    vermillion worse, whatever the sign; grey is unclear or neither. The light zone has
    the differences too small to matter. `heading` names the axis if the rows are not
    scenarios.
    """
    columns = min(style.columns, len(intervals))
    rows = -(-len(intervals) // columns)
    lines = max(wrapped(title, LABEL_WIDTH).count("\n") + 1 for title in titles)
    depth = len(titles) * max(1.6, lines * LINE_HEIGHT) * style.font / 72
    figure = new_figure(style, rows * (depth + style.font * 5.2 / 72) + 0.7)
    panels = panels_of(figure, rows, columns, len(intervals))
    for i, (axes, name) in enumerate(zip(panels, intervals, strict=True)):
        _difference_panel(axes, OUTCOMES[name], intervals[name], language)
        width = letters(style, style.width / (columns + (len(titles) > 1)))
        axes.set_title(panel_title(OUTCOMES[name], language, width))
        first = len(titles) > 1 and i % columns == 0
        _name_rows(axes, titles if first else [""] * len(titles))
    if heading is None:
        heading = phrases.say("figure_difference", language, base=base)
    if len(titles) == 1:
        heading = phrases.say("figure_minus", language, scenario=titles[0], base=base)
    figure.supxlabel(heading, fontsize=style.font)
    _explain_marks(figure, language)
    return figure


def _difference_panel(
    axes: Axes, outcome: Outcome, intervals: Sequence[Interval], language: str
) -> None:
    matters = outcome.smallest_difference
    axes.axvspan(-matters, matters, color="#EEEEEE", lw=0, zorder=0)
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    for row, interval in enumerate(intervals):
        if interval.known:
            _dot(axes, row, interval, *MARKS[meaning(interval, outcome)])
    axes.set_ylim(len(intervals) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.12)
    write_numbers(axes.xaxis, language, scale_of(outcome.display), ticks=4)


def _dot(axes: Axes, row: int, interval: Interval, colour: str, marker: str) -> None:
    axes.plot([interval.low, interval.high], [row, row], color=colour)
    axes.plot([interval.estimate], [row], marker, color=colour)


def meaning(interval: Interval, outcome: Outcome) -> str:
    """Return the meaning of a difference: `better`, `worse` or `figure_open`.

    Open are differences that are not clear, and those that are neither good nor bad.
    """
    sign = clear_sign(interval, outcome.smallest_difference)
    if not sign or outcome.good == "neutral":
        return "figure_open"
    return "better" if sign == good_sign(outcome.good) else "worse"


def panel_title(
    outcome: Outcome, language: str, width: int, weekly: bool = False
) -> str:
    """Return an outcome's name and unit; beyond `width` letters on two lines."""
    text, unit = outcome.label[language], unit_of(outcome, language)
    if weekly:
        text = outcome.weekly_label[language]
        unit = outcome.weekly_unit[language]
        unit = _drawn_unit(unit, outcome.weekly_display, language)
    whole = f"{text} ({unit})"
    if len(whole) <= width:
        return whole
    return f"{wrapped(text, width)}\n{wrapped(f'({unit})', width)}"


def unit_of(outcome: Outcome, language: str) -> str:
    """Return the unit in which a change of an outcome is drawn."""
    unit = outcome.unit[language]
    if outcome.display == "percent":
        unit = unit.replace("%", phrases.say("points", language))
    return _drawn_unit(unit, outcome.display, language)


def _drawn_unit(unit: str, display: str, language: str) -> str:
    if display == "euros":
        return phrases.say("figure_thousands", language, unit=unit)
    return unit


def wrapped(text: str, width: int) -> str:
    """Return a text in lines of at most `width` letters; longer words stay whole.

    Except in words with wide (East Asian) letters, which count as two: they are broken.
    """
    lines = textwrap.wrap(
        text, width, break_long_words=False, break_on_hyphens=False
    ) or [""]
    return "\n".join(piece for line in lines for piece in _pieces(line, width))


def _pieces(line: str, width: int) -> list[str]:
    """Return a line in pieces of at most `width` if it has wide letters, else whole."""
    if not any(_letter_width(x) > 1 for x in line):
        return [line]
    pieces = [""]
    for letter in line:
        if sum(map(_letter_width, pieces[-1] + letter)) > width:
            pieces.append("")
        pieces[-1] += letter
    return [piece.strip() for piece in pieces]


def _letter_width(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def names_in_figures(titles: Sequence[str]) -> list[str]:
    """Return titles cut to fit in figures; numbered if two are then the same.

    >>> names_in_figures(["A" * 30 + " b", "c"])
    ['AAAAAAAAAAAAAAAAAAAAAAA… b', 'c']
    """
    names = [_name(title) for title in titles]
    if len(set(names)) == len(set(titles)):
        return names
    return [_name(f"{k}. {title}") for k, title in enumerate(titles, 1)]


def _name(title: str) -> str:
    words_of = [_cut(word, LONGEST_WORD, wide=1) for word in title.split()]
    return _cut(" ".join(words_of), LONGEST_NAME, wide=2)


def _cut(text: str, most: int, wide: int) -> str:
    """Return a text cut to `most` letters, of which wide ones count as `wide`.

    A word of wide letters can be broken anywhere.
    """
    kept, room = "", most
    for letter in text:
        room -= min(_letter_width(letter), wide)
        if room < 0:
            return kept[:-1].rstrip() + "…"
        kept += letter
    return kept


def _name_rows(axes: Axes, titles: Sequence[str]) -> None:
    names = [wrapped(title, LABEL_WIDTH) for title in titles]
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)


def _explain_marks(figure: Figure, language: str) -> None:
    handles = [
        Line2D([], [], color=colour, marker=marker, label=phrases.say(name, language))
        for name, (colour, marker) in MARKS.items()
    ]
    figure.legend(handles=handles, loc="outside upper left", ncols=3, frameon=False)
