"""The worlds in which a claim is tested: its contrast laid on organisations at random.

A claim contrasts scenarios that ship. The structural numbers in which these differ are
laid over organisations of the mixed population; all other numbers stay as drawn. Every
set of parameters has organisations of its own, each in one world in which all scenarios
of the claim live.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import numpy as np

from experiments.claims import Claim, claims
from experiments.claims.alternatives import Rule, find_rule
from experiments.evidence.population import population, under
from experiments.kept import Row
from experiments.runner import PROBE_WEEK
from simulation.measures import summarise
from simulation.outcomes import find
from simulation.scenario import Resolved, read
from simulation.scenario_values import HEADS, Stage, Values
from simulation.tables import lever_table

WARM_UP_WEEKS = 52


@dataclass(frozen=True)
class Drawn:
    """What an organisation of the population was drawn as, for finding conditions."""

    people: int
    levers: Mapping[str, str]


@cache
def shipped(name: str) -> Resolved:
    """Return a scenario that ships."""
    return read(name)


@cache
def contrast(names: tuple[str, ...]) -> frozenset[str]:
    """Return the structural numbers in which scenarios differ at any time.

    With all others of the levers in which they differ.

    >>> sorted(contrast(("assigned", "owned")))
    ['items_chosen_by_executor', 'items_decided_by_executor']
    """
    stages = [stage for name in names for stage in shipped(name).stages]
    first = stages[0]
    found = {
        n
        for n, value in first.structure.items()
        if any(stage.structure[n] != value for stage in stages)
    }
    for name, lever in lever_table().items():
        if any(stage.levers[name] != first.levers[name] for stage in stages):
            found |= {n for numbers in lever.settings.values() for n in numbers}
    return frozenset(found)


@cache
def moved(names: tuple[str, ...]) -> frozenset[str]:
    """Return the levers that a contrast sets, whatever an organisation was drawn with.

    >>> sorted(moved(("assigned", "owned")))
    ['mandate']
    """
    numbers = contrast(names)
    return frozenset(
        name
        for name, lever in lever_table().items()
        if any(number in numbers for x in lever.settings.values() for number in x)
    )


def laid_on(organisation: Resolved, name: str, numbers: frozenset[str]) -> Resolved:
    """Return an organisation that goes the way of a scenario in these numbers."""
    scenario = shipped(name)
    stages = tuple(_over(organisation.stages[-1], s, numbers) for s in scenario.stages)
    first = replace(stages[0], week=-WARM_UP_WEEKS)
    return replace(
        organisation,
        name=name,
        stages=(first, *stages[1:]),
        weeks=scenario.weeks,
        warm_up_weeks=WARM_UP_WEEKS,
        scenario=None,
    )


def _over(base: Stage, stage: Stage, numbers: frozenset[str]) -> Stage:
    taken = {name: stage.structure[name] for name in numbers}
    return replace(stage, structure=Values({**base.structure, **taken}))


@lru_cache(maxsize=4)
def organisations(count: int, seed: int, size: str | None) -> tuple[Resolved, ...]:
    """Return the organisations over which a claim is tested."""
    return population(count, seed, size=size)


def drawn(count: int, seed: int, size: str | None) -> list[Drawn]:
    """Return what these organisations were drawn as."""
    return [
        Drawn(sum(_heads(one)), one.stages[-1].levers)
        for one in organisations(count, seed, size)
    ]


def _heads(one: Resolved) -> list[int]:
    return [getattr(one.organisation, name) for name in HEADS]


def lived(
    claim: str,
    parameters: Mapping[str, float],
    first: int,
    each: int,
    total: int,
    seed: int,
    rule: str | None = None,
    size: str | None = None,
) -> Row:
    """Return the outcome of a claim in each of its scenarios, under some parameters.

    Organisations `first` to `first` + `each` of `total`, of `size` or else of the size
    that the claim is about. The row has `values`: a list
    for each organisation, with one value for each scenario of the claim.
    """
    one = {x.id: x for x in claims()}[claim]
    other = find_rule(rule) if rule is not None else None
    numbers = contrast(one.scenarios)
    chosen = {**parameters, **(other.parameters if other else {})}
    values = []
    for k in range(first, first + each):
        organisation = under(organisations(total, seed, size or one.size)[k], chosen)
        ways = [laid_on(organisation, name, numbers) for name in one.scenarios]
        values.append([_outcome(one, way, seed, k, other) for way in ways])
    return {"values": values}


def _outcome(
    claim: Claim, scenario: Resolved, seed: int, replicate: int, rule: Rule | None
) -> float | None:
    """Return the outcome of a claim in one world; None where there is none."""
    from simulation.ensemble.worlds import Job, live_world

    probed = find(claim.outcome).needs == "probe"
    week = min(PROBE_WEEK, scenario.weeks // 2) if probed else None
    founder: Any = _Founder(scenario, rule)
    run = live_world(Job(founder, seed, replicate, scenario.weeks, week))
    names = [claim.outcome]
    found = summarise(run.series, run.probe, names, shock_week=run.shock_week)
    value = found[claim.outcome]
    return float(value) if np.isfinite(value) else None


class _Founder:
    """Founds worlds, and rearranges them as a null model asks."""

    def __init__(self, scenario: Resolved, rule: Rule | None) -> None:
        from simulation.founding import Founder

        self.founder = Founder(scenario)
        self.rearrange = rule.rearrange if rule else None

    def found(self, seed: int, replicate: int) -> Any:
        state = self.founder.found(seed, replicate)
        if self.rearrange:
            self.rearrange(state)
        return state
