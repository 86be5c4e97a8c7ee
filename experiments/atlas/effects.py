"""An atlas taken apart, exactly: main effects, interactions, shares of a whole.

All combinations were lived, so that nothing is fitted: effects are means over states,
in each world, and their intervals are over worlds.
"""

from itertools import combinations
from math import factorial

import numpy as np

from experiments.atlas.combinations import Atlas
from experiments.intervals import Interval
from experiments.statistics import simultaneous_intervals


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
    values = atlas.of(outcome)
    differ = [i for i in range(len(atlas.moves)) if (start ^ end) >> i & 1]
    n = len(differ)
    if not n:
        return {}
    shares = np.zeros((n, values.shape[1]))
    for chosen in range(1 << n):
        state = start
        for k, i in enumerate(differ):
            if chosen >> k & 1:
                state ^= 1 << i
        size = chosen.bit_count()
        for k, i in enumerate(differ):
            if not chosen >> k & 1:
                weight = factorial(size) * factorial(n - size - 1) / factorial(n)
                shares[k] += weight * (values[state ^ 1 << i] - values[state])
    return dict(zip(differ, simultaneous_intervals(shares.T), strict=True))
