"""The verdict rule: what it says, and that it never rewards vagueness."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from experiments.statistics.intervals import Interval, t_interval
from experiments.statistics.verdicts import (
    ENOUGH_TO_BE_SAME,
    SETTLED_SHARE,
    Verdict,
    clear_sign,
    is_settled,
    verdict_on,
    worlds_to_settle,
)

MATTERS = 2.0
REACH = st.floats(0.001, 20)
ESTIMATE = st.floats(-10, 10)


def around(estimate, reach, n=50, sd=1.0):
    """Return an interval of this half-width."""
    return Interval(estimate, estimate - reach, estimate + reach, 0.95, n, 0, sd, "t")


@pytest.mark.parametrize(
    ("estimate", "reach", "said"),
    [
        (5, 1, Verdict.CLEAR),
        (-2, 1.9, Verdict.CLEAR),
        (1.2, 1.1, Verdict.SLIGHT),
        (1.3, 0.6, Verdict.SLIGHT),
        (0.1, 0.2, Verdict.NONE),
        (1.0, 1.0, Verdict.NONE),
        (1.5, 1.6, Verdict.UNCLEAR),
        (9, 10, Verdict.UNCLEAR),
    ],
)
def test_what_is_said(estimate, reach, said):
    """Estimates of the brief's examples, among them two that the old rule turned."""
    assert verdict_on(around(estimate, reach), MATTERS) == said


def test_what_is_not_known_is_unclear():
    """No interval, and a few worlds that happen to agree."""
    assert verdict_on(around(5, math.nan), MATTERS) == Verdict.UNCLEAR
    few = around(5, 0.0, n=ENOUGH_TO_BE_SAME - 1, sd=0.0)
    assert verdict_on(few, MATTERS) == Verdict.UNCLEAR
    assert verdict_on(replace(few, n=ENOUGH_TO_BE_SAME), MATTERS) == Verdict.CLEAR


@given(ESTIMATE, REACH, st.floats(1, 10))
def test_vagueness_is_never_rewarded(estimate, reach, times):
    """A wider interval around the same estimate never says more than a narrower one."""
    narrow = verdict_on(around(estimate, reach), MATTERS)
    wide = verdict_on(around(estimate, reach * times), MATTERS)
    order = [Verdict.UNCLEAR, Verdict.NONE, Verdict.SLIGHT, Verdict.CLEAR]
    assert order.index(wide) <= order.index(narrow)


@given(ESTIMATE, REACH)
def test_signs_are_those_of_clear_differences_and_mirror(estimate, reach):
    """The opposite difference has the opposite sign and the same verdict."""
    one, other = around(estimate, reach), around(-estimate, reach)
    assert verdict_on(one, MATTERS) == verdict_on(other, MATTERS)
    assert clear_sign(one, MATTERS) == -clear_sign(other, MATTERS)
    assert (clear_sign(one, MATTERS) != 0) == (
        verdict_on(one, MATTERS) == Verdict.CLEAR
    )


@given(ESTIMATE, REACH)
def test_what_is_settled_has_a_verdict(estimate, reach):
    """A half-width of half of what matters leaves nothing unclear, and not one more."""
    assume(reach <= SETTLED_SHARE * MATTERS)
    one = around(estimate, reach)
    assert is_settled(one, MATTERS)
    assert verdict_on(one, MATTERS) != Verdict.UNCLEAR
    assert not is_settled(around(estimate, 2 * MATTERS), MATTERS)


def test_the_worlds_that_settle_do():
    """Of 200 samples of the number of worlds asked for, nearly all are settled."""
    draw = np.random.default_rng(4)
    first = t_interval(draw.normal(0, 8, 400))
    wanted = worlds_to_settle(first, MATTERS)
    assert 200 < wanted < 300
    more = [t_interval(draw.normal(0, 8, int(1.2 * wanted))) for _ in range(200)]
    assert np.mean([is_settled(x, MATTERS) for x in more]) > 0.95
    assert worlds_to_settle(around(1, math.nan), MATTERS) is None
