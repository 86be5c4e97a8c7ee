"""What the columns of a report's numbers are called, and what stands in them."""

from collections.abc import Mapping
from typing import Any

from experiments.show.document import Document, Picture, Table
from experiments.words.numerals import labels, say
from simulation.outcomes import OUTCOMES


def explained(report: Document) -> list[tuple[str, str]]:
    """Return the name and the meaning of each column of a report's numbers."""
    shown: list[Table | Picture] = []
    for section in report.sections:
        shown += [*section.tables, *section.pictures]
    columns = dict.fromkeys(str(x) for one in shown for x in one.data.columns)
    told = {x: _meaning(x, report.language) for x in columns if x != "method"}
    found = [(head_of(x, report.language), text) for x, text in told.items() if text]
    methods = {x for one in shown if "method" in one.data for x in one.data["method"]}
    known = [x for x in sorted(methods) if f"method_{x}" in labels()]
    head = head_of("method", report.language)
    return [*found, *((head, say(f"method_{x}", report.language)) for x in known)]


def head_of(column: str, language: str) -> str:
    """Return what a column is called: an outcome by its label."""
    if column in OUTCOMES:
        return OUTCOMES[column].label[language]
    key = f"head_{column}"
    return say(key, language) if key in labels() else column.replace("_", " ")


def meaning_of(column: str, row: Mapping[Any, Any], report: Document) -> Any:
    """Return the value of a row in a column, in words if it is a code."""
    value = row[column]
    code = value
    if column == "setting" and "lever" in row:
        code = f"{row['lever']}={value}"
    known = _codes(column, report)
    return known.get(code, value) if isinstance(code, str) else value


def _meaning(column: str, language: str) -> str:
    """Return the meaning of a column; empty if it has none in the table of words."""
    if column in OUTCOMES:
        outcome = OUTCOMES[column]
        return say(
            "column_mean_of",
            language,
            outcome=outcome.label[language],
            unit=unit_of(column, False, language),
        )
    key = f"column_{column}"
    return say(key, language) if key in labels() else ""


def name_of(name: str, weekly: bool, language: str) -> str:
    """Return what an outcome is called in a workbook."""
    outcome = OUTCOMES[name]
    return (outcome.weekly_label if weekly else outcome.label)[language]


def unit_of(name: str, weekly: bool, language: str) -> str:
    """Return the unit of an outcome's numbers in a workbook."""
    outcome = OUTCOMES[name]
    return (outcome.weekly_unit if weekly else outcome.unit)[language]


def _codes(column: str, report: Document) -> Mapping[str, str]:
    """Return the codes that a column can have, with their meanings."""
    language = report.language
    if column in report.codes:
        return report.codes[column]
    if column == "outcome":
        return {name: one.label[language] for name, one in OUTCOMES.items()}
    if column != "verdict":
        return {}
    prefix = "kind_"
    return {
        key.removeprefix(prefix): say(key, language).partition(":")[0]
        for key in labels()
        if key.startswith(prefix)
    }
