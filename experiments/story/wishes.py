"""What customers came to want otherwise, and how long it took until they got it."""

from collections import defaultdict
from itertools import zip_longest
from typing import NamedTuple

from experiments.story.events import Event, Log


class Wish(NamedTuple):
    """A change of mind of customers about an item, and what became of it.

    `known` says whether the executor happened to believe it already; `met` whether the
    item was executed so already. `seen` is the week in which the executor came to
    believe it, `done` that in which the item came to fit; None if that did not happen
    before `end`, the week in which customers changed their minds again, or the end of
    the world. `how` is the reason of the fit. `desk` is the number of weeks until then
    that proposals for the item waited for a decision. `again` says whether customers
    changed their minds again.
    """

    week: int
    item: int
    who: str
    known: bool
    met: bool
    seen: int | None
    done: int | None
    how: str
    desk: float
    end: int
    again: bool

    @property
    def open_until(self) -> int:
        """The week up to which the wish was not followed."""
        return self.end if self.done is None else self.done

    @property
    def done_after(self) -> int:
        """The weeks until it was followed, or for which it was not."""
        return self.open_until - self.week


def wishes_of(log: Log) -> list[Wish]:
    """Return the wishes that customers changed, in order of week and item."""
    by_item: dict[int, list[Event]] = defaultdict(list)
    for event in log.of("wish", "learned", "fit_won", "decided"):
        by_item[event.item].append(event)
    wishes = []
    for events in by_item.values():
        starts = [k for k, event in enumerate(events) if event.kind == "wish"]
        for k, stop in zip_longest(starts, starts[1:]):
            later = events[k + 1 : stop]
            end = events[stop].week if stop is not None else len(log.series)
            wishes.append(_followed(events[k], later, end, stop is not None, log))
    return sorted(wishes)


def _followed(wish: Event, later: list[Event], end: int, again: bool, log: Log) -> Wish:
    known, met = wish.reason == "vindicated", wish.value == 1.0
    executor = log.executors[wish.item]
    seen = wish.week if known else None
    done = wish.week if met else None
    how, desk = "met" if met else "", 0.0
    for event in later:
        if event.kind == "learned" and event.who == executor and seen is None:
            seen = event.week
        if event.kind == "decided" and done is None:
            desk += min(event.value, event.week - wish.week)
        if event.kind == "fit_won" and done is None:
            done, how = event.week, event.reason
    place = (wish.week, wish.item, executor)
    return Wish(*place, known, met, seen, done, how, desk, end, again)
