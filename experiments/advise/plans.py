"""Comparing plans: doing nothing, all at once, the best order, and the user's own.

Plans are compared by the mean of an outcome over the whole horizon, so that dips and
half-done changes count. The best order is found in some worlds and estimated in others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.advise.atlas.combinations import KEPT, check_size, combine, runs_of
from experiments.advise.atlas.steps import (
    WEEKLY,
    best_orders,
    check_dates,
    usual_a_quarter,
)
from experiments.advise.branching import (
    EVERY,
    BranchingDesign,
    BranchingResult,
    live_plans,
)
from experiments.advise.levers import NOTHING, WORLDS_A_SET, better
from experiments.advise.moves import Move, Way
from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.run.parameter_sets import hypercube
from experiments.statistics.deciding import deciding
from experiments.statistics.intervals import Interval, t_interval
from experiments.statistics.paired import groups, simultaneous_intervals
from experiments.statistics.shares import SignShare, share_of_sets
from simulation.outcomes import HEADLINES, OUTCOMES
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import check_fields, checks_numbers

MOST_MOVES = 8
"""Moves of which all combinations are lived to find an order."""


@dataclass(frozen=True)
class PlanDesign:
    """What plans to compare: of some moves, beside `own` plans, and in which worlds.

    Plans are ranked by `outcome`. At most `a_quarter` moves come in a quarter: by
    default two, of two moves one. `sets` are drawn values of the uncertain parameters.
    Raises `InputError` for outcomes not in `WEEKLY`, for fewer than two or more than
    `MOST_MOVES` moves, and for moves that do not fit before the horizon.
    """

    organisation: ResolvedScenario
    moves: Sequence[Move]
    own: Sequence[Way] = ()
    outcome: str = "lead_quality"
    a_quarter: int | None = None
    replicates: int = 100
    sets: int = 64
    seed: int = 1

    def __post_init__(self) -> None:
        check_fields(self)
        if self.outcome not in WEEKLY:
            allowed = ", ".join(WEEKLY)
            raise InputError(
                f"outcome: got {self.outcome!r}; plans go by what can be read week by"
                f" week: {allowed}"
            )
        count = len(self.moves)
        if count < 2:
            raise InputError(
                f"{count} move has no order; name two or more, or see what one does:"
                " orgsim levers"
            )
        check_size(self.moves)
        if count > MOST_MOVES:
            raise InputError(f"{count} moves; at most {MOST_MOVES} make a plan")
        check_dates(count, self.most_a_quarter, self.organisation.weeks)

    @property
    def most_a_quarter(self) -> int:
        """The number of moves that come in one quarter at most."""
        return self.a_quarter or usual_a_quarter(len(self.moves))

    @property
    def worlds_of_orders(self) -> int:
        """The number of worlds in which orders are compared."""
        return max(10, self.replicates // 4)

    @property
    def runs(self) -> int:
        """The number of runs that `advise` takes, for its three plans and the own."""
        each = self.replicates + self.sets * WORLDS_A_SET
        orders = runs_of(len(self.moves), self.worlds_of_orders)
        return orders + (3 + len(self.own)) * each


@dataclass(frozen=True)
class Flip:
    """Conditions under which the advice flips: another plan comes first.

    `than` has for each other plan the share of parameter sets in which the advice is
    better. `parameters` decide by how much the advice is ahead of the runner-up, with
    rank correlations. `until` is the last week up to which another plan surely has the
    better mean so far, None if there is none. `outcomes` has, for other outcomes, the
    plans that cannot be told apart from the best.
    """

    than: dict[int, SignShare]
    parameters: tuple[tuple[str, float], ...]
    until: int | None
    outcomes: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Advice:
    """Plans from today and their results; plan 0 is doing nothing.

    `here` has fresh worlds with the organisation's own parameters, `over_sets` worlds
    with drawn values of the uncertain ones: `WORLDS_A_SET` of each of `sets`, in turn.
    """

    outcome: str
    here: BranchingResult
    over_sets: BranchingResult
    sets: tuple[dict[str, float], ...]

    @property
    def plans(self) -> tuple[Way, ...]:
        """All plans, doing nothing first."""
        return self.here.design.plans

    def gains(self, outcome: str) -> tuple[Interval, ...]:
        """Return the gain of each plan over doing nothing, over all weeks."""
        values = self.here.over_horizon(outcome)
        return simultaneous_intervals((values[1:] - values[:1]).T)

    def first(self, outcome: str | None = None) -> tuple[int, ...]:
        """Return the plans that cannot be told apart from the best, best first."""
        name = outcome or self.outcome
        return groups(self.here.over_horizon(name).T, OUTCOMES[name].good)[0]

    @property
    def runner_up(self) -> int:
        """The plan with the second-best mean."""
        values = better(self.here.over_horizon(self.outcome), self.outcome).mean(1)
        return int(np.argsort(-values, kind="stable")[1])

    def ahead(self) -> Interval:
        """Return how far the advice is ahead of the runner-up; positive is better."""
        values = better(self.here.over_horizon(self.outcome), self.outcome)
        return t_interval(values[self.first()[0]] - values[self.runner_up])

    def flip(self) -> Flip:
        """Return the conditions under which the advice flips."""
        best, second = self.first()[0], self.runner_up
        values = better(self.over_sets.over_horizon(self.outcome), self.outcome)
        each = values.reshape(len(values), WORLDS_A_SET, len(self.sets)).swapaxes(1, 2)
        others = [x for x in WEEKLY if x != self.outcome]
        return Flip(
            {
                k: share_of_sets(each[best] - each[k])
                for k in range(len(values))
                if k != best
            },
            deciding((each[best] - each[second]).mean(1), self.sets),
            self._until(best),
            {name: self.first(name) for name in others},
        )

    def _until(self, best: int) -> int | None:
        """Return the last week up to which some other plan surely had the better mean.

        By simultaneous intervals over plans and weeks.
        """
        shown = self.here.design.shown.index(self.outcome)
        values = better(self.here.over_time[..., shown].astype(float), self.outcome)
        so_far = np.nancumsum(values, 2) / np.isfinite(values).cumsum(2).clip(1)
        gaps = np.delete(so_far - so_far[best], best, 0)
        columns = gaps.transpose(1, 0, 2).reshape(gaps.shape[1], -1)
        intervals = simultaneous_intervals(columns)
        sure = np.array([x.low > 0 for x in intervals]).reshape(gaps.shape[0], -1)
        behind = np.flatnonzero(sure.any(0))
        return int(behind[-1] + 1) * EVERY if len(behind) else None


@checks_numbers
def advise(
    design: PlanDesign,
    folder: Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Advice:
    """Find the best order of the moves of a design, and compare it with other plans."""
    organisation, outcome, seed = design.organisation, design.outcome, design.seed
    how = (folder, workers, progress)
    atlas = combine(organisation, design.moves, design.worlds_of_orders, seed, *how)
    orders = best_orders(atlas, outcome, design.most_a_quarter, *how, whole=True)
    ways = orders.lived.design.plans
    best = next(k for k, _ in orders.ranked() if k > 1)
    plans = (NOTHING, ways[1], ways[best], *design.own)
    fresh = BranchingDesign(
        organisation, plans, design.replicates, seed + 1, KEPT, HEADLINES
    )
    points = tuple(hypercube(design.sets, seed))
    wide = BranchingDesign(
        *(organisation, plans, len(points) * WORLDS_A_SET, seed + 1),
        *(HEADLINES, HEADLINES, points),
    )
    return Advice(outcome, live_plans(fresh, *how), live_plans(wide, *how), points)
