"""The strategy learns by March's rule, and reaches people with a loss per hop."""

import numpy as np
import pytest
from worlds import chance_of, scenario

from simulation import chance
from simulation.model import Organisation
from simulation.rules import strategy
from simulation.rules.bits import add_vote
from simulation.state import (
    BALLOT_PLANES,
    BELIEF_PLANES,
    KNOWN,
    NEXT_KNOWN,
    NEXT_VALUE,
    PARAMETER,
    STRATEGY_PLANES,
    VALUE,
    WORKING,
    records,
)

KEY = chance.stream_key(1, 0)
ALL = np.uint64(2**64 - 1)
PLAINLY = records(PARAMETER, 1)
"""A belief is right, wrong or none, and is taken over at once."""
PLAINLY.evidence_limit = PLAINLY.heard_limit = 1
PLAINLY.evidence_heard = 2


@pytest.mark.parametrize("p2", [0.0, 0.06, 0.5, 1.0])
@pytest.mark.parametrize("lead", [1, 3, 40])
def test_the_chance_of_the_code(p2, lead):
    """The code takes over with 1 - (1 - p2)^k for a majority by k (March 1991)."""
    assert strategy.code_chance(lead, p2) == pytest.approx(
        1 - (1 - p2) ** lead, abs=1e-12
    )


@pytest.mark.parametrize(("ones", "zeros"), [(1, 0), (5, 2), (3, 20)])
def test_the_code_follows_majorities_by_their_lead(ones, zeros):
    """Lanes of the code take over at the rate that the lead gives, the right way."""
    counters = np.zeros((2, BALLOT_PLANES), np.uint64)
    for side, votes in zip(counters, (zeros, ones), strict=True):
        for _ in range(votes):
            add_vote(side, ALL)
    taken = right = 0
    weeks = 150
    for week in range(weeks):
        code = np.zeros((STRATEGY_PLANES, 1), np.uint64)
        strategy.adopt_code(code, counters, 0, 0.06, 1.0, KEY, week)
        taken += int(code[KNOWN, 0]).bit_count()
        right += int(code[VALUE, 0]).bit_count()
    n, p = 64 * weeks, 1 - 0.94 ** abs(ones - zeros)
    assert abs(taken - n * p) < 4 * np.sqrt(n * p * (1 - p))
    assert right == (taken if ones > zeros else 0)


def test_a_draw_leaves_the_code_alone():
    """Where as many say one thing as the other, the code stays."""
    counters = np.zeros((2, BALLOT_PLANES), np.uint64)
    for side in counters:
        add_vote(side, ALL)
    code = np.zeros((STRATEGY_PLANES, 1), np.uint64)
    code[KNOWN, 0] = np.uint64(9)
    strategy.adopt_code(code, counters, 0, 1.0, 1.0, KEY, 0)
    assert code[KNOWN, 0] == 9 and code[VALUE, 0] == 0


def test_socialisation_at_its_rate():
    """People take over each belief of the code with p1 a week (March 1991)."""
    p1, weeks, taken = 0.1, 200, 0
    code = np.zeros((STRATEGY_PLANES, 1), np.uint64)
    code[KNOWN, 0], code[VALUE, 0] = ALL, np.uint64(0xFFFF)
    for week in range(weeks):
        beliefs = np.zeros((1, BELIEF_PLANES, 1), np.uint64)
        strategy.socialise(beliefs, code, 0, 0, p1, KEY, week, 7, PLAINLY)
        known = int(beliefs[0, NEXT_KNOWN, 0])
        assert int(beliefs[0, NEXT_VALUE, 0]) == known & 0xFFFF
        taken += known.bit_count()
    n = 64 * weeks
    assert abs(taken - n * p1) < 4 * np.sqrt(n * p1 * (1 - p1))


def leaders_above(person):
    """Return how many leaders there are between a person and the outside world."""
    return 0 if person.leader_agent is None else 1 + leaders_above(person.leader_agent)


@pytest.fixture(scope="module")
def model():
    """An organisation of three levels in which makers are told the strategy."""
    told = {"strategy_to_makers": 1.0, "strategy_to_departments": 0.5}
    heads = {"marketeers": 12, "communicators": 2, "sales": 5}
    return Organisation(scenario(heads, structure=told))


def telling(model, i, **firm):
    """Return the chance that the strategy reaches person i."""
    s = model.state
    return chance_of(
        lambda u: strategy.is_told(
            s.people, s.hours, s.neighbours, i, u, s.firm, s.structure, s.parameters
        )
    )


def test_fidelity_is_lost_per_hop(model):
    """Makers hear a regularly told strategy with .8 to the power of their hops."""
    people = model.state.people
    hops = set()
    for p in model.agents:
        if p.maker == 1 and p.role != 0:
            assert telling(model, p.index) == pytest.approx(0.8 ** leaders_above(p))
            hops.add(leaders_above(p))
        elif p.role != 0:
            assert telling(model, p.index) == pytest.approx(
                0.5 * 0.8 ** leaders_above(p)
            )
    assert hops == {1, 3}
    assert telling(model, int(model.state.firm.top[0])) == 1.0
    assert (people.status == WORKING).all()


def test_fidelity_follows_a_merged_line():
    """Where communication comes under marketing, its people are a hop further away."""
    heads = {"marketeers": 12, "communicators": 20}
    told = {"strategy_to_makers": 1.0}
    what = scenario(heads, structure=told, levers={"communication": "integrated"})
    merged = Organisation(what)
    far = set()
    for p in merged.agents:
        if p.maker == 1 and p.role != 0:
            assert telling(merged, p.index) == pytest.approx(0.8 ** leaders_above(p))
            far.add(leaders_above(p))
    assert far == {3, 4}


def test_a_broker_shortens_the_way():
    """Makers who meet a single point of performance hear more; others hear the same."""
    heads = {"marketeers": 12, "communicators": 2, "sales": 5}
    told = {"strategy_to_makers": 0.2}
    plain = Organisation(scenario(heads, structure=told))
    spop = Organisation(scenario(heads, structure={**told, "spop_hours": 16}))
    broker = int(spop.state.firm.broker[0])
    graph = spop.graph
    reached = 0
    for p in plain.agents:
        less, more = telling(plain, p.index), telling(spop, p.index)
        if p.maker == 1 and p.role != 0 and p.index != broker:
            h = graph.edges[p.name, spop.person(broker).name]["hours"]
            expected = 1 - (1 - less) * (1 - 0.8 * (1 - np.exp(-h)))
            assert more == pytest.approx(expected) and more > less + 0.3
            reached += 1
        elif p.maker == 0 and p.role != 0:
            assert more == pytest.approx(less)
    assert reached == 13
    spop.state.people.status[broker] = WORKING + 1
    for p in plain.agents:
        assert telling(spop, p.index) == pytest.approx(telling(plain, p.index))


def test_kinship_is_nearness_in_values(model):
    """Kinship is one minus the distance to the strategy's values."""
    people, firm = model.state.people, model.state.firm
    for i in range(len(people)):
        expected = 1 - abs(people.values[i] - firm.values[0])
        assert strategy.kinship(people, i, firm) == pytest.approx(expected)
