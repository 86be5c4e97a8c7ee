"""Payoffs of Fang, Lee & Schilling (2010), and one period of the model's talk rule."""

import numpy as np

from simulation.compiled import rule
from simulation.rules.bits import shows
from simulation.rules.talk import talk
from simulation.state import KNOWN, NEXT_KNOWN, NEXT_VALUE, VALUE


@rule
def payoff(right, s, dimensions):
    """Return the number of dimensions in blocks of `s` that are right throughout.

    A block of s right dimensions pays s, any other 0 (s = 1: the number right). `right`
    has a bit for each right dimension, uint64[1, words].
    """
    total = 0
    for first in range(0, dimensions, s):
        last = min(first + s, dimensions)
        whole = True
        for c in range(first, last):
            whole = whole and shows(right, 0, c)
        if whole:
            total += last - first
    return total


@rule
def score(beliefs, market, earned, right, s, dimensions):
    """Set `earned` to each person's payoff; return the mean.

    The mean is a share of the highest possible payoff, 0 to 1.
    """
    total = 0.0
    for i in range(beliefs.shape[0]):
        for word in range(beliefs.shape[2]):
            wrong = beliefs[i, VALUE, word] ^ market[0, word]
            right[0, word] = beliefs[i, KNOWN, word] & ~wrong
        earned[i] = payoff(right, s, dimensions)
        total += earned[i]
    return total / (beliefs.shape[0] * dimensions)


@rule
def exchange(
    people, ties, neighbours, beliefs, skill, earned, firm, parameters, ballot
):
    """Let everyone hear the contacts who earned more than they did.

    Returns whether any belief will change.
    """
    changes = False
    for i in range(people.shape[0]):
        for k in range(people[i].first_tie, people[i].last_tie):
            better = earned[neighbours[k].person] > earned[i]
            ties[neighbours[k].tie].active = 1 if better else 0
        talk(people, ties, neighbours, beliefs, skill, i, firm, parameters, ballot)
        for word in range(beliefs.shape[2]):
            known = beliefs[i, KNOWN, word] ^ beliefs[i, NEXT_KNOWN, word]
            value = beliefs[i, VALUE, word] ^ beliefs[i, NEXT_VALUE, word]
            changes = changes or (known | value) != np.uint64(0)
    return changes


@rule
def can_learn(
    people, ties, neighbours, beliefs, skill, earned, firm, parameters, ballot
):
    """Return whether any belief would change if majorities were adopted for certain."""
    step = parameters[0].talk_step
    parameters[0].talk_step = 1.0
    changes = exchange(
        people, ties, neighbours, beliefs, skill, earned, firm, parameters, ballot
    )
    parameters[0].talk_step = step
    for i in range(people.shape[0]):
        for word in range(beliefs.shape[2]):
            beliefs[i, NEXT_KNOWN, word] = beliefs[i, KNOWN, word]
            beliefs[i, NEXT_VALUE, word] = beliefs[i, VALUE, word]
    return changes
