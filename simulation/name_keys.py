"""Names of seats as two numbers, and their keys, for organisations from head counts.

A name is a head and a number, as marketeers-17, or a head and the word lead, as
marketing-lead, for which the number is 0.
"""

import numpy as np

from simulation.compiled import rule
from simulation.state import DEPARTMENTS

GROUPS = (
    "marketeers",
    "communicators",
    "sales",
    "product",
    "finance",
    "hr",
    "customer_success",
    "externals",
)
"""Groups of people that are counted: one for each department but management, in their
order, and marketing's externals."""
HEADS = tuple(sorted({*GROUPS, *DEPARTMENTS, *(f"{x}-lead" for x in DEPARTMENTS)}))
"""All heads of names, alphabetically."""
_LETTERS = np.array([list(head.encode().ljust(32, b"\0")) for head in HEADS], np.int64)
_LEAD = tuple(b"lead")
_HYPHEN, _NOUGHT = b"-0"
_END = 0

# BLAKE2b (RFC 7693): first words, and the order of words in each round.
_FIRST = np.array(
    [
        *(0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B),
        *(0xA54FF53A5F1D36F1, 0x510E527FADE682D1, 0x9B05688C2B3E6C1F),
        *(0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179),
    ],
    np.uint64,
)
_ORDER = np.array(
    [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
        [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
        [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
        [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
        [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
        [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
        [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
        [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
        [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
    ],
    np.int64,
)
_ROUNDS = 12
_LENGTH_OF_KEY = np.uint64(0x01010004)
"""Parameters of the hash: no secret, one tree, four bytes."""
_LOW_32 = np.uint64(0xFFFFFFFF)
_ONES = np.uint64(0xFFFFFFFFFFFFFFFF)
_BELOW_TOP = np.uint64(0x7FFFFFFFFFFFFFFF)
_64 = np.uint64(64)
WORDS = 32
"""Words of working space for a key."""


def name_of(head: int, number: int) -> str:
    """Return the name of a seat.

    >>> name_of(HEADS.index("sales"), 12), name_of(HEADS.index("sales"), 0)
    ('sales-12', 'sales-lead')
    """
    return f"{HEADS[head]}-{number or 'lead'}"


@rule
def letter(head, number, k):
    """Return letter `k` of a name as a byte; 0 beyond its end."""
    size = 0
    while _LETTERS[head, size] != 0:
        size += 1
    if k < size:
        return _LETTERS[head, k]
    if k == size:
        return _HYPHEN
    k -= size + 1
    if number == 0:
        return _LEAD[k] if k < len(_LEAD) else _END
    unit = 1
    digits = 1
    while number // unit >= 10:
        unit *= 10
        digits += 1
    if k >= digits:
        return _END
    for _ in range(k):
        unit //= 10
    return _NOUGHT + number // unit % 10


@rule
def comes_before(head, number, other_head, other_number):
    """Return whether a name comes before another one in the order of letters."""
    k = 0
    while True:
        a, b = letter(head, number, k), letter(other_head, other_number, k)
        if a != b:
            return a < b
        if a == _END:
            return False
        k += 1


@rule
def name_key(head, number, words):
    """Return the key of a name, as `simulation.chance.seat_key`: 4 bytes of BLAKE2b.

    `words[WORDS]` of 64 bits are working space.
    """
    for k in range(16):
        words[k] = np.uint64(0)
    size = 0
    while letter(head, number, size) != _END:
        byte = np.uint64(letter(head, number, size))
        words[size >> 3] |= byte << np.uint64(8 * (size & 7))
        size += 1
    for k in range(8):
        words[16 + k] = words[24 + k] = _FIRST[k]
    words[16] ^= _LENGTH_OF_KEY
    words[28] ^= np.uint64(size)
    words[30] ^= _ONES
    for turn in range(_ROUNDS):
        for k in range(8):
            aside = k // 4  # columns first, then diagonals
            b, c, d = k + aside, k + 2 * aside, k + 3 * aside
            _mix(words, turn, 2 * k, k % 4, 4 + b % 4, 8 + c % 4, 12 + d % 4)
    word = _FIRST[0] ^ _LENGTH_OF_KEY ^ words[16] ^ words[24]
    return np.int64(word & _LOW_32)


@rule
def _mix(words, turn, at, a, b, c, d):
    """Mix two words of the name into four of the state, at 16 and on."""
    a, b, c, d = 16 + a, 16 + b, 16 + c, 16 + d
    first, second = _ORDER[turn % 10, at], _ORDER[turn % 10, at + 1]
    words[a] = _sum(_sum(words[a], words[b]), words[first])
    words[d] = _turned(words[d] ^ words[a], 32)
    words[c] = _sum(words[c], words[d])
    words[b] = _turned(words[b] ^ words[c], 24)
    words[a] = _sum(_sum(words[a], words[b]), words[second])
    words[d] = _turned(words[d] ^ words[a], 16)
    words[c] = _sum(words[c], words[d])
    words[b] = _turned(words[b] ^ words[c], 63)


@rule
def _sum(a, b):
    """Return a + b without what exceeds 64 bits; numpy would warn of the plain sum."""
    return ((a & _BELOW_TOP) + (b & _BELOW_TOP)) ^ ((a ^ b) & ~_BELOW_TOP)


@rule
def _turned(word, bits):
    """Return a word rotated to the right."""
    return word >> np.uint64(bits) | word << (_64 - np.uint64(bits))
