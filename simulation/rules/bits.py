"""Beliefs as bits: read, set and count them."""

import numpy as np

from simulation.compiled import rule
from simulation.state import (
    KNOWN,
    NEXT_KNOWN,
    NEXT_SURE,
    NEXT_VALUE,
    SURE,
    SURE_DIGITS,
    VALUE,
)

ZERO = np.uint64(0)
ONE = np.uint64(1)


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
    """Set or clear lane `c` of a row of market or strategy words."""
    lane = ONE << np.uint64(c & 63)
    if on:
        rows[row, c >> 6] |= lane
    else:
        rows[row, c >> 6] &= ~lane


@rule
def believe(beliefs, i, c, wanted):
    """Give person `i` a belief about `c`, after this phase, on one step of evidence."""
    lane = ONE << np.uint64(c & 63)
    word = c >> 6
    beliefs[i, NEXT_KNOWN, word] |= lane
    if wanted:
        beliefs[i, NEXT_VALUE, word] |= lane
    else:
        beliefs[i, NEXT_VALUE, word] &= ~lane
    for digit in range(SURE_DIGITS):
        beliefs[i, NEXT_SURE + digit, word] &= ~lane


@rule
def evidence(beliefs, i, c):
    """Return the steps of evidence that person `i` holds about `c`, 0 for no belief."""
    if not holds(beliefs, i, KNOWN, c):
        return 0
    steps = 1
    for digit in range(SURE_DIGITS):
        if holds(beliefs, i, SURE + digit, c):
            steps += 1 << digit
    return steps


@rule
def at_least(s0, s1, s2, number):
    """Return the lanes in which the binary number s2 s1 s0 is at least `number`."""
    more = ZERO
    equal = ~ZERO
    if number & 4:
        equal &= s2
    else:
        more |= equal & s2
        equal &= ~s2
    if number & 2:
        equal &= s1
    else:
        more |= equal & s1
        equal &= ~s1
    if number & 1:
        equal &= s0
    else:
        more |= equal & s0
        equal &= ~s0
    return more | equal


@rule
def step_towards(known, value, s0, s1, s2, lanes, says, top):
    """Return the planes of a word of counters after one step towards `says`.

    A belief is a counter of evidence from -L to L. Its sign is `value`; its size is 0
    if not `known`, else one more than the binary number s2 s1 s0. `top` is L - 1: a
    belief that agrees and has this number or more does not change. With L = 1 this is
    the scale -1, 0, 1 of March (1991).
    """
    agrees = lanes & known & ~(value ^ says)
    opposes = lanes & known & (value ^ says)
    fresh = lanes & ~known
    full = at_least(s0, s1, s2, top)
    gave_up = opposes & ~(s0 | s1 | s2)
    carry = agrees & ~full
    borrow = opposes & ~gave_up
    moved = carry | borrow
    next_0 = s0 ^ moved
    carry &= s0
    borrow &= ~s0
    next_1 = s1 ^ (carry | borrow)
    carry &= s1
    borrow &= ~s1
    next_2 = s2 ^ (carry | borrow)
    known = (known & ~gave_up) | fresh
    value = (value & ~gave_up & ~fresh) | (fresh & says)
    return known, value, next_0, next_1, next_2


@rule
def weigh_in(beliefs, i, word, lanes, says, steps, limit):
    """Move the beliefs of person `i`, in these lanes of a word, towards `says`.

    They move by `steps` of evidence, at most up to `limit`. With a limit of one step,
    one step gives a contradicted belief up, and two steps turn it.
    """
    top = int(limit) - 1
    known = beliefs[i, NEXT_KNOWN, word]
    value = beliefs[i, NEXT_VALUE, word]
    s0 = beliefs[i, NEXT_SURE, word]
    s1 = beliefs[i, NEXT_SURE + 1, word]
    s2 = beliefs[i, NEXT_SURE + 2, word]
    for _ in range(int(steps)):
        known, value, s0, s1, s2 = step_towards(
            known, value, s0, s1, s2, lanes, says, top
        )
    beliefs[i, NEXT_KNOWN, word] = known
    beliefs[i, NEXT_VALUE, word] = value
    beliefs[i, NEXT_SURE, word] = s0
    beliefs[i, NEXT_SURE + 1, word] = s1
    beliefs[i, NEXT_SURE + 2, word] = s2


@rule
def news_in(lanes, says, known, value, limit):
    """Return the lanes in which `says` can change the beliefs held.

    With a limit of one step of evidence, agreement changes nothing.
    """
    if limit >= 2.0:
        return lanes
    return lanes & (~known | (value ^ says))


@rule
def weigh_one(beliefs, i, c, wanted, steps, parameters):
    """Move person `i`'s belief about `c` by `steps` of first-hand evidence."""
    lane = ONE << np.uint64(c & 63)
    says = lane if wanted else ZERO
    limit = parameters[0].evidence_limit
    weigh_in(beliefs, i, c >> 6, lane, says, steps, limit)


@rule
def surer(known, s0, s1, s2, other_known, o0, o1, o2):
    """Return the lanes in which the first counters hold more evidence than the others.

    Sizes are compared, not signs.
    """
    more = s2 & ~o2
    equal = ~(s2 ^ o2)
    more |= equal & s1 & ~o1
    equal &= ~(s1 ^ o1)
    more |= equal & s0 & ~o0
    return known & (~other_known | more)


@rule
def hold_next(beliefs, i):
    """Make the beliefs that person `i` formed in this phase the present ones."""
    for word in range(beliefs.shape[2]):
        beliefs[i, KNOWN, word] = beliefs[i, NEXT_KNOWN, word]
        beliefs[i, VALUE, word] = beliefs[i, NEXT_VALUE, word]
        for digit in range(SURE_DIGITS):
            beliefs[i, SURE + digit, word] = beliefs[i, NEXT_SURE + digit, word]


@rule
def count(word):
    """Return the number of set bits of a 64-bit word."""
    total = 0
    while word != ZERO:
        total += 1
        word &= word - ONE
    return total


@rule
def lowest(word):
    """Return the number of the lowest set bit of a 64-bit word that is not 0."""
    return count(~word & (word - ONE))


@rule
def clear(ballot):
    """Set all counters of a ballot, uint64[2, p], to zero."""
    for side in range(ballot.shape[0]):
        for p in range(ballot.shape[1]):
            ballot[side, p] = ZERO


@rule
def add_vote(planes, votes):
    """Add one vote per set lane to counters whose binary digits are bit planes.

    `planes` is uint64[p]. A counter silently stops at 2**p - 1 votes, so callers must
    not poll more people than that.
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
