"""Describe what is compared: how scenarios differ, and from which week on."""

from itertools import groupby
from typing import Any

from experiments.advise.moves import setting_words
from experiments.compare.comparison import Comparison
from experiments.report.sections import section
from experiments.scenario_files.description import Difference, differences
from experiments.show.document import Section
from experiments.words import phrases
from experiments.words.numerals import number, say
from simulation.organisation import draw_chart
from simulation.scenario import ResolvedScenario

MOST_NUMBERS = 6
"""Numbers of one scenario that are told one by one."""


def compared(study: Comparison, language: str) -> Section:
    """Return a section on what each scenario sets differently, and from when on."""
    base = study.base
    people = say(
        "report_base",
        language,
        base=base.title[language],
        people=number(len(draw_chart(base).seats), language),
        weeks=number(study.runs.weeks, language),
    )
    told = [told_apart(other, base, language) for other in study.others]
    return section("compared", language, sentences=(people, *told))


def told_apart(
    other: ResolvedScenario, base: ResolvedScenario, language: str = "en"
) -> str:
    """Return a sentence on how a scenario differs from the base, by week."""
    rows = [x for x in differences(other, base) if _is_chosen(x)]
    titles = {"scenario": other.title[language], "base": base.title[language]}
    if not rows:
        return say("report_no_difference", language, **titles)
    parts = []
    for week, group in groupby(rows, key=lambda row: row.week):
        when = "report_always" if week is None else "report_from_week"
        listed = phrases.names(_in_words([*group], language), language)
        at = number(week or 0, language)
        parts.append(say(when, language, week=at, what=listed))
    return say("report_difference", language, parts="; ".join(parts), **titles)


def _is_chosen(row: Difference) -> bool:
    """Return whether a difference was set itself rather than following from a lever."""
    return not (row.table == "structure" and "levers." in row.source)


def _in_words(rows: list[Difference], language: str) -> list[str]:
    told = [_setting(row, language) for row in rows if row.table == "levers"]
    numbers = [row for row in rows if row.table != "levers"]
    for row in numbers[:MOST_NUMBERS]:
        value, other = (_plain(x, language) for x in (row.value, row.other))
        names = {"name": row.name, "value": value, "other": other}
        told.append(say("report_number_set", language, **names))
    left = len(numbers) - MOST_NUMBERS
    if left > 0:
        told.append(say("report_numbers_more", language, n=number(left, language)))
    return told


def _setting(row: Difference, language: str) -> str:
    known = setting_words(row.name, row.value, language)
    return f"“{known}”" if known else f"{row.name}: {row.value}"


def _plain(value: Any, language: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "-" if value is None else str(value)
    places = 0 if float(value).is_integer() else 3
    return number(value, language, places)
