"""A change reaches people one by one, through hours that somebody spends on it."""

import numpy as np
import pytest
from worlds import scenario

from simulation.model import Organisation

HEADS = {"marketeers": 12, "communicators": 4, "sales": 8, "product": 4}
NOBODY = {
    "leader_strategy_share": 0.0,
    "leader_direction_share": 0.0,
    "champion_hours": 0.0,
}


def reached(heads=HEADS, weeks=80, seed=1, before=None, parameters=None, **after):
    """Return the share of people reached per week by a change of mandate."""
    before = before or {}
    structure = {**before, **after, "items_decided_by_executor": 0.9}
    what = scenario(
        heads,
        weeks,
        4,
        structure=before,
        changes=[{"week": 0, "structure": structure, "levers": {"mandate": "decides"}}],
        parameters={"quit_hazard": 0.0, "leave_hazard": 0.0, **(parameters or {})},
    )
    return Organisation(what, seed).run().change_reached


def test_a_change_reaches_people_one_by_one():
    """The share reached only grows, over several weeks, and ends at everybody."""
    share = reached()
    assert share[0] == 0 and share[-1] == 1
    assert (np.diff(share) >= 0).all()
    assert (np.diff(share) > 0).sum() > 5
    half = int(np.argmax(share >= 0.5))
    assert 2 <= half <= 52


def test_a_champion_brings_it_sooner():
    """With a champion's hours half of the people are reached sooner, in any world."""
    for seed in (1, 2, 3):
        without = np.argmax(reached(seed=seed) >= 0.5)
        present = np.argmax(reached(seed=seed, champion_hours=12) >= 0.5)
        assert 0 < present < without


def test_nobody_brings_it():
    """Without leaders' hours, a champion or contact it never leaves the top."""
    parameters = {"change_by_peers": 0.0}
    share = reached(before=NOBODY, parameters=parameters)
    assert share[-1] == pytest.approx(share.max()) and 0 < share[-1] < 0.05


def test_colleagues_bring_it_on():
    """Colleagues who work the new way bring it over without any leader's hours."""
    share = reached(before=NOBODY, parameters={"change_by_peers": 2.0})
    assert share[0] == 0 and 0 < share[8] < 1 and share[-1] == 1


def test_until_reached_people_work_the_old_way():
    """While learning, people spend change hours; the hours asked for are spent."""
    what = scenario(
        HEADS,
        80,
        4,
        changes=[{"week": 2, "levers": {"mandate": "decides"}}],
        parameters={"quit_hazard": 0.0, "leave_hazard": 0.0},
    )
    model = Organisation(what)
    people = model.state.people
    spent = np.zeros(len(people))
    while model.week < 80:
        version = people.version.copy()
        model.step()
        spent += people.hours_change
        assert (people.hours_change[version == model.state.firm.version[0]] == 0).all()
    assert (people.version == 1).all()
    needed = what.stages[1].hours_per_person
    assert needed == 4
    # speed differs by .7 to 1.3, and the last week may bring more than what is missing
    assert (spent > needed / 1.3 - 1e-9).all() and (spent < needed / 0.7 + 2).all()
    assert model.series.change_cost.sum() == pytest.approx(
        (spent * 42 * np.where(people.external == 1, 1.6, 1)).sum()
        + what.stages[1].euros
    )
