"""Journeys: items that depend on one another, and whether they fit together."""

import numpy as np

from simulation.compiled import rule
from simulation.rules.bits import ONE, ZERO, shows
from simulation.state import EXECUTED, WANTED, WISHED


@rule
def is_turned(rows, row, choices, mates, c):
    """Return whether the wish of `c` is turned by the items set in a row of bits.

    It is turned if an odd number of the mates on which `c` depends are set
    (interdependence: Thompson 1967; Levinthal 1997).
    """
    choice = choices[c]
    odd = False
    for k in range(choice.last_mate - choice.first_mate):
        if (choice.depends >> k) & 1 == 1:
            odd = odd != shows(rows, row, mates[choice.first_mate + k])
    return odd


@rule
def turned_lanes(rows, row, choices, mates, word):
    """Return the items of a word whose wish is turned by those set in a row of bits."""
    lanes = ZERO
    for lane in range(64):
        c = 64 * word + lane
        if choices[c].depends != 0 and is_turned(rows, row, choices, mates, c):
            lanes |= ONE << np.uint64(lane)
    return lanes


@rule
def turn_wishes(market, choices, mates):
    """Compute what customers want of each item, given what its mates show."""
    for word in range(market.shape[1]):
        turned = turned_lanes(market, EXECUTED, choices, mates, word)
        market[WANTED, word] = market[WISHED, word] ^ turned


@rule
def fits(market, c, wanted_row, executed_row):
    """Return whether `c` was executed as customers wanted it."""
    return shows(market, wanted_row, c) == shows(market, executed_row, c)


@rule
def journey_fit(market, choices, mates, c, wanted_row, executed_row):
    """Return the share of the other choices of `c`'s journey that were right."""
    choice = choices[c]
    right = 0.0
    others = 0.0
    for k in range(choice.first_mate, choice.last_mate):
        mate = mates[k]
        if mate != c:
            others += 1.0
            if fits(market, mate, wanted_row, executed_row):
                right += 1.0
    if others == 0.0:
        return 1.0
    return right / others
