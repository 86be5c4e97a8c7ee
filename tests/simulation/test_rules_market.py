"""The market drifts by chance, and reacts to spend, brand and what is executed."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import lanes_of, plain, scenario

from simulation.binding import bind
from simulation.model import Organisation
from simulation.rules import journeys, market
from simulation.state import EXECUTED, EXISTS, VISIBLE, WANTED, WISHED

LARGE = {"marketeers": 40, "communicators": 20, "sales": 20}


@cache
def shared():
    """Return the state of an organisation that no test lives on."""
    return organisation().state


def organisation(**tables):
    """Return a large organisation before its first week."""
    return Organisation(scenario(LARGE, **tables), 3)


@pytest.mark.parametrize(
    ("drift", "turbulence"), [(0.006, 1.0), (0.02, 0.4), (0.0, 5.0)]
)
def test_wishes_flip_with_the_probability_of_drift(drift, turbulence):
    """Flips over items and weeks lie in the interval of a binomial count."""
    numbers = {"market_drift": drift, "market_turbulence": turbulence}
    state = organisation(structure=numbers).state
    move, flips, weeks = bind(market.move_market, state), 0, 100
    for week in range(weeks):
        before = state.market[WISHED].copy()
        state.firm.week[0] = week
        move()
        flips += int(np.bitwise_count(before ^ state.market[WISHED]).sum())
    n, p = weeks * int(state.firm.items[0]), drift * turbulence
    assert abs(flips - n * p) <= 4 * np.sqrt(n * p * (1 - p))


def test_the_visible_agrees_with_the_wanted_in_part():
    """At the founding and after many flips the visible agrees on .72 of the items."""
    state = organisation(structure={"market_drift": 0.5}).state
    exists = lanes_of(state.market[EXISTS])
    move = bind(market.move_market, state)
    n = exists.sum()
    for week in (None, 0, 1, 2, 3, 4, 5, 6):
        if week is not None:
            state.firm.week[0] = week
            move()
        same = lanes_of(~(state.market[WISHED] ^ state.market[VISIBLE]))[exists].mean()
        assert abs(same - 0.72) < 4 * np.sqrt(0.72 * 0.28 / n)


def test_a_shock_flips_a_quarter():
    """The standard shock flips a quarter of the wishes, and marks who were right."""
    model = organisation()
    state = model.state
    before = state.market[WISHED].copy()
    model.shock()
    bind(market.shock_market, state)()
    flips = int(np.bitwise_count(before ^ state.market[WISHED]).sum())
    n = int(state.firm.items[0])
    assert abs(flips - n / 4) < 4 * np.sqrt(n * 0.25 * 0.75)
    flipped = lanes_of(before ^ state.market[WISHED])
    assert flipped[state.choices.shocked == 1].all()
    assert 0 < state.choices.shocked.sum() < flips


@given(st.floats(0.05, 5), st.floats(0.2, 5), st.floats(1.1, 4))
def test_elasticities_of_spend_and_brand(budget, brand, factor):
    """Reach rises with spend and brand by their elasticity of .12 each."""
    state = shared()
    f, now = state.firm, state.structure[0]
    p = state.parameters[0]

    def reach(b, w):
        f.budget[0], f.brand[0] = b, w
        return plain(market.reach)(f, state.parameters, now, 1.3)

    base = reach(budget, brand)
    floor = p.spend_floor
    spend = (floor + (1 - floor) * budget * factor) / (floor + (1 - floor) * budget)
    assert reach(budget * factor, brand) / base == pytest.approx(
        spend**p.spend_elasticity
    )
    assert reach(budget, brand * factor) / base == pytest.approx(
        factor**p.brand_elasticity
    )


def test_more_budget_brings_the_same_prospects_and_more():
    """In one world a larger budget never brings fewer prospects in any week."""
    series = [
        Organisation(
            scenario(
                {"marketeers": 12, "sales": 4},
                20,
                0,
                structure={"budget_level": b, "budget_reaction": 0, "competition": 0.5},
                parameters={
                    "spend_floor": 0.1,
                    "spend_elasticity": 0.12,
                    "prospects_per_item": 1.3,
                    "competition_loss": 0.4,
                },
            ),
            5,
        ).run()
        for b in (0.0, 1.0, 3.0)
    ]
    for less, more in pairwise(series):
        assert (more.prospects >= less.prospects).all()
        assert more.prospects.sum() > less.prospects.sum()
    expected = [1.3 * 36 * (0.1 + 0.9 * b) ** 0.12 * (1 - 0.4 * 0.5) for b in (0, 1, 3)]
    for row, mean in zip(series, expected, strict=True):
        # brand moves by a percent or two in 20 weeks
        error = np.sqrt(mean / len(row))
        assert abs(row.prospects.mean() - mean) < 4 * error + 0.02 * mean


def test_the_rest_of_a_journey():
    """The fit of a journey is the share of its other items that are right, by hand."""
    state = organisation().state
    right = lanes_of(~(state.market[WANTED] ^ state.market[EXECUTED]))
    for c in np.flatnonzero(state.choices.exists == 1):
        others = [
            d
            for d in np.flatnonzero(
                (state.choices.exists == 1)
                & (state.choices.bundle == state.choices.bundle[c])
            )
            if d != c
        ]
        expected = right[others].mean() if others else 1.0
        fit = journeys.journey_fit(
            state.market, state.choices, state.mates, int(c), WANTED, EXECUTED
        )
        assert fit == pytest.approx(expected)


def test_fit_of_leads_by_hand():
    """A bundle pays only when all its choices fit: chances of fit in three cases."""
    state = organisation().state
    state.firm.consistency[0] = 0.5
    state.people.craft[:] = 0.5
    c = int(state.channel_items[0])
    wanted, executed = state.market[WANTED], state.market[EXECUTED]

    def chance():
        return market.fit_chance(
            state.market,
            state.people,
            state.choices,
            state.mates,
            c,
            state.firm,
            state.parameters,
        )

    executed[:] = wanted
    floor = 0.13 + 0.12 * 0.5 + 0.14 * 0.5
    assert chance() == pytest.approx(floor + 0.2 + 0.45)
    mate = next(
        m
        for m in state.mates[state.choices.first_mate[c] : state.choices.last_mate[c]]
        if m != c
    )
    executed[mate >> 6] ^= np.uint64(1) << np.uint64(mate & 63)
    assert chance() == pytest.approx(floor + 0.2)
    executed[c >> 6] ^= np.uint64(1) << np.uint64(c & 63)
    assert chance() == pytest.approx(floor)
