"""Sales pursue what they expect much of, and win what fits and is answered in time."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import plain, scenario

from simulation.model import Organisation
from simulation.rules import sales
from simulation.state import SALES


@cache
def shared():
    """Return the state of an organisation that no test lives on."""
    return Organisation(scenario()).state


share = st.floats(0, 1)


def pursuit(estimate, good, load):
    """Return the probability that a rep of this estimate pursues a lead."""
    person = shared().people[0]
    person.estimate = estimate
    return plain(sales.pursuit_chance)(person, good, load, shared().parameters)


@given(share, share, st.floats(0, 3), st.floats(0, 3))
def test_pursuit_rises_with_the_estimate_and_falls_with_load(a, b, x, y):
    """A higher estimate, a good signal or less load never lowers pursuit."""
    low, high = sorted((a, b))
    less, more = sorted((x, y))
    assert pursuit(high, True, less) >= pursuit(low, True, less)
    assert pursuit(low, True, less) >= pursuit(low, True, more)
    assert pursuit(low, True, less) > pursuit(low, False, less)


def test_pursuit_by_hand():
    """At an estimate of .5, a good signal and no load the log odds are 1.1."""
    assert pursuit(0.5, True, 0.0) == pytest.approx(1 / (1 + np.exp(1.7 - 1.6 - 1.2)))


def win(fits=1, weeks=0.25, pitch=0.5, skill=0.5, competition=0.0):
    """Return the probability that a pursued lead is won."""
    now = shared().structure[0].copy()
    now["competition"] = competition
    return plain(sales.win_chance)(fits, weeks, pitch, skill, now, shared().parameters)


@given(st.floats(0, 8), st.floats(0, 8), share, share)
def test_winning_takes_fit_and_speed(x, y, pitch, skill):
    """Waiting never helps, misfits win less, and a chance stays a chance."""
    soon, late = sorted((x, y))
    assert 0 <= win(1, late, pitch, skill) <= win(1, soon, pitch, skill) <= 0.95
    assert win(0, soon, pitch, skill) <= win(1, soon, pitch, skill)
    assert win(1, soon, pitch, skill, 1.0) <= win(1, soon, pitch, skill, 0.0)


def test_winning_by_hand():
    """A fitting lead answered after a week, with half a pitch and half a skill."""
    expected = 0.8 * (1 - 0.4) * (1 + 7) ** -0.5 * (0.6 + 0.3)
    assert win(1, 1.0) == pytest.approx(expected)
    assert win(1, 1.0, pitch=1.0) == pytest.approx(expected / 0.6)
    assert win(1, 1.0, competition=0.5) == pytest.approx(expected * 0.8)
    assert win(0, 1.0) == pytest.approx(expected / 8)


@pytest.mark.parametrize("one_definition", [0, 1])
def test_sales_judge_fit_with_error(one_definition):
    """Sales see fit right in .62 of cases, in .85 under a shared definition."""
    now = shared().structure[0].copy()
    now["lead_definition_shared"] = one_definition
    accuracy = 0.85 if one_definition else 0.62
    grid = (np.arange(1000) + 0.5) / 1000
    for fits in (0, 1):
        good = [
            plain(sales.looks_good)(fits, now, u, shared().parameters) for u in grid
        ]
        assert np.mean(good) == pytest.approx(accuracy if fits else 1 - accuracy)


def test_reps_go_through_the_oldest_leads_first():
    """What still waits with a rep who worked is never older than what was judged."""
    what = scenario(
        {"marketeers": 12, "sales": 1, "product": 1},
        12,
        0,
        parameters={"prospects_per_item": 6},
    )
    model = Organisation(what)
    judged = []

    def before(model):
        leads = model.state.leads
        judged.append({k: leads.born[k] for k in np.flatnonzero(leads.stage == 1)})

    def after(model):
        leads = model.state.leads
        left = {k for k in judged[-1] if leads.stage[k] == 1}
        done = [born for k, born in judged[-1].items() if k not in left]
        if done and left:
            assert max(done) <= min(judged[-1][k] for k in left)
            after.seen += 1

    after.seen = 0
    model.interventions.update(meet_market=before, sell=after)
    model.run()
    assert after.seen > 5 and (model.state.people.role == SALES).sum() == 1


def test_bad_leads_can_lock_the_gate():
    """Reps who see only misfits expect less and pursue less; only fits, the reverse."""
    pursued, estimates = {}, {}
    for fit in (0.0, 1.0):
        none = dict.fromkeys(
            ("fit_choice", "fit_bundle", "fit_craft", "fit_consistency"), 0.0
        )
        numbers = {**none, "fit_base": fit, "pursuit_intercept": -2.1}
        what = scenario({"marketeers": 12, "sales": 4}, 60, 0, parameters=numbers)
        model = Organisation(what, 2)
        series = model.run()
        late = series[-26:]
        assert series.leads_fitting.sum() == fit * series.leads_handed.sum()
        pursued[fit] = late.leads_pursued.sum() / late.leads_handed.sum()
        reps = model.state.people.role == SALES
        estimates[fit] = model.state.people.estimate[reps]
    assert estimates[0.0].max() < 0.35 < 0.6 < estimates[1.0].min()
    assert pursued[0.0] < 0.25 * pursued[1.0]


def test_many_leads_are_answered_at_once_and_some_late():
    """Times are log-normal: their mean grows with the load, half come within hours."""
    state = Organisation(scenario()).state
    p, lead = state.parameters[0], state.leads[0]
    times = {load: [] for load in (0.0, 1.0)}
    for number in range(20_000):
        lead.number = number
        for load, found in times.items():
            found.append(sales.answer_time(lead, load, state.firm, state.parameters))
    logs = np.log(times[0.0])
    middle = np.log(p.answer_weeks) - p.answer_spread**2 / 2
    error = p.answer_spread / np.sqrt(len(logs))
    assert logs.mean() == pytest.approx(middle, abs=4 * error)
    assert logs.std() == pytest.approx(p.answer_spread, abs=4 * error)
    np.testing.assert_allclose(times[1.0], 2 * np.array(times[0.0]))
