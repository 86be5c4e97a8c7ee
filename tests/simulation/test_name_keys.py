"""Names of seats as numbers have the keys and the order of the names as texts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulation.chance import seat_key
from simulation.compiled import call
from simulation.head_counts import FIRST, HEAD, NUMBER, ROOM, sort_by_key
from simulation.name_keys import HEADS, WORDS, comes_before, name_key, name_of
from simulation.stable_sort import sort_by
from simulation.state import SEAT, records

names = st.tuples(
    st.integers(0, len(HEADS) - 1), st.integers(0, 12) | st.integers(0, 10**6)
)


def key(name):
    """Return the key that the rule gives."""
    return call(name_key, *name, np.empty(WORDS, np.uint64))


def test_keys_are_those_of_names():
    """Every head, as a leader and with numbers of all lengths."""
    for head in range(len(HEADS)):
        for number in (0, 1, 9, 10, 99, 100, 54_321, 1_000_000):
            assert key((head, number)) == seat_key(name_of(head, number))


@given(names)
def test_any_key_is_that_of_the_name(name):
    """The rule hashes as hashlib does."""
    assert key(name) == seat_key(name_of(*name))


@given(names, names)
def test_names_are_ordered_as_texts(one, other):
    """Letter by letter, whatever the numbers."""
    expected = name_of(*one) < name_of(*other)
    assert call(comes_before, *one, *other) == expected


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1) | st.integers(0, 2), names)))
def test_seats_are_ordered_by_key_and_then_by_name(listed):
    """Also those few who share a key with somebody."""
    seats, named = records(SEAT, len(listed)), np.zeros((2, len(listed)), np.int64)
    for k, (own, name) in enumerate(listed):
        seats[k].key = own
        named[HEAD, k], named[NUMBER, k] = name
    room = np.empty((ROOM, max(258, len(listed))), np.int64)
    call(sort_by_key, len(listed), seats, named, room)
    expected = sorted(
        range(len(listed)), key=lambda k: (listed[k][0], name_of(*listed[k][1]))
    )
    assert room[FIRST, : len(listed)].tolist() == expected


@given(st.lists(st.integers(0, 20)), st.randoms(use_true_random=False))
def test_sorting_is_stable(values, draw):
    """Equals stay in the order in which they came."""
    source = list(range(len(values)))
    draw.shuffle(source)
    table = np.zeros((4, max(22, len(values))), np.int64)
    table[0, : len(values)], table[1, : len(values)] = values, source
    call(sort_by, table, 0, 1, 2, 3, len(values))
    found = table[2, : len(values)].tolist()
    assert found == sorted(source, key=values.__getitem__)
