"""Columns of several files, joined by week."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments.fit.own_data.columns import COLUMNS
from experiments.fit.own_data.data import Data
from experiments.fit.own_data.weeks import Calendar
from experiments.imports.mapping import ImportMapping
from experiments.imports.weekly.counting import WeeklyColumn
from experiments.imports.weekly.days import WEEK, week_name, week_of
from experiments.imports.weekly.exports import FileReading
from experiments.imports.weekly.kinds import WEEKS


class FileColumn(NamedTuple):
    """A column of data and the name of its file."""

    file: str
    column: WeeklyColumn

    @property
    def weeks(self) -> tuple[int, int]:
        """The first and the last week."""
        return self.column.first, self.column.last


Columns = Mapping[str, Sequence[FileColumn]]
"""The columns of data by name, as files have them."""


def within_period(
    files: Sequence[FileReading], mapping: ImportMapping
) -> list[FileColumn]:
    """Return the columns of all files, over the whole weeks of the period, if any."""
    first = _whole_week(mapping.get("period", "first"), WEEK - 1)
    last = _whole_week(mapping.get("period", "last"), 1 - WEEK)
    columns = [
        FileColumn(Path(file.sheet.file).name, _cut(one, file.kind, first, last))
        for file in files
        for one in file.found
    ]
    return [x for x in columns if x.column.first <= x.column.last]


def _cut(
    column: WeeklyColumn, kind: str, first: int | None, last: int | None
) -> WeeklyColumn:
    """Return a column over a period: weeks without rows are then zero, if it counts."""
    if kind == WEEKS:
        first = None if first is None else max(first, column.first)
        last = None if last is None else min(last, column.last)
    return column.within(first, last)


def _whole_week(day: date | None, days: int) -> int | None:
    """Return the week of an end of a period, moved by days to be a whole week."""
    return None if day is None else week_of(day.toordinal() + days)


def by_name(columns: Sequence[FileColumn]) -> Columns:
    """Return columns by name, in the order of the table of columns."""
    every = {name: [x for x in columns if x.column.column == name] for name in COLUMNS}
    return {name: same for name, same in every.items() if same}


def overlaps(columns: Sequence[FileColumn]) -> bool:
    """Return whether two files tell of the same week."""
    ordered = sorted(x.weeks for x in columns)
    pairs = itertools.pairwise(ordered)
    return any(before[1] >= after[0] for before, after in pairs)


def apart(found: Sequence[FileColumn]) -> tuple[FileColumn, FileColumn] | None:
    """Return two files without a common week, whose columns cannot be joined."""
    columns = by_name(found)
    spans = {
        name: (min(x.column.first for x in same), max(x.column.last for x in same))
        for name, same in columns.items()
    }
    latest = max(spans, key=lambda name: spans[name][0])
    earliest = min(spans, key=lambda name: spans[name][1])
    if spans[earliest][1] >= spans[latest][0]:
        return None
    return columns[earliest][-1], columns[latest][0]


def joined(columns: Columns, file: str) -> Data:
    """Return the data of all columns over all their weeks, nan where nothing is known.

    Where several files tell of a week their values are added.
    """
    every = [x for same in columns.values() for x in same]
    first = min(x.column.first for x in every)
    last = max(x.column.last for x in every)
    values = {
        name: _added([x.column for x in same], first, last)
        for name, same in columns.items()
    }
    calendar = Calendar("week", week_name(first), week_name(last))
    return Data(file, values, calendar)


def _added(columns: Sequence[WeeklyColumn], first: int, last: int) -> np.ndarray:
    weeks = range(first, last + 1)
    table = np.array([[one.value(week) for week in weeks] for one in columns])
    known = np.isfinite(table)
    return np.where(known.any(0), np.where(known, table, 0.0).sum(0), np.nan)
