"""The value of information against closed forms, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from experiments.statistics.information import FEWEST, gains, perfect_gain
from experiments.statistics.intervals import t_interval

SEEDS = st.integers(0, 2**32 - 1)


def linear(seed, mean, slope, noise=4.0, worlds=300):
    """Return values of doing nothing and of an option, and the normal unknown.

    The option is worth `mean` + `slope` times the unknown more, but for noise.
    """
    draw = np.random.default_rng(seed)
    unknown, base = draw.normal(size=worlds), draw.normal(0, 8, worlds)
    apart = mean + slope * unknown + draw.normal(0, noise, worlds)
    return np.stack([base, base + apart], 1), unknown


def closed_form(mean, slope):
    """Return the expected gain: the unit normal linear loss (Raiffa & Schlaifer)."""
    at = mean / slope
    return mean * norm.cdf(at) + slope * norm.pdf(at) - max(0.0, mean)


@pytest.mark.parametrize(("mean", "slope"), [(-1, 2), (-1, 5), (0, 2), (-3, 2)])
def test_intervals_hold_the_closed_form(mean, slope):
    """In at least 34 of 40 draws; fewer would be a chance of 1 in 200 at 95 %."""
    truth, held = closed_form(mean, slope), 0
    for seed in range(40):
        values, unknown = linear(seed, mean, slope)
        [found] = gains(values, [[unknown]])
        held += found.interval.low <= truth <= found.interval.high
    assert held >= 34


def test_many_worlds_come_near_the_closed_form():
    """The estimate lies within a twentieth of it, its interval is as narrow."""
    values, unknown = linear(1, -1, 5, worlds=40_000)
    [found] = gains(values, [[unknown]])
    truth = closed_form(-1, 5)
    assert found.interval.estimate == pytest.approx(truth, rel=0.05)
    assert found.interval.half_width < 0.1 * truth


def test_settings_of_a_lever_without_chance_are_exact():
    """One setting in four makes the option 3 better instead of 1 worse: 3/4."""
    unknown = np.array(["a", "b", "c", "d"] * 25)
    values = np.stack([np.zeros(100), np.where(unknown == "d", 3.0, -1.0)], 1)
    [found] = gains(values, [[unknown]])
    assert found.interval.estimate == pytest.approx(0.75)
    assert found.changed == 0.25
    assert perfect_gain(values) == pytest.approx(0.75)


def test_two_unknowns_can_be_worth_only_together():
    """Whether two agree decides; each by itself tells nothing."""
    draw = np.random.default_rng(3)
    one, other = draw.choice(["no", "yes"], (2, 400))
    apart = np.where(one == other, 2.0, -2.1) + draw.normal(size=400)
    values = np.stack([np.zeros(400), apart], 1)
    alone, together = gains(values, [[one], [one, other]])
    assert alone.interval.low == 0.0
    assert alone.interval.high < together.interval.low


def test_what_does_not_matter_is_worth_nothing():
    """Of ten unknowns that change nothing one is surely worth something in 1 of 20."""
    false = 0
    for seed in range(40):
        draw = np.random.default_rng(seed)
        values = draw.normal(size=(100, 3))
        columns = [[draw.choice(["a", "b", "c"], 100)] for _ in range(5)]
        columns += [[draw.random(100)] for _ in range(5)]
        false += any(x.interval.low > 0 for x in gains(values, columns))
    assert false <= 5


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.integers(2, 4), st.floats(-3, 3))
def test_no_gain_is_below_zero_or_above_perfect_information(seed, options, slope):
    """Whatever the values; ends are in order, the upper one beyond it by its error."""
    draw = np.random.default_rng(seed)
    unknown = draw.random(60)
    values = draw.normal(size=(60, options))
    values[:, 1] += slope * unknown
    [found] = gains(values, [[unknown]])
    one = found.interval
    assert 0 <= one.low <= one.estimate <= min(one.high, perfect_gain(values))
    most = values.max(1) - values[:, values.mean(0).argmax()]
    assert one.high <= max(t_interval(most).high, one.estimate)
    assert 0 <= found.changed <= 1


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.sampled_from([0.125, 8.0, 1024.0]), st.integers(-40, 40))
def test_units_do_not_matter(seed, times, more):
    """Gains grow with the unit of values, and not with that of the unknown."""
    values, unknown = linear(seed, -0.5, 2, worlds=60)
    [one] = gains(values, [[unknown]])
    [other] = gains(times * values + more, [[np.exp(unknown)]])
    for end in ("low", "estimate", "high"):
        expected = times * getattr(one.interval, end)
        assert getattr(other.interval, end) == pytest.approx(expected, abs=1e-6 * times)
    assert (one.choices == other.choices).all()


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_a_choice_that_never_changes_gains_nothing(seed):
    """An option that is better by far more than the unknown or chance moves it."""
    draw = np.random.default_rng(seed)
    unknown = draw.random(60)
    values = np.stack([draw.random(60), 9 + unknown + draw.random(60)], 1)
    [found] = gains(values, [[unknown]])
    assert found.interval.high == 0.0 == found.changed


def test_options_that_are_all_the_same_gain_nothing():
    """And no division by their spread goes wrong."""
    values = np.ones((50, 3))
    [found] = gains(values, [[np.arange(50.0)]])
    assert (found.interval.low, found.interval.high) == (0.0, 0.0)


def test_a_choice_between_what_is_the_same_is_no_change():
    """Where two options give the same in a world, neither is another choice there."""
    draw = np.random.default_rng(5)
    unknown = np.array(["same", "worse", "better"] * 50)
    apart = np.select([unknown == "same", unknown == "worse"], [0.0, -3.0], 2.0)
    noise = np.where(unknown == "same", 0.0, draw.normal(0, 0.1, 150))
    base = draw.normal(size=150)
    [found] = gains(np.stack([base, base + apart + noise], 1), [[unknown]])
    assert found.changed == pytest.approx(1 / 3)
    assert set(found.choices[unknown == "same"]) == {0}


def test_too_few_worlds_are_refused():
    """With how many are needed; without unknowns there is no gain."""
    with pytest.raises(ValueError, match=str(FEWEST)):
        gains(np.zeros((FEWEST - 1, 2)), [[np.arange(FEWEST - 1.0)]])
    assert gains(np.zeros((FEWEST, 2)), []) == ()
