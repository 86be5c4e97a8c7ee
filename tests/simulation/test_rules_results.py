"""Results show what their type shows, as accurately and as late as it says."""

import numpy as np
import pytest
from worlds import lanes_of, plain, scenario

from simulation.binding import bind
from simulation.model import Organisation
from simulation.rules import results
from simulation.state import (
    EXECUTED,
    HISTORY,
    KNOWN,
    MARKETEER,
    NEXT_KNOWN,
    NEXT_VALUE,
    OWN,
    SALES,
    THEME,
    VALUE,
    VISIBLE,
    WANTED,
)

PLAIN = {"result_floor": 1.0, "interdependence": 0.0, "evidence_limit": 1}
"""Results of all ages tell as much, of items by themselves; the last one counts."""


def readings(role, rule, row, weeks=60, structure=None, parameters=None, prepare=None):
    """Return beliefs that a rule formed, those that are right, and the items."""
    quiet = {
        "own_channel_results": 0.0,
        "funnel_results": 0.0,
        "lead_feedback": 0.0,
        "talks_about_learning": 0.0,
    }
    heads = {"marketeers": 12, "communicators": 4, "sales": 8}
    what = scenario(
        heads,
        structure={**quiet, **(structure or {})},
        parameters={**PLAIN, **(parameters or {})},
    )
    state = Organisation(what, 3).state
    state.skill[:] = 1.0
    if prepare:
        prepare(state)
    act, formed, right = bind(rule, state), 0, 0
    own = lanes_of(state.beliefs[:, OWN])
    for week in range(weeks):
        state.firm.week[0] = week
        for i in np.flatnonzero(state.people.role == role):
            state.beliefs[i, [KNOWN, VALUE, NEXT_KNOWN, NEXT_VALUE]] = 0
            act(i)
            known = lanes_of(state.beliefs[i, NEXT_KNOWN]) & own[i]
            says = lanes_of(state.beliefs[i, NEXT_VALUE])
            formed += known.sum()
            right += (known & (says == lanes_of(state.market[row]))).sum()
    return int(formed), int(right), own[state.people.role == role].sum() * weeks


def assert_share(count, n, p):
    """Assert that a count of n lies within four standard errors of a share p."""
    assert n > 200 and abs(count - n * p) <= 4 * np.sqrt(n * p * (1 - p)) + 1e-9


def test_own_channel_results_show_the_visible():
    """They come at their rate and show the visible optimum right in .85 of cases."""
    formed, right, items = readings(
        MARKETEER,
        results.read_results,
        VISIBLE,
        structure={"own_channel_results": 0.25},
        parameters={"others_results": 0.0},
    )
    assert_share(formed, items, 0.25)
    assert_share(right, formed, 0.85)


def test_whole_funnel_results_show_the_wanted():
    """Where the whole journey is right, they show the wanted right in .9 of cases."""

    def all_right(state):
        state.market[EXECUTED] = state.market[WANTED]
        state.market[HISTORY:THEME] = state.market[WANTED]

    formed, right, items = readings(
        MARKETEER,
        results.read_results,
        WANTED,
        structure={"funnel_results": 0.3},
        prepare=all_right,
    )
    assert_share(formed, items, 0.3)
    assert_share(right, formed, 0.9)


def test_a_wrong_journey_blurs_whole_funnel_results():
    """Where all else of the journey is wrong, accuracy falls to .5 + .4 x .3."""

    def all_wrong(state):
        state.market[HISTORY + 1 : THEME : 2] = ~state.market[WANTED] & state.market[2]

    formed, right, _ = readings(
        MARKETEER,
        results.read_results,
        WANTED,
        structure={"funnel_results": 1.0},
        prepare=all_wrong,
    )
    assert_share(right, formed, 0.5 + 0.4 * 0.3)


def test_sales_hear_customers():
    """Sales people hear about their items at .12 a week, right in .75 of cases."""
    formed, right, items = readings(SALES, results.read_results, WANTED, weeks=300)
    assert_share(formed, items, 0.12)
    assert_share(right, formed, 0.75)


def test_tests_are_cleaner_than_results():
    """Ten hours make one test, which shows what is wanted right in .9 of cases."""

    def give_hours(state):
        state.people.hours_testing[:] = 5.0

    formed, right, _ = readings(
        MARKETEER,
        results.run_tests,
        WANTED,
        weeks=150,
        prepare=give_hours,
    )
    assert_share(formed, 12 * 150, 0.5)
    assert_share(right, formed, 0.9)


@pytest.mark.parametrize("lag", [0, 6, 15])
def test_whole_funnel_results_are_as_old_as_their_lag(lag):
    """A perfect result shows what was wanted `lag` weeks ago, not what is now."""
    what = scenario(
        {"marketeers": 12, "sales": 4},
        weeks=40,
        warm_up=0,
        structure={
            "funnel_lag_weeks": lag,
            "funnel_results": 1.0,
            "own_channel_results": 0.0,
            "market_drift": 0.1,
        },
        parameters={**PLAIN, "funnel_accuracy": 1.0},
    )
    model = Organisation(what, 3)
    state = model.state
    wanted = []
    read = 0
    for week in range(40):
        model.step()
        wanted.append(state.market[WANTED].copy())
        if week < 20:
            continue
        trial = model.fork().state
        trial.firm.week[0] = week
        trial.skill[:] = 1.0
        # whatever else of the journey is wrong must not blur the reading
        trial.market[HISTORY + 1 : THEME : 2] = trial.market[HISTORY:THEME:2]
        act = bind(results.read_results, trial)
        for i in np.flatnonzero(trial.people.role == MARKETEER):
            if trial.people.status[i] == 0:
                trial.beliefs[i, [NEXT_KNOWN, NEXT_VALUE]] = 0
                trial.choices.feedback[:] = 0.0
                act(i)
                known = lanes_of(trial.beliefs[i, NEXT_KNOWN])
                says = lanes_of(trial.beliefs[i, NEXT_VALUE])[known]
                assert (says == lanes_of(wanted[week - lag])[known]).all()
                read += known.sum()
    assert read > 300


def test_results_go_stale():
    """Results of an item that stayed the same fall to the floor, by exp(-age / 13)."""
    state = Organisation(scenario()).state
    c = int(state.channel_items[0])
    for age in (0, 13, 400):
        state.choices.launched[c] = state.firm.week[0] - age
        fresh = plain(results.freshness)(state.choices[c], state.firm, state.parameters)
        assert fresh == pytest.approx(0.4 + 0.6 * np.exp(-age / 13))
