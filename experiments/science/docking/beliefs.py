"""What both docked models share: beliefs that start at random, and a reality.

Lanes that the published model has no dimension for stay unknown, so that no rule of
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
    """Return the lanes of so many dimensions, uint64[words].

    >>> [int(word).bit_count() for word in lanes(100)]
    [64, 36]
    """
    full, rest = divmod(dimensions, 64)
    words = [2**64 - 1] * full + ([2**rest - 1] if rest else [])
    return np.array(words, np.uint64)


@rule
def draw_reality(market, used, key):
    """Let each dimension of reality be 1 or -1 with equal odds."""
    for word in range(used.shape[0]):
        market[0, word] = bernoulli_word(key, REALITY, 0, 0, word, 0.5, used[word])


@rule
def turn_reality(market, used, p4, key, period):
    """Let each dimension of reality change its sign with probability p4."""
    for word in range(used.shape[0]):
        turned = bernoulli_word(key, REALITY_TURNS, period, 0, word, p4, used[word])
        market[0, word] ^= turned


@rule
def draw_beliefs(beliefs, i, used, key, period):
    """Let person `i` believe -1, 0 or 1 with equal odds on each dimension."""
    for word in range(used.shape[0]):
        held = bernoulli_word(key, HELD, period, i, word, 2.0 / 3.0, used[word])
        true = bernoulli_word(key, HELD_TRUE, period, i, word, 0.5, held)
        beliefs[i, KNOWN, word] = held
        beliefs[i, NEXT_KNOWN, word] = held
        beliefs[i, VALUE, word] = true
        beliefs[i, NEXT_VALUE, word] = true


@rule
def change_world(beliefs, market, used, p3, p4, key, period):
    """Let reality turn with p4 and people leave with p3 for newcomers at random."""
    if p4 > 0.0:
        turn_reality(market, used, p4, key, period)
    if p3 > 0.0:
        for i in range(beliefs.shape[0]):
            if uniform(key, LEAVES, period, i, 0) < p3:
                draw_beliefs(beliefs, i, used, key, period)


@rule
def agreement(known, value, reality):
    """Return sum(belief * reality) over a word of dimensions."""
    wrong = known & (value ^ reality)
    return count(known) - 2 * count(wrong)
