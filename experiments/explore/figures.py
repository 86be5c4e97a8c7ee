"""One page for each outcome: its elementary effects and its variance shares."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.charts.figures import scale_of, unit_of
from experiments.charts.figures import wrapped as in_lines
from experiments.charts.style import BLACK, BLUE, GREY, Style, new_figure, write_numbers
from experiments.explore.sensing import OutcomeSensitivity, Sensitivity
from experiments.explore.text import effects_and_shares, share_text, subject
from experiments.show.document import Picture
from experiments.statistics.intervals import LEVEL
from experiments.words.numerals import number, say
from simulation.outcomes import find

MOST_BARS = 15
"""Factors whose elementary effects are drawn."""
ROW = 1.7
"""Height of a row, in lines of text."""


def picture(
    sensitivity: Sensitivity, one: OutcomeSensitivity, language: str = "en"
) -> Picture:
    """Return the figure of one outcome, with its data and caption."""

    def draw(style: Style) -> Figure:
        return sensitivity_figure(one, style, language)

    caption = _caption(sensitivity, one, language)
    title = find(one.outcome).label[language]
    name = f"sensitivity-{one.outcome}"
    return Picture(name, title, caption, draw, effects_and_shares(one))


def sensitivity_figure(
    one: OutcomeSensitivity, style: Style, language: str = "en"
) -> Figure:
    """Draw elementary effects beside first-order and total indices of one outcome."""
    shown = one.screened.order[:MOST_BARS]
    height = (max(len(shown), len(one.indices.names)) * ROW + 7) * style.font / 72
    figure = new_figure(style, height)
    left, right = figure.subplots(1, 2)
    _effects(left, one, shown, style, language)
    _shares(right, one, style, language)
    _explain(figure, language)
    return figure


def _effects(
    axes: Axes,
    one: OutcomeSensitivity,
    shown: Sequence[int],
    style: Style,
    language: str,
) -> None:
    outcome, seen = find(one.outcome), one.screened
    decomposed = set(one.indices.names)
    for row, k in enumerate(shown):
        size = seen.mu_star[k]
        colour = BLUE if seen.names[k] in decomposed else GREY
        axes.barh(row, size.estimate, 0.6, color=colour)
        axes.plot([size.low, size.high], [row, row], color=BLACK)
        axes.plot([seen.by_chance[k]] * 2, [row - 0.4, row + 0.4], color=BLACK, ls=":")
    _rows(axes, [seen.names[k] for k in shown], style)
    axes.set_xlim(left=0)
    write_numbers(axes.xaxis, language, scale_of(outcome.display), ticks=4)
    unit = say("sensitivity_figure_screened", language, unit=unit_of(outcome, language))
    axes.set_xlabel(unit)


def _shares(axes: Axes, one: OutcomeSensitivity, style: Style, language: str) -> None:
    order = one.indices.order
    for row, k in enumerate(order):
        pairs = ((one.indices.first[k], "white", 0.17), (one.indices.total[k], BLUE, 0))
        for share, face, shift in pairs:
            place = row + shift
            axes.plot([share.low, share.high], [place, place], color=BLUE)
            axes.plot([share.estimate], [place], "o", color=BLUE, mfc=face)
    _rows(axes, [one.indices.names[k] for k in order], style)
    axes.axvline(0, color=GREY, linewidth=style.line * 0.4, zorder=0)
    if not one.indices.known:
        text = in_lines(say("sensitivity_figure_nothing", language), 24)
        axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center")
    shares = [x for x in (*one.indices.first, *one.indices.total) if x.known]
    highs, lows = [x.high for x in shares], [x.low for x in shares]
    axes.set_xlim(min([-0.03, *lows]), max([0.2, *highs]) * 1.03)
    write_numbers(axes.xaxis, language, 100.0, ticks=5)
    axes.set_xlabel(say("sensitivity_figure_total", language))


def _rows(axes: Axes, names: Sequence[str], style: Style) -> None:
    axes.set_yticks(np.arange(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0, labelsize=style.font * 0.8)


def _explain(figure: Figure, language: str) -> None:
    marks = {
        "chance": Line2D([], [], color=BLACK, linestyle=":"),
        "first": Line2D([], [], color=BLUE, marker="o", mfc="white"),
        "total": Line2D([], [], color=BLUE, marker="o"),
    }
    for name, mark in marks.items():
        mark.set_label(say(f"sensitivity_mark_{name}", language))
    figure.legend(
        handles=list(marks.values()), loc="outside upper left", ncols=3, frameon=False
    )


def _caption(sensitivity: Sensitivity, one: OutcomeSensitivity, language: str) -> str:
    text = say(
        "sensitivity_caption",
        language,
        what=subject(sensitivity, one.outcome, language),
        shown=number(min(MOST_BARS, len(sensitivity.factors)), language),
        factors=len(sensitivity.factors),
        trajectories=sensitivity.effort.trajectories,
        keep=len(one.indices.names),
        points=sensitivity.effort.points,
        worlds=sensitivity.question.replicates,
        seed=str(sensitivity.question.seed),
        level=number(100 * LEVEL, language) + "%",
        chance=share_text(one.chance.share, language),
    )
    if one.indices.known and not one.indices.agree:
        worlds = sensitivity.question.replicates
        text = f"{text} {say('sensitivity_worlds', language, worlds=worlds)}"
    return text
