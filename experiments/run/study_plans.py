"""What a study is to run: its scenarios, their keys in the store, and missing runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from experiments.errors import InputError
from experiments.run.relearning import probe_week_of
from experiments.run.runner import to_one_horizon
from experiments.run.shards import RunKey
from experiments.run.store import Store, digest
from experiments.run.study import Study
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers


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
    """Numbers of runs of a study that are done and to do, for so many replicates."""

    done: int
    to_do: int
    replicates: int


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


def remaining_of(plan: StudyPlan, store: Store, replicates: int) -> Remaining:
    """Return how many runs of these replicates are done and to do."""
    to_do = len(missing_of(plan, store, replicates))
    return Remaining(size_of(plan, replicates) - to_do, to_do, replicates)


def size_of(plan: StudyPlan, replicates: int) -> int:
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


@checks_numbers
def with_replicates(study: Study, replicates: int | None) -> Study:
    """Return the study with this number of replicates; unchanged where None."""
    return study if replicates is None else replace(study, replicates=replicates)
