"""Performance: output per hour, what is delivered, and how well."""

import numpy as np
import pytest
from worlds import plain, scenario

from simulation.model import Organisation
from simulation.rules import drive, leaders, work


def performance(deliverables, dropped, productivity=0.9, progress=0.6):
    """Return the performance of somebody who did and dropped so much, in hours."""
    state = Organisation(scenario()).state
    person = state.people[0]
    per = state.parameters.hours_per_deliverable[0]
    person.deliverables, person.dropped = deliverables / per, dropped
    person.productivity, person.progress = productivity, progress
    return plain(drive.performance)(person, state.parameters)


def test_performance_by_hand():
    """A third dropped costs a third; how much there was to do does not count."""
    whole = 0.9 * (0.7 + 0.5 * 0.6)
    assert performance(30, 0) == performance(10, 0) == pytest.approx(whole)
    assert performance(20, 10) == pytest.approx(whole * 2 / 3)
    assert performance(0, 0) == pytest.approx(whole)


def test_ability_makes_output_differ_around_the_same_mean():
    """Output is log-normal in ability, with mean 1 over people."""
    state = Organisation(scenario()).state
    people, spread = state.people, state.parameters.ability_spread[0]
    found = []
    for ability in (-1.0, 0.0, 1.0):
        people.ability[0] = ability
        found.append(work.productivity(people, 0, state.skill, state.parameters))
    ratios = np.array(found) / found[1]
    np.testing.assert_allclose(ratios, np.exp(spread * np.array([-1.0, 0.0, 1.0])))
    z = np.random.default_rng(1).standard_normal(200_000)
    mean = np.exp(spread * z - spread**2 / 2).mean()
    assert mean == pytest.approx(1, abs=4 * spread / np.sqrt(len(z)))


def test_each_world_deals_turns_anew():
    """A turn lies within the time that priorities hold, and differs between worlds."""
    turns = set()
    for replicate in range(40):
        state = Organisation(scenario(), 1, replicate).state
        found = plain(leaders.turn)(state.people[0], 13, state.firm)
        assert 0 <= found < 13
        turns.add(found)
    assert len(turns) > 5
