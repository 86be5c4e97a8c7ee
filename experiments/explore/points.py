"""Simulating points of factors in the same worlds, with a cache.

A point is cached under a hash of its contents, so that another or a larger design
simulates only new points.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from experiments.errors import InputError
from experiments.explore.choosing import with_point
from experiments.explore.factors import Point
from experiments.files.progress import Progress
from experiments.run.living import Means, World, outcomes_of
from experiments.run.relearning import probe_week_of
from experiments.run.row_cache import Row, RowCache, as_json, work_through
from experiments.run.runner import to_one_horizon
from simulation.outcomes import find
from simulation.processors import available
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import check_fields, checks_numbers

FIRST = 3
"""Points for each worker that are lived before it is told how long all will take."""


@dataclass(frozen=True)
class PointsProblem:
    """What to simulate at each point: scenarios of one horizon, and outcomes.

    World i is replicate i of `seed`, the same in all scenarios and at all points.
    """

    scenarios: tuple[ResolvedScenario, ...]
    outcomes: tuple[str, ...]
    replicates: int = 4
    seed: int = 1

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def worlds(self) -> tuple[int, ...]:
        """The replicates in which every point is simulated."""
        return tuple(range(self.replicates))


Live = Callable[[PointsProblem, Mapping[str, float | str], Sequence[int]], Row]
"""Importable; returns what `lived` does."""


@checks_numbers
def problem_of(
    scenarios: Sequence[ResolvedScenario],
    outcomes: Sequence[str],
    replicates: int,
    seed: int,
    weeks: int | None = None,
) -> PointsProblem:
    """Return the problem; the scenarios get one horizon.

    Raises `InputError` for outcomes that have no level of their own, and for fewer than
    two replicates.
    """
    relative = [name for name in outcomes if find(name).needs == "baseline"]
    if relative:
        names = ", ".join(relative)
        raise InputError(f"outcomes: {names}: told of a comparison only; name others")
    if replicates < 2:
        raise InputError(
            f"replicates: got {replicates}; at least 2 are needed, to tell chance apart"
        )
    bare = (replace(one, scenario=None) for one in scenarios)
    return PointsProblem(
        to_one_horizon(tuple(bare), weeks), tuple(outcomes), replicates, seed
    )


def lived(
    question: PointsProblem, point: Mapping[str, float | str], worlds: Sequence[int]
) -> Row:
    """Simulate a point; return `values`, (scenarios, worlds, outcomes), and `seconds`.

    A missing value is None; `seconds` is the mean time of a run.
    """
    start = time.perf_counter()
    seed, ways = question.seed, [with_point(x, point) for x in question.scenarios]
    every = [World(x, seed, k, probe_week_of(x.weeks)) for x in ways for k in worlds]
    outcomes = outcomes_of(every, question.outcomes, Means(workers=1))
    values = outcomes.reshape(len(ways), len(worlds), -1)
    seconds = (time.perf_counter() - start) / len(every)
    return {"values": as_json(values), "seconds": round(seconds, 5)}


@dataclass(frozen=True)
class Call:
    """A point and the worlds in which it is simulated."""

    point: Point
    worlds: tuple[int, ...]

    @property
    def name(self) -> str:
        """The name under which its row is cached."""
        text = json.dumps([self.point, self.worlds], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:20]


@dataclass(frozen=True)
class PointRuns:
    """How points are simulated and cached; tests replace the model through `live`."""

    question: PointsProblem
    folder: Path
    workers: int | None = None
    progress: Progress | None = None
    live: Live = lived

    def __post_init__(self) -> None:
        check_fields(self)

    @cached_property
    def cache(self) -> RowCache:
        """The rows of points that were simulated, on disk in `folder`."""
        return RowCache(self.folder, "points", self.live, {"question": self.question})

    def values(self, calls: Sequence[Call]) -> np.ndarray:
        """Return outcomes (points, scenarios, worlds, outcomes), nan where missing."""
        arguments = {x.name: (self.question, x.point, x.worlds) for x in calls}
        rows = work_through(self.cache, arguments, self.workers, self.progress)
        return np.array([rows[call.name]["values"] for call in calls], float)

    def cost(self, calls: Sequence[Call], more_runs: int = 0) -> tuple[int, float]:
        """Return the number of runs still to do, with `more_runs`, and their minutes.

        The time is measured on the first points, which are simulated here.
        """
        scenarios = len(self.question.scenarios)
        workers = self.workers or available()
        first = calls[: FIRST * workers]
        self.values(first)
        rate = np.median([self.cache.rows[x.name].get("seconds", 0.0) for x in first])
        new = {x.name: len(x.worlds) for x in calls if x.name not in self.cache.rows}
        runs = sum(new.values()) * scenarios + more_runs
        return runs, float(runs * rate / workers / 60)
