"""The paired difference from the base over time, with its interval.

Draw and save inside `style.drawing_in(style)`.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.charts.figures import (
    MARKS,
    label_ends,
    meaning,
    panel_title,
    panels_of,
    scale_of,
)
from experiments.charts.style import (
    GREY,
    SERIES_COLOURS,
    SERIES_LINES,
    Style,
    letters,
    new_figure,
    write_numbers,
)
from experiments.statistics.intervals import Interval, intervals_by_column
from experiments.words import phrases
from experiments.words.numerals import size_of
from simulation.outcomes import OUTCOMES, Outcome

MOST_LINES = len(SERIES_COLOURS) - 1
"""Scenarios that can be told apart in one panel."""
MOST_BANDS = 2
"""Scenarios up to which each has its interval drawn."""
LEAST_HEIGHT = 3.0
"""A panel spans at least this many times what matters, so that noise looks small."""


def difference_over_time(
    weekly: Mapping[str, np.ndarray],
    ends: Mapping[str, Sequence[Interval]],
    titles: Sequence[str],
    style: Style,
    language: str = "en",
    change_weeks: Sequence[int] = (0,),
) -> Figure:
    """Draw paired differences from the base by week: means with 95 % intervals.

    `weekly` has an array (scenarios, worlds, weeks) for each outcome id, in the unit of
    the outcome; `ends` has the difference that is written at the end of each line. The
    light zone has the differences too small to matter. A single line has the colour of
    what its end means; several have colours of their own, with the `titles` beside
    them. Dashed vertical lines mark `change_weeks`.
    """
    columns = min(3, len(weekly))
    rows = -(-len(weekly) // columns)
    figure = new_figure(style, style.panel_height * rows * 1.15 + 0.3)
    panels = panels_of(figure, rows, columns, len(weekly))
    for axes, (name, apart) in zip(panels, weekly.items(), strict=True):
        outcome = OUTCOMES[name]
        _panel(axes, outcome, apart, ends[name], change_weeks, language)
        width = letters(style, style.width / (columns + 0.4))
        axes.set_title(panel_title(outcome, language, width))
    figure.supxlabel(phrases.say("figure_weeks", language), fontsize=style.font)
    if len(titles) > 1:
        last = [i for i in range(len(panels)) if (i + 1) % columns == 0]
        values = list(weekly.values())
        chosen = last or [len(panels) - 1]
        label_ends(
            figure, [(panels[i], values[i]) for i in chosen], titles, SERIES_COLOURS[1:]
        )
    return figure


def _panel(
    axes: Axes,
    outcome: Outcome,
    apart: np.ndarray,
    ends: Sequence[Interval],
    change_weeks: Sequence[int],
    language: str,
) -> None:
    weeks = np.arange(apart.shape[-1])
    matters = outcome.smallest_difference
    axes.axhspan(-matters, matters, color="#EEEEEE", lw=0, zorder=0)
    axes.axhline(0, color=GREY, linewidth=0.8, zorder=1)
    for week in change_weeks:
        axes.axvline(week, color=GREY, linestyle=(0, (4, 3)), linewidth=0.8, zorder=0)
    alone = len(apart) == 1
    for i, runs in enumerate(apart):
        mean, low, high = intervals_by_column(runs)
        colour = SERIES_COLOURS[1 + i % MOST_LINES]
        if alone:
            colour = MARKS[meaning(ends[i], outcome)][0]
        if len(apart) <= MOST_BANDS:
            axes.fill_between(weeks, low, high, color=colour, alpha=0.2, lw=0)
        dashes = "-" if alone else SERIES_LINES[i % len(SERIES_LINES)]
        axes.plot(weeks, mean, color=colour, linestyle=dashes)
    if alone:
        _write_end(axes, outcome, apart[0], ends[0], language)
    lowest, highest = axes.get_ylim()
    reach = LEAST_HEIGHT * matters / 2
    axes.set_ylim(min(lowest, -reach), max(highest, reach))
    axes.set_xlim(-0.02 * len(weeks), len(weeks) - 1)
    write_numbers(axes.xaxis, language, ticks=5)
    write_numbers(axes.yaxis, language, scale_of(outcome.display), ticks=4)


def _write_end(
    axes: Axes, outcome: Outcome, runs: np.ndarray, end: Interval, language: str
) -> None:
    """Write the difference at the end of the run beside the end of its line."""
    mean = intervals_by_column(runs)[0]
    known = mean[np.isfinite(mean)]
    if not len(known) or not np.isfinite(end.estimate):
        return
    places = phrases.decimals_told(end, outcome)
    text = size_of(end.estimate, outcome, language, places).partition(" ")[0]
    axes.annotate(
        phrases.signed_text(text, end.estimate),
        (len(mean) - 1, known[-1]),
        (4, 0),
        textcoords="offset points",
        verticalalignment="center",
        color=MARKS[meaning(end, outcome)][0],
        fontweight="bold",
        annotation_clip=False,
    )
