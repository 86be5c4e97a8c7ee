"""Scenarios run many times over the same worlds.

A run is a pure function of scenario, seed and replicate: neither the number of
workers, nor their order, nor their deaths change what comes out.
"""

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

import numpy as np

from experiments.errors import InputError, is_wrong_input
from experiments.progress import Progress
from experiments.replicates import Failure, Replicates
from experiments.workers import Died, available, spread
from simulation.scenario import Resolved

PROBE_WEEK = 52
"""Week of the standard shock in the probe run; half the horizon in shorter runs."""


class Simulated(Protocol):
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


Simulate = Callable[..., Simulated]
"""`simulate(resolved, seed, replicate, probe_week=...)`, importable by its name."""


class _Job(NamedTuple):
    scenario: int
    replicate: int


class _Fault(NamedTuple):
    message: str
    traceback: str
    wrong_input: bool


def model(
    resolved: Resolved, seed: int, replicate: int, probe_week: int | None
) -> Simulated:
    """Simulate with the shipped model, imported by the process that runs it."""
    from simulation.model import simulate

    return simulate(resolved, seed, replicate, probe_week=probe_week)


def run(
    scenarios: Sequence[Resolved],
    replicates: int = 20,
    seed: int = 1,
    weeks: int | None = None,
    workers: int | None = None,
    simulate: Simulate = model,
    progress: Progress | None = None,
) -> Replicates:
    """Run every scenario over the worlds 0 .. replicates - 1 of `seed`.

    All run for `weeks`, by default those of the scenario that runs longest. `workers`
    processes (all processors where None) share the runs, replicates interleaved over
    scenarios. A run that fails is told in `failures` and its world left out of all
    scenarios; a mistake in the input raises an error for the user, and so do worlds
    that nothing completed.
    """
    start = time.monotonic()
    if replicates < 1:
        raise InputError(f"replicates: got {replicates}; at least 1 is needed")
    scenarios = to_one_horizon(scenarios, weeks)
    probe_week = min(PROBE_WEEK, scenarios[0].weeks // 2) or None
    jobs = [_Job(s, r) for r in range(replicates) for s in range(len(scenarios))]
    # What a scenario was written in stays here: a run needs its numbers only.
    bare = [replace(scenario, scenario=None) for scenario in scenarios]
    calls = [(simulate, bare[s], seed, r, probe_week) for s, r in jobs]
    progress = progress or Progress("", quiet=True)
    first_alone = simulate is model and _compiles_first(progress)
    results: dict[_Job, Any] = {}
    progress(0, len(jobs))
    for i, result in spread(_attempt, calls, workers or available(), first_alone):
        _raise_wrong_input(result)
        results[jobs[i]] = result
        progress(len(results), len(jobs))
    return _stack(scenarios, seed, results, time.monotonic() - start)


def to_one_horizon(
    scenarios: Sequence[Resolved], weeks: int | None = None
) -> tuple[Resolved, ...]:
    """Return the scenarios, all running for `weeks` or for the longest horizon."""
    horizon = max(x.weeks for x in scenarios) if weeks is None else weeks
    if horizon < 1:
        raise InputError(f"weeks: got {horizon}; at least 1 is needed")
    return tuple(replace(scenario, weeks=horizon) for scenario in scenarios)


def _attempt(simulate: Simulate, *arguments: Any) -> "Simulated | _Fault":
    """Simulate, and return what went wrong instead of raising it."""
    try:
        return simulate(*arguments)
    except Exception as error:
        message = str(error) if is_wrong_input(error) else repr(error)
        return _Fault(message, traceback.format_exc(), is_wrong_input(error))


def _raise_wrong_input(result: Any) -> None:
    if isinstance(result, _Fault) and result.wrong_input:
        raise InputError(result.message)


def _compiles_first(progress: Progress) -> bool:
    """Tell whether this machine has yet to compile the model, and say so."""
    from simulation.compiled import UNCOMPILED, cache_folder

    cold = not UNCOMPILED and not any(cache_folder().glob("*.nbc"))
    if cold:
        progress.say("First use: compiling the model for this machine, once ...")
    return cold


def _stack(
    scenarios: tuple[Resolved, ...],
    seed: int,
    results: dict[_Job, Any],
    seconds: float,
) -> Replicates:
    bad = {job: x for job, x in sorted(results.items()) if isinstance(x, _Fault | Died)}
    failures = tuple(_failure(scenarios[job.scenario], job, bad[job]) for job in bad)
    lost = {job.replicate for job in bad}
    worlds = tuple(sorted({job.replicate for job in results} - lost))
    if not worlds:
        raise _nothing_completed(failures)
    rows = [[results[_Job(s, r)] for r in worlds] for s in range(len(scenarios))]
    return Replicates(
        scenarios,
        seed,
        worlds,
        np.stack([np.stack([run.series for run in row]) for row in rows]),
        _stack_probes(rows),
        rows[0][0].shock_week,
        failures,
        seconds,
    )


def _stack_probes(rows: list[list[Simulated]]) -> np.ndarray | None:
    probes = [run.probe for row in rows for run in row if run.probe is not None]
    if len(probes) < len(rows) * len(rows[0]):
        return None
    return np.stack(probes).reshape(len(rows), len(rows[0]), -1)


def _failure(scenario: Resolved, job: _Job, fault: "_Fault | Died") -> Failure:
    stage = "worker" if isinstance(fault, Died) else "simulate"
    trace = "" if isinstance(fault, Died) else fault.traceback
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
