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
    """States that no other beats on all traded outcomes at once.

    `states` are those by their means, `sureness` in which share of resamples of the
    worlds each of them is on the front.
    """

    outcomes: tuple[str, ...]
    states: tuple[int, ...]
    sureness: tuple[float, ...]


def front(atlas: Atlas, outcomes: Sequence[str] = TRADED, seed: int = 0) -> Front:
    """Return the trade-off front (Pareto), by means over worlds."""
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
    """Return which rows of (n, k) no other row equals or beats in all and beats in one.

    Rows go by their columns, from the largest on: what beats a row comes before it, so
    that each is compared with the undominated ones so far alone.

    >>> undominated(np.array([[1, 2], [2, 1], [1, 1], [2, 1]])).tolist()
    [True, True, False, True]
    """
    kept = np.zeros(len(values), bool)
    front = np.empty((0, values.shape[1]))
    for k in np.lexsort(-values.T):
        row = values[k]
        beaten = ((front >= row).all(1) & (front > row).any(1)).any()
        if not beaten:
            kept[k] = True
            front = np.vstack([front, row])
    return kept


def _undominated_among(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return for some rows whether no row of all beats them."""
    found = [
        not ((values >= values[k]).all(1) & (values > values[k]).any(1)).any()
        for k in rows
    ]
    return np.array(found)


@dataclass(frozen=True)
class Step:
    """A move made or taken back from a state, and what it does there.

    `effect` is the paired difference in the outcome's unit.
    """

    move: int
    makes: bool
    effect: Interval


def next_steps(atlas: Atlas, outcome: str, state: int = 0) -> tuple[Step, ...]:
    """Return every step from a state, the best first; intervals hold together."""
    values = atlas.of(outcome)
    n = len(atlas.moves)
    gained = np.stack([values[state ^ 1 << i] - values[state] for i in range(n)], 1)
    found = simultaneous_intervals(gained)
    steps = [Step(i, not state >> i & 1, found[i]) for i in range(n)]
    sign = good_sign(OUTCOMES[outcome].good)
    return tuple(sorted(steps, key=lambda step: -sign * step.effect.estimate))


Order = tuple[tuple[int, ...], ...]
"""The moves of each quarter, in order."""


def promising_orders(
    atlas: Atlas, outcome: str, target: int, a_quarter: int, most: int = ORDERS
) -> list[Order]:
    """Return orders of the moves of `target` that look best by the states on the way.

    An order is worth the means of its states, each for the weeks that it lasts; the
    last until the horizon. Exact: the best `most` ways to each state, quarter by
    quarter. What an order really brings is lived, not assumed.
    """
    means = better(atlas.of(outcome).mean(1), outcome)
    wanted = [i for i in range(len(atlas.moves)) if target >> i & 1]
    weeks = atlas.lived.asked.today.weeks
    quarters = -(-len(wanted) // a_quarter)
    ways: dict[int, list[tuple[float, Order]]] = {0: [(0.0, ())]}
    for quarter in range(quarters):
        last = quarter == quarters - 1
        lasts = weeks - QUARTER * quarter if last else QUARTER
        longer: dict[int, list[tuple[float, Order]]] = {}
        for state, known in ways.items():
            left = [i for i in wanted if not state >> i & 1]
            for chosen in combinations(left, min(a_quarter, len(left))):
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
    """Return how many moves come in a quarter at most unless asked: two, or one of two.

    >>> usual_a_quarter(2), usual_a_quarter(10)
    (1, 2)
    """
    return min(2, moves - 1)


def check_dates(moves: int, a_quarter: int, weeks: int) -> None:
    """Refuse orders of which some move would come after the horizon, or in week 0 all.

    Raises `InputError`.
    """
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
    """Return the plan in which moves come quarter by quarter."""
    moves = tuple(
        (QUARTER * quarter, atlas.moves[i])
        for quarter, chosen in enumerate(order)
        for i in chosen
    )
    return Plan(" > ".join(str(move) for _, move in moves), moves)


@dataclass(frozen=True)
class Orders:
    """Orders of the same moves, lived: doing nothing, all at once, and some orders.

    `lived` has them as plans 0, 1 and 2 on; `order` lists the latter. `left_out`
    are moves that surely harm the outcome. The
    first half of the worlds ranks them; what they bring is told from the other half, so
    that the best is not the luckiest.
    """

    outcome: str
    order: tuple[Order, ...]
    lived: BranchingResult
    left_out: tuple[int, ...] = ()

    def ranked(self) -> list[tuple[int, Interval]]:
        """Return plans but doing nothing with their gain over it, the best first."""
        values = self.lived.over_horizon(self.outcome)
        half = values.shape[1] // 2
        gained = values[1:] - values[:1]
        found = simultaneous_intervals(gained[:, half:].T)
        sign = good_sign(OUTCOMES[self.outcome].good)
        order = np.argsort(-sign * gained[:, :half].mean(1), kind="stable")
        return [(int(k) + 1, found[k]) for k in order]

    def apart(self, one: int, other: int) -> Interval:
        """Return how much more one plan brings than another."""
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
    """Return orders of moves, with transitions lived.

    Moves that surely harm the outcome on average are left out, unless the `whole` is
    asked for or fewer than two are left. At most `a_quarter` moves come in a quarter,
    from week 0 on. What counts is the mean over the horizon, dips and half-done changes
    included. They are ranked in the worlds of the atlas and told from as many others.
    """
    count = len(atlas.moves)
    harmful = [] if whole else _harmful(atlas, outcome)
    if count - len(harmful) < 2:
        harmful = []
    chosen = [i for i in range(count) if i not in harmful]
    asked = atlas.lived.asked
    target = sum(1 << i for i in chosen)
    orders = promising_orders(atlas, outcome, target, a_quarter)
    at_once = Plan.at_once(atlas.moves_in(target))
    plans = (Plan("nothing"), at_once, *(dated(atlas, one) for one in orders))
    worlds = 2 * asked.replicates
    lived = BranchingDesign(asked.today, plans, worlds, asked.seed, KEPT, asked.shown)
    made = live_plans(lived, folder, workers, progress)
    return Orders(outcome, tuple(orders), made, tuple(harmful))


def _harmful(atlas: Atlas, outcome: str) -> list[int]:
    """Return the moves that surely make an outcome worse on average."""
    found = main_effects(atlas, outcome)
    lower = OUTCOMES[outcome].good == "lower"
    return [i for i, x in enumerate(found) if (x.low > 0 if lower else x.high < 0)]
