"""The story as a page that opens from disk: chronicle, graph of people, events.

Moving the slider of the graph, or playing, shows the events of that week beside it.
Without scripts the page has the whole chronicle, and the graph in the last week.
"""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.browser import embedded, filled
from experiments.people.groups import drawable
from experiments.people.recorded import Recording
from experiments.people.slider import slider_html
from experiments.show.document import Section, Table
from experiments.story.chronicle import Chapter, Month, headed, month_name, side_name
from experiments.story.events import TOPICS
from experiments.story.telling import Teller
from experiments.story.words import said, words

TEMPLATE = Path(__file__).with_name("page.html")
PLACES = {
    "PAGE": ("answer", "both", "followed", "people", "outcomes", "conclusion"),
    "READING": ("reading",),
    "END": ("ending", "worlds"),
}
"""Sections of plain text and tables, by their place on the page."""
BUTTONS = ("play", "pause", "now", "none")
"""Words that the script fills in."""


@dataclass(frozen=True)
class Story:
    """What the page of a story is made from: document sections, tellers and chapters.

    There is a teller for each scenario, one or two; a chapter is a quarter.
    """

    title: str
    sections: Sequence[Section]
    tellers: Sequence[Teller]
    chapters: Sequence[Chapter]

    def section(self, name: str) -> Section:
        """Return a section by name."""
        return next(one for one in self.sections if one.name == name)


def page_html(story: Story, language: str) -> str:
    """Return the page of a story."""
    recording = story.tellers[0].recording
    parts_of = {one.name for one in story.sections}
    parts = {
        "LANGUAGE": language,
        "TITLE": html.escape(story.title),
        "GRAPH": slider_html(recording, language),
        "TOPICS": "".join(_filters(language)),
        "WEEK": html.escape(said("week_events", language)),
        "PLAY": html.escape(said("play", language)),
        "SHOWN": html.escape(said("shown", language)),
        "CHRONICLE": html.escape(said("chronicle", language)),
        "CHAPTERS": "".join(_chapters(story, language)),
        "LISTS": '<ul class="told" tabindex="0"></ul>' * len(story.tellers),
        "DATA": _data(story, drawable(recording), language),
    }
    for place, names in PLACES.items():
        there = [x for x in names if x in parts_of]
        parts[place] = "".join(_plain(story.section(name)) for name in there)
    return filled(TEMPLATE.read_text(encoding="utf-8"), parts)


def _plain(section: Section) -> str:
    """Return a section of sentences and tables as HTML; nothing if it is empty."""
    if section.empty:
        return ""
    title = f"<h2>{html.escape(section.title)}</h2>"
    paragraphs = "".join(map(_paragraph, section.sentences))
    tables = "".join(map(_table_html, section.tables))
    return f'<div class="said">{title}{paragraphs}</div>{tables}'


def _paragraph(text: str) -> str:
    """Return a sentence as a paragraph; with further lines as a list below it."""
    first, *others = text.split("\n")
    lines = "".join(f"<li>{html.escape(x)}</li>" for x in others)
    return f"<p>{html.escape(first)}</p>" + (f"<ul>{lines}</ul>" if lines else "")


def _filters(language: str) -> Iterator[str]:
    for topic in TOPICS:
        name = html.escape(said(f"topic_{topic}", language))
        yield (f'<label><input type="checkbox" value="{topic}" checked> {name}</label>')


def _chapters(story: Story, language: str) -> Iterator[str]:
    for one in story.chapters:
        place = {"quarter": one.quarter, "first": one.first, "last": one.last}
        yield f"<h3>{html.escape(said('quarter', language, **place))}</h3>"
        yield f"<h4>{html.escape(headed(story.tellers, one))}</h4>"
        for month in one.months:
            yield "".join(_month(story.tellers, month, language))
        yield _table_html(story.section(f"quarter-{one.quarter}").tables[0])


def _month(tellers: Sequence[Teller], month: Month, language: str) -> Iterator[str]:
    weeks = html.escape(month_name(month, language))
    yield f'<div class="month" data-first="{month.first}" data-last="{month.last}">'
    yield f"<p><button>{weeks}</button></p>"
    for side, text in month.lines:
        name = html.escape(side_name(tellers, side))
        yield f'<p><span class="of">{name}</span>{html.escape(text)}</p>'
    yield "</div>"


def _table_html(table: Table) -> str:
    heads = "".join(f"<th>{html.escape(x)}</th>" for x in table.columns)
    rows = "".join(map(_row_html, table.rows))
    return (
        f'<div class="wide"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div><p>{html.escape(table.note)}</p>"
    )


def _row_html(row: Sequence[str]) -> str:
    """Return a row; one that holds only its name heads the rows below it."""
    name, *cells = map(html.escape, row)
    if not any(cells):
        return f'<tr><th colspan="{len(row)}" scope="rowgroup">{name}</th></tr>'
    return f"<tr><td>{name}</td>{''.join(f'<td>{x}</td>' for x in cells)}</tr>"


def _data(story: Story, drawn: Recording, language: str) -> str:
    """Return the data of the script, as JSON.

    `weeks` has, for each scenario and week, lines of topic, text and the place of the
    person in the drawing (-1 for none).
    """
    weeks = []
    for teller, one in zip(story.tellers, drawn.lived, strict=True):
        at = {node.seat: k for k, node in enumerate(one.nodes)}
        weeks.append(
            [
                [[topic, text, at.get(who, -1)] for topic, text, who in teller.week(w)]
                for w in range(len(teller.log.series))
            ]
        )
    titles = [teller.title for teller in story.tellers]
    buttons = {name: words()[name][language] for name in BUTTONS}
    return embedded({"weeks": weeks, "titles": titles, "words": buttons})
