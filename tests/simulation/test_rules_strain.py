"""Strain: exact exponential updates, the level it moves to, and the questionnaire."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import plain, scenario

from simulation.binding import bind
from simulation.model import Organisation
from simulation.rules import strain
from simulation.state import ON_LEAVE


@cache
def shared():
    """Return the state of an organisation that no test lives on."""
    return Organisation(scenario()).state


CALM = {"strain_noise": 0.0}


@pytest.fixture
def away():
    """An organisation without noise in which everybody is on leave."""
    model = Organisation(scenario({"marketeers": 8, "sales": 2}, parameters=CALM))
    model.state.people.status[:] = ON_LEAVE
    model.state.people.until[:] = 10**6
    model.state.people.scar[:] = 0.0
    return model


def live(model, weeks):
    """Let strain and its settlement act on everybody for some weeks."""
    feel, settle = bind(strain.strain, model.state), bind(strain.settle, model.state)
    everyone = range(len(model.state.people))
    for _ in range(weeks):
        for rule in (feel, settle):
            for i in everyone:
                rule(i)


def test_fatigue_moves_exponentially(away):
    """Under a constant need fatigue is n + (F0 - n) exp(-t / tau) after t weeks."""
    people, p = away.state.people, away.state.parameters[0]
    people.fatigue[:] = start = np.linspace(-1, 4, len(people))
    for t in (1, 3, 10):
        people.fatigue[:] = start
        live(away, t)
        expected = -p.rest + (start + p.rest) * np.exp(-t / p.fatigue_weeks)
        np.testing.assert_allclose(people.fatigue, expected, rtol=1e-12)


def test_who_has_been_burnt_out_rests_badly(away):
    """Rest relieves by as much as the trace of a burn-out has faded."""
    people, p = away.state.people, away.state.parameters[0]
    people.scar[:] = np.arange(len(people)) % 3 / 2
    live(away, 1000)
    np.testing.assert_allclose(people.fatigue, -p.rest * (1 - people.scar), atol=1e-9)


def test_exhaustion_follows_fatigue_and_person(away):
    """X moves to F and what one brings by a factor exp(-1 / tau) a week, for months."""
    people, p = away.state.people, away.state.parameters[0]
    people.scar[:] = np.arange(len(people)) % 3 / 2
    people.fatigue[:] = relief = -p.rest * (1 - people.scar)
    people.exhaustion[:] = start = np.linspace(-2, 4, len(people))
    aim = relief + p.vulnerability * people.trait + p.strain_life * people.life
    aim += p.sensitization * people.scar
    live(away, 25)
    keep = np.exp(-25 / p.exhaustion_weeks)
    np.testing.assert_allclose(people.exhaustion, aim + (start - aim) * keep, rtol=1e-9)
    live(away, 1000)
    np.testing.assert_allclose(people.exhaustion, aim, atol=1e-9)


def test_the_level_that_fatigue_moves_to():
    """The need is the sum of demands, control, support and their meeting, by hand."""
    model = Organisation(scenario())
    person, p = model.state.people[0], model.state.parameters[0]
    person.demands = p.demands_mean + 2 * p.demands_sd
    person.control = p.control_mean - p.control_sd
    person.support = p.support_mean + 0.5 * p.support_sd
    person.exhaustion = 1.5
    p.strain_demands, p.strain_control, p.strain_support = 0.31, 0.1, 0.28
    p.strain_both, p.contagion = 0.04, 0.05
    expected = 0.31 * 2 + 0.1 - 0.28 * 0.5 + 0.04 * 2 * 1 + 0.05 * 0.7
    need = plain(strain.strain_need)(person, 0.7, model.state.parameters)
    assert need == pytest.approx(expected)
    p.strain_exhaustion, p.resources_buffer = 0.1, 0.2
    spiral, buffer = 0.1 * 1.5, 0.2 * 2 * 0.5 * (-1 + 0.5)
    need = plain(strain.strain_need)(person, 0.7, model.state.parameters)
    assert need == pytest.approx(expected + spiral - buffer)


def test_the_exhausted_meet_more_demands():
    """Demands grow with exhaustion: strain leads to stress as stress to strain."""
    state = Organisation(scenario()).state
    raised = []
    for exhaustion in (0.0, 2.0):
        state.people.exhaustion[0] = exhaustion
        raised.append(plain(strain.demands)(state.people, 0, state.parameters))
    more = 2 * state.parameters[0].demands_exhaustion
    assert raised[1] - raised[0] == pytest.approx(more) and more > 0


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 3))
def test_demands_strain_more_where_control_is_low(demands, control, more):
    """More demands never relieve; less control never relieves; support does."""
    state = shared()
    p, person = state.parameters[0], state.people[0]

    def need(d, c, s=0.0):
        person.demands = p.demands_mean + d * p.demands_sd
        person.control = p.control_mean + c * p.control_sd
        person.support = p.support_mean + s * p.support_sd
        return plain(strain.strain_need)(person, 0.0, state.parameters)

    base = need(demands, control)
    assert need(demands + more, control) >= base - 1e-12
    assert need(demands, control - more) >= base - 1e-12
    assert need(demands, control, more) <= base + 1e-12


def test_the_questionnaire_errs_as_much_as_it_should():
    """The score is 1 + 6 logistic(c0 + c1 (X + w F + error)), errors as wide as set."""
    state = Organisation(scenario()).state
    p = state.parameters[0]
    state.people.exhaustion[0], state.people.fatigue[0] = 0.8, 1.2
    errors = []
    for week in range(2000):
        state.firm.week[0] = week
        score = strain.questionnaire(state.people, 0, state.firm, state.parameters)
        assert 1 < score < 7
        share = (score - 1) / 6
        felt = (np.log(share / (1 - share)) - p.score_intercept) / p.score_slope
        errors.append(felt - 0.8 - p.score_fatigue * 1.2)
    n = len(errors)
    assert abs(np.mean(errors)) < 4 * p.score_error / np.sqrt(n)
    assert abs(np.std(errors) - p.score_error) < 4 * p.score_error / np.sqrt(2 * n)
    assert state.people.exhaustion[0] == 0.8 and state.people.fatigue[0] == 1.2


def test_contagion_is_the_mean_of_those_met():
    """Contagion is the weighted mean exhaustion of those met, minus one's own."""
    model = Organisation(scenario())
    state, graph = model.state, model.graph
    model.rules.plan_contacts()
    state.people.exhaustion[:] = np.random.default_rng(1).normal(size=len(state.people))
    for p in model.agents:
        met = [(graph.edges[p.name, n]["hours"], n) for n in graph.neighbors(p.name)]
        index = {q.name: q.exhaustion for q in model.agents}
        weights = [h for h, _ in met]
        mean = (
            np.average([index[n] for _, n in met], weights=weights)
            if met
            else p.exhaustion
        )
        near = strain.contagion(state.people, state.ties, state.neighbours, p.index)
        assert near == pytest.approx(mean - p.exhaustion)


def test_only_those_with_two_lines_feel_their_conflict():
    """Where half of the makers have a second line, the other half has no conflict."""
    heads = {"marketeers": 12, "communicators": 4, "sales": 4}
    model = Organisation(scenario(heads, 20, 0, structure={"second_line": 0.5}))
    model.run()
    people = model.state.people
    makers = (people.maker == 1) & (people.role != 0)
    assert (people.conflict[makers] > 0).sum() <= 8


@cache
def passages():
    """Return episodes and circumstances of one person in 20,000 weeks."""
    state = Organisation(scenario()).state
    found = []
    for week in range(20_000):
        state.firm.week[0] = week
        strain.go_through(state.people, 0, state.firm, state.parameters)
        found.append((state.people.episode[0], state.people.life[0]))
    return np.array(found).T


@pytest.mark.parametrize("which, name", [(0, "episode_weeks"), (1, "life_weeks")])
def test_episodes_and_circumstances_come_and_go(which, name):
    """They have mean 0 and sd 1, and fade by exp(-1 / weeks) from week to week."""
    states = passages()[which]
    keep = np.exp(-1 / shared().parameters[name][0])
    error = np.sqrt((1 + keep) / (1 - keep) / len(states))
    assert abs(states.mean()) < 4 * error
    assert states.std() == pytest.approx(1, abs=4 * error)
    lagged = np.corrcoef(states[:-1], states[1:])[0, 1]
    assert lagged == pytest.approx(keep, abs=4 * np.sqrt((1 - keep**2) / len(states)))


def test_the_trace_of_a_burnout_fades():
    """What is left of it falls by exp(-1 / weeks) a week, for months and years."""
    state = Organisation(scenario()).state
    state.people.scar[:] = 1.0
    for _ in range(30):
        strain.go_through(state.people, 0, state.firm, state.parameters)
    left = np.exp(-30 / state.parameters[0].scar_weeks)
    assert state.people.scar[0] == pytest.approx(left)
