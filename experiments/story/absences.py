"""Who was away when, and what waited for them meanwhile."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from experiments.story.events import Event, Log
from experiments.story.telling import Teller

FEW_WAIT = 3
"""Proposals in an average week below which it is not told for whom they wait."""


class Absence(NamedTuple):
    """The weeks in which a seat was empty or its holder ill; `last` None to the end."""

    who: str
    first: int
    last: int | None


def absences(log: Log) -> list[Absence]:
    """Return who was away when, from one that left or fell ill to the next there."""
    spells: list[Absence] = []
    since: dict[str, int] = {}
    for event in log.of("ill", "left", "returned", "joined"):
        if event.kind in ("ill", "left"):
            since[event.who] = event.week
        elif event.who in since:
            spells.append(Absence(event.who, since.pop(event.who), event.week))
    return spells + [Absence(who, first, None) for who, first in since.items()]


def away_for(teller: Teller, events: Sequence[Event]) -> str:
    """Return in words the longest absence that begins with one of `events`."""
    gaps = {(x.who, x.first): x for x in absences(teller.log)}
    weeks = [gaps[x.who, x.week] for x in events if (x.who, x.week) in gaps]
    if any(x.last is None for x in weeks):
        return teller.say("to_the_end")
    ends = [x.last - x.first for x in weeks if x.last is not None]
    longest = max(ends, default=0)
    return teller.say("for_weeks", n=longest)


def fullest(teller: Teller, first: int, last: int) -> str:
    """Return for whom most proposals waited, and for how long that person was away.

    Empty if fewer than `FEW_WAIT` proposals wait in an average week.
    """
    desks: Counter[str] = Counter()
    for event in teller.log.of("waiting"):
        if first <= event.week <= last:
            desks[event.who] += round(event.value)
    if sum(desks.values()) < FEW_WAIT * (last - first + 1):
        return ""
    who, _ = desks.most_common(1)[0]
    weeks = sum(
        max(
            0,
            min(last + 1, last + 1 if x.last is None else x.last) - max(first, x.first),
        )
        for x in absences(teller.log)
        if x.who == who
    )
    if not weeks:
        return teller.who(who)
    return teller.say("fullest_absent", n=weeks, who=teller.who(who))
