"""Parts of both docked models: random initial beliefs, and a reality.

Bit lanes without a dimension in the published model stay unknown, so that no rule of
the model touches them.
"""

import numpy as np

from simulation.chance import bernoulli_word, uniform
from simulation.compiled import rule
from simulation.rules.bits import count
from simulation.state import KNOWN, NEXT_KNOWN, NEXT_VALUE, VALUE

REALITY, REALITY_TURNS, HELD, HELD_TRUE, LEAVES, COIN = range(201, 207)
"""Purposes of draws that only the docked models make."""
TIE_MOVES, TIE_END, TIE_TARGET = range(207, 210)


def lanes(dimensions: int) -> np.ndarray:
    """Return the mask of lanes for a number of dimensions, uint64[words].

    >>> [int(word).bit_count() for word in lanes(100)]
    [64, 36]
    """
    full, rest = divmod(dimensions, 64)
    words = [2**64 - 1] * full + ([2**rest - 1] if rest else [])
    return np.array(words, np.uint64)


@rule
def draw_reality(market, used, key):
    """Draw each dimension of reality as 1 or -1 with equal odds."""
    for word in range(used.shape[0]):
        market[0, word] = bernoulli_word(key, REALITY, 0, 0, word, 0.5, used[word])


@rule
def turn_reality(market, used, p4, key, period):
    """Change the sign of each dimension of reality with probability p4."""
    for word in range(used.shape[0]):
        turned = bernoulli_word(key, REALITY_TURNS, period, 0, word, p4, used[word])
        market[0, word] ^= turned


@rule
def draw_beliefs(beliefs, i, used, key, period):
    """Draw the belief of person `i` on each dimension: -1, 0 or 1 with equal odds."""
    for word in range(used.shape[0]):
        held = bernoulli_word(key, HELD, period, i, word, 2.0 / 3.0, used[word])
        true = bernoulli_word(key, HELD_TRUE, period, i, word, 0.5, held)
        beliefs[i, KNOWN, word] = held
        beliefs[i, NEXT_KNOWN, word] = held
        beliefs[i, VALUE, word] = true
        beliefs[i, NEXT_VALUE, word] = true


@rule
def change_world(beliefs, market, used, p3, p4, key, period):
    """Turn each dimension of reality with p4; replace each person with p3.

    A newcomer starts with random beliefs.
    """
    if p4 > 0.0:
        turn_reality(market, used, p4, key, period)
    if p3 > 0.0:
        for i in range(beliefs.shape[0]):
            if uniform(key, LEAVES, period, i, 0) < p3:
                draw_beliefs(beliefs, i, used, key, period)


@rule
def agreement(known, value, reality):
    """Return sum(belief * reality) over the dimensions of one word."""
    wrong = known & (value ^ reality)
    return count(known) - 2 * count(wrong)
