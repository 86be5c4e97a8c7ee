"""Load that teams and organisations share, and the work of those who are away."""

import numpy as np
import pytest
from worlds import plain, scenario

from simulation.model import Organisation
from simulation.purposes import TEAM_LOAD
from simulation.rules import loads
from simulation.state import LEADER, VACANT


@pytest.fixture
def state():
    """Return a world before its first week."""
    return Organisation(scenario({"marketeers": 9})).state


def test_a_wave_is_standard_normal_and_moves_smoothly():
    """Over many teams mean 0 and variance 1 in every week; from week to week alike."""
    key = np.uint64(7)
    found = np.array(
        [
            [loads.wave(key, TEAM_LOAD, t, w, 13.0) for w in range(-5, 9)]
            for t in range(4000)
        ]
    )
    assert np.abs(found.mean(0)).max() < 4 / np.sqrt(4000)
    assert np.abs(found.var(0) - 1).max() < 4 * np.sqrt(2 / 4000)
    assert np.corrcoef(found[:, 0], found[:, 1])[0, 1] > 0.9
    assert np.abs(np.diff(found)).mean() < 0.3


def test_a_team_shares_its_load_and_an_organisation_too(state):
    """The same for people of one team; it differs between teams by the team's part."""
    p, people = state.parameters, state.people
    plain(loads.load_organisation)(state.firm, p)
    people.team[:2], people.team[2] = 5, 6
    one, two, other = (
        plain(loads.shared_load)(people[i], state.firm, p) for i in range(3)
    )
    assert one == two != other
    p.team_load_spread = 0.0
    one, other = (plain(loads.shared_load)(people[i], state.firm, p) for i in (0, 2))
    assert one == other == state.firm.load[0] - p.firm_load_spread[0] ** 2 / 2


def test_a_team_takes_over_what_the_absent_leave(state):
    """Rework whole, routine in part, in equal parts; nothing where nobody is left."""
    people, p = state.people, state.parameters[0]
    team = np.flatnonzero(people.role != LEADER)[:3]
    people.team[:] = 1
    people.team[team] = 2
    absent = team[0]
    people.status[absent], people.redo_hours[absent] = VACANT, 3.0
    plain(loads.cover_absent)(people, state.parameters)
    due = p.cover_share * p.routine_load * people.contract[absent] + 3.0
    np.testing.assert_allclose(people.hours_cover[team[1:]], due / 2)
    assert people.hours_cover.sum() == pytest.approx(due)
    assert people.redo_hours[absent] == 0
    people.status[team] = VACANT
    people.redo_hours[absent] = 3.0
    plain(loads.cover_absent)(people, state.parameters)
    assert people.hours_cover.sum() == 0 and people.redo_hours[absent] == 3.0
