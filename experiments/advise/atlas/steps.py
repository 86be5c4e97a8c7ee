"""From an atlas to advice: the trade-off front, next steps, and orders of change."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from experiments.advise.atlas.combinations import KEPT, TRADED, Atlas
from experiments.advise.atlas.effects import main_effects
from experiments.advise.branching import BranchingDesign, BranchingResult, live_plans
from experiments.advise.levers import better
from experiments.advise.moves import QUARTER, Plan
from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.statistics.intervals import Interval, t_interval
from experiments.statistics.paired import good_sign, simultaneous_intervals
from simulation.outcomes import HEADLINES, OUTCOMES
from simulation.whole_numbers import checks_numbers

WEEKLY = tuple(name for name in HEADLINES if OUTCOMES[name].needs != "probe")
"""Headline outcomes that can be read week by week, by which orders go."""
RESAMPLES = 200
ORDERS = 6
"""Orders of change that are lived, beside doing nothing and all at once."""


@dataclass(frozen=True)
class Front:
    """The Pareto front: states that no other state beats on all traded outcomes.

    `states` are those on the front by their means; `sureness` is the share of resamples
    of the worlds in which each of them is on the front.
    """

    outcomes: tuple[str, ...]
    states: tuple[int, ...]
    sureness: tuple[float, ...]


def front(atlas: Atlas, outcomes: Sequence[str] = TRADED, seed: int = 0) -> Front:
    """Return the trade-off front (Pareto) by means over worlds.

    States are in order of the first outcome, the best first.
    """
    turned = np.stack([better(atlas.of(name), name) for name in outcomes], 2)
    worlds = turned.shape[1]
    states = np.flatnonzero(undominated(turned.mean(1)))
    count = np.zeros(len(states))
    draw = np.random.default_rng(seed)
    for _ in range(RESAMPLES):
        weights = np.bincount(draw.integers(worlds, size=worlds), minlength=worlds)
        means = np.tensordot(turned, weights / worlds, (1, 0))
        count += _undominated_among(means, states)
    order = np.argsort(-turned[states].mean(1)[:, 0], kind="stable")
    return Front(
        tuple(outcomes),
        tuple(int(states[k]) for k in order),
        tuple(float(count[k] / RESAMPLES) for k in order),
    )


def undominated(values: np.ndarray) -> np.ndarray:
    """Return which rows of (n, k) are undominated: bool, (n,).

    A row is dominated if another is at least as large in all columns and larger in one.
    Rows are visited from the largest on: rows that dominate a row come before it, so
    that each is compared only with the undominated ones so far.

    >>> undominated(np.array([[1, 2], [2, 1], [1, 1], [2, 1]])).tolist()
    [True, True, False, True]
    """
    front_rows = np.zeros(len(values), bool)
    front = np.empty((0, values.shape[1]))
    for k in np.lexsort(-values.T):
        row = values[k]
        beaten = ((front >= row).all(1) & (front > row).any(1)).any()
        if not beaten:
            front_rows[k] = True
            front = np.vstack([front, row])
    return front_rows


def _undominated_among(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return for some rows whether no row of all `values` dominates them."""
    undominated_rows = [
        not ((values >= values[k]).all(1) & (values > values[k]).any(1)).any()
        for k in rows
    ]
    return np.array(undominated_rows)


@dataclass(frozen=True)
class Step:
    """A move that is made or, unless `makes`, undone from a state, and its effect.

    `effect` is the paired difference in the outcome's unit.
    """

    move: int
    makes: bool
    effect: Interval


def next_steps(atlas: Atlas, outcome: str, state: int = 0) -> tuple[Step, ...]:
    """Return every step from a state, the best first, with simultaneous intervals."""
    values = atlas.of(outcome)
    n = len(atlas.moves)
    gained = np.stack([values[state ^ 1 << i] - values[state] for i in range(n)], 1)
    intervals = simultaneous_intervals(gained)
    steps = [Step(i, not state >> i & 1, intervals[i]) for i in range(n)]
    sign = good_sign(OUTCOMES[outcome].good)
    return tuple(sorted(steps, key=lambda step: -sign * step.effect.estimate))


Order = tuple[tuple[int, ...], ...]
"""The moves of each quarter, in order."""


def promising_orders(
    atlas: Atlas, outcome: str, target: int, a_quarter: int, most: int = ORDERS
) -> list[Order]:
    """Return the orders of the moves of `target` that look best by their states.

    The value of an order is the sum of the means of its states, each times the weeks
    that it lasts; the last lasts until the horizon. The search is exact: it keeps the
    best `most` ways to each state, quarter by quarter. The real effect of an order is
    simulated afterwards, not assumed.
    """
    means = better(atlas.of(outcome).mean(1), outcome)
    wanted = [i for i in range(len(atlas.moves)) if target >> i & 1]
    weeks = atlas.lived.design.today.weeks
    quarters = -(-len(wanted) // a_quarter)
    ways: dict[int, list[tuple[float, Order]]] = {0: [(0.0, ())]}
    for quarter in range(quarters):
        last = quarter == quarters - 1
        lasts = weeks - QUARTER * quarter if last else QUARTER
        longer: dict[int, list[tuple[float, Order]]] = {}
        for state, known in ways.items():
            remaining = [i for i in wanted if not state >> i & 1]
            for chosen in combinations(remaining, min(a_quarter, len(remaining))):
                then = state | sum(1 << i for i in chosen)
                worth = lasts * float(means[then])
                longer.setdefault(then, []).extend(
                    (value + worth, (*order, chosen)) for value, order in known
                )
        ways = {
            state: sorted(found, key=lambda one: (-one[0], one[1]))[:most]
            for state, found in longer.items()
        }
    return [order for _, order in ways[target]]


def usual_a_quarter(moves: int) -> int:
    """Return the default for the most moves in a quarter: two, but one of two moves.

    >>> usual_a_quarter(2), usual_a_quarter(10)
    (1, 2)
    """
    return min(2, moves - 1)


def check_dates(moves: int, a_quarter: int, weeks: int) -> None:
    """Raise `InputError` if a move would come after the horizon, or all in week 0."""
    if a_quarter >= moves:
        raise InputError(
            f"--a-quarter: got {a_quarter} with {moves} moves; all would come at once"
            f" and there is no order to find; allowed: 1 to {moves - 1}"
        )
    last = QUARTER * ((moves - 1) // a_quarter)
    if last >= weeks:
        fewest = next(
            k for k in range(1, moves + 1) if QUARTER * ((moves - 1) // k) < weeks
        )
        raise InputError(
            f"--a-quarter: got {a_quarter}; the last of {moves} moves would come in"
            f" week {last} of {weeks}; take --a-quarter {fewest} or --weeks"
            f" {last + QUARTER}"
        )


def dated(atlas: Atlas, order: Order) -> Plan:
    """Return the plan of an order: its moves quarter by quarter."""
    moves = tuple(
        (QUARTER * quarter, atlas.moves[i])
        for quarter, chosen in enumerate(order)
        for i in chosen
    )
    return Plan(" > ".join(str(move) for _, move in moves), moves)


@dataclass(frozen=True)
class Orders:
    """Simulated plans of the same moves: doing nothing, all at once, and some orders.

    `lived` has them as plans 0, 1 and from 2 on; `order` lists the latter. `left_out`
    are moves that surely harm the outcome. The first half of the worlds ranks the
    plans; their gains are estimated from the other half, so that the best is not merely
    the luckiest.
    """

    outcome: str
    order: tuple[Order, ...]
    lived: BranchingResult
    left_out: tuple[int, ...] = ()

    def ranked(self) -> list[tuple[int, Interval]]:
        """Return the other plans with their gain over doing nothing, the best first."""
        values = self.lived.over_horizon(self.outcome)
        half = values.shape[1] // 2
        gained = values[1:] - values[:1]
        intervals = simultaneous_intervals(gained[:, half:].T)
        sign = good_sign(OUTCOMES[self.outcome].good)
        order = np.argsort(-sign * gained[:, :half].mean(1), kind="stable")
        return [(int(k) + 1, intervals[k]) for k in order]

    def apart(self, one: int, other: int) -> Interval:
        """Return the difference in the outcome between one plan and another."""
        values = self.lived.over_horizon(self.outcome)
        half = values.shape[1] // 2
        return t_interval((values[one] - values[other])[half:])


@checks_numbers
def best_orders(
    atlas: Atlas,
    outcome: str,
    a_quarter: int = 2,
    folder: Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    whole: bool = False,
) -> Orders:
    """Simulate the most promising orders of moves, with their transitions.

    Moves that surely harm the outcome on average are left out, unless `whole` is set or
    fewer than two would be left. At most `a_quarter` moves come in a quarter, from week
    0 on. Orders are compared by the mean over the horizon, with dips and half-done
    changes. They are ranked in the worlds of the atlas and estimated in as many others.
    """
    count = len(atlas.moves)
    harmful = [] if whole else _harmful(atlas, outcome)
    if count - len(harmful) < 2:
        harmful = []
    chosen = [i for i in range(count) if i not in harmful]
    design = atlas.lived.design
    target = sum(1 << i for i in chosen)
    orders = promising_orders(atlas, outcome, target, a_quarter)
    at_once = Plan.at_once(atlas.moves_in(target))
    plans = (Plan("nothing"), at_once, *(dated(atlas, one) for one in orders))
    worlds = 2 * design.replicates
    lived = BranchingDesign(
        design.today, plans, worlds, design.seed, KEPT, design.shown
    )
    made = live_plans(lived, folder, workers, progress)
    return Orders(outcome, tuple(orders), made, tuple(harmful))


def _harmful(atlas: Atlas, outcome: str) -> list[int]:
    """Return the moves that surely make an outcome worse on average."""
    effects = main_effects(atlas, outcome)
    lower = OUTCOMES[outcome].good == "lower"
    return [i for i, x in enumerate(effects) if (x.low > 0 if lower else x.high < 0)]
