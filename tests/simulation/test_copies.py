"""A copied organisation lives like the original, and neither touches the other."""

import copy
import gc
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from own_people import Club, Diarist
from worlds import differing, scenario

from simulation.model import Organisation
from simulation.scenario import read

WEEKS = 12


def small(**more):
    """Return a scenario of few people and weeks."""
    return scenario({"marketeers": 5, "sales": 3}, weeks=WEEKS, warm_up=3, **more)


def pickled(model):
    """Return what a pickled organisation comes back as."""
    return pickle.loads(pickle.dumps(model))


COPIES = [copy.copy, copy.deepcopy, pickled, Organisation.fork]


def of_people(what):
    """Return an organisation of the shipped agents."""
    return Organisation(what, 3)


def of_diarists(what):
    """Return an organisation of a class of one's own, of agents of one's own."""
    return Club(what, 3, agents={"marketeer": Diarist})


@pytest.mark.parametrize("found", [of_people, of_diarists])
@pytest.mark.parametrize("week", [-3, 0, 5])
@pytest.mark.parametrize("make", COPIES)
def test_a_copy_lives_like_the_original(make, week, found):
    """From any week on, whichever of the two lives first; both as one not copied."""
    fresh = found(small())
    fresh.run()
    for first in (0, 1):
        model = found(small())
        model.run(until=week)
        both = model, make(model)
        for one in (both[first], both[1 - first]):
            assert one.week == week
            one.run()
            assert differing(one.state, fresh.state) == []
            assert one.series.tobytes() == fresh.series.tobytes()
            assert getattr(one, "notes", None) == getattr(fresh, "notes", None)


@pytest.mark.parametrize("name", ["owned", "transition", "whole_funnel"])
@pytest.mark.parametrize("make", COPIES)
def test_scenarios_that_ship_can_be_copied(make, name):
    """With dated changes, and whatever else a shipped scenario has."""
    model = Organisation(read(name), 2)
    model.run(until=1)
    twin = make(model)
    twin.run(until=4)
    state = model.state.copy()
    model.run(until=4)
    assert differing(model.state, twin.state) == []
    assert differing(model.state, state) != []


def test_what_is_unknown_was_drawn_before_the_copy():
    """A copy has the world of its original, also where scenarios leave things open."""
    unknown = {"structure": {"testing_hours": [0.0, 4.0]}}
    what = small(unknown=unknown)
    model = Organisation(what, 5)
    twin = pickled(model)
    assert twin.scenario == model.scenario and model.scenario.unknown is None
    assert twin.run().tobytes() == model.run().tobytes()


@pytest.mark.parametrize("make", COPIES)
def test_nothing_that_changes_is_shared(make):
    """Arrays, agents, groups, diaries, friends and notes are the copy's own."""
    model = of_diarists(small())
    model.run(until=2)
    twin = make(model)
    for name, array in vars(model.state).items():
        assert not np.shares_memory(array, getattr(twin.state, name)), name
    groups = (*twin.groups.values(), twin.agents, twin.diarists)
    assert all(one.model is twin for group in groups for one in group)
    assert [len(x) for x in groups] == [
        len(x) for x in (*model.groups.values(), model.agents, model.diarists)
    ]
    assert [one.unique_id for one in twin.agents] == [
        one.unique_id for one in model.agents
    ]
    for mine, theirs in zip(model.diarists, twin.diarists, strict=True):
        assert mine is not theirs and theirs is twin.person(mine.index)
        assert mine.friend.index == theirs.friend.index
        assert theirs.friend is twin.person(mine.friend.index)
        theirs.diary["weeks"].append("of the copy")
        assert mine.diary["weeks"] == theirs.diary["weeks"][:-1]
    twin.notes.append("of the copy")
    twin.person(0).motivation = 0.123
    assert "of the copy" not in model.notes and model.person(0).motivation != 0.123
    assert twin.scenario == model.scenario and twin.chart == model.chart


@pytest.mark.parametrize("make", COPIES)
def test_a_copy_needs_no_original(make):
    """It lives on when the original is gone."""
    model = Organisation(small(), 3)
    model.run(until=2)
    twin = make(model)
    rest = model.run().tobytes()
    del model
    gc.collect()
    assert twin.run().tobytes() == rest


@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy, pickled])
def test_what_was_collected_is_copied(make):
    """Mesa's data frames go on in the copy; those of the original stay as they were."""
    model = Organisation(small(), 3)
    model.collecting = True
    model.run(until=4)
    twin = make(model)
    before = model.datacollector.get_agent_vars_dataframe()
    twin.run()
    assert model.datacollector.get_agent_vars_dataframe().equals(before)
    model.run()
    for one in ("get_model_vars_dataframe", "get_agent_vars_dataframe"):
        mine, theirs = (getattr(x.datacollector, one)() for x in (model, twin))
        assert mine.equals(theirs) and len(mine) > 0
    assert len(twin.datacollector.get_model_vars_dataframe()) == WEEKS + 3


def test_a_copied_agent_belongs_to_a_copied_organisation():
    """Copying a person or a group copies the whole organisation that they are of."""
    model = of_diarists(small())
    person = model.person(4)
    double = copy.deepcopy(person)
    assert double.model is not model and double.model.person(4) is double
    double.motivation = 0.321
    assert person.motivation != 0.321
    group = copy.deepcopy(model.diarists)
    [home] = {one.model for one in group}
    assert home is not model and all(home.person(x.index) is x for x in group)


def test_two_in_one_copy_stay_together():
    """An organisation that is copied along with its parts is copied once."""
    model = Organisation(small(), 3)
    whole = {"model": model, "rules": model.rules, "boss": model.person(0)}
    for copied in (copy.deepcopy(whole), pickled(whole)):
        twin = copied["model"]
        assert twin.rules is copied["rules"] and copied["boss"] is twin.person(0)
        copied["rules"].move_market()
        assert differing(model.state, Organisation(small(), 3).state) == []


def test_a_copied_state_shares_nothing():
    """The state alone can be copied too."""
    state = Organisation(small(), 3).state
    for twin in (copy.copy(state), copy.deepcopy(state), pickled(state)):
        assert differing(state, twin) == []
        twin.people.motivation[:] = 0
        assert (state.people.motivation > 0).any()


def test_a_pickled_organisation_lives_on_in_another_process(tmp_path):
    """Read from a file by a new interpreter it gives the same records."""
    model = of_diarists(small())
    model.collecting = True
    model.run(until=3)
    file, out = tmp_path / "organisation.pickle", tmp_path / "series"
    file.write_bytes(pickle.dumps(model))
    folders = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
    code = (
        f"import pathlib, pickle, sys; sys.path[:0] = {folders!r};"
        f" model = pickle.loads(pathlib.Path({str(file)!r}).read_bytes());"
        f" pathlib.Path({str(out)!r}).write_bytes(model.run().tobytes())"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert out.read_bytes() == model.run().tobytes()
