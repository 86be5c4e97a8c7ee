"""Which lever first: the effect of every move alone, and on request of every pair.

Effects are paired differences from doing nothing, at the organisation's own parameters.
The share of plausible parameter sets in which a move helps comes from other worlds,
with drawn parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np

from experiments.advise.branching import BranchingDesign, BranchingResult, live_plans
from experiments.advise.moves import Move, Plan, Way, moves_of
from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.run.parameter_sets import hypercube
from experiments.statistics.deciding import deciding
from experiments.statistics.intervals import Interval
from experiments.statistics.paired import (
    good_sign,
    groups,
    share_better,
    simultaneous_intervals,
)
from experiments.statistics.shares import SignShare, set_means, share_of_sets
from simulation.outcomes import HEADLINES, OUTCOMES
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

NOTHING = Plan("nothing")
WORLDS_A_SET = 4
"""Worlds for each set of parameters."""
FEWEST_SETS = 16
"""Sets from which a share of them can be told."""
RANKED = (*HEADLINES, "margin")
"""Outcomes by which moves are ranked."""


@dataclass(frozen=True)
class Road:
    """The costs of a plan, in the worlds in which it changes something.

    `hours` are one-off hours per person, `once` the one-off cost of the change in
    euros, hours included, and `weekly` the extra cost per week afterwards, in euros:
    means over worlds. `dip` is the mean of `dip_depth`; `payback` is the median of
    `payback_weeks`, so that a few worlds that never pay back do not move it.
    """

    hours: float
    once: float
    weekly: float
    dip: float
    payback: float


@dataclass(frozen=True)
class Ranking:
    """The results of moves and pairs from today; plan 0 is doing nothing.

    `here` has worlds with the organisation's own parameters, `over_sets` worlds with
    drawn values of the uncertain ones: `WORLDS_A_SET` of each of `sets`, in turn. Where
    something of today is unknown, effects are over the worlds in which a plan changes
    anything.
    """

    here: BranchingResult
    over_sets: BranchingResult | None
    sets: tuple[dict[str, float], ...]

    @property
    def plans(self) -> tuple[Way, ...]:
        """All simulated plans, doing nothing first."""
        return self.here.design.plans

    def so_already(self, plan: int) -> float:
        """Return the share of worlds in which a plan changes nothing."""
        return float(1 - self.here.made[plan].mean())

    @cached_property
    def _effects(self) -> dict[str, tuple[Interval, ...]]:
        return {name: self._effect(name) for name in OUTCOMES}

    def _effect(self, outcome: str) -> tuple[Interval, ...]:
        return simultaneous_intervals(_gained(self.here, outcome)[1:].T)

    def effects(self, outcome: str) -> tuple[Interval, ...]:
        """Return the effect of each plan except doing nothing: plan minus nothing.

        In the outcome's unit, with simultaneous intervals over the plans.
        """
        return self._effects[outcome]

    def tiers(self, outcome: str) -> list[tuple[int, ...]]:
        """Return all plans, with doing nothing, in groups: see `paired.groups`.

        The first group cannot be told apart from the best.
        """
        return groups(_gained(self.here, outcome).T, OUTCOMES[outcome].good)

    def helps(self, outcome: str, plan: int) -> float:
        """Return the share of worlds in which a plan is better than doing nothing."""
        gained = _gained(self.here, outcome)[plan]
        return share_better(np.zeros(len(gained)), gained, OUTCOMES[outcome].good)

    def _over_sets(self, outcome: str, plan: int) -> np.ndarray:
        """Return effects (sets, worlds), above zero where a plan is better."""
        assert self.over_sets is not None
        gained = _gained(self.over_sets, outcome)[plan]
        return better(gained.reshape(WORLDS_A_SET, len(self.sets)).T, outcome)

    def holds(self, outcome: str, plan: int) -> SignShare | None:
        """Return the share of parameter sets in which a plan helps; None if too few."""
        if self.over_sets is None or len(self.sets) < FEWEST_SETS:
            return None
        return share_of_sets(self._over_sets(outcome, plan))

    def turns(self, outcome: str, plan: int) -> tuple[tuple[str, float], ...]:
        """Return the parameters on which a plan's effect depends.

        With rank correlations; empty where none stands out from chance.
        """
        if self.over_sets is None:
            return ()
        return deciding(set_means(self._over_sets(outcome, plan)), self.sets)

    def road(self, plan: int) -> Road:
        """Return the costs of a plan other than doing nothing."""
        return self._roads[plan - 1]

    @cached_property
    def _roads(self) -> tuple[Road, ...]:
        return tuple(self._road(plan) for plan in range(1, len(self.plans)))

    def _road(self, plan: int) -> Road:
        design, made = self.here.design, self.here.made[plan]
        weeks = design.today.weeks
        worlds = [int(r) for r in np.flatnonzero(made)]
        ways = [self.plans[plan].on(design.in_world(r)) for r in worlds]
        if design.alike:
            ways = ways[:1]
        later = [way.stages[1:] for way in ways]
        paid = np.mean([sum(stage.euros for stage in x) for x in later] or [0.0])
        hours = [sum(stage.hours_per_person for stage in x) for x in later] or [0.0]
        dearer = self.here.gained("cost")[plan, made].mean() * weeks / 52
        return Road(
            float(np.mean(hours)),
            float(self.here.of("change_cost")[plan, made].mean()),
            float((dearer - paid) / weeks),
            float(self.here.of("dip_depth")[plan, made].mean()),
            float(np.median(self.here.of("payback_weeks")[plan, made])),
        )

    def pairs(self) -> list[int]:
        """Return the indices of plans that are pairs of moves."""
        return [k for k, plan in enumerate(self.plans) if len(plan.moves) == 2]

    def interactions(self, outcome: str) -> dict[int, Interval]:
        """Return the effect of each pair minus the sum of its moves' effects, by plan.

        The intervals hold simultaneously over all pairs.
        """
        pairs = self.pairs()
        single = {
            p.moves[0][1]: k for k, p in enumerate(self.plans) if len(p.moves) == 1
        }
        gained = _gained(self.here, outcome)
        beyond = [
            gained[k] - sum(gained[single[move]] for _, move in self.plans[k].moves)
            for k in pairs
        ]
        if not beyond:
            return {}
        intervals = simultaneous_intervals(np.stack(beyond, 1))
        return dict(zip(pairs, intervals, strict=True))


def _gained(lived: BranchingResult, outcome: str) -> np.ndarray:
    """Return differences from doing nothing, nan where a plan changes nothing."""
    made = lived.made.copy()
    made[0] = True
    return np.where(made, lived.gained(outcome), np.nan)


def better(values: np.ndarray, outcome: str) -> np.ndarray:
    """Return values with a sign such that more is better."""
    return good_sign(OUTCOMES[outcome].good) * values


@checks_numbers
def rank(
    organisation: ResolvedScenario,
    moves: Sequence[Move] = (),
    pairs: bool = False,
    replicates: int = 100,
    sets: int = 64,
    seed: int = 1,
    folder: Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Ranking:
    """Simulate moves from an organisation as it is today, and rank them.

    All moves if none is named; `pairs` adds every two moves of different levers.
    `sets` points of a Latin hypercube over the uncertain parameters tell how far
    effects depend on these; 0 leaves them out. Raises `InputError` if no lever changes
    anything.
    """
    chosen = tuple(moves) or moves_of(organisation)
    if not chosen:
        raise InputError(f"{organisation.name}: no lever changes anything here")
    plans = (NOTHING, *plans_of(chosen, pairs))
    design = BranchingDesign(organisation, plans, replicates, seed)
    result = live_plans(design, folder, workers, progress)
    if not sets:
        return Ranking(result, None, ())
    points = tuple(hypercube(sets, seed))
    wide = BranchingDesign(
        organisation, plans, sets * WORLDS_A_SET, seed, RANKED, parameters=points
    )
    return Ranking(result, live_plans(wide, folder, workers, progress), points)


def runs_of(
    organisation: ResolvedScenario,
    moves: Sequence[Move],
    pairs: bool,
    replicates: int,
    sets: int,
) -> int:
    """Return the number of runs that `rank` takes."""
    plans = plans_of(tuple(moves) or moves_of(organisation), pairs)
    return (1 + len(plans)) * (replicates + sets * WORLDS_A_SET)


def plans_of(moves: Sequence[Move], pairs: bool = False) -> list[Plan]:
    """Return a plan for each move and, with `pairs`, for every two of other levers."""
    plans = [Plan.at_once([move]) for move in moves]
    if pairs:
        plans += [
            Plan.at_once(two)
            for two in combinations(moves, 2)
            if two[0].lever != two[1].lever
        ]
    return plans
