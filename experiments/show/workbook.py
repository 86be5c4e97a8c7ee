"""A report as a workbook (.xlsx): every number shown, unrounded, with its unit.

The same report gives the same bytes. Texts are written as texts, never as formulas.
"""

import datetime
import math
import os
from collections.abc import Collection, Iterable, Sequence
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter import Workbook

from experiments.show.captions import headed, note_of, source_line
from experiments.show.column_key import explained, stored_unit
from experiments.show.document import Bars, Document, Line, Picture, Section, Table
from experiments.words.numerals import say
from simulation.characters import one_line
from simulation.outcomes import OUTCOMES

LONGEST_NAME = 31
REFUSED = "[]:*?/\\'"
"""Characters that names of sheets cannot have, the last not at their ends."""
RESERVED = "history"
HEAD = 4
"""The row of a sheet in which its columns are named."""
WIDEST = 60
"""Letters of the widest column."""
LONGEST_TEXT = 32_767
CREATED = datetime.datetime(2000, 1, 1)
"""Stands in every workbook, so that the same numbers give the same bytes."""
Rows = Sequence[Sequence[Any]]


def workbook(report: Document, path: str | os.PathLike) -> Path:
    """Write a report as a workbook into `path` (.xlsx) and return it.

    The first sheet describes the report and links to the others. There is a sheet for
    each table as shown, for its numbers, and for the numbers of each picture and each
    native chart. The last sheet explains columns and codes.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(os.fspath(path), options) as book:
        book.set_properties({"title": one_line(report.title), "created": CREATED})
        _Book(book, report).write()
    return Path(path)


class _Book:
    """A workbook that is filled from a report."""

    def __init__(self, book: Workbook, report: Document) -> None:
        self.book, self.report = book, report
        self.bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.link = book.get_default_url_format()
        self.names: set[str] = set()

    def write(self) -> None:
        """Write the first sheet and, after it, all others."""
        first = self._sheet(self._say("contents"))
        index = [*self._sheets()]
        self._front(first, index)

    def _say(self, key: str, **values: str) -> str:
        return say(f"documents_{key}", self.report.language, **values)

    def _front(self, sheet: Any, index: Sequence[tuple[str, str]]) -> None:
        report = self.report
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 100)
        sheet.write_string(0, 0, one_line(report.title), self.title)
        study = self._say("study", study=report.study)
        lines = [report.question, report.remark, study]
        answer = next((x.sentences for x in report.sections if x.name == "answer"), ())
        commands = [(self._say("again"), x) for x in report.commands]
        row = 2
        told = [("", x) for x in (*lines, *answer)]
        for name, text in (*told, *commands):
            sheet.write_string(row, 0, one_line(name), self.wrap)
            sheet.write_string(row, 1, _fitting(text), self.wrap)
            row += 1
        row += 1
        for column, head in enumerate((self._say("sheet"), self._say("holds"))):
            sheet.write_string(row, column, head, self.bold)
        for name, holds in index:
            row += 1
            sheet.write_url(row, 0, _place(name), self.link, name)
            sheet.write_string(row, 1, _fitting(holds), self.wrap)

    def _sheets(self) -> Iterable[tuple[str, str]]:
        """Write the other sheets; yield the name and contents of each."""
        for section in self.report.sections:
            for table in section.tables:
                yield self._shown(section, table)
                yield self._numbers(section, table)
                yield from self._series(section, table)
            for picture in section.pictures:
                if len(picture.data.columns):
                    yield self._numbers(section, picture)
                yield from self._series(section, picture)
        if key := explained(self.report):
            heads = [self._say(x) for x in ("column", "code", "meaning")]
            holds = self._say("key_holds")
            yield self._filled(self._say("key"), holds, ("", ""), heads, key)

    def _shown(self, section: Section, table: Table) -> tuple[str, str]:
        rows = [[*row] for row in table.rows]
        name = sheet_name(table.name, self.names, f" ({self._say('as_shown')})")
        holds = headed(section, table.title)
        told = self._told(section, table)
        return self._filled(name, holds, told, table.columns, rows)

    def _told(self, section: Section, one: Table | Picture) -> tuple[str, str]:
        """Return the note of a table or picture, and the source of its numbers."""
        return note_of(one), source_line(section, self.report)

    def _numbers(self, section: Section, one: Table | Picture) -> tuple[str, str]:
        data = with_units(one.data, self.report.language)
        rows = [[*row] for row in data.itertuples(index=False)]
        columns = [str(x) for x in data.columns]
        holds, told = headed(section, one.title), self._told(section, one)
        return self._filled(one.name, holds, told, columns, rows)

    def _series(
        self, section: Section, one: Table | Picture
    ) -> Iterable[tuple[str, str]]:
        for key, series in one.series.items():
            if isinstance(series, Line):
                columns, rows = self._lines(series)
            else:
                columns, rows = self._bars(series)
            holds, told = headed(section, series.title or key), self._told(section, one)
            yield self._filled(f"{one.name} {key}", holds, told, columns, rows)

    def _lines(self, line: Line) -> tuple[Sequence[str], Rows]:
        values = zip(*line.values.values(), strict=True)
        rows = [
            [week, *row, line.unit]
            for week, row in zip(line.weeks, values, strict=True)
        ]
        return [self._say("week"), *line.values, self._say("unit")], rows

    def _bars(self, bars: Bars) -> tuple[Sequence[str], Rows]:
        keys = ("name", "value", "low", "high", "unit")
        every = (bars.names, bars.values, bars.lows, bars.highs)
        rows = [[*row, bars.unit] for row in zip(*every, strict=True)]
        return [self._say(key) for key in keys], rows

    def _filled(
        self,
        name: str,
        holds: str,
        told: tuple[str, str],
        columns: Sequence[str],
        rows: Rows,
    ) -> tuple[str, str]:
        """Write a sheet (contents, note, source, head, rows); return name, contents."""
        name = sheet_name(name, self.names)
        sheet = self._sheet(name)
        sheet.write_string(0, 0, _fitting(holds), self.title)
        note, source = told
        sheet.write_string(1, 0, _fitting(note))
        sheet.write_string(HEAD - 1, 0, _fitting(source))
        back = self._say("contents")
        sheet.write_url(2, 0, _place(sheet_name(back, ())), self.link, back)
        for column, head in enumerate(columns):
            sheet.write_string(HEAD, column, _fitting(head), self.bold)
            texts = (str(row[column]) for row in rows)
            widest = max((len(head), *(len(x) for x in texts)))
            sheet.set_column(column, column, min(widest + 2, WIDEST))
        for k, row in enumerate(rows, HEAD + 1):
            for column, value in enumerate(row):
                _write(sheet, k, column, value, self.wrap)
        sheet.freeze_panes(HEAD + 1, 1)
        if rows:
            sheet.autofilter(HEAD, 0, HEAD + len(rows), len(columns) - 1)
        return name, holds

    def _sheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(sheet_name(name, self.names))
        self.names.add(sheet.get_name().lower())
        return sheet


def sheet_name(name: str, taken: Collection[str], end: str = "") -> str:
    """Return a valid sheet name for Excel that is not in `taken` (in lower case).

    A name that is too long is cut before its `end`.

    >>> sheet_name("a/b: 'c'", ()), sheet_name("x" * 40, {"x" * 31})
    ("a b 'c", 'xxxxxxxxxxxxxxxxxxxxxxxxxxx (2)')
    >>> sheet_name("comparison-" + "x" * 40, (), " (shown)")
    'comparison-xxxxxxxxxxxx (shown)'
    """
    shown = "".join(" " if x in REFUSED[:-1] else x for x in one_line(name))
    shown = one_line(shown).strip("' ") or "-"
    for count in range(1, len(taken) + 2):
        again = f" ({count})" if count > 1 or shown.lower() == RESERVED else ""
        last = end + again
        found = _cut(shown, LONGEST_NAME - len(last)).rstrip("' ") + last
        if found.lower() not in taken:
            break
    return found


def with_units(data: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return numbers of outcomes with a column for the unit in which they are stored.

    Shares are stored as fractions of one, and their unit says so.
    """
    if "outcome" not in data or not set(data["outcome"]) <= set(OUTCOMES):
        return data
    weekly = "week" in data
    units = {x: stored_unit(x, weekly, language) for x in set(data["outcome"])}
    found = data.assign(unit=data["outcome"].map(units))
    others = [x for x in data.columns if x != "unit"]
    place = others.index("outcome") + 1
    return found[[*others[:place], "unit", *others[place:]]]


def _write(sheet: Any, row: int, column: int, value: Any, wrap: Any) -> None:
    """Write a value into a cell: numbers as numbers, nan as nothing, others as text."""
    if isinstance(value, bool | np.bool_):
        sheet.write_boolean(row, column, bool(value))
    elif isinstance(value, Real) and math.isfinite(value):
        sheet.write_number(row, column, value)
    elif isinstance(value, Real) and math.isinf(value):
        sheet.write_string(row, column, str(value))
    elif not pd.isna(value):
        sheet.write_string(row, column, _fitting(str(value)), wrap)


def _place(sheet: str) -> str:
    """Return the address of a sheet for links within a workbook."""
    quoted = sheet.replace("'", "''")
    return f"internal:'{quoted}'!A1"


def _fitting(text: str) -> str:
    return _cut(one_line(text), LONGEST_TEXT)


def _cut(text: str, most: int) -> str:
    """Return text cut to at most `most` UTF-16 units, which is how Excel counts."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", errors="ignore")
