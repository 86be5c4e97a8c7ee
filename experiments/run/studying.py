"""Carrying out studies: runs in the store are reused, missing runs are simulated.

A study that is run again resumes where it stopped; with more replicates it is extended.
Runs are interleaved over scenarios, so that an interrupted study is balanced.
"""

import contextlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.files.provenance import software
from experiments.run.living import USUAL, Fault, Means, World, live, raise_wrong_input
from experiments.run.replicates import Failure, Replicates
from experiments.run.runner import probe_week_of, to_one_horizon
from experiments.run.store import Entry, RunKey, Store, digest
from experiments.run.study_files import Precision, Study
from experiments.run.workers import WorkerDeath
from experiments.statistics import paired
from experiments.statistics.intervals import mean_of, present
from simulation.measures import FIELDS, MONEY_FIELDS, PROBE_FIELDS, summarise
from simulation.outcomes import HEADLINES, OUTCOMES
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

FIRST_LOOK = 10
"""Worlds before precision is judged."""
LOOK_AHEAD = 5
"""Worlds over which the precision must have held (Hoad, Robinson & Davies 2010)."""
MOST_AT_ONCE = 2_000
"""Runs whose weeks are held in memory at a time."""


class NothingYet(InputError):
    """No world is complete for all scenarios of a study."""


@dataclass(frozen=True)
class StudyPlan:
    """The scenarios of a study with their keys in the store."""

    study: Study
    scenarios: tuple[ResolvedScenario, ...]
    keys: tuple[str, ...]
    probe_week: int | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios, the base first."""
        return tuple(scenario.name for scenario in self.scenarios)

    @property
    def weeks(self) -> int:
        """Weeks that every scenario runs."""
        return self.scenarios[0].weeks

    def key(self, store: Store, scenario: int, replicate: int) -> RunKey:
        """Return the key of one run."""
        return store.key(
            self.keys[scenario], self.study.seed, replicate, self.probe_week
        )


@dataclass(frozen=True)
class Remaining:
    """Progress of a study of `replicates` replicates: runs done and runs to do."""

    done: int
    to_do: int
    replicates: int


@dataclass(frozen=True)
class StudyResult:
    """The results of a study as far as it has come.

    `summaries` has a row for each scenario and world and a column for each outcome;
    `convergence` has the half-widths by number of worlds. `reached` is what
    `reached_of` returns.
    """

    plan: StudyPlan
    worlds: tuple[int, ...]
    summaries: pd.DataFrame
    convergence: pd.DataFrame
    failures: tuple[Failure, ...]
    interrupted: bool
    reached: dict[str, int] | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios, the base first."""
        return self.plan.names

    def apart(self, outcome: str) -> tuple[paired.Interval, ...]:
        """Return the paired difference of each scenario from the base in an outcome.

        The intervals hold simultaneously over the scenarios.
        """
        base, *others = self.by_scenario(outcome)
        return tuple(difference_among(x - base, len(others)) for x in others)

    def by_scenario(self, outcome: str) -> np.ndarray:
        """Return the values of an outcome, of shape (scenarios, worlds)."""
        return self.summaries[outcome].to_numpy().reshape(len(self.names), -1)

    def reported(self) -> dict[str, dict[str, list[float | None]]]:
        """Return [estimate, low, high] of every difference: scenario -> outcome.

        Numbers that are not finite are None.
        """
        others = self.names[1:]
        found: dict[str, dict] = {name: {} for name in others}
        for outcome in OUTCOMES if others else ():
            for name, one in zip(others, self.apart(outcome), strict=True):
                ends = (one.estimate, one.low, one.high)
                found[name][outcome] = [x if np.isfinite(x) else None for x in ends]
        return found

    def differences(self) -> pd.DataFrame:
        """Return a row per outcome and scenario: its paired difference from the base.

        The intervals of one outcome hold simultaneously over all scenarios.
        """
        base, *others = self.names
        rows = []
        for name, outcome in OUTCOMES.items():
            start, *ends = self.by_scenario(name)
            found = self.apart(name)
            for other, values, interval in zip(others, ends, found, strict=True):
                rows.append(
                    {
                        "scenario": other,
                        "base": base,
                        "outcome": name,
                        "base_mean": mean_of(present(start)[0]),
                        "difference": interval.estimate,
                        "difference_low": interval.low,
                        "difference_high": interval.high,
                        "level": interval.level,
                        "method": interval.method,
                        "worlds": interval.n,
                        "share_better": paired.share_better(
                            start, values, outcome.good
                        ),
                        "variance_reduction": paired.variance_reduction(start, values),
                    }
                )
        return pd.DataFrame(rows)


def difference_among(differences: np.ndarray, scenarios: int) -> paired.Interval:
    """Return the mean of paired differences, as one of `scenarios` comparisons.

    The intervals of several hold simultaneously (Sidak).
    """
    if scenarios == 1:
        return paired.mean_interval(differences)
    found = paired.t_interval(differences, paired.level_together(scenarios))
    return replace(found, level=paired.LEVEL, method="sidak")


def plan_of(study: Study, store: Store) -> StudyPlan:
    """Return the plan of a study; InputError if the store has another of its name.

    More scenarios, weeks or replicates extend a study. A study with another seed or
    base, or without a scenario that it had, is another study.
    """
    scenarios = to_one_horizon(study.scenarios, study.weeks)
    probe_week = probe_week_of(scenarios[0].weeks)
    keys = tuple(store.scenario_key(scenario) for scenario in scenarios)
    known = store.studies().get(study.name)
    if known and not _extends(known, keys, study.seed):
        raise InputError(
            f"{study.name}: the store has a study of this name with other scenarios or"
            f" another seed; give the file another name, or forget the old one:"
            f" orgsim results prune {study.name}"
        )
    return StudyPlan(study, scenarios, keys, probe_week)


def _extends(known: Mapping[str, Any], keys: Sequence[str], seed: int) -> bool:
    """Return whether a study has the scenarios, base and seed of a known one."""
    had = list(known["scenarios"].values())
    return known["seed"] == seed and had[0] == keys[0] and set(had) <= set(keys)


def _note(plan: StudyPlan, store: Store, studied: "StudyResult | None" = None) -> None:
    """Store what a study asks for, the software, and its results so far."""
    study = plan.study
    told = {
        "title": study.title["en"],
        "question": study.question["en"],
        "file": study.file,
        "scenarios": dict(zip(plan.names, plan.keys, strict=True)),
        "seed": study.seed,
        "weeks": plan.weeks,
        "probe_week": plan.probe_week,
        "software": software(),
        "results_version": store.version,
    }
    if studied is not None:
        told["worlds"] = list(studied.worlds)
        told["reported"] = studied.reported()
    store.note_study(study.name, told)


def left_of(plan: StudyPlan, store: Store, replicates: int) -> Remaining:
    """Return how many runs of these replicates are done and to do."""
    to_do = len(missing_of(plan, store, replicates))
    return Remaining(_size(plan, replicates) - to_do, to_do, replicates)


def _size(plan: StudyPlan, replicates: int) -> int:
    """Return the number of different runs in these replicates of a study."""
    return replicates * len(set(plan.keys))


def runs_of(study: Study) -> int:
    """Return the number of different runs of a study, before any are done."""
    scenarios = to_one_horizon(study.scenarios, study.weeks)
    return study.replicates * len({digest(one.canonical()) for one in scenarios})


def missing_of(plan: StudyPlan, store: Store, replicates: int) -> list[tuple[int, int]]:
    """Return (scenario, replicate) of each missing run, interleaved over scenarios."""
    there = {x for x, entry in store.entries().items() if entry.weeks >= plan.weeks}
    # Scenarios that are the same organisation share their runs.
    first = [s for s, key in enumerate(plan.keys) if plan.keys.index(key) == s]
    return [
        (s, r)
        for r in range(replicates)
        for s in first
        if plan.key(store, s, r).id not in there
    ]


def carry_out(
    study: Study,
    store: Store,
    means: Means = USUAL,
    progress: Progress | None = None,
) -> StudyResult:
    """Run the missing runs of a study, until its replicates or precision are reached.

    Ctrl-C keeps all finished runs; the result then is `interrupted`. It raises
    KeyboardInterrupt where no world is complete yet.
    """
    plan = plan_of(study, store)
    _note(plan, store)
    progress = progress or Progress("", quiet=True)
    replicates, interrupted = study.replicates, False
    while True:
        try:
            _run_missing(plan, store, replicates, means, progress)
        except KeyboardInterrupt:
            interrupted = True
        try:
            studied = read_back(plan, store, replicates, interrupted)
        except NothingYet:
            if interrupted:
                raise KeyboardInterrupt from None
            raise
        more = _more(studied, study.precision, replicates)
        if interrupted or not more:
            _note(plan, store, studied)
            return studied
        replicates = more


def carry_out_part(
    study: Study,
    store: Store,
    part: tuple[int, int],
    means: Means = USUAL,
    progress: Progress | None = None,
) -> tuple[Remaining, tuple[Failure, ...]]:
    """Run the missing runs in part (i, n) of a study, the i-th of n parts.

    Return what remains of the whole study, and its failures. The precision of the study
    is ignored. For job arrays: n commands, each with its own i, share a study and a
    store.
    """
    plan = plan_of(study, store)
    _note(plan, store)
    progress = progress or Progress("", quiet=True)
    _run_missing(plan, store, study.replicates, means, progress, part)
    failures = _failures(plan, store, _ids(plan, store, study.replicates))
    return left_of(plan, store, study.replicates), failures


def _run_missing(
    plan: StudyPlan,
    store: Store,
    replicates: int,
    means: Means,
    progress: Progress,
    part: tuple[int, int] = (1, 1),
) -> None:
    """Run the runs that the store lacks, and of these only the i-th of n parts."""
    size, (i, n) = len(plan.scenarios), part
    missing = missing_of(plan, store, replicates)
    jobs = tuple((s, r) for s, r in missing if (r * size + s) % n == i - 1)
    seed, week = plan.study.seed, plan.probe_week
    worlds = [World(plan.scenarios[s], seed, r, week) for s, r in jobs]
    stream = live(worlds, means, progress)
    done = _size(plan, replicates) - len(missing)
    _run(plan, store, jobs, stream, done, progress)


def _run(
    plan: StudyPlan,
    store: Store,
    jobs: Sequence[tuple[int, int]],
    stream: Generator[tuple[int, Any], None, None],
    done: int,
    progress: Progress,
) -> None:
    """Write results to the store as they come; `done` runs were there before."""
    total = done + len(jobs)
    progress(done, total)
    with contextlib.closing(stream), store.writer() as writer:
        for i, result in stream:
            key = plan.key(store, *jobs[i])
            if isinstance(result, Fault | WorkerDeath):
                raise_wrong_input(result)
                trace = getattr(result, "traceback", "")
                stage = "worker" if isinstance(result, WorkerDeath) else "simulate"
                store.note_failure(key, plan.weeks, stage, result.message, trace)
            else:
                writer.add(key, result)
            done += 1
            progress(done, total)


def _more(
    studied: StudyResult, precision: Precision | None, replicates: int
) -> int | None:
    """Return the number of replicates to go on with, None if the study is finished."""
    if precision is None or not studied.reached or len(studied.names) < 2:
        return None
    needed = needed_of(precision, studied.convergence)
    if all(n > 0 or x not in needed for x, n in studied.reached.items()):
        return None
    if replicates >= precision.most_replicates:
        return None
    return min(precision.most_replicates, max(replicates + 10, replicates * 5 // 4))


def read_back(
    plan: StudyPlan, store: Store, replicates: int, interrupted: bool = False
) -> StudyResult:
    """Read from the store the worlds of a study that every scenario has completed.

    Raises `NothingYet` if there are none.
    """
    there = store.entries()
    ids = _ids(plan, store, replicates)
    whole = [
        r
        for r, row in enumerate(ids)
        if all(x in there and there[x].weeks >= plan.weeks for x in row)
    ]
    failures = _failures(plan, store, ids)
    if not whole:
        first = f": {failures[0].message}" if failures else ""
        raise NothingYet(
            f"{plan.study.name}: no world is complete for all scenarios yet{first}"
        )
    entries = [[there[ids[r][s]] for r in whole] for s in range(len(plan.scenarios))]
    summaries = _summaries(plan, store, entries, whole)
    convergence = convergence_of(plan, summaries)
    return StudyResult(
        plan,
        tuple(whole),
        summaries,
        convergence,
        failures,
        interrupted,
        reached_of(plan.study.precision, convergence),
    )


def _ids(plan: StudyPlan, store: Store, replicates: int) -> list[list[str]]:
    """Return the ids of all runs: a list per replicate, one id per scenario."""
    count = range(len(plan.scenarios))
    return [[plan.key(store, s, r).id for s in count] for r in range(replicates)]


def _failures(
    plan: StudyPlan, store: Store, ids: Sequence[Sequence[str]]
) -> tuple[Failure, ...]:
    names = {
        identity: (plan.scenarios[s].name, r)
        for r, row in enumerate(ids)
        for s, identity in enumerate(row)
    }
    return tuple(
        Failure(*names[x["id"]], x["stage"], x["message"], x["traceback"])
        for x in store.failures()
        if x["id"] in names
    )


def replicates_of(studied: StudyResult, store: Store) -> Replicates:
    """Return the weekly records of all runs of a study, which may take much memory."""
    plan = studied.plan
    there = store.entries()
    series: list[np.ndarray] = []
    probes: list[np.ndarray] = []
    for s in range(len(plan.scenarios)):
        keys = [plan.key(store, s, r) for r in studied.worlds]
        rows, shocked = store.load([there[key.id] for key in keys], plan.weeks)
        series.append(rows)
        if shocked is not None:
            probes.append(shocked)
    whole = len(probes) == len(series)
    return Replicates(
        plan.scenarios,
        plan.study.seed,
        studied.worlds,
        np.stack(series),
        np.stack(probes) if whole else None,
        plan.probe_week if whole else None,
        studied.failures,
        0.0,
        max(plan.study.replicates, len(studied.worlds)),
        interrupted=studied.interrupted,
    )


def _summaries(
    plan: StudyPlan,
    store: Store,
    entries: Sequence[Sequence[Entry]],
    worlds: Sequence[int],
) -> pd.DataFrame:
    """Return the outcomes of all runs, read in their order on disk in batches.

    The table has a row per scenario and world and a column per outcome.
    """
    base, _ = store.columns(entries[0], plan.weeks, MONEY_FIELDS)
    values = {
        name: np.full((len(plan.scenarios), len(worlds)), np.nan) for name in OUTCOMES
    }
    for group in _in_order_on_disk(entries):
        series, probes = store.columns(
            [entry for *_, entry in group], plan.weeks, FIELDS, PROBE_FIELDS
        )
        scenarios = np.array([s for s, *_ in group])
        at = np.array([k for _, k, _ in group])
        for is_base in (True, False):
            chosen = np.flatnonzero((scenarios == 0) == is_base)
            if not len(chosen):
                continue
            found = summarise(
                _part_of(series, chosen),
                None if probes is None else _part_of(probes, chosen),
                baseline=None if is_base else _part_of(base, at[chosen]),
                shock_week=plan.probe_week,
            )
            for name, one in found.items():
                values[name][scenarios[chosen], at[chosen]] = one
    index = pd.MultiIndex.from_product(
        [[x.name for x in plan.scenarios], worlds], names=["scenario", "replicate"]
    )
    return pd.DataFrame({name: x.ravel() for name, x in values.items()}, index=index)


def _part_of(columns: dict[str, np.ndarray], rows: np.ndarray) -> dict[str, np.ndarray]:
    return {name: column[rows] for name, column in columns.items()}


def _in_order_on_disk(
    entries: Sequence[Sequence[Entry]],
) -> Iterator[list[tuple[int, int, Entry]]]:
    """Yield (scenario, world, entry) in their order on disk, `MOST_AT_ONCE` a batch."""
    found = [(s, k, x) for s, row in enumerate(entries) for k, x in enumerate(row)]
    found.sort(key=lambda one: (one[2].shard, one[2].place))
    for start in range(0, len(found), MOST_AT_ONCE):
        yield found[start : start + MOST_AT_ONCE]


def convergence_of(plan: StudyPlan, summaries: pd.DataFrame) -> pd.DataFrame:
    """Return estimates and half-widths of paired differences after n worlds.

    The intervals hold simultaneously over all scenarios.
    """
    rows = []
    base, *others = (scenario.name for scenario in plan.scenarios)
    precision = plan.study.precision
    level = paired.level_together(len(others))
    names = precision.half_widths if precision else HEADLINES
    for outcome in names:
        start = summaries.loc[base, outcome].to_numpy()
        for other in others:
            apart = summaries.loc[other, outcome].to_numpy() - start
            for n in _looks(len(apart)):
                interval = paired.t_interval(apart[:n], level)
                rows.append(
                    {
                        "scenario": other,
                        "outcome": outcome,
                        "worlds": n,
                        "difference": interval.estimate,
                        "half_width": (interval.high - interval.low) / 2,
                        "sd": interval.sd,
                    }
                )
    columns = ["scenario", "outcome", "worlds", "difference", "half_width", "sd"]
    return pd.DataFrame(rows, columns=columns)


def _looks(worlds: int) -> list[int]:
    """Return the numbers of worlds at which to look: a few early ones and the last."""
    early = {int(FIRST_LOOK * 1.2**k) for k in range(60)}
    last = set(range(max(2, worlds - LOOK_AHEAD), worlds + 1))
    return sorted(n for n in early | last if 2 <= n <= worlds)


def reached_of(
    precision: Precision | None, convergence: pd.DataFrame
) -> dict[str, int] | None:
    """Return by outcome the number of worlds if its precision is reached, else 0.

    It must hold for every scenario, after the last world and those just before it
    (`LOOK_AHEAD`), and after at least `FIRST_LOOK` worlds. None without a precision or
    a difference.
    """
    if precision is None or convergence.empty:
        return None
    worlds = int(convergence["worlds"].max())
    reached = {}
    for outcome, width in precision.half_widths.items():
        rows = convergence[convergence["outcome"] == outcome]
        last = rows[rows["worlds"] >= max(2, worlds - LOOK_AHEAD)]
        known = last["half_width"].notna() & (last["half_width"] <= width)
        reached[outcome] = worlds if worlds >= FIRST_LOOK and known.all() else 0
    return reached


def needed_of(precision: Precision, convergence: pd.DataFrame) -> dict[str, int]:
    """Return by outcome how many worlds its precision would take.

    Outcomes without a known standard deviation are left out.
    """
    worlds = convergence["worlds"].max()
    last = convergence[convergence["worlds"] == worlds]
    level = paired.level_together(last["scenario"].nunique())
    needed = {}
    for outcome, width in precision.half_widths.items():
        sds = last.loc[last["outcome"] == outcome, "sd"].dropna()
        if len(sds):
            needed[outcome] = paired.replicates_needed(float(sds.max()), width, level)
    return needed


@checks_numbers
def with_replicates(study: Study, replicates: int | None) -> Study:
    """Return the study with this number of replicates; unchanged where None."""
    return study if replicates is None else replace(study, replicates=replicates)
