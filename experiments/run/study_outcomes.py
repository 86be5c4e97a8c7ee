"""What a study gives: the outcomes of its worlds, read back from the store."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from experiments.errors import InputError
from experiments.run import relearning
from experiments.run.convergence import convergence_of, reached_of
from experiments.run.replicates import Failure, Replicates
from experiments.run.shards import Entry
from experiments.run.store import Store
from experiments.run.study_plans import StudyPlan
from experiments.statistics import paired
from experiments.statistics.intervals import mean_of, present
from simulation.measures import FIELDS, MONEY_FIELDS, PROBE_FIELDS, summarise
from simulation.outcomes import OUTCOMES

MOST_AT_ONCE = 2_000
"""Runs whose weeks are held in memory at a time."""


class NothingYet(InputError):
    """No world is complete for all scenarios of a study."""


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
        """Return the values of an outcome, of shape (scenarios, worlds).

        Times to relearn are nan for a scenario of which half the worlds or more end
        before half is relearned.
        """
        values = self._known[outcome]
        return values.to_numpy().reshape(len(self.names), -1)

    @cached_property
    def _known(self) -> pd.DataFrame:
        return relearning.without_unended(self.summaries, self.observed)

    @property
    def observed(self) -> int | None:
        """Weeks lived after the market shift, None if there is none."""
        week = self.plan.probe_week
        return None if week is None else self.plan.weeks - week - 1

    def remarks(self, language: str) -> list[str]:
        """Tell where runs end before half is relearned after the market shift."""
        share = relearning.share_unended(self.summaries, self.observed)
        return relearning.remarks_on(share, self.observed, language)

    def reported(self) -> dict[str, dict[str, list[float | None]]]:
        """Return [estimate, low, high] of every difference: scenario -> outcome.

        Numbers that are not finite are None.
        """
        others = self.names[1:]
        ends_of: dict[str, dict] = {name: {} for name in others}
        for outcome in OUTCOMES if others else ():
            for name, one in zip(others, self.apart(outcome), strict=True):
                ends = (one.estimate, one.low, one.high)
                ends_of[name][outcome] = [x if np.isfinite(x) else None for x in ends]
        return ends_of

    def differences(self) -> pd.DataFrame:
        """Return a row per outcome and scenario: its paired difference from the base.

        The intervals of one outcome hold simultaneously over all scenarios.
        """
        base, *others = self.names
        rows = []
        for name, outcome in OUTCOMES.items():
            start, *ends = self.by_scenario(name)
            intervals = self.apart(name)
            for other, values, interval in zip(others, ends, intervals, strict=True):
                rows.append(
                    {
                        "scenario": other,
                        "base": base,
                        "outcome": name,
                        "base_mean": mean_of(present(start)[0]),
                        **interval.columns("difference"),
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
    interval = paired.t_interval(differences, paired.level_together(scenarios))
    return replace(interval, level=paired.LEVEL, method="sidak")


def read_back(
    plan: StudyPlan, store: Store, replicates: int, interrupted: bool = False
) -> StudyResult:
    """Read from the store the worlds of a study that every scenario has completed.

    Raises `NothingYet` if there are none.
    """
    there = store.entries()
    ids = ids_of(plan, store, replicates)
    whole = [
        r
        for r, row in enumerate(ids)
        if all(x in there and there[x].weeks >= plan.weeks for x in row)
    ]
    failures = failures_of(plan, store, ids)
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


def ids_of(plan: StudyPlan, store: Store, replicates: int) -> list[list[str]]:
    """Return the ids of all runs: a list per replicate, one id per scenario."""
    count = range(len(plan.scenarios))
    return [[plan.key(store, s, r).id for s in count] for r in range(replicates)]


def failures_of(
    plan: StudyPlan, store: Store, ids: Sequence[Sequence[str]]
) -> tuple[Failure, ...]:
    """Return the failures of runs whose ids, as of `ids_of`, are among these."""
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
            outcomes = summarise(
                _part_of(series, chosen),
                None if probes is None else _part_of(probes, chosen),
                baseline=None if is_base else _part_of(base, at[chosen]),
                shock_week=plan.probe_week,
            )
            for name, one in outcomes.items():
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
    places = [(s, k, x) for s, row in enumerate(entries) for k, x in enumerate(row)]
    places.sort(key=lambda one: (one[2].shard, one[2].place))
    for start in range(0, len(places), MOST_AT_ONCE):
        yield places[start : start + MOST_AT_ONCE]
