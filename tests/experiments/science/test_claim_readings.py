"""Outcomes that only the ledger needs: each on records made by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from experiments.science.claims import readings
from experiments.science.claims.measuring import find_outcome, measure, outcome_names
from experiments.science.claims.readings import (
    QUARTER,
    READERS,
    STALE_WEEKS,
    bad_quarters,
    reading_table,
)
from simulation.founding import Founder
from simulation.measures import summarise
from simulation.outcomes import DISPLAYS, GOOD, LANGUAGES, OUTCOMES, SERIES_RECORD
from simulation.rules.journeys import fits
from simulation.scenario import read, vary
from simulation.state import (
    CHOICE,
    COMMUNICATION,
    COMMUNICATION_DOMAIN,
    EXECUTED,
    FIRM,
    KNOWN,
    MARKETING,
    PERSON,
    TIE,
    VACANT,
    VALUE,
    WANTED,
    records,
)

WEEK = 40


def state_of(people=4, choices=0, ties=0):
    """Return a state in which everybody is a maker at work, after week `WEEK`."""
    state = SimpleNamespace(
        people=records(PERSON, people),
        choices=records(CHOICE, choices),
        ties=records(TIE, ties),
        firm=records(FIRM, 1),
        skill=np.zeros((people, 12)),
    )
    state.people["maker"] = 1
    state.choices["exists"] = 1
    state.choices["depends"] = 0
    state.firm["week"] = WEEK + 1
    return state


def test_readings_have_words_and_a_reader_each():
    """In both languages, as outcomes of the registry have; and none of its names."""
    table = reading_table()
    assert set(table) == {read.__name__ for read in READERS}
    assert not set(table) & set(OUTCOMES)
    for name, reading in table.items():
        outcome = find_outcome(name)
        assert outcome is reading.outcome and outcome.smallest_difference > 0
        assert outcome.display in DISPLAYS and outcome.good in GOOD
        for texts in (outcome.label, outcome.in_sentence, outcome.explanation):
            assert set(texts) == set(LANGUAGES) and all(texts.values())
    assert set(outcome_names()) == set(table) | set(OUTCOMES)


def test_stale_items():
    """Those last changed more than half a year ago, of those that are there."""
    state = state_of(choices=5)
    ages = [0, STALE_WEEKS, STALE_WEEKS + 1, 60, 60]
    state.choices["launched"] = WEEK - np.array(ages)
    state.choices["exists"][4] = 0
    assert readings.stale_items(state) == (2, 4)


def test_output():
    """Deliverables of makers, vacant seats left out."""
    state = state_of()
    state.people["deliverables"] = [5, 7, 100, 100]
    state.people["maker"][2] = 0
    state.people["status"][3] = VACANT
    assert readings.output(state) == (12, 2)


def test_launches_on_initiative():
    """Of this week, and taken up on own initiative."""
    state = state_of(choices=4)
    state.choices["launched"] = [WEEK, WEEK, WEEK - 1, WEEK]
    state.choices["initiative"] = [1, 0, 1, 1]
    state.choices["exists"][3] = 0
    assert readings.launches_on_initiative(state) == (1, 1)


def test_hours_for_improving():
    """Items, tests, training and writing, of all hours of makers."""
    state = state_of()
    for name, hours in (("items", 4), ("testing", 2), ("training", 1), ("writing", 1)):
        state.people[f"hours_{name}"] = hours
    state.people["hours_total"] = 32
    state.people["maker"][0] = 0
    assert readings.improving_in_bad_quarters(state) == (24, 96)


def test_bad_quarters_follow_one_with_fewer_leads_than_before():
    """By the sums of quarters, from the third on; a quarter that is not over counts."""
    leads = np.repeat([10.0, 8.0, 9.0, 9.0, 7.0], QUARTER)
    leads = np.append(leads, [7.0] * 3)
    bad = bad_quarters(leads)
    assert bad[::QUARTER].tolist() == [False, False, True, False, False, True]
    assert bad.sum() == QUARTER + 3


def test_skill_used():
    """Hours of own work over contract hours, counted by skill in the own field."""
    state = state_of(3)
    state.people["domain"] = [0, 1, 1]
    state.people["contract"] = 40
    state.people["hours_routine"], state.people["hours_items"] = [10, 30, 0], [10, 0, 0]
    state.skill[0, 0], state.skill[1, 1], state.skill[0, 1] = 0.5, 1.0, 0.9
    state.people["status"][2] = VACANT
    assert readings.skill_used(state) == pytest.approx((0.5 * 20 + 30, 0.5 * 40 + 40))


def test_the_fit_of_communication_is_that_of_the_market():
    """As the rule has it choice by choice, also where one depends on another."""
    run = {"weeks": 1, "warm_up_weeks": 1}
    base = vary(read("baseline"), "own", parameters={"interdependence": 0.5}, run=run)
    state = Founder(base).found(3, 0)
    draw = np.random.default_rng(1)
    for row in (WANTED, EXECUTED):
        words = state.market.shape[1]
        state.market[row] = draw.integers(0, 2**64, words, np.uint64, endpoint=False)
    choices = state.choices
    mine = (choices["exists"] == 1) & (choices["domain"] == COMMUNICATION_DOMAIN)
    [at] = np.nonzero(mine)
    assert choices["depends"][at].any()
    right = [fits(state.market, c, WANTED, EXECUTED) for c in at]
    assert readings.communication_fit(state) == (sum(right), len(at))
    assert 0 < sum(right) < len(at)


def test_exchanges_understood():
    """Between marketing and communication alone, and only those that take place."""
    state = state_of(3, ties=4)
    state.people["own_department"] = [MARKETING, COMMUNICATION, MARKETING]
    state.ties["a"], state.ties["b"] = [0, 1, 0, 1], [1, 2, 2, 0]
    state.ties["understood"] = [0.2, 0.5, 0.9, 0.9]
    state.ties["active"] = [1, 1, 1, 0]
    assert readings.exchanges_understood(state) == pytest.approx((0.7, 2))


def test_rare_skill_is_a_large_share_of_what_makers_can_do_in_a_field():
    """A third of own makers; less skill that nobody shares is rarer than shared."""
    state = state_of(7)
    state.people["domain"] = [0, 0, 0, 1, 1, 2, 2]
    state.skill[np.arange(7), state.people["domain"]] = [1, 1, 1, 0.8, 0.2, 0.3, 0.9]
    state.people["external"][6] = 1
    for seat, leaves in ((5, 1), (3, 1), (0, 0), (4, 0)):
        state.people["leaving"] = 0
        state.people["leaving"][seat] = 1
        assert readings.leaving_of_rare_skill(state) == (leaves, 2), seat
    state.people["status"] = VACANT
    assert readings.leaving_of_rare_skill(state) == (0, 0)


def test_strategy_adopted():
    """Where an executor knows what the code knows, and holds it the same way."""
    state = state_of(2, choices=5)
    state.choices["executor"] = [0, 0, 1, 1, 0]
    state.choices["exists"][4] = 0
    state.strategy = np.zeros((8, 1), np.uint64)
    state.beliefs = np.zeros((2, 14, 1), np.uint64)
    state.strategy[KNOWN], state.strategy[VALUE] = 0b11011, 0b00001
    state.beliefs[0, KNOWN], state.beliefs[0, VALUE] = 0b00011, 0b00011
    state.beliefs[1, KNOWN], state.beliefs[1, VALUE] = 0b01000, 0b00000
    assert readings.strategy_adopted(state) == (2, 3)


# --- over which weeks ---------------------------------------------------------------


def series_of(weeks, **columns):
    """Return weekly records with these columns."""
    series = np.zeros(weeks, SERIES_RECORD)
    for name, values in columns.items():
        series[name] = values
    return series


def test_a_window_is_summed_by_the_outcomes_own_unit():
    """Shares as sums over sums, euros by the year, states as a mean week."""
    week = np.arange(60.0)
    series = series_of(
        60,
        leads_fitting=week,
        leads_handed=2 * week + 10,
        revenue=week,
        cost=1.0,
        motivation=week,
        leavers=1,
        employees=52,
    )
    inside = week[10:20]
    expected = {
        "lead_quality": inside.sum() / (2 * inside + 10).sum(),
        "revenue": 52 * inside.mean(),
        "margin": 52 * (inside.mean() - 1),
        "motivation": inside.mean(),
        "turnover": 1.0,
    }
    for name, value in expected.items():
        assert measure(name, series, {}, window=(10, 20)) == pytest.approx(value), name
    assert np.isnan(measure("conversion", series, {}, window=(10, 20)))


@pytest.mark.parametrize("name", ["lead_quality", "motivation", "bundle_fit"])
def test_a_window_of_the_last_weeks_is_the_outcome_itself(name):
    """Where the registry takes the last half year, so does that window."""
    draw = np.random.default_rng(1)
    series = np.zeros(80, SERIES_RECORD)
    for column in SERIES_RECORD.names:
        series[column] = draw.random(80)
    windowed = measure(name, series, {}, window=(54, 80))
    assert windowed == pytest.approx(summarise(series, None, [name])[name])
    assert measure(name, series, {}) == summarise(series, None, [name])[name]


def test_readings_go_over_their_own_weeks_or_the_window():
    """The last half year or all of it; a rate is one of a year."""
    series = series_of(80)
    pairs = np.stack([np.arange(80.0), np.full(80, 2.0)], 1)

    def value(name, **window):
        return measure(name, series, {name: pairs}, **window)

    assert value("output") == np.arange(54, 80).mean() / 2
    assert value("output", window=(0, 10)) == np.arange(10).mean() / 2
    assert value("leaving_of_rare_skill") == 52 * np.arange(80).mean() / 2
    assert np.isnan(value("improving_in_bad_quarters"))
    series["leads_handed"][:QUARTER] = 1
    inside = np.arange(2 * QUARTER, 3 * QUARTER)
    assert value("improving_in_bad_quarters") == inside.mean() / 2
