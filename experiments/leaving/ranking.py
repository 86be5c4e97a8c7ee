"""Whose leaving costs most, how long it is felt, and what changes that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments.advise.moves import Move, today
from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.leaving.holdings import HELD
from experiments.leaving.units import Unit
from experiments.leaving.worlds import (
    EVERY,
    LeavingDesign,
    LeavingResult,
    live_leavings,
)
from experiments.statistics.intervals import Interval, mean_known
from experiments.statistics.paired import (
    good_sign,
    groups,
    paired_difference,
    simultaneous_intervals,
)
from experiments.statistics.verdicts import Verdict, clear_sign, verdict_on
from simulation.outcomes import HEADLINES, OUTCOMES
from simulation.scenario import ResolvedScenario, vary
from simulation.tables import lever_table

RANKED = (*HEADLINES, "fitting_leads")
"""Outcomes by which seats are ranked, unless others are asked for."""
HELPING = ("anchoring=written", "profiles=t_shaped", "shared_tools=present")
"""Moves of which it is told whether they soften the loss."""
OPPOSITE = {"higher": "lower", "lower": "higher"}


@dataclass(frozen=True)
class Felt:
    """How long a loss is felt: `weeks` from leaving to the end of the last clear loss.

    `weeks` is 0 if no period has a clear loss, and None if the last period simulated
    still has one. `worst` is the difference in the period in which it is worst, in the
    outcome's unit, and `first` the number of weeks from leaving to its start.
    """

    weeks: int | None
    worst: Interval
    first: int


@dataclass(frozen=True)
class LeavingRanking:
    """The leavings of `units`, and those of some of them under each of `moves`.

    `under` has the results under each move, of the units `followed` (indices into
    `units`).
    """

    found: LeavingResult
    units: tuple[Unit, ...]
    moves: tuple[Move, ...] = ()
    under: tuple[LeavingResult, ...] = ()
    followed: tuple[int, ...] = ()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that are measured."""
        return self.found.design.outcomes

    @cached_property
    def _effects(self) -> dict[str, tuple[Interval, ...]]:
        return {x: simultaneous_intervals(self.found.lost[x]) for x in self.outcomes}

    def effects(self, outcome: str) -> tuple[Interval, ...]:
        """Return the effect of each unit's leaving, with simultaneous intervals."""
        return self._effects[outcome]

    def verdict(self, outcome: str, unit: int) -> Verdict:
        """Return the verdict on what a unit's leaving changes."""
        effect = self.effects(outcome)[unit]
        return verdict_on(effect, OUTCOMES[outcome].smallest_difference)

    def by_harm(self, outcome: str) -> list[int]:
        """Return the units, the most harmful first."""
        sign = good_sign(OUTCOMES[outcome].good)
        effects = self.effects(outcome)
        known = [k for k in range(len(self.units)) if effects[k].known]
        return sorted(known, key=lambda k: sign * effects[k].estimate)

    def hurting(self, outcome: str) -> list[int]:
        """Return the units whose leaving surely does harm, the most harmful first."""
        sign = good_sign(OUTCOMES[outcome].good)
        sure = (Verdict.CLEAR, Verdict.SLIGHT)
        return [
            k
            for k in self.by_harm(outcome)
            if self.verdict(outcome, k) in sure
            and sign * self.effects(outcome)[k].estimate < 0
        ]

    def alike(self, outcome: str) -> tuple[int, ...]:
        """Return the units that cannot be told apart from the most harmful one."""
        good = OUTCOMES[outcome].good
        first, *_ = groups(self.found.lost[outcome], OPPOSITE.get(good, good))
        return first

    def over_time(self, outcome: str, unit: int) -> np.ndarray:
        """Return what a unit's leaving changes by period, (worlds, points)."""
        return self.found.over_time[outcome][:, unit]

    def felt(self, outcome: str, unit: int) -> Felt | None:
        """Return how long a loss is felt; None of outcomes not followed over time."""
        if outcome not in self.found.over_time:
            return None
        one, sign = OUTCOMES[outcome], good_sign(OUTCOMES[outcome].good)
        periods = simultaneous_intervals(self.over_time(outcome, unit))
        bad = [
            k
            for k, x in enumerate(periods)
            if x.known and clear_sign(x, one.smallest_difference) == -sign
        ]
        harm = [-sign * x.estimate if x.known else -np.inf for x in periods]
        worst = int(np.argmax(harm))
        weeks: int | None = EVERY * (bad[-1] + 1) if bad else 0
        if bad and bad[-1] == len(periods) - 1:
            weeks = None
        return Felt(weeks, periods[worst], EVERY * worst)

    def held(self, unit: int) -> np.ndarray:
        """Return what a unit's seats hold, where they are filled: means of `HELD`."""
        held: np.ndarray = mean_known(self.found.held[:, unit], 0)
        return held

    @property
    def knows_most(self) -> int:
        """The unit, of those followed, that knows most of its own work."""
        own = HELD.index("own")
        return max(self.followed, key=lambda k: float(self.held(k)[own]))

    @property
    def losses(self) -> list[tuple[int, str]]:
        """The (unit, outcome) pairs of which it is told how moves change the loss."""
        pairs = [(k, x) for x in self.outcomes for k in self.hurting(x)[:1]]
        return pairs or [(k, self.outcomes[0]) for k in self.followed]

    def softened(self, move: int, outcome: str, unit: int) -> "Softened":
        """Return what becomes of the loss in an outcome if a move is made."""
        here = self.found.lost[outcome][:, unit]
        there = self.under[move].lost[outcome][:, self.followed.index(unit)]
        nothing = np.zeros(len(here))
        pairs = (nothing, here), (nothing, there), (here, there)
        return Softened(*(paired_difference(*pair) for pair in pairs))


class Softened(NamedTuple):
    """The effect of leaving: `here`, `there` (under a move), and there minus here."""

    here: Interval
    there: Interval
    apart: Interval


def moves_that_help(organisation: ResolvedScenario) -> tuple[Move, ...]:
    """Return the moves of `HELPING` that are not made already."""
    levers = organisation.stages[0].levers
    moves = [Move(*text.split("=")) for text in HELPING]
    return tuple(x for x in moves if levers[x.lever] != x.setting)


def rank_leavings(
    design: LeavingDesign,
    units: Sequence[Unit],
    moves: Sequence[Move],
    folder: Path,
    workers: int | None = None,
    progress: Progress | None = None,
) -> LeavingRanking:
    """Simulate the leavings of all units; under moves, those of the most harmful ones.

    A move is made as if it had always been so.
    """
    ranking = LeavingRanking(
        live_leavings(design, folder, workers, progress), tuple(units)
    )
    first = [k for x in design.outcomes for k in ranking.hurting(x)[:1]]
    followed = tuple(dict.fromkeys(first or ranking.by_harm(design.outcomes[0])[:1]))
    seats = tuple(units[k].seats for k in followed)
    under = []
    for move in moves:
        there = with_move(design.organisation, move)
        other = replace(design, organisation=there, units=seats)
        under.append(live_leavings(other, folder, workers, progress))
    return replace(ranking, moves=tuple(moves), under=tuple(under), followed=followed)


def with_move(organisation: ResolvedScenario, move: Move) -> ResolvedScenario:
    """Return an organisation in which a move has always been made.

    Raises `InputError` for one that has no scenario to vary.
    """
    lever = lever_table()[move.lever]
    if organisation.scenario is None:
        raise InputError(f"{organisation.name}: has no scenario to vary")
    settings = {lever.name: move.setting}
    varied = today(vary(organisation, str(move), levers=settings))
    return replace(varied, weeks=organisation.weeks, leavers=())
