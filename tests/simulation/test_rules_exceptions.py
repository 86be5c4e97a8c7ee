"""Exceptions arise in work, are answered or guessed, and come back as rework."""

import numpy as np
import pytest
from worlds import plain, scenario

from simulation.model import Organisation
from simulation.rules import exceptions, gate
from simulation.state import AT_GATE, IDLE, LEADER, VACANT, WORKING


@pytest.fixture
def state():
    """Return a world before its first week in which nothing waits."""
    return Organisation(scenario()).state


def maker(state):
    """Return somebody with items, a leader and no reports."""
    people = state.people
    found = (people.last_choice > people.first_choice) & (people.leader >= 0)
    found &= people.last_report == people.first_report
    return int(np.flatnonzero(found)[0])


def ask(state, i, **numbers):
    """Let person `i` raise the questions of 20 hours of routine work."""
    person = state.people[i]
    person.hours_routine, person.hours_over, person.item_hours = 20, 0, 2
    person.hours_idle = 1
    for name, value in numbers.items():
        state.structure[name] = value
    plain(exceptions.raise_questions)(
        state.people,
        state.choices,
        state.own,
        state.mates,
        state.skill,
        i,
        state.structure,
        state.parameters,
    )
    return person


def guess(state):
    """Let what nobody answered be guessed."""
    plain(exceptions.guess_unanswered)(
        state.people,
        state.choices,
        state.own,
        state.mates,
        state.firm,
        state.parameters,
    )


def rate(state, i):
    """Return the exceptions of an hour of person `i`'s work."""
    return plain(exceptions.exceptions_an_hour)(
        state.people,
        state.choices,
        state.own,
        state.mates,
        state.skill,
        i,
        state.parameters,
    )


def test_exceptions_come_of_missing_skill_unclear_priorities_and_hand_offs(state):
    """By hand: skill counts for less while new, teams that meet hand over less."""
    i, p = maker(state), state.parameters[0]
    person = state.people[i]
    state.people.team[:] = 1
    state.skill[i, person.domain], person.unit_cost, person.clarity = 0.6, 2.0, 0.75
    alone = p.exceptions_unskilled * 0.7 + p.exceptions_unclear * 0.25
    assert rate(state, i) == pytest.approx(alone)
    person.team, person.hours_meeting, person.closed = 2, 4.0, 0.5
    others = {
        int(state.choices.executor[c])
        for c in np.flatnonzero(
            (state.choices.exists == 1)
            & np.isin(
                state.choices.bundle,
                [
                    state.choices.bundle[c]
                    for c in state.own[person.first_choice : person.last_choice]
                ],
            )
        )
    } - {i}
    assert others
    assert rate(state, i) == pytest.approx(alone + p.exceptions_handed / 3)


def test_who_may_decide_does_so_in_the_hours_there_are(state):
    """Own questions cost idle hours, then hours for items; the rest is guessed."""
    i = maker(state)
    state.parameters.question_hours = 100.0
    person = ask(state, i, items_decided_by_executor=1.0)
    assert person.hours_questions == 3 and person.hours_idle == person.item_hours == 0
    assert person.answered == pytest.approx(0.03)
    assert person.guessed == pytest.approx(person.questions - 0.03)
    assert person.questions_up == 0


def test_what_the_leader_does_not_answer_is_guessed_in_time(state):
    """Of what waits a share is guessed each week; nothing gets lost."""
    i, keep = maker(state), np.exp(-1 / state.parameters.question_weeks[0])
    person = ask(state, i, items_decided_by_executor=0.0)
    asked = person.questions
    assert asked > 0 and person.questions_up == asked and person.answered == 0
    guess(state)
    assert person.questions_up == pytest.approx(keep * asked)
    assert person.guessed == pytest.approx((1 - keep) * asked)
    person.status, person.guessed = VACANT, 0.0
    guess(state)
    assert person.questions_up == 0
    assert person.guessed == pytest.approx(keep * asked)


def test_a_guess_comes_back_more_often_than_an_answer(state):
    """Hours redone by hand, also by one who executes another item of the journey."""
    i, p = maker(state), state.parameters[0]
    redone = []
    for name in ("guessed", "answered"):
        for field in ("guessed", "answered", "redo_hours", "questions_up"):
            state.people[field] = 0.0
        state.people[name][i] = 2.0
        guess(state)
        redone.append(state.people.redo_hours.copy())
    guessed, answered = redone
    assert guessed[i] == pytest.approx(2 * p.guess_fails * p.exception_hours)
    assert answered[i] == pytest.approx(2 * p.answer_fails * p.exception_hours)
    assert guessed[i] > answered[i]
    others = np.delete(guessed, i)
    assert others.sum() in (0.0, pytest.approx(p.rework_of_others * guessed[i]))


def test_rework_reaches_the_others_of_the_journey_over_the_weeks(state):
    """Whom it hits is drawn anew each week, among those of one's own journeys."""
    i = maker(state)
    person, hit = state.people[i], set()
    for week in range(200):
        state.firm.week = week
        state.people.redo_hours = 0.0
        plain(exceptions.pass_rework)(
            state.people,
            state.choices,
            state.own,
            state.mates,
            i,
            1.0,
            state.firm,
            state.parameters,
        )
        hit |= set(np.flatnonzero(state.people.redo_hours).tolist())
    mates = set()
    for c in state.own[person.first_choice : person.last_choice]:
        choice = state.choices[c]
        for m in state.mates[choice.first_mate : choice.last_mate]:
            mates.add(int(state.choices.executor[m]))
    assert hit == mates - {i}


def test_leaders_and_the_absent_ask_nothing(state):
    """People in a leader's role decide; who is away meets no exception."""
    i = maker(state)
    state.people.status[i] = WORKING + 1
    assert ask(state, i).questions == 0
    state.people.status[i], state.people.role[i] = WORKING, LEADER
    assert ask(state, i).questions == 0


def test_an_item_that_goes_ahead_unanswered_is_a_guess(state):
    """It is launched, and as far as guesses fail it is worked on again."""
    i, p = maker(state), state.parameters[0]
    c = int(state.own[state.people.first_choice[i]])
    choice = state.choices[c]
    choice.stage, choice.worker, choice.proposed = AT_GATE, i, -100
    state.firm.week = 0
    plain(gate.age_items)(
        state.choices,
        state.people,
        state.own,
        state.mates,
        state.market,
        state.enacted,
        state.firm,
        state.structure,
        state.parameters,
    )
    assert choice.stage == IDLE and choice.launched == 0
    again = p.guess_fails * p.redo_share * p.item_hours
    assert state.people.redo_hours[i] == pytest.approx(again)
