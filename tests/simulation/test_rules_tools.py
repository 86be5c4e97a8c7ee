"""Tools save hours, and make what is visible unless somebody who knows decides."""

from itertools import product

import numpy as np
import pytest
from worlds import plain, scenario

from simulation.model import Organisation
from simulation.rules import items, work
from simulation.rules.bits import mark, shows
from simulation.state import IN_WORK, KNOWN, LEADER, VALUE, VISIBLE
from simulation.tables import STRUCTURE, lever_table


@pytest.fixture
def state():
    """A state of items that stand by themselves."""
    return Organisation(scenario(parameters={"interdependence": 0})).state


def drafts(state, share, known, decides):
    """Return first drafts of all items, of people who think otherwise than is shown."""
    now = state.structure[0].copy()
    now["tool_drafts"] = share
    found = {}
    for c in map(int, np.flatnonzero(state.choices.exists == 1)):
        i = int(state.choices.executor[c])
        state.choices.decided_by_executor[c] = int(decides)
        mark(state.beliefs[i], KNOWN, c, known)
        mark(state.beliefs[i], VALUE, c, not shows(state.market, VISIBLE, c))
        arguments = (state.market, state.choices, state.beliefs, i, c, now, state.firm)
        found[c] = bool(plain(items.first_draft)(*arguments))
    return found


def visible(state):
    """Return what is visible of all items."""
    return {
        c: bool(shows(state.market, VISIBLE, c))
        for c in map(int, np.flatnonzero(state.choices.exists == 1))
    }


@pytest.mark.parametrize(("known", "decides"), list(product((False, True), repeat=2)))
def test_tools_draft_what_is_visible_unless_who_knows_decides(state, known, decides):
    """Without tools one proposes what one believes, else what is executed."""
    there = visible(state)
    believed = {c: not shown for c, shown in there.items()}
    executed = {c: bool(state.choices.executed[c] == 1) for c in there}
    assert drafts(state, 0.0, known, decides) == (believed if known else executed)
    own = known and decides
    assert drafts(state, 1.0, known, decides) == (believed if own else there)


def test_a_share_of_drafts_is_by_tools(state):
    """At a share of a half, about half of the drafts are what is visible."""
    there, half = visible(state), drafts(state, 0.5, True, False)
    by_tools = sum(half[c] == there[c] for c in there)
    spread = 4 * np.sqrt(len(there) / 4)
    assert by_tools == pytest.approx(len(there) / 2, abs=spread)


def test_tools_change_the_hours_of_makers_alone(state):
    """Makers do more in an hour; leaders and other departments do not."""
    now = state.structure[0].copy()
    before, after = [], []
    for hours, found in ((1.0, before), (0.75, after)):
        now["tool_hours"] = hours
        for person in state.people:
            person.productivity, person.hours_side = 1.0, 0.0
            found.append(plain(work._effectiveness)(person, now, state.parameters))
    makers = (state.people.maker == 1) & (state.people.role != LEADER)
    assert set(before) == {1.0}
    assert after == np.where(makers, 1.0 / 0.75, 1.0).tolist()


def begun(hours):
    """Return how large the first items are that makers begin, at hours of tools."""
    model = Organisation(scenario(structure={"tool_hours": hours}), 3)
    state, sizes = model.state, []

    def note(model):
        in_work = state.choices[state.choices.stage == IN_WORK]
        makers = state.people.maker[in_work.worker] == 1
        sizes.extend(in_work.work_left[makers].tolist())

    model.interventions["start"] = note
    while not sizes:
        model.step()
    return sizes


def test_items_take_fewer_hours_with_tools():
    """An item that is begun is as much smaller as the tools say."""
    np.testing.assert_allclose(begun(0.5), np.array(begun(1.0)) / 2)


def test_usual_tools_change_nothing():
    """The first setting is what holds before any lever is set."""
    lever = lever_table()["tools"]
    usual, smart = lever.settings.values()
    assert list(lever.settings) == ["usual", "smart"]
    assert all(STRUCTURE[name].value == value for name, value in usual.items())
    assert all(STRUCTURE[name].value != value for name, value in smart.items())
    base = scenario()
    named = scenario(structure=dict(usual))
    assert named.stages[-1].structure == base.stages[-1].structure
