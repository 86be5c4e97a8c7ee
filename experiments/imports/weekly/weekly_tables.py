"""Files with a row for each week, with heads as other systems write them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from experiments.fit.own_data.data import Data, data_of
from experiments.fit.own_data.weeks import Calendar
from experiments.imports.heads import guessed_columns
from experiments.imports.sheets import Sheet, read_sheet
from experiments.imports.totals import is_total_row
from experiments.imports.weekly.counting import WeeklyColumn
from experiments.imports.weekly.days import week_of
from experiments.imports.weekly.kinds import TIMES, WEEKS, kinds, kinds_of
from simulation.text_files import FileError, Findings

OWN_SUFFIXES = (".csv",)


def totals_of(sheet: Sheet) -> tuple[int, ...]:
    """Return the lines of rows of totals."""
    return tuple(line for line, row in sheet.rows if is_total_row(row))


def read_weekly_table(sheet: Sheet, columns: Mapping[str, int]) -> Data:
    """Return the data of a sheet in its known columns, without rows of totals.

    Raises DataError with all mistakes.
    """
    names = {at: name for name, at in columns.items()}
    if not _has_own_heads(sheet):
        kept = [at for at in range(len(sheet.header)) if at in names]
    else:
        names = dict(enumerate(sheet.header))
        kept = list(names)
    totals = set(totals_of(sheet))
    rows = [(line, row) for line, row in sheet.rows if line not in totals]
    lines = [
        (sheet.line, [names[at] for at in kept]),
        *((line, [row[at] for at in kept]) for line, row in rows),
    ]
    return data_of(lines, Findings(sheet.file))


def is_own_file(path: Path) -> bool:
    """Return whether a file is a CSV file with heads of orgsim's own, or unreadable.

    What is wrong with it is then told by the reader of such files.
    """
    if path.suffix.lower() not in ("", *OWN_SUFFIXES):
        return False
    try:
        sheet = read_sheet(path, WEEKS, *kinds())
    except FileError:
        return True
    is_weekly = kinds_of(sheet.header) in ((), (WEEKS,))
    own = guessed_columns(WEEKS, sheet.header)
    return is_weekly and bool(own) and _has_own_heads(sheet)


def _has_own_heads(sheet: Sheet) -> bool:
    """Return whether all known heads are those of orgsim's own files.

    Other heads are then mistakes.
    """
    known = guessed_columns(WEEKS, sheet.header)
    return all(
        sheet.header[at].casefold().replace(" ", "_") == name
        for name, at in known.items()
    )


def first_week(calendar: Calendar) -> int | None:
    """Return the first week of a file; None if its weeks are only numbered on."""
    if calendar.kind == "number":
        return None
    if calendar.kind == "week":
        year, _, number = calendar.first.partition("-W")
        return week_of(date.fromisocalendar(int(year), int(number), 1).toordinal())
    return week_of(date.fromisoformat(calendar.first).toordinal())


def weekly_columns(
    data: Data, sheet: Sheet, columns: Mapping[str, int], first: int
) -> tuple[WeeklyColumn, ...]:
    """Return the columns of data whose first week is `first`."""
    head = sheet.header[next(columns[x] for x in TIMES if x in columns)]
    columns_by_week = []
    for name, values in data.values.items():
        known = np.isfinite(values)
        weeks = {first + int(k): float(values[k]) for k in np.flatnonzero(known)}
        gaps = tuple(first + int(k) for k in np.flatnonzero(~known))
        last = first + data.weeks - 1
        columns_by_week.append(
            WeeklyColumn(name, weeks, len(weeks), head, "", first, last, gaps)
        )
    return tuple(columns_by_week)
