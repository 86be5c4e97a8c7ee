"""Measure what a comparison alone does not show: paths, levers, robustness, claims.

Each is measured for a scenario against the base, on the headline outcomes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.advise.atlas.effects import shapley_of
from experiments.advise.moves import Move
from experiments.compare.causes import PathShare
from experiments.report.compared import moved
from experiments.run.living import Means, World, outcomes_of
from experiments.run.parameter_sets import hypercube, under
from experiments.run.relearning import probe_week_of
from experiments.run.runner import to_one_horizon
from experiments.science.claims import Claim, claims
from experiments.science.claims.worlds import shipped
from experiments.statistics.deciding import deciding
from experiments.statistics.intervals import Interval
from experiments.statistics.paired import simultaneous_intervals
from experiments.statistics.shares import SignShare, share_of_sets
from simulation.outcomes import HEADLINES
from simulation.scenario import ResolvedScenario
from simulation.scenario_unknown import in_world
from simulation.scenario_values import Values
from simulation.tables import lever_table
from simulation.whole_numbers import checks_numbers

CUT_WORLDS = 8
LEVER_WORLDS = 20
SETS = 32
"""Sets of all unknown parameters."""
WORLDS_A_SET = 2
MOST_LEVERS = 6
"""Levers whose combinations are lived to share an effect out."""
ITSELF = {"burnout": ("exhaustion",), "learning_speed": ("beliefs",)}
"""Paths that hold what an outcome is read from: they tell nothing about why."""
VERDICTS = Path(__file__).parents[1] / "science" / "claims" / "verdicts.csv"
"""What came of every claim, as it ships."""


def why(found: Sequence[PathShare]) -> tuple[PathShare, ...]:
    """Return the paths that carry each headline effect, largest share first.

    Leaves out effects that are too small to tell, and paths that do not surely carry
    part of the effect.
    """
    sure = [
        one
        for one in found
        if one.share
        and one.share.low > 0
        and one.path not in ITSELF.get(one.outcome, ())
    ]
    return tuple(sorted(sure, key=_share_of, reverse=True))


def _share_of(one: PathShare) -> float:
    return one.share.estimate if one.share else 0.0


@checks_numbers
def lever_shares(
    base: ResolvedScenario,
    scenario: ResolvedScenario,
    seed: int = 1,
    workers: int | None = None,
    worlds: int = LEVER_WORLDS,
) -> Mapping[str, Mapping[Move, Interval]]:
    """Return each lever's share of each headline effect (Shapley values).

    Simulates all combinations of the levers that differ, each from its warm-up on, as
    scenario and base were, in `worlds` worlds. Returns outcome -> lever -> interval, in
    the outcome's unit. Empty if fewer than two or more than `MOST_LEVERS` levers
    differ, or if anything else than levers differs.
    """
    moves = moved(base, scenario)
    ways = _between(base, scenario, moves)
    if not 2 <= len(moves) <= MOST_LEVERS or ways is None:
        return {}
    probe = probe_week_of(base.weeks)
    each = [World(way, seed, r, probe) for way in ways for r in range(worlds)]
    values = outcomes_of(each, HEADLINES, Means(workers=workers))
    values = values.reshape(len(ways), worlds, -1)
    return {
        name: dict(zip(moves, _shares_of(values[..., k]), strict=True))
        for k, name in enumerate(HEADLINES)
    }


def _between(
    base: ResolvedScenario, scenario: ResolvedScenario, moves: Sequence[Move]
) -> list[ResolvedScenario] | None:
    """Return the organisations between base and scenario.

    Organisation k has the moves whose bit is one in k. None if levers do not explain
    the whole difference.
    """
    same = (base.organisation, base.parameters, len(base.stages), base.unknown) == (
        scenario.organisation,
        scenario.parameters,
        len(scenario.stages),
        scenario.unknown,
    )
    if not same:
        return None
    found = []
    for bits in product((False, True), repeat=len(moves)):
        chosen = [
            move for move, made in zip(moves, reversed(bits), strict=True) if made
        ]
        found.append(_with(base, scenario, chosen))
    last = found[-1]
    pairs = zip(last.stages, scenario.stages, strict=True)
    return found if all(a.structure == b.structure for a, b in pairs) else None


def _with(
    base: ResolvedScenario, scenario: ResolvedScenario, moves: Sequence[Move]
) -> ResolvedScenario:
    """Return the base with some of the scenario's levers, stage by stage."""
    stages = []
    for here, there in zip(base.stages, scenario.stages, strict=True):
        structure = dict(here.structure)
        for move in moves:
            settings = lever_table()[move.lever].settings
            names = {name for numbers in settings.values() for name in numbers}
            structure |= {name: there.structure[name] for name in names}
        effort = there if moves else here
        stages.append(replace(effort, week=here.week, structure=Values(structure)))
    name = "+".join(str(move) for move in moves) or base.name
    return replace(base, name=name, stages=tuple(stages))


def _shares_of(values: np.ndarray) -> tuple[Interval, ...]:
    return simultaneous_intervals(shapley_of(values).T)


@dataclass(frozen=True)
class Robust:
    """Robustness of an effect over sets of unknown parameters.

    `holds` is the share of sets in which the sign holds: see
    `experiments.statistics.shares`. `decided_by` are the parameters that decide the
    effect, with their rank correlations.
    """

    outcome: str
    effect: Interval
    holds: SignShare
    decided_by: tuple[tuple[str, float], ...]


@checks_numbers
def robustness(
    base: ResolvedScenario,
    scenario: ResolvedScenario,
    sets: int = SETS,
    seed: int = 1,
    workers: int | None = None,
) -> tuple[Robust, ...]:
    """Return the robustness of headline effects over sets of all unknown parameters.

    The share of sets is the share in which the effect has the sign of its mean.
    """
    pair = to_one_horizon([base, scenario])
    points = hypercube(sets, seed)
    probe = probe_week_of(pair[0].weeks)
    worlds = [
        World(under(in_world(way, seed, r), point), seed, r, probe)
        for s, point in enumerate(points)
        for r in range(s * WORLDS_A_SET, (s + 1) * WORLDS_A_SET)
        for way in pair
    ]
    values = outcomes_of(worlds, HEADLINES, Means(workers=workers))
    values = values.reshape(sets, WORLDS_A_SET, 2, -1)
    gaps = values[:, :, 1] - values[:, :, 0]
    return tuple(
        _robust(name, gaps[..., k], points) for k, name in enumerate(HEADLINES)
    )


def _robust(
    outcome: str, gaps: np.ndarray, points: Sequence[Mapping[str, float]]
) -> Robust:
    means = gaps.mean(1)
    [effect] = simultaneous_intervals(means[:, None])
    sign = -1.0 if effect.estimate < 0 else 1.0
    return Robust(outcome, effect, share_of_sets(sign * gaps), deciding(means, points))


def claims_touched(
    base: ResolvedScenario, scenario: ResolvedScenario
) -> tuple[Claim, ...]:
    """Return the judged claims about any lever in which scenario and base differ.

    Claims without a shipped verdict are left out.
    """
    levers = {move.lever for move in moved(base, scenario)}
    judged = [one for one in claims() if one.id in verdicts().index]
    return tuple(one for one in judged if levers & _levers_of(one))


def _levers_of(claim: Claim) -> set[str]:
    pair = (shipped(claim.base), shipped(claim.scenario))
    return {move.lever for move in moved(*pair)}


@cache
def verdicts() -> pd.DataFrame:
    """Return the shipped verdicts on claims, indexed by claim id."""
    return pd.read_csv(VERDICTS, keep_default_na=False).set_index("claim")
