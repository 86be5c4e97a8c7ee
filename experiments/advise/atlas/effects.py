"""Exact effects in an atlas: main effects, interactions and Shapley shares.

All combinations were simulated, so nothing is fitted: effects are means over states in
each world, and their intervals are over worlds.
"""

from itertools import combinations
from math import factorial

import numpy as np

from experiments.advise.atlas.combinations import Atlas
from experiments.statistics.intervals import Interval
from experiments.statistics.paired import simultaneous_intervals


def main_effects(atlas: Atlas, outcome: str) -> tuple[Interval, ...]:
    """Return the main effect of each move: its average over all states of the others.

    It is the mean of states with the move minus that of states without it (Box, Hunter
    & Hunter 2005, ch. 5), in the outcome's unit. The intervals hold simultaneously
    over the moves.
    """
    values = atlas.of(outcome)
    effects = [
        values[atlas.has(i)].mean(0) - values[~atlas.has(i)].mean(0)
        for i in range(len(atlas.moves))
    ]
    return simultaneous_intervals(np.stack(effects, 1))


def interactions(atlas: Atlas, outcome: str) -> dict[tuple[int, int], Interval]:
    """Return the interaction of each two moves, by pair.

    It is the effect of one move with the other made minus its effect without, on
    average over the states of all others; it is the same for both. The intervals hold
    simultaneously over the pairs.
    """
    values = atlas.of(outcome)
    pairs = list(combinations(range(len(atlas.moves)), 2))
    intervals = []
    for i, j in pairs:
        one, other = atlas.has(i), atlas.has(j)
        means = [
            values[(one == a) & (other == b)].mean(0)
            for a, b in ((True, True), (True, False), (False, True), (False, False))
        ]
        intervals.append(means[0] - means[1] - means[2] + means[3])
    together = simultaneous_intervals(np.stack(intervals, 1))
    return dict(zip(pairs, together, strict=True))


def shapley_shares(
    atlas: Atlas, outcome: str, start: int = 0, end: int | None = None
) -> dict[int, Interval]:
    """Return the share of each move in the difference between two states, by move.

    These are the Shapley (1953) values of the moves in which the states differ: the
    average contribution over all orders. They add up to the difference between the
    states, exactly and in each world. By default from today to all moves.
    """
    end = atlas.states - 1 if end is None else end
    differ = [i for i in range(len(atlas.moves)) if (start ^ end) >> i & 1]
    if not differ:
        return {}
    states = np.full(1 << len(differ), start)
    for k, i in enumerate(differ):
        states[(np.arange(len(states)) >> k) & 1 == 1] ^= 1 << i
    shares = shapley_of(atlas.of(outcome)[states])
    return dict(zip(differ, simultaneous_intervals(shares.T), strict=True))


def shapley_of(values: np.ndarray) -> np.ndarray:
    """Return Shapley values (n, worlds) of n moves from values (2**n, worlds).

    Row k has the values with the moves made whose bits are one in k.
    """
    n = len(values).bit_length() - 1
    states = np.arange(1 << n)
    sizes = np.array([int(state).bit_count() for state in states])
    shares = np.empty((n, values.shape[1]))
    for i in range(n):
        without = states[(states >> i) & 1 == 0]
        weights = np.array(
            [factorial(s) * factorial(n - s - 1) / factorial(n) for s in sizes[without]]
        )
        shares[i] = weights @ (values[without | 1 << i] - values[without])
    return shares
