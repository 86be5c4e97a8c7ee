"""Hours fall with what people have done, and part of it stays when they go."""

import numpy as np
import pytest
from worlds import plain, scenario

from simulation.model import Organisation
from simulation.rules import experience
from simulation.state import ON_LEAVE, VACANT, WORKING


@pytest.fixture
def state():
    """Return a world before its first week."""
    return Organisation(scenario()).state


def cost(state, done, near=0.0, slowness=0.0):
    """Return the unit cost of one who has done so much."""
    person = state.people[0]
    person.experience, person.experience_near = done, near
    person.slowness = slowness
    return plain(experience.unit_cost)(person, state.parameters)


def test_hours_fall_with_what_was_done_to_those_of_the_settled(state):
    """By hand; the slower take more deliverables to get there."""
    p = state.parameters[0]
    assert cost(state, 0) == 1 + p.first_unit_cost
    once = 1 + p.first_unit_cost * np.exp(-1)
    assert cost(state, p.experience_scale) == pytest.approx(once)
    assert cost(state, 10_000) == pytest.approx(1)
    assert cost(state, 40, slowness=1) > cost(state, 40) > cost(state, 40, slowness=-1)


def test_what_the_team_has_done_helps_those_who_did_less(state):
    """Colleagues who are ahead are worth some deliverables, those behind nothing."""
    share = state.parameters.experience_of_team[0]
    assert cost(state, 20, near=520) == pytest.approx(cost(state, 20 + 500 * share))
    assert cost(state, 20, near=5) == cost(state, 20)


def test_experience_of_steady_work_ends_at_a_plateau(state):
    """What is done adds up, a share is forgotten, also while away."""
    person, p = state.people[0], state.parameters[0]
    person.status, person.experience, person.productivity = WORKING, 100.0, 0.5
    person.hours_routine, person.hours_over, person.hours_items = 16.0, 2.0, 2.0
    plain(experience.gain_experience)(state.people, 0, state.parameters)
    done = 10 / p.hours_per_deliverable
    assert person.experience == pytest.approx(100 * (1 - p.experience_forgotten) + done)
    plateau = done / p.experience_forgotten
    person.experience = plateau
    plain(experience.gain_experience)(state.people, 0, state.parameters)
    assert person.experience == pytest.approx(plateau)
    for name in ("hours_routine", "hours_over", "hours_items"):
        person[name] = 0.0
    for status, kept in ((ON_LEAVE, 1 - p.experience_forgotten), (VACANT, 1.0)):
        person.status, person.experience = status, 100.0
        plain(experience.gain_experience)(state.people, 0, state.parameters)
        assert person.experience == pytest.approx(100 * kept)


def test_standing_experience_is_what_years_of_it_leave():
    """Founders start where steady work would have brought them."""
    stands = plain(experience.standing_experience)
    assert stands(4.0, 50, 0.0) == 200
    assert stands(4.0, 10**6, 0.004) == pytest.approx(1000)
    assert stands(4.0, 50, 0.004) < 200


def test_a_newcomer_starts_with_what_is_written(state):
    """Of what who went had done only the written part is worth something."""
    p = state.parameters[0]
    for written in (0.0, 0.5):
        person = state.people[0]
        person.experience = 400.0
        plain(experience.bring_experience)(person, written, state.parameters)
        kept = p.experience_on_paper * p.handover_known * written * 400
        assert person.experience == pytest.approx(p.experience_brought + kept)
