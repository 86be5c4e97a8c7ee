"""Plans compared: doing nothing, all at once, in the best order, and one's own.

What counts is the mean of an outcome over the whole horizon, so that dips and
half-done changes count. The best order is found in some worlds and told from others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.advice.branching import EVERY, Asked, Lived, live
from experiments.advice.levers import NOTHING, WORLDS_A_SET
from experiments.advice.moves import Move, Way
from experiments.atlas.combinations import HEADLINES, KEPT, check_size, combine
from experiments.atlas.steps import best_orders
from experiments.claims.verdicts import deciding
from experiments.errors import InputError
from experiments.evidence.calibration import hypercube
from experiments.intervals import Interval, t_interval
from experiments.progress import Progress
from experiments.statistics import best_group, simultaneous_intervals
from simulation.outcomes import OUTCOMES
from simulation.scenario import Resolved

MOST_MOVES = 8
"""Moves of which all combinations are lived to find an order."""


@dataclass(frozen=True)
class Flip:
    """What turns the advice: another plan comes first.

    `share` is the share of sets of parameters in which each plan comes first.
    `parameters` decide by how much the advice is ahead of the runner-up, with rank
    correlations. `until` is the last week up to which another plan has the better
    mean, None where none has. `outcomes` names the plan that comes first for others.
    """

    share: tuple[float, ...]
    parameters: tuple[tuple[str, float], ...]
    until: int | None
    outcomes: dict[str, int]


@dataclass(frozen=True)
class Advice:
    """Plans from today and what they bring; plan 0 is doing nothing.

    `here` holds fresh worlds at the values of the table, `over_sets` worlds of other
    parameters, `WORLDS_A_SET` of each of `sets` in turn.
    """

    outcome: str
    here: Lived
    over_sets: Lived
    sets: tuple[dict[str, float], ...]

    @property
    def plans(self) -> tuple[Way, ...]:
        """All plans, doing nothing first."""
        return self.here.asked.plans

    def over_horizon(self, outcome: str, lived: Lived | None = None) -> np.ndarray:
        """Return means over all weeks, (plans, worlds)."""
        lived = lived or self.here
        shown = lived.asked.shown.index(outcome)
        return np.nanmean(lived.over_time[..., shown], 2).astype(float)

    def gains(self, outcome: str) -> tuple[Interval, ...]:
        """Return what each plan brings against doing nothing, over all weeks."""
        values = self.over_horizon(outcome)
        return simultaneous_intervals((values[1:] - values[:1]).T)

    def first(self, outcome: str | None = None) -> tuple[int, ...]:
        """Return the plans that cannot be told apart from the best, best first."""
        name = outcome or self.outcome
        return tuple(best_group(self.over_horizon(name).T, OUTCOMES[name].good))

    @property
    def runner_up(self) -> int:
        """The second plan by its mean."""
        values = self._turned(self.over_horizon(self.outcome)).mean(1)
        return int(np.argsort(-values, kind="stable")[1])

    def ahead(self) -> Interval:
        """Return how far the advice is ahead of the runner-up."""
        values = self.over_horizon(self.outcome)
        return t_interval(values[self.first()[0]] - values[self.runner_up])

    def _turned(self, values: np.ndarray) -> np.ndarray:
        return -values if OUTCOMES[self.outcome].good == "lower" else values

    def flip(self) -> Flip:
        """Return what would turn the advice."""
        best, second = self.first()[0], self.runner_up
        values = self._turned(self.over_horizon(self.outcome, self.over_sets))
        plans = len(values)
        each = values.reshape(plans, WORLDS_A_SET, len(self.sets)).mean(1)
        wins = np.bincount(each.argmax(0), minlength=plans) / len(self.sets)
        others = [x for x in HEADLINES if x != self.outcome]
        return Flip(
            tuple(float(x) for x in wins),
            deciding(each[best] - each[second], self.sets),
            self._until(best),
            {name: self.first(name)[0] for name in others},
        )

    def _until(self, best: int) -> int | None:
        """Return the last week up to which some other plan had the better mean."""
        shown = self.here.asked.shown.index(self.outcome)
        weekly = self._turned(np.nanmean(self.here.over_time[..., shown], 1))
        so_far = weekly.cumsum(1)
        behind = np.flatnonzero((so_far > so_far[best]).any(0))
        return int(behind[-1] + 1) * EVERY if len(behind) else None


def advise(
    organisation: Resolved,
    moves: Sequence[Move],
    own: Sequence[Way] = (),
    outcome: str = "lead_quality",
    a_quarter: int = 2,
    replicates: int = 100,
    sets: int = 64,
    seed: int = 1,
    folder: Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Advice:
    """Return plans of some moves compared, with the best order of them.

    Raises `InputError` for outcomes without weekly values that tell good from bad, and
    for more than `MOST_MOVES` moves.
    """
    if outcome not in HEADLINES or outcome == "learning_speed":
        allowed = ", ".join(x for x in HEADLINES if x != "learning_speed")
        raise InputError(
            f"outcome: got {outcome!r}; plans go by what can be read week by week:"
            f" {allowed}"
        )
    check_size(moves)
    if len(moves) > MOST_MOVES:
        raise InputError(f"{len(moves)} moves; at most {MOST_MOVES} make a plan")
    few = max(10, replicates // 4)
    atlas = combine(organisation, moves, few, seed, folder, workers, progress)
    found = best_orders(atlas, outcome, None, a_quarter, folder, workers, progress)
    ways = found.lived.asked.plans
    best = next(k for k, _ in found.ranked() if k > 1)
    plans = (NOTHING, ways[1], ways[best], *own)
    fresh = Asked(organisation, plans, replicates, seed + 1, KEPT, HEADLINES)
    points = tuple(hypercube(sets, seed))
    wide = Asked(
        *(organisation, plans, sets * WORLDS_A_SET, seed + 1, HEADLINES, HEADLINES),
        points,
    )
    return Advice(
        outcome,
        live(fresh, folder, workers, progress),
        live(wide, folder, workers, progress),
        points,
    )
