"""The items on which worlds differ most, followed from beginning to end in each."""

from collections.abc import Mapping, Sequence

import numpy as np

from experiments.story.causes import OF_ITEMS, by_item
from experiments.story.events import Event, Log
from experiments.story.moments import life_told
from experiments.story.telling import Teller
from experiments.story.words import begun
from experiments.words.phrases import names

MOST_FOLLOWED = 3
FOLLOWED = (*OF_ITEMS, "fit_won", "fit_lost")


def suiting_weeks(log: Log) -> dict[int, np.ndarray]:
    """Return by item in which weeks it suits customers, bool (weeks,).

    Items that suit them, or do not, in all weeks are left out.
    """
    weeks_of = {}
    for item, events in by_item(log, "fit_won", "fit_lost").items():
        suits = np.full(len(log.series), events[0].kind == "fit_lost")
        for event in events:
            suits[event.week :] = event.kind == "fit_won"
        weeks_of[item] = suits
    return weeks_of


def most_apart(logs: Sequence[Log]) -> list[int]:
    """Return the items that suit customers in most different numbers of weeks.

    With one log, those that did not suit them longest before they did.
    """
    sides = [suiting_weeks(log) for log in logs]
    items = sorted({item for side in sides for item in side})
    if len(logs) == 1:
        waits = {item: _longest_wait(x) for item, x in sides[0].items()}
        there = [item for item in items if waits[item]]
        return sorted(there, key=lambda x: (-waits[x], x))[:MOST_FOLLOWED]
    apart = {
        item: abs(int(a.sum()) - int(b.sum()))
        for item in items
        for a, b in [_both(sides, item)]
    }
    items_apart = [item for item in items if apart[item]]
    return sorted(items_apart, key=lambda x: (-apart[x], x))[:MOST_FOLLOWED]


def _longest_wait(suits: np.ndarray) -> int:
    """Return the longest stretch of weeks without that ended."""
    ends = np.flatnonzero(np.diff(np.concatenate(([True], suits)).astype(int)))
    return max((b - a for a, b in zip(ends[::2], ends[1::2], strict=False)), default=0)


def _both(sides: Sequence[dict[int, np.ndarray]], item: int) -> list[np.ndarray]:
    """Return the weeks in which an item suits customers in two worlds.

    Where it never changed in one, it stays there as the other began.
    """
    courses = [side.get(item) for side in sides]
    known = next(x for x in courses if x is not None)
    return [np.full(len(known), known[0]) if x is None else x for x in courses]


def followed(tellers: Sequence[Teller]) -> list[str]:
    """Return the items on which worlds differ most, a text of some lines for each."""
    logs = [teller.log for teller in tellers]
    sides = [suiting_weeks(log) for log in logs]
    lives = [by_item(log, *FOLLOWED) for log in logs]
    return [
        _followed(tellers, item, [x.get(item) for x in sides], [x[item] for x in lives])
        for item in most_apart(logs)
    ]


def _followed(
    tellers: Sequence[Teller],
    item: int,
    suits: Sequence[np.ndarray | None],
    lives: Sequence[Sequence[Event]],
) -> str:
    """Return an item in each world: what is the same once, then what differs."""
    first = tellers[0]
    known = next(x for x in suits if x is not None)
    weeks = [
        int((np.full(len(known), known[0]) if x is None else x).sum()) for x in suits
    ]
    wishes = [{x.week: x.value for x in life if x.kind == "wish"} for life in lives]
    alike = {x: y for x, y in wishes[0].items() if all(z.get(x) == y for z in wishes)}
    texts = [
        first.say("item_days", title=teller.title, n=n)
        for teller, n in zip(tellers, weeks, strict=True)
    ]
    values = {
        "item": begun(first.item(item)),
        "who": first.maker(item),
        "told": names(texts, first.language),
        "weeks": len(known),
    }
    key = "item_alone" if len(tellers) == 1 else "item_both"
    key += "_private" if first.private else ""
    lines = [first.say(key, **values | {"n": weeks[0]})]
    if len(tellers) > 1 and alike:
        lines[0] += " " + begun(_wished(first, alike))
    for teller, life in zip(tellers, lives, strict=True):
        own = [x for x in life if x.kind != "wish" or x.week not in alike]
        text = " ".join(life_told(teller, own if len(tellers) > 1 else life, life))
        named = f"{teller.title}: " if len(tellers) > 1 else ""
        lines.append(named + (text or begun(first.say("life_nothing"))))
    return "\n".join(lines)


def _wished(teller: Teller, met: Mapping[int, float]) -> str:
    """Return in which weeks customers change their minds, and if it then fits."""
    texts = [
        teller.say("wish_met" if fits else "wish_missed", week=str(week))
        for week, fits in met.items()
    ]
    return teller.say("life_wishes", told=names(texts, teller.language))
