"""Beliefs as bits: reading, setting and counting them."""

import numpy as np

from simulation.compiled import rule
from simulation.state import KNOWN, NEXT_KNOWN, NEXT_VALUE, VALUE

ZERO = np.uint64(0)
ONE = np.uint64(1)
_PAIRS = np.uint64(0x5555555555555555)
_FOURS = np.uint64(0x3333333333333333)
_BYTES = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTE = np.uint64(0xFF)
DOMAIN_LANES = np.uint64(0x0001000100010001)
"""Lanes of domain 0 in each word; shift left by d for domain d."""


@rule
def holds(planes, i, plane, c):
    """Return whether lane `c` of one plane of person `i` is set."""
    return ((planes[i, plane, c >> 6] >> np.uint64(c & 63)) & ONE) == ONE


@rule
def shows(rows, row, c):
    """Return whether lane `c` of a row of market or strategy words is set."""
    return ((rows[row, c >> 6] >> np.uint64(c & 63)) & ONE) == ONE


@rule
def mark(rows, row, c, on):
    """Set lane `c` of a row of market or strategy words on or off."""
    lane = ONE << np.uint64(c & 63)
    if on:
        rows[row, c >> 6] |= lane
    else:
        rows[row, c >> 6] &= ~lane


@rule
def believe(beliefs, i, c, wanted):
    """Let person `i` hold, after this phase, that choice `c` is (un)wanted."""
    lane = ONE << np.uint64(c & 63)
    beliefs[i, NEXT_KNOWN, c >> 6] |= lane
    if wanted:
        beliefs[i, NEXT_VALUE, c >> 6] |= lane
    else:
        beliefs[i, NEXT_VALUE, c >> 6] &= ~lane


@rule
def take_over(beliefs, i, word, lanes, says, doubt):
    """Let person `i` take over, in these lanes of a word, what it `says`.

    With `doubt` a belief goes one step at a time on the scale wrong, none, right: one
    that is contradicted is given up first, and nothing is held in its place (the scale
    -1, 0, 1 of March 1991).
    """
    held = lanes
    if doubt:
        other = beliefs[i, KNOWN, word] & (beliefs[i, VALUE, word] ^ says)
        held = lanes & ~other
    beliefs[i, NEXT_KNOWN, word] = (beliefs[i, NEXT_KNOWN, word] & ~lanes) | held
    beliefs[i, NEXT_VALUE, word] = (beliefs[i, NEXT_VALUE, word] & ~lanes) | (
        held & says
    )


@rule
def be_convinced(beliefs, i, c, wanted, doubt):
    """Let person `i` take over that choice `c` is (un)wanted; `doubt` as above."""
    lane = ONE << np.uint64(c & 63)
    says = lane if wanted else ZERO
    take_over(beliefs, i, c >> 6, lane, says, doubt)


@rule
def count(word):
    """Return the number of set bits of a 64-bit word."""
    x = word - ((word >> ONE) & _PAIRS)
    x = (x & _FOURS) + ((x >> np.uint64(2)) & _FOURS)
    x = (x + (x >> np.uint64(4))) & _BYTES
    total = 0
    for byte in range(8):
        total += int((x >> np.uint64(8 * byte)) & _BYTE)
    return total


@rule
def clear(ballot):
    """Set all counters of a ballot, uint64[2, p], to zero."""
    for side in range(ballot.shape[0]):
        for p in range(ballot.shape[1]):
            ballot[side, p] = ZERO


@rule
def add_vote(planes, votes):
    """Add one vote per set lane to counters that lie across bit planes.

    `planes` is uint64[p]; lane counts saturate silently at 2**p - 1 votes, so callers
    poll no more people than that.
    """
    carry = votes
    for p in range(planes.shape[0]):
        old = planes[p]
        planes[p] = old ^ carry
        carry = old & carry
        if carry == ZERO:
            return


@rule
def more_votes(left, right):
    """Return the lanes in which counters `left` exceed counters `right`."""
    more = ZERO
    equal = ~ZERO
    for step in range(left.shape[0]):
        p = left.shape[0] - 1 - step
        more |= equal & left[p] & ~right[p]
        equal &= ~(left[p] ^ right[p])
    return more
