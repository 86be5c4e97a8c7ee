"""Columns of several files, joined by week."""

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from experiments.fit.own_data.columns import COLUMNS
from experiments.fit.own_data.data import Data
from experiments.fit.own_data.weeks import Calendar
from experiments.imports.weekly.counting import WeeklyColumn
from experiments.imports.weekly.days import week_name


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


def by_name(found: Sequence[FileColumn]) -> Columns:
    """Return columns by name, in the order of the table of columns."""
    every = {name: [x for x in found if x.column.column == name] for name in COLUMNS}
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
