"""A report as slides (.pptx) with native charts, plain or on a client's template.

A section with a finding is one slide, headed by it. Other sections give a slide for
each picture and table, and share slides for their sentences. There are never more than
`MOST` slides: where there would be, the last one names what the page and the workbook
tell beside.
"""

import io
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from experiments.files.archives import undated
from experiments.show.captions import source_line
from experiments.show.deck import Deck, Part
from experiments.show.document import Bars, Document, Line, Picture, Section, Table
from experiments.show.native_bars import (
    add_bars,
    bars_height,
    lines_needed,
    reach,
    title_lines,
)
from experiments.show.native_lines import add_lines, names_of_lines
from experiments.show.slide_tables import table_that_fits
from experiments.show.slide_texts import GAP, SMALLEST, Rectangle, placed, write
from experiments.statistics.intervals import LEVEL
from experiments.words.numerals import number, say
from experiments.words.phrases import cut_list
from simulation.characters import one_line

MOST = 10
"""Slides of a deck."""
COLUMNS = 3
"""Most charts abreast."""
NARROWEST, NARROWEST_NAMED = 2.8, 3.6
"""Inches of a chart that is still readable, and of one with names beside its bars."""
FEWEST_BARS = 6
"""Bars that a chart should have room for, before another stands beside it."""
LOWEST = 1.9
"""Inches of the lowest chart that is still readable."""
TEXT_SHARE = 0.4
"""Share of a slide that sentences below a table or charts take at most."""
TABLE_SHARE = 0.5
"""Share of a slide that a table above charts takes at most."""
MOST_LEFT = 8
"""Headings that the last slide names of those that have no slide."""
OPENING = "answer"
"""The section that opens a deck if it has a finding."""


def slides(
    report: Document,
    path: str | os.PathLike,
    template: str | os.PathLike | None = None,
    theme_colours: bool = False,
) -> Path:
    """Write a report as slides into `path` (.pptx) and return it.

    Slides use the theme and layouts of `template` (.pptx or .potx), if given; charts
    use its colours only if `theme_colours`. Raises `InputError` for an unusable
    template.
    """
    made = _Slides(report, Deck(report.remark, template), theme_colours)
    made.opening()
    for section in report.sections:
        made.section(section)
    made.texts()
    made.draw()
    written = io.BytesIO()
    made.deck.file.save(written)
    Path(path).write_bytes(undated(written.getvalue()))
    return Path(path)


class _Slides:
    """A report that is written onto a deck, section by section."""

    def __init__(self, report: Document, deck: Deck, theme: bool) -> None:
        self.report, self.deck, self.theme = report, deck, theme
        self.language = report.language
        self._waiting: list[Part] = []
        self._planned: list[tuple[str, Callable[[], Any]]] = []

    def opening(self) -> None:
        """Add the first slide: the answer, or else the title and the question."""
        report = self.report
        first = next((x for x in report.sections if x.name == OPENING), None)
        if first is None or not first.finding:
            lines = [x for x in (report.question, report.remark) if x]
            notes = self._notes(None, report.title)
            self.deck.opening(report.title, lines, notes)
            return
        said = [x for x in first.sentences if x != first.finding]
        title = [report.title] if self.deck.on_one_line(report.title) else []
        lines = [x for x in (*title, report.question, *said) if x]
        notes = self._notes(first, *lines)
        self.deck.opening(first.finding, lines, notes)

    def section(self, section: Section) -> None:
        """Plan a section: as one slide under its finding, or as one for each part.

        A section that only a page can show, such as an animation, is left out together
        with the sentences that introduce it. So is the appendix.
        """
        shown: list[Table | Picture] = [*section.tables, *section.pictures]
        if section.appendix or (section.fragment and not shown):
            return
        if section.finding:
            if section.name != OPENING and (shown or section.sentences):
                parts = (section, section.sentences, shown)
                self._plan(self._slide, section.finding, *parts)
            return
        if section.sentences:
            self._waiting.append((section.title, section.sentences))
        for one in shown:
            self.texts()
            within = section.title.casefold() in one.title.casefold()
            within = within or section.name == OPENING
            heading = one.title if within else f"{section.title}: {one.title}"
            if isinstance(one, Table) or one.series:
                self._plan(self._slide, heading, section, (), [one])

    def _plan(self, draw: Callable[..., Any], heading: str, *parts: Any) -> None:
        """Plan a slide: `draw` adds it, given its heading and these parts."""
        self._planned.append((heading, partial(draw, heading, *parts)))

    def draw(self) -> None:
        """Add the planned slides, or as many as fit and one that names the others."""
        room = MOST - len(self.deck.file.slides)
        fit = len(self._planned) <= room
        most = len(self._planned) if fit else room - 1
        for _, draw in self._planned[:most]:
            draw()
        if fit:
            return
        left = [*dict.fromkeys(heading for heading, _ in self._planned[most:])]
        heading = say("documents_left", self.language)
        texts = cut_list(left, self.language, MOST_LEFT)
        self.deck.text(heading, texts, self._notes(None, *left))

    def texts(self) -> None:
        """Plan the sentences since the last chart or table, on as few slides as fit.

        Each section's title is above its own sentences.
        """
        while self._waiting:
            parts = [self._waiting.pop(0)]
            while self._waiting and self.deck.holds([*parts, self._waiting[0]]):
                parts.append(self._waiting.pop(0))
            heading = " · ".join(title for title, _ in parts)
            notes = self._notes(None, heading)
            if len(parts) > 1:
                self._plan(self.deck.together, heading, parts, notes)
                continue
            texts = [one_line(x) for x in parts[0][1]]
            more = say("documents_more_text", self.language)
            for page in self.deck.pages(texts, more):
                self._plan(self.deck.text, heading, page, notes)

    def _slide(
        self,
        heading: str,
        section: Section,
        sentences: Sequence[str],
        shown: Sequence[Table | Picture],
    ) -> None:
        """Add one slide: a table, charts below it, and sentences at its foot."""
        said = [one_line(x) for x in sentences if x.rstrip(".") != heading]
        series = [one for each in shown for one in each.series.values()]
        bars = [x for x in series if isinstance(x, Bars)]
        lines = [x for x in series if isinstance(x, Line) and x.known]
        tables = [x for x in shown if isinstance(x, Table) and x.rows]
        captions = [x.note if isinstance(x, Table) else x.charted for x in shown]
        names = dict.fromkeys(x for one in bars for x in one.names)
        notes = self._notes(section, *names, *said, *captions, self._colours(bars))
        if not (bars or lines or tables):
            if said:
                self.deck.text(heading, said, notes)
            return
        slide = self.deck.slide(heading, notes)
        if bars and len(bars[0].names) > 1 and tables:
            if _holds(self.deck.over([self._key()])[0], bars):
                tables = []
            else:
                bars, series = [], []
        if tables and not series:
            self._told_table(slide, tables[0], said)
            return
        box = self._write_foot(slide, said, bars, lines)
        if tables:
            box = self._table(slide, box, tables[0], TABLE_SHARE)
        if box.height < LOWEST:
            return
        if bars:
            self._bars(slide, box, bars)
        elif lines:
            self._lines(slide, box, lines)

    def _colours(self, bars: Sequence[Bars]) -> str:
        told = bool(bars) and not self.theme
        return say("documents_colours", self.language) if told else ""

    def _write_foot(
        self,
        slide: Any,
        said: Sequence[str],
        bars: Sequence[Bars],
        lines: Sequence[Line],
    ) -> Rectangle:
        """Write sentences and how to read what is shown; return the box above them."""
        if bars:
            key = self._key()
        else:
            key = say(
                f"documents_key_{'paired' if lines[0].smallest else 'lines'}",
                self.language,
            )
        most = TEXT_SHARE * self.deck.body.height
        texts = self.deck.fitting([*said, key], most)
        box, foot = self.deck.over(texts)
        write(placed(slide, None, foot), texts, SMALLEST)
        return box

    def _told_table(self, slide: Any, table: Table, said: Sequence[str]) -> None:
        """Draw a table, with sentences and how to read it below, as large as fit."""
        told = [*said, *([one_line(table.note)] if table.note else [])]
        texts = self.deck.fitting(told, TEXT_SHARE * self.deck.body.height)
        above = self.deck.over(texts)[0] if texts else self.deck.body
        below = self._table(slide, above, table, 1.0)
        if texts:
            box = Rectangle(
                below.left, below.top, below.width, self.deck.body.bottom - below.top
            )
            self.deck.write_below(slide, box, texts)

    def _table(
        self, slide: Any, box: Rectangle, table: Table, share: float
    ) -> Rectangle:
        """Draw as much of a table as fits; return the box below it."""
        rows = [table.columns, *table.rows]
        most = Rectangle(box.left, box.top, box.width, share * box.height)
        found = table_that_fits(rows, most)
        if len(found.rows) == len(rows):
            found.draw(slide, most)
            top = box.top + sum(found.heights) + 2 * GAP
            return Rectangle(box.left, top, box.width, max(box.bottom - top, 0.0))
        more = partial(say, "documents_more_rows", self.language)
        above, foot = most.split(self.deck.foot([more(n="99")]))
        found = table_that_fits(rows, above)
        found.draw(slide, above)
        left = number(len(rows) - len(found.rows), self.language)
        write(placed(slide, None, foot), [more(n=left)], SMALLEST)
        return Rectangle(box.left, box.bottom, box.width, 0.0)

    def _bars(self, slide: Any, box: Rectangle, shown: Sequence[Bars]) -> None:
        """Draw charts of differences, as many as fit, with the bars that fit."""
        most, grid = _shared(box, shown)
        for bars, place in zip(shown, grid, strict=False):
            part = bars.part(0, most)
            named = len(bars.names) > 1
            add_bars(slide, place, part, reach(bars), named, self.language, self.theme)

    def _lines(self, slide: Any, box: Rectangle, shown: Sequence[Line]) -> None:
        """Draw charts of lines, as many as fit; names of several are above them."""
        if len(shown[0].values) > 1:
            names = names_of_lines(shown[0], box.width, self.theme)
            box = names.write(slide, box)
        columns = max(1, min(COLUMNS, len(shown), int(box.width / NARROWEST)))
        rows = max(1, min(-(-len(shown) // columns), int(box.height / LOWEST)))
        for line, place in zip(shown, box.grid(columns, rows), strict=False):
            add_lines(slide, place, line, self.language, self.theme)

    def _key(self) -> str:
        """Return how to read charts of differences."""
        level = number(100 * LEVEL, self.language) + "%"
        return say("documents_chart_key", self.language, level=level)

    def _notes(self, section: Section | None, *lines: str) -> str:
        """Return notes: lines, the source of the section's numbers, and the remark."""
        source = say("documents_study", self.language, study=self.report.study)
        if section:
            source = source_line(section, self.report)
        shown = [one_line(line) for line in lines if line]
        return "\n".join([*shown, source, self.report.remark])


def _holds(body: Rectangle, shown: Sequence[Bars]) -> bool:
    """Return whether all bars of all charts fit a box."""
    most, grid = _shared(body, shown)
    return most >= len(shown[0].names) and len(grid) >= len(shown)


def _shared(body: Rectangle, shown: Sequence[Bars]) -> tuple[int, list[Rectangle]]:
    """Return how many names fit in a chart, and the boxes of charts on a slide.

    Fewer charts stand side by side where they would be too narrow for several bars.
    """
    count = len(shown[0].names)
    least = NARROWEST_NAMED if count > 1 else NARROWEST
    columns = max(1, min(COLUMNS, len(shown), int(body.width / least)))
    found = [_layout(body, shown, k) for k in range(columns, 0, -1)]
    wanted = min(count, FEWEST_BARS)
    return next((x for x in found if x[0] >= wanted), max(found, key=lambda x: x[0]))


def _layout(
    body: Rectangle, shown: Sequence[Bars], columns: int
) -> tuple[int, list[Rectangle]]:
    """Return what fits with so many charts side by side."""
    count = len(shown[0].names)
    wide = body.grid(columns, 1)[0].width
    lines, titles = lines_needed(shown, wide), title_lines(shown, wide)
    high = [bars_height(k + 1, lines, titles) for k in range(count)]
    most = max(sum(x <= body.height for x in high), 1)
    rows = int(body.height / high[most - 1])
    rows = max(1, min(rows, -(-len(shown) // columns)))
    return most, body.grid(columns, rows)
