"""One figure of all claims: size of each effect, as claimed, and its verdict."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.charts.style import (
    BLACK,
    BLUE,
    GREY,
    VERMILLION,
    Style,
    new_figure,
    write_numbers,
)
from experiments.science.claims.testing import ClaimResult
from experiments.show.document import Picture
from experiments.words.numerals import say

MARKS = {
    "supported": (BLUE, "o"),
    "only_when": (BLUE, "^"),
    "contrary": (VERMILLION, "s"),
    "not_supported": (GREY, "D"),
    "open": (GREY, "v"),
}
"""Colour and marker of a verdict; hollow where the direction was put in."""
MOST = 8.0
"""Effects beyond so many smallest differences are drawn at the edge."""
ROW_HEIGHT = 1.55
ZONE = "#EEEEEE"


def picture(found: Sequence[ClaimResult], language: str = "en") -> Picture:
    """Return the figure of claims with its caption; its data are in their table."""

    def draw(style: Style) -> Figure:
        return claims_figure(found, style, language)

    caption = say("caption_claims", language, n=str(len(found)))
    title = say("claims_title", language)
    return Picture("claims", title, caption, draw, pd.DataFrame())


def claims_figure(
    found: Sequence[ClaimResult], style: Style, language: str = "en"
) -> Figure:
    """Draw a row per claim: mean effect and interval, in smallest differences.

    Effects right of zero go as the claim says. Effects in the light zone are too small
    to matter.
    """
    height = len(found) * ROW_HEIGHT * style.font / 72 + 6 * style.font / 72
    figure = new_figure(style, height)
    axes = figure.subplots()
    axes.axvspan(-1, 1, color=ZONE, linewidth=0)
    axes.axvline(0, color=BLACK, linewidth=style.line * 0.4)
    for row, one in enumerate(found):
        _draw_row(axes, row, one)
    axes.set_yticks(range(len(found)), [_name(one) for one in found])
    axes.set_ylim(len(found) - 0.4, -0.6)
    axes.set_xlim(*_ends(found))
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(say("figure_claims", language))
    write_numbers(axes.xaxis, language, ticks=9)
    _legend(figure, language)
    return figure


def _ends(found: Sequence[ClaimResult]) -> tuple[float, float]:
    """Return the limits of the axis: around all effects, at most `MOST` each side."""
    known = [one for one in found if one.verdict.effect.known]
    lows = [one.verdict.effect.low / one.claim.smallest for one in known]
    highs = [one.verdict.effect.high / one.claim.smallest for one in known]
    low, high = min([-1.5, *lows]), max([1.5, *highs])
    return max(low, -MOST) - 0.3, min(high, MOST) + 0.3


def _name(one: ClaimResult) -> str:
    return f"{one.claim.article}  {one.claim.id.replace('_', ' ')}"


def _draw_row(axes: Axes, row: int, one: ClaimResult) -> None:
    colour, marker = MARKS[one.verdict.kind]
    size, effect = one.claim.smallest, one.verdict.effect
    if not effect.known:
        return
    low, middle, high = (
        min(MOST, max(-MOST, x / size))
        for x in (effect.low, effect.estimate, effect.high)
    )
    axes.plot([low, high], [row, row], color=colour)
    face = "white" if one.fixed or one.claim.chain else colour
    axes.plot(
        [middle], [row], marker=marker, color=colour, markerfacecolor=face, ls="none"
    )


def _legend(figure: Figure, language: str) -> None:
    handles = [
        Line2D([], [], color=colour, marker=marker, label=say(f"mark_{name}", language))
        for name, (colour, marker) in MARKS.items()
    ]
    hollow = Line2D([], [], color=BLUE, marker="o", markerfacecolor="white")
    hollow.set_label(say("mark_fixed", language))
    figure.legend(
        handles=[*handles, hollow],
        loc="outside lower center",
        ncols=3,
        frameon=False,
    )
