"""A report as slides (.pptx) with native charts, plain or on a client's template."""

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from experiments.archives import undated
from experiments.numerals import say
from experiments.report.content import Bars, Line, Picture, Report, Section, Table
from experiments.report.deck import Deck
from experiments.report.native_bars import add_bars, bars_height, lines_needed, span
from experiments.report.native_lines import add_lines
from experiments.report.text_boxes import plain

COLUMNS, ROWS = 3, 2
"""Most charts of differences abreast and one above another."""
NARROWEST = 3.6
"""Inches of a chart that is still readable."""


def slides(
    report: Report,
    path: str | os.PathLike,
    template: str | os.PathLike | None = None,
    theme_colours: bool = False,
) -> Path:
    """Write a report as slides into `path` (.pptx) and return it.

    On the theme and layouts of `template` (.pptx or .potx) if there is one; charts
    take its colours only if `theme_colours`. Raises `InputError` for a template that
    cannot be used.
    """
    made = _Slides(report, Deck(report.remark, template), theme_colours)
    made.opening()
    for section in report.sections:
        made.section(section)
    written = io.BytesIO()
    made.deck.file.save(written)
    Path(path).write_bytes(undated(written.getvalue()))
    return Path(path)


class _Slides:
    """A report that is put onto a deck, section by section."""

    def __init__(self, report: Report, deck: Deck, theme: bool) -> None:
        self.report, self.deck, self.theme = report, deck, theme
        self.language = report.language
        self._headings = {
            one.sentence
            for section in report.sections
            for picture in section.pictures
            for one in picture.series.values()
            if isinstance(one, Line) and one.sentence
        }

    def opening(self) -> None:
        """Add the title, the question and the remark."""
        report = self.report
        lines = [x for x in (report.question, report.remark) if x]
        self.deck.opening(report.title, lines, self._notes(report.title))

    def section(self, section: Section) -> None:
        """Add what a section has; what is said beside pictures comes after them."""
        if section.name == "answer":
            self._answer(section)
        elif not section.pictures:
            self._said(section, section.sentences)
        for picture in section.pictures:
            self._picture(section, picture)
        for table in section.tables:
            self._table(section, table)
        if section.pictures:
            self._said(section, section.sentences)

    def _answer(self, section: Section) -> None:
        """Add each sentence about a scenario as a heading, over what it rests on.

        Sentences that head another slide are left to it.
        """
        picture = self._differences()
        shown = [x for x in _bars(picture.series if picture else {}) if x.headline]
        count = len(shown[0].names) if shown else 0
        for k, sentence in enumerate(section.sentences[:count]):
            notes = picture.caption if picture else ""
            self._panels(sentence, [bars.part(k, k + 1) for bars in shown], notes)
        rest = [x for x in section.sentences[count:] if x not in self._headings]
        self._said(section, rest)

    def _differences(self) -> Picture | None:
        pictures = (x for one in self.report.sections for x in one.pictures)
        return next((x for x in pictures if _bars(x.series)), None)

    def _said(self, section: Section, sentences: Sequence[str]) -> None:
        if sentences:
            self.deck.texts(section.title, sentences, self._notes(section.title))

    def _picture(self, section: Section, picture: Picture) -> None:
        self._panels(
            f"{section.title}: {self.report.title}",
            _bars(picture.series),
            picture.caption,
        )
        for one in picture.series.values():
            if isinstance(one, Line):
                self._line(section, one, picture.caption)

    def _line(self, section: Section, line: Line, caption: str) -> None:
        heading = line.sentence or f"{section.title}: {line.title}"
        if not line.known:
            return
        slide = self.deck.slide(heading, self._notes(*line.values, caption))
        add_lines(slide, self.deck.body, line, self.language, self.theme)

    def _table(self, section: Section, table: Table) -> None:
        heading = f"{section.title}: {table.title}"
        if table.title == section.title:
            heading = section.title
        self.deck.tables(
            heading,
            [table.columns, *table.rows],
            table.note,
            self._notes(*table.columns, table.note),
        )
        self._panels(heading, [*table.series.values()], table.note)

    def _panels(self, heading: str, shown: Sequence[Bars], caption: str) -> None:
        """Add charts of differences, as many on a slide as are readable."""
        if not shown:
            return
        names, body = shown[0].names, self.deck.body
        columns = max(1, min(COLUMNS, len(shown), int(body.width / NARROWEST)))
        lines = lines_needed(shown, body.grid(columns, 1)[0].width)
        fits = [
            k for k in range(1, len(names) + 1) if bars_height(k, lines) <= body.height
        ]
        most = max(fits, default=1)
        for start in range(0, len(names), most):
            some = [(bars.part(start, start + most), span(bars)) for bars in shown]
            rows = int(body.height / bars_height(most, lines))
            rows = max(1, min(rows, ROWS, -(-len(shown) // columns)))
            grid = body.grid(columns, rows)
            for first in range(0, len(some), len(grid)):
                slide = self.deck.slide(heading, self._notes(*names, caption))
                part = some[first : first + len(grid)]
                for (bars, ends), box in zip(part, grid, strict=False):
                    named = len(names) > 1
                    add_bars(slide, box, bars, ends, named, self.language, self.theme)

    def _notes(self, *lines: str) -> str:
        study = say("documents_study", self.language, study=self.report.study)
        shown = [plain(line) for line in lines if line]
        return "\n".join([*shown, study, self.report.remark])


def _bars(series: Mapping[str, Line | Bars]) -> list[Bars]:
    return [one for one in series.values() if isinstance(one, Bars)]
