"""From an atlas to advice: the trade-off front, next steps, and orders of change."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.advice.branching import Asked, Lived, live
from experiments.advice.moves import QUARTER, Plan
from experiments.atlas.combinations import KEPT, TRADED, Atlas
from experiments.intervals import Interval, t_interval
from experiments.progress import Progress
from experiments.statistics import simultaneous_intervals
from simulation.outcomes import OUTCOMES

RESAMPLES = 200
ORDERS = 6
"""Orders of change that are lived, beside doing nothing and all at once."""


def better(values: np.ndarray, outcome: str) -> np.ndarray:
    """Return values turned so that more is better."""
    return -values if OUTCOMES[outcome].good == "lower" else values


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
        count += undominated(means)[states]
    order = np.argsort(-turned[states].mean(1)[:, 0], kind="stable")
    return Front(
        tuple(outcomes),
        tuple(int(states[k]) for k in order),
        tuple(float(count[k] / RESAMPLES) for k in order),
    )


def undominated(values: np.ndarray) -> np.ndarray:
    """Return which rows of (n, k) no other row equals or beats in all and beats in one.

    >>> undominated(np.array([[1, 2], [2, 1], [1, 1], [2, 1]])).tolist()
    [True, True, False, True]
    """
    kept = np.ones(len(values), bool)
    for k, row in enumerate(values):
        as_good = (values >= row).all(1)
        kept[k] = not (as_good & (values > row).any(1)).any()
    return kept


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
    sign = -1 if OUTCOMES[outcome].good == "lower" else 1
    return tuple(sorted(steps, key=lambda step: -sign * step.effect.estimate))


def path_of(order: Sequence[int]) -> list[int]:
    """Return the states through which an order of moves goes, today first."""
    states = [0]
    for move in order:
        states.append(states[-1] | 1 << move)
    return states


def promising_orders(
    atlas: Atlas, outcome: str, target: int, a_quarter: int, most: int = ORDERS
) -> list[tuple[int, ...]]:
    """Return orders of the moves of `target` that look best by the states on the way.

    An order is worth the mean over its states, as each lasts for a while; a beam search
    keeps the best ones of each length. What they really bring is lived, not assumed.
    Within a quarter order does not count.
    """
    means = better(atlas.of(outcome).mean(1), outcome)
    wanted = [i for i in range(len(atlas.moves)) if target >> i & 1]
    beam: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    width = max(50, 10 * most)
    for _ in wanted:
        longer = [
            (worth + means[path_of((*order, i))[-1]], (*order, i))
            for worth, order in beam
            for i in wanted
            if i not in order
        ]
        beam = sorted(longer, key=lambda one: (-one[0], one[1]))[:width]
    different: dict[tuple, tuple[int, ...]] = {}
    for _, order in beam:
        quarters = range(0, len(order), a_quarter)
        key = tuple(tuple(sorted(order[k : k + a_quarter])) for k in quarters)
        different.setdefault(key, order)
    return list(different.values())[:most]


def dated(atlas: Atlas, order: Sequence[int], a_quarter: int) -> Plan:
    """Return the plan in which moves come in an order, so many a quarter."""
    moves = [(QUARTER * (k // a_quarter), atlas.moves[i]) for k, i in enumerate(order)]
    return Plan(" > ".join(str(move) for _, move in moves), tuple(moves))


@dataclass(frozen=True)
class Orders:
    """Orders of the same moves, lived: doing nothing, all at once, and some orders.

    `lived` has them as plans 0, 1 and 2 on; `order` lists the moves of the latter. The
    first half of the worlds ranks them; what they bring is told from the other half, so
    that the best is not the luckiest.
    """

    outcome: str
    order: tuple[tuple[int, ...], ...]
    lived: Lived

    def value_over_time(self) -> np.ndarray:
        """Return each plan's outcome on average over the horizon, (plans, worlds)."""
        shown = self.lived.asked.shown.index(self.outcome)
        return np.nanmean(self.lived.over_time[..., shown], 2).astype(float)

    def ranked(self) -> list[tuple[int, Interval]]:
        """Return plans but doing nothing with their gain over it, the best first."""
        values = self.value_over_time()
        half = values.shape[1] // 2
        gained = values[1:] - values[:1]
        found = simultaneous_intervals(gained[:, half:].T)
        sign = -1 if OUTCOMES[self.outcome].good == "lower" else 1
        order = np.argsort(-sign * gained[:, :half].mean(1), kind="stable")
        return [(int(k) + 1, found[k]) for k in order]

    def apart(self, one: int, other: int) -> Interval:
        """Return how much more one plan brings than another."""
        values = self.value_over_time()
        half = values.shape[1] // 2
        return t_interval((values[one] - values[other])[half:])


def best_orders(
    atlas: Atlas,
    outcome: str,
    target: int | None = None,
    a_quarter: int = 2,
    folder: Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Orders:
    """Return orders of the moves of `target` (by default all), with transitions lived.

    At most `a_quarter` moves come in a quarter, from week 0 on. What counts is the mean
    over the horizon, dips and half-done changes included. They are ranked in the worlds
    of the atlas and told from as many others.
    """
    target = atlas.states - 1 if target is None else target
    orders = promising_orders(atlas, outcome, target, a_quarter)
    at_once = Plan.at_once(atlas.moves_in(target))
    plans = (Plan("nothing"), at_once, *(dated(atlas, o, a_quarter) for o in orders))
    asked = atlas.lived.asked
    worlds = 2 * asked.replicates
    lived = Asked(asked.today, plans, worlds, asked.seed, KEPT, asked.shown)
    return Orders(outcome, tuple(orders), live(lived, folder, workers, progress))
