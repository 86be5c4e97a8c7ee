"""Scenarios run many times over the same worlds.

A run is a pure function of scenario, seed and replicate: neither the engine, nor the
number of workers, nor their order, nor their deaths change what comes out.
"""

import time
import traceback
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, Protocol

import numpy as np

from experiments.errors import InputError, did_you_mean, is_wrong_input
from experiments.files.progress import Progress
from experiments.run.replicates import Failure, Replicates
from experiments.run.workers import WorkerDeath, available, spread
from simulation.outcomes import SERIES_RECORD
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

PROBE_WEEK = 52
"""Week of the standard shock in the probe run; half the horizon in shorter runs."""


class RunRecords(Protocol):
    """What one run leaves: weekly records of the run and of its probe."""

    @property
    def series(self) -> np.ndarray:
        """Weekly records, one for each week."""

    @property
    def probe(self) -> np.ndarray | None:
        """Those of the paired run with a shock, if there was one."""

    @property
    def shock_week(self) -> int | None:
        """The week of that shock."""


Simulate = Callable[..., RunRecords]
"""`simulate(resolved, seed, replicate, probe_week=...)`."""


Agents = Mapping[str, Any]
"""Role -> subclass of the role's agent, of a module or of the script itself."""
LEAST_KEPT = 2
"""Worlds that must be complete for an interrupted study to tell something."""
COMPILING = "First use: compiling the model for this machine, once ..."


class Work(NamedTuple):
    """Runs to be made: jobs are (scenario, replicate), all of one seed."""

    scenarios: tuple[ResolvedScenario, ...]
    seed: int
    probe_week: int | None
    jobs: tuple[tuple[int, int], ...]


class _Job(NamedTuple):
    scenario: int
    replicate: int


class Fault(NamedTuple):
    """What went wrong in a run; `wrong_input` if the user is to mend it."""

    message: str
    traceback: str
    wrong_input: bool


def model(
    resolved: ResolvedScenario, seed: int, replicate: int, probe_week: int | None
) -> RunRecords:
    """Simulate with the shipped agents, imported by the process that runs them."""
    from simulation.model import simulate

    return simulate(resolved, seed, replicate, probe_week=probe_week)


def _with_agents(
    agents: Agents,
    resolved: ResolvedScenario,
    seed: int,
    replicate: int,
    probe_week: int | None,
) -> RunRecords:
    from simulation.model import simulate

    return simulate(resolved, seed, replicate, probe_week, agents)


ENGINES = ("compiled", "mesa")


@checks_numbers
def run(
    scenarios: Sequence[ResolvedScenario],
    replicates: int = 20,
    seed: int = 1,
    weeks: int | None = None,
    workers: int | None = None,
    simulate: Simulate | None = None,
    progress: Progress | None = None,
    engine: str | None = None,
    agents: Agents | None = None,
) -> Replicates:
    """Run every scenario over the worlds 0 .. replicates - 1 of `seed`.

    All run for `weeks`, by default those of the longest scenario. The engine `compiled`
    shares runs of the ensemble out to `workers` threads (all processors where
    None), `mesa` those of agents to processes; both give the same bytes. `agents` (role
    to subclass) and a `simulate` of one's own need `mesa`. Replicates are interleaved
    over scenarios. A run that fails is told in `failures` and its world left out of all
    scenarios; a mistake in the input raises an error for the user, and so do worlds
    that nothing completed. Ctrl-C keeps the worlds that all scenarios completed, if
    they are two or more.
    """
    start = time.monotonic()
    engine = _chosen_engine(engine, simulate, agents)
    _check_agents(agents)
    scenarios = to_one_horizon(scenarios, weeks)
    probe_week = probe_week_of(scenarios[0].weeks)
    _check_memory(len(scenarios) * replicates, scenarios[0].weeks)
    jobs = [_Job(s, r) for r in range(replicates) for s in range(len(scenarios))]
    progress = progress or Progress("", quiet=True)
    work = Work(scenarios, seed, probe_week, tuple(jobs))
    stream = results_of(work, engine, workers, progress, simulate, agents)
    results: dict[_Job, Any] = {}
    interrupted = False
    try:
        progress(0, len(jobs))
        for i, result in stream:
            raise_wrong_input(result)
            results[jobs[i]] = result
            progress(len(results), len(jobs))
    except KeyboardInterrupt:
        interrupted = True
        if len(_completed(results, len(scenarios))) < LEAST_KEPT:
            raise
    finally:
        stream.close()
    seconds = time.monotonic() - start
    told = _RunNotes(seed, replicates, engine, interrupted, seconds)
    return _stack(scenarios, results, told)


def results_of(
    work: Work,
    engine: str | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    simulate: Simulate | None = None,
    agents: Agents | None = None,
) -> Generator[tuple[int, Any], None, None]:
    """Yield (index, result) of each job as it ends: `Run`, `Fault` or `WorkerDeath`.

    Closing the iteration, also by Ctrl-C, stops all threads and processes.
    """
    progress = progress or Progress("", quiet=True)
    if _chosen_engine(engine, simulate, agents) == "compiled":
        yield from _in_threads(work, workers, progress)
        return
    if agents:
        progress.say("Agents written in Python run on Mesa, person by person.")
    own = simulate or (partial(_with_agents, agents) if agents else model)
    yield from _in_processes(work, workers, own, progress)


def memory_of(runs: int, weeks: int) -> int:
    """Return the bytes that so many runs take, with probes and while put together."""
    return 4 * runs * weeks * SERIES_RECORD.itemsize


def _check_memory(runs: int, weeks: int) -> None:
    """Refuse what would not fit, before anything runs."""
    from simulation.ensemble import memory_left

    needed = memory_of(runs, weeks)
    if needed > memory_left():
        free = memory_left() / 2**30
        raise InputError(
            f"{runs:,} runs of {weeks:,} weeks take {needed / 2**30:,.1f} GiB of memory"
            f" and {free:,.1f} GiB are free; ask for fewer replicates or weeks"
        )


def _chosen_engine(
    engine: str | None, simulate: Simulate | None, agents: Agents | None
) -> str:
    """Return the engine that is asked for, or that agents of one's own need."""
    if engine not in (None, *ENGINES):
        hint = did_you_mean(engine, ENGINES)
        allowed = ", ".join(ENGINES)
        raise InputError(f"engine: got {engine!r}; allowed: {allowed}{hint}")
    if simulate is None and not agents:
        return engine or "compiled"
    if engine == "compiled":
        what = "agents" if agents else "simulate"
        raise InputError(
            f"engine: {what} written in Python cannot be compiled into the ensemble;"
            " use the engine mesa, or leave the engine out"
        )
    return "mesa"


def _check_agents(agents: Agents | None) -> None:
    """Refuse agents that no role can have, before anything runs."""
    if agents:
        from simulation.model import checked_kinds

        checked_kinds(agents)


def _in_threads(
    work: Work, workers: int | None, progress: Progress
) -> Generator[tuple[int, Any], None, None]:
    """Yield (index, result) of each job, lived by the compiled model in threads."""
    from simulation.ensemble import Job, run_worlds

    if not work.jobs:
        return
    needed = {s for s, _ in work.jobs}
    founders = {s: _founder(work.scenarios[s]) for s in sorted(needed)}
    weeks = work.scenarios[0].weeks
    _compile_first(next(iter(founders.values())), progress)
    worlds = [
        Job(founders[s], work.seed, r, weeks, work.probe_week) for s, r in work.jobs
    ]
    for i, result in run_worlds(worlds, workers or available()):
        yield i, fault_of(result) if isinstance(result, Exception) else result


def _founder(scenario: ResolvedScenario) -> Any:
    from simulation.scenario_unknown import founder_of

    try:
        return founder_of(scenario)
    except Exception as error:
        if is_wrong_input(error):
            raise InputError(str(error)) from error
        raise


def _compile_first(founder: Any, progress: Progress) -> None:
    """Compile the model where this machine has not yet, and show how far that is."""
    from simulation.compiled import UNCOMPILED, cache_folder, rules_compiled
    from simulation.ensemble.live import compile_for

    if UNCOMPILED or any(cache_folder().glob("*.live-*.nbc")):
        return
    progress.say(COMPILING)
    with progress.stage("compiling rules"), rules_compiled(progress):
        compile_for(founder.found(0, 0))


def _in_processes(
    work: Work, workers: int | None, simulate: Simulate, progress: Progress
) -> Generator[tuple[int, Any], None, None]:
    """Yield (index, result) of each job, lived by agents in processes of their own."""
    from simulation.scenario_unknown import in_world

    # What a scenario was written in stays here: a run needs its numbers only.
    bare = [replace(scenario, scenario=None) for scenario in work.scenarios]
    calls = [
        (simulate, in_world(bare[s], work.seed, r), work.seed, r, work.probe_week)
        for s, r in work.jobs
    ]
    first_alone = simulate is model and _compiles_first(progress)
    yield from spread(_attempt, calls, workers or available(), first_alone)


@checks_numbers
def to_one_horizon(
    scenarios: Sequence[ResolvedScenario], weeks: int | None = None
) -> tuple[ResolvedScenario, ...]:
    """Return the scenarios, all running for `weeks` or for the longest horizon."""
    horizon = max(x.weeks for x in scenarios) if weeks is None else weeks
    return tuple(replace(scenario, weeks=horizon) for scenario in scenarios)


def probe_week_of(weeks: int) -> int | None:
    """Return the week of the shock in runs of so many weeks; None for a single one."""
    return min(PROBE_WEEK, weeks // 2) or None


def _attempt(simulate: Simulate, *arguments: Any) -> "RunRecords | Fault":
    """Simulate, and return what went wrong instead of raising it."""
    try:
        return simulate(*arguments)
    except (Exception, SystemExit) as error:
        return fault_of(error)


def fault_of(error: BaseException) -> Fault:
    """Return what went wrong in a run as a value that processes can pass on."""
    message = str(error) if is_wrong_input(error) else repr(error)
    trace = "".join(traceback.format_exception(error))
    return Fault(message, trace, is_wrong_input(error))


def raise_wrong_input(result: Any) -> None:
    """Raise `InputError` where a run says that what it was given is wrong."""
    if isinstance(result, Fault) and result.wrong_input:
        raise InputError(result.message)


def _compiles_first(progress: Progress) -> bool:
    """Tell whether this machine has yet to compile what Mesa calls, and say so."""
    from simulation.compiled import UNCOMPILED, cache_folder

    cold = not UNCOMPILED and not any(cache_folder().glob("*.begin_week-*.nbc"))
    if cold:
        progress.say(COMPILING)
    return cold


def _completed(results: dict[_Job, Any], scenarios: int) -> set[int]:
    """Return the replicates that every scenario has ended, well or not."""
    ended = Counter(job.replicate for job in results)
    return {replicate for replicate, count in ended.items() if count == scenarios}


class _RunNotes(NamedTuple):
    """What is told about runs beside what they left."""

    seed: int
    asked: int
    engine: str
    interrupted: bool
    seconds: float


def _stack(
    scenarios: tuple[ResolvedScenario, ...], results: dict[_Job, Any], told: _RunNotes
) -> Replicates:
    bad = {
        job: x
        for job, x in sorted(results.items())
        if isinstance(x, Fault | WorkerDeath)
    }
    failures = tuple(_failure(scenarios[job.scenario], job, bad[job]) for job in bad)
    lost = {job.replicate for job in bad}
    worlds = tuple(sorted(_completed(results, len(scenarios)) - lost))
    if not worlds:
        raise _nothing_completed(failures)
    rows = [[results[_Job(s, r)] for r in worlds] for s in range(len(scenarios))]
    return Replicates(
        scenarios,
        told.seed,
        worlds,
        np.stack([np.stack([run.series for run in row]) for row in rows]),
        _stack_probes(rows),
        rows[0][0].shock_week,
        failures,
        told.seconds,
        told.asked,
        told.engine,
        told.interrupted,
    )


def _stack_probes(rows: list[list[RunRecords]]) -> np.ndarray | None:
    probes = [run.probe for row in rows for run in row if run.probe is not None]
    if len(probes) < len(rows) * len(rows[0]):
        return None
    return np.stack(probes).reshape(len(rows), len(rows[0]), -1)


def _failure(
    scenario: ResolvedScenario, job: _Job, fault: "Fault | WorkerDeath"
) -> Failure:
    stage = "worker" if isinstance(fault, WorkerDeath) else "simulate"
    trace = "" if isinstance(fault, WorkerDeath) else fault.traceback
    return Failure(scenario.name, job.replicate, stage, fault.message, trace)


class _Traceback(Exception):
    """Carries the traceback of a run from its process to whoever asks for it."""


def _nothing_completed(failures: Sequence[Failure]) -> RuntimeError:
    first = failures[0]
    text = f"no world was completed by all scenarios; {len(failures)} runs failed"
    where = f"{first.scenario}, replicate {first.replicate}, {first.stage}"
    error = RuntimeError(f"{text}, the first ({where}): {first.message}")
    error.__cause__ = _Traceback(f"\n{first.traceback}")
    return error
