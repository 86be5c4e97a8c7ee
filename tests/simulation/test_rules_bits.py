"""Bit counts and votes against Python's and numpy's own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from worlds import lanes_of

from simulation.rules.bits import (
    DOMAIN_LANES,
    add_vote,
    be_convinced,
    count,
    mark,
    more_votes,
    shows,
    take_over,
)
from simulation.state import KNOWN, NEXT_KNOWN, NEXT_VALUE, VALUE

words = st.integers(0, 2**64 - 1)


@given(words)
def test_count_is_the_number_of_ones(word):
    """Counting bits in parallel gives what Python counts in the binary digits."""
    assert count(np.uint64(word)) == bin(word).count("1")


@given(st.lists(words, max_size=15), st.lists(words, max_size=15))
def test_votes_are_counted_per_lane(ones, zeros):
    """Majorities of bit-sliced counters are those of sums over lanes."""
    planes = np.zeros((2, 4), np.uint64)
    totals = []
    for side, votes in zip(planes, (ones, zeros), strict=True):
        for vote in votes:
            add_vote(side, np.uint64(vote))
        lanes = lanes_of(np.array(votes or [0], np.uint64)[:, None])
        totals.append(lanes.sum(axis=0))
        weights = (1 << np.arange(4))[:, None]
        np.testing.assert_array_equal(
            (lanes_of(side[:, None]) * weights).sum(0), totals[-1]
        )
    more = lanes_of(np.array([more_votes(planes[0], planes[1])], np.uint64))
    np.testing.assert_array_equal(more, totals[0] > totals[1])


@given(st.sets(st.integers(0, 127)), st.integers(0, 127))
def test_marks_show(marked, other):
    """What is marked shows in its row and lane, and nothing else does."""
    rows = np.zeros((3, 2), np.uint64)
    for c in marked | {other}:
        mark(rows, 1, c, True)
    mark(rows, 1, other, False)
    assert {c for c in range(128) if shows(rows, 1, c)} == marked - {other}
    assert not rows[[0, 2]].any()


def test_lanes_of_a_domain():
    """Shifting the lanes of domain 0 gives every sixteenth lane from d on."""
    for d in range(16):
        lanes = lanes_of(np.array([DOMAIN_LANES << np.uint64(d)]))
        np.testing.assert_array_equal(np.flatnonzero(lanes), np.arange(d, 64, 16))


def held(belief):
    """Return planes of one person who holds -1, 0 or 1 about lane 0."""
    beliefs = np.zeros((1, 5, 1), np.uint64)
    beliefs[0, [KNOWN, NEXT_KNOWN], 0] = abs(belief)
    beliefs[0, [VALUE, NEXT_VALUE], 0] = belief > 0
    return beliefs


def next_belief(beliefs):
    """Return what is held next about lane 0, and nothing about others."""
    known, value = (int(beliefs[0, plane, 0]) for plane in (NEXT_KNOWN, NEXT_VALUE))
    assert known in (0, 1) and value in (0, known)
    return known * (2 * value - 1)


@given(st.integers(-1, 1), st.booleans(), st.booleans())
def test_doubt_goes_one_step_at_a_time(belief, wanted, doubt):
    """On -1, 0, 1 a contradicted belief is given up first; without doubt it turns."""
    says = 1 if wanted else -1
    step = belief + np.sign(says - belief)
    beliefs = held(belief)
    take_over(beliefs, 0, 0, np.uint64(1), np.uint64(wanted), doubt)
    assert next_belief(beliefs) == (step if doubt else says)
    other = held(belief)
    be_convinced(other, 0, 0, wanted, doubt)
    np.testing.assert_array_equal(other, beliefs)


@given(words, words, words, words)
def test_only_the_lanes_asked_are_taken_over(known, value, lanes, says):
    """All other lanes keep what they hold."""
    beliefs = np.zeros((1, 5, 1), np.uint64)
    beliefs[0, [KNOWN, NEXT_KNOWN], 0] = known
    beliefs[0, [VALUE, NEXT_VALUE], 0] = value & known
    take_over(beliefs, 0, 0, np.uint64(lanes), np.uint64(says), False)
    assert int(beliefs[0, NEXT_KNOWN, 0]) == known | lanes
    assert int(beliefs[0, NEXT_VALUE, 0]) == (value & known & ~lanes) | (lanes & says)
