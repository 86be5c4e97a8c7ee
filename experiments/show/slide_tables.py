"""Tables on slides: columns as wide as needed, and as many rows as fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches

from experiments.show.slide_texts import SMALLEST, Rectangle, write_paragraphs
from experiments.show.text_boxes import (
    LINE,
    column_widths,
    columns_together,
    cut,
    cut_apart,
    wrapped,
)

CELL = 0.08
"""Inches between a text and the border of its cell."""
HEAD_LINES, CELL_LINES = 3, 6
"""Lines of a cell at most; what is longer is cut."""


@dataclass(frozen=True)
class SlideTable:
    """Rows of a table, the head first, with row heights and column widths in inches."""

    rows: tuple[tuple[str, ...], ...]
    heights: tuple[float, ...]
    widths: tuple[float, ...]

    def draw(self, slide: Any, box: Rectangle) -> None:
        """Draw the table at the top left of a box on a slide."""
        place = Rectangle(box.left, box.top, sum(self.widths), sum(self.heights))
        shape = slide.shapes.add_table(len(self.rows), len(self.widths), *place.lengths)
        table = shape.table
        for column, wide in zip(table.columns, self.widths, strict=True):
            column.width = Inches(wide)
        for k, (row, high) in enumerate(zip(table.rows, self.heights, strict=True)):
            row.height = Inches(high)
            for cell, text in zip(row.cells, self.rows[k], strict=True):
                cell.margin_left = cell.margin_right = Inches(CELL)
                cell.margin_top = cell.margin_bottom = Inches(CELL / 2)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                write_paragraphs(cell.text_frame, [text], SMALLEST, bold=k == 0)


def tables_that_fit(rows: Sequence[Sequence[str]], box: Rectangle) -> list[SlideTable]:
    """Return a table in parts that fit a box; each has the head and first column."""
    return [
        part
        for columns in columns_together(rows, SMALLEST, box.width, CELL)
        for part in _pages([[row[k] for k in columns] for row in rows], box)
    ]


def _pages(rows: Sequence[Sequence[str]], box: Rectangle) -> list[SlideTable]:
    """Return a table that fits the width of a box, in parts that fit its height."""
    widths = column_widths(rows, SMALLEST, box.width, CELL)
    shown = _cut(rows, [wide - 2 * CELL for wide in widths])
    highs = [
        max(_cell_height(x, w, not k) for x, w in zip(row, widths, strict=True))
        for k, row in enumerate(shown)
    ]
    parts: list[list[int]] = [[0]]
    for k in range(1, len(rows)):
        if sum(highs[i] for i in parts[-1]) + highs[k] > box.height:
            parts.append([0])
        parts[-1].append(k)
    return [
        SlideTable(
            tuple(tuple(shown[k]) for k in part),
            tuple(highs[k] for k in part),
            tuple(widths),
        )
        for part in parts
    ]


def _cut(rows: Sequence[Sequence[str]], inside: Sequence[float]) -> list[list[str]]:
    """Return rows with cells cut to their room; heads and names stay distinct."""
    head, *others = rows
    shown = [cut_apart(head, SMALLEST, inside, HEAD_LINES, bold=True)]
    firsts = [row[0] for row in others]
    names = cut_apart(firsts, SMALLEST, [inside[0]] * len(firsts), CELL_LINES)
    for name, row in zip(names, others, strict=True):
        cells = zip(row[1:], inside[1:], strict=True)
        shown.append([name, *(cut(x, SMALLEST, y, CELL_LINES) for x, y in cells)])
    return shown


def _cell_height(text: str, wide: float, bold: bool) -> float:
    lines = len(wrapped(text, SMALLEST, wide - 2 * CELL, bold))
    return lines * LINE * SMALLEST / 72 + CELL
