"""What of a month may be worth telling, about what, and in which words.

A note is about one thing (a key of `WEIGHTS`); its parts are told as a list, each by
its own key, so that what is the same in two worlds can be told once. The rule of what
is told is in `chronicle`. All notes are about the weeks `first` to `last`, both
included.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from experiments.story.absences import away_for
from experiments.story.causes import causes_of
from experiments.story.events import Event
from experiments.story.telling import Teller
from experiments.story.wishes import Wish
from experiments.story.words import begun
from experiments.words.numerals import percent
from experiments.words.phrases import names

WEIGHTS = {
    "change": 100,
    "ill": 90,
    "left": 80,
    "away": 80,
    "wishes_missed": 70,
    "done": 65,
    "worse": 62,
    "better": 60,
    "budget": 55,
    "leads": 50,
    "returned": 40,
    "adopted": 35,
    "wishes_met": 32,
    "joined": 30,
    "back": 30,
    "strategy": 20,
}
"""What is told first if not all has room."""
ORDER = (
    *("change", "adopted", "budget", "wishes_missed", "wishes_met", "done", "better"),
    *("worse", "strategy", "ill", "left", "away", "returned", "joined", "back"),
    "leads",
)
"""The order of sentences in a month: from customers over work to people and sales."""
ITEM_LISTS = ("wishes_missed", "wishes_met", "better", "worse", "strategy")
"""Notes that are lists of items."""
MOST_NAMED = 3
QUARTER = 13
"""Weeks in a quarter."""
BUDGET_STEP = 0.03
MANY_ADOPT = 3
MANY_TAKEN = 2
TOLD_EVENTS = ("ill", "left", "away", "returned", "joined", "back")


class Note(NamedTuple):
    """What is told about one thing: its parts by key, in words."""

    about: str
    parts: Mapping[object, str]


@dataclass(frozen=True)
class Notes:
    """Makes the notes of one world."""

    teller: Teller
    wishes: Sequence[Wish]

    def of(self, first: int, last: int) -> Iterator[Note]:
        """Yield the notes of some weeks that have anything to tell, in any order."""
        events = [x for x in self.teller.log.events if first <= x.week <= last]
        yield from (
            Note(about, parts)
            for about, parts in (
                *self._changes(events, last),
                *self._wished(first, last),
                ("done", self._done(first, last)),
                *self._launched(first, last),
                ("strategy", self._strategy(events)),
                *((kind, self._people(events, kind)) for kind in TOLD_EVENTS),
            )
            if parts
        )

    def _changes(
        self, events: Sequence[Event], last: int
    ) -> Iterator[tuple[str, Mapping[object, str]]]:
        """Yield a change of the way of working, who takes it up, and the budget."""
        say = self.teller.say
        for event in events:
            if event.kind == "change":
                key = "month_change" if event.week else "month_change_first"
                values = {"week": str(event.week), "title": self.teller.title}
                yield "change", {event.week: say(key, **values)}
        adopted = [x for x in events if x.kind == "adopted"]
        if len(adopted) >= MANY_ADOPT:
            reached = float(self.teller.log.series.change_reached[last])
            share = percent(reached, self.teller.language)
            yield "adopted", {last: say("month_adopted", n=len(adopted), share=share)}
        budgets = [x for x in events if x.kind == "budget"]
        if budgets:
            now, before = budgets[-1], self._budget_before(budgets[0].week)
            if abs(now.value - before) >= BUDGET_STEP:
                key = "month_budget_up" if now.value > before else "month_budget_down"
                shares = [percent(x, self.teller.language) for x in (before, now.value)]
                text = say(key, old=shares[0], new=shares[1])
                yield "budget", {text: text}

    def _budget_before(self, week: int) -> float:
        budget = self.teller.log.series.budget
        return float(budget[max(0, week - 1)])

    def _wished(
        self, first: int, last: int
    ) -> Iterator[tuple[str, Mapping[object, str]]]:
        """Yield what customers came to want otherwise: what it left wrong, and right.

        Of an item of which they changed their minds twice, the last time counts.
        """
        here = {x.item: x for x in self.wishes if first <= x.week <= last}
        for about, met in (("wishes_missed", False), ("wishes_met", True)):
            items = sorted(item for item, x in here.items() if x.met == met)
            yield about, {item: self.teller.item(item) for item in items}

    def _done(self, first: int, last: int) -> Mapping[object, str]:
        """Return the wish that took longest of those that came true in some weeks."""
        done = [
            x
            for x in self.wishes
            if x.done is not None and first <= x.done <= last and not x.met
        ]
        if not done:
            return {}
        wish = max(done, key=lambda x: (x.done_after, -x.item))
        text = self.teller.say(
            "month_done",
            item=self.teller.item(wish.item),
            weeks=self.teller.say("weeks", n=wish.done_after),
            seen=self._how_seen(wish),
        )
        return {wish: text}

    def _how_seen(self, wish: Wish) -> str:
        """Return how the wish was followed: who saw it when, and where the rest went.

        The weeks until it was seen, those in which it waited for a decision, and the
        others add up to the weeks that it took.
        """
        say, desk = self.teller.say, round(wish.desk)
        if wish.how != "launch":
            return say("month_done_mates")
        if self.teller.private:
            return say("month_done_private" if desk else "month_done_at_once", n=desk)
        who = self.teller.maker(wish.item)
        if wish.seen is None or wish.seen > wish.open_until:
            return say("month_done_unseen", who=who)
        after = wish.seen - wish.week
        rest = wish.open_until - wish.seen
        told = say("month_done_seen", who=who, after=self.teller.after(after))
        if not rest:
            return told
        told += say("month_done_rest", n=rest)
        return told + (say("month_done_desk", n=desk) if desk else "")

    def _launched(
        self, first: int, last: int
    ) -> Iterator[tuple[str, Mapping[object, str]]]:
        """Yield what work made right and wrong; of several changes the last counts."""
        launched = [(x, why) for x, why in self._causes if first <= x.week <= last]
        many = {x.item: sum(x.item == y.item for y, _ in launched) for x, _ in launched}
        latest = {x.item: (x, why) for x, why in launched}
        for about, kind in (("better", "fit_won"), ("worse", "fit_lost")):
            parts: dict[object, str] = {}
            for item, (event, why) in sorted(latest.items()):
                if event.kind != kind or many[item] % 2 == 0:
                    continue
                because = self.teller.say(f"because_{why}") if about == "worse" else ""
                parts[item, because] = self.teller.item(item) + because
            yield about, parts

    @cached_property
    def _causes(self) -> list[tuple[Event, str]]:
        return causes_of(self.teller.log, self.teller.private)

    def _strategy(self, events: Sequence[Event]) -> Mapping[object, str]:
        taken = {
            x.item
            for x in events
            if x.kind == "strategy_right" and x.reason == "learned"
        }
        if len(taken) < MANY_TAKEN:
            return {}
        return {item: self.teller.item(item) for item in sorted(taken)}

    def _people(self, events: Sequence[Event], kind: str) -> Mapping[object, str]:
        """Return who falls ill, leaves, or is there again, and for how long."""
        parts: dict[object, str] = {}
        for event in events:
            if event.kind == kind:
                away = away_for(self.teller, [event])
                who = self.teller.who(event.who)
                key = (event.who, away, len(parts) if self.teller.private else 0)
                parts[key] = self.teller.say(f"part_{kind}", who=who, weeks=away)
        return parts


def listed(parts: Sequence[str], teller: Teller) -> tuple[int, str]:
    """Return how many different things there are, and their names.

    The first few are named and the others counted, so that both add up to the number.
    """
    texts = list(dict.fromkeys(parts))
    more = len(texts) - MOST_NAMED
    shown = texts
    if more > 1:
        shown = [*texts[:MOST_NAMED], teller.say("others", n=more)]
    return len(texts), names(shown, teller.language)


def sentence(about: str, parts: Sequence[str], teller: Teller) -> str:
    """Return parts of a note in words: a list of items, or a sentence for each."""
    if about in ITEM_LISTS:
        n, items = listed(parts, teller)
        return begun(teller.say(f"month_{about}", n=n, items=items))
    if about in TOLD_EVENTS:
        told = [
            text if n == 1 else text + teller.say("times", n=n)
            for text, n in Counter(parts).items()
        ]
        return begun(f"{names(told, teller.language)}.")
    return " ".join(begun(x) for x in parts)
