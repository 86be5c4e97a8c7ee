"""What happens to an item in a world, moment by moment, as sentences."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter

from experiments.story.causes import cause_of
from experiments.story.events import Event
from experiments.story.telling import Teller
from experiments.story.words import begun
from experiments.words.phrases import names

MOST_MOMENTS = 8
"""Sentences on an item in a world; of those between, but the last, the number is told.
"""


def life_told(
    teller: Teller, own: Sequence[Event], life: Sequence[Event]
) -> Iterator[str]:
    """Yield what happens to an item in a world, moment by moment, as sentences.

    `own` are the events to tell, `life` all events of the item, in order. Consecutive
    moments of one kind are told together. Of more than `MOST_MOMENTS` + 1 sentences
    the first ones and the last are given, and the number of those between.
    """
    moments = [(_kind(teller, x, life), x) for x in own]
    told = [pair for pair in moments if pair[0]]
    sentences = [
        begun(text)
        for kind, pairs in groupby(told, key=itemgetter(0))
        for text in _SAID[kind](teller, [event for _, event in pairs], life)
    ]
    more = len(sentences) - MOST_MOMENTS
    if more <= 1:
        yield from sentences
        return
    yield from sentences[: MOST_MOMENTS - 1]
    yield teller.say("life_skipped", n=more)
    yield sentences[-1]


def _kind(teller: Teller, event: Event, life: Sequence[Event]) -> str:
    """Return what kind of moment an event is; empty for what changes nothing."""
    if event.kind == "wish":
        return "since"
    if event.kind in ("learned", "misled"):
        return "believed" if event.who == teller.log.executors[event.item] else ""
    if event.kind.startswith("fit_"):
        return {"mates": "mates", "launch": "made"}.get(event.reason, "")
    if event.kind != "launched" or event.value or event.reason == "fits":
        return ""
    return "overruled" if _overruled(event, life) else "renewed"


def _since(teller: Teller, events: Sequence[Event], _: Sequence[Event]) -> list[str]:
    """Return from when on it happens to fit, or no longer fits."""
    return [
        teller.say("since_met" if x.value else "since_missed", week=str(x.week))
        for x in events
    ]


def _believed(teller: Teller, events: Sequence[Event], _: Sequence[Event]) -> list[str]:
    """Return when the maker came to see what customers want, or lost sight of it."""
    first, last = events[0], events[-1]
    if len(events) > 2:
        weeks = {"first": str(first.week), "last": str(last.week)}
        who = teller.who(first.who)
        return [teller.say("life_wavers", n=len(events), who=who, **weeks)]
    return [
        teller.say(
            f"life_{x.kind}",
            who=teller.who(x.who),
            how=teller.say(f"how_{x.reason}"),
            week=str(x.week),
        )
        for x in events
    ]


def _made(teller: Teller, events: Sequence[Event], life: Sequence[Event]) -> list[str]:
    """Return when and why it was made right or wrong."""
    sentences = []
    for event in events:
        cause = cause_of(event, life, teller.log, teller.private)
        leader, worker = _deciding(teller, event, life)
        last = _decision(event, life)
        after = teller.after(last.value) if last else ""
        values = {"leader": leader, "worker": worker, "after": after}
        why = teller.say(f"why_{cause}", **values)
        sentences.append(
            teller.say(f"life_{event.kind}", why=why, week=str(event.week))
        )
    return sentences


def _mates(teller: Teller, events: Sequence[Event], _: Sequence[Event]) -> list[str]:
    """Return when related items made it fit or unfit."""
    texts = [teller.say(f"mates_{x.kind}", week=str(x.week)) for x in events]
    return [teller.say("life_mates", told=names(texts, teller.language))]


def _overrulings(
    teller: Teller, events: Sequence[Event], life: Sequence[Event]
) -> list[str]:
    """Return when a leader overruled the right form, after how many weeks."""
    pairs = groupby(events, key=lambda x: _deciding(teller, x, life))
    sentences = []
    for (leader, worker), alike in pairs:
        here = list(alike)
        waits = [x.value for x in map(partial(_decision, life=life), here) if x]
        weeks = names([str(x.week) for x in here], teller.language)
        values = {"leader": leader, "worker": worker, "weeks": weeks}
        after = _between(teller, min(waits), max(waits))
        sentences.append(
            teller.say("life_overruled", n=len(here), after=after, **values)
        )
    return sentences


def _between(teller: Teller, low: float, high: float) -> str:
    """Return waits in words: after so many weeks, or from so many to so many."""
    if round(low) == round(high):
        return teller.after(high)
    return teller.say("after_between", low=str(round(low)), high=str(round(high)))


def _overruled(event: Event, life: Sequence[Event]) -> bool:
    """Return whether a leader overruled what was then launched."""
    last = _decision(event, life)
    return last is not None and last.reason == "overruled"


def _decision(event: Event, life: Sequence[Event]) -> Event | None:
    """Return the decision on what was launched; None if none was needed."""
    until = [x for x in life if x.week <= event.week]
    at = max((k for k, x in enumerate(until) if x.kind == "started"), default=0)
    return next((x for x in reversed(until[at:]) if x.kind == "decided"), None)


def _deciding(teller: Teller, event: Event, life: Sequence[Event]) -> tuple[str, str]:
    """Return who decided on what was launched, empty for nobody, and who made it."""
    last = _decision(event, life)
    made = [x for x in life if x.week <= event.week and x.kind == "launched"]
    leader = teller.who(last.who) if last else ""
    return leader, teller.who(made[-1].who) if made else ""


def _renewals(
    teller: Teller, events: Sequence[Event], life: Sequence[Event]
) -> list[str]:
    """Return in one clause how often it was made again in the form that failed."""
    waits = [_decision(x, life) for x in events]
    weeks = round(sum(x.value for x in waits if x))
    values = {"first": str(events[0].week), "last": str(events[-1].week)}
    text = teller.say("life_renewed", n=len(events), **values)
    if weeks:
        text += teller.say("life_renewed_waits", n=weeks)
    return [text + "."]


_SAID = {
    "since": _since,
    "believed": _believed,
    "made": _made,
    "mates": _mates,
    "overruled": _overrulings,
    "renewed": _renewals,
}
"""How moments of each kind are told."""
