"""Bit counts and votes against Python's and numpy's own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from worlds import lanes_of

from simulation.rules.bits import (
    add_vote,
    at_least,
    count,
    mark,
    more_votes,
    shows,
    surer,
    weigh_in,
    weigh_one,
)
from simulation.state import (
    BELIEF_PLANES,
    KNOWN,
    NEXT_KNOWN,
    NEXT_SURE,
    NEXT_VALUE,
    PARAMETER,
    SURE,
    SURE_DIGITS,
    VALUE,
    records,
)

words = st.integers(0, 2**64 - 1)
LIMITS = st.integers(1, 8)


def limited_to(limit):
    """Return parameters with this limit of evidence."""
    parameters = records(PARAMETER, 1)
    parameters.evidence_limit = limit
    return parameters


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


PLAIN = st.integers(-8, 8)


def counters(sizes):
    """Return the planes of one person whose evidence on each lane is a plain number."""
    beliefs = np.zeros((1, BELIEF_PLANES, 1), np.uint64)
    for lane, size in enumerate(sizes):
        bit = np.uint64(1) << np.uint64(lane)
        if size:
            beliefs[0, [KNOWN, NEXT_KNOWN], 0] |= bit
        if size > 0:
            beliefs[0, [VALUE, NEXT_VALUE], 0] |= bit
        for digit in range(SURE_DIGITS):
            if (abs(size) - 1) >> digit & 1 and size:
                beliefs[0, [SURE + digit, NEXT_SURE + digit], 0] |= bit
    return beliefs


def plain(beliefs, lanes):
    """Return the numbers that the planes hold after the phase; they are canonical."""
    planes = lanes_of(beliefs[0, :, 0][:, None])[:, :lanes].astype(int)
    known, value = planes[NEXT_KNOWN], planes[NEXT_VALUE]
    sure = sum(planes[NEXT_SURE + d] << d for d in range(SURE_DIGITS))
    assert (value <= known).all() and (sure[known == 0] == 0).all()
    return list(known * (1 + sure) * (2 * value - 1))


def moved(size, steps, limit):
    """Return evidence after so many steps for (or against), as a plain number."""
    for _ in range(abs(steps)):
        if size * steps > 0 and abs(size) >= limit:
            return size
        size += 1 if steps > 0 else -1
    return size


@given(
    st.lists(PLAIN, min_size=64, max_size=64), words, words, st.integers(0, 4), LIMITS
)
def test_evidence_adds_up_as_plain_numbers_do(sizes, lanes, says, steps, limit):
    """Counters across planes move as integers from -L to L; other lanes stay."""
    beliefs = counters(sizes)
    weigh_in(beliefs, 0, 0, np.uint64(lanes), np.uint64(says), steps, limit)
    expected = [
        moved(size, steps if says >> lane & 1 else -steps, limit)
        if lanes >> lane & 1
        else size
        for lane, size in enumerate(sizes)
    ]
    assert plain(beliefs, 64) == expected
    now = beliefs[0, [KNOWN, VALUE]]
    np.testing.assert_array_equal(now, counters(sizes)[0, [KNOWN, VALUE]])


@given(st.integers(-1, 1), st.booleans(), st.integers(1, 2))
def test_with_a_limit_of_one_evidence_is_the_scale_of_march(belief, wanted, steps):
    """On -1, 0, 1 one step gives up what is contradicted, and two turn it."""
    says = 1 if wanted else -1
    step = belief + np.sign(says - belief)
    beliefs = counters([belief])
    weigh_in(beliefs, 0, 0, np.uint64(1), np.uint64(wanted), steps, 1)
    assert plain(beliefs, 1) == [step if steps == 1 else says]
    other = counters([belief])
    weigh_one(other, 0, 0, wanted, steps, limited_to(1))
    np.testing.assert_array_equal(other, beliefs)


@given(
    st.lists(PLAIN, min_size=64, max_size=64), st.lists(PLAIN, min_size=64, max_size=64)
)
def test_the_surer_of_two_is_found_lane_by_lane(ours, theirs):
    """Sizes of evidence are compared, whatever they say."""
    one, two = counters(ours)[0, :, 0], counters(theirs)[0, :, 0]
    at = [KNOWN, SURE, SURE + 1, SURE + 2]
    more = lanes_of(np.array([surer(*one[at], *two[at])], np.uint64))
    assert list(more) == [abs(a) > abs(b) for a, b in zip(ours, theirs, strict=True)]


@given(st.integers(0, 7), st.lists(PLAIN.filter(bool), min_size=64, max_size=64))
def test_at_least(number, sizes):
    """Three digits are compared with a number."""
    planes = counters(sizes)[0, :, 0]
    enough = at_least(planes[SURE], planes[SURE + 1], planes[SURE + 2], number)
    lanes = lanes_of(np.array([enough], np.uint64))
    assert list(lanes) == [abs(size) - 1 >= number for size in sizes]
