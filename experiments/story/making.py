"""Make the document of a story: chronicle, table of events, and page with the graph."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from experiments.errors import InputError, did_you_mean
from experiments.files.progress import Progress
from experiments.people.privacy import hidden
from experiments.people.recorded import Recording, record
from experiments.show.document import Document, Section, Table
from experiments.show.parts import document
from experiments.story import hiding
from experiments.story.chronicle import (
    MOST_TOLD,
    Chapter,
    chapters,
    headed,
    month_name,
    side_name,
)
from experiments.story.concluding import conclusion
from experiments.story.ending import ending, ending_table
from experiments.story.events import tidy
from experiments.story.following import followed
from experiments.story.ledger import Figures, figures, ledger
from experiments.story.observing import observe
from experiments.story.page import Story, page_html
from experiments.story.parting import apart_in, apart_table, lasting, people
from experiments.story.picking import WorldOutcomes, live_worlds
from experiments.story.request import StoryRequest
from experiments.story.telling import Teller
from experiments.story.ways import ways
from experiments.story.which import MOST_LISTED, fails, picked
from experiments.story.wishes import Wish, wishes_of
from experiments.story.words import said
from experiments.words.phrases import names
from simulation.whole_numbers import checks_numbers

CHRONICLE = "chronicle.html"
"""The page of a story, beside its document."""
ON_ONE_PAGE = ("answer", "both", "followed", "people", "outcomes", "conclusion")
"""Sections that a terminal shows unless all is asked for."""


@checks_numbers
def story_document(
    request: StoryRequest,
    language: str = "en",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Document:
    """Live the world, and return its story as a document with a page beside it."""
    few = range(request.replicates)
    lived = [*few]
    if isinstance(request.world, int) and request.world not in few:
        lived.append(request.world)
    worlds = live_worlds(request.scenarios, request.seed, lived, workers, progress)
    first = WorldOutcomes(
        worlds.scenarios, request.seed, worlds.values[:, : request.replicates]
    )
    world, why = picked(request, first, language)
    tellers, wishes = told_by(request, world, language)
    told = chapters(tellers, wishes)
    at = lived.index(world)
    sums = [
        figures(one.log, own, one.private)
        for one, own in zip(tellers, wishes, strict=True)
    ]
    table = _table(request, tellers)
    title = said("title", language, scenarios=_titles(request, language))
    sections = (
        _section("answer", language, (why, *ways(tellers))),
        _section("both", language, (), (ledger(tellers, sums),)),
        _section("followed", language, _followed(tellers)),
        _section("people", language, people(tellers)),
        *_conclusion(tellers, sums, worlds, at, request.replicates),
        _section("reading", language, _reading(tellers)),
        *(_quarter(tellers, one, language) for one in told),
        _section(
            "ending",
            language,
            _ends(tellers, worlds, at, request.replicates),
            (ending_table(tellers, worlds, at, request.replicates),),
        ),
        _section("worlds", language, tuple(fails(first, language))),
    )
    story = Story(title, sections, tuple(tellers), tuple(told))
    return document(
        title,
        said("question", language),
        language,
        sections,
        numbers={"events": table, "weeks": _weeks(tellers)},
        facts={"world": world, "events": len(table)},
        attachments={CHRONICLE: page_html(story, language)},
        name="chronicle",
    )


def one_page(whole: Document) -> Document:
    """Return what a terminal shows of a story: all but the chronicle by quarters."""
    sections = [one for one in whole.sections if one.name in ON_ONE_PAGE]
    more = Section("more", "", (said("more", whole.language),))
    return replace(whole, sections=(*sections, more))


def _followed(tellers: Sequence[Teller]) -> list[str]:
    """Return the items that are followed, after why it is these."""
    told = followed(tellers)
    if not told:
        return [tellers[0].say("followed_none")]
    key = "followed_alone" if len(tellers) == 1 else "followed_both"
    return [tellers[0].say(key, n=len(told)), *told]


def _conclusion(
    tellers: Sequence[Teller],
    sums: Sequence[Figures],
    worlds: WorldOutcomes,
    at: int,
    known: int,
) -> Iterator[Section]:
    """Yield what came of it, for two worlds as a table, and what it teaches."""
    language = tellers[0].language
    apart = apart_in(worlds, at, known) if len(tellers) > 1 else []
    if apart:
        table = apart_table(tellers, apart, known)
        yield _section("outcomes", language, lasting(tellers), (table,))
    told = conclusion(tellers, sums, apart, known)
    yield _section("conclusion", language, told)


def _reading(tellers: Sequence[Teller]) -> list[str]:
    first = tellers[0]
    events = sum(len(teller.log.events) for teller in tellers)
    items = round(float(first.log.series["items"][0]))
    rule = first.say("reading_rule", most=MOST_TOLD, events=events)
    if len(tellers) > 1:
        rule += " " + first.say("reading_yardstick", title=first.title)
    return [first.say("reading_text", items=items), rule]


def _ends(
    tellers: Sequence[Teller], worlds: WorldOutcomes, at: int, known: int
) -> list[str]:
    """Return how each world ended beside others."""
    return [
        text
        for side, teller in enumerate(tellers)
        for text in _titled(tellers, teller, ending(teller, worlds, side, at, known))
    ]


def told_by(
    request: StoryRequest, world: int, language: str
) -> tuple[list[Teller], list[list[Wish]]]:
    """Live a world of each scenario; return who tells it, and customers' wishes."""
    logs = [observe(one, request.seed, world) for one in request.scenarios]
    recording = record(request.scenarios, None, request.seed, world)
    shown = hidden(recording, request.named)
    tellers = [
        Teller(_hidden(log, recording, shown, side), shown, side, language)
        for side, log in enumerate(logs)
    ]
    return tellers, [wishes_of(log) for log in logs]


def _hidden(
    log: hiding.Log, known: Recording, shown: Recording, side: int
) -> hiding.Log:
    return hiding.hide_people(log, known.lived[side], shown.lived[side], shown.real)


def _titles(request: StoryRequest, language: str) -> str:
    return names([one.title[language] for one in request.scenarios], language)


def _titled(
    tellers: Sequence[Teller], teller: Teller, texts: Sequence[str]
) -> list[str]:
    """Return texts of a scenario; with its title before where there are two."""
    if len(tellers) == 1:
        return list(texts)
    return [teller.say("summary_of", title=teller.title, text=x) for x in texts]


def _section(
    name: str, language: str, texts: Sequence[str], tables: tuple[Table, ...] = ()
) -> Section:
    return Section(name, said(name, language), tuple(texts), tables)


def _quarter(tellers: Sequence[Teller], chapter: Chapter, language: str) -> Section:
    """Return a quarter of all worlds: what heads it, its months, and its numbers."""
    place = {"quarter": chapter.quarter, "first": chapter.first, "last": chapter.last}
    name = said("quarter", language, **place)
    lines = [f"{name}. {headed(tellers, chapter)}"]
    for month in chapter.months:
        parts = (f"{side_name(tellers, side)}{text}" for side, text in month.lines)
        lines.append(f"{month_name(month, language)}. {' '.join(parts)}")
    titles = [x.log.scenario.title[language] for x in tellers]
    data = pd.DataFrame(
        [(x[0], *x[1:]) for x in chapter.rows], columns=["name", *titles]
    )
    heads = (said("head_quarter", language), *titles)
    table = Table(f"quarter-{chapter.quarter}", name, heads, chapter.rows, data)
    told = ("\n".join(lines),)
    return Section(table.name, name, told, (table,), appendix=True)


def _table(request: StoryRequest, tellers: Sequence[Teller]) -> pd.DataFrame:
    """Return the events that were asked for, a row each.

    Raises `InputError` for a seat or group of which no event tells.
    """
    table = pd.concat([tidy(teller.log) for teller in tellers], ignore_index=True)
    if request.kinds:
        table = table[table["kind"].isin(request.kinds)]
    table = table[table["week"].between(request.first, request.last)]
    if request.who:
        there = {str(x) for name in ("who", "other") for x in table[name] if x}
        if request.who not in there:
            hint = did_you_mean(request.who, there)
            few = sorted(x for x in there if x[:1].isalpha())[:MOST_LISTED]
            raise InputError(
                f"who: got {request.who!r}, of whom no such event tells; allowed are"
                f" seats such as {', '.join(few)}{hint}"
            )
        table = table[(table["who"] == request.who) | (table["other"] == request.who)]
    return table.reset_index(drop=True)


def _weeks(tellers: Sequence[Teller]) -> pd.DataFrame:
    """Return the weekly records, to which the events add up."""
    parts = []
    for teller in tellers:
        table = pd.DataFrame(teller.log.series)
        table.insert(0, "scenario", teller.log.scenario.name)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)
