"""Why work changed whether an item suits customers: who did it, and what they knew."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from experiments.story.events import Event, Log

GAINED = ("overruled", "others", "knew", "luck", "own")
LOST = ("overruled", "others", "misled", "outdated", "guess", "mates", "own")
"""Causes in the order in which they are told; each change by work has one of them.

`overruled`: a leader had it made in the other form; `others`: somebody else than its
maker made it. Else its maker did: `knew` what customers want, or was lucky (`luck`);
was `misled` by results, talk or a test, had not seen that customers changed their minds
(`outdated`), guessed or was wrong from the start (`guess`), or knew what customers want
of it, but not what related items call for (`mates`). `own` where beliefs may not be
told.
"""
_GAINED_BY = {"knew": "knew", "mates": "knew"}
BELIEFS = ("learned", "misled", "wish")
OF_ITEMS = ("started", "decided", "launched", "learned", "misled", "wish")


def by_item(log: Log, *kinds: str) -> Mapping[int, list[Event]]:
    """Return the events of some kinds about each item, in order."""
    events_of: dict[int, list[Event]] = defaultdict(list)
    for event in log.of(*kinds):
        if event.item >= 0:
            events_of[event.item].append(event)
    return events_of


def causes_of(log: Log, private: bool) -> list[tuple[Event, str]]:
    """Return each change by work, with its cause."""
    lives = by_item(log, *OF_ITEMS)
    changes = [x for x in log.of("fit_won", "fit_lost") if x.reason == "launch"]
    return [(x, cause_of(x, lives[x.item], log, private)) for x in changes]


def counted(log: Log, private: bool) -> Counter[tuple[str, str]]:
    """Return how many changes by work there are, by kind and cause."""
    return Counter((event.kind, cause) for event, cause in causes_of(log, private))


def cause_of(event: Event, life: Sequence[Event], log: Log, private: bool) -> str:
    """Return why a launch made an item suit customers, or ended that.

    `life` has the events `OF_ITEMS` of the item, in order.
    """
    until = [x for x in life if x.week <= event.week]
    at = max((k for k, x in enumerate(until) if x.kind == "started"), default=0)
    decided = [x for x in until[at:] if x.kind == "decided"]
    if decided and decided[-1].reason == "overruled":
        return "overruled"
    maker = log.executors[event.item]
    launches = [x for x in until if x.kind == "launched"]
    if launches and launches[-1].who != maker:
        return "others"
    if private:
        return "own"
    own = [x for x in until[: at + 1] if x.who == maker and x.kind in BELIEFS]
    known = _believed(own, event.item in log.known)
    if event.kind == "fit_won":
        return _GAINED_BY.get(known, "luck")
    return known


def _believed(own: Sequence[Event], right: bool) -> str:
    """Return what a maker knew when the work began, from what happened to its beliefs.

    `right` says whether it was right when the log began.
    """
    if not own:
        return "mates" if right else "guess"
    last = own[-1]
    if last.reason in ("forgot", "unknown"):
        return "guess"
    if last.kind == "misled":
        return "misled"
    return "outdated" if last.reason == "outdated" else "mates"
