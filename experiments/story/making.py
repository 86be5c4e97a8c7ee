"""Make the document of a story: chronicle, table of events, and page with the graph."""

from collections.abc import Sequence

import pandas as pd

from experiments.errors import InputError, did_you_mean
from experiments.files.progress import Progress
from experiments.people.privacy import hidden
from experiments.people.recorded import Recording, record
from experiments.show.document import Document, Section, Table
from experiments.show.parts import document
from experiments.story import hiding
from experiments.story.asking import StoryRequest
from experiments.story.chronicle import MOST_TOLD, Chapter, chapters
from experiments.story.ending import ending, ending_table
from experiments.story.events import tidy
from experiments.story.observing import observe
from experiments.story.page import Story, page_html
from experiments.story.parting import parting
from experiments.story.picking import (
    FAILING,
    Worlds,
    claimed,
    failing_world,
    failures,
    live_worlds,
    median_world,
)
from experiments.story.summary import summary, summary_table, tally
from experiments.story.telling import Teller
from experiments.story.wishes import Wish, wishes_of
from experiments.story.words import said
from experiments.words.phrases import names
from simulation.outcomes import HEADLINES, find
from simulation.whole_numbers import checks_numbers

MOST_LISTED = 10
"""Worlds in which an answer fails that are listed by number."""


@checks_numbers
def story_document(
    asked: StoryRequest,
    language: str = "en",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Document:
    """Live the world, and return its story as a document with a page beside it."""
    few = range(asked.replicates)
    lived = [*few]
    if isinstance(asked.world, int) and asked.world not in few:
        lived.append(asked.world)
    worlds = live_worlds(asked.scenarios, asked.seed, lived, workers, progress)
    first = Worlds(worlds.scenarios, asked.seed, worlds.values[:, : asked.replicates])
    world, why = _picked(asked, first, language)
    tellers, wishes = told_by(asked, world, language)
    told = [chapters(teller, own) for teller, own in zip(tellers, wishes, strict=True)]
    at = lived.index(world)
    ends = [
        text
        for side, teller in enumerate(tellers)
        for text in _titled(
            tellers, teller, ending(teller, worlds, side, at, asked.replicates)
        )
    ]
    counts = [
        tally(teller.log, own) for teller, own in zip(tellers, wishes, strict=True)
    ]
    alone = len(tellers) == 1
    sums = summary(tellers[0], counts[0]) if alone else []
    both = () if alone else (summary_table(tellers, counts),)
    apart = parting(tellers, wishes) if len(tellers) > 1 else []
    table = _table(asked, tellers)
    table_of_end = ending_table(tellers, worlds, at, asked.replicates)
    events = sum(len(teller.log.events) for teller in tellers)
    items = round(float(tellers[0].log.series["items"][0]))
    reading = (
        said("reading_text", language, items=items),
        said("reading_rule", language, most=MOST_TOLD, events=events),
    )
    title = said("title", language, scenarios=_titles(asked, language))
    sections = (
        _section("answer", language, (why, *sums, *apart), both),
        _section("reading", language, reading),
        *(_quarter(tellers, side, language) for side in zip(*told, strict=True)),
        _section("ending", language, tuple(ends), (table_of_end,)),
        _section("worlds", language, tuple(_fails(first, language))),
    )
    story = Story(title, sections, tuple(tellers), tuple(map(tuple, told)))
    return document(
        title,
        said("question", language),
        language,
        sections,
        numbers={"events": table, "weeks": _weeks(tellers)},
        facts={"world": world, "events": len(table)},
        attachments={"chronicle.html": page_html(story, language)},
        name="chronicle",
    )


def told_by(
    asked: StoryRequest, world: int, language: str
) -> tuple[list[Teller], list[list[Wish]]]:
    """Live a world of each scenario; return who tells it, and customers' wishes."""
    logs = [observe(one, asked.seed, world) for one in asked.scenarios]
    recording = record(asked.scenarios, None, asked.seed, world)
    shown = hidden(recording, asked.named)
    tellers = [
        Teller(_hidden(log, recording, shown, side), shown, side, language)
        for side, log in enumerate(logs)
    ]
    return tellers, [wishes_of(log) for log in logs]


def _hidden(
    log: hiding.Log, known: Recording, shown: Recording, side: int
) -> hiding.Log:
    return hiding.told(log, known.lived[side], shown.lived[side], shown.real)


def _picked(asked: StoryRequest, worlds: Worlds, language: str) -> tuple[int, str]:
    """Return the world to tell, and a sentence on why it is this one."""
    place = {"seed": str(asked.seed), "worlds": worlds.count}
    whats = names([find(x).in_sentence[language] for x in HEADLINES], language)
    if isinstance(asked.world, int):
        values = place | {"world": str(asked.world)}
        return asked.world, said("pick_number", language, **values)
    if asked.world == FAILING:
        world, name = failing_world(worlds)
        first, second = (f"“{one.title[language]}”" for one in asked.scenarios)
        values = place | {"world": str(world), "first": first, "second": second}
        many = len(failures(worlds)[name])
        what = find(name).in_sentence[language]
        text = said("pick_failing", language, n=many, what=what, **values)
        key = "pick_claimed" if name in claimed(worlds) else "pick_unclaimed"
        return world, f"{text} {said(key, language)}"
    world = median_world(worlds)
    values = place | {"world": str(world), "whats": whats}
    return world, said("pick_median", language, **values)


def _fails(worlds: Worlds, language: str) -> list[str]:
    """Return in which worlds the answer fails, by outcome; nothing for one scenario."""
    if len(worlds.scenarios) < 2:
        return []
    told = []
    for name, there in failures(worlds).items():
        values = {"what": find(name).in_sentence[language], "worlds": worlds.count}
        if not there:
            told.append(said("failing_list_none", language, **values))
            continue
        listed = [str(x) for x in sorted(there)[:MOST_LISTED]]
        more = len(there) - MOST_LISTED
        listed += [said("others", language, n=more)] if more > 0 else []
        text = names(listed, language)
        told.append(said("failing_list", language, n=len(there), list=text, **values))
    return told


def _titles(asked: StoryRequest, language: str) -> str:
    return names([one.title[language] for one in asked.scenarios], language)


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


def _quarter(
    tellers: Sequence[Teller], sides: Sequence[Chapter], language: str
) -> Section:
    """Return a quarter of all scenarios: how each stands, and its months."""
    first = sides[0]
    place = {"quarter": first.quarter, "first": first.first, "last": first.last}
    sentences = []
    for teller, one in zip(tellers, sides, strict=True):
        lines = [f"{_heading(teller, tellers, one)} {one.standing}"]
        for month in one.months:
            key = "month" if month.last > month.first else "month_week"
            values = {"first": month.first, "last": month.last}
            lines.append(f"{said(key, language, **values)}. {month.text}")
        sentences.append("\n".join(lines))
    title = said("quarter", language, **place)
    name = f"quarter-{first.quarter}"
    return Section(name, title, tuple(sentences), appendix=True)


def _heading(teller: Teller, tellers: Sequence[Teller], one: Chapter) -> str:
    """Return the heading of a quarter as the start of a line of text."""
    place = {"quarter": one.quarter, "first": one.first, "last": one.last}
    title = f", {teller.title}" if len(tellers) > 1 else ""
    return f"{teller.say('quarter', **place)}{title}: {one.heading}."


def _table(asked: StoryRequest, tellers: Sequence[Teller]) -> pd.DataFrame:
    """Return the events that were asked for, a row each.

    Raises `InputError` for a seat or group of which no event tells.
    """
    table = pd.concat([tidy(teller.log) for teller in tellers], ignore_index=True)
    if asked.kinds:
        table = table[table["kind"].isin(asked.kinds)]
    table = table[table["week"].between(asked.first, asked.last)]
    if asked.who:
        there = {str(x) for name in ("who", "other") for x in table[name] if x}
        if asked.who not in there:
            hint = did_you_mean(asked.who, there)
            few = sorted(x for x in there if x[:1].isalpha())[:MOST_LISTED]
            raise InputError(
                f"who: got {asked.who!r}, of whom no such event tells; allowed are"
                f" seats such as {', '.join(few)}{hint}"
            )
        table = table[(table["who"] == asked.who) | (table["other"] == asked.who)]
    return table.reset_index(drop=True)


def _weeks(tellers: Sequence[Teller]) -> pd.DataFrame:
    """Return the weekly records, to which the events add up."""
    parts = []
    for teller in tellers:
        table = pd.DataFrame(teller.log.series)
        table.insert(0, "scenario", teller.log.scenario.name)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)
