"""Events: what happened to whom in a week, and in which phase of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from simulation.scenario import ResolvedScenario

TOPICS: Mapping[str, tuple[str, ...]] = {
    "market": ("wish", "fit_won", "fit_lost"),
    "decisions": ("proposed", "decided", "waiting"),
    "work": ("started", "launched", "abandoned"),
    "learning": ("learned", "misled"),
    "people": ("ill", "returned", "sick", "left", "joined", "away", "back"),
    "leads": (
        "lead_in",
        "lead_won",
        "lead_unanswered",
        "lead_declined",
        "lead_lost",
        "lead_expired",
        "inbound_won",
    ),
    "strategy": ("strategy_right", "strategy_wrong", "strategy_heard", "priorities"),
    "change": ("change", "adopted", "budget"),
}
"""What events are about, and the kinds of events of each topic."""
TOPIC_OF = {kind: topic for topic, kinds in TOPICS.items() for kind in kinds}
"""Kind of an event -> its topic."""


class Event(NamedTuple):
    """Something that happened in a week (from 0, as in the weekly record).

    `phase` is that of `simulation.week.WEEK` after which it was seen. `who` and `other`
    are seats; `other` of a lead is its number: the week in which it came and its place
    in that week. `item` is an index of the choices, -1 for none. What `reason` and
    `value` mean depends on the kind: docs/story.md has the table.
    """

    week: int
    phase: str
    kind: str
    who: str = ""
    other: str = ""
    item: int = -1
    reason: str = ""
    value: float = 1.0


@dataclass(frozen=True)
class Log:
    """The events of one world of a scenario in order, and its weekly record (W,).

    `domains` has the domain of each item, an index of `simulation.state.DOMAINS`, and
    `executors` the seat that executes it. Of the items `known` that seat was right
    about what customers want when the log begins.
    """

    scenario: ResolvedScenario
    seed: int
    world: int
    events: tuple[Event, ...]
    series: np.recarray
    domains: tuple[int, ...]
    executors: tuple[str, ...]
    known: frozenset[int] = frozenset()

    def of(self, *kinds: str) -> list[Event]:
        """Return the events of some kinds, in order."""
        return [event for event in self.events if event.kind in kinds]


def tidy(log: Log) -> pd.DataFrame:
    """Return a row for each event: scenario, seed, world, and the fields of the event.

    No item is an empty cell.
    """
    table = pd.DataFrame(list(log.events), columns=list(Event._fields))
    table["item"] = table["item"].where(table["item"] >= 0).astype("Int64")
    table.insert(3, "topic", table["kind"].map(TOPIC_OF))
    places = {"scenario": log.scenario.name, "seed": log.seed, "world": log.world}
    for at, (name, value) in enumerate(places.items()):
        table.insert(at, name, value)
    return table
