"""The figures of a comparison for any page, with the data that native charts need."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from experiments.charts.figures import (
    differences,
    names_in_figures,
    trajectories,
)
from experiments.charts.style import Style
from experiments.compare.comparison import Comparison
from experiments.compare.drawing import (
    bands_of,
    caption_of,
    change_weeks,
    drawn_differences,
    smoothed,
)
from experiments.run.replicates import Replicates
from experiments.show.bars import bars_of
from experiments.show.document import Line, Picture
from experiments.words.numerals import say
from experiments.words.phrases import names as listed
from simulation.outcomes import OUTCOMES, Outcome

EVERY = 4
"""Weeks between the points of native charts."""


def trajectories_picture(
    runs: Replicates,
    outcomes: tuple[str, ...],
    language: str,
    sentences: Mapping[str, str] | None = None,
) -> Picture:
    """Return the figure of outcomes over time: means, and the band of 80 % of worlds.

    `sentences` give the result of each outcome. A chart gets its sentence only if it
    shows the quantity that the sentence is about.
    """
    told = sentences or {}
    said = {x: told.get(x, "") for x in outcomes if _told_by_week(OUTCOMES[x])}
    weekly = {name: smoothed(runs, name) for name in outcomes}
    titles = names_in_figures([x.title[language] for x in runs.scenarios])
    tables = {name: bands_of(runs, name, weekly[name]) for name in outcomes}

    def draw(style: Style) -> Figure:
        return trajectories(weekly, titles, style, language, change_weeks(runs))

    lines = {
        name: replace(_line(table, runs, name, language), sentence=said.get(name, ""))
        for name, table in tables.items()
    }
    return Picture(
        "trajectories",
        _over_time(outcomes, language),
        caption_of("trajectories", runs, language),
        draw,
        pd.concat(tables.values()),
        lines,
        caption_of("charted_trajectories", runs, language),
    )


def _told_by_week(outcome: Outcome) -> bool:
    """Return whether weekly values are the same quantity as that of the whole run."""
    weekly = (outcome.weekly_display, outcome.weekly_unit)
    return weekly == (outcome.display, outcome.unit)


def _over_time(outcomes: tuple[str, ...], language: str) -> str:
    names = [OUTCOMES[x].label[language].partition(":")[0] for x in outcomes]
    return ", ".join(names)


def _line(table: pd.DataFrame, runs: Replicates, name: str, language: str) -> Line:
    outcome = OUTCOMES[name]
    times = 100.0 if outcome.weekly_display == "percent" else 1.0
    weeks = tuple(range(EVERY - 1, runs.weeks, EVERY))

    def drawn(column: str) -> dict[str, tuple[float, ...]]:
        found = {}
        for scenario in runs.scenarios:
            all_weeks = table.loc[table["scenario"] == scenario.name, column].to_numpy()
            values = times * all_weeks[list(weeks)]
            found[scenario.title[language]] = tuple(float(x) for x in values)
        return found

    return Line(
        weeks,
        drawn("mean"),
        outcome.weekly_unit[language],
        outcome.label[language].partition(":")[0],
        lows=drawn("world_10"),
        highs=drawn("world_90"),
    )


def differences_picture(study: Comparison, language: str) -> Picture | None:
    """Return the figure of paired differences from the base; None if none is known."""
    intervals = drawn_differences(study)
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
        x: replace(
            bars_of(found, titles, x, language, alike), headline=x in study.headlines
        )
        for x, found in intervals.items()
    }
    return Picture(
        "differences",
        say("versus", language, scenario=listed(titles, language), base=base),
        caption_of("differences", study.runs, language),
        draw,
        table[table["outcome"].isin(intervals)],
        bars,
        caption_of("charted_differences", study.runs, language),
    )
