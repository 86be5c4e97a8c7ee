"""An atlas taken apart, exactly: main effects, interactions, shares of a whole.

All combinations were lived, so that nothing is fitted: effects are means over states,
in each world, and their intervals are over worlds.
"""

from itertools import combinations
from math import factorial

import numpy as np

from experiments.advise.atlas.combinations import Atlas
from experiments.statistics.intervals import Interval
from experiments.statistics.paired import simultaneous_intervals


def main_effects(atlas: Atlas, outcome: str) -> tuple[Interval, ...]:
    """Return what each move does on average over all states of the others.

    The mean of states with it minus that of states without it (Box, Hunter & Hunter
    2005, ch. 5), in the outcome's unit; intervals hold together over the moves.
    """
    values = atlas.of(outcome)
    found = [
        values[atlas.has(i)].mean(0) - values[~atlas.has(i)].mean(0)
        for i in range(len(atlas.moves))
    ]
    return simultaneous_intervals(np.stack(found, 1))


def interactions(atlas: Atlas, outcome: str) -> dict[tuple[int, int], Interval]:
    """Return how much more each move does where another one is made than where not.

    The same for both of a pair; on average over the states of all others.
    """
    values = atlas.of(outcome)
    pairs = list(combinations(range(len(atlas.moves)), 2))
    found = []
    for i, j in pairs:
        one, other = atlas.has(i), atlas.has(j)
        means = [
            values[(one == a) & (other == b)].mean(0)
            for a, b in ((True, True), (True, False), (False, True), (False, False))
        ]
        found.append(means[0] - means[1] - means[2] + means[3])
    together = simultaneous_intervals(np.stack(found, 1))
    return dict(zip(pairs, together, strict=True))


def shapley_shares(
    atlas: Atlas, outcome: str, start: int = 0, end: int | None = None
) -> dict[int, Interval]:
    """Return what each move brings between two states, over all orders of making them.

    Shapley (1953) values of the moves in which the states differ: they add up to the
    difference between the states, exactly and in each world.
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

    Row k is what the moves whose bits are one in k come to together.
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
