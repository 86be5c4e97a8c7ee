"""The numbers of tables and pictures as cells of a sheet: heads, values, formats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from experiments.show.column_key import head_of, meaning_of, name_of, unit_of
from experiments.show.document import Document, Picture, Table
from experiments.words.numerals import say
from simulation.outcomes import OUTCOMES

SHARES = ("relative", "share_better", "path_share", "same_sign", "level")
"""How columns begin that hold shares, whatever the outcome of their row."""
COUNTS = ("worlds", "week", "organisations")
FORMATS = {"percent": "0.0%", "euros": "#,##0", "weeks": "0.0"}
"""Number formats of the values of outcomes, by how these are shown."""
OTHER = "0.00"
DROPPED = ("method", "unit", "base", "level")
"""Columns that say the same in all rows, or what other columns say."""
FIRST = (
    "outcome",
    "scenario",
    "base_mean",
    "mean",
    "difference",
    "difference_low",
    "difference_high",
    "verdict",
    "share_better",
    "worlds",
    "worlds_to_settle",
)
"""The most important columns of a comparison, which come first."""
ENDS = (("low", "high"), ("world_10", "world_90"))


@dataclass(frozen=True)
class Cells:
    """Rows of values under their heads, with the number format of each."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    formats: Sequence[Sequence[str]]


def cells_of(data: pd.DataFrame, report: Document, brief: bool = False) -> Cells:
    """Return a table of numbers with its codes in words and its columns named.

    If `brief`, a comparison has its most important columns only.
    """
    language = report.language
    columns = [str(x) for x in data.columns if x not in DROPPED]
    if {"difference", "base_mean"} <= set(columns):
        others = [] if brief else [x for x in columns if x not in FIRST]
        columns = [*(x for x in FIRST if x in columns), *others]
    outcomes = data["outcome"] if "outcome" in data else [""] * len(data)
    rows, formats = [], []
    for row, outcome in zip(data.to_dict("records"), outcomes, strict=True):
        rows.append([meaning_of(x, row, report) for x in columns])
        formats.append([_format(x, outcome or x) for x in columns])
    heads = [head_of(x, language) for x in columns]
    if "outcome" in columns:
        place = columns.index("outcome") + 1 + ("scenario" in columns[1:2])
        heads.insert(place, head_of("unit", language))
        for row, style, name in zip(rows, formats, outcomes, strict=True):
            unit = unit_of(name, False, language) if name in OUTCOMES else ""
            row.insert(place, unit)
            style.insert(place, "")
    return Cells("", heads, rows, formats)


def _format(column: str, outcome: str) -> str:
    """Return the number format of a column in a row about an outcome."""
    if column.startswith(SHARES):
        return "0%"
    if column.startswith(COUNTS):
        return "0"
    if outcome in OUTCOMES:
        return FORMATS.get(OUTCOMES[outcome].display, OTHER)
    return OTHER


def weekly_cells(one: Table | Picture, report: Document) -> Iterator[Cells]:
    """Yield, for each outcome, a table with a row for each week.

    The columns are the scenarios, then the ends of the band or interval of each.
    """
    language, data = report.language, one.data
    middle = "difference" if "difference" in data else "mean"
    ends = next(pair for pair in ENDS if pair[0] in data)
    for name in dict.fromkeys(data["outcome"]):
        rows = data[data["outcome"] == name]
        scenarios = [*dict.fromkeys(rows["scenario"])]
        titles = [meaning_of("scenario", {"scenario": x}, report) for x in scenarios]
        by_week = rows.set_index(["week", "scenario"])[[middle, *ends]].unstack()
        picked = [(middle, x) for x in scenarios]
        picked += [(end, x) for x in scenarios for end in ends]
        told = [f"{title}: {head_of(x, language)}" for title in titles for x in ends]
        outcome = OUTCOMES[name]
        weekly = middle == "mean"
        display = outcome.weekly_display if weekly else outcome.display
        style = FORMATS.get(display, OTHER)
        values = by_week[picked].to_numpy(float)
        unit = unit_of(name, weekly, language)
        yield Cells(
            f"{name_of(name, weekly, language)}, {unit}",
            [say("documents_week", language), *titles, *told],
            [[int(w), *row] for w, row in zip(by_week.index, values, strict=True)],
            [["0", *[style] * len(picked)]] * len(values),
        )
