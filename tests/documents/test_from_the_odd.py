"""The ODD suffices: submodels written from its text give the numbers of the rules."""

import sys
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from worlds import scenario

sys.path.insert(0, str(Path(__file__).parent))

import chart_from_the_odd as charts
import from_the_odd as odd

from simulation import chance, purposes
from simulation.binding import bind, bind_week
from simulation.founding import Founder
from simulation.model import Organisation
from simulation.rules import news
from simulation.scenario import read
from simulation.state import (
    EXECUTED,
    HISTORY,
    KNOWN,
    NEXT_KNOWN,
    NEXT_SURE,
    NEXT_VALUE,
    ON_LEAVE,
    PARAMETER,
    SEEN,
    STRUCTURE_RECORD,
    SURE,
    SURE_DIGITS,
    THEME,
    VACANT,
    VALUE,
    VISIBLE,
    WORKING,
)

HEADS = {"marketeers": 8, "communicators": 4, "sales": 3, "product": 2, "hr": 1}
MATRIX = {
    "structure": {
        "second_line": 0.7,
        "talks_about_learning": 0.5,
        "own_channel_results": 1,
        "funnel_results": 0.9,
        "lead_feedback": 0.8,
        "mixed_teams": 0.5,
    }
}
TIED = {
    "mixed_teams": 0.6,
    "marketing_communication_hours": 1.5,
    "marketing_sales_hours": 5,
    "insight_hours": 3,
    "second_line": 0.7,
    "spop_hours": 16,
    "champion_hours": 12,
    "informal_ties": 3,
}
"""So that every source of ties is there."""
KINDS = ("own_channel", "funnel", "test", "heard")
ONE_STEP = {f"evidence_{kind}": 1 for kind in KINDS}
LAST_READING = {"evidence_limit": 1, "interdependence": 0, "before_after_weeks": 0}
"""A belief is right, wrong or none, of items that stand by themselves."""
OPEN = {"evidence_limit": 6, "heard_limit": 2, "interdependence": 0.7}
"""Hearsay counts for more, and more items depend on one another."""
LIVELY = {"talk_step": 0.9, "others_results": 0.6}
"""So that a single week in a small organisation shows every branch."""


def planes(words) -> np.ndarray:
    """Return one boolean per lane of an array of words."""
    shifts = np.arange(64, dtype=np.uint64)
    each = (words[..., None] >> shifts) & np.uint64(1)
    return each.reshape(*words.shape[:-1], -1).astype(bool)


STATES = 40


def spread(state, draws):
    """Spread all that the submodels read over its range, in place."""
    people = state.people
    n = len(people)
    for name in (
        *("clarity", "torn", "load", "own_share", "chosen_share", "overruled"),
        *("safety", "territory", "progress", "scar"),
    ):
        people[name] = draws.uniform(size=n)
    for name in (
        *("fatigue", "exhaustion", "episode", "life"),
        *("felt_demands", "felt_control"),
    ):
        people[name] = draws.normal(size=n)
    for name in ("talked", "listened", "waiting", "hours_rework", "hours_duplicate"):
        people[name] = draws.exponential(size=n) * draws.integers(0, 2, n)
    people.hours_total = draws.choice([0, 30, 40], n)
    people.picture = draws.integers(0, 2**16, n) & draws.integers(0, 2**16, n)
    people.stated = draws.integers(0, 2**16, n) & draws.integers(0, 2**16, n)
    people.status = draws.choice([WORKING, WORKING, WORKING, ON_LEAVE, VACANT], n)
    state.enacted[:] = draws.exponential(size=state.enacted.shape)
    state.enacted[draws.integers(0, n, 3)] = 0.001
    state.skill[:] = draws.uniform(size=state.skill.shape)
    state.ties.contact = draws.exponential(0.7, len(state.ties))
    state.ties.contact *= draws.integers(0, 2, len(state.ties))
    state.ties.bond = 1 - np.exp(-state.ties.contact)
    complexity = state.parameters.tie_complexity[0]
    state.ties.chance = state.ties.bond ** (1 + complexity)
    state.ties.trust = draws.uniform(size=len(state.ties))
    beliefs = state.beliefs
    kept = draws.integers(0, 2**64, beliefs[:, KNOWN].shape, np.uint64)
    turned = draws.integers(0, 2**64, kept.shape, np.uint64)
    beliefs[:, KNOWN] &= kept
    beliefs[:, VALUE] = (beliefs[:, VALUE] ^ turned) & beliefs[:, KNOWN]
    limit = int(state.parameters.evidence_limit[0])
    sizes = draws.integers(0, limit, (*beliefs[:, KNOWN].shape, 64))
    for digit in range(SURE_DIGITS):
        lanes = (sizes >> digit & 1).astype(np.uint64) << np.arange(64, dtype=np.uint64)
        beliefs[:, SURE + digit] = lanes.sum(-1, dtype=np.uint64) & beliefs[:, KNOWN]
        beliefs[:, NEXT_SURE + digit] = beliefs[:, SURE + digit]
    beliefs[:, NEXT_KNOWN] = beliefs[:, KNOWN]
    beliefs[:, NEXT_VALUE] = beliefs[:, VALUE]
    beliefs[:, SEEN] = draws.integers(0, 2**64, kept.shape, np.uint64)
    relate = bind(news.relate_items, state)
    for i in range(n):
        relate(i)
    state.choices.feedback = draws.integers(0, 40, len(state.choices))
    state.choices.launched = state.firm.week[0] - draws.integers(
        0, 40, len(state.choices)
    )
    exists = state.choices.exists == 1
    state.choices.feedback[~exists] = 0
    if state.parameters.before_after_weeks[0] > 0:
        state.choices.verdict = draws.choice([0, 0, 1, 2], len(state.choices))


def lived(number):
    """Return a state that an organisation lived to, spread over its range."""
    conformity = {"heeds_evidence": 0, "resources_buffer": 0.3}
    numbers = ({}, LAST_READING | ONE_STEP, conformity, OPEN)[number % 4]
    model = Organisation(
        scenario(HEADS, parameters=LIVELY | numbers, **MATRIX), number + 3
    )
    model.run(until=6)
    spread(model.state, np.random.default_rng(number))
    return model.state


@pytest.fixture(params=range(STATES))
def state(request):
    """Return one of the states that all is compared in."""
    return lived(request.param)


def world(state):
    """Return a state as the mapping that the text speaks of."""
    return {
        "people": state.people.copy().view(np.ndarray),
        "choices": state.choices.copy().view(np.ndarray),
        "ties": state.ties.copy().view(np.ndarray),
        "skill": state.skill.copy(),
        "mates": state.mates.copy(),
        "enacted": state.enacted.copy(),
        "known": planes(state.beliefs[:, KNOWN]),
        "value": planes(state.beliefs[:, VALUE]),
        "evidence": evidence(state.beliefs, KNOWN, VALUE, SURE),
        "seen": planes(state.beliefs[:, SEEN]),
        "visible": planes(state.market[VISIBLE]),
        "executed": planes(state.market[EXECUTED]),
        "past_wanted": planes(state.market[HISTORY:THEME:2]),
        "past_executed": planes(state.market[HISTORY + 1 : THEME : 2]),
        "key": int(state.firm.key[0]),
        "week": int(state.firm.week[0]),
        "stated_size": int(state.firm.stated_size[0]),
    }


def evidence(beliefs, known, value, sure):
    """Return the evidence that each person holds on each lane, as whole numbers."""
    size = 1 + sum(
        planes(beliefs[:, sure + d]).astype(int) << d for d in range(SURE_DIGITS)
    )
    sign = np.where(planes(beliefs[:, value]), 1, -1)
    return planes(beliefs[:, known]) * size * sign


def numbers(state):
    """Return parameters by name, and structural numbers by version."""
    parameters = dict(zip(PARAMETER.names, state.parameters[0].tolist(), strict=True))
    names = STRUCTURE_RECORD.names
    structure = [dict(zip(names, s.tolist(), strict=True)) for s in state.structure]
    return parameters, structure


def everybody(state, *rules):
    """Let everybody live by some rules, one rule after another."""
    bound = bind_week(state)
    for name in rules:
        for i in range(len(state.people)):
            getattr(bound, name)(i)


def test_draws_follow_from_the_text():
    """Keys, uniform and normal numbers and words of lanes are those of the model."""
    for seed, replicate in ((1, 0), (2**40 + 7, 12345)):
        key = odd.key_of(seed, replicate)
        assert key == int(chance.stream_key(seed, replicate))
        for week, who, what in ((-52, 0, 0), (3, 2**32 - 1, 77), (156, 12, 2**31)):
            address = (purposes.LEAD_CHOICE, week, who, what)
            assert odd.pair(key, *address) == chance.uniform_pair(
                np.uint64(key), *address
            )
            assert odd.uniform(key, *address, 3) == chance.uniform_slot(
                np.uint64(key), *address, 3
            )
            z = chance.normal(np.uint64(key), *address)
            assert odd.normal(key, *address) == pytest.approx(z, rel=1e-12)
            for p in (0.0, 0.1, 0.5, 0.8123, 1.0):
                lanes = chance.bernoulli_word(
                    np.uint64(key), *address, p, np.uint64(2**64 - 1)
                )
                found = odd.word(key, *address, p)
                assert (found == planes(np.array(lanes, np.uint64))).all()


def test_strain_from_the_text(state):
    """Clarity, demands, control, support, F, X and scores agree with the rules."""
    expected = odd.strain(world(state), *numbers(state))
    bind_week(state).weigh_practice()
    everybody(state, "strain", "settle")
    for name, values in expected.items():
        np.testing.assert_allclose(state.people[name], values, rtol=1e-9, err_msg=name)


def test_results_from_the_text(state):
    """Beliefs, progress, attention and readings agree with the rules."""
    learned = odd.Learning(world(state), *numbers(state)).results()
    everybody(state, "read_results")
    _compare(learned, state)
    pairs = {
        "attention": state.choices.attention,
        "reading": state.choices.reading,
        "feedback": state.choices.feedback,
        "progress": state.people.progress,
    }
    for name, values in pairs.items():
        found = getattr(learned, name)
        np.testing.assert_allclose(values, found, rtol=1e-9, err_msg=name)


def test_talk_from_the_text(state):
    """What colleagues pass on, and whose picture is taken over, agree."""
    learned = odd.Learning(world(state), *numbers(state)).talks()
    bind_week(state).choose_exchanges()
    everybody(state, "talk")
    _compare(learned, state)
    assert (state.people.next_picture == learned.picture).all()


def _compare(learned, state):
    """Compare the beliefs formed in a phase."""
    after = evidence(state.beliefs, NEXT_KNOWN, NEXT_VALUE, NEXT_SURE)
    assert (after == learned.next_evidence).all()


def test_much_is_compared():
    """In the states together results and talk change hundreds of beliefs."""
    changed = {"read_results": 0, "talk": 0}
    for number in range(STATES):
        for rule in changed:
            state = lived(number)
            bind_week(state).choose_exchanges()
            everybody(state, rule)
            held, after = state.beliefs[:, :2], state.beliefs[:, 2:4]
            changed[rule] += int(planes(held ^ after).any(1).sum())
    assert changed["read_results"] > 500 and changed["talk"] > 200, changed


# --- 7.0 the chart -------------------------------------------------------------------


CHARTS = {
    **{x: read(x) for x in ("baseline", "large_base", "growth", "start_up")},
    "small_base": read("small_base"),
    "deep": scenario(HEADS | {"externals": 6}, organisation={"span_of_control": 3}),
    "no marketing": scenario({"communicators": 5, "sales": 3, "hr": 4}),
    "one maker": scenario({"marketeers": 1, "sales": 3}),
}


@pytest.mark.parametrize("name", CHARTS)
def test_chart_from_the_text(name):
    """Seats, lines, teams, ranks, reports and choices are those of the model."""
    organised = CHARTS[name]
    chart = charts.Chart(asdict(organised.organisation), organised.parameters)
    founder = Founder(organised)
    assert [seat["name"] for seat in chart.people] == [
        seat.name for seat in founder.chart.seats
    ]
    state = founder.found(1, 0)
    people, choices, firm = state.people, state.choices, state.firm[0]
    for field, values in chart.rows().items():
        assert people[field].tolist() == values, field
    for i, one in enumerate(people):
        reports = state.reports[one.first_report : one.last_report]
        assert reports.tolist() == chart.reports(i)
        own = [lane for lane, *_, executor in chart.choices if executor == i]
        assert state.own[one.first_choice : one.last_choice].tolist() == own
    there = np.flatnonzero(choices.exists == 1)
    rows = zip(
        there.tolist(),
        choices.domain[there].tolist(),
        choices.bundle[there].tolist(),
        choices.executor[there].tolist(),
        strict=True,
    )
    assert list(rows) == chart.choices
    assert choices.theme[there].tolist() == [x[2] % 16 for x in chart.choices]
    for lane, _, journey, _ in chart.choices:
        one = choices[lane]
        mates = state.mates[one.first_mate : one.last_mate].tolist()
        assert mates == [x[0] for x in chart.choices if x[2] == journey]
    for field in ("top", "champion", "broker", "themes", "stated_size"):
        assert firm[field] == getattr(chart, field), field


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("other", [{}, TIED])
def test_ties_from_the_text(name, other):
    """Pairs, layers and hours of all ties of a world are those of the model."""
    organised = CHARTS[name]
    stage = organised.stages[0]
    stage = replace(stage, structure={**stage.structure, **other})
    organised = replace(organised, stages=(stage,))
    chart = charts.Chart(asdict(organised.organisation), organised.parameters)
    state = Founder(organised).found(7, 3)
    a, b, hours, layers = zip(
        *chart.ties(stage.structure, partial(odd.uniform, odd.key_of(7, 3))),
        strict=True,
    )
    assert state.ties.a.tolist() == list(a)
    assert state.ties.b.tolist() == list(b)
    np.testing.assert_allclose(state.hours[0], hours, rtol=1e-12)
    assert state.ties.layer.tolist() == list(layers)
