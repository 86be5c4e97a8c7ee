"""Stored runs made again, and compared number by number."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.store import Entry, Store, StoreError
from simulation.outcomes import SERIES_COLUMNS
from simulation.runs import Run
from simulation.scenario import Resolved
from simulation.scenario_values import Organisation, Stage


@dataclass(frozen=True)
class Verdict:
    """Whether a run came out the same; `where` tells the first number that did not."""

    entry: Entry
    scenario: str
    same: bool
    where: str


def find_run(store: Store, identity: str) -> Entry:
    """Return the run whose id begins so; `StoreError` for none or several."""
    found = [
        entry for key, entry in store.entries().items() if key.startswith(identity)
    ]
    if len(found) == 1 and identity:
        return found[0]
    if not found:
        others = sum(store.other_versions().values())
        more = (
            f" ({others} shards are of other versions of the model)" if others else ""
        )
        raise StoreError(f"{identity}: no run of this id in {store.folder}{more}")
    raise StoreError(f"{identity}: {len(found)} runs begin so; give more of the id")


def scenario_of(store: Store, key: str) -> tuple[Resolved, str]:
    """Return the resolved scenario of this key, and its name, as they were stored."""
    file = store.folder / "scenarios" / f"{key}.json"
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        resolved = told["resolved"]
        stages = tuple(
            Stage(
                week=one["week"],
                structure=one["structure"],
                sources={},
                levers={},
                hours_per_person=one["hours_per_person"],
                euros=one["euros"],
            )
            for one in resolved["stages"]
        )
        files = {name: store.folder / "files" / x for name, x in told["files"].items()}
        scenario = Resolved(
            name=told["name"],
            title=told["title"],
            question=told["question"],
            organisation=Organisation(**resolved["organisation"]),
            parameters=resolved["parameters"],
            parameter_sources={},
            stages=stages,
            weeks=1,
            warm_up_weeks=resolved["warm_up_weeks"],
            **files,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file}: the scenario cannot be read: {error}") from error
    return scenario, told["name"]


def reproduce(store: Store, identity: str, engine: str | None = None) -> Verdict:
    """Run a stored run again and compare every number with what is stored."""
    from dataclasses import replace

    entry = find_run(store, identity)
    scenario, name = scenario_of(store, entry.key.scenario)
    series, probes = store.load([entry], entry.weeks)
    simulate = _engine(engine)
    again: Run = simulate(
        replace(scenario, weeks=entry.weeks),
        entry.key.seed,
        entry.key.replicate,
        entry.shock_week,
    )
    where = first_difference(series[0], again.series)
    if not where and probes is not None and again.probe is not None:
        where = first_difference(probes[0], again.probe)
        where = f"probe, {where}" if where else ""
    return Verdict(entry, name, not where, where)


def _engine(engine: str | None) -> Any:
    if engine == "mesa":
        from simulation.model import simulate
    else:
        from simulation.ensemble import simulate  # type: ignore[assignment]
    return simulate


def first_difference(stored: np.ndarray, again: np.ndarray) -> str:
    """Return the first number in which two series differ, in words, or nothing."""
    for week in range(max(len(stored), len(again))):
        if week >= min(len(stored), len(again)):
            return f"week {week}: only one of the two has it"
        if stored[week].tobytes() == again[week].tobytes():
            continue
        for name in SERIES_COLUMNS:
            one, two = float(stored[week][name]), float(again[week][name])
            if one != two and not (np.isnan(one) and np.isnan(two)):
                return f"week {week}, {name}: stored {one!r}, now {two!r}"
    return ""
