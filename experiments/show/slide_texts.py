"""Boxes on a slide and the texts in them.

Lengths are in inches, font sizes in points and never below `SMALLEST`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.text import MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Inches, Pt

from simulation.characters import one_line

SMALLEST = 14
INSET = 0.1
GAP = 0.15
BETWEEN = 8
"""Points between paragraphs."""


@dataclass(frozen=True)
class Rectangle:
    """A rectangle on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Distance of its lower edge from the top of the slide."""
        return self.top + self.height

    @property
    def lengths(self) -> tuple[int, int, int, int]:
        """Left, top, width and height in the units of python-pptx."""
        left, top = Inches(self.left), Inches(self.top)
        return left, top, Inches(self.width), Inches(self.height)

    def grid(self, columns: int, rows: int, gap: float = GAP) -> list["Rectangle"]:
        """Return a grid of equal boxes within the rectangle, row by row."""
        wide = (self.width - gap * (columns - 1)) / columns
        high = (self.height - gap * (rows - 1)) / rows
        return [
            Rectangle(
                self.left + (wide + gap) * x, self.top + (high + gap) * y, wide, high
            )
            for y in range(rows)
            for x in range(columns)
        ]

    def split(self, foot: float) -> tuple["Rectangle", "Rectangle"]:
        """Return the upper part, and the lowest `foot` inches, with a gap between."""
        high = self.height - foot - GAP
        upper = Rectangle(self.left, self.top, self.width, high)
        return upper, Rectangle(self.left, upper.bottom + GAP, self.width, foot)


def placed(slide: Any, shape: Any | None, box: Rectangle) -> Any:
    """Move a shape into a box, or add a text box if it is None; return the shape."""
    if shape is None:
        return slide.shapes.add_textbox(*box.lengths)
    shape.left, shape.top, shape.width, shape.height = box.lengths
    return shape


def write(
    shape: Any,
    texts: Sequence[str],
    size: float,
    align: PP_ALIGN = PP_ALIGN.LEFT,
    bold: bool | None = None,
) -> None:
    """Write paragraphs into a shape without changing its size."""
    frame = shape.text_frame
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Inches(INSET)
    frame.margin_top = frame.margin_bottom = Inches(INSET / 2)
    write_paragraphs(frame, texts, size, align, bold)


def write_paragraphs(
    frame: Any,
    texts: Sequence[str],
    size: float,
    align: PP_ALIGN = PP_ALIGN.LEFT,
    bold: bool | None = None,
) -> None:
    """Write paragraphs into an empty text frame, `size` in points."""
    for k, text in enumerate(texts):
        paragraph = frame.add_paragraph() if k else frame.paragraphs[0]
        paragraph.alignment = align
        paragraph.space_before = Pt(0)
        paragraph.space_after = Pt(BETWEEN if k < len(texts) - 1 else 0)
        run = paragraph.add_run()
        run.text = one_line(text)
        run.font.size = Pt(size)
        if bold is not None:
            run.font.bold = bold
