"""Sales answer when they are free, pursue what they expect much of, win what fits."""

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
    """At an estimate of .5, a good signal and no load the log odds are 1.6."""
    assert pursuit(0.5, True, 0.0) == pytest.approx(1 / (1 + np.exp(1.2 - 1.6 - 1.2)))


@given(st.floats(0, 3), st.floats(0, 3))
def test_poor_looks_and_a_full_desk_leave_leads_unanswered(x, y):
    """Less load or better looks never lower the chance of an answer."""
    less, more = sorted((x, y))
    chance = plain(sales.ignored_chance)
    of = shared().parameters
    assert chance(True, less, of) < chance(False, less, of)
    assert chance(True, less, of) <= chance(True, more, of)


def test_an_ignored_lead_by_hand():
    """With good looks and a load of one the log odds are -2.6 - 1.2 + .8."""
    found = plain(sales.ignored_chance)(True, 1.0, shared().parameters)
    assert found == pytest.approx(1 / (1 + np.exp(2.6 + 1.2 - 0.8)))


def win(fits=1, hours=42.0, pitch=0.5, skill=0.5, competition=0.0):
    """Return the probability that a pursued lead is won."""
    now = shared().structure[0].copy()
    now["competition"] = competition
    return plain(sales.win_chance)(fits, hours, pitch, skill, now, shared().parameters)


@given(st.floats(0, 1344), st.floats(0, 1344), share, share)
def test_winning_takes_fit_and_speed(x, y, pitch, skill):
    """Waiting never helps, misfits win less, and a chance stays a chance."""
    soon, late = sorted((x, y))
    assert 0 <= win(1, late, pitch, skill) <= win(1, soon, pitch, skill) <= 0.95
    assert win(0, soon, pitch, skill) <= win(1, soon, pitch, skill)
    assert win(1, soon, pitch, skill, 1.0) <= win(1, soon, pitch, skill, 0.0)


def test_winning_by_hand():
    """A fitting lead answered after a week, with half a pitch and half a skill."""
    expected = 0.8 * (1 - 0.4) * (1 + 7) ** -0.5 * (0.6 + 0.3)
    assert win(1, 168.0) == pytest.approx(expected)
    assert win(1, 168.0, pitch=1.0) == pytest.approx(expected / 0.6)
    assert win(1, 168.0, competition=0.5) == pytest.approx(expected * 0.8)
    assert win(0, 168.0) == pytest.approx(expected / 8)


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


def test_every_lead_gets_its_turn_in_order():
    """With room for a few a week, no lead is answered before an older one due as soon.

    A lead is dealt with once: it is left at first sight, answered in the week in which
    its hour falls or later where there is no room, or expires.
    """
    what = scenario(
        {"marketeers": 12, "sales": 1, "product": 1},
        12,
        0,
        parameters={"prospects_per_item": 6},
    )
    model = Organisation(what)
    model.state.parameters.ignored_intercept = -60.0
    listed = []

    def before(model):
        leads = model.state.leads
        listed.append({k: (leads.born[k], leads.due[k]) for k in waiting(leads)})

    def after(model):
        leads, week = model.state.leads, model.state.firm.week[0]
        left = set(waiting(leads))
        hours = {k: leads.due[k] + 168 * born for k, (born, _) in listed[-1].items()}
        done = [k for k in hours if k not in left]
        ready = [k for k in left if hours[k] < 168 * (week + 1)]
        assert all(hours[k] < 168 * (week + 1) for k in done)
        assert all(leads.due[k] >= 0 for k in left)
        if done and ready:
            assert max(done) < min(ready)
            after.seen += 1

    def waiting(leads):
        return [int(k) for k in np.flatnonzero(leads.stage == 1)]

    after.seen = 0
    model.interventions.update(meet_market=before, sell=after)
    model.run()
    assert after.seen > 5 and (model.state.people.role == SALES).sum() == 1


def test_what_finds_no_room_is_answered_weeks_late():
    """Hours are those of the clock, and a week for each week that was missed."""
    state = Organisation(scenario()).state
    person, lead = state.people[0], state.leads[0]
    lead.born, lead.due, state.firm.week[0] = 3, 30.0, 3
    assert plain(sales._answer)(person, lead, state.firm) == 30.0
    state.firm.week[0] = 5
    assert plain(sales._answer)(person, lead, state.firm) == 30.0 + 2 * 168
    lead.due = 200.0
    assert plain(sales.weeks_late)(lead, state.firm) == 1
    assert person.leads_answered == 2 and person.leads_within_hour == 0
    lead.due, lead.born = 0.5, 5
    plain(sales._answer)(person, lead, state.firm)
    assert person.leads_answered == 3 and person.leads_within_hour == 1


def test_bad_leads_can_lock_the_gate():
    """Reps who see only misfits expect less and pursue less; only fits, the reverse."""
    pursued, estimates = {}, {}
    for fit in (0.0, 1.0):
        none = dict.fromkeys(
            ("fit_choice", "fit_bundle", "fit_craft", "fit_consistency"), 0.0
        )
        numbers = {**none, "fit_base": fit, "pursuit_intercept": -1.6}
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


def clocks(load=0.0, count=1, **numbers):
    """Return the hours until the answers to leads, under some structural numbers."""
    state = Organisation(scenario()).state
    now = state.structure[0].copy()
    for name, value in numbers.items():
        now[name] = value
    found = []
    for number in range(count):
        state.leads[0].number = number
        clock = plain(sales.answer_clock)
        found.append(clock(state.leads[0], load, now, state.firm, state.parameters))
    return np.array(found)


def test_many_leads_are_answered_at_once_and_some_late():
    """Hours are log-normal around a mean that grows with the load of the rep."""
    p = shared().parameters[0]
    near = {"marketing_sales_hours": 8.0, "lead_definition_shared": 1.0}
    hours = clocks(count=20_000, **near)
    logs = np.log(hours)
    middle = np.log(p.answer_hours) - p.answer_spread**2 / 2
    error = p.answer_spread / np.sqrt(len(logs))
    assert logs.mean() == pytest.approx(middle, abs=4 * error)
    assert logs.std() == pytest.approx(p.answer_spread, abs=4 * error)
    np.testing.assert_allclose(clocks(1.0, 20, **near), 2 * hours[:20])


def test_a_hand_over_across_a_gap_takes_longer():
    """No meetings and no shared definition: longer by the parameter, one: by half."""
    far = {"marketing_sales_hours": 0.0, "lead_definition_shared": 0.0}
    lag = shared().parameters[0].answer_handoff
    [whole], [half] = clocks(**far), clocks(**{**far, "lead_definition_shared": 1.0})
    [none] = clocks(marketing_sales_hours=40.0, lead_definition_shared=1.0)
    assert [whole / none, half / none] == pytest.approx([np.exp(lag), np.exp(lag / 2)])
