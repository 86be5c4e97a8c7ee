"""Running stored runs again, and comparing them number by number."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from experiments.errors import did_you_mean
from experiments.run import relearning
from experiments.run.living import Means, World, live
from experiments.run.shards import Entry
from experiments.run.store import Store, digest
from experiments.run.store_contents import entries_of, study_told
from experiments.run.store_files import StoreError, read_checked
from experiments.run.study_outcomes import difference_among
from simulation.measures import summarise
from simulation.outcomes import SERIES_COLUMNS
from simulation.runs import Run
from simulation.scenario import ResolvedScenario
from simulation.scenario_values import Leaver, OrganisationSize, Stage, Unknown


@dataclass(frozen=True)
class Reproduction:
    """Whether a run came out the same; `where` names the first number that differs."""

    entry: Entry
    scenario: str
    same: bool
    where: str


def find_run(store: Store, identity: str) -> Entry:
    """Return the one run whose id begins with `identity`; else raise `StoreError`."""
    entries = [
        entry for key, entry in store.entries().items() if key.startswith(identity)
    ]
    if len(entries) == 1 and identity:
        return entries[0]
    if not entries:
        others = sum(store.other_versions().values())
        more = (
            f" ({others} shards are of other versions of the model)" if others else ""
        )
        raise StoreError(f"{identity}: no run of this id in {store.folder}{more}")
    raise StoreError(f"{identity}: {len(entries)} runs begin so; give more of the id")


def scenario_of(store: Store, key: str) -> tuple[ResolvedScenario, str]:
    """Return the stored scenario of this key, and its name.

    Raises `StoreError` if it cannot be read or has changed.
    """
    file = store.folder / "scenarios" / f"{key}.json"
    try:
        content = read_checked(file)
        resolved = content["resolved"]
        if digest(resolved) != key:
            raise ValueError("it is not the scenario that was stored")
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
        files = {
            name: store.folder / "files" / x for name, x in content["files"].items()
        }
        scenario = ResolvedScenario(
            name=content["name"],
            title=content["title"],
            question=content["question"],
            organisation=OrganisationSize(**resolved["organisation"]),
            parameters=resolved["parameters"],
            parameter_sources={},
            stages=stages,
            weeks=1,
            warm_up_weeks=resolved["warm_up_weeks"],
            leavers=tuple(Leaver(*one) for one in resolved.get("leavers", ())),
            unknown=_unknown(store, content),
            **files,
        )
        if scenario.unknown and digest(scenario.canonical()) != key:
            raise ValueError("levers set other numbers now than when it was stored")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file}: the scenario cannot be read: {error}") from error
    return scenario, content["name"]


def _unknown(store: Store, told: dict[str, Any]) -> Unknown | None:
    """Return the unknowns of a stored scenario with their stored draws, if any."""
    if "unknown" not in told["resolved"]:
        return None
    from simulation.scenario_unknown import rebuilt

    kept = told.get("draws", {}).items()
    draws = {digest: store.folder / "files" / name for digest, name in kept}
    return rebuilt(told["resolved"]["unknown"], draws)


def reproduce(store: Store, identity: str, engine: str | None = None) -> Reproduction:
    """Run a stored run again and compare every number with the stored one."""
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
    if not where and probes is not None:
        assert again.probe is not None
        where = first_difference(probes[0], again.probe)
        where = f"probe, {where}" if where else ""
    return Reproduction(entry, name, not where, where)


def reproduce_study(
    store: Store, study: str, sample: int | None = None, engine: str | None = None
) -> list[Reproduction]:
    """Run stored runs of a study again: all, or a random `sample` of them."""
    entries = [entry for _, entry in entries_of(store, study)]
    if sample is not None and sample < len(entries):
        entries = random.Random(study).sample(entries, sample)
    return [reproduce(store, entry.key.id, engine) for entry in entries]


@dataclass(frozen=True)
class ReportedNumber:
    """A reported difference as [mean, low, high], stored and computed again."""

    what: str
    stored: list[float | None]
    now: list[float | None]

    @property
    def same(self) -> bool:
        """Whether all three numbers are the same."""
        return self.stored == self.now


def reproduce_number(
    store: Store, what: str, engine: str | None = None
) -> ReportedNumber:
    """Run all worlds of a reported difference again, and compute it anew.

    `what` names the difference: `STUDY/SCENARIO/OUTCOME`. Raises `StoreError` for an
    unknown name or a failed run.
    """
    study, _, rest = what.partition("/")
    scenario, _, outcome = rest.partition("/")
    record = study_told(store, study)
    reported = record.get("reported", {})
    _check_known(scenario, reported, f"{what}: {study} reports no scenario")
    _check_known(outcome, reported[scenario], f"{what}: {study} reports no outcome")
    base = next(iter(record["scenarios"]))
    pair = [
        replace(scenario_of(store, record["scenarios"][name])[0], weeks=record["weeks"])
        for name in (base, scenario)
    ]
    seed, week = record["seed"], record["probe_week"]
    worlds = [World(one, seed, r, week) for r in record["worlds"] for one in pair]
    runs: list[Run | None] = [None] * len(worlds)
    for i, run in live(worlds, Means(engine)):
        if not isinstance(run, Run):
            raise StoreError(f"{what}: a run failed: {run.message}")
        runs[i] = run
    start = _summaries(runs[::2], None, outcome)
    values = _summaries(runs[1::2], runs[::2], outcome)
    interval = difference_among(values - start, len(reported))
    ends = (interval.estimate, interval.low, interval.high)
    now = [float(x) if np.isfinite(x) else None for x in ends]
    return ReportedNumber(what, reported[scenario][outcome], now)


def _check_known(name: str, names: Any, wrong: str) -> None:
    if name not in names:
        raise StoreError(f"{wrong} {name}{did_you_mean(name, names)}")


def _summaries(
    runs: Sequence[Any], base: Sequence[Any] | None, outcome: str
) -> np.ndarray:
    probes = [run.probe for run in runs]
    outcomes = summarise(
        np.stack([run.series for run in runs]),
        None if probes[0] is None else np.stack(probes),
        [outcome],
        baseline=None if base is None else np.stack([run.series for run in base]),
        shock_week=runs[0].shock_week,
    )
    values = np.asarray(outcomes[outcome])
    week = runs[0].shock_week
    if outcome not in relearning.TIMES or week is None:
        return values
    return relearning.known_times(values, len(runs[0].series) - week - 1)


def _engine(engine: str | None) -> Any:
    if engine == "mesa":
        from simulation.model import simulate
    else:
        from simulation.ensemble import simulate  # type: ignore[assignment]
    return simulate


def first_difference(stored: np.ndarray, again: np.ndarray) -> str:
    """Return the first number in which two series differ, in words; "" if none."""
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
