"""Names of seats, groups and items in a language, and single events as sentences."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from experiments.people import naming
from experiments.people.privacy import groups_of
from experiments.people.recorded import Node, Recording
from experiments.story.events import TOPIC_OF, Event, Log
from experiments.story.hiding import group_name
from experiments.story.words import begun, said, words
from experiments.words.numerals import percent, say
from simulation.state import CHANNELS, DOMAINS, LANES

COUNTED = ("lead", "adopted", "sick")
"""First words of kinds of which a week has one line, with their number."""
UNTOLD = ("started", "waiting", "proposed", "strategy_heard")
"""Kinds that no line tells: they are in the table, and what matters of them in others.
"""


@dataclass(frozen=True)
class Teller:
    """Tells the events of a log: `side` is its place in the recording."""

    log: Log
    recording: Recording
    side: int
    language: str

    @property
    def private(self) -> bool:
        """Whether the people are those of a real organisation."""
        return self.recording.real

    @property
    def title(self) -> str:
        """The title of the scenario, in quotation marks."""
        return f"“{self.log.scenario.title[self.language]}”"

    @cached_property
    def _names(self) -> dict[str, str]:
        nodes = self.recording.lived[self.side].nodes
        named = {node.seat: self._seat(node) for node in nodes}
        for group in groups_of(nodes):
            if self.private and group is not None:
                words = naming.group(group, self.language)
                named[group_name(group)] = self.say("somebody", group=words)
        return named

    def _seat(self, node: Node) -> str:
        """Return the name of a seat; of leaders and colleagues their title."""
        known = naming.seat(node, self.recording, self.language)
        if self.recording.named or node.role not in ("leader", "colleague"):
            return known
        role = say(f"people_role_{node.role}", self.language)
        last = node.seat.rpartition("-")[2]
        numbered = last.isdecimal() and not self._is_alone(node)
        role = f"{role} {last}" if numbered else role
        department = naming.department(node.department, self.language)
        key = "title_of" if numbered else "title_head"
        return self.say(key, role=role, department=department)

    def _is_alone(self, node: Node) -> bool:
        """Whether nobody else has the role of a seat in its department."""
        nodes = self.recording.lived[self.side].nodes
        same = [
            x for x in nodes if (x.role, x.department) == (node.role, node.department)
        ]
        return len(same) == 1

    def say(self, key: str, **values: object) -> str:
        """Return words of this room in the language."""
        return said(key, self.language, **values)

    def who(self, name: str) -> str:
        """Return a seat or group in words; somebody where nothing may be told."""
        return self._names.get(name) or self.say("nobody")

    def maker(self, item: int) -> str:
        """Return who executes an item; of real people nobody in particular."""
        return self.say("maker") if self.private else self.who(self.log.executors[item])

    def item(self, item: int) -> str:
        """Return the name of an item: its domain, and its number in that domain."""
        domain = DOMAINS[self.log.domains[item]]
        if domain in CHANNELS:
            name = say(f"people_team_{domain}", self.language)
        else:
            name = say(f"people_department_{domain}", self.language)
            name = name if domain == "hr" else name[:1].lower() + name[1:]
        return f"“{name} {item // LANES + 1}”"

    def line(self, event: Event) -> str:
        """Return an event as a sentence."""
        key = f"event_{event.kind}_{event.reason}"
        if key not in words() or (event.item < 0 and "{item}" in words()[key]["en"]):
            key = f"event_{event.kind}"
        values: dict[str, object] = {"n": round(event.value)}
        if event.kind == "budget":
            values["share"] = percent(event.value, self.language)
        if event.item >= 0:
            values["item"] = self.item(event.item)
        if event.kind == "launched" and not event.value:
            key += "_same"
        if event.kind == "decided":
            values["after"] = self.after(event.value)
            if event.value > event.week:
                values["after"] = self.say("before_start", after=values["after"])
        values |= {"who": self.who(event.who), "other": self.who(event.other)}
        return begun(self.say(key, **values))

    def after(self, weeks: float) -> str:
        """Return a wait in words: at once, or after so many weeks."""
        return self.say("at_once") if weeks < 1 else self.say("after", n=round(weeks))

    def week(self, week: int) -> Iterator[tuple[str, str, str]]:
        """Yield topic, sentence and seat of what is told of a week, line by line.

        The seat is empty for lines about many, and for people of a real organisation.
        """
        events = [event for event in self.log.events if event.week == week]
        covered = {x.item for x in events if x.kind in ("wish", "launched")}
        for event in events:
            if event.kind.startswith(COUNTED) or event.kind in UNTOLD:
                continue
            if event.kind.startswith("fit_") and event.item in covered:
                continue
            who = "" if self.private else event.who
            yield TOPIC_OF[event.kind], self.line(event) + ".", who
        for topic, text in self._counts(events):
            yield topic, text, ""

    def _counts(self, events: list[Event]) -> Iterator[tuple[str, str]]:
        """Yield the lines that count what many did in a week."""
        many = Counter(event.kind for event in events)
        waits = sum(x.value for x in events if x.kind == "waiting")
        if waits:
            yield "decisions", self.say("week_waiting", n=round(waits))
        if many["lead_in"]:
            names = ("won", "lost", "declined", "unanswered", "expired")
            counts = {name: many[f"lead_{name}"] for name in names}
            yield "leads", self.say("week_leads", n=many["lead_in"], **counts)
        if many["adopted"]:
            yield "change", self.say("week_adopted", n=many["adopted"])
        if many["sick"] and not self.private:
            yield "people", self.say("week_sick", n=many["sick"])
        heard = sum(x.value for x in events if x.kind == "strategy_heard")
        if heard:
            yield "strategy", self.say("week_heard", n=round(heard))
