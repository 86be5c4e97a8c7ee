"""As-is and to-be lived in worlds that come one by one, for all who watch at once.

A few threads live worlds for every run that somebody watches, the run with the fewest
worlds first, so that each has its first answer soon. A run that nobody asks about any
more rests, and goes on when somebody does.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from experiments.errors import is_wrong_input
from experiments.runner import probe_week_of
from simulation.measures import summarise, weekly
from simulation.outcomes import HEADLINES, OUTCOMES
from simulation.scenario import Resolved

WATCHED_SECONDS = 5.0
"""A run rests when nobody has asked about it for so long."""
SHOWN_AT = (3, 5, 8, 12, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500, 700, 1000)
"""Worlds after which a new answer is made."""


@dataclass(frozen=True, eq=False)
class World:
    """What as-is and to-be leave in one world.

    `values` (2, outcomes) are all outcomes; `over_time` (2, headlines, weeks) the
    headline outcomes week by week.
    """

    values: np.ndarray
    over_time: np.ndarray


@dataclass(eq=False)
class Run:
    """Two scenarios over the worlds 0 .. asked - 1 of a seed, as far as they are lived.

    `trouble` says why it cannot be lived, if so.
    """

    scenarios: tuple[Resolved, Resolved]
    seed: int
    asked: int
    lived: dict[int, World] = field(default_factory=dict)
    given: int = 0
    trouble: str = ""
    stopped: bool = False
    seen: float = field(default_factory=time.monotonic)
    founding: threading.Lock = field(default_factory=threading.Lock)
    founders: tuple = ()

    @property
    def there(self) -> int:
        """How many worlds are there without a gap, from the first on."""
        lived = self.lived
        return next(k for k in range(len(lived) + 1) if k not in lived)

    @property
    def told(self) -> int:
        """After how many worlds the newest answer is made; 0 where none can be."""
        there = self.there
        if there >= self.asked or (self.stopped and there > 1):
            return there
        return max((n for n in SHOWN_AT if n <= there), default=0)

    @property
    def over(self) -> bool:
        """Whether no more worlds will come."""
        return self.stopped or bool(self.trouble) or self.there >= self.asked

    def values(self, worlds: int) -> np.ndarray:
        """Return all outcomes in the first worlds, (2, worlds, outcomes)."""
        return np.stack([self.lived[r].values for r in range(worlds)], 1)

    def over_time(self, worlds: int) -> np.ndarray:
        """Return headlines week by week, (2, headlines, worlds, weeks)."""
        return np.stack([self.lived[r].over_time for r in range(worlds)], 2)

    def wants(self, now: float) -> bool:
        """Whether a world is to be lived for it now."""
        watched = now - self.seen < WATCHED_SECONDS
        free = not self.stopped and not self.trouble
        return watched and free and self.given < self.asked

    def live(self, replicate: int, closed: Callable[[], bool]) -> None:
        """Live one world of both scenarios, and keep what it leaves."""
        from simulation.ensemble.worlds import Job, Stopped, live_world

        try:
            weeks = self.scenarios[0].weeks
            probe = probe_week_of(weeks)
            runs = [
                live_world(
                    Job(founder, self.seed, replicate, weeks, probe),
                    lambda: self.stopped or closed(),
                )
                for founder in self._founded()
            ]
            self.lived[replicate] = _kept_of(runs)
        except Stopped:
            return
        except Exception as error:
            known = is_wrong_input(error)
            self.trouble = str(error) if known else f"{type(error).__name__}: {error}"

    def _founded(self) -> tuple:
        """Return what founds the worlds of both scenarios, made once."""
        from simulation.scenario_unknown import founder_of

        with self.founding:
            if not self.founders:
                self.founders = tuple(founder_of(x) for x in self.scenarios)
        return self.founders


def _kept_of(runs: list) -> World:
    """Return outcomes and headlines over time of as-is and to-be."""
    base = runs[0].series
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
        for k, run in enumerate(runs)
    ]
    over_time = [[weekly(run.series, name) for name in HEADLINES] for run in runs]
    return World(
        np.array([[float(np.ravel(x)[0]) for x in row] for row in values]),
        np.array(over_time, float),
    )


class Workers:
    """Threads that live worlds for all runs, fewest worlds first."""

    def __init__(self, threads: int) -> None:
        self.runs: list[Run] = []
        self.closed = False
        self.change = threading.Condition()
        self.threads = [
            threading.Thread(target=self._work, name=f"world-{k}", daemon=True)
            for k in range(threads)
        ]
        for thread in self.threads:
            thread.start()

    def add(self, run: Run) -> None:
        """Begin with a run."""
        with self.change:
            self.runs.append(run)
            self.change.notify_all()

    def drop(self, run: Run) -> None:
        """End a run; a world that is being lived for it stops within a moment."""
        with self.change:
            run.stopped = True
            if run in self.runs:
                self.runs.remove(run)

    def watch(self, run: Run) -> None:
        """Tell that somebody asks about a run."""
        with self.change:
            run.seen = time.monotonic()
            self.change.notify_all()

    def busy(self, worlds: int) -> bool:
        """Whether some run that is watched has had fewer worlds than that."""
        now = time.monotonic()
        with self.change:
            return any(run.wants(now) and run.given < worlds for run in self.runs)

    def close(self) -> None:
        """Stop all, and wait until threads have ended."""
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
                replicate = run.given
                run.given += 1
            run.live(replicate, lambda: self.closed)
