"""Null models: what they take away is gone, what they leave is untouched."""

from collections import Counter

import numpy as np
import pytest

from experiments.errors import InputError
from experiments.science.nulls import NULLS, find_null, survival, with_null
from simulation.model import Organisation
from simulation.scenario import read, vary


@pytest.fixture
def organisation():
    """An organisation that has not begun to live."""
    return Organisation(read("baseline"), 5, 2)


def _degrees(model):
    """Return how often each combination of layer and hours is at somebody's ties."""
    state, found = model.state, []
    for person in state.people:
        around = state.neighbours[person.first_tie : person.last_tie]
        hours = state.hours[:, around.tie]
        found.append(tuple(sorted(map(tuple, hours.T.tolist()))))
    return found


def test_shuffled_ties_keep_degrees_and_hours(organisation):
    """People change places; the graph keeps its degrees, hours and consistency."""
    before = _degrees(organisation)
    with_null(organisation, "shuffled_ties")
    state, after = organisation.state, _degrees(organisation)
    assert before != after
    assert Counter(before) == Counter(after)
    for i, person in enumerate(state.people):
        for near in state.neighbours[person.first_tie : person.last_tie]:
            assert {i, near.person} == {state.ties.a[near.tie], state.ties.b[near.tie]}


def test_shuffles_are_addressed(organisation):
    """The same world is shuffled alike in every scenario, another world otherwise."""
    shuffled = [
        with_null(Organisation(read(name), 5, replicate), "shuffled_ties").state
        for name, replicate in (("baseline", 2), ("owned", 2), ("baseline", 3))
    ]
    ends = [
        set(zip(s.ties.a.tolist(), s.ties.b.tolist(), strict=True)) for s in shuffled
    ]
    assert ends[0] == ends[1] != ends[2]


def test_without_ties_nobody_meets(organisation):
    """No meeting costs an hour of anybody."""
    with_null(organisation, "no_ties").run(until=0)
    assert not organisation.state.people.hours_meeting.any()
    assert not organisation.state.hours.any()


def test_without_strategy_it_stays_what_it_was(organisation):
    """Nobody's beliefs enter the strategy: it can only fade."""
    known, value = organisation.state.strategy[:2].copy()
    with_null(organisation, "learning_without_strategy").run(until=0)
    left, says = organisation.state.strategy[:2]
    assert not (left & ~known).any() and not (left & (says ^ value)).any()


def test_without_support_strain_does_not_feel_it():
    """Support has no way left to exhaustion but through motivation and work."""
    parameters = {"support_leader": 0.0}
    runs = []
    for change in ({}, parameters):
        scenario = vary(
            read("baseline"), parameters=change | {"motivation_support": 0.0}
        )
        model = with_null(Organisation(scenario, 5, 2), "strain_without_support")
        model.run(until=0)
        runs.append(model.state.people.exhaustion.copy())
    assert np.array_equal(*runs)


def test_unknown_and_late_nulls_are_refused(organisation):
    """A misspelt name comes with the nearest; history cannot be taken back."""
    with pytest.raises(InputError, match="did you mean no_ties"):
        find_null("noties")
    organisation.step()
    with pytest.raises(ValueError, match="already in week"):
        with_null(organisation, "no_ties")


def test_survival_tells_structure_from_what_is_not():
    """Meetings need ties, own decisions do not; no effect is called no effect."""
    short = {"weeks": 40, "warm_up_weeks": 26}
    base = vary(read("baseline"), "base", run=short)
    owned = vary(base, "owned", levers={"mandate": "decides"})
    linked = vary(base, "linked", structure={"team_hours": 11})
    nulls = ["no_ties"]
    (control,) = survival(owned, base, "control", nulls, replicates=4, workers=1)
    (meetings,) = survival(linked, base, "meetings", nulls, replicates=4, workers=1)
    (none,) = survival(owned, base, "side_work", nulls, replicates=4, workers=1)
    found = [control.verdict, meetings.verdict, none.verdict]
    assert found == ["survives", "gone", "no effect"]
    assert set(NULLS) >= {"shuffled_ties", "no_ties"}
