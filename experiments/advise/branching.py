"""Simulating many plans from one start (today) over the same worlds, world by world.

A world is simulated once up to today, and every plan continues from there. Of a run
only its outcomes are kept and, on request, some outcomes every few weeks, so that
thousands of organisations fit in memory. Each world is written to disk when it is done.
"""

import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np

from experiments.advise.moves import Way, today
from experiments.errors import InputError, output_told
from experiments.files.progress import Progress
from experiments.run.relearning import probe_week_of
from experiments.statistics.intervals import mean_known
from simulation.ensemble import memory_left
from simulation.ensemble.branches import Branches
from simulation.ensemble.branches import Way as Branch
from simulation.ensemble.worlds import Job, live_world
from simulation.founding import Founder
from simulation.measures import summarise, weekly
from simulation.outcomes import OUTCOMES
from simulation.processors import available
from simulation.scenario import ResolvedScenario
from simulation.scenario_unknown import in_world
from simulation.scenario_values import Values
from simulation.version import version_of
from simulation.whole_files import sweep, write_file
from simulation.whole_numbers import checks_numbers

AT_A_TIME = 64
"""Plans that a thread lives before it looks whether it is to stop."""
EVERY = 4
"""Weeks between the points of what is kept over time."""


@dataclass(frozen=True)
class BranchingDesign:
    """What to simulate: plans from today, worlds, and the outcomes to keep.

    Plan 0 is doing nothing; money is compared with it. Outcomes in `shown` are kept
    over time as well, as means over each `EVERY` weeks. In world r the organisation has
    `parameters[r % len(parameters)]`, if there are any, except for parameters that its
    own file sets or leaves open.
    """

    today: ResolvedScenario
    plans: tuple[Way, ...]
    replicates: int
    seed: int = 1
    outcomes: tuple[str, ...] = tuple(OUTCOMES)
    shown: tuple[str, ...] = ()
    parameters: tuple[dict[str, float], ...] = ()

    @cached_property
    def digest(self) -> str:
        """A hash, 12 hexadecimal digits, of all that a world's outcomes depend on."""
        ways = [plan.on(self.today).canonical() for plan in self.plans]
        settings = [
            *(version_of(live_plans), self.today.weeks, self.seed, ways),
            *(self.outcomes, self.shown, self.parameters),
        ]
        text = json.dumps(settings, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def in_world(self, replicate: int) -> ResolvedScenario:
        """Return the organisation as it is today in one world, with unknowns drawn."""
        organisation = self.today
        if organisation.unknown is not None:
            drawn = in_world(organisation, self.seed, replicate)
            organisation = replace(today(drawn), weeks=organisation.weeks)
        if self.parameters:
            point = self.parameters[replicate % len(self.parameters)]
            chosen = {x: point[x] for x in point if x not in self.own_parameters}
            organisation = replace(
                organisation, parameters=Values({**organisation.parameters, **chosen})
            )
        return organisation

    @cached_property
    def own_parameters(self) -> frozenset[str]:
        """The parameters that the organisation's own file sets, or leaves open."""
        return own_parameters(self.today)

    @property
    def alike(self) -> bool:
        """Whether the organisation is the same in all worlds."""
        return self.today.unknown is None and not self.parameters

    @property
    def points(self) -> range:
        """The last week of each period over which outcomes are averaged."""
        return range(EVERY - 1, self.today.weeks, EVERY)


@dataclass(frozen=True)
class BranchingResult:
    """The results of plans: outcomes `values` (plans, worlds, outcomes).

    `over_time` (plans, worlds, points, shown) has means over periods that end at
    `design.points`. `made` (plans, worlds) tells where a plan changes anything: with
    unknowns, an organisation may have drawn the plan's settings already.
    """

    design: BranchingDesign
    values: np.ndarray
    over_time: np.ndarray
    made: np.ndarray

    def of(self, outcome: str) -> np.ndarray:
        """Return the values of an outcome, (plans, worlds)."""
        return self.values[..., self.design.outcomes.index(outcome)]

    def gained(self, outcome: str) -> np.ndarray:
        """Return each plan's paired difference from doing nothing, (plans, worlds)."""
        values = self.of(outcome)
        return values - values[:1]

    def over_horizon(self, outcome: str) -> np.ndarray:
        """Return means of a `shown` outcome over the whole horizon, (plans, worlds)."""
        shown = self.over_time[..., self.design.shown.index(outcome)].astype(float)
        return mean_known(shown, 2)


def check_memory(design: BranchingDesign) -> None:
    """Raise `InputError`, before anything runs, if results do not fit in memory."""
    each = 8 * len(design.outcomes) + 4 * len(design.points) * len(design.shown)
    needed = 3 * len(design.plans) * design.replicates * each
    if needed > memory_left():
        runs = len(design.plans) * design.replicates
        raise InputError(
            f"{runs:,} runs leave {needed / 2**30:,.1f} GiB of results and"
            f" {memory_left() / 2**30:,.1f} GiB are free; ask for fewer moves,"
            " replicates or sets"
        )


@checks_numbers
def live_plans(
    design: BranchingDesign,
    folder: Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> BranchingResult:
    """Simulate all plans in all worlds; worlds cached in `folder` are read from there.

    Ctrl-C stops within a second or two and keeps the completed worlds.
    """
    progress = progress or Progress("", quiet=True)
    check_memory(design)
    cache = folder / f"worlds-{design.digest}" if folder else None
    if cache:
        sweep(cache)
    lived_worlds = {
        r: one for r in range(design.replicates) if (one := _read(cache, r))
    }
    todo = [r for r in range(design.replicates) if r not in lived_worlds]
    count, each = design.replicates, len(design.plans)
    told = [len(lived_worlds) * each]

    def tell(runs: int) -> None:
        told[0] += runs
        progress(told[0], count * each)

    tell(0)
    lived = _Lives(design, tell)
    for replicate, world in lived.worlds(todo, workers or available()):
        _keep(cache, replicate, world)
        lived_worlds[replicate] = world
    worlds = [lived_worlds[r] for r in range(count)]
    return BranchingResult(
        design,
        *(np.stack(part, 1) for part in zip(*worlds, strict=True)),
    )


World = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Outcomes (plans, outcomes), values over time (plans, points, shown) of a world, and
which plans change anything in it (plans,)."""


def own_parameters(organisation: ResolvedScenario) -> frozenset[str]:
    """Return the parameters that a scenario sets, leaves open or draws itself."""
    unknown = organisation.unknown
    open_ = unknown.settings if unknown else {}
    drawn = {x.partition(".")[2] for x in open_ if x.startswith("parameters.")}
    for draws in unknown.draws if unknown else ():
        names = (x.partition(".") for x in draws.columns)
        drawn |= {name for table, _, name in names if table == "parameters"}
    return organisation.written_parameters | drawn


class _Lives:
    """Simulates worlds in threads, which share what organisations have in common."""

    def __init__(self, design: BranchingDesign, tell: Callable[[int], None]) -> None:
        self.design, self.tell = design, tell
        self.stop = threading.Event()
        self.lock = threading.Lock()
        self.shared: Branches | None = None

    def worlds(self, todo: Sequence[int], threads: int) -> Iterator[tuple[int, World]]:
        """Yield (replicate, world) of each world as it ends."""
        pool = ThreadPoolExecutor(threads, thread_name_prefix="plans")
        flying: dict[Future, int] = {}
        waiting = iter(todo)
        try:
            while True:
                while len(flying) < threads and (r := next(waiting, None)) is not None:
                    flying[pool.submit(self.world, r)] = r
                if not flying:
                    return
                done, _ = wait(flying, return_when=FIRST_COMPLETED)
                for future in done:
                    yield flying.pop(future), future.result()
        finally:
            self.stop.set()
            pool.shutdown(cancel_futures=True)

    def branches(self, replicate: int) -> Branches:
        """Return the branches of all plans, made only once if all worlds are alike."""
        design = self.design
        if not design.alike:
            organisation = design.in_world(replicate)
            return Branches([plan.on(organisation) for plan in design.plans])
        with self.lock:
            if self.shared is None:
                self.shared = Branches([plan.on(design.today) for plan in design.plans])
        return self.shared

    def world(self, replicate: int) -> World:
        """Simulate all plans in one world and return their results."""
        design = self.design
        ways = self.branches(replicate).warmed(design.seed, replicate)
        made = np.array([len(way.weeks) > 1 for way in ways])
        [base] = self._runs(ways[:1], replicate)
        parts = []
        for first in range(0, len(ways), AT_A_TIME):
            if self.stop.is_set():
                raise KeyboardInterrupt
            runs = self._runs(ways[first : first + AT_A_TIME], replicate)
            parts.append(self._kept_of(runs, base))
            self.tell(len(runs))
        values, over_time = (np.concatenate(part) for part in zip(*parts, strict=True))
        return values, over_time, made

    def _runs(self, ways: Sequence[Branch], replicate: int) -> list:
        weeks = self.design.today.weeks
        probe = probe_week_of(weeks)
        seed = self.design.seed
        jobs = [Job(cast(Founder, way), seed, replicate, weeks, probe) for way in ways]
        return [live_world(job) for job in jobs]

    def _kept_of(self, runs: Sequence, base) -> tuple[np.ndarray, np.ndarray]:
        design = self.design
        series = np.stack([run.series for run in runs])
        probes = [run.probe for run in runs]
        probe = np.stack(probes) if probes[0] is not None else None
        outcomes = summarise(
            series,
            probe,
            design.outcomes,
            baseline=base.series,
            shock_week=base.shock_week,
        )
        values = np.stack([np.broadcast_to(x, len(runs)) for x in outcomes.values()], 1)
        shown = [_by_period(weekly(series, name)) for name in design.shown]
        empty = np.zeros((len(runs), len(design.points), 0))
        return values, (np.stack(shown, 2) if shown else empty).astype(np.float32)


def _by_period(values: np.ndarray) -> np.ndarray:
    """Return means over each `EVERY` weeks of (runs, weeks); nan where all are nan.

    Weeks after the last whole period are left out.
    """
    whole = values.shape[1] // EVERY * EVERY
    return mean_known(values[:, :whole].reshape(len(values), -1, EVERY), 2)


def _read(folder: Path | None, replicate: int) -> World | None:
    """Return a world from the cache, None if it is missing or damaged."""
    path = folder / f"{replicate}.npz" if folder else None
    if path is None or not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as there:
            return there["values"], there["over_time"], there["made"]
    except Exception:  # numpy and zipfile raise many errors for damaged files
        return None


def _keep(folder: Path | None, replicate: int, world: World) -> None:
    """Write a world to the cache, wholly or not at all."""
    if folder is None:
        return
    values, over_time, made = world
    with output_told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        packed = io.BytesIO()
        np.savez_compressed(packed, values=values, over_time=over_time, made=made)
        write_file(folder / f"{replicate}.npz", packed.getvalue(), to_disk=False)
