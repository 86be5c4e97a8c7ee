"""Which lever first: every move alone, and every pair on request, from one today.

Effects are paired over worlds with doing nothing, at the values of the parameter table;
in which share of what is plausible a move helps comes from worlds of other parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np

from experiments.advice.branching import Asked, Lived, live
from experiments.advice.moves import Move, Plan, Way, moves_of
from experiments.claims.verdicts import deciding
from experiments.errors import InputError
from experiments.evidence.calibration import hypercube
from experiments.intervals import Interval
from experiments.progress import Progress
from experiments.shares import Share, share_of_sets
from experiments.statistics import best_group, share_better, simultaneous_intervals
from simulation.outcomes import OUTCOMES
from simulation.scenario import Resolved

HEADLINES = tuple(name for name, outcome in OUTCOMES.items() if outcome.headline)
NOTHING = Plan("nothing")
WORLDS_A_SET = 4
"""Worlds for each set of parameters."""
RANKED = (*HEADLINES, "margin")


@dataclass(frozen=True)
class Road:
    """What it takes to go a way, means over worlds.

    `hours` are hours for each person once, `once` what the change takes in all, hours
    priced, and `weekly` what the organisation then costs more each week, in euros;
    `dip` is the mean of the outcome of that name, `payback` the median, which a few
    worlds that never pay back do not move.
    """

    hours: float
    once: float
    weekly: float
    dip: float
    payback: float


@dataclass(frozen=True)
class Ranking:
    """Moves and pairs from today; plan 0 is doing nothing.

    `here` holds worlds at the values of the table, `over_sets` worlds of other
    parameters, `WORLDS_A_SET` of each of `sets` in turn.
    """

    here: Lived
    over_sets: Lived | None
    sets: tuple[dict[str, float], ...]

    @property
    def plans(self) -> tuple[Way, ...]:
        """Everything that was lived, doing nothing first."""
        return self.here.asked.plans

    @cached_property
    def _effects(self) -> dict[str, tuple[Interval, ...]]:
        return {name: self._effect(name) for name in OUTCOMES}

    def _effect(self, outcome: str) -> tuple[Interval, ...]:
        gained = self.here.gained(outcome)[1:].T
        return simultaneous_intervals(gained)

    def effects(self, outcome: str) -> tuple[Interval, ...]:
        """Return what each plan but doing nothing does, intervals that hold together.

        In the outcome's unit, plan minus nothing.
        """
        return self._effects[outcome]

    def tiers(self, outcome: str) -> list[tuple[int, ...]]:
        """Return plans, doing nothing among them, in groups that can't be told apart.

        The best group first: its plans are not surely worse than any other; then the
        best of those left, and so on.
        """
        values = self.here.of(outcome).T
        left = list(range(values.shape[1]))
        groups = []
        while left:
            best = best_group(values[:, left], OUTCOMES[outcome].good)
            groups.append(tuple(left[k] for k in best))
            left = [k for k in left if k not in groups[-1]]
        return groups

    def helps(self, outcome: str, plan: int) -> float:
        """Return the share of worlds in which a plan does better than nothing."""
        values = self.here.of(outcome)
        return share_better(values[0], values[plan], OUTCOMES[outcome].good)

    def _over_sets(self, outcome: str, plan: int) -> np.ndarray:
        """Return effects (sets, worlds), above zero where a plan does better."""
        assert self.over_sets is not None
        gained = self.over_sets.gained(outcome)[plan]
        effect = gained.reshape(WORLDS_A_SET, len(self.sets)).T
        return -effect if OUTCOMES[outcome].good == "lower" else effect

    def holds(self, outcome: str, plan: int) -> Share | None:
        """Return in which share of parameter sets a plan helps; None without any."""
        if self.over_sets is None:
            return None
        return share_of_sets(self._over_sets(outcome, plan))

    def turns(self, outcome: str, plan: int) -> tuple[tuple[str, float], ...]:
        """Return the parameters on which it hangs how much a plan helps.

        With rank correlations; empty where none stands out from chance.
        """
        if self.over_sets is None:
            return ()
        return deciding(self._over_sets(outcome, plan).mean(1), self.sets)

    def road(self, plan: int) -> Road:
        """Return what it takes to go a way."""
        weeks = self.here.asked.today.weeks
        stages = self.plans[plan].on(self.here.asked.today).stages[1:]
        once = float(self.here.of("change_cost")[plan].mean())
        dearer = float(self.here.gained("cost")[plan].mean()) * weeks / 52
        paid = sum(stage.euros for stage in stages)
        return Road(
            sum(stage.hours_per_person for stage in stages),
            once,
            (dearer - paid) / weeks,
            float(self.here.of("dip_depth")[plan].mean()),
            float(np.median(self.here.of("payback_weeks")[plan])),
        )

    def interaction(self, outcome: str, plan: int) -> Interval:
        """Return what a pair does beyond the sum of its moves, in worlds of the table.

        Intervals hold together over all pairs.
        """
        return self._interactions(outcome)[plan]

    def pairs(self) -> list[int]:
        """Return which plans are pairs."""
        return [k for k, plan in enumerate(self.plans) if len(plan.moves) == 2]

    def _interactions(self, outcome: str) -> dict[int, Interval]:
        pairs = self.pairs()
        single = {
            p.moves[0][1]: k for k, p in enumerate(self.plans) if len(p.moves) == 1
        }
        gained = self.here.gained(outcome)
        beyond = [
            gained[k] - sum(gained[single[move]] for _, move in self.plans[k].moves)
            for k in pairs
        ]
        if not beyond:
            return {}
        found = simultaneous_intervals(np.stack(beyond, 1))
        return dict(zip(pairs, found, strict=True))


def rank(
    organisation: Resolved,
    moves: Sequence[Move] = (),
    pairs: bool = False,
    replicates: int = 100,
    sets: int = 64,
    seed: int = 1,
    folder: Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Ranking:
    """Return what moves do from an organisation as it is today.

    All moves where none is named; `pairs` adds every two moves of different levers.
    `sets` points of a Latin hypercube over all that is unknown tell how far that hangs
    on it; 0 leaves them out. Raises `InputError` where nothing can be moved.
    """
    chosen = tuple(moves) or moves_of(organisation)
    if not chosen:
        raise InputError(f"{organisation.name}: no lever changes anything here")
    plans = (NOTHING, *plans_of(chosen, pairs))
    asked = Asked(organisation, plans, replicates, seed)
    here = live(asked, folder, workers, progress)
    if not sets:
        return Ranking(here, None, ())
    points = tuple(hypercube(sets, seed))
    wide = Asked(
        organisation, plans, sets * WORLDS_A_SET, seed, RANKED, parameters=points
    )
    return Ranking(here, live(wide, folder, workers, progress), points)


def plans_of(moves: Sequence[Move], pairs: bool = False) -> list[Plan]:
    """Return each move alone, and every two moves of different levers."""
    plans = [Plan.at_once([move]) for move in moves]
    if pairs:
        plans += [
            Plan.at_once(two)
            for two in combinations(moves, 2)
            if two[0].lever != two[1].lever
        ]
    return plans
