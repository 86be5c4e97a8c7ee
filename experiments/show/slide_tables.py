"""Tables on slides: type as large as fits, and as many rows as fit at the smallest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches

from experiments.show.slide_texts import SMALLEST, Rectangle, write_paragraphs
from experiments.show.text_boxes import (
    LINE,
    SPARE,
    column_widths,
    columns_together,
    cut,
    cut_apart,
    wrapped,
)

CELL = 0.08
"""Inches between a text and the border of its cell."""
SPARE_LINES = 3
"""Lines of a row at most in type above the smallest."""
SIZES = (20, 18, 16, SMALLEST)
NO_TEXT = "\N{NO-BREAK SPACE}"
"""What an empty cell holds, as one without text is as high as type of 18 points."""
HEAD_LINES, CELL_LINES = 4, 6
"""Lines of a cell at most; what is longer is cut."""


@dataclass(frozen=True)
class SlideTable:
    """Rows of a table, the head first, with row heights and column widths in inches."""

    rows: tuple[tuple[str, ...], ...]
    heights: tuple[float, ...]
    widths: tuple[float, ...]
    size: float

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
                shown = text or NO_TEXT
                write_paragraphs(cell.text_frame, [shown], self.size, bold=k == 0)
            if k and _heads_others(self.rows[k]):
                row.cells[0].merge(row.cells[len(self.widths) - 1])


def table_that_fits(rows: Sequence[Sequence[str]], box: Rectangle) -> SlideTable:
    """Return as much of a table as fits a box, its head and first column always."""
    for size in SIZES[:-1]:
        columns, *others = columns_together(rows, size, box.width, CELL)
        if others:
            continue
        found = _at(rows, columns, box, size)
        if len(found.rows) == len(rows) and _lines(found) <= SPARE_LINES:
            return found
    columns, *_ = columns_together(rows, SMALLEST, box.width, CELL)
    return _at(rows, columns, box, SMALLEST)


def _heads_others(row: Sequence[str]) -> bool:
    """Return whether a row is the title of those below it, and so runs across."""
    return len(row) > 1 and not any(row[1:])


def _lines(table: SlideTable) -> int:
    """Return the lines of the highest row below the head."""
    line = LINE * table.size / 72
    return max([round((x - CELL) / line) for x in table.heights[1:]], default=0)


def _at(
    rows: Sequence[Sequence[str]], columns: Sequence[int], box: Rectangle, size: float
) -> SlideTable:
    """Return these columns of a table at a size of type, with the rows that fit."""
    chosen = [[row[k] for k in columns] for row in rows]
    widths = column_widths(chosen, size, box.width, CELL)
    shown = _cut(chosen, [wide - 2 * CELL for wide in widths], size)
    heights: list[float] = []
    for k, row in enumerate(shown):
        cells = zip(row, widths, strict=True)
        high = max(_cell_height(x, w, not k, size) for x, w in cells)
        if k and _heads_others(row):
            high = _cell_height(row[0], sum(widths), False, size)
        if k and sum(heights) + high > box.height:
            break
        heights.append(high)
    fitting = tuple(tuple(row) for row in shown[: len(heights)])
    return SlideTable(fitting, tuple(heights), tuple(widths), size)


def _cut(
    rows: Sequence[Sequence[str]], inside: Sequence[float], size: float
) -> list[list[str]]:
    """Return rows with cells cut to their room; heads and names stay distinct."""
    head, *others = rows
    shown = [cut_apart(head, size, inside, HEAD_LINES, bold=True)]
    firsts = [row[0] for row in others]
    names = cut_apart(firsts, size, [inside[0]] * len(firsts), CELL_LINES)
    for name, row in zip(names, others, strict=True):
        cells = zip(row[1:], inside[1:], strict=True)
        shown.append([name, *(cut(x, size, y, CELL_LINES) for x, y in cells)])
    return shown


def _cell_height(text: str, wide: float, bold: bool, size: float) -> float:
    # Other programs measure text not quite alike: a line that just fits may break.
    lines = len(wrapped(text, size, wide - 2 * CELL - SPARE, bold))
    return lines * LINE * size / 72 + CELL
