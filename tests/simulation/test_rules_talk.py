"""Learning from colleagues: majorities, who knows more, strong and weak ties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import lanes_of, plain, scenario

from simulation import chance
from simulation.binding import bind
from simulation.model import Organisation
from simulation.rules import talk
from simulation.state import (
    BALLOT_PLANES,
    BELIEF_PLANES,
    EXISTS,
    KNOWN,
    NEXT_KNOWN,
    NEXT_SURE,
    NEXT_VALUE,
    PARAMETER,
    SURE,
    SURE_DIGITS,
    VALUE,
    records,
)

KEY = chance.stream_key(1, 0)
ALL = np.uint64(2**64 - 1)
words = st.integers(0, 2**64 - 1)
PLAINLY = records(PARAMETER, 1)
"""A belief is right, wrong or none, and is taken over at once."""
PLAINLY.evidence_limit = PLAINLY.heard_limit = 1
PLAINLY.evidence_heard = 2


def adopted(known, value, ones, zeros, probability, week=0, who=5):
    """Return the known and value words of a person after a poll of these votes."""
    beliefs = np.zeros((1, BELIEF_PLANES, 1), np.uint64)
    beliefs[0, [KNOWN, NEXT_KNOWN], 0] = known
    beliefs[0, [VALUE, NEXT_VALUE], 0] = value
    ballot = np.zeros((2, BALLOT_PLANES), np.uint64)
    for side, votes in zip(ballot, (zeros, ones), strict=True):
        for vote in votes:
            talk.add_vote(side, np.uint64(vote))
    talk.adopt_majority(beliefs, ballot, 0, 0, probability, KEY, week, who, 25, PLAINLY)
    return int(beliefs[0, NEXT_KNOWN, 0]), int(beliefs[0, NEXT_VALUE, 0])


@given(words, words, st.lists(words, max_size=7), st.lists(words, max_size=7))
def test_a_sure_learner_holds_the_majority(known, value, ones, zeros):
    """With probability one each majority is taken over; ties leave beliefs alone."""
    value &= known
    got = adopted(known, value, ones, zeros, 1.0)
    for lane in range(64):
        lead = sum(v >> lane & 1 for v in ones) - sum(v >> lane & 1 for v in zeros)
        expected = (
            (known >> lane & 1, value >> lane & 1) if lead == 0 else (1, int(lead > 0))
        )
        assert (got[0] >> lane & 1, got[1] >> lane & 1) == expected


def test_learning_happens_with_its_probability():
    """Majorities are taken over alike, whatever their size (Fang, Lee & Schilling)."""
    n, p = 64 * 200, 0.3
    for votes in (1, 7):
        taken = sum(
            adopted(0, 0, [2**64 - 1] * votes, [], p, week)[0].bit_count()
            for week in range(200)
        )
        assert abs(taken - n * p) < 4 * np.sqrt(n * p * (1 - p))


def test_nobody_learns_at_probability_zero():
    """With probability zero beliefs stay."""
    assert adopted(7, 5, [8, 2], [5], 0.0) == (7, 5)


def test_overlap_of_profiles():
    """Overlap is common over total skill: 1 for equals, 0 for strangers."""
    skill = np.array([[0.8, 0.2, 0.0], [0.4, 0.0, 0.6], [0.0, 0.0, 0.0]])
    assert talk.overlap(skill, 0, 0) == pytest.approx(1.0)
    assert talk.overlap(skill, 0, 1) == pytest.approx(0.4 / (0.8 + 0.2 + 0.6))
    assert talk.overlap(skill, 0, 2) == talk.overlap(skill, 2, 2) == 0.0


@pytest.fixture
def model():
    """A silo of a few people without any warm-up."""
    return Organisation(scenario({"marketeers": 4, "sales": 3, "product": 2}))


@pytest.mark.parametrize("hours", [0.1, 0.5, 2.0])
def test_exchanges_take_strong_ties(model, hours):
    """An exchange happens with probability (1 - exp(-h))^2 over h hours (Hansen)."""
    state = model.state
    state.hours[:] = hours
    weeks, met = 600, 0
    model.rules.plan_contacts()
    for week in range(weeks):
        state.firm.week[0] = week
        model.rules.choose_exchanges()
        met += int(state.ties.active.sum())
    p = (1 - np.exp(-hours)) ** 2
    n = weeks * len(state.ties)
    assert abs(met - n * p) < 4 * np.sqrt(n * p * (1 - p))


def test_people_learn_from_those_who_know_more_only(model):
    """Nobody takes over what those with as much or less evidence believe."""
    state = model.state
    state.hours[:] = 5.0
    hold(state, slice(None), steps=3)
    model.rules.plan_contacts()
    model.rules.choose_exchanges()
    assert state.ties.active.any()
    before = state.beliefs.copy()
    speak = bind(talk.talk, state)
    for i in range(len(state.people)):
        speak(i)
    np.testing.assert_array_equal(state.beliefs, before)
    hold(state, 0, steps=1)
    before = state.beliefs.copy()
    for week in range(40):
        state.firm.week[0] = week
        model.rules.choose_exchanges()
        speak(0)
    assert (state.beliefs[0] != before[0]).any()
    np.testing.assert_array_equal(state.beliefs[1:], before[1:])


def hold(state, who, steps):
    """Let people hold all items to be wished, with so many steps of evidence."""
    exists = state.market[EXISTS]
    state.beliefs[who, KNOWN] = state.beliefs[who, NEXT_KNOWN] = exists
    odd = 0 if who == 0 else exists
    state.beliefs[who, VALUE] = state.beliefs[who, NEXT_VALUE] = odd
    for digit in range(SURE_DIGITS):
        on = exists if (steps - 1) >> digit & 1 else 0
        state.beliefs[who, SURE + digit] = state.beliefs[who, NEXT_SURE + digit] = on


@pytest.mark.parametrize("full", [False, True])
def test_territory_closes_a_person_to_other_teams(model, full):
    """At full territory nothing passes between teams; within the team it does."""
    state = model.state
    people = state.people
    people.territory[:] = 1.0 if full else 0.0
    opened = {True: [], False: []}
    model.rules.plan_contacts()
    model.rules.choose_exchanges()
    for t in np.flatnonzero(state.ties.active):
        tie = state.ties[t]
        same = people.team[tie.a] == people.team[tie.b]
        open_to = plain(talk.openness)(people, tie, int(tie.a), int(tie.b))
        opened[bool(same)].append(open_to)
    assert all(x > 0 for x in opened[True])
    assert all((x == 0) == full for x in opened[False]) and opened[False]


def test_listening_has_draws_of_its_own(model):
    """What a leader takes over in talks says nothing about what listening brings."""
    state = model.state
    top = int(state.firm.top[0])
    exists = state.market[EXISTS]
    state.beliefs[:, [KNOWN, NEXT_KNOWN, VALUE, NEXT_VALUE]] = exists[None, None]
    state.beliefs[top, :4] = 0
    state.hours[:] = 5.0
    state.people.listen_each[top] = 1.0
    model.rules.plan_contacts()
    nested = 0
    for week in range(60):
        state.firm.week[0] = week
        model.rules.choose_exchanges()
        taken = []
        for rule in (talk.talk, talk.listen):
            state.beliefs[top, :4] = 0
            bind(rule, state)(top)
            taken.append(set(np.flatnonzero(lanes_of(state.beliefs[top, NEXT_KNOWN]))))
        nested += taken[0] <= taken[1] or taken[1] <= taken[0]
    assert nested < 50


def test_where_evidence_is_not_heeded_all_are_heard():
    """At 0 whoever is met counts in all one holds; at 1 where one knows more."""
    state = Organisation(scenario()).state
    hold(state, slice(None), steps=2)
    hold(state, 0, steps=1)
    exists = int(state.market[EXISTS, 0])
    found = {}
    for heeds in (0.0, 1.0):
        state.parameters.heeds_evidence[0] = heeds
        found[heeds] = [
            int(plain(talk.heeded)(state.beliefs, 0, j, 1 - j, state.parameters))
            for j in (0, 1)
        ]
    assert found == {0.0: [exists, exists], 1.0: [0, exists]}
