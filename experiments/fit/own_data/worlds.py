"""Simulating worlds of a scenario under drawn parameters, with a cache."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from experiments.files.progress import Progress
from experiments.fit.own_data.columns import COLUMNS, weekly
from experiments.fit.own_data.prior import TABLE, Value
from experiments.run.living import Means, World, live, runs_of
from experiments.run.parameter_sets import under
from experiments.run.row_cache import Row, RowCache, fingerprint, work_through
from simulation.scenario import ResolvedScenario
from simulation.scenario_draws import TABLES, Drawn
from simulation.scenario_resolution import stages_of
from simulation.whole_numbers import checks_numbers

AT_A_TIME = 25
"""Worlds of one call."""
DIGITS = 7
"""Significant digits that are kept."""


@checks_numbers
def worlds(
    scenario: ResolvedScenario,
    drawn: Sequence[Mapping[str, Value]],
    folder: Path,
    what: str,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> np.ndarray:
    """Simulate a world for each of `drawn`; return all columns, (N, columns, weeks).

    World k is replicate k of `seed`. Worlds cached under the name `what` in `folder`
    are not simulated again. Columns are in the order of the table of columns.
    """
    cache = RowCache(folder, what, lived, {"scenario": scenario, "seed": seed})
    calls: dict[str, tuple] = {}
    for start in range(0, len(drawn), AT_A_TIME):
        part = [dict(one) for one in drawn[start : start + AT_A_TIME]]
        name = f"{start}/{fingerprint(part)}"
        calls[name] = (scenario, part, seed, start)
    rows = work_through(cache, calls, workers, progress)
    tables = [np.array(rows[name]["worlds"], float) for name in calls]
    return np.concatenate(tables)


def lived(
    scenario: ResolvedScenario,
    drawn: Sequence[Mapping[str, Value]],
    seed: int,
    first: int,
) -> Row:
    """Simulate a world for each of `drawn`, from replicate `first` on.

    Missing values are None.
    """
    each = [World(placed(scenario, x), seed, k) for k, x in enumerate(drawn, first)]
    runs = dict(runs_of(live(each, Means(workers=1))))
    tables = (weekly(runs[k].series, tuple(COLUMNS)) for k in range(len(each)))
    return {"worlds": [_rounded(table) for table in tables]}


def placed(scenario: ResolvedScenario, values: Mapping[str, Value]) -> ResolvedScenario:
    """Return a scenario with drawn values, which are named as in a table of draws.

    Values of what its own `[unknown]` leaves open apply at the place of that file in
    the chain.
    """
    numbers = {n: float(x) for n, x in values.items() if n.startswith(TABLE)}
    parameters = {n.removeprefix(TABLE): x for n, x in numbers.items()}
    if scenario.unknown is None:
        return under(scenario, parameters)

    def drawn(written: Mapping[str, Any]) -> Drawn:
        unknown = written.get("unknown", {})
        return {
            table: {name: values[f"{table}.{name}"] for name in unknown.get(table, {})}
            for table in TABLES
        }

    chain = scenario.unknown.scenario
    stages = tuple(stages_of(chain, scenario.warm_up_weeks, drawn))
    return under(replace(scenario, stages=stages, unknown=None), parameters)


def _rounded(table: np.ndarray) -> list[list[float | None]]:
    return [
        [float(f"{x:.{DIGITS}g}") if np.isfinite(x) else None for x in row]
        for row in table
    ]
