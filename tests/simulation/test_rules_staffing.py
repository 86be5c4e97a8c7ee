"""People fall ill, leave, are replaced, and newcomers ramp up."""

import numpy as np
import pytest
from worlds import chance_of, plain, scenario

from simulation.binding import bind
from simulation.model import Organisation
from simulation.rules import staffing, work
from simulation.state import KNOWN, ON_LEAVE, OWN, VACANT, WORKING

HEADS = {"marketeers": 20, "communicators": 6, "sales": 8, "product": 6}


def test_leave_lasts_forty_weeks_on_average():
    """Leaves last 12 weeks and an exponential rest of 28 on average."""
    state = Organisation(scenario(HEADS)).state
    lengths = []
    for week in range(60):
        state.firm.week[0] = week
        for i in range(len(state.people)):
            lengths.append(
                plain(staffing._leave_length)(
                    state.people[i], state.firm[0], state.parameters
                )
            )
    error = np.std(lengths) / np.sqrt(len(lengths))
    assert min(lengths) >= 12
    assert abs(np.mean(lengths) - 40) < 4 * error + 0.5  # whole weeks
    assert abs(np.std(lengths) - 28) < 4 * 28 * np.sqrt(2 / len(lengths)) + 0.5


def test_who_is_ill_comes_back_in_time():
    """In a run people stay away for whole leaves and return to the same seat."""
    what = scenario(
        HEADS,
        150,
        0,
        parameters={"leave_hazard": 0.02, "leave_exhaustion": 0.0, "quit_hazard": 0.0},
    )
    model = Organisation(what)
    since, lengths = {}, []
    while model.week < 150:
        model.step()
        status = model.state.people.status
        for i in np.flatnonzero(status == ON_LEAVE):
            since.setdefault(i, model.week)
        for i in [i for i in since if status[i] != ON_LEAVE]:
            lengths.append(model.week - since.pop(i))
    assert len(lengths) > 20 and min(lengths) >= 12
    assert (model.state.people.generation == 0).all()


def test_newcomers_ramp_up_in_half_a_year():
    """At the pace of usual work, among settled peers, 90 % after 16 to 26 weeks."""
    state = Organisation(scenario()).state
    people, p = state.people, state.parameters[0]
    people.slowness[3], people.experience_near[3] = 0.0, 500.0
    people.experience[3] = p.experience_brought
    usual = work.productivity(people, 3, state.skill, state.parameters)
    settled = usual * people.unit_cost[3]
    outputs = []
    for _ in range(52):
        output = work.productivity(people, 3, state.skill, state.parameters) / settled
        outputs.append(output)
        hours = people.contract[3] * p.routine_load + p.improving_hours / 2
        people.experience[3] += hours * output / p.hours_per_deliverable
    assert outputs[0] < 0.6
    assert 16 <= np.argmax(np.array(outputs) >= 0.9) <= 26


@pytest.fixture(scope="module")
def leavers():
    """Return a model in which many left, with the weeks that seats stayed vacant."""
    model = Organisation(scenario(HEADS, 90, 0, parameters={"quit_hazard": 0.02}))
    model.weeks_vacant = []
    since = {}
    while model.week < 90:
        model.step()
        status = model.state.people.status
        for i in np.flatnonzero(status == VACANT):
            since.setdefault(i, model.week)
        for i in [i for i in since if status[i] != VACANT]:
            model.weeks_vacant.append(model.week - since.pop(i))
    return model


def test_vacancies_last_six_to_fourteen_weeks(leavers):
    """Seats stay vacant for 6 to 14 weeks, with all lengths about equally likely."""
    weeks = np.array(leavers.weeks_vacant)
    assert len(weeks) > 40
    assert weeks.min() >= 6 and weeks.max() <= 14
    assert abs(weeks.mean() - 10) < 4 * np.sqrt(8**2 / 12 / len(weeks)) + 0.5


def test_joiners_and_leavers_balance(leavers):
    """Who left and did not come back yet is who is missing now."""
    series = leavers.series
    vacant = (leavers.state.people.status == VACANT).sum()
    assert series.leavers.sum() - series.joiners.sum() == vacant
    assert leavers.state.people.generation.sum() == series.joiners.sum()


def test_newcomers_know_little():
    """A newcomer believes something about half of the own items, and of no others."""
    model = Organisation(scenario(HEADS, structure={"written_share": 0.0}))
    state, people = model.state, model.state.people
    people.leaving[:] = 1
    go = bind(staffing.come_and_go, state)
    everyone = range(len(people))
    for i in everyone:
        go(i)
    assert (people.status == VACANT).all() and not state.beliefs[:, KNOWN].any()
    state.firm.week[0] = 20
    for i in everyone:
        go(i)
    assert (people.status == WORKING).all() and (people.tenure == 0).all()
    known, own = state.beliefs[:, KNOWN], state.beliefs[:, OWN]
    assert not (known & ~own).any()
    n, k = int(np.bitwise_count(own).sum()), int(np.bitwise_count(known).sum())
    assert abs(k - n / 2) < 4 * np.sqrt(n / 4)
    assert len(set(people.who)) == len(people) and (people.who != people.seat).all()


def test_newcomers_do_not_inherit_control():
    """A newcomer's share of own decisions is not that of whoever sat there before."""
    model = Organisation(scenario(HEADS))
    state, people = model.state, model.state.people
    people.own_share[:] = people.chosen_share[:] = 0.987
    people.leaving[:] = 1
    go = bind(staffing.come_and_go, state)
    for week in (0, 20):
        state.firm.week[0] = week
        for i in range(len(people)):
            go(i)
    assert (people.own_share != 0.987).all() and (people.chosen_share != 0.987).all()


def quit_chance(state, i):
    """Return the weekly chance that person i gives notice."""
    gives_notice = plain(staffing.gives_notice)
    return chance_of(
        lambda u: gives_notice(
            state.people[i], state.skill, i, u, state.firm, state.parameters
        )
    )


def test_leaving_falls_with_tenure_and_motivation():
    """Leaving is about three times likelier in the first two years; X and M matter."""
    state = Organisation(scenario()).state
    person = state.people[3]
    person.motivation, person.exhaustion = 0.5, 0.0
    person.tenure = 103
    new = quit_chance(state, 3)
    person.tenure = 104
    settled = quit_chance(state, 3)
    assert new / settled == pytest.approx(2.2 / 0.75)
    person.exhaustion = 1.0
    assert quit_chance(state, 3) / settled == pytest.approx(np.exp(0.3))
    person.motivation = 0.7
    assert quit_chance(state, 3) / settled == pytest.approx(np.exp(0.3 - 0.2))


def test_hiring_for_values_brings_people_nearer():
    """With fit f newcomers' values lie within 1 - f of the distance to the aim."""
    state = Organisation(scenario(HEADS)).state
    n = len(state.people)
    for fit in (0.0, 0.8, 1.0):
        for i in range(n):
            plain(staffing.draw_person)(
                state.people,
                state.skill,
                i,
                0.7,
                0.2,
                fit,
                0.3,
                state.firm,
                state.parameters,
            )
        if fit == 0.0:
            drawn = state.people.values.copy()
        np.testing.assert_allclose(
            state.people.values - 0.3, (1 - fit) * (drawn - 0.3), atol=1e-12
        )
    assert abs(drawn.mean() - 0.5) < 4 * np.sqrt(1 / 12 / n)
