"""Run worlds one by one or in threads.

A world is a pure function of scenario, seed and replicate. Neither the number of
threads nor the order of jobs changes its results.
"""

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

import numpy as np

from simulation.ensemble.live import Life, columns_of
from simulation.founding import Founder
from simulation.outcomes import SERIES_RECORD
from simulation.runs import Run
from simulation.scenario_values import ResolvedScenario
from simulation.state import PERSON
from simulation.whole_numbers import checks_numbers, whole

PERSON_WEEKS_AT_A_TIME = 50_000
"""Person-weeks that a thread simulates before it checks whether to stop."""
MOST_WEEKS = 1_000_000
"""Most weeks of a run: draws have no addresses for more."""
AHEAD = 2
"""Jobs per thread that are running or waiting."""


class Job(NamedTuple):
    """One world to run, up to `weeks`, with a probe run from `probe_week` if given.

    `columns` are the fields of people's records to keep week by week.
    """

    founder: Founder
    seed: int
    replicate: int
    weeks: int
    probe_week: int | None = None
    columns: tuple[str, ...] = ()


class WorldStopped(Exception):
    """Raised to stop a world before its end."""


@checks_numbers
def simulate(
    scenario: ResolvedScenario,
    seed: int = 1,
    replicate: int = 0,
    probe_week: int | None = 52,
) -> Run:
    """Run one world of a scenario to its horizon, with a paired probe run.

    The result is that of `simulation.model.simulate`, byte for byte.
    """
    return live_world(
        Job(Founder(scenario), seed, replicate, scenario.weeks, probe_week)
    )


@checks_numbers
def run_worlds(
    jobs: Sequence[Job], threads: int = 1
) -> Generator[tuple[int, Run | Exception], None, None]:
    """Yield (index, run) for each job when it ends, in any order.

    For a job that fails, `run` is its exception. If the iteration is left early, also
    by Ctrl-C, all threads stop within a fraction of a second.
    """
    if threads <= 1 or len(jobs) <= 1:
        yield from ((k, _attempt(job, _never)) for k, job in enumerate(jobs))
        return
    stop = threading.Event()
    waiting = iter(enumerate(jobs))
    pool = ThreadPoolExecutor(min(threads, len(jobs)), thread_name_prefix="world")
    flying: dict[Future, int] = {}
    try:
        while True:
            while len(flying) < AHEAD * threads and (job := next(waiting, None)):
                flying[pool.submit(_attempt, job[1], stop.is_set)] = job[0]
            if not flying:
                return
            done, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in done:
                yield flying.pop(future), future.result()
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _checked(job: Job) -> Job:
    """Return a job with its numbers checked and made plain integers."""
    probe = job.probe_week
    return job._replace(
        seed=whole("seed", job.seed),
        replicate=whole("replicate", job.replicate),
        weeks=whole("weeks", job.weeks, (1, MOST_WEEKS)),
        probe_week=None if probe is None else whole("probe_week", probe),
    )


def _never() -> bool:
    return False


def _attempt(job: Job, stopped: Callable[[], bool]) -> Run | Exception:
    try:
        return live_world(job, stopped)
    except Exception as error:
        return error


def live_world(job: Job, stopped: Callable[[], bool] = _never) -> Run:
    """Run one world; raise `WorldStopped` soon after `stopped` says so."""
    job = _checked(job)
    state = job.founder.found(job.seed, job.replicate)
    series = np.zeros(job.weeks, SERIES_RECORD)
    columns = columns_of(job.columns)
    size = len(state.people)
    panel = np.zeros((job.weeks, size if job.columns else 0, len(columns)), np.int64)
    life = Life(state, series, columns, panel)
    probe = None
    shock_week = job.probe_week
    if shock_week is not None and shock_week < job.weeks:
        _live_on(life, shock_week, stopped)
        twin = state.copy()
        for one, real in ((state, 0), (twin, 1)):
            one.firm["shock_week"] = shock_week
            one.firm["shock_is_real"] = real
        probe = series.copy()
        nobody = np.zeros((job.weeks, 0, 0), np.int64)
        _live_on(Life(twin, probe, columns[:0], nobody), job.weeks, stopped)
    else:
        shock_week = None
    _live_on(life, job.weeks, stopped)
    kept = panel.view(panel_dtype(job.columns))[..., 0] if job.columns else None
    return Run(series, probe, shock_week, kept)


def _live_on(life: Life, weeks: int, stopped: Callable[[], bool]) -> None:
    """Simulate up to `weeks`, in parts; between them check `stopped`."""
    step = max(1, PERSON_WEEKS_AT_A_TIME // len(life.state.people))
    week = int(life.state.firm["week"][0])
    while week < weeks:
        if stopped():
            raise WorldStopped
        week = min(weeks, week + step)
        life.until(week)


def panel_dtype(names: Sequence[str]) -> np.dtype:
    """Return the dtype of a panel record with these fields of people."""
    return np.dtype([(name, PERSON[name]) for name in names])
