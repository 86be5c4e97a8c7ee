"""Describe what is compared: how scenarios differ, and from which week on."""

from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from experiments.advise.moves import Move, lever_words, setting_words
from experiments.compare.comparison import Comparison
from experiments.report.sections import section
from experiments.scenario_files.description import Difference, differences
from experiments.show.document import Section, Table
from experiments.words import phrases
from experiments.words.number_words import name_of, value_of
from experiments.words.numerals import number, say
from simulation.organisation import draw_chart
from simulation.scenario import ResolvedScenario
from simulation.tables import lever_table

MOST_NUMBERS = 6
"""Numbers of one scenario that are told one by one."""
MOST_NAMES = 3
"""Differences that a heading names."""


def moved(base: ResolvedScenario, scenario: ResolvedScenario) -> tuple[Move, ...]:
    """Return the levers whose final setting in a scenario differs from the base."""
    before, after = base.stages[-1].levers, scenario.stages[-1].levers
    return tuple(
        Move(lever.name, after[lever.name])
        for lever in lever_table().values()
        if before[lever.name] != after[lever.name]
    )


def compared(study: Comparison, language: str) -> Section:
    """Return a section on what each scenario sets differently, and from when on."""
    base = study.base.title[language]
    people = say(
        "report_base",
        language,
        base=base,
        people=len(draw_chart(study.base).seats),
        weeks=study.runs.weeks,
    )
    if len(study.others) == 1:
        found = _chosen(study.others[0], study.base)
        table = _settings(study, found, language)
        finding = _names(found, study, language)
    else:
        table = _scenarios(study, language)
        finding = say("compared_several", language, n=len(study.others), base=base)
    return section(
        "compared",
        language,
        sentences=(people,),
        tables=(table,) if table.rows else (),
        finding=finding,
        sheet="assumptions",
    )


def _chosen(other: ResolvedScenario, base: ResolvedScenario) -> list[Difference]:
    """Return the differences that were set, and do not follow from a lever."""
    found = differences(other, base)
    return [x for x in found if not (x.table == "structure" and "levers." in x.source)]


def _names(rows: Sequence[Difference], study: Comparison, language: str) -> str:
    titles = {"base": study.base.title[language]}
    titles["scenario"] = study.others[0].title[language]
    if not rows:
        return say("report_no_difference", language, **titles)
    names = [*dict.fromkeys(_name(row, language) for row in rows)]
    shown = phrases.cut_list([f"“{name}”" for name in names], language, MOST_NAMES)
    return say("compared_one", language, what=phrases.names(shown, language))


def _name(row: Difference, language: str) -> str:
    if row.table == "levers":
        return lever_words()[row.name]["name"][language]
    return name_of(row.name, language)


def _settings(study: Comparison, rows: Sequence[Difference], language: str) -> Table:
    """Return a table with a row for each difference: before, and after."""
    texts = []
    for row in rows:
        name = _name(row, language)
        again = any(x.name == row.name and x.week is not None for x in rows)
        if row.week:
            name = say("compared_from", language, what=name, week=row.week)
        elif row.week is None and again:
            name = say("compared_before", language, what=name)
        values = (_value(row, x, language) for x in (row.other, row.value))
        texts.append((name, *values))
    base, other = (x.title[language] for x in study.runs.scenarios)
    columns = (say("compared_what", language), base, other)
    data = pd.DataFrame(texts, columns=["what", "before", "after"])
    title = say("versus", language, scenario=other, base=base)
    return Table("compared", title, columns, tuple(texts), data)


def _value(row: Difference, value: object, language: str) -> str:
    if row.table == "levers":
        return setting_words(row.name, str(value), language) or str(value)
    return value_of(row.name, value, language)


def _scenarios(study: Comparison, language: str) -> Table:
    """Return a table with what each scenario changes."""
    texts = [
        (other.title[language], told_apart(other, study.base, language))
        for other in study.others
    ]
    columns = (say("report_scenario", language), say("compared_what", language))
    data = pd.DataFrame(texts, columns=["option", "set"])
    title = say("report_all_against", language, base=study.base.title[language])
    return Table("compared", title, columns, tuple(texts), data)


def told_apart(
    other: ResolvedScenario, base: ResolvedScenario, language: str = "en"
) -> str:
    """Return how a scenario differs from the base, in words."""
    rows = _chosen(other, base)
    if not rows:
        return say("compared_nothing", language)
    parts = []
    for week, group in groupby(rows, key=lambda row: row.week):
        listed = phrases.names(_in_words([*group], language), language)
        key = "report_from_week" if week else "report_always"
        if week is None and any(row.week is not None for row in rows):
            key = "report_before"
        parts.append(say(key, language, week=week or 0, what=listed))
    return "; ".join(parts)


def _in_words(rows: list[Difference], language: str) -> list[str]:
    told = [_setting(row, language) for row in rows if row.table == "levers"]
    numbers = [row for row in rows if row.table != "levers"]
    for row in numbers[:MOST_NUMBERS]:
        names = {
            "name": name_of(row.name, language),
            "value": value_of(row.name, row.value, language, bare=True),
            "other": value_of(row.name, row.other, language),
        }
        told.append(say("report_number_set", language, **names))
    left = len(numbers) - MOST_NUMBERS
    if left > 0:
        told.append(say("report_numbers_more", language, n=number(left, language)))
    return told


def _setting(row: Difference, language: str) -> str:
    known = setting_words(row.name, row.value, language)
    return known or f"{_name(row, language)}: {row.value}"
