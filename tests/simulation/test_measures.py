"""The outcome registry is complete, and measures do what their definitions say."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from simulation import measures, outcomes
from simulation.measures import OUTCOMES, SERIES_COLUMNS, SERIES_RECORD, summarise


def series(weeks=60, replicates=None, **columns):
    """Return weekly records of ones with the named columns set."""
    shape = (weeks,) if replicates is None else (replicates, weeks)
    made = np.ones(shape, SERIES_RECORD).view(np.recarray)
    made["week"] = np.arange(weeks)
    for name, values in columns.items():
        made[name] = values
    return made


def test_columns():
    """The weekly record has every agreed column once."""
    assert len(set(SERIES_COLUMNS)) == len(SERIES_COLUMNS) == 70
    assert SERIES_RECORD.names == SERIES_COLUMNS


def test_registry_is_complete():
    """Every outcome has texts in both languages and a difference that matters."""
    for outcome in OUTCOMES.values():
        for key in (*outcomes.TEXTS, "unit_one", "weekly_label", "weekly_unit"):
            texts = getattr(outcome, key)
            assert set(texts) == set(outcomes.LANGUAGES) and all(texts.values())
        assert outcome.smallest_difference > 0
        assert outcome.weekly_display in outcomes.DISPLAYS
        assert (outcome.display == "percent") == outcome.unit["en"].startswith("%")


def test_headlines():
    """Lead quality, time to relearn and burnout come first."""
    assert measures.HEADLINES == ("lead_quality", "learning_speed", "burnout")
    assert OUTCOMES["lead_quality"].always_with == ("fitting_leads",)


def test_every_summary_is_used_and_measured():
    """Each way of summarising has a function and at least one outcome."""
    assert set(measures._SUMMARIES) == set(outcomes.SUMMARIES)
    assert {o.summary for o in OUTCOMES.values()} == set(outcomes.SUMMARIES)


def test_registry_reports_all_mistakes_at_once():
    """A bad registry names every mistake with its place."""
    path = Path(outcomes.__file__).with_suffix(".toml")
    row = tomllib.loads(path.read_text(encoding="utf-8"))["burnout"]
    rows = {
        "a": row | {"display": "pie", "label": {"en": "A"}, "always_with": ["c"]},
        "b": row | {"weekly": {"numerator": ["-maker"]}},
        "d": {"label": {}},
    }
    with pytest.raises(ValueError) as error:
        outcomes.read_outcomes(rows)
    for text in ("a.display", "a.label: without nl", "'c'", "'-maker'", "d: without"):
        assert text in str(error.value)


def test_unknown_outcome_names_the_nearest():
    """A typo is answered with the nearest outcome."""
    with pytest.raises(KeyError, match="did you mean lead_quality"):
        summarise(series(), outcomes=["lead_qualty"])


def test_lead_quality_is_a_ratio_of_sums_over_the_last_half_year():
    """Weeks count by their leads, earlier ones not at all, empty ones are missing."""
    handed = np.r_[np.full(34, 100.0), np.full(25, 0.0), 8.0]
    data = series(leads_handed=handed, leads_fitting=np.minimum(handed, 2))
    assert summarise(data, outcomes=["lead_quality"])["lead_quality"] == 2 / 8
    assert np.isnan(measures.weekly(data, "lead_quality")[40])
    empty = series(leads_handed=0, leads_fitting=0)
    assert np.isnan(summarise(empty)["lead_quality"])


def test_burnout_is_a_mean_of_weeks():
    """Weeks count alike, whatever the number of people in them."""
    people = np.r_[np.full(47, 10.0), np.full(13, 20.0)]
    data = series(
        makers=people, makers_complaints=np.r_[np.full(47, 1), np.full(13, 4)]
    )
    assert_allclose(summarise(data)["burnout"], (0.1 + 0.2) / 2)


def test_learning_speed_trails_thirteen_weeks():
    """The weekly rate is net corrections over starting stocks of 13 weeks."""
    random = np.random.default_rng(1)
    data = series(
        corrections=random.integers(0, 5, 60),
        corruptions=random.integers(0, 3, 60),
        stock_start=random.integers(5, 30, 60),
    )
    rate = measures.weekly(data, "learning_speed")
    net = data.corrections - data.corruptions
    for week in (0, 5, 12, 13, 40, 59):
        span = slice(max(0, week - 12), week + 1)
        assert_allclose(rate[week], net[span].sum() / data.stock_start[span].sum())


def test_totals_per_year():
    """Revenue, margin and turnover are per 52 weeks, changes in all."""
    found = summarise(series(26, revenue=7, cost=3, employees=40))
    assert_allclose([found[x] for x in ("revenue", "margin")], [364, 208])
    assert_allclose(found["turnover"], 52 / 40)
    assert found["change_cost"] == 26


def test_long_waits_skip_weeks_without_any():
    """The 90th percentile is averaged over the weeks that have one."""
    waits = np.full(60, np.nan)
    assert np.isnan(summarise(series(decision_weeks_p90=waits))["decision_weeks_p90"])
    waits[3:5] = 2, 4
    assert summarise(series(decision_weeks_p90=waits))["decision_weeks_p90"] == 3


@given(rate=st.floats(0.005, 0.3), shock=st.integers(0, 20))
@settings(max_examples=50, deadline=None)
def test_recovery_half_life_of_exponential_recovery(rate, shock):
    """A stock that decays at a rate has the half-life ln 2 / rate."""
    weeks = np.arange(300)
    extra = np.where(weeks < shock, 0, 40 * np.exp(-rate * (weeks - shock)))
    base = series(300, shocked_wrong=10)
    probe = series(300, shocked_wrong=10 + extra)
    found = measures.recovery_half_life(base, probe, shock)
    assert_allclose(found, np.log(2) / rate, rtol=0.02)
    assert not measures.recovery_censored(base, probe, shock)
    summary = summarise(base, probe)
    assert_allclose(summary["learning_speed"], found)
    assert_allclose(summary["recovery_half_life"], found)


def test_recovery_is_censored_at_the_horizon():
    """Without recovery the observed weeks are returned and flagged, per replicate."""
    base = series(30, 3, shocked_wrong=10)
    probe = series(30, 3, shocked_wrong=np.array([[14.0], [10.0], [8.0]]))
    found = measures.recovery_half_life(base, probe, 10)
    assert_allclose(found, [19, np.nan, np.nan])
    assert measures.recovery_censored(base, probe, 10).tolist() == [True, False, False]


def test_recovery_needs_its_probe():
    """Without a probe, or with one that never differs, learning speed is missing."""
    base = series()
    assert np.isnan(summarise(base)["learning_speed"])
    assert np.isnan(summarise(base, base)["learning_speed"])
    with pytest.raises(ValueError, match="shock_week is 99"):
        measures.recovery_half_life(base, base, 99)


@given(rate=st.floats(0.005, 0.4), change=st.integers(0, 20))
@settings(max_examples=50, deadline=None)
def test_half_life_at_change_of_a_constant_rate(rate, change):
    """A refilled stock of constant size still shows how long its members last."""
    data = series(300, stock_start=200, corrections=200 * rate + 3, corruptions=3)
    found = measures.half_life_at_change(data, change)
    assert_allclose(found, -np.log(2) / np.log(1 - rate), rtol=0.05)
    assert not measures.change_censored(data, change)


def test_half_life_at_change_at_the_edges():
    """No learning is censored; nothing wrong is missing; all at once is half a week."""
    assert measures.half_life_at_change(series(corrections=0, corruptions=0)) == 60
    assert measures.change_censored(series(corrections=0, corruptions=0))
    assert np.isnan(measures.half_life_at_change(series(stock_start=0)))
    at_once = series(corrections=5, corruptions=0, stock_start=5)
    assert measures.half_life_at_change(at_once) == 0.5


def test_dip_and_payback():
    """Five weeks of loss and then gains at half the speed are paid back in fifteen."""
    base = series(40, revenue=10, cost=10)
    after = np.r_[np.full(8, 10.0), np.full(5, 6.0), np.full(27, 12.0)]
    changed = series(40, revenue=after, cost=10)
    found = summarise(changed, baseline=base, change_week=8)
    assert (found["dip_depth"], found["payback_weeks"]) == (20, 15)
    assert summarise(base, baseline=base)["payback_weeks"] == 0
    lost = summarise(series(40, revenue=9, cost=10), baseline=base)
    assert (lost["dip_depth"], lost["payback_weeks"]) == (40, 40)
    assert np.isnan(summarise(base)["dip_depth"])


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=30))
@settings(deadline=None)
def test_payback_lies_within_the_horizon(gains):
    """Whatever the gains, depth is not negative and payback lies on the time axis."""
    weeks = len(gains)
    base = series(weeks, revenue=0, cost=0)
    changed = series(weeks, revenue=np.array(gains), cost=0)
    assert measures.dip_depth(changed, base) >= 0
    assert 0 <= measures.payback_weeks(changed, base) <= weeks


def test_replicates_are_measured_as_one_by_one():
    """An array of replicates gives each replicate's own summary."""
    random = np.random.default_rng(3)
    many = series(50, 4)
    probe, base = many.copy(), many.copy()
    for data in (many, probe, base):
        for name in SERIES_COLUMNS:
            data[name] = random.integers(0, 9, (4, 50))
    together = summarise(many, probe, baseline=base, shock_week=3)
    for i in range(4):
        alone = summarise(many[i], probe[i], baseline=base[i], shock_week=3)
        assert all(isinstance(value, float) for value in alone.values())
        for name, value in alone.items():
            assert_allclose(together[name][i], value, err_msg=name)
            assert measures.weekly(many, name).shape == (4, 50)
