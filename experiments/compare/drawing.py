"""Writing the figures of a study: picture, data and caption under one name."""

import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.charts.figures import differences, names_in_figures, trajectories
from experiments.charts.over_time import MOST_LINES, difference_over_time
from experiments.charts.style import STYLES, drawing_in, save
from experiments.compare.comparison import Comparison
from experiments.compare.overview import Overview
from experiments.compare.reading import chosen_outcomes
from experiments.files.table_files import write_csv
from experiments.run.replicates import Replicates
from experiments.statistics.intervals import LEVEL, Interval, intervals_by_column
from experiments.statistics.paired import outcome_band
from experiments.words import phrases
from simulation.outcomes import HEADLINES, OUTCOMES

SMOOTH_WEEKS = 4
STANDS_FOR = {
    "learning_speed": "wrong_stock",
    "recovery_half_life": "wrong_stock",
    "half_life_at_change": "wrong_stock",
}
"""What is drawn over time for outcomes that are times, and so have no weekly value."""
DRAWN = (
    "fitting_leads",
    "brand_consistency",
    "ownership",
    "motivation",
    "clarity",
    "turnover",
    "decision_weeks",
    "follow_up",
    "revenue",
)
"""What the difference figure shows beside the headlines unless outcomes are chosen."""


def draw(study: Comparison | Overview, folder: Path, language: str, style: str) -> None:
    """Write the figures of a study into `folder`, each with its data and caption."""
    if isinstance(study, Comparison):
        study = study.shown
        if len(study.others) <= MOST_LINES:
            draw_over_time(study, folder, language, style)
        _draw_differences(study, folder, language, style)
    _draw_trajectories(study, folder, language, style)


def draw_over_time(study: Comparison, folder: Path, language: str, style: str) -> None:
    """Write the figure of differences by week, with its data and caption."""
    weekly = differences_by_week(study)
    titles = names_in_figures([x.title[language] for x in study.others])
    ends = {name: study.differences(name) for name in weekly}
    weeks = change_weeks(study.runs)
    with drawing_in(STYLES[style], language):
        figure = difference_over_time(
            weekly, ends, titles, STYLES[style], language, weeks
        )
        save(figure, folder, "over_time")
    caption = caption_of("over_time_differences", study.runs, language)
    _write(folder, "over_time", table_by_week(study, weekly), caption)


def differences_by_week(study: Comparison) -> dict[str, np.ndarray]:
    """Return paired differences from the base by week, by outcome.

    Arrays are (others, worlds, weeks), in the unit of the outcome.
    """
    weekly = {}
    for name in drawn_by_week(study.outcomes):
        base, *others = smoothed(study.runs, name)
        weekly[name] = np.stack([other - base for other in others])
    return weekly


def drawn_by_week(outcomes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the outcomes of which the difference is drawn over time.

    The headlines among them, or all if none is; an outcome that has no value of its own
    each week is drawn by what stands for it.

    >>> drawn_by_week(("burnout", "learning_speed", "revenue"))
    ('burnout', 'wrong_stock')
    """
    chosen = [name for name in outcomes if name in HEADLINES] or outcomes
    return tuple(dict.fromkeys(STANDS_FOR.get(name, name) for name in chosen))


def table_by_week(study: Comparison, weekly: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return the mean difference and its interval by outcome, scenario and week."""
    tables = []
    for name, by_scenario in weekly.items():
        for scenario, runs in zip(study.others, by_scenario, strict=True):
            mean, low, high = intervals_by_column(runs)
            columns = {"difference": mean, "low": low, "high": high}
            tables.append(
                pd.DataFrame(
                    {"scenario": scenario.name, "outcome": name}
                    | {"week": range(study.runs.weeks)}
                    | columns
                )
            )
    return pd.concat(tables)


def _draw_trajectories(
    study: Comparison | Overview, folder: Path, language: str, style: str
) -> None:
    runs = study.runs
    weekly = {name: smoothed(runs, name) for name in panels(study.outcomes)}
    table = pd.concat([bands_of(runs, name, weekly[name]) for name in weekly])
    if not can_be_told_apart(runs):
        write_csv(table, folder / "trajectories.csv")
        return
    titles = names_in_figures([x.title[language] for x in runs.scenarios])
    with drawing_in(STYLES[style], language):
        weeks = change_weeks(runs)
        figure = trajectories(weekly, titles, STYLES[style], language, weeks)
        save(figure, folder, "trajectories")
    _write(folder, "trajectories", table, caption_of("trajectories", runs, language))


def can_be_told_apart(runs: Replicates) -> bool:
    """Return whether each scenario, the base too, has a line of its own colour."""
    return len(runs.scenarios) <= MOST_LINES + 1


def _draw_differences(
    study: Comparison, folder: Path, language: str, style: str
) -> None:
    intervals = drawn_differences(study)
    shown = (study.base, *study.others)
    base, *titles = names_in_figures([x.title[language] for x in shown])
    with drawing_in(STYLES[style], language):
        figure = differences(intervals, titles, base, STYLES[style], language)
        save(figure, folder, "differences")
    caption = caption_of("differences", study.runs, language)
    (folder / "differences.txt").write_text(caption, encoding="utf-8")


def drawn_differences(study: Comparison) -> dict[str, tuple[Interval, ...]]:
    """Return the differences that a figure shows: outcome -> one for each scenario."""
    shown = study.outcomes
    if shown == chosen_outcomes(None):
        shown = tuple(name for name in shown if name in HEADLINES + DRAWN)
    return {name: study.differences(name) for name in shown}


def draw_effects(
    folder: Path,
    intervals: Mapping[str, Sequence[Interval]],
    titles: Sequence[str],
    base: str,
    worlds: str,
    language: str,
    style: str,
) -> None:
    """Write the figure of effects: a row for each title, a panel for each outcome."""
    heading = phrases.say("figure_effect", language)
    with drawing_in(STYLES[style], language):
        figure = differences(intervals, titles, base, STYLES[style], language, heading)
        save(figure, folder, "effects")
    level = phrases.number(100 * LEVEL, language) + "%"
    text = phrases.say("caption_effects", language, n=worlds, base=base, level=level)
    caption = textwrap.fill(text, 88) + "\n"
    (folder / "effects.txt").write_text(caption, encoding="utf-8")


def panels(outcomes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the outcomes drawn over time: the headlines with their companions.

    All outcomes where none is a headline.

    >>> panels(("burnout", "lead_quality", "revenue"))
    ('burnout', 'lead_quality', 'fitting_leads')
    """
    chosen = [name for name in outcomes if name in HEADLINES] or outcomes
    with_others = [(name, *OUTCOMES[name].always_with) for name in chosen]
    return tuple(dict.fromkeys(name for group in with_others for name in group))


def smoothed(runs: Replicates, name: str) -> np.ndarray:
    """Return the weekly values of an outcome, each the mean of four weeks up to it.

    Single weeks have few leads and people, so noise would hide the course. Outcomes
    that the registry already measures over several weeks stay as they are.
    """
    values = runs.weekly(name)
    if OUTCOMES[name].trailing > 1:
        return values
    return np.stack([_trailing_means(worlds) for worlds in values])


def _trailing_means(worlds: np.ndarray) -> np.ndarray:
    """Return trailing four-week means of (worlds, weeks), skipping nan."""
    table = pd.DataFrame(worlds.T)
    return table.rolling(SMOOTH_WEEKS, min_periods=1).mean().to_numpy().T


def change_weeks(runs: Replicates) -> tuple[int, ...]:
    """Return the weeks from 0 on in which some scenario changes something."""
    weeks = {stage.week for x in runs.scenarios for stage in x.stages}
    return tuple(sorted(week for week in weeks if 0 <= week < runs.weeks))


def bands_of(runs: Replicates, name: str, values: np.ndarray) -> pd.DataFrame:
    """Return the mean and the 10 % and 90 % quantiles over worlds.

    The table has a row for each scenario and week.
    """
    tables = []
    for scenario, worlds in zip(runs.names, values, strict=True):
        band = outcome_band(worlds)
        columns = {"mean": band.mean, "world_10": band.low, "world_90": band.high}
        table = pd.DataFrame({"week": range(runs.weeks), **columns, "worlds": band.n})
        table.insert(0, "outcome", name)
        table.insert(0, "scenario", scenario)
        tables.append(table)
    return pd.concat(tables)


def _write(folder: Path, name: str, table: pd.DataFrame, caption: str) -> None:
    write_csv(table, folder / f"{name}.csv")
    (folder / f"{name}.txt").write_text(caption, encoding="utf-8")


def caption_of(name: str, runs: Replicates, language: str) -> str:
    """Return the draft caption of a figure of runs."""
    from simulation.compiled import model_version

    first, *others = [scenario.title[language] for scenario in runs.scenarios]
    shown = others if name.endswith("differences") else [first, *others]
    text = phrases.say(
        f"caption_{name}",
        language,
        titles=phrases.names(shown, language),
        base=first,
        n=len(runs.worlds),
        level=phrases.number(100 * LEVEL, language) + "%",
        seed=str(runs.seed),
        version=model_version(),
    )
    return textwrap.fill(text, 88) + "\n"
