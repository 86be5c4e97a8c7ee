"""Running scenarios many times over the same worlds."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.run.living import (
    Agents,
    Fault,
    Means,
    RunRecords,
    Simulate,
    World,
    live,
    raise_wrong_input,
)
from experiments.run.relearning import probe_week_of
from experiments.run.replicates import Failure, Replicates
from experiments.run.workers import WorkerDeath
from simulation.outcomes import SERIES_RECORD
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

LEAST_KEPT = 2
"""Worlds that must be complete for an interrupted study to tell something."""


class _Job(NamedTuple):
    scenario: int
    replicate: int


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
    first: int = 0,
) -> Replicates:
    """Run every scenario over `replicates` worlds of `seed`, from number `first` on.

    All run for `weeks`, by default those of the longest scenario. The engine `compiled`
    runs in `workers` threads (one per processor where None), `mesa` in as many
    processes; both give the same bytes. Custom `agents` (role to subclass) and a custom
    `simulate` need `mesa`. Replicates are interleaved over scenarios. A failed run is
    listed in `failures`, and its world left out of all scenarios. Raises `InputError`
    for wrong input, RuntimeError if no world was completed by all scenarios. Ctrl-C
    keeps the worlds that all scenarios completed, if there are two or more.
    """
    start = time.monotonic()
    means = Means(engine, workers, None, simulate, agents)
    engine = means.chosen_engine
    _check_agents(agents)
    scenarios = to_one_horizon(scenarios, weeks)
    probe_week = probe_week_of(scenarios[0].weeks)
    _check_memory(len(scenarios) * replicates, scenarios[0].weeks)
    numbers = range(first, first + replicates)
    jobs = [_Job(s, r) for r in numbers for s in range(len(scenarios))]
    progress = progress or Progress("", quiet=True)
    worlds = [World(scenarios[s], seed, r, probe_week) for s, r in jobs]
    stream = live(worlds, means, progress)
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
    notes = _RunNotes(seed, replicates, engine, interrupted, seconds)
    return _stack(scenarios, results, notes)


def memory_of(runs: int, weeks: int) -> int:
    """Return the memory in bytes that runs with probes take while they are stacked."""
    return 4 * runs * weeks * SERIES_RECORD.itemsize


def _check_memory(runs: int, weeks: int) -> None:
    """Raise `InputError`, before anything runs, if the runs do not fit in memory."""
    from simulation.ensemble import memory_left

    needed = memory_of(runs, weeks)
    if needed > memory_left():
        free = memory_left() / 2**30
        raise InputError(
            f"{runs:,} runs of {weeks:,} weeks take {needed / 2**30:,.1f} GiB of memory"
            f" and {free:,.1f} GiB are free; ask for fewer replicates or weeks"
        )


def _check_agents(agents: Agents | None) -> None:
    """Refuse agents that fit no role, before anything runs."""
    if agents:
        from simulation.model import checked_kinds

        checked_kinds(agents)


@checks_numbers
def to_one_horizon(
    scenarios: Sequence[ResolvedScenario], weeks: int | None = None
) -> tuple[ResolvedScenario, ...]:
    """Return the scenarios, all running for `weeks` or for the longest horizon."""
    horizon = max(x.weeks for x in scenarios) if weeks is None else weeks
    return tuple(replace(scenario, weeks=horizon) for scenario in scenarios)


def _completed(results: dict[_Job, Any], scenarios: int) -> set[int]:
    """Return the replicates whose runs have ended, well or not, in every scenario."""
    ended = Counter(job.replicate for job in results)
    return {replicate for replicate, count in ended.items() if count == scenarios}


class _RunNotes(NamedTuple):
    """What `Replicates` tells about the runs beside their records."""

    seed: int
    asked: int
    engine: str
    interrupted: bool
    seconds: float


def _stack(
    scenarios: tuple[ResolvedScenario, ...], results: dict[_Job, Any], notes: _RunNotes
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
        notes.seed,
        worlds,
        np.stack([np.stack([run.series for run in row]) for row in rows]),
        _stack_probes(rows),
        rows[0][0].shock_week,
        failures,
        notes.seconds,
        notes.asked,
        notes.engine,
        notes.interrupted,
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
