"""Deterministic exp, log and their kin."""

import inspect
import math
import os
import subprocess
import sys
from pathlib import Path

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import arithmetic
from simulation.arithmetic import (
    exp,
    log,
    logistic,
    normal_quantile,
    power,
    rounded,
)

ROOT = Path(__file__).resolve().parents[2]
# The first call of a rule compiles it.
unhurried = settings(deadline=None)


def ulps(value, exact):
    """Return the distance from the exact number in units of its last place."""
    return float(abs(mpmath.mpf(value) - exact) / mpmath.mpf(math.ulp(float(exact))))


def worst(function, exact_function, points):
    """Return the largest error in ulp over the points."""
    with mpmath.workprec(160):
        return max(
            ulps(function(x), exact_function(mpmath.mpf(x)))
            for x in map(float, np.concatenate(points))
        )


def uniform(low, high, size=1500):
    """Return the same points between two ends in every run."""
    return np.random.default_rng(20).uniform(low, high, size)


def exact_quantile(p):
    """Return the exact normal quantile by Newton's method from the one under test."""
    x = mpmath.mpf(normal_quantile(p))
    for _ in range(2):
        x -= (mpmath.ncdf(x) - mpmath.mpf(p)) / mpmath.npdf(x)
    return x


def test_exp_is_within_one_ulp():
    """exp is within 0.9 ulp of mpmath over its whole range, subnormals included."""
    points = [uniform(-5, 5), uniform(-745, 709.7), uniform(-1e-3, 1e-3)]
    assert worst(exp, mpmath.exp, points) < 0.9


def test_log_is_within_one_ulp():
    """log is within 0.9 ulp of mpmath, near 1 and for subnormals too."""
    points = [uniform(0, 2), 1 + uniform(-1e-3, 1e-3), np.exp(uniform(-744, 709))]
    assert worst(log, mpmath.log, points) < 0.9


def test_logistic_is_within_three_ulp():
    """logistic is within 3 ulp of mpmath on both sides."""

    def exact(x):
        return 1 / (1 + mpmath.exp(-x))

    assert worst(logistic, exact, [uniform(-6, 6), uniform(-700, 40)]) < 3


def test_power_keeps_its_stated_accuracy():
    """power is within 1 + 2 |y log x| ulp of mpmath."""
    bases, exponents = np.exp(uniform(-10, 10)), uniform(-10, 10)[::-1]
    with mpmath.workprec(160):
        for x, y in zip(bases.tolist(), exponents.tolist(), strict=True):
            error = ulps(power(x, y), mpmath.power(mpmath.mpf(x), mpmath.mpf(y)))
            assert error < 1 + 2 * abs(y * math.log(x))


def test_normal_quantile_is_within_its_stated_accuracy():
    """normal_quantile is within 1e-15 of mpmath, in the centre and both tails."""
    points = [
        uniform(0, 1, 150),
        10 ** uniform(-300, -1, 60),
        1 - 10 ** uniform(-15, -1, 60),
    ]
    with mpmath.workprec(120):
        for p in np.concatenate(points).tolist():
            assert abs(mpmath.mpf(normal_quantile(p)) / exact_quantile(p) - 1) < 1e-15


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (exp, (0.0,), 1.0),
        (exp, (-745.14,), 0.0),
        (exp, (-745.1,), 5e-324),
        (exp, (709.79,), math.inf),
        (exp, (math.inf,), math.inf),
        (exp, (-math.inf,), 0.0),
        (exp, (math.nan,), math.nan),
        (log, (0.0,), -math.inf),
        (log, (-0.0,), -math.inf),
        (log, (1.0,), 0.0),
        (log, (-1.0,), math.nan),
        (log, (math.inf,), math.inf),
        (log, (math.nan,), math.nan),
        (power, (0.0, 2.0), 0.0),
        (power, (0.0, 0.0), 1.0),
        (power, (0.0, -1.0), math.inf),
        (power, (math.inf, 0.0), 1.0),
        (power, (1.0, 1e300), 1.0),
        (power, (-1.0, 2.0), math.nan),
        (logistic, (0.0,), 0.5),
        (logistic, (-1000.0,), 0.0),
        (logistic, (1000.0,), 1.0),
        (normal_quantile, (0.0,), -math.inf),
        (normal_quantile, (0.5,), 0.0),
        (normal_quantile, (1.0,), math.inf),
        (normal_quantile, (1.5,), math.nan),
        (normal_quantile, (math.nan,), math.nan),
    ],
)
def test_ends_of_the_range(function, arguments, expected):
    """Zero, infinity, nan and overflow give what the docstrings say."""
    assert function(*arguments) == pytest.approx(expected, rel=0, abs=0, nan_ok=True)


@unhurried
@given(st.floats(1e-300, 0.5))
def test_normal_quantile_grows(p):
    """A larger probability never has a smaller quantile."""
    assert normal_quantile(p) <= normal_quantile(p * (1 + 1e-9))


@unhurried
@given(st.floats(-700, 700))
def test_exp_takes_any_number(x):
    """Python floats, numpy floats and whole numbers give the same bits."""
    assert exp(x) == exp(np.float64(x))
    assert exp(int(x)) == exp(float(int(x)))


def sample_bits():
    """Return the bits of many results, in a form that another process can repeat."""
    import numpy as np

    from simulation import arithmetic

    x = np.random.default_rng(7).uniform(0, 1, (3, 400))
    bits = [arithmetic.exp(v).hex() for v in (x[0] * 1500 - 750).tolist()]
    bits += [arithmetic.exp(v).hex() for v in x[0]]
    bits += [arithmetic.log(v).hex() for v in 10 ** (x[1] * 620 - 315)]
    bits += [arithmetic.logistic(v).hex() for v in x[2] * 80 - 40]
    bits += [arithmetic.power(a, b).hex() for a, b in zip(x[0], x[1], strict=True)]
    bits += [arithmetic.normal_quantile(v).hex() for v in 10 ** (-20 * x[2])]
    return [float.hex(0.0), *bits]


def test_uncompiled_gives_the_same_bits():
    """All of it uncompiled, with warnings as errors, gives the bits of the compiled."""
    code = inspect.getsource(sample_bits) + "\nprint(*sample_bits())"
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "ORGSIM_UNCOMPILED": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.stderr == ""
    assert finished.stdout.split() == sample_bits()


@pytest.mark.skipif(not hasattr(exp, "inspect_asm"), reason="rules are not compiled")
@pytest.mark.parametrize("name", ["exp", "log", "power", "normal_quantile"])
def test_no_fused_multiply_add(name):
    """The machine code never fuses a product and a sum, which would round once less."""
    numba = pytest.importorskip("numba")
    py_func = getattr(arithmetic, name).py_func
    fresh = numba.njit(error_model="numpy")(py_func)
    fresh(*[0.25] * py_func.__code__.co_argcount)
    text = "".join(fresh.inspect_asm().values())
    assert not any(word in text for word in ("fmadd", "fmsub", "fmla", "fmls"))


@unhurried
@given(st.floats(0, 2**50) | st.integers(0, 10**6).map(lambda k: k / 2))
def test_rounding_is_that_of_python(x):
    """To the nearest whole number, halves to the even one."""
    assert rounded(x) == round(x)
