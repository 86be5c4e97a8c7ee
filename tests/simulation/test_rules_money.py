"""Brand, budget, revenue and cost, by hand."""

import numpy as np
import pytest
from worlds import scenario

from simulation.binding import bind
from simulation.model import Organisation
from simulation.rules import money
from simulation.state import VACANT

HEADS = {"marketeers": 6, "sales": 2, "externals": 2}


@pytest.fixture
def state():
    """The state of an organisation before its first week."""
    return Organisation(scenario(HEADS)).state


def test_brand_decays_by_a_sixth_a_year(state):
    """Without any budget a year takes about 16 % of the brand."""
    state.firm.budget[0] = 0.0
    build = bind(money.build_brand, state)
    for _ in range(52):
        build()
    assert state.firm.brand[0] == pytest.approx(0.84, abs=0.005)


def test_brand_rests_where_it_is_fed(state):
    """At budget 1 and consistency .5 a brand of 1 stays; any other returns to it."""
    state.firm.budget[0], state.firm.consistency[0] = 1.0, 0.5
    state.firm.brand[0] = 1.0
    build = bind(money.build_brand, state)
    build()
    assert state.firm.brand[0] == pytest.approx(1.0)
    state.firm.brand[0] = 3.0
    for t in range(1, 500):
        build()
        expected = 1 + 2 * (1 - state.parameters.brand_decay[0]) ** t
        assert state.firm.brand[0] == pytest.approx(expected)


def test_deals_are_paid_after_eight_weeks_on_average(state):
    """The mean lag from a won deal to its revenue is eight weeks."""
    state.firm.pipeline[0] = 40000.0
    keep = bind(money.keep_books, state)
    paid = []
    for _ in range(400):
        keep()
        paid.append(state.firm.revenue[0])
    assert sum(paid) == pytest.approx(40000)
    assert np.average(np.arange(1, 401), weights=paid) == pytest.approx(8.0)


def test_cost_by_hand(state):
    """People, externals at 1.6, the budget and replacements make the week's cost."""
    people, firm = state.people, state.firm
    firm.joiners[0] = 1
    firm.budget[0] = 1.5
    people.status[0] = VACANT
    bind(money.keep_books, state)()
    hours = np.delete(
        people.contract * np.where(people.external == 1, 1.6, 1.0), 0
    ).sum()
    expected = 42 * hours + 1.5 * 60 * firm.channel_items[0] + 0.21 * 52 * 36 * 42
    assert (people.external == 1).sum() == 2
    assert firm.cost[0] == pytest.approx(expected)


def test_the_budget_follows_the_leads(state):
    """After a period with half of the leads, a reacting budget moves a quarter down."""
    state.structure.budget_reaction[:] = 1.0
    state.structure.budget_horizon_weeks[:] = 13
    firm = state.firm
    firm.leads_before[0] = 10.0
    firm.leads_handed[0] = 5
    review = bind(money.review_budget, state)
    for week in range(1, 14):
        firm.week[0] = week
        review()
        assert firm.budget[0] == pytest.approx(1.0 if week < 13 else 0.75)
    assert firm.leads_before[0] == pytest.approx(7.5)


def test_a_budget_without_reaction_stays(state):
    """Where the budget does not react, leads do not move it."""
    state.structure.budget_reaction[:] = 0.0
    review = bind(money.review_budget, state)
    for week in range(100):
        state.firm.week[0] = week
        state.firm.leads_handed[0] = week
        review()
    assert state.firm.budget[0] == pytest.approx(1.0)


def test_the_euros_of_a_change_are_booked():
    """What bringing a change about costs once, in euros, is in the week's cost."""
    costs = []
    for euros in (0, 50_000):
        what = scenario(
            HEADS,
            4,
            0,
            changes=[{"week": 2, "levers": {"mandate": "decides"}}],
            effort={"mandate": {"hours_per_person": 1, "euros": euros}},
        )
        costs.append(Organisation(what).run().cost.sum())
    assert costs[1] - costs[0] == pytest.approx(50_000)
