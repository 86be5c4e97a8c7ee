"""What of a month may be worth telling, each as a sentence with a weight.

The rule of what is told is in `chronicle`. All sentences are about the weeks `first` to
`last`, both included.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from experiments.story.absences import away_for, fullest
from experiments.story.events import Event
from experiments.story.funnel import unusual_leads
from experiments.story.telling import Teller
from experiments.story.wishes import Wish
from experiments.story.words import begun
from experiments.words.numerals import number, percent
from experiments.words.phrases import names

WEIGHTS = {
    "change": 100,
    "ill": 90,
    "left": 80,
    "away": 80,
    "wishes": 70,
    "done": 65,
    "launches": 60,
    "budget": 55,
    "leads": 50,
    "desks": 45,
    "longest": 42,
    "returned": 40,
    "adopted": 35,
    "joined": 30,
    "back": 30,
    "learning": 25,
    "strategy": 20,
}
"""What is told first if not all has room, in the order in which a month is told."""
ORDER = (
    *("change", "adopted", "budget", "wishes", "done", "launches", "learning"),
    *("strategy", "desks", "longest", "ill", "left", "away", "returned", "joined"),
    *("back", "leads"),
)
"""The order of sentences in a month: from customers over work to people and sales."""
MOST_NAMED = 3
QUARTER = 13
"""Weeks in a quarter."""
FULL_DESKS = 1.4
"""Proposals that wait, in the usual number of this world, from which desks are full."""
LONG_WAIT = 3
"""Weeks from which a wait for a decision is told, if it is among the longest tenth."""
BUDGET_STEP = 0.03
MANY_LEARN = 3
MANY_ADOPT = 3
MANY_TAKEN = 2


class Note(NamedTuple):
    """A sentence about a month, and what it is about: a key of `WEIGHTS`."""

    about: str
    text: str


@dataclass(frozen=True)
class Notes:
    """Makes the notes of one world."""

    teller: Teller
    wishes: Sequence[Wish]

    def of(self, first: int, last: int) -> Iterator[Note]:
        """Yield the notes of some weeks, in any order."""
        log = self.teller.log
        here = [x for x in log.events if first <= x.week <= last]
        yield from self._changes(here, last)
        yield from self._wishes(first, last)
        done = self._longest_way(first, last)
        if done is not None:
            yield Note("done", self._done(done))
        yield from self._launches(here, done)
        yield from self._learning(here, last - first + 1)
        yield from self._desks(here, first, last)
        yield from self._people(here)
        yield from (Note("leads", x) for x in unusual_leads(self.teller, first, last))

    def _say(self, key: str, **values: object) -> str:
        return begun(self.teller.say(key, **values))

    def _names(self, texts: Sequence[str]) -> str:
        """Return some names in words; the first few and the number of others."""
        texts = list(dict.fromkeys(texts))
        more = len(texts) - MOST_NAMED
        if more > 1:
            texts = [*texts[:MOST_NAMED], self.teller.say("others", n=more)]
        return names(texts, self.teller.language)

    def _items(self, events: Sequence[Event] | Sequence[Wish]) -> str:
        return self._names([self.teller.item(x.item) for x in events])

    def _changes(self, here: Sequence[Event], last: int) -> Iterator[Note]:
        for event in here:
            if event.kind == "change":
                key = "month_change" if event.week else "month_change_first"
                values = {"week": event.week, "title": self.teller.title}
                yield Note("change", self._say(key, **values))
        adopted = [x for x in here if x.kind == "adopted"]
        if len(adopted) >= MANY_ADOPT:
            text = self._say("month_adopted", n=len(adopted), share=self._reached(last))
            yield Note("adopted", text)
        budgets = [x for x in here if x.kind == "budget"]
        if budgets:
            now, before = budgets[-1], self._budget_before(budgets[0].week)
            if abs(now.value - before) >= BUDGET_STEP:
                key = "month_budget_up" if now.value > before else "month_budget_down"
                shares = [percent(x, self.teller.language) for x in (before, now.value)]
                yield Note("budget", self._say(key, old=shares[0], new=shares[1]))

    def _reached(self, week: int) -> str:
        share = float(self.teller.log.series.change_reached[week])
        return percent(share, self.teller.language)

    def _budget_before(self, week: int) -> float:
        budget = self.teller.log.series.budget
        return float(budget[max(0, week - 1)])

    def _wishes(self, first: int, last: int) -> Iterator[Note]:
        here = [x for x in self.wishes if first <= x.week <= last]
        if not here:
            return
        gone = [x for x in here if not x.met]
        key = "some" if 0 < len(gone) < len(here) else "all" if gone else "none"
        values = {"items": self._items(here), "gone": self._items(gone)}
        text = self._say(f"month_wishes_{key}", n=len(here), **values)
        yield Note("wishes", text)

    def _longest_way(self, first: int, last: int) -> Wish | None:
        """Return the wish that took longest of those that came true in some weeks."""
        here = [
            x
            for x in self.wishes
            if x.done is not None and first <= x.done <= last and not x.met
        ]
        return max(here, key=lambda x: (x.done_after, -x.item), default=None)

    def _done(self, wish: Wish) -> str:
        return self._say(
            "month_done",
            item=self.teller.item(wish.item),
            weeks=self.teller.say("weeks", n=wish.done_after),
            seen=self._how_seen(wish),
        )

    def _how_seen(self, wish: Wish) -> str:
        """Return how the wish was followed: who saw it when, and how long it waited."""
        if wish.how != "launch":
            return self.teller.say("month_done_mates")
        if self.teller.private:
            weeks = round(wish.desk)
            key = "month_done_private" if weeks else "month_done_at_once"
            return self.teller.say(key, n=weeks)
        who = self.teller.maker(wish.item)
        if wish.seen is None or wish.seen > wish.open_until:
            return self.teller.say("month_done_unseen", who=who)
        told = self.teller.say(
            "month_done_seen", who=who, after=self.teller.after(wish.seen - wish.week)
        )
        if wish.desk < 1:
            return told
        return told + self.teller.say("month_done_desk", n=round(wish.desk))

    def _launches(self, here: Sequence[Event], done: Wish | None) -> Iterator[Note]:
        """Yield what work changed for the better and for the worse."""
        made = [x for x in here if x.reason == "launch"]
        last = {x.item: x for x in made if _odd(made, x.item)}
        told = [] if done is None else [done.item]
        better = [x for c, x in last.items() if x.kind == "fit_won" and c not in told]
        worse = [x for x in last.values() if x.kind == "fit_lost"]
        if not better and not worse:
            return
        alone = len(worse) == 1 and not better
        if not worse:
            text = self._say("month_better", n=len(better), items=self._items(better))
        elif not better:
            text = self._say("month_worse", n=len(worse), items=self._items(worse))
        else:
            values = {"better": self._items(better), "worse": self._items(worse)}
            text = self._say("month_better_and_worse", **values)
        yield Note("launches", text + self._wanted_otherwise(worse, alone))

    def _wanted_otherwise(self, worse: Sequence[Event], alone: bool) -> str:
        """Return which leader had sent back what became worse; empty for none."""
        for event in worse:
            sent = [
                x
                for x in self.teller.log.of("decided")
                if x.item == event.item and x.week <= event.week
            ]
            began = [
                x.week
                for x in self.teller.log.of("started")
                if x.item == event.item and x.week <= event.week
            ]
            if sent and sent[-1].reason == "overruled":
                if not began or sent[-1].week >= began[-1]:
                    who = self.teller.who(sent[-1].who)
                    item = self.teller.item(event.item)
                    key = "month_sent_back_it" if alone else "month_sent_back"
                    return " " + self._say(key, who=who, item=item)
        return ""

    def _learning(self, here: Sequence[Event], span: int) -> Iterator[Note]:
        learned = [x for x in here if x.kind == "learned"]
        misled = [x for x in here if x.kind == "misled"]
        many = len(learned) + len(misled)
        if many >= MANY_LEARN and many > self._usual_learning * span + 1:
            counts = {"learned": len(learned), "lost": len(misled)}
            yield Note("learning", self._say("month_learning", **counts))
        taken = [
            x for x in here if x.kind == "strategy_right" and x.reason == "learned"
        ]
        if len(taken) >= MANY_TAKEN:
            text = self._say("month_strategy", items=self._items(taken))
            yield Note("strategy", text)

    @cached_property
    def _usual_learning(self) -> float:
        """Beliefs that become or cease to be right in an average week."""
        log = self.teller.log
        return len(log.of("learned", "misled")) / len(log.series)

    @cached_property
    def _usual_waits(self) -> float:
        return float(self.teller.log.series.waiting_items.mean())

    @cached_property
    def _long_wait(self) -> float:
        waits = [x.value for x in self.teller.log.of("decided")]
        return max(LONG_WAIT, float(np.quantile(waits, 0.9))) if waits else LONG_WAIT

    def _desks(self, here: Sequence[Event], first: int, last: int) -> Iterator[Note]:
        waits = float(self.teller.log.series.waiting_items[first : last + 1].mean())
        language = self.teller.language
        if waits >= 1 and waits >= FULL_DESKS * self._usual_waits:
            values = {"waits": waits, "usual": self._usual_waits}
            told = {key: number(x, language, 0) for key, x in values.items()}
            text = self._say(
                "month_desks", most=fullest(self.teller, first, last), **told
            )
            yield Note("desks", text)
        decided = [x for x in here if x.kind == "decided"]
        longest = max(decided, key=lambda x: x.value, default=None)
        if longest and longest.value >= max(self._long_wait, self._longest(first)):
            yield Note("longest", self.teller.line(longest) + ".")

    def _longest(self, week: int) -> float:
        """Return the longest wait of the quarter that a week is in."""
        start = week // QUARTER * QUARTER
        quarter = range(start, start + QUARTER)
        return max(x.value for x in self.teller.log.of("decided") if x.week in quarter)

    def _people(self, here: Sequence[Event]) -> Iterator[Note]:
        for kind in ("ill", "left", "away", "returned", "joined", "back"):
            events = [x for x in here if x.kind == kind]
            if not events:
                continue
            whos = self._names([self.teller.who(x.who) for x in events])
            lost = round(sum(x.value for x in events)) if kind == "left" else 0
            text = self._say(
                f"month_{kind}",
                n=len(events),
                whos=whos,
                weeks=away_for(self.teller, events),
            )
            if lost:
                text += " " + self._say("month_lost", n=lost)
            yield Note(kind, text)


def _odd(events: Sequence[Event], item: int) -> bool:
    """Return whether an item changed an odd number of times, so that it differs."""
    return sum(x.item == item for x in events) % 2 == 1
