"""The figures of a comparison, drawn for any page, with what native charts need."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.figure import Figure

from experiments.answers import scale, with_ends
from experiments.comparison import Comparison
from experiments.drawing import (
    bands_of,
    caption_of,
    change_weeks,
    drawn_differences,
    smoothed,
)
from experiments.figure_style import Style
from experiments.figures import differences, meaning, trajectories
from experiments.intervals import Interval
from experiments.numerals import say
from experiments.replicates import Replicates
from experiments.report.content import Bars, Line, Picture
from experiments.words import judgement
from experiments.words import names as listed
from simulation.outcomes import OUTCOMES

LONGEST_NAME, LONGEST_WORD = 64, 24
"""Letters of a scenario's name, and of a word in it, that figures have room for."""
EVERY = 4
"""Weeks between the points of native charts."""


def name_of(title: str) -> str:
    """Return a title as there is room for in a figure.

    >>> name_of("A" * 30 + " b")
    'AAAAAAAAAAAAAAAAAAAAAAA… b'
    """
    words = [_cut(word, LONGEST_WORD) for word in title.split()]
    return _cut(" ".join(words), LONGEST_NAME)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def trajectories_picture(
    runs: Replicates,
    outcomes: tuple[str, ...],
    language: str,
    sentences: Mapping[str, str] | None = None,
) -> Picture:
    """Return outcomes over time, means with the band of 80 % of worlds.

    `sentences` say what came of each outcome.
    """
    said = sentences or {}
    weekly = {name: smoothed(runs, name) for name in outcomes}
    titles = [name_of(scenario.title[language]) for scenario in runs.scenarios]
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
    )


def _over_time(outcomes: tuple[str, ...], language: str) -> str:
    names = [OUTCOMES[x].label[language].partition(":")[0] for x in outcomes]
    return ", ".join(names)


def _line(table: pd.DataFrame, runs: Replicates, name: str, language: str) -> Line:
    outcome = OUTCOMES[name]
    times = 100.0 if outcome.weekly_display == "percent" else 1.0
    weeks = tuple(range(EVERY - 1, runs.weeks, EVERY))
    values = {}
    for scenario in runs.scenarios:
        means = table.loc[table["scenario"] == scenario.name, "mean"].to_numpy()
        title = scenario.title[language]
        values[title] = tuple(float(x) for x in times * means[list(weeks)])
    label = outcome.label[language].partition(":")[0]
    return Line(weeks, values, outcome.weekly_unit[language], label)


def differences_picture(study: Comparison, language: str) -> Picture | None:
    """Return paired differences from the base; None where nothing can be told."""
    intervals = drawn_differences(study)
    if not any(x.known for row in intervals.values() for x in row):
        return None
    titles = [scenario.title[language] for scenario in study.others]
    names = [name_of(title) for title in titles]
    base = study.base.title[language]

    def draw(style: Style) -> Figure:
        return differences(intervals, names, name_of(base), style, language)

    table = study.table()
    bars = {
        x: replace(bars_of(found, titles, x, language), headline=x in study.headlines)
        for x, found in intervals.items()
    }
    return Picture(
        "differences",
        say("versus", language, scenario=listed(titles, language), base=base),
        caption_of("differences", study.runs, language),
        draw,
        table[table["outcome"].isin(intervals)],
        bars,
    )


def bars_of(
    found: Sequence[Interval], names: Sequence[str], name: str, language: str
) -> Bars:
    """Return differences in one outcome as they are charted, shares in points."""
    outcome = OUTCOMES[name]
    times = scale(outcome)
    apart = outcome.unit[language]
    if outcome.display == "percent":
        apart = apart.replace("%", say("points", language))
    return Bars(
        tuple(names),
        tuple(times * x.estimate for x in found),
        tuple(times * x.low for x in found),
        tuple(times * x.high for x in found),
        apart,
        f"{outcome.label[language]}, {apart}",
        tuple(with_ends(x, outcome, language, signed=True) for x in found),
        tuple(meaning(x, outcome) for x in found),
        tuple(judgement(x, outcome, language) for x in found),
    )
