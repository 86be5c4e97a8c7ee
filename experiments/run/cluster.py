"""Runs on a dask cluster: on other machines, or in processes of this one.

A task is some worlds of one scenario. If a worker dies, another runs its tasks again.
The worlds of a task that killed several workers are run again one by one; a world that
kills its workers alone too is reported as a failure. Results are the same bytes as
local ones: a run is a pure function of scenario, seed and replicate, and workers with
another version of the model are refused.
Start workers with `--death-timeout`, so that they end with their scheduler.
"""

import contextlib
import platform
from asyncio import CancelledError
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.run.living import Fault, World, fault_of
from experiments.run.workers import WorkerDeath
from simulation.processors import available
from simulation.scenario import ResolvedScenario

LOCAL = "local"
WORLDS_A_TASK = 8
SECONDS_TO_CONNECT = 10
SECONDS_FOR_WORKERS = 60


def live_on(
    scheduler: str,
    worlds: Sequence[World],
    progress: Progress,
    workers: int | None = None,
) -> Generator[tuple[int, Any], None, None]:
    """Simulate worlds on a cluster; yield (index, result) of each as it ends.

    `scheduler` is the address of a scheduler, or `local` for a cluster of `workers`
    processes on this machine. Raises `InputError` where dask isn't installed, where no
    scheduler answers at the address, where it has no workers, and where it is lost.
    Closing the generator cancels the remaining tasks.
    """
    distributed = _imported()
    with (
        _loss_told(distributed, scheduler),
        _client(distributed, scheduler, workers) as client,
    ):
        _wait_for_workers(client, scheduler)
        bare = {id(x.scenario): _bare(x.scenario) for x in worlds}
        worlds = [x._replace(scenario=bare[id(x.scenario)]) for x in worlds]
        tasks = {_submitted(client, worlds, x): x for x in _tasks(worlds)}
        progress.say(f"{len(tasks):,} tasks are with {client.scheduler.address}")
        suspects: list[int] = []
        try:
            for future in distributed.as_completed(list(tasks)):
                indexes = tasks.pop(future)
                try:
                    results = _results(distributed, future, len(indexes))
                    yield from zip(indexes, results, strict=True)
                except distributed.KilledWorker:
                    suspects += indexes
            for i in suspects:  # one by one, so that only the guilty world fails
                try:
                    results = _results(distributed, _submitted(client, worlds, [i]), 1)
                except distributed.KilledWorker:
                    results = [WorkerDeath()]
                yield i, results[0]
        finally:
            with contextlib.suppress(Exception, CancelledError):
                client.cancel(list(tasks))


@contextmanager
def _loss_told(distributed: Any, scheduler: str) -> Iterator[None]:
    """Turn every error by which a scheduler can be lost into an `InputError`."""
    try:
        yield
    except (CancelledError, distributed.CancelledError, OSError) as error:
        raise InputError(
            f"--scheduler {scheduler}: it has gone; what is finished is kept, and"
            " the same command does the rest"
        ) from error


def _wait_for_workers(client: Any, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=SECONDS_FOR_WORKERS)
    except TimeoutError as error:
        raise InputError(
            f"--scheduler {scheduler}: it has no workers; start some with dask worker"
            f" {client.scheduler.address}"
        ) from error


def _submitted(client: Any, worlds: Sequence[World], indexes: list[int]) -> Any:
    """Submit worlds that differ only in their replicate; return their future."""
    from simulation.version import results_version

    first = worlds[indexes[0]]
    replicates = [worlds[i].replicate for i in indexes]
    return client.submit(live_worlds, first, replicates, results_version(), pure=False)


def _results(distributed: Any, future: Any, count: int) -> list[Any]:
    """Return the results of a task; `count` faults where it failed as a whole.

    A killed worker or a lost scheduler is raised.
    """
    gone = (CancelledError, distributed.CancelledError, OSError)
    try:
        return future.result()
    except (distributed.KilledWorker, *gone):
        raise
    except Exception as error:
        return [fault_of(error)] * count


def _tasks(worlds: Sequence[World]) -> Iterator[list[int]]:
    """Yield the tasks: up to `WORLDS_A_TASK` indexes of worlds each, in their order.

    Worlds of one task differ only in their replicate.
    """
    open_tasks: dict[tuple, list[int]] = {}
    for i, one in enumerate(worlds):
        alike = (id(one.scenario), one.seed, one.probe_week, one.columns)
        mine = open_tasks.setdefault(alike, [])
        mine.append(i)
        if len(mine) == WORLDS_A_TASK:
            yield open_tasks.pop(alike)
    yield from open_tasks.values()


def _bare(scenario: ResolvedScenario) -> ResolvedScenario:
    """Return a scenario with only what a run needs, to be sent with each task.

    Data kept on the workers instead would be lost when one dies.
    """
    stages = tuple(replace(one, sources={}, levers={}) for one in scenario.stages)
    return replace(scenario, scenario=None, stages=stages, parameter_sources={})


def live_worlds(first: World, replicates: list[int], version: str) -> list[Any]:
    """Simulate `replicates` of the world `first` in a worker; return runs or faults."""
    from simulation.version import results_version

    if results_version() != version:
        wrong = (
            f"a worker on {platform.node()} has another version of the model"
            f" ({results_version()}, here {version}); install the same everywhere"
        )
        return [Fault(wrong, "", wrong_input=True)] * len(replicates)
    from simulation.ensemble.worlds import Job, live_world
    from simulation.scenario_unknown import founder_of

    runs: list[Any] = []
    founder, weeks = None, first.scenario.weeks
    for replicate in replicates:
        try:
            founder = founder or founder_of(first.scenario)
            job = Job(founder, first.seed, replicate, weeks, *first[3:])
            runs.append(live_world(job))
        except Exception as error:
            runs.append(fault_of(error))
    return runs


def _imported() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise InputError(
            "a scheduler needs dask: install it with pip install 'orgsim[cluster]'"
        ) from error
    return distributed


@contextmanager
def _client(distributed: Any, scheduler: str, workers: int | None) -> Iterator[Any]:
    """Give a client of the scheduler, or of a new local cluster on loopback."""
    if scheduler == LOCAL:
        with (
            distributed.LocalCluster(
                n_workers=workers or available(),
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(scheduler, timeout=SECONDS_TO_CONNECT)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"--scheduler {scheduler}: nothing answers there ({error or 'no reply'});"
            " start one with dask scheduler, or leave --scheduler out"
        ) from error
    with client:
        yield client
