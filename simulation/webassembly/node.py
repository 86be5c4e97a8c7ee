"""Use the WebAssembly module in Node: found and live worlds, or call its functions.

Tests compare all this with what the rules give natively, and benchmarks their speed.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simulation.ensemble import Job
from simulation.ensemble.worlds import panel_dtype
from simulation.founding import Founder, State
from simulation.outcomes import SERIES_RECORD
from simulation.runs import Run
from simulation.scenario import ResolvedScenario, read
from simulation.version import results_version
from simulation.webassembly import MODULE
from simulation.webassembly.organisations import organisation_of, stages_of

SCRIPT = Path(__file__).with_name("node.mjs")


class NodeRuns(NamedTuple):
    """Worlds that were lived in Node, the seconds of each, and the bytes of memory."""

    runs: list[Run]
    seconds: list[float]
    memory: int


class NodeStates(NamedTuple):
    """States of worlds, founder by founder, and the seconds of founders and worlds."""

    states: list[State]
    founder_seconds: list[float]
    seconds: list[float]


def found_in_node(
    founders: Sequence[Mapping[str, Any]],
    worlds: Sequence[tuple[int, int]],
    node: str = "node",
) -> NodeStates:
    """Found the same worlds, by seed and replicate, of several scenarios in Node.

    Each founder has an `organisation` and a `scenario`, as `founding.mjs` takes them.
    Raises RuntimeError as `live_in_node` does.
    """
    every = range(len(founders))
    asked = [*founders, *(_world(k, *world) for k in every for world in worlds)]
    told, made = _done(node, asked, [{}] * len(asked))
    like = vars(Founder(read("baseline")).found(1, 0))
    states = []
    for shapes in told["shapes"]:
        given = zip(like.items(), shapes, strict=True)
        arrays: dict[str, Any] = {
            name: made.next(array.dtype, *shape) for (name, array), shape in given
        }
        states.append(State(**arrays))
    seconds, first = told["seconds"], len(founders)
    return NodeStates(states, seconds[:first], seconds[first:])


def asked_founder(resolved: ResolvedScenario) -> dict[str, Any]:
    """Return the founder of a scenario as `found_in_node` takes it."""
    return {
        "organisation": organisation_of(resolved),
        "scenario": {"stages": stages_of(resolved), "heads": None, "euros": {}},
    }


def _world(founder: int, seed: int, replicate: int) -> dict[str, Any]:
    """Return what asks for a world; JavaScript reads large seeds from texts alone."""
    return {"founder": founder, "seed": str(seed), "replicate": replicate}


def live_in_node(
    jobs: Sequence[Job], node: str = "node", founded_there: bool = False
) -> NodeRuns:
    """Run worlds one after another in one process of Node.

    They are founded here, or there. Raises RuntimeError with what Node tells if it
    fails, as it does for a module of another version of the model.
    """
    asked: list[Mapping] = [
        {"weeks": job.weeks, "probeWeek": job.probe_week, "columns": job.columns}
        for job in jobs
    ]
    states: list[Mapping] = [{} for _ in jobs]
    founders: list[Founder] = []
    if founded_there:
        founders = list({id(job.founder): job.founder for job in jobs}.values())
        asked = [
            {**one, **_world(founders.index(job.founder), job.seed, job.replicate)}
            for one, job in zip(asked, jobs, strict=True)
        ]
    else:
        states = [vars(job.founder.found(job.seed, job.replicate)) for job in jobs]
    before = [asked_founder(one.scenario) for one in founders]
    told, made = _done(node, [*before, *asked], [*({} for _ in before), *states])
    runs = []
    for job in jobs:
        series = made.next(SERIES_RECORD, job.weeks)
        probe = panel = None
        if job.probe_week is not None and job.probe_week < job.weeks:
            probe = made.next(SERIES_RECORD, job.weeks)
        if job.columns:
            shape = job.weeks, len(job.founder.chart.seats)
            panel = made.next(panel_dtype(job.columns), *shape)
        shock_week = None if probe is None else job.probe_week
        runs.append(Run(series, probe, shock_week, panel))
    return NodeRuns(runs, told["seconds"][len(before) :], told["memory"])


def call_in_node(
    function: str, calls: Sequence[Mapping[str, Any]], node: str = "node"
) -> list[dict[str, np.ndarray]]:
    """Call a function of the module several times; return its arrays as it left them.

    Each call has the arguments of the function by name. Raises RuntimeError as
    `live_in_node` does.
    """
    arrays = [
        {name: value for name, value in one.items() if isinstance(value, np.ndarray)}
        for one in calls
    ]
    asked = [
        {"call": function, "numbers": {x: one[x] for x in one if x not in given}}
        for one, given in zip(calls, arrays, strict=True)
    ]
    _, made = _done(node, asked, arrays)
    return [
        {name: made.next(x.dtype, *x.shape) for name, x in given.items()}
        for given in arrays
    ]


class _Made:
    """What Node has written, array after array."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def next(self, dtype: np.dtype, *shape: int) -> np.ndarray:
        """Return the next array."""
        count = int(np.prod(shape))
        array = np.frombuffer(self._content, dtype, count, self._at)
        self._at += array.nbytes
        return array.reshape(shape)


def _done(
    node: str, asked: Sequence[Mapping], arrays: Sequence[Mapping[str, np.ndarray]]
) -> tuple[dict, _Made]:
    """Let Node do what is asked with arrays; return what it tells, and has made."""
    with tempfile.TemporaryDirectory() as name:
        folder, places = Path(name), _placed(arrays)
        jobs = [{**x, "arrays": y} for x, y in zip(asked, places, strict=True)]
        text = json.dumps({"version": results_version(), "jobs": jobs})
        (folder / "jobs.json").write_text(text, encoding="utf-8")
        with open(folder / "given", "wb") as file:
            file.writelines(x.tobytes() for one in arrays for x in one.values())
        done = subprocess.run(
            [node, SCRIPT, MODULE, folder], capture_output=True, encoding="utf-8"
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout), _Made((folder / "made").read_bytes())


def _placed(arrays: Sequence[Mapping[str, np.ndarray]]) -> Iterator[dict]:
    """Yield the shapes of arrays and where they lie in one file, by name."""
    at = 0
    for one in arrays:
        places = {}
        for name, array in one.items():
            places[name] = {"shape": array.shape, "from": at, "to": at + array.nbytes}
            at += array.nbytes
        yield places
