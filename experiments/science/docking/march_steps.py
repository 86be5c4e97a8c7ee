"""Steps of March (1991) that are not in the model's rules: act and score.

A belief of 0 acts by the flip of a coin, and scores are those of actions (Christensen
2015, as in M. Workiewicz's replication).
"""

import numpy as np

from experiments.science.docking.beliefs import COIN, agreement
from simulation.chance import bernoulli_word
from simulation.compiled import rule
from simulation.rules.bits import count
from simulation.state import KNOWN, VALUE

CODE, EVERYONE, FAST, SLOW = range(4)
"""Columns of a path: whose knowledge, sum(belief * reality) / m."""


@rule
def act(beliefs, actions, earned, market, used, key, period):
    """Let people act on their beliefs, and score them with sum(action * reality)."""
    for i in range(beliefs.shape[0]):
        held = beliefs[i, KNOWN, 0]
        coin = bernoulli_word(key, COIN, period, i, 0, 0.5, used[0] & ~held)
        actions[i, KNOWN, 0] = used[0]
        actions[i, VALUE, 0] = (held & beliefs[i, VALUE, 0]) | coin
        earned[i] = agreement(used[0], actions[i, VALUE, 0], market[0, 0])


@rule
def score_code(strategy, earned, market):
    """Set the last entry of `earned` to the code's score."""
    last = earned.shape[0] - 1
    earned[last] = agreement(strategy[KNOWN, 0], strategy[VALUE, 0], market[0, 0])


@rule
def let_better_speak(people, earned):
    """Give a voice to those who score above the code."""
    for i in range(people.shape[0]):
        people[i].speaks = 1 if earned[i] > earned[people.shape[0]] else 0


@rule
def settled(beliefs, strategy, earned, market, used):
    """Return whether neither the code nor anybody can learn any more.

    That is: nobody differs from what the code holds, and nobody would score above the
    code even with luck on every coin.
    """
    code = strategy[KNOWN, 0]
    best = earned[earned.shape[0] - 1]
    for i in range(beliefs.shape[0]):
        known = beliefs[i, KNOWN, 0]
        value = beliefs[i, VALUE, 0]
        if code & (~known | (value ^ strategy[VALUE, 0])) != np.uint64(0):
            return False
        if agreement(known, value, market[0, 0]) + count(used[0] & ~known) > best:
            return False
    return True


@rule
def note(beliefs, strategy, market, used, fast, path, period):
    """Write the knowledge of code, everyone, fast and slow learners into the path.

    Nan for fast learners if there are none.
    """
    m = float(count(used[0]))
    n = beliefs.shape[0]
    path[period, CODE] = (
        agreement(strategy[KNOWN, 0], strategy[VALUE, 0], market[0, 0]) / m
    )
    slow_sum = 0.0
    fast_sum = 0.0
    for i in range(n):
        knows = agreement(beliefs[i, KNOWN, 0], beliefs[i, VALUE, 0], market[0, 0]) / m
        if i < fast:
            fast_sum += knows
        else:
            slow_sum += knows
    path[period, EVERYONE] = (slow_sum + fast_sum) / n
    path[period, FAST] = fast_sum / fast
    path[period, SLOW] = slow_sum / (n - fast)
