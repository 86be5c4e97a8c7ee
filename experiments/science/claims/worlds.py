"""The worlds in which a claim is tested: its contrast in random organisations.

A claim contrasts arms: shipped scenarios or rows of the ledger's own. The structural
numbers in which the arms differ overwrite those of organisations of the mixed
population; all other numbers stay as drawn. Every parameter set has organisations of
its own, each with one world shared by all arms of the claim. Claims with the same arms
share these worlds.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from experiments.run.parameter_sets import under
from experiments.run.relearning import PROBE_WEEK
from experiments.run.row_cache import Row
from experiments.science.claims import Claim, claims
from experiments.science.claims.alternatives import AlternativeRule, find_rule
from experiments.science.claims.arms import Arm, find_arm
from experiments.science.claims.living import ArmRecords, live_arm
from experiments.science.claims.measuring import find_outcome, measure
from experiments.science.claims.readings import reading_table
from experiments.science.evidence.population import population
from simulation.scenario import ResolvedScenario
from simulation.scenario_values import HEADS, Stage, Values
from simulation.tables import lever_table

WARM_UP_WEEKS = 52
WORLDS_AT_HAND = 1_024
"""Worlds that a process remembers, of some 60 kB each."""


@dataclass(frozen=True)
class OrganisationDraw:
    """Head count and levers drawn for an organisation, used to find conditions."""

    people: int
    levers: Mapping[str, str]


@dataclass(frozen=True)
class PopulationPart:
    """A part of a population: `each` of `total` organisations, from `first` on."""

    first: int
    each: int
    total: int
    seed: int


def shipped(name: str) -> ResolvedScenario:
    """Return the scenario of an arm, a shipped one or one of the ledger."""
    return find_arm(name).scenario


@cache
def contrast(names: tuple[str, ...]) -> frozenset[str]:
    """Return the structural numbers in which arms differ at any time.

    Includes all numbers of the levers in which they differ, and all numbers that the
    ledger's own arms name.

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
    return frozenset(found.union(*(find_arm(name).numbers for name in names)))


@cache
def moved(names: tuple[str, ...]) -> frozenset[str]:
    """Return the levers whose drawn settings a contrast overwrites.

    >>> sorted(moved(("assigned", "owned")))
    ['mandate']
    """
    numbers = contrast(names)
    return frozenset(
        name
        for name, lever in lever_table().items()
        if any(number in numbers for x in lever.settings.values() for number in x)
    )


def laid_on(
    organisation: ResolvedScenario, name: str, numbers: frozenset[str]
) -> ResolvedScenario:
    """Return an organisation in which these numbers follow the stages of an arm."""
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
def organisations(
    count: int, seed: int, size: str | None
) -> tuple[ResolvedScenario, ...]:
    """Return the organisations over which a claim is tested."""
    return population(count, seed, size=size)


def drawn(count: int, seed: int, size: str | None) -> list[OrganisationDraw]:
    """Return the head count and levers of these organisations."""
    return [
        OrganisationDraw(sum(_heads(one)), one.stages[-1].levers)
        for one in organisations(count, seed, size)
    ]


def _heads(one: ResolvedScenario) -> list[int]:
    return [getattr(one.organisation, name) for name in HEADS]


def sharing(claim: Claim) -> tuple[str, ...]:
    """Return the ids of the claims, this one included, that share the same worlds."""
    arms = frozenset(claim.scenarios)
    return tuple(
        other.id
        for other in claims()
        if frozenset(other.scenarios) == arms and other.size == claim.size
    ) or (claim.id,)


def lived(
    claim: str,
    parameters: Mapping[str, float],
    part: PopulationPart,
    rule: str | None = None,
    size: str | None = None,
) -> Row:
    """Return the outcome of a claim in each of its scenarios, under some parameters.

    Simulates the organisations of `part`, of `size` or else of the size that the claim
    is about. The row has `values`: one list per
    organisation, with one value per scenario of the claim.
    """
    row = lived_together((claim,), parameters, part, rule, size)
    return {"values": row["values"][claim]}


def lived_together(
    names: Sequence[str],
    parameters: Mapping[str, float],
    part: PopulationPart,
    rule: str | None = None,
    size: str | None = None,
) -> Row:
    """Return the outcomes of claims that share worlds, as `lived` does, by claim.

    The claims must have the same arms and be about the same size.
    """
    by_name = {x.id: x for x in claims()}
    together = [by_name[name] for name in names]
    one = together[0]
    other = find_rule(rule) if rule is not None else None
    numbers = contrast(tuple(sorted(one.scenarios)))
    chosen = {**parameters, **(other.parameters if other else {})}
    values: dict[str, list] = {name: [] for name in names}
    drawn_from = organisations(part.total, part.seed, size or one.size)
    for k in range(part.first, part.first + part.each):
        organisation = under(drawn_from[k], chosen)
        ways = {x: laid_on(organisation, x, numbers) for x in one.scenarios}
        found = outcomes_of(together, ways, part.seed, k, other)
        for name in names:
            values[name].append(found[name])
    return {"values": values}


def outcomes_of(
    together: Sequence[Claim],
    ways: Mapping[str, ResolvedScenario],
    seed: int,
    replicate: int,
    rule: AlternativeRule | None = None,
) -> dict[str, list[float | None]]:
    """Return the outcomes of claims in one world, arm by arm; None where missing.

    `ways` are the scenarios to simulate, by the name of the arm.
    """
    weeks = max(claim.weeks for claim in together)
    probed = any(find_outcome(claim.outcome).needs == "probe" for claim in together)
    week = min(PROBE_WEEK, weeks // 2) if probed else None
    readings = tuple(x for x in reading_table() if x in {y.outcome for y in together})
    lives = {
        x: ArmWorld(find_arm(x), way, seed, replicate, weeks, week, readings, rule)
        for x, way in ways.items()
    }
    worlds = {name: _lived_once(life) for name, life in lives.items()}
    return {claim.id: _values(claim, worlds) for claim in together}


@dataclass(frozen=True, eq=False)
class ArmWorld:
    """One world of an arm before simulation; worlds with the same result are equal.

    Many contrasts leave an organisation with the values it was drawn with, so that
    their worlds are the same.
    """

    arm: Arm
    scenario: ResolvedScenario
    seed: int
    replicate: int
    weeks: int
    probe_week: int | None
    readings: tuple[str, ...]
    rule: AlternativeRule | None

    @cached_property
    def made_of(self) -> tuple:
        """Everything that determines the result of the world."""
        one, arm = self.scenario, self.arm
        stages = tuple(
            (x.week, x.hours_per_person, x.euros, *x.structure.items())
            for x in one.stages
        )
        files = (one.people_file, one.network_file)
        own = (one.organisation, tuple(one.parameters.items()), one.warm_up_weeks)
        intervenes = (one.leavers, arm.leaves, arm.in_week, arm.passed_by)
        run = (self.seed, self.replicate, self.weeks, self.probe_week, self.readings)
        rule = self.rule.name if self.rule else None
        return (stages, files, own, intervenes, run, rule)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ArmWorld) and self.made_of == other.made_of

    def __hash__(self) -> int:
        return hash(self.made_of)


@lru_cache(maxsize=WORLDS_AT_HAND)
def _lived_once(life: ArmWorld) -> ArmRecords:
    from simulation.ensemble.worlds import Job

    founder: Any = _Founder(life.scenario, life.rule)
    job = Job(founder, life.seed, life.replicate, life.weeks, life.probe_week)
    return live_arm(job, life.arm, life.readings)


def _values(claim: Claim, worlds: Mapping[str, ArmRecords]) -> list[float | None]:
    """Return a claim's outcome in each of its arms; None where it is missing."""
    found = [_outcome(claim, worlds[name]) for name in claim.scenarios]
    if claim.in_proportion:
        found[0] = _proportional(found, worlds[claim.scenario].share)
    return [x if math.isfinite(x) else None for x in found]


def _outcome(claim: Claim, world: ArmRecords) -> float:
    weeks = claim.weeks
    return measure(
        claim.outcome,
        world.series[:weeks],
        {name: pairs[:weeks] for name, pairs in world.readings.items()},
        None if world.probe is None else world.probe[:weeks],
        world.shock_week,
        claim.window,
    )


def _proportional(found: Sequence[float], share: float) -> float:
    """Return the outcome of the base if lacking a part cost only its share.

    `found` are the outcomes of the base, of the arm that lacks a part, and of the arm
    that lacks all.
    """
    whole, _, nothing = found
    return whole - share * (whole - nothing)


class _Founder:
    """A founder of worlds that rearranges them if the rule asks for it."""

    def __init__(
        self, scenario: ResolvedScenario, rule: AlternativeRule | None
    ) -> None:
        from simulation.founding import Founder

        self.founder = Founder(scenario)
        self.rearrange = rule.rearrange if rule else None

    def found(self, seed: int, replicate: int) -> Any:
        state = self.founder.found(seed, replicate)
        if self.rearrange:
            self.rearrange(state)
        return state
