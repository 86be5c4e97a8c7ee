"""Addressed randomness: every draw is a pure function of its address.

An address is (key, purpose, week, who, what, slot). The key is made from seed and
replicate; purpose (0..255) tells the kind of draw; week is at least -2**20; who and
what are 0..2**32-1; slot is 0..2**24-1. The generator is Philox4x32-10 (Salmon, Moraes,
Dror and Shaw, 2011).
"""

import hashlib

import numpy as np

from simulation.arithmetic import exp, log, normal_quantile
from simulation.compiled import rule
from simulation.whole_numbers import whole

MOST_POISSON_MEAN = 1e9
_POISSON_FROM_ZERO = 256.0

# Every number in mask code is uint64: with a plain 1 numba would turn it signed.
_ZERO = np.uint64(0)
_LOW_32 = np.uint64(0xFFFFFFFF)
_12 = np.uint64(12)
_24 = np.uint64(24)
_32 = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
# "orgsim", so that keys are not draws of the all-zero stream.
_KEY_TAG_0 = np.uint64(0x6F726773)
_KEY_TAG_1 = np.uint64(0x696D0000)


@rule
def philox(
    c0: np.uint64,
    c1: np.uint64,
    c2: np.uint64,
    c3: np.uint64,
    k0: np.uint64,
    k1: np.uint64,
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four random 32-bit words of a counter and a key, each as a uint64.

    Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011); all arguments are uint64 below
    2**32.
    """
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0 = (product_1 >> _32) ^ c1 ^ k0
        c1 = product_1 & _LOW_32
        c2 = (product_0 >> _32) ^ c3 ^ k1
        c3 = product_0 & _LOW_32
        k0 = (k0 + _WEYL_0) & _LOW_32
        k1 = (k1 + _WEYL_1) & _LOW_32
    return c0, c1, c2, c3


def stream_key(seed: int, replicate: int) -> np.uint64:
    """Return the key of all draws of one replicate.

    seed is 0..2**63-1, replicate 0..2**32-1. They are mixed, so that the keys of (1, 2)
    and (2, 1) are unrelated. Raises `InputError` if one is no integer or out of range.
    """
    seed, replicate = whole("seed", seed), whole("replicate", replicate)
    return np.uint64(mixed_key(np.uint64(seed), np.uint64(replicate)))


@rule
def mixed_key(seed: np.uint64, replicate: np.uint64) -> np.uint64:
    """Return the key of a seed and a replicate, which are uint64."""
    low, high = seed & _LOW_32, seed >> _32
    words = philox(low, high, replicate, _ZERO, _KEY_TAG_0, _KEY_TAG_1)
    return words[0] | words[1] << _32


def seat_key(name: str) -> int:
    """Return the stable address of a name: 0..2**32-1, by BLAKE2b of its UTF-8."""
    digest = hashlib.blake2b(name.encode(), digest_size=4).digest()
    return int.from_bytes(digest, "little")


@rule
def _two_words(
    key: np.uint64, purpose: int, week: int, who: int, what: int, slot: int
) -> tuple[np.uint64, np.uint64]:
    """Return the two random 64-bit words of an address, as uint64."""
    key = np.uint64(key)
    shifted_week = np.uint64(np.int64(week) + np.int64(1048576)) & _LOW_32
    place = np.uint64(purpose) << _24 | np.uint64(slot)
    words = philox(
        np.uint64(who), np.uint64(what), shifted_week, place, key & _LOW_32, key >> _32
    )
    return words[0] << _32 | words[1], words[2] << _32 | words[3]


@rule
def _unit(word: np.uint64) -> float:
    # 52 bits plus half a step: with 53 bits the half step would be rounded, and the
    # largest number would become 1.0.
    return (float(np.int64(word >> _12)) + 0.5) * 2.0**-52


@rule
def uniform(key: np.uint64, purpose: int, week: int, who: int, what: int) -> float:
    """Return the uniform number of an address, in the open interval (0, 1).

    It is an odd multiple of 2**-53, so that 1 - u is as exact and as likely as u.
    """
    return _unit(_two_words(key, purpose, week, who, what, 0)[0])


@rule
def uniform_slot(
    key: np.uint64, purpose: int, week: int, who: int, what: int, slot: int
) -> float:
    """Return the uniform number of a slot of an address; slot is 0..2**24-1.

    Slot 0 gives the same number as `uniform`.
    """
    return _unit(_two_words(key, purpose, week, who, what, slot)[0])


@rule
def uniform_pair(
    key: np.uint64, purpose: int, week: int, who: int, what: int
) -> tuple[float, float]:
    """Return two independent uniform numbers of an address at the cost of one.

    The first is the same number as `uniform` gives.
    """
    first, second = _two_words(key, purpose, week, who, what, 0)
    return _unit(first), _unit(second)


@rule
def normal(key: np.uint64, purpose: int, week: int, who: int, what: int) -> float:
    """Return the standard normal number of an address, within 8.3 of 0.

    It is the normal quantile of the address's uniform number.
    """
    return normal_quantile(uniform(key, purpose, week, who, what))


@rule
def exponential(key: np.uint64, purpose: int, week: int, who: int, what: int) -> float:
    """Return the exponential number of an address: mean 1, in (0, 36.8).

    It is the exponential quantile of the address's uniform number.
    """
    return -log(1.0 - uniform(key, purpose, week, who, what))


@rule
def poisson(u: float, mean: float) -> int:
    """Return the Poisson quantile of a uniform number u: the smallest k with F(k) >= u.

    For a fixed u it does not fall as the mean grows, so that the leads of a higher mean
    include those of a lower one. Sums are exact to 1e-14, so this holds unless u is
    that close to a step. The result is 0 for a mean that is not above 0; means above
    1e9 count as 1e9. Below a mean of 256 the sum starts at 0. Above, it starts at the
    lowest count that a uniform number can reach, and takes about 20 terms times the
    square root of the mean.
    """
    if not mean > 0.0:
        return 0
    mean = min(float(mean), MOST_POISSON_MEAN)
    count, term = _poisson_start(mean)
    total = term
    # Past the mean, a term below 2**-55 no longer changes the total.
    while total < u and (count < mean or term > 2.0**-55):
        count += 1
        term *= mean / count
        total += term
    return count


@rule
def _poisson_start(mean: float) -> tuple[int, float]:
    """Return a count below which the probability is negligible, and its probability."""
    if mean < _POISSON_FROM_ZERO:
        return 0, exp(-mean)
    count = int(mean)
    term = _poisson_mode(mean)
    while count > 0 and term > 2.0**-80:
        term *= count / mean
        count -= 1
    return count, term


@rule
def _poisson_mode(mean: float) -> float:
    """Return the probability of floor(mean) for means of 256 and more (Loader, 2000).

    Uses Stirling's series and the series of x - log(1 + x), with errors below 1e-16
    here.
    """
    mode = float(int(mean))
    x = (mean - mode) / mode
    deviance = 0.5 - x * (1 / 3 - x * (0.25 - x * (0.2 - x / 6.0)))
    square = mode * mode
    stirling = (1 / 12 - (1 / 360 - 1 / (1260.0 * square)) / square) / mode
    return exp(-stirling - mode * x * x * deviance) / np.sqrt(6.283185307179586 * mode)


@rule
def bernoulli_word(
    key: np.uint64,
    purpose: int,
    week: int,
    who: int,
    what: int,
    probability: float,
    interest: np.uint64,
) -> np.uint64:
    """Return the lanes of `interest` in which an event of this probability happens.

    Masks are uint64. The event happens in a lane if the lane's uniform number, which
    depends only on the address and the lane, is below the probability. So a lane's
    result does not depend on the other lanes of interest, and a higher probability only
    adds lanes. No lane for a probability of 0 and below, all for 1 and above. Bits of
    the uniform numbers are drawn for 64 lanes at a time, until no lane is undecided.
    """
    undecided = np.uint64(interest)
    if probability >= 1.0:
        return undecided
    happens = _ZERO
    rest = max(float(probability), 0.0)
    slot = 0
    while undecided != _ZERO and rest > 0.0:
        words = _two_words(key, purpose, week, who, what, slot)
        happens, undecided, rest = _settle(happens, undecided, rest, words[0])
        happens, undecided, rest = _settle(happens, undecided, rest, words[1])
        slot += 1
    return happens


@rule
def _settle(
    happens: np.uint64, undecided: np.uint64, rest: float, word: np.uint64
) -> tuple[np.uint64, np.uint64, float]:
    """Compare the next bit of the probability with that of each lane's number."""
    rest = rest + rest
    if rest >= 1.0:
        return happens | (undecided & ~word), undecided & word, rest - 1.0
    return happens, undecided & ~word, rest
