"""People of many organisations week by week: a panel, as a survey would have it.

`people_of` simulates a population and keeps, for every seat and week, the fields that
statistics of people need. A successor in a seat is another person; `generation` tells
them apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from experiments.files.progress import Progress
from experiments.run.living import (
    Means,
    World,
    fault_of,
    live,
    raise_wrong_input,
    runs_of,
)
from experiments.run.workers import WorkerDeath, spread
from simulation.processors import available
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

FIELDS = (
    # who
    "generation",
    "status",
    "leaving",
    "tenure",
    "team",
    "domain",
    "leader",
    "external",
    "contract",
    # what surveys ask, and what lies behind it
    "score",
    "fatigue",
    "exhaustion",
    "demands",
    "control",
    "support",
    "clarity",
    "conflict",
    "motivation",
    "ownership",
    "safety",
    # work
    "pressure",
    "backlog",
    "productivity",
    "performance",
    "own_share",
    "deliverables",
    "hours_total",
    "hours_contract",
    "hours_over",
    "hours_meeting",
    "hours_talks",
    "hours_side",
    "hours_routine",
    "hours_items",
    "hours_rework",
    "hours_review",
    "hours_initiative",
    "hours_sick",
    # what people know
    "right",
    "wrong",
    "unknown",
    "corrections",
    "corruptions",
    "taken_over",
    "mates_right",
    "mates_items",
    "stock_start",
    "picture",
    "stated",
    # leads, of sales people
    "leads_judged",
    "leads_answered",
    "leads_pursued",
    "leads_within_hour",
    "answer_hours",
)
"""Fields of a person's record that the panel keeps, of shape (people, weeks)."""
AT_A_TIME = 8
"""Organisations that a process lives at a time."""


@dataclass(frozen=True)
class People:
    """P seats of many organisations over W weeks.

    `organisation`, `seat`, `role`, `department` and `maker` have shape (P,);
    `weeks[field]` has shape (P, W). `levers` holds the settings of each organisation,
    `series` their weekly records. `team` and `leader` in `weeks` are numbers within the
    organisation.
    """

    organisation: np.ndarray
    seat: np.ndarray
    role: np.ndarray
    department: np.ndarray
    maker: np.ndarray
    weeks: Mapping[str, np.ndarray]
    levers: tuple[Mapping[str, str], ...]
    series: np.ndarray

    def __getitem__(self, field: str) -> np.ndarray:
        return self.weeks[field]

    @property
    def size(self) -> tuple[int, int]:
        """Seats and weeks."""
        return self.weeks["status"].shape

    def with_setting(self, lever: str, *settings: str) -> np.ndarray:
        """Return who, bool (P,), works in an organisation with one of the settings."""
        there = np.array([row[lever] in settings for row in self.levers])
        return there[self.organisation]


class OrganisationPanel(NamedTuple):
    """Result of one organisation: its seats, its panel and its weekly records."""

    seats: tuple[tuple[str, str, str, bool], ...]
    panel: Any
    series: np.ndarray


@checks_numbers
def people_of(
    organisations: Sequence[ResolvedScenario],
    seed: int = 1,
    first: int = 0,
    fields: Sequence[str] = FIELDS,
    workers: int | None = None,
    progress: Progress | None = None,
) -> People:
    """Simulate each organisation in a world of its own, and return its people.

    Organisation k is simulated in replicate `first` + k of `seed`. The result depends
    neither on the number of `workers` nor on their order.
    """
    lived = dict(lives(organisations, seed, first, fields, workers, progress))
    return stacked(organisations, [lived[k] for k in range(len(organisations))])


def lives(
    organisations: Sequence[ResolvedScenario],
    seed: int = 1,
    first: int = 0,
    fields: Sequence[str] = FIELDS,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[int, OrganisationPanel]]:
    """Yield (index, result) of each organisation as soon as it is done."""
    bare = [replace(one, scenario=None) for one in organisations]
    starts = range(0, len(bare), AT_A_TIME)
    calls = [
        (tuple(bare[k : k + AT_A_TIME]), seed, first + k, tuple(fields)) for k in starts
    ]
    done = 0
    for number, result in spread(_live, calls, workers or available(), True):
        if isinstance(result, WorkerDeath):
            raise RuntimeError(result.message)
        raise_wrong_input(result)
        if not isinstance(result, list):
            raise RuntimeError(result.traceback)
        for offset, one in enumerate(result):
            yield starts[number] + offset, one
        done += len(result)
        if progress:
            progress(done, len(bare))


def _live(
    organisations: Sequence[ResolvedScenario],
    seed: int,
    first: int,
    fields: tuple[str, ...],
) -> Any:
    """Simulate some organisations in this process; return results or the fault."""
    from simulation.founding import Founder

    numbered = enumerate(organisations, first)
    worlds = [World(one, seed, k, None, fields) for k, one in numbered]
    try:
        runs = dict(runs_of(live(worlds, Means(workers=1))))
    except Exception as error:
        return fault_of(error)
    found = []
    for k, scenario in enumerate(organisations):
        seats = tuple(
            (s.name, s.role, s.department, s.maker)
            for s in Founder(scenario).chart.seats
        )
        found.append(OrganisationPanel(seats, runs[k].panel, runs[k].series))
    return found


def stacked(
    organisations: Sequence[ResolvedScenario], lived: Sequence[OrganisationPanel]
) -> People:
    """Return the people of all organisations in one panel."""
    sizes = [len(one.seats) for one in lived]
    columns = list(zip(*(seat for one in lived for seat in one.seats), strict=True))
    seat, role, department, maker = (np.array(column) for column in columns)
    names = lived[0].panel.dtype.names or ()
    weeks = {
        name: np.concatenate([one.panel[name].T for one in lived]) for name in names
    }
    if {"picture", "stated", "leader"} <= weeks.keys():
        weeks["named"] = np.concatenate([_named(one.panel) for one in lived])
        weeks["under_top"] = np.concatenate([_under_top(one.panel) for one in lived])
    return People(
        np.repeat(np.arange(len(lived)), sizes),
        seat,
        role,
        department,
        maker,
        weeks,
        tuple(one.stages[-1].levers for one in organisations),
        np.stack([one.series for one in lived]),
    )


def _under_top(panel: np.ndarray) -> np.ndarray:
    """Return who is led by the top, whom nobody leads, bool (people, weeks)."""
    top = int(np.flatnonzero(panel["leader"][0] < 0)[0])
    return (panel["leader"] == top).T


def _named(panel: np.ndarray) -> np.ndarray:
    """Return how many of the top's stated priorities each person holds.

    Shape (people, weeks).
    """
    top = int(np.flatnonzero(panel["leader"][0] < 0)[0])
    stated = panel["stated"][:, top, None]
    return np.bitwise_count(panel["picture"] & stated).astype(np.int64).T
