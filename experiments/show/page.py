"""A report as one HTML page that opens from disk, needs no script and prints on A4.

Texts are escaped, as names may contain markup. Figures are SVG within the page, in the
page's colours, light or dark. The same report gives the same bytes.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.charts.style import (
    BLACK,
    BLUE,
    MILLIMETRES,
    VERMILLION,
    WITHOUT_DATES,
    Style,
    drawing_in,
)
from experiments.files.table_files import not_a_formula
from experiments.show.captions import source_of
from experiments.show.document import Document, Picture, Section, Table
from experiments.words.numerals import say

if TYPE_CHECKING:
    from markupsafe import Markup

HERE = Path(__file__).parent
PAGE = Style(174 * MILLIMETRES, 1.9, 8, 1.1, 3)
"""Figures as wide as the text on A4."""
FROM_PAGE = {
    BLACK: "currentColor",
    "#eeeeee": "var(--zone)",
    BLUE: "var(--blue)",
    VERMILLION: "var(--vermillion)",
}
"""Colours that follow the page's."""
SHORT = 24
"""Rows up to which a table is printed on one page."""
JOINED = 'stroke-linejoin="round" stroke-linecap="butt"'
"""How lines meet and end in figures."""
UNSEEN_MARK = "\u2060"
COORDINATES = re.compile(r'(?<= d=")[^"]+')
DECIMALS = re.compile(r"(\d+\.\d\d)\d+")
ADDRESSED = re.compile(r'(?<= id=")|(?<=url\(#)|(?<=href="#)')


@dataclass(frozen=True)
class ShownTable:
    """A table with the kind of each column, `number` or `text`."""

    id: str
    number: str
    title: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]
    note: str
    short: bool


@dataclass(frozen=True)
class ShownFigure:
    """A figure as SVG, with its caption and its text alternative."""

    number: str
    svg: "Markup"
    alt: str
    caption: str


@dataclass(frozen=True)
class Part:
    """A section as it is shown.

    `texts` are pairs: `sentence` or `commands`, and the text. Consecutive commands form
    one text.
    """

    section: Section
    texts: tuple[tuple[str, str], ...]
    tables: tuple[ShownTable, ...]
    figures: tuple[ShownFigure, ...]
    fragment: "Markup"

    @property
    def kind(self) -> str:
        """How the section is laid out: as an answer, as text beside text, or plainly.

        Sections with a finding make up the answer of a report.
        """
        if not self.section.finding:
            return "plain"
        if self.section.name == "answer":
            return "found"
        whole = self.tables or self.figures or self.section.source
        return "found" if whole else "found aside"


def page(report: Document, style: Style = PAGE) -> str:
    """Return the report as the text of an HTML file, its figures drawn in `style`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup, escape

    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
    )

    def told(key: str, **values: str) -> str:
        return say(key, report.language, **values)

    def source(section: Section) -> Markup:
        study = Markup('<span class="source">{}</span>').format(report.study)
        text = escape(source_of(section, report)).replace(escape(report.study), study)
        return Markup('<a href="#reproduce">{}</a>').format(text)

    css = (HERE / "page.css").read_text(encoding="utf-8")
    running = f"{report.remark} · {told('page_study')} {report.study}"
    css = css.replace("__RUNNING__", css_text(running))
    return environment.get_template("page.html.jinja").render(
        report=report,
        parts=parts_of(report, style),
        css=Markup(css),
        say=told,
        source=source,
        cell=cell,
    )


def write_page(report: Document, file: Path) -> str:
    """Write the report as an HTML file, and return its text."""
    text = page(report)
    file.write_bytes(text.encode(errors="replace"))  # paths may be invalid Unicode
    return text


def css_text(text: str) -> str:
    """Return any text as a quoted CSS string.

    >>> css_text('a "b"</style>')
    '"a \\\\22 b\\\\22 \\\\3c \\\\2f style\\\\3e "'
    """
    safe = (x if x.isalnum() or x in " ,.-" else f"\\{ord(x):x} " for x in text)
    return f'"{"".join(safe)}"'


def parts_of(report: Document, style: Style) -> list[Part]:
    """Return the sections of a report, with figures drawn and tables numbered."""
    from markupsafe import Markup

    parts: list[Part] = []
    figures, tables = 0, 0
    for section in report.sections:
        shown = [
            _figure(picture, figures + k, style, report.language)
            for k, picture in enumerate(section.pictures, 1)
        ]
        listed = [
            _table(table, tables + k) for k, table in enumerate(section.tables, 1)
        ]
        parts.append(
            Part(
                section,
                _texts(_below_heading(section), report.commands),
                tuple(listed),
                tuple(shown),
                Markup(section.fragment),
            )
        )
        figures += len(shown)
        tables += len(listed)
    return parts


def _below_heading(section: Section) -> tuple[str, ...]:
    """Return the sentences of a section without that which is its heading.

    An answer is a heading in its own right.
    """
    if section.name == "answer":
        return section.sentences
    return tuple(x for x in section.sentences if x.rstrip(".") != section.finding)


def _texts(
    sentences: Sequence[str], commands: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return sentences and commands; consecutive commands are one text."""
    found: list[tuple[str, str]] = []
    for ours, group in groupby(sentences, commands.__contains__):
        some = list(group)
        if ours:
            found.append(("commands", "\n".join(some)))
        else:
            found += [("sentence", text) for text in some]
    return tuple(found)


def _table(table: Table, number: int) -> ShownTable:
    kinds = table.kinds
    return ShownTable(
        f"table-{number}",
        str(number),
        table.title,
        tuple(zip(map(_copied_as_text, table.columns), kinds, strict=True)),
        tuple(
            tuple(
                (text if kind == "number" else _copied_as_text(text), kind)
                for text, kind in zip(row, kinds, strict=True)
            )
            for row in table.rows
        ),
        table.note,
        len(table.rows) <= SHORT,
    )


def _copied_as_text(text: str) -> str:
    """Return a text that is no formula when a table is copied into a spreadsheet."""
    return not_a_formula(text, UNSEEN_MARK)


def cell(text: str) -> "Markup":
    """Return a number that may be broken only before its interval.

    >>> cell("+3 weeks (1 to 5)")
    Markup('+3 weeks <span>(1 to 5)</span>')
    """
    from markupsafe import Markup, escape

    estimate, between, ends = text.partition(" (")
    if not between:
        return escape(text)
    return Markup("{} <span>{}</span>").format(estimate, f"({ends}")


def _figure(picture: Picture, number: int, style: Style, language: str) -> ShownFigure:
    from markupsafe import Markup

    svg = svg_of(picture, style, f"figure-{number}-", language)
    caption = " ".join(picture.caption.split())
    return ShownFigure(str(number), Markup(svg), picture.title, caption)


def svg_of(picture: Picture, style: Style, prefix: str, language: str = "en") -> str:
    """Return a picture as SVG for use within a page.

    Its ids begin with `prefix`, so that one page can hold several. It has no external
    addresses, and coordinates to a hundredth of a point.
    """
    drawn = io.BytesIO()
    with drawing_in(style, language):
        picture.draw(style).savefig(
            drawn, format="svg", metadata=WITHOUT_DATES["svg"], transparent=True
        )
    text = drawn.getvalue().decode()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    # The style of the SVG would apply to the whole page.
    text = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
    text = text.replace("<svg", "<svg " + JOINED, 1)
    text = re.sub(r' xmlns(:\w+)?="[^"]*"', "", text).replace("xlink:href", "href")
    for colour, ours in FROM_PAGE.items():
        text = text.replace(colour.lower(), ours)
    text = COORDINATES.sub(lambda path: DECIMALS.sub(r"\1", path[0]), text)
    return ADDRESSED.sub(prefix, text).strip()
