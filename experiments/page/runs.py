"""Simulate as-is and to-be world by world, for several watched runs at once.

A few threads simulate worlds for all runs that somebody watches. The run with the
fewest worlds goes first, so that each gets its first answer soon. A run that nobody
asks about pauses, and resumes when somebody does.
"""

import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from experiments.errors import is_wrong_input
from experiments.run.replicates import Replicates
from experiments.run.runner import probe_week_of
from simulation.measures import summarise, weekly
from simulation.outcomes import HEADLINES, OUTCOMES, SERIES_RECORD
from simulation.runs import Run
from simulation.scenario import ResolvedScenario

WATCHED_SECONDS = 5.0
"""A run rests when nobody has asked about it for so long."""
SHOWN_AT = (3, 5, 8, 12, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500, 700, 1000)
"""Worlds after which a new answer is made."""
MOST_KEPT = 512 * 2**20
"""Bytes of weekly records that are kept, for all runs together.

A week takes 552 bytes, so a world of 104 weeks 230 kB, as as-is and to-be each leave a
record and that of a probe: 23 questions of 100 worlds fit, or two of 1,000. What does
not fit is lived again by who saves it.
"""


@dataclass(frozen=True, eq=False)
class PairedWorld:
    """Results of as-is and to-be in one world.

    `values` (2, outcomes) are all outcomes. `over_time` (2, headlines, weeks) are the
    headline outcomes week by week. `pair` holds all records, None if they were not
    kept. `seconds` is the time that the simulation took.
    """

    values: np.ndarray
    over_time: np.ndarray
    pair: tuple[Run, Run] | None
    seconds: float


class Standing(NamedTuple):
    """Consistent snapshot of a run's progress.

    `lived` counts the worlds without a gap, `told` those of the newest answer, 0 before
    the first answer. If the run is `over`, that answer is the last.
    """

    lived: int
    told: int
    over: bool
    stopped: bool
    trouble: str


@dataclass(eq=False)
class PairedRuns:
    """A run of two scenarios over the worlds 0 .. asked - 1 of a seed, as far as done.

    `lived` holds the simulated worlds, `living` the numbers of those in progress.
    `begun` is the number of worlds that the run started with. `kept` counts the worlds
    whose weekly records are kept. `trouble` says why it cannot be simulated, if so.
    """

    scenarios: tuple[ResolvedScenario, ResolvedScenario]
    seed: int
    asked: int
    lived: dict[int, PairedWorld] = field(default_factory=dict)
    living: set[int] = field(default_factory=set)
    begun: int = 0
    kept: int = 0
    trouble: str = ""
    stopped: bool = False
    seen: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)
    founding: threading.Lock = field(default_factory=threading.Lock)
    founders: tuple = ()

    @property
    def there(self) -> int:
        """Number of simulated worlds without a gap, from the first on."""
        lived, asked = self.lived, self.asked
        return next((k for k in range(asked) if k not in lived), asked)

    @property
    def given(self) -> int:
        """Number of worlds that are simulated or in progress."""
        return len(self.lived) + len(self.living)

    def standing(self) -> Standing:
        """Return the progress of the run; it no longer changes once it is over."""
        with self.lock:
            there = self.there
            over = self.stopped or bool(self.trouble) or there >= self.asked
            told = self._told(there, whole=over and not self.trouble)
            return Standing(there, told, over, self.stopped, self.trouble)

    def _told(self, there: int, whole: bool) -> int:
        """Return the number of worlds of the newest answer; 0 before the first."""
        if whole:
            return there if there > 1 else 0
        return max((n for n in (*SHOWN_AT, self.begun) if 1 < n <= there), default=0)

    def stop(self) -> None:
        """Simulate no more worlds; a complete run stays complete."""
        with self.lock:
            self.stopped = self.there < self.asked

    def again(self, asked: int) -> "PairedRuns":
        """Return a run that continues this one up to `asked` worlds."""
        with self.lock:
            lived = {k: world for k, world in self.lived.items() if k < asked}
        run = PairedRuns(
            self.scenarios, self.seed, asked, lived, founders=self.founders
        )
        run.begun = run.there
        run.kept = sum(world.pair is not None for world in lived.values())
        return run

    def values(self, worlds: int) -> np.ndarray:
        """Return all outcomes in the first worlds, (2, worlds, outcomes)."""
        return np.stack([self.lived[r].values for r in range(worlds)], 1)

    def over_time(self, worlds: int) -> np.ndarray:
        """Return headline outcomes by week, (2, headlines, worlds, weeks)."""
        return np.stack([self.lived[r].over_time for r in range(worlds)], 2)

    @property
    def bytes_kept(self) -> int:
        """Bytes that the kept weekly records of runs and probes take."""
        return self.kept * 4 * self.scenarios[0].weeks * SERIES_RECORD.itemsize

    def replicates(self, worlds: int, gone: Callable[[], bool]) -> Replicates:
        """Return the first worlds in the form of `experiments.run.runner.run`.

        Worlds whose records were not kept are simulated again. Raises `WorldStopped`
        soon after `gone` returns true.
        """
        pairs = [self.lived[r].pair or self._pair(r, gone) for r in range(worlds)]
        sides = list(zip(*pairs, strict=True))
        probed = all(one.probe is not None for side in sides for one in side)
        return Replicates(
            self.scenarios,
            self.seed,
            tuple(range(worlds)),
            np.stack([np.stack([one.series for one in side]) for side in sides]),
            np.stack([[one.probe for one in side] for side in sides])
            if probed
            else None,
            pairs[0][0].shock_week,
            (),
            sum(self.lived[r].seconds for r in range(worlds)),
            worlds,
        )

    def wants(self, now: float) -> bool:
        """Whether a world should be simulated for this run now."""
        watched = now - self.seen < WATCHED_SECONDS
        free = not self.stopped and not self.trouble
        return watched and free and self.given < self.asked

    def take(self, keep: bool) -> int:
        """Return the first world that nobody simulates yet, and mark it in progress.

        `keep` says whether its weekly records will be kept.
        """
        with self.lock:
            taken = self.lived.keys() | self.living
            replicate = next(k for k in range(self.asked) if k not in taken)
            self.living.add(replicate)
            self.kept += keep
            return replicate

    def live(self, replicate: int, closed: Callable[[], bool], keep: bool) -> None:
        """Simulate one world of both scenarios, and store its results.

        `keep` keeps all records, else only what an answer needs. A world that ends
        after the run was stopped is dropped, so that the last answer stays the last.
        """
        from simulation.ensemble.worlds import WorldStopped

        start, world, trouble = time.monotonic(), None, ""
        try:
            pair = self._pair(replicate, lambda: self.stopped or closed())
            world = _world_of(pair, keep, time.monotonic() - start)
        except WorldStopped:
            pass
        except Exception as error:
            known = is_wrong_input(error)
            trouble = str(error) if known else f"{type(error).__name__}: {error}"
        with self.lock:
            self.living.discard(replicate)
            if world is not None and not self.stopped and not self.trouble:
                self.lived[replicate] = world
                return
            self.kept -= keep
            if not self.stopped:
                self.trouble = self.trouble or trouble

    def _pair(self, replicate: int, gone: Callable[[], bool]) -> tuple[Run, Run]:
        """Simulate one world of both scenarios; raise `WorldStopped` if `gone`."""
        from simulation.ensemble.worlds import Job, live_world

        weeks = self.scenarios[0].weeks
        probe = probe_week_of(weeks)
        as_is, to_be = (
            live_world(Job(founder, self.seed, replicate, weeks, probe), gone)
            for founder in self._founded()
        )
        return as_is, to_be

    def _founded(self) -> tuple:
        """Return the founders of both scenarios' worlds, made once."""
        from simulation.scenario_unknown import founder_of

        with self.founding:
            if not self.founders:
                self.founders = tuple(founder_of(x) for x in self.scenarios)
        return self.founders


def _world_of(pair: tuple[Run, Run], keep: bool, seconds: float) -> PairedWorld:
    """Return outcomes and weekly headline outcomes of as-is and to-be in one world."""
    base = pair[0].series
    values = [
        list(
            summarise(
                run.series[None],
                None if run.probe is None else run.probe[None],
                tuple(OUTCOMES),
                baseline=base[None] if k else None,
                shock_week=run.shock_week,
            ).values()
        )
        for k, run in enumerate(pair)
    ]
    over_time = [[weekly(run.series, name) for name in HEADLINES] for run in pair]
    return PairedWorld(
        np.array([[float(np.ravel(x)[0]) for x in row] for row in values]),
        np.array(over_time, float),
        pair if keep else None,
        seconds,
    )


class Workers:
    """Threads that simulate worlds for all runs, the run with fewest worlds first."""

    def __init__(self, threads: int) -> None:
        self.runs: list[PairedRuns] = []
        self.known: weakref.WeakSet[PairedRuns] = weakref.WeakSet()
        self.closed = False
        self.change = threading.Condition()
        self.threads = [
            threading.Thread(target=self._work, name=f"world-{k}", daemon=True)
            for k in range(threads)
        ]
        for thread in self.threads:
            thread.start()

    def add(self, run: PairedRuns) -> None:
        """Add a run to the runs to simulate."""
        with self.change:
            self.runs.append(run)
            self.known.add(run)
            self.change.notify_all()

    def drop(self, run: PairedRuns) -> None:
        """Stop and remove a run; a world in progress for it stops within a moment."""
        run.stop()
        with self.change:
            if run in self.runs:
                self.runs.remove(run)

    def watch(self, run: PairedRuns) -> None:
        """Note that somebody asks about a run."""
        with self.change:
            run.seen = time.monotonic()
            self.change.notify_all()

    def busy(self, worlds: int) -> bool:
        """Whether some watched run has fewer than `worlds` worlds."""
        now = time.monotonic()
        with self.change:
            return any(run.wants(now) and run.given < worlds for run in self.runs)

    def close(self) -> None:
        """Stop all threads, and wait up to one second for each to end."""
        with self.change:
            self.closed = True
            self.change.notify_all()
        for thread in self.threads:
            thread.join(1.0)

    def _work(self) -> None:
        while not self.closed:
            with self.change:
                now = time.monotonic()
                waiting = [run for run in self.runs if run.wants(now)]
                run = min(waiting, key=lambda run: run.given, default=None)
                if run is None:
                    self.change.wait(0.5)
                    continue
                keep = self._has_room()
                replicate = run.take(keep)
            run.live(replicate, lambda: self.closed, keep)

    def _has_room(self) -> bool:
        """Whether there is room for all records of one more world."""
        return sum(run.bytes_kept for run in self.known) < MOST_KEPT
