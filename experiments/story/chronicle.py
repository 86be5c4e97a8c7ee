"""A readable chronicle: chapters of a quarter, with months, of one world or two.

It is no copy of the log. A quarter has thirteen weeks, its months four, four and five.
Of each month at most `MOST_TOLD` things are told: those of the highest weight in
`noteworthy.WEIGHTS`, in the order of `noteworthy.ORDER`. What is the same in both
worlds is told once. A month of nothing but usual work is one clause with numbers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from experiments.story.funnel import Usual, unusual_leads, usual_of
from experiments.story.noteworthy import ORDER, QUARTER, WEIGHTS, Note, Notes, sentence
from experiments.story.quarters import heading, quarter_rows
from experiments.story.telling import Teller
from experiments.story.wishes import Wish
from experiments.story.words import begun, said

MONTHS = (4, 4, 5)
MOST_TOLD = 4
USUAL_WORK = ("better", "worse", "wishes_met")
"""What a month is about in which nothing else than usual happens."""


@dataclass(frozen=True)
class Month:
    """The weeks `first` to `last`, and what is told of them, line by line.

    `lines` are pairs of the place of a world, None for what is told of all, and a text.
    """

    first: int
    last: int
    lines: tuple[tuple[int | None, str], ...]


@dataclass(frozen=True)
class Chapter:
    """A quarter: what heads it in each world, its months, and its numbers in rows."""

    quarter: int
    first: int
    last: int
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    months: tuple[Month, ...]


def spans(weeks: int) -> list[list[tuple[int, int]]]:
    """Return the months of each quarter as first and last week.

    >>> spans(15)
    [[(0, 3), (4, 7), (8, 12)], [(13, 14)]]
    """
    found = []
    for start in range(0, weeks, QUARTER):
        ends = start + np.cumsum((0, *MONTHS))
        pairs = pairwise(ends.tolist())
        months = [(a, min(b, weeks) - 1) for a, b in pairs if a < weeks]
        found.append(months)
    return found


def chapters(
    tellers: Sequence[Teller], wishes: Sequence[Sequence[Wish]]
) -> list[Chapter]:
    """Return the chronicle of one world or two, quarter by quarter.

    What is usual is so in the first of them, the yardstick of both.
    """
    sides = [Notes(*pair) for pair in zip(tellers, wishes, strict=True)]
    usual = usual_of(tellers[0].log)
    parts: list[Chapter] = []
    for k, months in enumerate(spans(len(tellers[0].log.series))):
        first, last = months[0][0], months[-1][1]
        parts.append(
            Chapter(
                k + 1,
                first,
                last,
                tuple(heading(teller, first, last, usual) for teller in tellers),
                tuple(quarter_rows(tellers, first, last, usual)),
                tuple(Month(a, b, _month(sides, a, b, usual)) for a, b in months),
            )
        )
    return parts


def headed(tellers: Sequence[Teller], chapter: Chapter) -> str:
    """Return what heads a quarter in each world; once if it is the same."""
    if len(set(chapter.headings)) == 1:
        return begun(chapter.headings[0]) + "."
    heads = [
        f"{teller.title}: {text}"
        for teller, text in zip(tellers, chapter.headings, strict=True)
    ]
    return "; ".join(heads) + "."


def month_name(month: Month, language: str) -> str:
    """Return the weeks of a month in words."""
    key = "month" if month.last > month.first else "month_week"
    return said(key, language, first=month.first, last=month.last)


def side_name(tellers: Sequence[Teller], side: int | None) -> str:
    """Return which world a line is about, before it; empty where there is one world."""
    if len(tellers) == 1:
        return ""
    name = tellers[0].say("both_sides") if side is None else tellers[side].title
    return f"{name}: "


def told_of(
    sides: Sequence[Notes], first: int, last: int, usual: Usual
) -> list[dict[str, Note]]:
    """Return the notes of a month that are told, by what they are about, for each side.

    At most `MOST_TOLD` things, those of the highest weight, in order.
    """
    found = []
    for notes in sides:
        here = {x.about: x for x in notes.of(first, last)}
        unusual = unusual_leads(notes.teller, first, last, usual)
        if unusual:
            here["leads"] = Note("leads", {unusual: unusual})
        found.append(here)
    there = {about for one in found for about in one}
    most = sorted(there, key=lambda x: -WEIGHTS[x])[:MOST_TOLD]
    order = sorted(most, key=ORDER.index)
    return [{about: one[about] for about in order if about in one} for one in found]


def _month(
    sides: Sequence[Notes], first: int, last: int, usual: Usual
) -> tuple[tuple[int | None, str], ...]:
    """Return what is told of a month: what is the same once, then what differs."""
    found = told_of(sides, first, last, usual)
    teller = sides[0].teller
    if all(about in USUAL_WORK for one in found for about in one):
        return tuple(_usual(sides, found))
    common: list[str] = []
    alone: list[list[str]] = [[] for _ in sides]
    for about in sorted({x for one in found for x in one}, key=ORDER.index):
        parts = [dict(one[about].parts) if about in one else {} for one in found]
        same = [key for key in parts[0] if all(key in other for other in parts)]
        if same:
            common.append(sentence(about, [parts[0][x] for x in same], teller))
        for texts, own, notes in zip(alone, parts, sides, strict=True):
            only = [text for key, text in own.items() if key not in same]
            if only:
                texts.append(sentence(about, only, notes.teller))
    lines: list[tuple[int | None, str]] = [(None, " ".join(common))] if common else []
    lines += [(k, " ".join(texts)) for k, texts in enumerate(alone) if texts]
    return tuple(lines)


def _usual(
    sides: Sequence[Notes], found: Sequence[dict[str, Note]]
) -> Iterator[tuple[int | None, str]]:
    """Yield a month of usual work in one clause with numbers, for each side."""
    teller = sides[0].teller
    counts = [
        tuple(len(one[x].parts) if x in one else 0 for x in ("better", "worse"))
        for one in found
    ]
    if not any(any(x) for x in counts):
        yield None, teller.say("quiet")
        return
    if len(set(counts)) == 1:
        better, worse = counts[0]
        yield None, begun(teller.say("usual_work", better=better, worse=worse))
        return
    for k, (better, worse) in enumerate(counts):
        yield k, begun(teller.say("usual_work", better=better, worse=worse))
