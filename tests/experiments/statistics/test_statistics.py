"""Intervals cover what they promise, and agree with published implementations."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from experiments.statistics import intervals, paired
from experiments.statistics.deciding import deciding
from experiments.statistics.paired import simultaneous_intervals

FINITE = st.floats(-1e6, 1e6)
MAYBE = FINITE | st.just(math.nan)


def binomial_reach(share, trials):
    """Return four standard errors of a share seen in so many trials."""
    return 4 * math.sqrt(share * (1 - share) / trials)


def skewed(n=80, seed=5):
    """Return a lopsided sample."""
    return np.random.default_rng(seed).gamma(1.0, 2.0, n)


def test_t_interval_agrees_with_scipy():
    """The t interval is scipy's."""
    from scipy import stats

    x = np.random.default_rng(1).normal(3, 2, 17)
    ours = paired.t_interval(x, 0.9)
    theirs = stats.t.interval(0.9, 16, x.mean(), stats.sem(x))
    assert_allclose((ours.low, ours.high), theirs)
    assert ours.estimate == x.mean() and ours.sd == x.std(ddof=1)


@given(arrays(float, st.integers(3, 40), elements=st.floats(-100, 100)))
def test_hall_ends_solve_hall_s_equation(x):
    """Put into the transformation of the paper, both ends give Student's quantile."""
    from scipy import stats

    found = paired.hall_interval(x)
    assume(np.ptp(x) > 1e-3)
    sd, g, n = x.std(ddof=1), stats.skew(x), len(x)
    for end, sign in ((found.low, 1), (found.high, -1)):
        u = (x.mean() - end) / sd
        transformed = u + g * u**2 / 3 + g**2 * u**3 / 27 + g / (6 * n)
        quantile = sign * stats.t.ppf(0.975, n - 1) / math.sqrt(n)
        assert transformed == pytest.approx(quantile, rel=1e-6, abs=1e-6)


def test_t_interval_covers():
    """Of 95 % intervals of normal samples, 95 % hold the truth."""
    samples = np.random.default_rng(2).normal(size=(4000, 8))
    found = [paired.t_interval(x) for x in samples]
    covered = np.mean([x.low <= 0 <= x.high for x in found])
    assert abs(covered - 0.95) < binomial_reach(0.95, 4000)


def test_hall_misses_more_evenly_than_t():
    """On lopsided samples Hall errs less to one side, and covers nearly as promised."""
    samples = np.random.default_rng(4).gamma(1.0, 1.0, (4000, 50))
    imbalance, covered = [], []
    for method in ("t", "hall"):
        ends = [paired.mean_interval(x, method=method) for x in samples]
        below = np.mean([x.high < 1 for x in ends])
        above = np.mean([x.low > 1 for x in ends])
        imbalance.append(below - above)
        covered.append(1 - below - above)
    assert imbalance[1] < imbalance[0]
    assert covered[1] > 0.94 - binomial_reach(0.94, 4000)


def test_enough_values_tell_their_skewness():
    """Few values get t, enough of them Hall, and it says so."""
    assert paired.mean_interval(skewed()).method == "hall"
    assert paired.mean_interval(skewed(12)).method == "t"
    with pytest.raises(ValueError, match="'magic'"):
        paired.mean_interval(skewed(), method="magic")


def test_without_skewness_hall_is_t():
    """Of symmetric values both intervals are the same."""
    plain, hall = (
        paired.mean_interval(np.arange(40.0), method=x) for x in ("t", "hall")
    )
    assert_allclose((hall.low, hall.high), (plain.low, plain.high), rtol=1e-6)


@given(arrays(float, st.integers(0, 30), elements=MAYBE))
@settings(deadline=None)
def test_missing_values_are_dropped_and_counted(values):
    """Dropping nan by hand changes nothing but the count."""
    kept = values[np.isfinite(values)]
    for make in (paired.t_interval, paired.hall_interval):
        found = make(values)
        assert (found.n, found.dropped) == (len(kept), len(values) - len(kept))
        clean = make(kept)
        assert_allclose((found.low, found.high), (clean.low, clean.high))
        assert found.known == (len(kept) > 1)


def test_constant_values_have_no_width():
    """Where nothing varies the interval is the value."""
    for method in ("t", "hall"):
        found = paired.mean_interval([2.0] * 5, method=method)
        assert (found.low, found.high) == (2, 2)


def test_paired_difference_drops_pairs():
    """A pair counts only where both worlds have a value."""
    found = paired.paired_difference([1, np.nan, 3, 4], [2, 5, np.nan, 7])
    assert (found.estimate, found.n, found.dropped) == (2, 2, 2)
    with pytest.raises(ValueError, match="2 and 3"):
        paired.paired_difference([1, 2], [1, 2, 3])


def test_relative_difference():
    """Relative to the size of A, also where A is negative; missing where A is 0."""
    a = np.array([8.0, 10, 12])
    found = paired.relative_difference(a, 1.2 * a)
    assert_allclose((found.estimate, found.low, found.high), 0.2)
    assert_allclose(paired.relative_difference(-a, -0.8 * a).estimate, 0.2)
    assert math.isnan(paired.relative_difference([0, 0], [1, 2]).estimate)


def test_relative_difference_covers():
    """The delta method covers the ratio of means."""
    random = np.random.default_rng(6)
    hits = []
    for _ in range(2000):
        a = random.normal(10, 2, 40)
        found = paired.relative_difference(a, 1.1 * a + random.normal(0, 1, 40))
        hits.append(found.low <= 0.1 <= found.high)
    assert abs(np.mean(hits) - 0.95) < 0.005 + binomial_reach(0.95, 2000)


def test_share_better():
    """Ties count half, and lower can be better."""
    a, b = [1, 2, 3, np.nan], [2, 2, 1, 0]
    assert paired.share_better(a, b) == 0.5
    assert paired.share_better([1, 2], [0, 1], "lower") == 1
    assert math.isnan(paired.share_better([], []))
    with pytest.raises(ValueError, match="'best'"):
        paired.share_better(a, b, "best")


@given(
    arrays(float, st.integers(1, 20), elements=st.integers(-5, 5)),
    arrays(float, st.integers(1, 20), elements=st.integers(-5, 5)),
)
@settings(deadline=None)
def test_superiority_counts_pairs(a, b):
    """Vargha-Delaney A is the share of all pairs that b wins, ties half."""
    wins = (b[:, None] > a).mean() + 0.5 * (b[:, None] == a).mean()
    assert_allclose(paired.superiority(a, b), wins)
    assert_allclose(paired.superiority(b, a), 1 - wins)


def test_outcome_band():
    """Bands run over replicates, week by week, without missing worlds."""
    values = np.arange(22.0).reshape(11, 2)
    values[:, 1] = np.nan
    band = paired.outcome_band(values)
    assert_allclose(band.low, [2, np.nan])
    assert_allclose(band.median, [10, np.nan])
    assert_allclose(band.high, [18, np.nan])
    assert band.n.tolist() == [11, 0]


def test_variance_reduction():
    """Pairing gains what the worlds share."""
    random = np.random.default_rng(7)
    world = random.normal(0, 3, 5000)
    a, b = world + random.normal(size=5000), world + random.normal(size=5000)
    assert paired.variance_reduction(a, b) == pytest.approx(10, rel=0.1)
    assert paired.variance_reduction(a, a + 1) > 1e20
    assert paired.variance_reduction([1, 2], [2, 3]) == math.inf
    assert math.isnan(paired.variance_reduction([1, 1], [2, 2]))


@given(st.floats(0, 1e3), st.floats(0.1, 1e3), st.sampled_from([0.8, 0.95, 0.99]))
@settings(deadline=None)
def test_replicates_needed_is_the_smallest_number(sd, half_width, level):
    """So many replicates are enough, and one fewer is not."""
    from scipy.special import stdtrit

    def reach(n):
        return stdtrit(n - 1, (1 + level) / 2) * sd / math.sqrt(n)

    n = paired.replicates_needed(sd, half_width, level)
    assert reach(n) <= half_width
    assert n == 2 or reach(n - 1) > half_width


@pytest.mark.parametrize(("sd", "half_width"), [(1, 0), (math.nan, 1), (-1, 1)])
def test_replicates_needed_refuses_nonsense(sd, half_width):
    """Widths must be positive and spreads finite."""
    with pytest.raises(ValueError):
        paired.replicates_needed(sd, half_width)


@pytest.mark.parametrize("method", ["sidak", "bonferroni", "max_t"])
def test_simultaneous_intervals_hold_together(method):
    """All of five correlated intervals hold in at least 95 % of samples."""
    random = np.random.default_rng(8)
    trials, hold = 200, 0
    for _ in range(trials):
        shared = random.normal(size=(40, 1))
        found = simultaneous_intervals(
            shared + random.normal(size=(40, 5)), method=method
        )
        hold += all(x.low <= 0 <= x.high for x in found)
    assert hold / trials > 0.95 - binomial_reach(0.95, trials)


def test_max_t_uses_dependence():
    """For columns that move together max-t is narrower than Sidak, wider than one t."""
    random = np.random.default_rng(9)
    x = random.normal(size=(200, 1)) + 0.1 * random.normal(size=(200, 12))
    widths = [
        simultaneous_intervals(x, method=m)[0].half_width for m in ("max_t", "sidak")
    ]
    single = paired.t_interval(x[:, 0]).half_width
    assert 0.97 * single < widths[0] < 0.9 * widths[1]


def test_simultaneous_intervals_with_missing_worlds():
    """Sidak drops nan column by column, max-t whole worlds; none at all is no crash."""
    x = np.random.default_rng(1).normal(size=(30, 2))
    x[0, 0] = np.nan
    assert [i.n for i in simultaneous_intervals(x)] == [29, 30]
    assert [i.n for i in simultaneous_intervals(x, method="max_t")] == [29, 29]
    assert simultaneous_intervals(np.empty((5, 0))) == ()
    assert not simultaneous_intervals(x[:1], method="max_t")[0].known


def test_best_group():
    """Clearly worse scenarios leave the group, near ones stay, best first."""
    world = np.random.default_rng(2).normal(size=(60, 1))
    noise = 0.2 * np.random.default_rng(3).normal(size=(60, 4))
    values = world + noise + np.array([0.0, 2.0, 2.01, -1.0])
    assert set(paired.best_group(values)) == {1, 2}
    assert paired.best_group(values, "lower") == (3,)
    assert paired.best_group(values[:, :1]) == (0,)
    apart = values.max() - values.min()
    assert set(paired.best_group(values, smallest=apart)) == {0, 1, 2, 3}


def test_compare():
    """One call gives everything that is reported, and nothing crashes when empty."""
    random = np.random.default_rng(1)
    a = random.normal(10, 2, 50)
    found = paired.compare(a, a + random.normal(1, 0.5, 50), "higher")
    assert found.difference.low < 1 < found.difference.high
    assert found.share_better > 0.9 and found.variance_reduction > 5
    assert found.b.estimate - found.a.estimate == pytest.approx(
        found.difference.estimate
    )
    assert not paired.compare([], []).difference.known


def test_levels_are_of_the_worlds_of_the_difference():
    """A world in which one side has no value counts for neither side."""
    found = paired.compare([1, 2, 100, 3], [2, 3, math.nan, 4])
    assert (found.a.estimate, found.b.estimate) == (2, 3)
    assert found.difference.estimate == 1
    assert found.a.dropped == found.b.dropped == found.difference.dropped == 1


def test_interval_says_what_it_spans():
    """Spanning zero and lying within a size are properties of the interval."""
    one = intervals.Interval(1, -1, 3, 0.95, 9, 0, 1, "t")
    assert one.spans_zero and one.within(3) and not one.within(2)
    assert one.half_width == 2


def test_a_parameter_that_is_the_same_in_all_sets_hides_no_other():
    """It decides nothing; what does decide is found beside it."""
    draw = np.random.default_rng(2)
    sets = [{"moves": x, "stays": 0.5} for x in draw.random(40)]
    means = np.array([2.0 * one["moves"] for one in sets])
    assert [name for name, _ in deciding(means, sets)] == ["moves"]
