"""What of a log may be told: the rules of the graph of people, for events.

Seats of head counts are nobody's: their log is told as it is. In an organisation of
real people nothing personal is told of a seat. Beliefs, illness and what sales people
do with leads are told of a group of five people or more, and burn-out leave is not told
from leaving, as the graph beside it shows both as an absence.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from experiments.people.privacy import Group, groups_of
from experiments.people.recorded import WorldRecording
from experiments.story.events import TOPICS, Event, Log

ABSENCE = {"ill": "away", "left": "away", "returned": "back", "joined": "back"}
"""Kinds that are told of real people as one of two."""
OF_GROUPS = ("learned", "misled", "wish", *(x for x in TOPICS["leads"] if "_" in x))
"""Kinds that are told of groups of real people, never of a seat."""


def group_name(group: Group | None) -> str:
    """Return the name of a group in files: its department and team."""
    return "-".join(x for x in group or () if x)


def hide_people(
    log: Log, known: WorldRecording, shown: WorldRecording, real: bool
) -> Log:
    """Return the log as it may be told.

    `known` has the seats by their own names, `shown` the same seats as they may be
    called; `real` says whether they are people of a real organisation.
    """
    if not real:
        return log
    seats = [node.seat for node in known.nodes]
    called = dict(zip(seats, (node.seat for node in shown.nodes), strict=True))
    groups = dict(zip(seats, map(group_name, groups_of(shown.nodes)), strict=True))
    events = [
        _hide_person(event, called, groups)
        for event in log.events
        if event.kind != "sick"
    ]
    everyone = tuple(sorted(events + _sick_hours(log), key=lambda x: x.week))
    executors = tuple(called.get(name, "") for name in log.executors)
    return replace(log, events=everyone, executors=executors)


def _hide_person(
    event: Event, called: Mapping[str, str], groups: Mapping[str, str]
) -> Event:
    if event.kind in ABSENCE:
        kind, who = ABSENCE[event.kind], groups.get(event.who, "")
        return Event(event.week, "", kind, who)
    if event.kind in OF_GROUPS:
        item = -1 if event.kind in ("learned", "misled") else event.item
        reason = "" if event.kind == "wish" else event.reason
        who = groups.get(event.who, "")
        return event._replace(who=who, item=item, reason=reason)
    who, other = (called.get(name, name) for name in (event.who, event.other))
    return event._replace(who=who, other=other)


def _sick_hours(log: Log) -> list[Event]:
    """Return the hours of short illness of each week, of everybody together."""
    hours: dict[int, float] = defaultdict(float)
    for event in log.of("sick"):
        hours[event.week] += event.value
    return [
        Event(week, "observe", "sick", value=total) for week, total in hours.items()
    ]
