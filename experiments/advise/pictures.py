"""The figure of an analysis of moves: what each changes, on each outcome."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from experiments.charts.figures import differences
from experiments.charts.style import Style
from experiments.show.bars import bars_of
from experiments.show.document import Picture
from experiments.statistics.intervals import Interval


def effects_picture(
    name: str,
    heading: str,
    caption: str,
    intervals: Mapping[str, Sequence[Interval]],
    titles: Sequence[str],
    numbers: pd.DataFrame,
    language: str,
) -> Picture:
    """Return a figure of effects, with its data: intervals by outcome, one per title.

    `heading` names the axis; native charts have the same `caption`.
    """

    def draw(style: Style) -> Figure:
        return differences(intervals, titles, "", style, language, heading)

    bars = {x: bars_of(found, titles, x, language) for x, found in intervals.items()}
    return Picture(name, heading, caption, draw, numbers, bars, caption)
