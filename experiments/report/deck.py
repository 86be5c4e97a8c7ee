"""A deck of slides, plain or on a client's template: headings, texts and tables.

Lengths are inches and sizes of type are points, never below `SMALLEST`.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Inches, Pt

from experiments.report import template as templates
from experiments.report.text_boxes import (
    LINE,
    column_widths,
    cut,
    height,
    pages,
    plain,
    width,
    wrapped,
)

SMALLEST = 14
BODY = (24, 20, 18)
HEADINGS = (28, 24, 20, 18)
HEADING_LINES = 4
TITLES = (40, 32, 28, 24)
MARGIN = 0.6
INSET = 0.1
GAP = 0.15
BETWEEN = 8
"""Points between paragraphs."""
FOOT = 0.45
CELL = 0.08
HEAD_LINES, CELL_LINES = 3, 6
NOTE_LINES = 3


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.top + self.height

    def grid(self, columns: int, rows: int, gap: float = GAP) -> list["Box"]:
        """Return equal boxes within it, row by row."""
        wide = (self.width - gap * (columns - 1)) / columns
        high = (self.height - gap * (rows - 1)) / rows
        return [
            Box(self.left + (wide + gap) * x, self.top + (high + gap) * y, wide, high)
            for y in range(rows)
            for x in range(columns)
        ]

    def split(self, foot: float) -> tuple["Box", "Box"]:
        """Return it without its lowest `foot` inches, and those."""
        high = self.height - foot - GAP
        upper = Box(self.left, self.top, self.width, high)
        return upper, Box(self.left, upper.bottom + GAP, self.width, foot)


class Deck:
    """Slides that are added one after another, each with the remark at its foot.

    `template` is a file whose theme and layouts are used, without its slides.
    """

    def __init__(self, remark: str, template: str | os.PathLike | None = None) -> None:
        self.remark = remark
        self.file = templates.opened(template) if template else templates.plain()
        self._wide = self.file.slide_width / Inches(1)
        self._high = self.file.slide_height / Inches(1)
        self._layout = templates.heading_layout(self.file)
        self._heading = self._heading_box()

    @property
    def body(self) -> Box:
        """The box between the heading and the foot of every slide but the first."""
        top = self._heading.bottom + GAP
        foot = self._high - FOOT - 2 * GAP
        return Box(self._heading.left, top, self._heading.width, foot - top)

    def opening(self, title: str, lines: Sequence[str], notes: str) -> None:
        """Add the first slide: the title and, below it, lines."""
        layout = templates.opening_layout(self.file)
        slide = self.file.slides.add_slide(layout)
        inner = self._wide - 2 * MARGIN
        upper = Box(MARGIN, 0.15 * self._high, inner, 0.35 * self._high)
        _head(slide, title, upper, TITLES, PP_ALIGN.CENTER)
        lower = Box(MARGIN, 0.53 * self._high, inner, 0.3 * self._high)
        shape = templates.placeholder(slide, (KIND.SUBTITLE,))
        room = lower.height / max(len(lines), 1) - BETWEEN / 72
        size = BODY[-1]
        most = max(int(room * 72 / (LINE * size)), 1)
        texts = [cut(plain(line), size, inner - 2 * INSET, most) for line in lines]
        shape = _placed(slide, shape, lower)
        _write(shape, texts, size, align=PP_ALIGN.CENTER)
        self._finish(slide, layout, notes)

    def slide(self, heading: str, notes: str) -> Any:
        """Add a slide with a heading and return it."""
        slide = self.file.slides.add_slide(self._layout)
        _head(slide, heading, self._heading, HEADINGS)
        self._finish(slide, self._layout, f"{heading}\n\n{notes}")
        return slide

    def texts(self, heading: str, texts: Sequence[str], notes: str) -> None:
        """Add slides with paragraphs, as many as they need."""
        body = self.body
        inner, room = body.width - 2 * INSET, body.height - 2 * INSET
        shown = [plain(x) for x in texts]
        fits = (x for x in BODY if height(shown, x, inner, BETWEEN) <= room)
        size = next(fits, BODY[-1])
        for page in pages(shown, size, inner, room, BETWEEN):
            slide = self.slide(heading, notes)
            _write(_placed(slide, None, body), page, size)

    def tables(
        self,
        heading: str,
        rows: Sequence[Sequence[str]],
        note: str,
        notes: str,
    ) -> None:
        """Add slides with a table, its first row on each, and a note below if short."""
        body = self.body
        inner = body.width - 2 * INSET
        lines = len(wrapped(note, SMALLEST, inner)) if note else 0
        below = lines * LINE * SMALLEST / 72 + 2 * INSET
        box, foot = body, None
        if 0 < lines <= NOTE_LINES:
            box, foot = body.split(below)
        for table in _tables(rows, box):
            slide = self.slide(heading, notes)
            table.draw(slide, box)
            if foot is not None:
                _write(_placed(slide, None, foot), [note], SMALLEST)

    def _heading_box(self) -> Box:
        """Return where headings stand: as the layout has it, where that is near the
        top, and high enough for `HEADING_LINES` lines."""
        need = HEADING_LINES * LINE * HEADINGS[-1] / 72 + 2 * INSET
        found = templates.placeholder(self._layout, templates.TITLES)
        if found is not None and found.width:
            left, top, wide, high = (
                x / Inches(1)
                for x in (found.left, found.top, found.width, found.height)
            )
            if wide > 0.6 * self._wide and 0 <= top < 0.25 * self._high:
                return Box(left, top, wide, max(need, min(high, 1.5)))
        return Box(MARGIN, 0.35, self._wide - 2 * MARGIN, need)

    def _finish(self, slide: Any, layout: Any, notes: str) -> None:
        """Put the remark and the slide's number at its foot, and its notes."""
        templates.empty(slide)
        wide = width(self.remark, SMALLEST) + 2 * INSET + 0.2
        shape = templates.copied(slide, layout, KIND.FOOTER, SMALLEST)
        foot = self._foot(self._wide / 2 - wide / 2, wide)
        if shape is None or not self._holds(shape, foot):
            shape = _placed(slide, shape, foot)
        shape.text_frame.clear()
        _write(shape, [self.remark], SMALLEST, PP_ALIGN.CENTER)
        shape = templates.copied(slide, layout, KIND.SLIDE_NUMBER, SMALLEST)
        foot = self._foot(self._wide - MARGIN - 0.8, 0.8)
        if shape is not None and not self._holds(shape, foot):
            _placed(slide, shape, foot)
        slide.notes_slide.notes_text_frame.text = notes

    def _foot(self, left: float, wide: float) -> Box:
        return Box(left, self._high - FOOT - GAP, wide, FOOT)

    def _holds(self, shape: Any, box: Box) -> bool:
        """Return whether a shape is as large as a box, and as low."""
        least = (box.width, 0.7 * box.height, self.body.bottom)
        found = (shape.width, shape.height, shape.top)
        return all(x >= Inches(y) for x, y in zip(found, least, strict=True))


@dataclass(frozen=True)
class _Table:
    """Some rows of a table, the first its head, with heights and widths in inches."""

    rows: tuple[tuple[str, ...], ...]
    heights: tuple[float, ...]
    widths: tuple[float, ...]

    def draw(self, slide: Any, box: Box) -> None:
        """Put it onto a slide."""
        lengths = (box.left, box.top, sum(self.widths), sum(self.heights))
        shape = slide.shapes.add_table(
            len(self.rows), len(self.widths), *(Inches(x) for x in lengths)
        )
        table = shape.table
        for column, wide in zip(table.columns, self.widths, strict=True):
            column.width = Inches(wide)
        for k, (row, high) in enumerate(zip(table.rows, self.heights, strict=True)):
            row.height = Inches(high)
            for cell, text in zip(row.cells, self.rows[k], strict=True):
                cell.margin_left = cell.margin_right = Inches(CELL)
                cell.margin_top = cell.margin_bottom = Inches(CELL / 2)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                _paragraphs(cell.text_frame, [text], SMALLEST, bold=k == 0)


def _tables(rows: Sequence[Sequence[str]], box: Box) -> list[_Table]:
    """Return a table in parts that fit a box, the head being on each."""
    widths = column_widths(rows, SMALLEST, box.width, CELL)
    shown = [
        tuple(
            cut(cell, SMALLEST, wide - 2 * CELL, CELL_LINES if k else HEAD_LINES, not k)
            for cell, wide in zip(row, widths, strict=True)
        )
        for k, row in enumerate(rows)
    ]
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
        _Table(
            tuple(shown[k] for k in part),
            tuple(highs[k] for k in part),
            tuple(widths),
        )
        for part in parts
    ]


def _cell_height(text: str, wide: float, bold: bool) -> float:
    lines = len(wrapped(text, SMALLEST, wide - 2 * CELL, bold))
    return lines * LINE * SMALLEST / 72 + CELL


def _head(
    slide: Any,
    text: str,
    box: Box,
    sizes: Sequence[int],
    align: PP_ALIGN = PP_ALIGN.LEFT,
) -> None:
    """Write a heading as large as its box allows, cut where even small it is long."""
    text = plain(text)
    inside, room = box.width - 2 * INSET, box.height - 2 * INSET
    fits = (x for x in sizes if height([text], x, inside, bold=True) <= room)
    size = next(fits, sizes[-1])
    most = int(room * 72 / (LINE * size) + 1e-9)
    shape = _placed(slide, slide.shapes.title, box)
    _write(shape, [cut(text, size, inside, most, bold=True)], size, align, bold=True)


def _placed(slide: Any, shape: Any | None, box: Box) -> Any:
    """Return a shape in its place: one that is there, or else a new text box."""
    left, top, wide, high = (
        Inches(x) for x in (box.left, box.top, box.width, box.height)
    )
    if shape is None:
        return slide.shapes.add_textbox(left, top, wide, high)
    shape.left, shape.top, shape.width, shape.height = left, top, wide, high
    return shape


def _write(
    shape: Any,
    texts: Sequence[str],
    size: float,
    align: PP_ALIGN = PP_ALIGN.LEFT,
    bold: bool | None = None,
) -> None:
    frame = shape.text_frame
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Inches(INSET)
    frame.margin_top = frame.margin_bottom = Inches(INSET / 2)
    _paragraphs(frame, texts, size, align, bold)


def _paragraphs(
    frame: Any,
    texts: Sequence[str],
    size: float,
    align: PP_ALIGN = PP_ALIGN.LEFT,
    bold: bool | None = None,
) -> None:
    for k, text in enumerate(texts):
        paragraph = frame.add_paragraph() if k else frame.paragraphs[0]
        paragraph.alignment = align
        paragraph.space_before = Pt(0)
        paragraph.space_after = Pt(BETWEEN if k < len(texts) - 1 else 0)
        run = paragraph.add_run()
        run.text = plain(text)
        run.font.size = Pt(size)
        if bold is not None:
            run.font.bold = bold
