"""Null models: the same organisation without the structure that a conclusion is about.

A conclusion that survives its null model is not a finding about structure: an effect
that is as large with shuffled ties says nothing about who meets whom.

>>> from experiments.science.nulls import survival
>>> survival("owned", "baseline", "burnout", nulls=["no_ties"])  # doctest: +SKIP
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from experiments.compare.causes import Named, checked_outcome, paired_scenarios
from experiments.errors import InputError, did_you_mean
from experiments.run.relearning import PROBE_WEEK
from experiments.run.replay import live
from experiments.run.workers import run_calls
from experiments.statistics import paired
from experiments.statistics.intervals import Interval
from experiments.statistics.verdicts import clear_sign
from simulation.chance import uniform
from simulation.measures import summarise
from simulation.model import Organisation
from simulation.outcomes import find
from simulation.purposes import SHUFFLE_OF_TIES
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers


@dataclass(frozen=True)
class Null:
    """A null model: what it removes, which parameters it sets, what it rearranges."""

    name: str
    meaning: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    rearrange: Callable[[Any], None] | None = None


@dataclass(frozen=True)
class NullEffect:
    """An effect on an outcome, as it is and under a null model.

    `effect` and `under_null` are paired differences, scenario minus baseline. `verdict`
    is `survives` (same sign, beyond zero and the smallest difference that matters),
    `gone` (surely below that difference, or beyond zero on the other side), `unclear`,
    or `no effect` if there was none to begin with.
    """

    null: str
    outcome: str
    effect: Interval
    under_null: Interval
    verdict: str


def shuffle_ties(state: Any) -> None:
    """Permute people over the places of the graph.

    Every place keeps its ties, their hours and its degree. Draws are addressed by seat,
    so that paired scenarios are shuffled alike.
    """
    people, key = state.people, state.firm.key[0]
    drawn = [uniform(key, SHUFFLE_OF_TIES, 0, int(seat), 0) for seat in people.seat]
    new = np.argsort(drawn, kind="stable")
    state.ties.a[:], state.ties.b[:] = new[state.ties.a], new[state.ties.b]
    first, last = people.first_tie.copy(), people.last_tie.copy()
    old = state.neighbours.copy()
    start = 0
    for i, place in enumerate(np.argsort(new, kind="stable")):
        ties = old[first[place] : last[place]]
        rows = state.neighbours[start : start + len(ties)]
        rows["person"], rows["tie"] = new[ties["person"]], ties["tie"]
        people.first_tie[i], people.last_tie[i] = start, start + len(ties)
        start += len(ties)


def drop_ties(state: Any) -> None:
    """Remove all contact: ties keep their ends and lose their hours."""
    state.hours[:] = 0.0


NULLS = MappingProxyType(
    {
        null.name: null
        for null in (
            Null(
                "shuffled_ties",
                "people change places in the graph: same degrees and hours",
                rearrange=shuffle_ties,
            ),
            Null("no_ties", "nobody meets anybody", rearrange=drop_ties),
            Null(
                "strain_without_support",
                "support takes nothing away from strain",
                {"strain_support": 0.0},
            ),
            Null(
                "learning_without_strategy",
                "the strategy learns from nobody, and nobody learns from it",
                {"strategy_learning": 0.0, "socialisation": 0.0},
            ),
        )
    }
)
"""The null models that ship, by name."""


def find_null(name: str) -> Null:
    """Return the null model of that name; raise InputError with the nearest name."""
    if name in NULLS:
        return NULLS[name]
    hint = did_you_mean(name, NULLS) or f"; there are {', '.join(NULLS)}"
    raise InputError(f"unknown null model {name!r}{hint}")


def with_null(model: Organisation, name: str) -> Organisation:
    """Put an organisation that has not started under a null model, and return it.

    Founding is unchanged: the same people, market and initial beliefs. Raises
    InputError for an unknown name, ValueError if the organisation has already started.
    """
    null = find_null(name)
    if model.week != -model.scenario.warm_up_weeks:
        raise ValueError(
            f"null {name}: the organisation is already in week {model.week}"
        )
    for parameter, value in null.parameters.items():
        model.state.parameters[parameter] = value
    if null.rearrange:
        null.rearrange(model.state)
    return model


@checks_numbers
def survival(
    scenario: Named,
    baseline: Named,
    outcome: str,
    nulls: Sequence[str] | None = None,
    replicates: int = 20,
    seed: int = 1,
    workers: int | None = None,
) -> tuple[NullEffect, ...]:
    """Return whether a scenario's effect on an outcome survives each null model.

    Both scenarios run in the same worlds, as they are and under each null model (None:
    all that ship). Raises InputError for unknown nulls, outcomes or scenarios.
    """
    names = [find_null(name).name for name in (NULLS if nulls is None else nulls)]
    checked_outcome(outcome)
    pair = paired_scenarios(scenario, baseline)
    calls = [(*pair, names, outcome, seed, r) for r in range(replicates)]
    effects = np.full((replicates, 1 + len(names)), np.nan)
    for r, result in enumerate(run_calls(_effects, calls, workers)):
        if result is not None:
            effects[r] = result
    plain, *under = (paired.mean_interval(column) for column in effects.T)
    return tuple(
        NullEffect(name, outcome, plain, one, _verdict(plain, one, outcome))
        for name, one in zip(names, under, strict=True)
    )


def _effects(
    scenario: ResolvedScenario,
    baseline: ResolvedScenario,
    names: Sequence[str],
    outcome: str,
    seed: int,
    replicate: int,
) -> list[float]:
    """Return scenario minus baseline in one world: as is, then under each null."""
    return [
        _value(scenario, name, outcome, seed, replicate)
        - _value(baseline, name, outcome, seed, replicate)
        for name in (None, *names)
    ]


def _value(
    scenario: ResolvedScenario,
    null: str | None,
    outcome: str,
    seed: int,
    replicate: int,
) -> float:
    model = Organisation(scenario, seed, replicate)
    if null:
        with_null(model, null)
    probed = find(outcome).needs == "probe"
    run = live(model, min(PROBE_WEEK, scenario.weeks // 2) if probed else None)
    values = summarise(run.series, run.probe, [outcome], shock_week=run.shock_week)
    return values[outcome]


def _verdict(effect: Interval, under: Interval, outcome: str) -> str:
    smallest = find(outcome).smallest_difference
    sign = clear_sign(effect, smallest)
    if not sign:
        return "no effect"
    if sign < 0:
        under = replace(
            under, estimate=-under.estimate, low=-under.high, high=-under.low
        )
    if clear_sign(under, smallest) > 0:
        return "survives"
    return "gone" if under.high <= smallest else "unclear"
