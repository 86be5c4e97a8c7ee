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

from experiments.people.privacy import LEAST
from experiments.story.absences import FEW_WAIT, fullest
from experiments.story.events import Log
from experiments.story.funnel import Usual, unusual_leads, usual_of
from experiments.story.ledger import fit_balance
from experiments.story.noteworthy import ORDER, QUARTER, WEIGHTS, Note, Notes, sentence
from experiments.story.telling import Teller
from experiments.story.wishes import Wish
from experiments.story.words import begun, said
from experiments.words.numerals import number, percent

MONTHS = (4, 4, 5)
MOST_TOLD = 4
FIT_STEP = 0.04
"""Change of the share of items that suit customers from which it heads a quarter."""
MANY_AWAY = 3
"""People who fall ill or leave in a quarter from which that heads it."""
FULL_DESKS = 1.4
"""Factor by which the proposals that wait move from which that heads a quarter."""
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
    found: list[Chapter] = []
    for k, months in enumerate(spans(len(tellers[0].log.series))):
        first, last = months[0][0], months[-1][1]
        found.append(
            Chapter(
                k + 1,
                first,
                last,
                tuple(_heading(teller, first, last, usual) for teller in tellers),
                tuple(_rows(tellers, first, last, usual)),
                tuple(Month(a, b, _month(sides, a, b, usual)) for a, b in months),
            )
        )
    return found


def headed(tellers: Sequence[Teller], one: Chapter) -> str:
    """Return what heads a quarter in each world; once if it is the same."""
    if len(set(one.headings)) == 1:
        return begun(one.headings[0]) + "."
    told = [
        f"{teller.title}: {heading}"
        for teller, heading in zip(tellers, one.headings, strict=True)
    ]
    return "; ".join(told) + "."


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


def _rows(
    tellers: Sequence[Teller], first: int, last: int, usual: Usual
) -> Iterator[tuple[str, ...]]:
    """Yield the numbers of a quarter as rows of texts: a name, and one per world."""
    one = tellers[0]
    weeks = last - first + 1
    fits = [fit_balance(x.log, first, last) for x in tellers]
    yield one.say("quarter_start"), *(str(x["start"]) for x in fits)
    yield one.say("quarter_market"), *(f"+{x['given']} −{x['taken']}" for x in fits)
    yield one.say("quarter_work"), *(f"+{x['won']} −{x['lost']}" for x in fits)
    if any(x["mates"] for x in fits):
        yield one.say("quarter_mates"), *(_signed(x["mates"]) for x in fits)
    yield one.say("quarter_end"), *(str(x["end"]) for x in fits)
    won = [float(x.log.series.leads_won[first : last + 1].sum()) for x in tellers]
    name = one.say("quarter_leads", n=round(usual.won * weeks))
    yield name, *(number(x, one.language) for x in won)
    yield one.say("quarter_complaints"), *(_complaints(x, first, last) for x in tellers)
    waits = [
        float(x.log.series.waiting_items[first : last + 1].mean()) for x in tellers
    ]
    name = one.say("quarter_waits", usual=number(usual.waits, one.language, 1))
    yield name, *(number(x, one.language, 1) for x in waits)
    most = [fullest(x, first, last) for x in tellers]
    if any(most):
        yield one.say("quarter_fullest"), *(x or "–" for x in most)


def _signed(value: int) -> str:
    return f"+{value}" if value > 0 else str(value).replace("-", "−")


def _complaints(teller: Teller, first: int, last: int) -> str:
    """Return the share of employees with complaints; a dash for fewer than five."""
    part = teller.log.series[first : last + 1].view(np.recarray)
    if part.employees.min() < LEAST:
        return "–"
    share = float(part.employees_complaints.sum() / part.employees.sum())
    return percent(share, teller.language)


def _heading(teller: Teller, first: int, last: int, usual: Usual) -> str:
    """Return what heads a quarter: what moved most, in steps from which it would."""
    here = [x for x in teller.log.events if first <= x.week <= last]
    away = sum(x.kind in ("ill", "left", "away") for x in here)
    sizes = {
        "heading_change": 3.0 * any(x.kind == "change" for x in here),
        "heading_away": away / MANY_AWAY,
    }
    way, size = _fit_heading(teller.log, first, last)
    sizes[way] = size
    if first:
        waits = _waits(teller.log, first, last) / _waits(
            teller.log, first - QUARTER, first - 1
        )
        key = "heading_desks_up" if waits > 1 else "heading_desks_down"
        sizes[key] = abs(np.log(waits)) / np.log(FULL_DESKS)
    won = float(teller.log.series.leads_won[first : last + 1].sum())
    steps = usual.root_counts(won, last - first + 1)
    sizes["heading_leads_up" if steps > 0 else "heading_leads_down"] = abs(steps)
    most = max(sizes, key=lambda x: sizes[x])
    usually = "heading_usual" if first else "heading_first"
    return teller.say(most if sizes[most] >= 1.0 else usually, n=away)


def _waits(log: Log, first: int, last: int) -> float:
    """Return the proposals that wait in an average week; a few count as none."""
    return max(FEW_WAIT, float(log.series.waiting_items[first : last + 1].mean()))


def _fit_heading(log: Log, first: int, last: int) -> tuple[str, float]:
    """Return how the items that suit customers moved, by what most, in steps.

    The cause is one that moved them that way on balance; of several the one that by
    itself did most of it.
    """
    fit = fit_balance(log, first, last)
    moved = fit["end"] - fit["start"]
    up = moved > 0
    causes = {
        "market": (fit["given"] - fit["taken"], fit["given" if up else "taken"]),
        "work": (fit["won"] - fit["lost"], fit["won" if up else "lost"]),
        "mates": (fit["mates"], abs(fit["mates"])),
    }
    same = {x: gross for x, (net, gross) in causes.items() if net and (net > 0) == up}
    most = max(same, key=lambda x: same[x], default="market")
    size = abs(moved) / (FIT_STEP * float(log.series["items"][last]))
    return f"heading_fit_{'up' if up else 'down'}_{most}", size
