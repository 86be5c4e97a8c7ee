"""A report as a workbook (.xlsx): its numbers, unrounded, with native charts.

The first sheet says what it is and links to the others; the last explains method and
columns. The same report gives the same bytes. Texts are never formulas.
"""

import datetime
import math
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from xlsxwriter import Workbook

from experiments.show.captions import note_of, source_line
from experiments.show.cells import Cells, cells_of, weekly_cells
from experiments.show.column_key import explained
from experiments.show.document import Bars, Document, Picture, Section, Table
from experiments.show.workbook_charts import Spread, bars_chart, lines_chart
from experiments.words.numerals import labels, say
from simulation.characters import one_line

LONGEST_NAME = 31
REFUSED = "[]:*?/\\'"
"""Characters that names of sheets cannot have, the last not at their ends."""
RESERVED = "history"
MOST_SHEETS = 8
METHOD = "method"
"""The sheet that comes last, with the explanation of columns."""
BRIEF = "summary"
"""The sheet on which tables have their most important columns only."""
ACROSS = PRINTED = 11
"""The last column over which sentences run, and of what is printed."""
LETTERS = 170
"""Letters of a sentence on one line over these columns."""
FIRST_WIDTH, WIDTH = 36, 16
"""Letters of the first and of other columns."""
LINE_HEIGHT = 15
CHART_ROWS, CHART_WIDTH, CHART_HEIGHT = 15, 470, 280
ABREAST = 3
"""Charts beside one another."""
LONGEST_TEXT = 32_767
CREATED = datetime.datetime(2000, 1, 1)
"""Stands in every workbook, so that the same numbers give the same bytes."""
A4 = 9


def workbook(report: Document, path: str | os.PathLike) -> Path:
    """Write a report as a workbook into `path` (.xlsx) and return it.

    There are at most `MOST_SHEETS`; sections share sheets.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(os.fspath(path), options) as book:
        book.set_properties({"title": one_line(report.title), "created": CREATED})
        _Book(book, report).write()
    return Path(path)


@dataclass
class _Sheet:
    """A sheet that is filled from the top, and at the right of what is printed.

    `row` is the next free row, `right` the next free column.
    """

    sheet: Any
    row: int = 0
    right: int = PRINTED + 2


class _Book:
    """A workbook that is filled from a report."""

    def __init__(self, book: Workbook, report: Document) -> None:
        self.book, self.report = book, report
        add = book.add_format
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        self.head = add(head | {"indent": 1})
        self.number_head = add(head | {"align": "right"})
        self.title = add({"bold": True, "font_size": 14, "text_wrap": True})
        self.caption = add({"bold": True})
        self.wrap = add({"text_wrap": True, "valign": "top", "indent": 1})
        self.text = add({"valign": "top", "indent": 1})
        self.small = add({"text_wrap": True, "font_color": "#565C66", "valign": "top"})
        blue = {"font_color": "#0563C1", "underline": 1}
        self.link = add(blue | {"valign": "top", "indent": 1})
        self.formats: dict[str, Any] = {}
        self.names: set[str] = set()

    def write(self) -> None:
        """Write the first sheet and, after it, all others."""
        first = self._sheet(self._say("contents"))
        index = []
        for key, sections in groups(self.report).items():
            sheet = self._sheet(self._title(key, sections))
            for section in sections:
                self._section(sheet, section)
            if key == METHOD:
                self._again(sheet, sections)
                self._key(sheet)
            sheet.sheet.print_area(0, 0, max(sheet.row, 1), PRINTED)
            found = ((x.finding or x.title).removesuffix(".") for x in sections)
            holds = dict.fromkeys(found)
            if key == METHOD:
                holds[self._say("key_holds")] = None
            index.append((sheet.sheet.get_name(), "; ".join(holds)))
        self._front(first, index)

    def _say(self, key: str, **values: str) -> str:
        return say(f"documents_{key}", self.report.language, **values)

    def _title(self, key: str, sections: Sequence[Section]) -> str:
        """Return the name of a sheet: that of its group, or of its only section."""
        known = f"sheet_{key}"
        if known in labels():
            return say(known, self.report.language)
        return sections[0].title

    def _sheet(self, name: str) -> _Sheet:
        sheet = self.book.add_worksheet(sheet_name(name, self.names))
        self.names.add(sheet.get_name().lower())
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        remark = f"{self.report.remark} · {self._say('study', study=self.report.study)}"
        sheet.set_footer(f"&L{remark.replace('&', '&&')[:120]}&R&P / &N")
        sheet.set_column(0, 0, FIRST_WIDTH)
        sheet.set_column(1, ACROSS, WIDTH)
        return _Sheet(sheet)

    def _front(self, first: _Sheet, index: Sequence[tuple[str, str]]) -> None:
        report = self.report
        self._across(first, report.title, self.title)
        answer = next((x.sentences for x in report.sections if x.name == "answer"), ())
        for text in dict.fromkeys((report.question, *answer, report.remark)):
            self._across(first, text, self.wrap)
        first.row += 1
        for column, key in enumerate(("sheet", "holds")):
            first.sheet.write_string(first.row, column, self._say(key), self.head)
        for name, holds in index:
            first.row += 1
            first.sheet.write_url(first.row, 0, _place(name), self.link, name)
            self._merged(first, holds, self.wrap, 1)

    def _across(self, place: _Sheet, text: str, style: Any) -> None:
        """Write a text over several columns, as high as it needs, and go on below."""
        if text:
            self._merged(place, text, style, 0)
            place.row += 1

    def _merged(self, place: _Sheet, text: str, style: Any, first: int) -> None:
        shown, row = _fitting(text), place.row
        place.sheet.merge_range(row, first, row, ACROSS, "", style)
        place.sheet.write_string(row, first, shown, style)
        size = 1.5 if style is self.title else 1.0
        lines = math.ceil(len(shown) * size / LETTERS)
        place.sheet.set_row(row, min(LINE_HEIGHT * size * lines, 400))

    def _section(self, place: _Sheet, section: Section) -> None:
        """Write a section below those before: sentences, charts, tables."""
        self._across(place, section.finding or section.title, self.title)
        for text in section.sentences:
            if text.rstrip(".") != section.finding.rstrip("."):
                self._across(place, text, self.wrap)
        place.row += 1
        for table in section.tables:
            self._shown(place, section, table)
        for picture in section.pictures:
            self._shown(place, section, picture)

    def _shown(self, place: _Sheet, section: Section, one: Table | Picture) -> None:
        """Write the charts of a table or picture, and its numbers."""
        weekly = "week" in one.data
        brief = section.sheet == BRIEF
        charted = brief or not section.tables
        series = [x for x in one.series.values() if charted and isinstance(x, Bars)]
        blocks = self._cells(one, brief)
        if weekly:
            blocks = [*weekly_cells(one, self.report)]
        if not blocks and not series:
            return
        self._across(place, one.title, self.caption)
        top = place.row
        drawn = len(blocks if weekly else series)
        place.row += -(-drawn // ABREAST) * CHART_ROWS
        spots = [
            (top + k // ABREAST * CHART_ROWS, k % ABREAST * (CHART_WIDTH + 10))
            for k in range(drawn)
        ]
        if weekly:
            for spot, cells in zip(spots, blocks, strict=True):
                spread = self._beside(place, cells)
                self._chart(place, spot, lines_chart(self.book, cells, spread))
        else:
            for cells in blocks:
                self._block(place, cells)
            for spot, bars in zip(spots, series, strict=True):
                spread = self._block(place, _bars(bars, self.report.language))
                self._chart(place, spot, bars_chart(self.book, bars, spread))
        for text in (note_of(one), source_line(section, self.report)):
            self._across(place, text, self.small)
        place.row += 1

    def _cells(self, one: Table | Picture, brief: bool) -> list[Cells]:
        """Return the numbers of a table; those of charts stand in their own blocks."""
        if isinstance(one, Picture) and one.series:
            return []
        if not len(one.data.columns):
            return []
        return [cells_of(one.data, self.report, brief)]

    def _chart(self, place: _Sheet, spot: tuple[int, int], chart: Any) -> None:
        chart.set_size({"width": CHART_WIDTH, "height": CHART_HEIGHT})
        row, left = spot
        options = {"x_offset": left, "object_position": 2}
        place.sheet.insert_chart(row, 0, chart, options)

    def _block(self, place: _Sheet, cells: Cells) -> Spread:
        """Write rows under their heads below all that is there; return where."""
        if cells.title:
            place.sheet.write_string(place.row, 0, _fitting(cells.title), self.caption)
            place.row += 1
        longest = max((len(x) for x in cells.heads), default=0)
        place.sheet.set_row(place.row, LINE_HEIGHT * math.ceil(longest / WIDTH))
        spread = self._rows(place, cells, place.row, 0)
        for k, row in enumerate(cells.rows, spread.first):
            place.sheet.set_row(k, LINE_HEIGHT * _lines(row))
        place.row = spread.last + 2
        return spread

    def _beside(self, place: _Sheet, cells: Cells) -> Spread:
        """Write rows under their heads at the right of what is printed."""
        spread = self._rows(place, cells, 1, place.right)
        title = _fitting(cells.title)
        place.sheet.write_string(0, place.right, title, self.caption)
        last = place.right + len(cells.heads) - 1
        place.sheet.set_column(place.right, last, WIDTH)
        place.right = last + 2
        return spread

    def _rows(self, place: _Sheet, cells: Cells, top: int, left: int) -> Spread:
        for k, head in enumerate(cells.heads):
            numbers = any(isinstance(row[k], Real) for row in cells.rows)
            style = self.number_head if numbers else self.head
            place.sheet.write_string(top, left + k, _fitting(head), style)
        every = zip(cells.rows, cells.formats, strict=True)
        for k, (row, formats) in enumerate(every, top + 1):
            for column, cell in enumerate(zip(row, formats, strict=True), left):
                self._write(place.sheet, k, column, *cell)
        name = place.sheet.get_name()
        return Spread(name, top + 1, top + len(cells.rows), left)

    def _write(self, sheet: Any, row: int, column: int, value: Any, style: str) -> None:
        """Write a value: numbers as numbers, nan as nothing, others as text."""
        if isinstance(value, bool | np.bool_):
            sheet.write_boolean(row, column, bool(value))
        elif isinstance(value, Real) and math.isfinite(value):
            sheet.write_number(row, column, value, self._format(style))
        elif isinstance(value, Real) and math.isinf(value):
            sheet.write_string(row, column, str(value))
        elif not pd.isna(value):
            wide = len(str(value)) > (FIRST_WIDTH if column == 0 else WIDTH)
            shown = self.wrap if wide else self.text
            sheet.write_string(row, column, _fitting(str(value)), shown)

    def _format(self, style: str) -> Any:
        if style not in self.formats:
            named = {"num_format": style, "valign": "top"}
            self.formats[style] = self.book.add_format(named)
        return self.formats[style]

    def _again(self, place: _Sheet, sections: Sequence[Section]) -> None:
        """Write the commands that make the report again, if no section has them."""
        told = {text for section in sections for text in section.sentences}
        commands = [x for x in self.report.commands if x not in told]
        for text in [self._say("again"), *commands] if commands else []:
            self._across(place, text, self.wrap)
        place.row += bool(commands)

    def _key(self, place: _Sheet) -> None:
        """Explain the columns of all sheets."""
        self._across(place, self._say("key"), self.title)
        for name, meaning in explained(self.report):
            place.sheet.write_string(place.row, 0, name, self.text)
            self._merged(place, meaning, self.wrap, 1)
            place.row += 1


def _lines(row: Sequence[Any]) -> int:
    """Return the lines that the texts of a row need in their columns."""
    return max(
        math.ceil(len(one_line(str(x))) / (WIDTH if k else FIRST_WIDTH))
        for k, x in enumerate(row)
        if isinstance(x, str) or not k
    )


def groups(report: Document) -> dict[str, list[Section]]:
    """Return the sections of each sheet after the first, by its key; method comes last.

    Sections of a few sheets too many share one.
    """
    found: dict[str, list[Section]] = {}
    for section in report.sections:
        shown = section.tables or section.pictures
        if shown or (section.sentences and not section.fragment):
            found.setdefault(section.sheet or section.name, []).append(section)
    method = found.pop(METHOD, [])
    most = MOST_SHEETS - 2
    keys = [*found]
    if len(keys) > most:
        others = [x for key in keys[most - 1 :] for x in found.pop(key)]
        found["others"] = others
    return found | {METHOD: method}


def _bars(bars: Bars, language: str) -> Cells:
    """Return the numbers of a chart of differences."""
    keys = ("name", "value", "low", "high", "minus", "plus", "unit")
    every = zip(bars.names, bars.values, bars.lows, bars.highs, strict=True)
    rows = [
        [name, x, low, high, x - low, high - x, bars.unit]
        for name, x, low, high in every
    ]
    heads = [say(f"documents_{key}", language) for key in keys]
    return Cells(bars.title, heads, rows, [["", *["0.0"] * 5, ""]] * len(rows))


def sheet_name(name: str, taken: Collection[str]) -> str:
    """Return a valid sheet name for Excel that is not in `taken` (in lower case).

    >>> sheet_name("a/b: 'c'", ()), sheet_name("x" * 40, {"x" * 31})
    ("a b 'c", 'xxxxxxxxxxxxxxxxxxxxxxxxxxx (2)')
    """
    shown = "".join(" " if x in REFUSED[:-1] else x for x in one_line(name))
    shown = one_line(shown).strip("' ") or "-"
    for count in range(1, len(taken) + 2):
        end = f" ({count})" if count > 1 or shown.lower() == RESERVED else ""
        found = _cut(shown, LONGEST_NAME - len(end)).rstrip("' ") + end
        if found.lower() not in taken:
            break
    return found


def _place(sheet: str) -> str:
    """Return the address of a sheet for links within a workbook."""
    quoted = sheet.replace("'", "''")
    return f"internal:'{quoted}'!A1"


def _fitting(text: str) -> str:
    return _cut(one_line(text), LONGEST_TEXT)


def _cut(text: str, most: int) -> str:
    """Return text cut to at most `most` UTF-16 units, which is how Excel counts."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", errors="ignore")
