"""The answer of a report, section by section: first what to do, then what bears it out.

Each section has a finding as its heading. `building` gives them their order.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from experiments.compare.answers import marked
from experiments.compare.comparison import Comparison
from experiments.compare.over_time import on_the_way
from experiments.report.advice import by_gain, gain, moved_by, recommendation
from experiments.report.pictures import (
    EVERY,
    differences_picture,
    over_time_picture,
)
from experiments.report.sections import (
    ReportOptions,
    between_brackets,
    known_here,
    section,
    study_source,
)
from experiments.show.document import Section, Table
from experiments.statistics.intervals import Interval
from experiments.statistics.verdicts import (
    Verdict,
    is_settled,
    verdict_on,
    worlds_to_settle,
)
from experiments.words import outcome_text, phrases
from experiments.words.numerals import number, percent, say
from simulation.outcomes import OUTCOMES

MANY = 3
"""Scenarios beside the first from which on they are told together only."""
PAID_BACK = "payback_weeks"
"""Told only of what surely pays: its median is over the worlds that do."""
MONEY = ("margin", "revenue", "cost", "change_cost", "dip_depth", PAID_BACK)
MONEY_OF_MANY = ("margin", "change_cost", "payback_weeks")
AGAINST_BASE = ("change_cost", "dip_depth", "payback_weeks")
"""What is counted from the base, which so has none of its own."""
UNKNOWN = "–"
FIGURES = 2
"""Figures of a mean without an interval."""


def answer(study: Comparison, asked: ReportOptions) -> Section:
    """Return what to do, and the effects in sentences."""
    language = asked.language
    advice = recommendation(study, language)
    said = study.answer(language)
    if len(study.others) >= MANY:
        said = study.rankings(language)
    sentences = (advice, *said, *asked.missing)
    return section(
        "answer", language, sentences=sentences, finding=advice, sheet="summary"
    )


def effect(study: Comparison, asked: ReportOptions) -> Section:
    """Return the headline outcomes: values, differences, verdicts."""
    language = asked.language
    alone = len(study.others) == 1
    shown = (one_table if alone else table_of_all)(
        "effect", study, study.headlines, language
    )
    picture = differences_picture(study, study.headlines, language)
    if alone and picture:  # the table tells a page what the chart tells a slide
        shown, picture = replace(shown, series=picture.series), None
    return section(
        "effect",
        language,
        tables=(shown,),
        pictures=(picture,) if picture else (),
        source=source_of(study, asked),
        finding=_effect_found(study, language),
        sheet="summary",
    )


def _effect_found(study: Comparison, language: str) -> str:
    """Return the first clear effect, or how many scenarios have one."""
    found = [
        (name, x)
        for name in study.headlines
        for x in study.differences(name)
        if gain(x, OUTCOMES[name])
    ]
    if not found:
        unclear = all(
            verdict_on(x, OUTCOMES[name].smallest_difference) == Verdict.UNCLEAR
            for name in study.headlines
            for x in study.differences(name)
        )
        return say("effect_unclear" if unclear else "effect_none", language)
    if len(study.others) > 1:
        counts = {"n": _with_clear(study), "all": len(study.others)}
        return say("effect_some", language, **counts)
    told = [moved_by(x, OUTCOMES[name], language) for name, x in found]
    return _sentence(phrases.names(told, language))


def _with_clear(study: Comparison) -> int:
    """Return how many scenarios change a headline outcome clearly."""
    return sum(
        any(gain(study.differences(x)[k], OUTCOMES[x]) for x in study.headlines)
        for k in range(len(study.others))
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def one_table(
    name: str, study: Comparison, outcomes: Sequence[str], language: str, index: int = 0
) -> Table:
    """Return a table of one scenario: base, scenario, difference, verdict."""
    other = study.others[index]
    rows = []
    for key in outcomes:
        one, outcome = study.results[key][index], OUTCOMES[key]
        texts = outcome_text.pair_texts(one, outcome, language)
        if not texts.difference and key in AGAINST_BASE:
            texts = texts._replace(b=_level(study, key, index, language))
        judged = phrases.judgement(one.difference, outcome, language)
        rows.append(
            (
                outcome_text.label(outcome, language),
                *(text or UNKNOWN for text in texts),
                judged if texts.difference else UNKNOWN,
            )
        )
    base = study.base.title[language]
    title = other.title[language]
    heads = [say(key, language) for key in ("difference", "verdict")]
    return Table(
        name,
        say("versus", language, scenario=title, base=base),
        (say("outcome", language), base, title, *heads),
        tuple(rows),
        _data(study, outcomes, [index], language),
        _note(study, language, say("table_note", language, base=base)),
    )


def _level(study: Comparison, name: str, index: int, language: str) -> str:
    """Return the mean of an outcome that the base does not have."""
    values = study.runs.summaries()[name].to_numpy()
    mine = values.reshape(len(study.runs.names), -1)[index + 1]
    known = mine[np.isfinite(mine)]
    if not len(known):
        return ""
    mean = float(known.mean())
    places = min(0, FIGURES - len(str(int(abs(mean)))))
    return number(mean, language, places)


def table_of_all(
    name: str, study: Comparison, outcomes: Sequence[str], language: str
) -> Table:
    """Return a table with a row for each scenario and a column for each outcome."""
    base = study.base.title[language]
    first = [study.results[key][0].a for key in outcomes]
    levels = [
        outcome_text.value(level, OUTCOMES[key], language) or UNKNOWN
        for level, key in zip(first, outcomes, strict=True)
    ]
    order = by_gain(study)
    rows = [
        (
            study.others[k].title[language],
            *(_marked_or_level(study, key, k, language) for key in outcomes),
        )
        for k in order
    ]
    heads = [outcome_text.label(OUTCOMES[key], language) for key in outcomes]
    return Table(
        name,
        say("report_all_against", language, base=base),
        (say("report_scenario", language), *heads),
        ((say("base_row", language, base=base), *levels), *rows),
        _data(study, outcomes, order, language),
        _note(study, language, say("table_of_all_marks", language, base=base)),
    )


def _marked_or_level(study: Comparison, name: str, index: int, language: str) -> str:
    text = marked(study, name, index, language).rstrip()
    if not text and name in AGAINST_BASE:
        text = _level(study, name, index, language)
    return text or UNKNOWN


def _note(study: Comparison, language: str, more: str) -> str:
    brackets = between_brackets(len(study.runs.worlds), language)
    return " ".join(x for x in (brackets, more) if x)


def _data(
    study: Comparison, outcomes: Sequence[str], order: Sequence[int], language: str
) -> pd.DataFrame:
    """Return the numbers of these outcomes and scenarios, in this order."""
    data = study.table()
    names = [study.others[k].name for k in order]
    rows = data["scenario"].isin(names) & data["outcome"].isin(outcomes)
    data = data[rows].sort_values(
        "scenario", key=lambda x: x.map(names.index), kind="stable"
    )
    units = [OUTCOMES[name].unit[language] for name in data["outcome"]]
    data.insert(3, "unit", units)
    return data


def source_of(study: Comparison, asked: ReportOptions) -> str:
    """Return the source of numbers of the comparison itself."""
    return study_source(asked.study, len(study.runs.worlds), asked.language)


def road(study: Comparison, asked: ReportOptions) -> Section:
    """Return the differences over time: what is worse at first, and when it turns."""
    language = asked.language
    picture, table = over_time_picture(study, language)
    dips = [
        (k, one)
        for each in study.detours
        for k, one in enumerate(each)
        if one is not None
    ]
    alone = len(study.others) == 1
    said = []
    for k, one in dips:
        text = on_the_way(one, language)
        title = study.others[k].title[language]
        said.append(
            text if alone else say("road_of", language, scenario=title, text=text)
        )
    turns = _turns(study, table, language) if alone else []
    told = [*said, *turns] or [say("road_straight", language)]
    return section(
        "road",
        language,
        sentences=tuple(told),
        pictures=(picture,) if picture else (),
        source=source_of(study, asked),
        finding=told[0].removesuffix("."),
        sheet="series",
    )


def _turns(study: Comparison, table: pd.DataFrame, language: str) -> list[str]:
    """Return from which week on each clear difference keeps its sign for sure."""
    said = []
    for name in study.headlines:
        [difference] = study.differences(name)
        rows = table[table["outcome"] == name]
        if not gain(difference, OUTCOMES[name]) or not len(rows):
            continue
        higher = difference.estimate > 0
        sure = rows["low"] > 0 if higher else rows["high"] < 0
        after = len(sure) - int(sure[::-1].to_numpy().cumprod().sum())
        if after == len(sure):
            continue
        said.append(
            say(
                "road_from" if after > EVERY else "road_at_once",
                language,
                what=OUTCOMES[name].label[language],
                week=number(after, language),
                way=phrases.way(higher, OUTCOMES[name], language),
            )
        )
    return said


def cost(study: Comparison, asked: ReportOptions) -> Section:
    """Return what the scenarios cost and bring."""
    language = asked.language
    if len(study.others) == 1:
        [margin] = study.differences("margin")
        pays = gain(margin, OUTCOMES["margin"]) > 0
        shown = [name for name in MONEY if pays or name != PAID_BACK]
        table = one_table("cost", study, tuple(shown), language)
        finding = _money_found(study, language)
    else:
        table = table_of_all("cost", study, MONEY_OF_MANY, language)
        finding = _money_of_several(study, language)
    return section(
        "cost",
        language,
        tables=(table,),
        source=source_of(study, asked),
        finding=finding,
        sheet="summary",
    )


def _money_found(study: Comparison, language: str) -> str:
    [difference], outcome = study.differences("margin"), OUTCOMES["margin"]
    if gain(difference, outcome):
        return _sentence(moved_by(difference, outcome, language))
    unclear = verdict_on(difference, outcome.smallest_difference) == Verdict.UNCLEAR
    return say("cost_unclear" if unclear else "cost_same", language)


def _money_of_several(study: Comparison, language: str) -> str:
    outcome = OUTCOMES["margin"]
    gains = [gain(x, outcome) for x in study.differences("margin")]
    counts = {"up": gains.count(1), "down": gains.count(-1), "all": len(gains)}
    key = "cost_several" if any(gains) else "cost_none"
    return say(key, language, **counts)


def sure(study: Comparison, asked: ReportOptions) -> Section:
    """Return how sure the effects are: over worlds, and how many more would settle."""
    language = asked.language
    finding, worlds = _sure_found(study, language), len(study.runs.worlds)
    shown = len(study.others) < MANY
    again = study.more_worlds(language) if shown else []
    said = [x for x in study.remarks(language) if x not in again]
    heads = ["outcome", "report_better_in", "report_settled_by"]
    alone = len(study.others) == 1
    if not alone:
        heads.insert(1, "report_scenario")
    rows, order = [], by_gain(study)
    for name in study.headlines:
        outcome = OUTCOMES[name]
        for k in order:
            one = study.results[name][k]
            rows.append(
                (
                    outcome.label[language],
                    *([] if alone else [study.others[k].title[language]]),
                    percent(one.share_better, language)
                    if np.isfinite(one.share_better)
                    else UNKNOWN,
                    _settled(one.difference, outcome.smallest_difference, language),
                )
            )
    table = Table(
        "sure",
        say("report_sure_of", language, n=number(worlds, language)),
        tuple(say(key, language) for key in heads),
        tuple(rows),
        pd.DataFrame(),
    )
    return section(
        "certainty",
        language,
        sentences=(*said, *asked.remarks),
        tables=(table,) if shown else (),
        source=source_of(study, asked),
        finding=finding,
        sheet="method",
    )


def _settled(difference: Interval, matters: float, language: str) -> str:
    if is_settled(difference, matters):
        return say("report_settled", language)
    needed = worlds_to_settle(difference, matters)
    return number(needed, language) if needed else UNKNOWN


def _sure_found(study: Comparison, language: str) -> str:
    settled = [
        is_settled(x, OUTCOMES[name].smallest_difference)
        for name in study.headlines
        for x in study.differences(name)
    ]
    counts = {"n": sum(settled), "all": len(settled), "worlds": len(study.runs.worlds)}
    key = "sure_all" if all(settled) else "sure_some" if any(settled) else "sure_none"
    return say(key, language, **counts)


def ahead(
    study: Comparison,
    asked: ReportOptions,
    decided_by: Sequence[str] = (),
    more: Sequence[str] = (),
) -> Section:
    """Return what to do next, and what is not known here.

    `decided_by` are the questions or numbers on which the answer hangs most, in words;
    `more` are further sentences.
    """
    language = asked.language
    said = []
    if decided_by:
        names = phrases.names([f"“{name}”" for name in decided_by], language)
        said.append(say("next_find_out", language, what=names))
    dips = [one for each in study.detours for one in each if one is not None]
    if dips:
        whats = dict.fromkeys(
            OUTCOMES[one.outcome].in_sentence[language] for one in dips
        )
        told = phrases.names(whats, language)
        weeks = max(one.last for one in dips) + 1
        said.append(say("next_guard", language, what=told, weeks=weeks))
    worlds = [
        worlds_to_settle(x, OUTCOMES[name].smallest_difference) or 0
        for name in study.headlines
        for x in study.differences(name)
    ]
    if max(worlds, default=0) > len(study.runs.worlds):
        said.append(say("next_more", language, n=number(max(worlds), language)))
    said.append(say("next_try", language))
    said.append(say("next_levers", language))
    said += [*known_here(study.runs.scenarios, language), *more]
    key = "next_found" if decided_by else "next_dip" if dips else "next_small"
    values = {"what": f"“{decided_by[0]}”"} if decided_by else {}
    return section(
        "next",
        language,
        sentences=tuple(said),
        finding=say(key, language, **values),
        sheet="assumptions",
    )
