"""A deck of slides, plain or on a client's template: headings, texts and tables.

Lengths are in inches, font sizes in points and never below `SMALLEST`.
"""

import os
import re
from collections.abc import Sequence
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches

from experiments.show import template as templates
from experiments.show.slide_texts import (
    BETWEEN,
    GAP,
    INSET,
    SMALLEST,
    Rectangle,
    placed,
    write,
)
from experiments.show.text_boxes import LINE, cut, height, width, wrapped
from simulation.characters import one_line

BODY = (24, 20, 18, 16, 14)
READABLE = 16
"""Smallest type of a slide of text that may go on on a second one."""
SHARED = 18
"""Smallest type of sections that share a slide."""
BELOW = (18, 16, SMALLEST)
"""Type of sentences below a table."""
HEADINGS = (28, 24, 20, 18)
HEADING_LINES = 4
TITLES = (40, 32, 28, 24)
OPENING_TEXT, OPENING_LINES = 18, 2
"""Type below the title of the first slide, and lines of a paragraph at most."""
SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z“])")
"""Where a sentence ends and another one begins."""
MARGIN = 0.6
FOOT = 0.45
Part = tuple[str, Sequence[str]]
"""A title with the paragraphs under it."""


class Deck:
    """A deck to which slides are added in order, each with the remark at its foot.

    `template` is a file whose theme and layouts are used, but not its slides.
    """

    def __init__(self, remark: str, template: str | os.PathLike | None = None) -> None:
        self.remark = remark
        self.file = templates.opened(template) if template else templates.plain()
        self._wide = self.file.slide_width / Inches(1)
        self._high = self.file.slide_height / Inches(1)
        self._layout = templates.heading_layout(self.file)
        self._heading = self._heading_box()

    @property
    def body(self) -> Rectangle:
        """The box between heading and foot of every slide except the first."""
        top = self._heading.bottom + GAP
        foot = self._high - FOOT - 2 * GAP
        return Rectangle(self._heading.left, top, self._heading.width, foot - top)

    def opening(self, title: str, lines: Sequence[str], notes: str) -> None:
        """Add the first slide: the title with lines below it."""
        layout = templates.opening_layout(self.file)
        slide = self.file.slides.add_slide(layout)
        inner = self._wide - 2 * MARGIN
        upper = Rectangle(MARGIN, 0.15 * self._high, inner, 0.35 * self._high)
        _head(slide, title, upper, TITLES, PP_ALIGN.CENTER)
        lower = Rectangle(MARGIN, 0.53 * self._high, inner, 0.3 * self._high)
        shape = templates.placeholder(slide, (KIND.SUBTITLE,))
        size, inside = OPENING_TEXT, inner - 2 * INSET
        texts = [_sentences_that_fit(one_line(line), size, inside) for line in lines]
        while height(texts, size, inside, BETWEEN) > lower.height - INSET:
            texts.pop()
        shape = placed(slide, shape, lower)
        write(shape, texts, size, align=PP_ALIGN.CENTER)
        self._finish(slide, layout, notes)

    def on_one_line(self, text: str) -> bool:
        """Return whether a text fits on one line of the first slide."""
        return width(text, OPENING_TEXT) <= self._wide - 2 * MARGIN - 2 * INSET

    def slide(self, heading: str, notes: str) -> Any:
        """Add a slide with a heading and return it."""
        slide = self.file.slides.add_slide(self._layout)
        _head(slide, heading, self._heading, HEADINGS)
        self._finish(slide, self._layout, f"{heading}\n\n{notes}")
        return slide

    def pages(self, texts: Sequence[str], more: str) -> list[list[str]]:
        """Return paragraphs for one slide, or two where one would have small type.

        The second ends with `more` if some are left out.
        """
        first = self._readable(texts)
        if len(first) == len(texts):
            return [first]
        left = texts[len(first) :]
        second = self._readable(left)
        if len(second) < len(left):
            second = [*self._readable([*second[:-1], more])]
            second = second if more in second else [left[0], more]
        return [first, second]

    def _readable(self, texts: Sequence[str]) -> list[str]:
        """Return as many paragraphs as fit in readable type, and at least one."""
        room, shown = self.body.height - 2 * INSET, list(texts)
        while len(shown) > 1 and self._high_as(shown, READABLE) > room:
            shown.pop()
        return shown

    def text(self, heading: str, texts: Sequence[str], notes: str) -> None:
        """Add one slide with as many of the paragraphs as fit."""
        body = self.body
        shown = self.fitting([one_line(x) for x in texts], body.height - INSET)
        slide = self.slide(heading, notes)
        write(placed(slide, None, body), shown, self._size(shown))

    def fitting(self, texts: Sequence[str], high: float) -> list[str]:
        """Return as many paragraphs as fit into a height; at least the first, cut."""
        shown = list(texts)
        while len(shown) > 1 and self.foot(shown) > high:
            shown.pop()
        if shown and self.foot(shown) > high:
            most = max(int((high - INSET) * 72 / (LINE * SMALLEST)), 1)
            shown = [cut(shown[0], SMALLEST, self.body.width - 2 * INSET, most)]
        return shown

    def holds(self, parts: Sequence[Part]) -> bool:
        """Return whether titles with their paragraphs fit on one slide."""
        room = self.body.height - 2 * INSET
        return self._high_as(_texts(parts), SHARED) <= room

    def together(self, heading: str, parts: Sequence[Part], notes: str) -> None:
        """Add one slide with several titles, each above its paragraphs."""
        texts = _texts(parts)
        shape = placed(self.slide(heading, notes), None, self.body)
        write(shape, texts, self._size(texts))
        at = 0
        for _, told in parts:
            shape.text_frame.paragraphs[at].runs[0].font.bold = True
            at += 1 + len(told)

    def write_below(self, slide: Any, box: Rectangle, texts: Sequence[str]) -> None:
        """Write paragraphs into a box in the largest type that fits."""
        inner, room = box.width - 2 * INSET, box.height - INSET
        fits = (x for x in BELOW if height(texts, x, inner, BETWEEN) <= room)
        write(placed(slide, None, box), texts, next(fits, SMALLEST))

    def _size(self, texts: Sequence[str]) -> int:
        """Return the largest font size at which paragraphs fit, or the smallest one."""
        room = self.body.height - 2 * INSET
        fits = (x for x in BODY if self._high_as(texts, x) <= room)
        return next(fits, BODY[-1])

    def _high_as(self, texts: Sequence[str], size: float) -> float:
        inner = self.body.width - 2 * INSET
        # Titles among the texts are bold, and so wider.
        return height(texts, size, inner, BETWEEN, bold=True)

    def foot(self, texts: Sequence[str]) -> float:
        """Return the height in inches of small texts below the content of a slide."""
        inner = self.body.width - 2 * INSET
        return height(texts, SMALLEST, inner, BETWEEN) + INSET

    def over(self, texts: Sequence[str]) -> tuple[Rectangle, Rectangle]:
        """Return the box above small texts, and the box of these texts."""
        return self.body.split(self.foot(texts))

    def _heading_box(self) -> Rectangle:
        """Return the box of headings, high enough for `HEADING_LINES` lines.

        It is that of the layout if that is wide and near the top.
        """
        need = HEADING_LINES * LINE * HEADINGS[-1] / 72 + 2 * INSET
        found = templates.placeholder(self._layout, templates.TITLES)
        if found is not None and found.width:
            left, top, wide, high = (
                x / Inches(1)
                for x in (found.left, found.top, found.width, found.height)
            )
            if wide > 0.6 * self._wide and 0 <= top < 0.25 * self._high:
                return Rectangle(left, top, wide, max(need, min(high, 1.5)))
        return Rectangle(MARGIN, 0.35, self._wide - 2 * MARGIN, need)

    def _finish(self, slide: Any, layout: Any, notes: str) -> None:
        """Add the remark and the slide number at the foot, and the speaker notes."""
        templates.empty(slide)
        wide = width(self.remark, SMALLEST) + 2 * INSET + 0.2
        shape = templates.copied(slide, layout, KIND.FOOTER, SMALLEST)
        foot = self._foot(self._wide / 2 - wide / 2, wide)
        if shape is None or not self._holds(shape, foot):
            shape = placed(slide, shape, foot)
        shape.text_frame.clear()
        write(shape, [self.remark], SMALLEST, PP_ALIGN.CENTER)
        shape = templates.copied(slide, layout, KIND.SLIDE_NUMBER, SMALLEST)
        foot = self._foot(self._wide - MARGIN - 0.8, 0.8)
        if shape is not None and not self._holds(shape, foot):
            placed(slide, shape, foot)
        slide.notes_slide.notes_text_frame.text = notes

    def _foot(self, left: float, wide: float) -> Rectangle:
        return Rectangle(left, self._high - FOOT - GAP, wide, FOOT)

    def _holds(self, shape: Any, box: Rectangle) -> bool:
        """Return whether a shape is large enough for a box, and below the body."""
        least = (box.width, 0.7 * box.height, self.body.bottom)
        found = (shape.width, shape.height, shape.top)
        return all(x >= Inches(y) for x, y in zip(found, least, strict=True))


def _sentences_that_fit(text: str, size: float, inside: float) -> str:
    """Return as many sentences as fit on the first slide; one that does not is cut."""
    sentences = SENTENCE.split(text)
    for count in range(len(sentences), 0, -1):
        shown = " ".join(sentences[:count])
        if len(wrapped(shown, size, inside)) <= OPENING_LINES:
            return shown
    return cut(text, size, inside, OPENING_LINES)


def _texts(parts: Sequence[Part]) -> list[str]:
    return [one_line(x) for title, told in parts for x in (title, *told)]


def _head(
    slide: Any,
    text: str,
    box: Rectangle,
    sizes: Sequence[int],
    align: PP_ALIGN = PP_ALIGN.LEFT,
) -> None:
    """Write a heading as large as its box allows; cut it if it still does not fit."""
    text = one_line(text)
    inside, room = box.width - 2 * INSET, box.height - 2 * INSET
    fits = (x for x in sizes if height([text], x, inside, bold=True) <= room)
    size = next(fits, sizes[-1])
    most = int(room * 72 / (LINE * size) + 1e-9)
    shape = placed(slide, slide.shapes.title, box)
    write(shape, [cut(text, size, inside, most, bold=True)], size, align, bold=True)
