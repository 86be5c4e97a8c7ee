"""Build the report of a design, or of too many scenarios to compare one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from experiments.advise.moves import Move
from experiments.charts.figures import differences, names_in_figures
from experiments.charts.style import Style
from experiments.compare.effects import FactorStep, effects_of
from experiments.compare.study_results import effects_table, told_outcomes
from experiments.report.pictures import bars_of
from experiments.report.sections import (
    ReportOptions,
    between_brackets,
    here,
    limits,
    reported,
    reproduce,
    section,
    study_source,
)
from experiments.run.designs import Point
from experiments.run.study_outcomes import StudyResult
from experiments.show.document import Bars, Document, Picture, Section, Table
from experiments.statistics.intervals import LEVEL, Interval, mean_of, present
from experiments.words import phrases
from experiments.words.number_words import name_of
from experiments.words.numerals import change, number, quantity, say
from simulation.outcomes import OUTCOMES
from simulation.scenario import ResolvedScenario

MOST_STEPS = 3
"""Steps that a sentence names."""
MOST_POINTS = 64
"""Organisations of a design that the page lists."""


@dataclass(frozen=True)
class DesignEffects:
    """The steps of a study, in words, and their effects.

    `intervals` maps each outcome to one interval per step. `head` is the label of the
    sentence that tells the effects.
    """

    titles: tuple[str, ...]
    intervals: Mapping[str, Sequence[Interval]]
    data: pd.DataFrame
    head: str


def report_of_design(studied: StudyResult, asked: ReportOptions) -> Document:
    """Return the report of a design: the effect of each step of its factors."""
    language = asked.language
    study, plan = studied.plan.study, studied.plan
    found = steps_of(studied, language)
    sections = (
        _answer(studied, found, asked),
        _effects(studied, found, asked),
        _points(studied, asked),
        limits(language),
        here(plan.scenarios, language),
        reproduce(study.seed, len(studied.worlds), plan.weeks, asked),
    )
    return reported(
        asked, study.title[language], study.question[language], sections, plan.scenarios
    )


def steps_of(studied: StudyResult, language: str) -> DesignEffects:
    """Return the steps of a design; for scenarios, each one against the base."""
    names = told_outcomes(studied)
    effects = effects_of(studied)
    if effects is not None:
        tables = {name: table for table, name, _ in studied.plan.study.factors}
        titles = [_step_words(x, tables[x.factor], language) for x in effects.contrasts]
        data = effects_table(effects)
        intervals: dict = {name: effects.intervals[name] for name in names}
        return DesignEffects(tuple(titles), intervals, data, "report_moved")
    titles = [x.title[language] for x in studied.plan.scenarios[1:]]
    apart: dict = {name: studied.apart(name) for name in names}
    return DesignEffects(
        tuple(titles), apart, studied.differences(), "report_moved_alone"
    )


def _step_words(contrast: FactorStep, table: str, language: str) -> str:
    if table == "levers":
        return Move(contrast.factor, contrast.end).words(language)
    start, end = (_value(x, language) for x in contrast.ends)
    name = name_of(contrast.factor, language)
    return say("report_step", language, name=name, start=start, end=end)


def _value(value: Any, language: str) -> str:
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    return text.replace(".", say("decimal", language))


def _answer(
    studied: StudyResult, found: DesignEffects, asked: ReportOptions
) -> Section:
    language = asked.language
    base = studied.plan.scenarios[0].title[language]
    n = number(sum(1 for x in studied.plan.study.points if x), language)
    told = [
        _moved(name, found, {"n": n, "base": base}, language)
        for name in found.intervals
    ]
    return section("answer", language, sentences=(*told, *asked.missing))


def _moved(
    name: str, found: DesignEffects, heads: Mapping[str, str], language: str
) -> str:
    """Return a sentence on what moves an outcome most, and on what remains unclear."""
    outcome = OUTCOMES[name]
    what = outcome.in_sentence[language]
    pairs = list(zip(found.titles, found.intervals[name], strict=True))
    clear = [(title, x) for title, x in pairs if not x.spans_zero]
    if not clear:
        return say("design_none", language, what=what)
    clear.sort(key=lambda pair: abs(pair[1].estimate), reverse=True)
    steps = [
        f"“{title}” ({change(x, outcome, language)})" for title, x in clear[:MOST_STEPS]
    ]
    listed = phrases.names(steps, language)
    text = say(found.head, language, what=what, steps=listed, **heads)
    if len(clear) == len(pairs):
        return text
    counts = {"open": len(pairs) - len(clear), "all": len(pairs)}
    return f"{text} {say('report_open', language, **counts)}"


def _effects(
    studied: StudyResult, found: DesignEffects, asked: ReportOptions
) -> Section:
    """Return a section with every step's effect on every outcome: figure and table."""
    language = asked.language
    level = number(100 * LEVEL, language) + "%"
    sentences = [say("design_note", language, level=level)]
    if found.head == "report_moved_alone" and studied.plan.study.design not in (
        "",
        "one_at_a_time",
    ):
        base = studied.plan.scenarios[0].title[language]
        n = number(len(studied.names), language)
        sentences.append(say("report_few", language, n=n, base=base))
    if studied.plan.study.left_out:
        n = number(studied.plan.study.left_out, language)
        sentences.append(say("design_left_out", language, n=n))
    picture = _picture(studied, found, language)
    return section(
        "effects",
        language,
        sentences=(*sentences, *_failed(studied, language), *asked.remarks),
        pictures=(picture,) if picture else (),
        tables=(_table(studied, found, language),),
        source=_source(studied, asked),
        finding=say("report_effects", language),
        sheet="summary",
    )


def _source(studied: StudyResult, asked: ReportOptions) -> str:
    return study_source(asked.study, len(studied.worlds), asked.language)


def _failed(studied: StudyResult, language: str) -> list[str]:
    if not studied.failures:
        return []
    lost = len({one.replicate for one in studied.failures})
    total = (len(studied.worlds) + lost) * len(studied.names)
    counts = {"count": len(studied.failures), "total": total, "worlds": lost}
    return [say("runs_failed", language, **counts)]


def _picture(
    studied: StudyResult, found: DesignEffects, language: str
) -> Picture | None:
    """Return the figure of the steps; None if no effect is known."""
    if not any(x.known for row in found.intervals.values() for x in row):
        return None
    base = studied.plan.scenarios[0].title[language]
    heading = say("figure_effect", language)
    names = names_in_figures(found.titles)

    def draw(style: Style) -> Figure:
        return differences(found.intervals, names, base, style, language, heading)

    caption, charted = (
        say(
            key,
            language,
            n=len(studied.worlds),
            base=base,
            level=number(100 * LEVEL, language) + "%",
        )
        for key in ("caption_effects", "caption_charted_effects")
    )
    bars: dict[str, Bars] = {
        name: bars_of(row, found.titles, name, language)
        for name, row in found.intervals.items()
    }
    shown = found.data[found.data["outcome"].isin(found.intervals)]
    title = say("report_effects", language)
    return Picture("effects", title, caption, draw, shown, bars, charted)


def _table(studied: StudyResult, found: DesignEffects, language: str) -> Table:
    rows = tuple(
        (
            title,
            *(
                change(row[k], OUTCOMES[name], language)
                for name, row in found.intervals.items()
            ),
        )
        for k, title in enumerate(found.titles)
    )
    heads = [OUTCOMES[x].label[language] for x in found.intervals]
    shown = found.data[found.data["outcome"].isin(found.intervals)].copy()
    shown.insert(0, "unit", [OUTCOMES[x].unit[language] for x in shown["outcome"]])
    title = say("report_steps", language)
    columns = (say("report_what_moves", language), *heads)
    note = between_brackets(len(studied.worlds), language)
    if note:
        note = f"{note} {say('report_together', language)}"
    return Table("effects", title, columns, rows, shown, note)


def _points(studied: StudyResult, asked: ReportOptions) -> Section:
    """Return a section on the organisations of a design: settings and mean outcomes."""
    language = asked.language
    names = told_outcomes(studied)
    means = {
        name: [mean_of(present(x)[0]) for x in studied.by_scenario(name)]
        for name in names
    }
    study, base = studied.plan.study, studied.plan.scenarios[0]
    told = [
        (name, _set_to(_other(point, base), language))
        for name, point in zip(studied.names, study.points, strict=True)
    ]
    rows = tuple(
        (*told[k], *(quantity(means[x][k], OUTCOMES[x], language) for x in names))
        for k, point in enumerate(study.points)
        if point
    )
    if not rows:
        return section("points", language)
    data = pd.DataFrame(told, columns=["scenario", "set"]).assign(**means)
    heads = [OUTCOMES[x].label[language] for x in names]
    set_to = say("report_set", language, base=base.title[language])
    columns = (say("report_point", language), set_to, *heads)
    note = say("report_means_note", language, n=len(studied.worlds))
    if len(rows) > MOST_POINTS:
        counts = {"shown": MOST_POINTS, "all": len(rows)}
        note = f"{note} {say('report_points_note', language, **counts)}"
    title = say("report_set_and_end", language)
    table = Table("points", title, columns, rows[:MOST_POINTS], data, note)
    source = _source(studied, asked)
    return section("points", language, tables=(table,), source=source, appendix=True)


def _set_to(point: Point, language: str) -> str:
    """Return the settings of a point in words; levers in the same words as steps."""
    told = [
        Move(name, value).words(language)
        if table == "levers"
        else f"{name_of(name, language)} {_value(value, language)}"
        for table, values in point.items()
        for name, value in values.items()
    ]
    return ", ".join(told) or say("report_as_base", language)


def _other(point: Point, base: ResolvedScenario) -> Point:
    """Return the settings of a point that differ from the base."""
    now = base.stages[-1]
    had: dict[str, Any] = {
        "levers": now.levers,
        "structure": now.structure,
        "parameters": base.parameters,
    }
    return {
        table: {name: x for name, x in values.items() if had[table][name] != x}
        for table, values in point.items()
    }
