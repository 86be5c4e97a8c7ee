"""What a table of contacts holds: its columns, kind and weeks, by heads and dates."""

import math
import re
from collections.abc import Mapping

from experiments.imports.columns import with_chosen
from experiments.imports.dates import read_dates
from experiments.imports.employees import Rows
from experiments.imports.heads import (
    CONTACTS,
    counted_as,
    guessed_columns,
    is_head,
    plain_head,
)
from experiments.imports.mapping import ImportMapping
from experiments.imports.sheets import Sheet
from experiments.imports.vocabulary import plain
from experiments.imports.words import Troubles
from simulation.written_numbers import numbers_of

NUMBER_AT_END = re.compile(r" \d+$")


def contact_columns(
    sheet: Sheet, mapping: ImportMapping, troubles: Troubles
) -> tuple[dict[str, int], list[int]]:
    """Return the column of each field, and all columns that name others."""
    chosen = mapping.columns("contacts", "columns")
    columns = guessed_columns(CONTACTS, sheet.header)
    columns = with_chosen(sheet, columns, chosen, troubles)
    bare = [NUMBER_AT_END.sub("", plain_head(head)) for head in sheet.header]
    numbered = [
        at
        for at, head in enumerate(bare)
        if head != plain_head(sheet.header[at]) and is_head(CONTACTS, head)
    ]
    if "a" not in columns and "b" not in columns and len(numbered) == 2:
        columns["a"], columns["b"] = numbered
    elif "a" in columns and "b" not in columns and numbered:
        columns["b"] = numbered[0]
    several = [x for x in numbered if x not in (columns.get("a"), columns.get("b"))]
    return columns, several


def is_matrix(sheet: Sheet) -> bool:
    """Return whether a table has the same names in its header and first column."""
    names = {plain(cells[0]) for _, cells in sheet.rows[:50]}
    return len(sheet.header) > 2 and names <= {plain(x) for x in sheet.header[1:]}


def kind_of(sheet: Sheet, columns: Mapping[str, int]) -> str | None:
    """Return the kind of contacts that the heads of columns tell."""
    if "frequency" in columns:
        return "survey"
    if "hours" in columns or "weight" in columns:
        return "ties"
    counted = counted_as([head for head in sheet.header if head])
    if "minutes" in columns:
        return "meetings"
    if counted and {"count", "date"} & set(columns):
        return counted
    if "count" in columns:
        return None
    return counted or "survey"


def weeks_of(rows: Rows) -> float | None:
    """Return the weeks that a table covers, by its dates or a column of weeks."""
    if "period" in rows.columns:
        weeks = [x for x in numbers_of(rows.column("period")) if x]
        return max(weeks, default=None)
    days = [x for x in read_dates(rows.column("date")) if x]
    if not days:
        return None
    return float(math.ceil(((max(days) - min(days)).days + 1) / 7))
