"""Live worlds with the WebAssembly module, in Node, as `simulation.ensemble` does."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simulation.ensemble import Job
from simulation.ensemble.worlds import panel_dtype
from simulation.outcomes import SERIES_RECORD
from simulation.runs import Run
from simulation.version import results_version
from simulation.webassembly import MODULE

SCRIPT = Path(__file__).with_name("worlds.mjs")


class NodeRuns(NamedTuple):
    """Worlds that were lived in Node, the seconds of each, and the bytes of memory."""

    runs: list[Run]
    seconds: list[float]
    memory: int


def live_in_node(jobs: Sequence[Job], node: str = "node") -> NodeRuns:
    """Run worlds one after another in one process of Node.

    Raises RuntimeError with what Node tells if it fails, as it does for a module of
    another version of the model.
    """
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), jobs)
        done = subprocess.run(
            [node, SCRIPT, MODULE, folder], capture_output=True, encoding="utf-8"
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        told = json.loads(done.stdout)
        return NodeRuns(_read(Path(folder), jobs), told["seconds"], told["memory"])


def _write(folder: Path, jobs: Sequence[Job]) -> None:
    """Write jobs with their founded states into a folder."""
    told = []
    with open(folder / "states", "wb") as file:
        for job in jobs:
            arrays = {}
            for name, array in vars(job.founder.found(job.seed, job.replicate)).items():
                start = file.tell()
                file.write(array.tobytes())
                place = {"shape": array.shape, "from": start, "to": file.tell()}
                arrays[name] = place
            one: dict[str, Any] = {"weeks": job.weeks, "probeWeek": job.probe_week}
            told.append({**one, "columns": job.columns, "arrays": arrays})
    text = json.dumps({"version": results_version(), "jobs": told})
    (folder / "jobs.json").write_text(text, encoding="utf-8")


def _read(folder: Path, jobs: Sequence[Job]) -> list[Run]:
    """Read what was recorded of jobs."""
    runs = []
    with open(folder / "records", "rb") as file:

        def read(dtype: np.dtype, *shape: int) -> np.ndarray:
            size = dtype.itemsize * int(np.prod(shape))
            return np.frombuffer(file.read(size), dtype).reshape(shape)

        for job in jobs:
            probed = job.probe_week is not None and job.probe_week < job.weeks
            series = read(SERIES_RECORD, job.weeks)
            probe = read(SERIES_RECORD, job.weeks) if probed else None
            panel = None
            if job.columns:
                people = len(job.founder.chart.seats)
                panel = read(panel_dtype(job.columns), job.weeks, people)
            runs.append(Run(series, probe, job.probe_week if probed else None, panel))
    return runs
