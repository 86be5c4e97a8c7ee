"""What is handed over, spent, decided, earned or believed is never lost or doubled."""

from functools import cache

import numpy as np
import pytest
from worlds import Laws, lived, scenario

from simulation.model import Organisation
from simulation.scenario import read
from simulation.state import (
    IN_WORK,
    KNOWN,
    LEAD_FREE,
    LEAD_WAITING,
    VACANT,
    VALUE,
    WISHED,
    WORKING,
)

SCENARIOS = (
    "baseline",
    "owned",
    "detail",
    "absent",
    "office_manager",
    "agency",
    "matrix_governed_small",
    "integrated_small",
    "spop",
    "transition",
    "marketing_stopped",
    "start_up",
    "quarterly_evaluation",
    "written_down",
    "testing_room",
)


@cache
def witness(name):
    """Return what a whole run of a shipped scenario showed."""
    return lived(read(name), seed=2)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_whole_run_breaks_no_law(name):
    """Hours, leads, items, money, beliefs and bounds hold in every week of a run."""
    model, laws = witness(name)
    assert laws.broken == {}
    assert len(model.series) == model.scenario.weeks


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_laws_had_something_to_watch(name):
    """In every run hours were spent, leads judged, items worked on, beliefs moved."""
    seen = witness(name)[1].seen
    for what in (
        "hours",
        "leads",
        "in work",
        "deals",
        "corrections",
        "moved by market",
    ):
        assert seen[what] > 0, what
    if name == "detail":
        assert seen["at the gate"] > 100


def spend_an_hour(state):
    state.people.hours_idle[0] += 1.0


def work_while_away(state):
    state.people.status[0] = WORKING + 1


def grow_too_sure(state):
    state.people.ownership[1] = 1.01


def lose_a_lead(state):
    state.leads.stage[np.flatnonzero(state.leads.stage == LEAD_WAITING)[0]] = LEAD_FREE


def take_up_twice(state):
    c = np.flatnonzero((state.choices.exists == 1) & (state.choices.stage == 0))[0]
    state.choices.stage[c] = IN_WORK
    state.choices.worker[c] = 0


def leave_the_work_behind(state):
    free = np.flatnonzero((state.choices.exists == 1) & (state.choices.stage == 0))
    i = np.flatnonzero(state.people.doing < 0)[0]
    state.people.doing[i] = free[0]
    state.choices.stage[free[0]] = IN_WORK
    state.choices.worker[free[0]] = i
    state.people.status[i] = VACANT


def print_money(state):
    state.firm.pipeline += 1.0


def know_nothing_of_it(state):
    state.beliefs[0, KNOWN] = 0
    state.beliefs[0, VALUE] = 1


def forget_at_once(state):
    state.people.corrections[0] += 1


def swap_item(state):
    c = np.flatnonzero(state.choices.exists == 1)[0]
    state.choices.executed[c] = 1 - state.choices.executed[c]


def lose_an_item(state):
    state.people.wrong[0] -= 1


def count_twice(state):
    state.row.employees += 1


@pytest.mark.parametrize(
    ("tamper", "law"),
    [
        (spend_an_hour, "hours"),
        (work_while_away, "hours"),
        (grow_too_sure, "bounds"),
        (lose_a_lead, "leads"),
        (take_up_twice, "items"),
        (leave_the_work_behind, "hands"),
        (print_money, "money"),
        (know_nothing_of_it, "beliefs"),
        (forget_at_once, "learning"),
        (swap_item, "market"),
        (lose_an_item, "people"),
        (count_twice, "series"),
    ],
)
def test_each_law_notices_what_breaks_it(tamper, law):
    """A law that is broken on purpose is reported, so the laws can fail."""
    heads = {"marketeers": 4, "sales": 1, "product": 1}
    busy = scenario(heads, weeks=4, warm_up=4, parameters={"prospects_per_item": 20})
    model = Organisation(busy)
    laws = Laws(model)
    look = model.interventions["observe"]

    def observe(model):
        if model.week == 2:
            tamper(model.state)
        look(model)

    model.interventions["observe"] = observe
    model.run(until=2)
    assert laws.broken == {}
    model.run(until=3)
    assert law in laws.broken and "week 2" in laws.broken[law]


def test_nothing_lies_in_the_hands_of_a_vacant_seat():
    """An item that a leader sends back goes to somebody who is there."""
    _, laws = lived(
        scenario(
            {"product": 1, "finance": 1, "hr": 3, "customer_success": 1},
            weeks=6,
            warm_up=0,
            organisation={
                "span_of_control": 2,
                "bundle_size": 2,
                "choices_per_person": 6.0,
            },
        ),
        seed=6,
    )
    assert "hands" not in laws.broken


def test_the_first_week_starts_with_the_founders_stock():
    """Without a warm-up, week 0 starts with the wrong and missing founding beliefs."""
    model = Organisation(scenario(weeks=1, warm_up=0))
    beliefs, market = model.state.beliefs, model.state.market
    own = int(np.bitwise_count(beliefs[:, 4]).sum())
    right = beliefs[:, KNOWN] & ~(beliefs[:, VALUE] ^ market[WISHED]) & beliefs[:, 4]
    model.run()
    assert model.series.stock_start[0] == own - int(np.bitwise_count(right).sum())


def test_practice_and_cross_training_keep_total_skill():
    """Widening a profile moves skill between domains and makes or loses none."""
    wide = {
        "skill_breadth": 0.6,
        "practice_hours_outside": 2,
        "cross_training_hours": 1,
    }
    model = Organisation(scenario(weeks=30, warm_up=0, structure=wide))
    people, skill = model.state.people, model.state.skill
    skill[:, :] = 0.0
    skill[np.arange(len(people)), people.domain] = 0.75
    model.run()
    stayed = people.generation == 0
    assert stayed.sum() >= 8
    np.testing.assert_allclose(skill[stayed].sum(axis=1), 0.75, rtol=1e-12)
    outside = 1 - skill[np.arange(len(people)), people.domain] / 0.75
    assert (outside[stayed] > 0).all() and (outside[stayed] < 0.6 + 1e-9).all()
    assert outside[stayed].mean() > 0.1


@pytest.mark.parametrize("breadth", [0.2, 0.45, 0.8])
def test_founders_have_the_same_total_skill_at_any_breadth(breadth):
    """A profile of any shape holds as much skill as one of the usual breadth."""
    totals = [
        Organisation(
            scenario(weeks=1, warm_up=0, structure={"skill_breadth": b})
        ).state.skill.sum(axis=1)
        for b in (0.3, breadth)
    ]
    np.testing.assert_allclose(*totals, rtol=1e-12)


def test_pure_specialists_have_the_same_total_skill():
    """The highly skilled lose no skill where nothing lies outside their domain."""
    totals = []
    for breadth in (0.3, 0.0):
        structure = {"skill_breadth": breadth, "marketing_skill": 0.9}
        what = scenario({"marketeers": 12}, weeks=1, warm_up=0, structure=structure)
        totals.append(Organisation(what).state.skill.sum(axis=1))
    np.testing.assert_allclose(*totals, rtol=1e-12)


def test_the_budget_never_falls_below_nothing():
    """Stopping marketing takes away what budget there is, and no more."""
    poor = {"budget_reaction": 1.0, "budget_horizon_weeks": 4}
    none = {"marketing_hours_share": 0.05, "competition": 1.0}
    changes = [
        {"week": 6, "structure": none},
        {"week": 14, "structure": {"budget_level": 0}},
    ]
    heads = {"marketeers": 8, "sales": 2}
    what = scenario(
        heads, 30, 2, structure=poor, changes=changes, parameters={"budget_step": 1.0}
    )
    for seed in range(1, 4):
        model = Organisation(what, seed)
        series = model.run()
        assert (series.budget >= 0).all(), series.budget


def test_a_steady_organisation_starts_with_the_budget_that_was_set():
    """Without any change, the budget at week 0 is the set level but for chance."""
    budgets = []
    for seed in range(12):
        model = Organisation(read("baseline"), seed)
        model.run(until=1)
        budgets.append(model.series.budget[0])
    error = np.std(budgets, ddof=1) / np.sqrt(len(budgets))
    assert abs(np.mean(budgets) - 1.0) < 3 * error + 0.01


def test_a_longer_budget_horizon_alone_moves_no_budget():
    """Where leads are steady, going over to a longer period moves no budget."""
    moved = []
    for seed in range(6):
        budgets = []
        for horizon in (13, 52):
            steady = {"budget_reaction": 0.5, "budget_horizon_weeks": horizon}
            what = scenario(
                {"marketeers": 8, "sales": 2},
                1,
                52,
                as_is="baseline",
                structure=steady,
                parameters={"prospects_per_item": 20},
            )
            model = Organisation(what, seed)
            model.run()
            budgets.append(model.series.budget[0])
        moved.append(budgets[1] - budgets[0])
    assert abs(np.mean(moved)) < 0.02, moved
