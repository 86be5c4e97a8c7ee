"""Explanations of the columns of a report's numbers, and of the codes in them."""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from experiments.show.document import Document, Picture, Table
from experiments.words.numerals import labels, say
from simulation.outcomes import OUTCOMES

Row = tuple[str, str, str]


def explained(report: Document) -> list[Row]:
    """Return a row per column, then a row per code in it: (column, code, meaning).

    Columns whose texts explain themselves have no codes.
    """
    shown: list[Table | Picture] = []
    for section in report.sections:
        shown += [*section.tables, *section.pictures]
    tables = [one.data for one in shown]
    language = report.language
    columns = dict.fromkeys(str(x) for table in tables for x in table.columns)
    found: list[Row] = []
    for column in columns:
        if told := _meaning(column, language):
            found.append((column, "", told))
        found += [
            (column, code, text)
            for code, text in _codes(column, report).items()
            if code in _values(column, tables)
        ]
    return found


def _meaning(column: str, language: str) -> str:
    """Return the meaning of a column; empty if it has none in the table of words."""
    if column in OUTCOMES:
        outcome = OUTCOMES[column]
        return say(
            "column_mean_of",
            language,
            outcome=outcome.label[language],
            unit=stored_unit(column, False, language),
        )
    key = f"column_{column}"
    return say(key, language) if key in labels() else ""


def stored_unit(name: str, weekly: bool, language: str) -> str:
    """Return the unit of an outcome's stored numbers, in which shares are fractions."""
    outcome = OUTCOMES[name]
    unit = (outcome.weekly_unit if weekly else outcome.unit)[language]
    display = outcome.weekly_display if weekly else outcome.display
    if display != "percent":
        return unit
    return unit.replace("%", say("documents_of_one", language))


def _values(column: str, tables: Iterable[pd.DataFrame]) -> set[Any]:
    """Return all values in a column; settings as `lever=setting`."""
    there = [table for table in tables if column in table]
    if column == "setting":
        levered = [table for table in there if "lever" in table]
        return {
            f"{x.lever}={x.setting}" for table in levered for x in table.itertuples()
        }
    return {x for table in there for x in table[column]}


def _codes(column: str, report: Document) -> Mapping[str, str]:
    """Return the codes that a column can have, with their meanings."""
    language = report.language
    if column in report.codes:
        return report.codes[column]
    if column == "outcome":
        return {name: one.label[language] for name, one in OUTCOMES.items()}
    prefixes = {"method": "method_", "verdict": "kind_"}
    if column not in prefixes:
        return {}
    prefix = prefixes[column]
    return {
        key.removeprefix(prefix): say(key, language)
        for key in labels()
        if key.startswith(prefix)
    }
