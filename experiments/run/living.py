"""Simulating worlds: in threads, in processes (Mesa), or on a cluster.

A run is a pure function of scenario, seed and replicate: the engine, the number of
workers, their order and their deaths do not change the results.
"""

import traceback
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple, Protocol, overload

import numpy as np

from experiments.errors import InputError, did_you_mean, is_wrong_input
from experiments.files.progress import Progress
from experiments.run.workers import WorkerDeath, spread
from simulation.measures import summarise
from simulation.processors import available
from simulation.scenario import ResolvedScenario

COMPILING = "First use: compiling the model for this machine, once ..."
ENGINES = ("compiled", "mesa")
MOST_FOUNDED = 1_024
"""Scenarios whose founding is remembered while their worlds are lived."""


class RunRecords(Protocol):
    """The results of one run: weekly records of the run and of its probe."""

    @property
    def series(self) -> np.ndarray:
        """Records of the run, one per week."""

    @property
    def probe(self) -> np.ndarray | None:
        """Records of the paired run with a shock, if there was one."""

    @property
    def shock_week(self) -> int | None:
        """The week of that shock."""


Simulate = Callable[..., RunRecords]
"""`simulate(resolved, seed, replicate, probe_week=...)`."""
Agents = Mapping[str, Any]
"""Role -> subclass of the role's agent, of a module or of the script itself."""


class World(NamedTuple):
    """One world to simulate, up to the horizon of its scenario.

    If `probe_week` is given, with a probe run that meets a shock in that week.
    `columns` are fields of people to record each week; only the compiled engine does.
    """

    scenario: ResolvedScenario
    seed: int
    replicate: int
    probe_week: int | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Means:
    """How worlds are simulated: engine, workers, scheduler and custom agents.

    The engine `compiled` runs in `workers` threads (one per processor where None),
    `mesa` in processes; both give the same bytes. `scheduler` is the address of a dask
    cluster, or `local`. Custom `agents` and a custom `simulate` need `mesa`.
    """

    engine: str | None = None
    workers: int | None = None
    scheduler: str | None = None
    simulate: Simulate | None = None
    agents: Agents | None = None

    @property
    def chosen_engine(self) -> str:
        """The engine asked for, or the one that custom agents need.

        Raises `InputError` for an unknown engine or one that cannot run them.
        """
        engine = self.engine
        if engine not in (None, *ENGINES):
            hint = did_you_mean(str(engine), ENGINES)
            allowed = ", ".join(ENGINES)
            raise InputError(f"engine: got {engine!r}; allowed: {allowed}{hint}")
        if self.simulate is None and not self.agents:
            return engine or "compiled"
        if engine == "compiled":
            what = "agents" if self.agents else "simulate"
            raise InputError(
                f"engine: {what} written in Python cannot be compiled into the"
                " ensemble; use the engine mesa, or leave the engine out"
            )
        return "mesa"


USUAL = Means()
"""The compiled model, on all processors."""


class Fault(NamedTuple):
    """An error in a run; `wrong_input` if the user's input caused it."""

    message: str
    traceback: str
    wrong_input: bool


def live(
    worlds: Sequence[World],
    means: Means = Means(),
    progress: Progress | None = None,
) -> Generator[tuple[int, Any], None, None]:
    """Simulate worlds; yield (index, result) of each as it ends, in any order.

    A result is a run, a `Fault` or a `WorkerDeath`. Closing the generator, also by
    Ctrl-C, stops all threads, processes and tasks. Raises `InputError` for means that
    do not go together, and for scenarios that cannot be founded.
    """
    progress = progress or Progress("", quiet=True)
    engine = means.chosen_engine
    if means.scheduler is not None:
        if engine == "mesa":
            raise InputError("a scheduler runs the compiled engine; leave --engine out")
        from experiments.run.cluster import live_on

        return live_on(means.scheduler, worlds, progress, means.workers)
    if engine == "compiled":
        return _in_threads(worlds, means.workers, progress)
    if means.agents:
        progress.say("Agents written in Python run on Mesa, person by person.")
    return _in_processes(worlds, means, progress)


def runs_of(
    stream: Generator[tuple[int, Any], None, None],
) -> Iterator[tuple[int, Any]]:
    """Yield (index, run) of simulated worlds; raise the first error.

    Raises `InputError` for wrong input, RuntimeError for all else.
    """
    try:
        for index, result in stream:
            raise_wrong_input(result)
            if isinstance(result, Fault):
                raise RuntimeError(result.traceback)
            if isinstance(result, WorkerDeath):
                raise RuntimeError(result.message)
            yield index, result
    finally:
        stream.close()


def outcomes_of(
    worlds: Sequence[World],
    outcomes: Sequence[str],
    means: Means = Means(),
    progress: Progress | None = None,
) -> np.ndarray:
    """Simulate worlds; return outcomes, (worlds, outcomes), nan where undefined."""
    found = np.full((len(worlds), len(outcomes)), np.nan)
    for k, run in runs_of(live(worlds, means, progress)):
        values = summarise(run.series, run.probe, outcomes, shock_week=run.shock_week)
        found[k] = [values[name] for name in outcomes]
    return found


def model(
    resolved: ResolvedScenario, seed: int, replicate: int, probe_week: int | None
) -> RunRecords:
    """Simulate with the shipped agents, which the process that runs this imports."""
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


class _Jobs(Sequence):
    """The worlds as jobs of the ensemble, made on demand."""

    def __init__(self, worlds: Sequence[World]) -> None:
        self.worlds = worlds
        self._founders: OrderedDict[int, Any] = OrderedDict()
        distinct = {id(world.scenario): world.scenario for world in worlds}
        if len(distinct) <= MOST_FOUNDED:  # so that errors in a scenario show at once
            for scenario in distinct.values():
                self._founder(scenario)

    def __len__(self) -> int:
        return len(self.worlds)

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence: ...
    def __getitem__(self, at: int | slice) -> Any:
        from simulation.ensemble import Job

        if isinstance(at, slice):
            return [self[k] for k in range(len(self))[at]]
        one = self.worlds[at]
        founder, weeks = self._founder(one.scenario), one.scenario.weeks
        return Job(founder, one.seed, one.replicate, weeks, one.probe_week, one.columns)

    def _founder(self, scenario: ResolvedScenario) -> Any:
        """Return the founder of a scenario, cached by id: the worlds keep it alive."""
        key = id(scenario)
        if key in self._founders:
            self._founders.move_to_end(key)
        else:
            self._founders[key] = _founder_of(scenario)
            if len(self._founders) > MOST_FOUNDED:
                self._founders.popitem(last=False)
        return self._founders[key]


def _founder_of(scenario: ResolvedScenario) -> Any:
    from simulation.scenario_unknown import founder_of

    try:
        return founder_of(scenario)
    except Exception as error:
        if is_wrong_input(error):
            raise InputError(str(error)) from error
        raise


def _in_threads(
    worlds: Sequence[World], workers: int | None, progress: Progress
) -> Generator[tuple[int, Any], None, None]:
    """Run the compiled model in threads; yield (index, result) of each world."""
    from simulation.ensemble import run_worlds

    if not worlds:
        return
    jobs = _Jobs(worlds)
    _compile_first(jobs[0].founder, progress)
    for i, result in run_worlds(jobs, workers or available()):
        yield i, fault_of(result) if isinstance(result, Exception) else result


def _compile_first(founder: Any, progress: Progress) -> None:
    """Compile the model unless this machine has done so; show the progress."""
    from simulation.compiled import UNCOMPILED, cache_folder, rules_compiled
    from simulation.ensemble.live import compile_for

    if UNCOMPILED or any(cache_folder().glob("*.live-*.nbc")):
        return
    progress.say(COMPILING)
    with progress.stage("compiling rules"), rules_compiled(progress):
        compile_for(founder.found(0, 0))


def _in_processes(
    worlds: Sequence[World], means: Means, progress: Progress
) -> Generator[tuple[int, Any], None, None]:
    """Run the agents in processes; yield (index, result) of each world."""
    from simulation.scenario_unknown import in_world

    agents = means.agents
    simulate = means.simulate or (partial(_with_agents, agents) if agents else model)
    # The scenario's source text is not sent: a run needs only its numbers.
    bare = {id(x.scenario): replace(x.scenario, scenario=None) for x in worlds}
    calls = [
        (
            simulate,
            in_world(bare[id(x.scenario)], x.seed, x.replicate),
            *(x.seed, x.replicate, x.probe_week),
        )
        for x in worlds
    ]
    first_alone = simulate is model and _compiles_first(progress)
    yield from spread(_attempt, calls, means.workers or available(), first_alone)


def _attempt(simulate: Simulate, *arguments: Any) -> "RunRecords | Fault":
    """Simulate; return an error as a `Fault` instead of raising it."""
    try:
        return simulate(*arguments)
    except (Exception, SystemExit) as error:
        return fault_of(error)


def _compiles_first(progress: Progress) -> bool:
    """Return whether the rules that Mesa calls must be compiled first; say so if so."""
    from simulation.compiled import UNCOMPILED, cache_folder

    cold = not UNCOMPILED and not any(cache_folder().glob("*.begin_week-*.nbc"))
    if cold:
        progress.say(COMPILING)
    return cold


def fault_of(error: BaseException) -> Fault:
    """Return an error of a run as a value that can be sent between processes."""
    message = str(error) if is_wrong_input(error) else repr(error)
    trace = "".join(traceback.format_exception(error))
    return Fault(message, trace, is_wrong_input(error))


def raise_wrong_input(result: Any) -> None:
    """Raise `InputError` if the result is a fault caused by wrong input."""
    if isinstance(result, Fault) and result.wrong_input:
        raise InputError(result.message)
