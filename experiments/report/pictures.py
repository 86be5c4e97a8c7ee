"""The figures of a comparison for any page, with the data that native charts need."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.charts.figures import (
    differences,
    names_in_figures,
    trajectories,
)
from experiments.charts.over_time import (
    MOST_BANDS,
    MOST_LINES,
    difference_over_time,
)
from experiments.charts.style import Style
from experiments.compare.comparison import Comparison
from experiments.compare.drawing import (
    bands_of,
    caption_of,
    change_weeks,
    differences_by_week,
    smoothed,
    table_by_week,
)
from experiments.run.replicates import Replicates
from experiments.show.bars import bars_of
from experiments.show.document import Line, Picture
from experiments.words.numerals import say
from experiments.words.phrases import names as listed
from simulation.outcomes import OUTCOMES
from simulation.scenario import ResolvedScenario

EVERY = 4
"""Weeks between the points of native charts."""


def trajectories_picture(
    runs: Replicates, outcomes: tuple[str, ...], language: str
) -> Picture:
    """Return the figure of outcomes over time: means, and bands of 80 % of worlds."""
    weekly = {name: smoothed(runs, name) for name in outcomes}
    titles = names_in_figures([x.title[language] for x in runs.scenarios])
    tables = {name: bands_of(runs, name, weekly[name]) for name in outcomes}

    def draw(style: Style) -> Figure:
        return trajectories(weekly, titles, style, language, change_weeks(runs))

    lines = {}
    for name, table in tables.items():
        outcome = OUTCOMES[name]
        lines[name] = replace(
            _line(table, runs.scenarios, _times(outcome.weekly_display), language),
            unit=outcome.weekly_unit[language],
            title=outcome.weekly_label[language],
        )
    return Picture(
        "trajectories",
        _over_time(outcomes, language),
        caption_of("trajectories", runs, language),
        draw,
        pd.concat(tables.values()),
        lines,
        caption_of("charted_trajectories", runs, language),
    )


def over_time_picture(
    study: Comparison, language: str
) -> tuple[Picture | None, pd.DataFrame]:
    """Return the figure of paired differences over time, and its numbers.

    There is no figure of more scenarios than can be told apart, or of one world, where
    nothing is known of a difference.
    """
    weekly = differences_by_week(study)
    table = table_by_week(study, weekly)
    if len(study.others) > MOST_LINES or not np.isfinite(table["difference"]).any():
        return None, table
    titles = names_in_figures([x.title[language] for x in study.others])
    ends = {name: study.differences(name) for name in weekly}

    def draw(style: Style) -> Figure:
        weeks = change_weeks(study.runs)
        return difference_over_time(weekly, ends, titles, style, language, weeks)

    lines = {}
    for name in weekly:
        outcome, rows = OUTCOMES[name], table[table["outcome"] == name]
        times = _times(outcome.display)
        unit = outcome.unit[language]
        if outcome.display == "percent":
            unit = unit.replace("%", say("points", language))
        line = _line(rows, study.others, times, language, "difference", ("low", "high"))
        if len(study.others) > MOST_BANDS:
            line = replace(line, lows={}, highs={})
        lines[name] = replace(
            line,
            unit=unit,
            title=outcome.label[language],
            smallest=times * outcome.smallest_difference,
        )
    caption = caption_of("over_time_differences", study.runs, language)
    base = study.base.title[language]
    title = say("report_minus", language, base=base)
    return Picture("over_time", title, caption, draw, table, lines, caption), table


def _times(display: str) -> float:
    return 100.0 if display == "percent" else 1.0


def _over_time(outcomes: tuple[str, ...], language: str) -> str:
    names = [OUTCOMES[x].label[language] for x in outcomes]
    return ", ".join(names)


def _line(
    table: pd.DataFrame,
    scenarios: Sequence[ResolvedScenario],
    times: float,
    language: str,
    middle: str = "mean",
    ends: tuple[str, str] = ("world_10", "world_90"),
) -> Line:
    """Return a line for each scenario with its band, from columns of a table."""
    count = int(table["week"].max()) + 1
    weeks = tuple(range(EVERY - 1, count, EVERY))

    def drawn(column: str) -> dict[str, tuple[float, ...]]:
        found = {}
        for scenario in scenarios:
            all_weeks = table.loc[table["scenario"] == scenario.name, column].to_numpy()
            values = times * all_weeks[list(weeks)]
            found[scenario.title[language]] = tuple(float(x) for x in values)
        return found

    return Line(weeks, drawn(middle), "", lows=drawn(ends[0]), highs=drawn(ends[1]))


def differences_picture(
    study: Comparison, outcomes: Sequence[str], language: str, name: str = "effect"
) -> Picture | None:
    """Return the figure of paired differences from the base; None if none is known."""
    intervals = {name: study.differences(name) for name in outcomes}
    if not any(x.known for row in intervals.values() for x in row):
        return None
    titles = [scenario.title[language] for scenario in study.others]
    base = study.base.title[language]
    shown_base, *names = names_in_figures([base, *titles])
    today = study.base.canonical()
    alike = [k for k, x in enumerate(study.others) if x.canonical() == today]

    def draw(style: Style) -> Figure:
        return differences(intervals, names, shown_base, style, language)

    table = study.table()
    bars = {
        x: bars_of(found, titles, x, language, alike) for x, found in intervals.items()
    }
    return Picture(
        name,
        say("versus", language, scenario=listed(titles, language), base=base),
        caption_of("differences", study.runs, language),
        draw,
        table[table["outcome"].isin(intervals)],
        bars,
        caption_of("charted_differences", study.runs, language),
    )
