"""A report as slides (.pptx) with native charts, plain or on a client's template."""

import io
import os
from collections.abc import Mapping, Sequence
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
from experiments.show.native_lines import add_lines
from experiments.show.slide_texts import Rectangle
from experiments.statistics.intervals import LEVEL
from experiments.words.numerals import number, say
from simulation.characters import one_line

COLUMNS, ROWS = 3, 2
"""Most charts of differences abreast and one above another."""
NARROWEST, NARROWEST_NAMED = 2.8, 3.6
"""Inches of a chart that is still readable, and of one with names beside its bars."""
GUIDE_SHARE = 0.25
"""Share of a slide that sentences below its charts take at most."""


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
        self._section: Section | None = None
        self._guide: tuple[str, ...] = ()
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
        notes = self._notes(report.title, sourced=False)
        self.deck.opening(report.title, lines, notes)

    def section(self, section: Section) -> None:
        """Add a section: sentences, charts and tables.

        A section that only a page can show, such as an animation, is left out together
        with the sentences that introduce it.
        """
        if section.fragment and not (section.pictures or section.tables):
            return
        self._section = section
        said = self._answer(section) if section.name == "answer" else section.sentences
        if said != self._guide:
            self._say(section.title, said)
        for picture in section.pictures:
            self._picture(section, picture)
        for table in section.tables:
            self._table(section, table)

    def texts(self) -> None:
        """Add the sentences since the last chart or table, on as few slides as needed.

        Each section's title is above its own sentences.
        """
        while self._waiting:
            parts = [self._waiting.pop(0)]
            while self._waiting and self.deck.holds([*parts, self._waiting[0]]):
                parts.append(self._waiting.pop(0))
            heading = " · ".join(title for title, _ in parts)
            notes = self._notes(heading, sourced=False)
            if len(parts) > 1:
                self.deck.together(heading, parts, notes)
            else:
                self.deck.texts(heading, parts[0][1], notes)

    def _say(self, title: str, sentences: Sequence[str]) -> None:
        if sentences:
            self._waiting.append((title, tuple(sentences)))

    def _answer(self, section: Section) -> tuple[str, ...]:
        """Add a slide per sentence about a scenario: it heads the charts it rests on.

        Returns the other sentences, except those that head another slide. The guide to
        reading the numbers is on the first slide, if there is room.
        """
        found = self._differences()
        if found is None:
            return section.sentences
        there, picture = found
        shown = [x for x in _bars(picture.series) if x.headline]
        count = len(shown[0].names) if shown else 0
        if count and self._has_room(there.sentences):
            self._guide = there.sentences
        for k, sentence in enumerate(section.sentences[:count]):
            below = () if k else self._guide
            self._panels(sentence, shown, picture.charted, range(k, k + 1), below)
        rest = section.sentences[count:]
        return tuple(x for x in rest if x not in self._headings)

    def _has_room(self, sentences: Sequence[str]) -> bool:
        """Return whether there is room for sentences below charts."""
        most = GUIDE_SHARE * self.deck.body.height
        return self.deck.foot([self._key(), *sentences]) <= most

    def _differences(self) -> tuple[Section, Picture] | None:
        """Return the first picture of differences, with its section; None if none."""
        pictures = ((x, one) for x in self.report.sections for one in x.pictures)
        return next((pair for pair in pictures if _bars(pair[1].series)), None)

    def _picture(self, section: Section, picture: Picture) -> None:
        heading = f"{section.title}: {self.report.title}"
        self._panels(heading, _bars(picture.series), picture.charted)
        for one in picture.series.values():
            if isinstance(one, Line):
                self._line(section, one, picture.charted)

    def _line(self, section: Section, line: Line, caption: str) -> None:
        heading = line.sentence or f"{section.title}: {line.title}, {line.unit}"
        if not line.known:
            return
        self.texts()
        slide = self.deck.slide(heading, self._notes(*line.values, caption))
        key = [say("documents_key_lines", self.language)]
        add_lines(slide, self.deck.over(key)[0], line, self.language, self.theme)
        self.deck.write_foot(slide, key)

    def _table(self, section: Section, table: Table) -> None:
        heading = f"{section.title}: {table.title}"
        if table.title == section.title:
            heading = section.title
        self.texts()
        self.deck.tables(
            heading,
            [table.columns, *table.rows],
            table.note,
            self._notes(*table.columns, table.note),
        )
        self._panels(heading, [*table.series.values()], table.note)

    def _panels(
        self,
        heading: str,
        shown: Sequence[Bars],
        caption: str,
        chosen: range | None = None,
        below: Sequence[str] = (),
    ) -> None:
        """Add charts of differences, as many per slide as are readable.

        They show all names or only the `chosen` ones, on axes that fit all names. Each
        slide has the key and the texts `below`.
        """
        if not shown:
            return
        self.texts()
        chosen = chosen or range(len(shown[0].names))
        small = [self._key(), *below]
        part = [bars.part(chosen.start, chosen.stop) for bars in shown]
        most, grid = _shared(self.deck.over(small)[0], part)
        for start in chosen[::most]:
            stop = min(start + most, chosen.stop)
            for first in range(0, len(shown), len(grid)):
                some = shown[first : first + len(grid)]
                slide = self._charts_slide(heading, some[0].names[start:stop], caption)
                for bars, box in zip(some, grid, strict=False):
                    self._bars(slide, box, bars, range(start, stop), len(chosen) > 1)
                self.deck.write_foot(slide, small)

    def _charts_slide(self, heading: str, names: Sequence[str], caption: str) -> Any:
        colours = "" if self.theme else say("documents_colours", self.language)
        return self.deck.slide(heading, self._notes(*names, caption, colours))

    def _bars(
        self, slide: Any, box: Rectangle, bars: Bars, chosen: range, named: bool
    ) -> None:
        """Draw the chosen bars on an axis that fits all bars."""
        part = bars.part(chosen.start, chosen.stop)
        end = reach(bars)
        add_bars(slide, box, part, end, named, self.language, self.theme)

    def _key(self) -> str:
        """Return how to read charts of differences."""
        level = number(100 * LEVEL, self.language) + "%"
        return say("documents_chart_key", self.language, level=level)

    def _notes(self, *lines: str, sourced: bool = True) -> str:
        """Return notes: lines, the source of the section's numbers, and the remark.

        If not `sourced`, the source is the study, as texts may be of several sections.
        """
        source = say("documents_study", self.language, study=self.report.study)
        if sourced and self._section:
            source = source_line(self._section, self.report)
        shown = [one_line(line) for line in lines if line]
        return "\n".join([*shown, source, self.report.remark])


def _shared(body: Rectangle, shown: Sequence[Bars]) -> tuple[int, list[Rectangle]]:
    """Return how many names fit in a chart, and the boxes of charts on a slide."""
    count = len(shown[0].names)
    least = NARROWEST_NAMED if count > 1 else NARROWEST
    columns = max(1, min(COLUMNS, len(shown), int(body.width / least)))
    wide = body.grid(columns, 1)[0].width
    lines, titles = lines_needed(shown, wide), title_lines(shown, wide)
    high = [bars_height(k + 1, lines, titles) for k in range(count)]
    most = max(sum(x <= body.height for x in high), 1)
    rows = int(body.height / high[most - 1])
    rows = max(1, min(rows, ROWS, -(-len(shown) // columns)))
    return most, body.grid(columns, rows)


def _bars(series: Mapping[str, Line | Bars]) -> list[Bars]:
    return [one for one in series.values() if isinstance(one, Bars)]
