"""Addressed randomness.

All draws are fixed by their addresses, so a statistical test passes always or never:
the small alpha only says how odd a result would make us look for a mistake.
"""

import inspect
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulation import chance
from simulation.chance import (
    bernoulli_word,
    exponential,
    normal,
    philox,
    poisson,
    seat_key,
    stream_key,
    uniform,
    uniform_pair,
    uniform_slot,
)
from simulation.input_errors import InputError

ROOT = Path(__file__).resolve().parents[2]
# The first call of a rule compiles it.
unhurried = settings(deadline=None)
KEY = stream_key(2024, 3)
ALPHA = 1e-6
ALL = np.uint64(2**64 - 1)

words = st.integers(0, 2**64 - 1).map(np.uint64)
codes = st.integers(0, 2**32 - 1)
weeks = st.integers(-52, 5000)
# Away from the ends, where the last digits of a sum of probabilities decide.
inner = st.floats(1e-9, 1 - 1e-9)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ("00000000 " * 4, "00000000 " * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff " * 4, "ffffffff " * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            "243f6a88 85a308d3 13198a2e 03707344",
            "a4093822 299f31d0",
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_philox_known_answers(counter, key, expected):
    """Philox4x32-10 gives the answers published in Random123's kat_vectors."""
    arguments = [np.uint64(int(word, 16)) for word in (counter + " " + key).split()]
    assert " ".join(f"{int(word):08x}" for word in philox(*arguments)) == expected


def test_address_layout():
    """The counter is who, what, week + 2**20, and purpose above slot."""
    counter = (5, 6, 2**20 - 52, 7 << 24 | 9)
    key = (int(KEY) & 0xFFFFFFFF, int(KEY) >> 32)
    high, low, *_ = philox(*map(np.uint64, counter + key))
    expected = (((int(high) << 32 | int(low)) >> 12) + 0.5) / 2**52
    assert uniform_slot(KEY, 7, -52, 5, 6, 9) == expected


def test_every_part_of_an_address_matters():
    """Changing any part of an address changes the draw."""
    address = [KEY, 1, 2, 3, 4, 5]
    draws = {uniform_slot(*address)}
    for part in range(6):
        changed = [a + type(a)(1) if i == part else a for i, a in enumerate(address)]
        draws.add(uniform_slot(*changed))
    assert len(draws) == 7


@pytest.mark.parametrize("part", range(6))
def test_uniform_along_each_part_of_the_address(part):
    """Draws are uniform and unrelated to the next, along each part of the address."""

    def draw(step):
        parts = [1, 7, 3, 11, 17, 2]
        parts[part] = step
        key = stream_key(5, parts[0])
        return uniform_slot(key, *parts[1:])

    draws = np.array([draw(i) for i in range(256 if part == 1 else 4000)])
    assert stats.kstest(draws, "uniform").pvalue > ALPHA
    assert stats.pearsonr(draws[1:], draws[:-1]).pvalue > ALPHA


@unhurried
@given(key=words, purpose=st.integers(0, 255), week=weeks, who=codes, what=codes)
def test_forms_of_uniform_agree(key, purpose, week, who, what):
    """uniform is slot 0 and the first of the pair, strictly inside (0, 1)."""
    u = uniform(key, purpose, week, who, what)
    assert 0.0 < u < 1.0
    assert 1.0 - (1.0 - u) == u
    assert u == uniform_slot(key, purpose, week, who, what, 0)
    assert u == uniform_pair(key, purpose, week, who, what)[0]


def test_ends_of_uniform_are_inside():
    """The lowest and highest random words give numbers strictly inside (0, 1)."""
    assert chance._unit(np.uint64(0)) == 2.0**-53
    assert chance._unit(ALL) == 1.0 - 2.0**-53


def test_pair_is_independent():
    """Both numbers of a pair are uniform, and uncorrelated."""
    pairs = np.array([uniform_pair(KEY, 1, 0, i, 0) for i in range(4000)])
    assert stats.kstest(pairs[:, 1], "uniform").pvalue > ALPHA
    assert stats.pearsonr(pairs[:, 0], pairs[:, 1]).pvalue > ALPHA


@pytest.mark.parametrize(("draw", "law"), [(normal, "norm"), (exponential, "expon")])
def test_normal_and_exponential(draw, law):
    """Normal and exponential draws follow their law and are its quantiles."""
    draws = [draw(KEY, 1, week, 8, 9) for week in range(-52, 4000)]
    assert stats.kstest(draws, law).pvalue > ALPHA
    quantile = getattr(stats, law).ppf(uniform(KEY, 1, 5, 8, 9))
    assert draw(KEY, 1, 5, 8, 9) == pytest.approx(quantile, rel=1e-12)


@pytest.mark.parametrize("mean", [0.01, 0.7, 3, 20, 100, 255.9, 256, 256.5, 700, 1e5])
def test_poisson_is_the_inverse_distribution(mean):
    """poisson equals scipy's quantile, below and above the change of method."""
    draws = [uniform(KEY, 2, 0, i, 0) for i in range(1000)] + [1e-9, 1 - 1e-9]
    counts = [poisson(u, mean) for u in draws]
    assert counts == stats.poisson.ppf(draws, mean).tolist()


@unhurried
@given(u=inner, mean=st.floats(0, 1000), more=st.floats(0, 100))
def test_poisson_grows_with_its_mean(u, mean, more):
    """For one uniform number a larger mean never gives fewer."""
    assert poisson(u, mean) <= poisson(u, mean + more)


@unhurried
@given(u=inner, v=inner, mean=st.floats(0, 1000))
def test_poisson_grows_with_its_uniform(u, v, mean):
    """For one mean a larger uniform number never gives fewer."""
    assert poisson(min(u, v), mean) <= poisson(max(u, v), mean)


@pytest.mark.parametrize("mean", [0.0, -1.0, -math.inf, math.nan, 5e-324])
def test_poisson_without_mean_is_zero(mean):
    """Means that are not above 0 give 0, and so does the smallest number."""
    assert poisson(0.999, mean) == 0


@pytest.mark.parametrize("mean", [1e-9, 1.0, 255.0, 257.0, 1e4, 1e9, math.inf])
def test_poisson_ends(mean):
    """The highest uniform number and the highest mean end too."""
    assert poisson(1 - 2.0**-53, mean) >= poisson(2.0**-53, mean) >= 0
    assert poisson(0.5, mean) <= chance.MOST_POISSON_MEAN


@unhurried
@given(interest=words, probability=st.floats(0, 1), week=weeks, who=codes, what=codes)
def test_lanes_ignore_who_else_is_of_interest(interest, probability, week, who, what):
    """A lane's result is the same whichever other lanes are of interest."""
    address = (KEY, 3, week, who, what, probability)
    everyone = bernoulli_word(*address, ALL)
    assert bernoulli_word(*address, interest) == int(everyone) & int(interest)


@unhurried
@given(p=st.floats(0, 1), q=st.floats(0, 1), what=codes)
def test_lanes_grow_with_probability(p, q, what):
    """Lanes that happen at a probability also happen at a larger one."""
    low, high = (
        int(bernoulli_word(KEY, 3, 0, 1, what, x, ALL)) for x in sorted((p, q))
    )
    assert low & ~high == 0


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(0.0, 0), (-1.0, 0), (math.nan, 0), (5e-324, 0), (1.0, 0b1011), (2.0, 0b1011)],
)
def test_lanes_at_the_ends(probability, expected):
    """No lane at probability 0, all at 1, and the smallest probability ends."""
    assert bernoulli_word(KEY, 3, 0, 1, 2, probability, np.uint64(0b1011)) == expected


def lanes(probability, size=2000):
    """Return a table of words by lanes."""
    drawn = [
        int(bernoulli_word(KEY, 4, 0, 0, i, probability, ALL)) for i in range(size)
    ]
    return np.array([[word >> lane & 1 for lane in range(64)] for word in drawn])


@pytest.mark.parametrize("probability", [0.001, 0.1, 1 / 3, 0.5, 0.97])
def test_lanes_happen_as_often_as_asked(probability):
    """Over all lanes, and in each, the share is that of the probability."""
    table = lanes(probability)
    share = stats.binomtest(int(table.sum()), table.size, probability).pvalue
    each = [stats.binomtest(int(n), 2000, probability).pvalue for n in table.sum(0)]
    assert share > ALPHA
    assert min(each) > ALPHA


def test_lanes_are_independent():
    """Two lanes of a word are uncorrelated: 2016 pairs within 5.5 standard errors."""
    correlations = np.corrcoef(lanes(0.3).T)[np.triu_indices(64, 1)]
    assert np.abs(correlations).max() < 5.5 / math.sqrt(2000)


def test_stream_keys_are_unrelated():
    """Seeds and replicates give keys of their own, also when swapped."""
    keys = {int(stream_key(s, r)) for s in range(40) for r in range(40)}
    assert len(keys) == 1600
    assert stream_key(2**63 - 1, 2**32 - 1) != stream_key(0, 2**32 - 1)
    assert isinstance(stream_key(np.int64(1), 2), np.uint64)


@pytest.mark.parametrize(
    ("seed", "replicate", "error"),
    [
        (-1, 0, r"seed: must be a whole number \(got -1\); allowed 0 to 9223372036854"),
        (2**63, 0, "seed"),
        (0, 2**32, r"replicate: .*\(got 4294967296\); allowed 0 to 4294967295"),
        (1.0, 0, r"seed: must be a whole number \(got 1.0\)"),
        (0, True, r"replicate: must be a whole number \(got True\)"),
    ],
)
def test_stream_key_refuses(seed, replicate, error):
    """Seeds and replicates out of range are refused by name."""
    with pytest.raises(InputError, match=error):
        stream_key(seed, replicate)


def test_seat_key_is_stable():
    """The address of a name never changes: worlds would change with it."""
    assert seat_key("leader") == 1995044341
    assert seat_key("Zoë") == 2859399168


def sample_draws():
    """Return many draws in a form that another process can repeat."""
    import numpy as np

    from simulation import chance

    key = chance.stream_key(9, 9)
    signed = np.uint64(key).astype(np.int64)
    draws = []
    for i in range(150):
        who, what = chance.seat_key(f"who {i}"), chance.seat_key(f"what {i}")
        address = (key, i, i - 52, np.int64(who), np.uint32(what))
        u = chance.uniform(*address)
        draws += [u, *chance.uniform_pair(*address), chance.normal(*address)]
        draws += [chance.exponential(*address), chance.uniform(signed, *address[1:])]
        draws += [chance.poisson(u, mean) for mean in (0.3, 30.0, 300.0)]
        word = chance.bernoulli_word(*address, u, np.uint64(what * who))
        draws.append(int(word))
    return [v.hex() if isinstance(v, float) else str(int(v)) for v in draws]


def test_uncompiled_gives_the_same_draws():
    """All of it uncompiled, with warnings as errors, gives the compiled draws."""
    code = inspect.getsource(sample_draws) + "\nprint(*sample_draws())"
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "ORGSIM_UNCOMPILED": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.stderr == ""
    assert finished.stdout.split() == sample_draws()
