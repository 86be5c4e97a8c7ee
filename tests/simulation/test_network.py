"""Templates give the contact hours that structure says, and no more."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import scenario

from simulation import chance
from simulation.network import (
    MOST_LINK_HOURS,
    InformalTies,
    Places,
    Ties,
    contact_by_version,
    contacts,
    formal_links,
    informal_partners,
)
from simulation.organisation import draw_chart
from simulation.state import (
    BROKER,
    INFORMAL,
    LINE,
    MEETING,
    PERSON,
    PROJECT,
    TEAM,
    records,
)
from simulation.tables import PARAMETERS, STRUCTURE

USUAL = {name: row.value for name, row in STRUCTURE.items()}
PARAMETER = {name: row.value for name, row in PARAMETERS.items()}
KEY = chance.stream_key(1, 0)


def places_of(heads, team_size=5):
    """Return the places of an organisation with these head counts."""
    return Places(draw_chart(scenario(heads)), team_size)


def hours_by_person(contact, layer):
    """Return the hours a week that each person spends in one layer."""
    total = defaultdict(float)
    for pair, layers in contact.items():
        for i in pair:
            total[i] += layers.get(layer, 0.0)
    return total


def template(places, **numbers):
    """Return the contact of a template with some structural numbers set."""
    return contacts(places, {**USUAL, **numbers}, PARAMETER)


def formal(places, **numbers):
    """Return the formal contact between groups, all of it off but these numbers."""
    off = dict.fromkeys(USUAL, 0.0)
    contact = defaultdict(lambda: defaultdict(float))
    formal_links(places, {**off, **numbers}, PARAMETER, contact)
    return contact


@pytest.mark.parametrize("mixed", [0.0, 1.0])
@pytest.mark.parametrize("hours", [1.0, 3.0])
def test_each_marketeer_spends_the_team_hours(mixed, hours):
    """In silos and in mixed teams, each spends exactly the team hours with the team."""
    places = places_of({"marketeers": 12, "sales": 2})
    spent = hours_by_person(template(places, mixed_teams=mixed, team_hours=hours), TEAM)
    assert [spent[i] for i in places.marketing] == pytest.approx([hours] * 12)


def test_silos_stay_within_a_channel_and_mixed_teams_do_not():
    """Silos group by channel; teams across channels hold several channels each."""
    places = places_of({"marketeers": 9, "sales": 2})
    domain = [seat.domain for seat in places.seats]
    inside = set(places.marketing)
    for mixed, across in ((0.0, False), (1.0, True)):
        contact = template(places, mixed_teams=mixed)
        pairs = [p for p in contact if TEAM in contact[p] and set(p) <= inside]
        assert pairs and any(domain[a] != domain[b] for a, b in pairs) is across
    sizes = [len(team) for team in places.mixed_teams(places.marketing)]
    assert sum(sizes) == 9 and max(sizes) - min(sizes) <= 1


def test_a_share_of_mixed_teams_mixes_that_share():
    """With half of the marketeers in mixed teams, half are grouped across channels."""
    places = places_of({"marketeers": 24, "sales": 2})
    contact = template(places, mixed_teams=0.5)
    domain = [seat.domain for seat in places.seats]
    inside = set(places.marketing)
    across = {
        i
        for pair in contact
        if TEAM in contact[pair]
        and set(pair) <= inside
        and domain[pair[0]] != domain[pair[1]]
        for i in pair
    }
    assert len(across) == pytest.approx(12, abs=2)


def test_lines_meet_for_the_line_hours():
    """Each person but the top meets the own leader for the hours of a line."""
    places = places_of({"marketeers": 12, "communicators": 4, "sales": 8})
    contact = template(places)
    lines = {pair for pair in contact if LINE in contact[pair]}
    leaders = {(min(i, j), max(i, j)) for i, j in enumerate(places.leader) if j >= 0}
    assert lines == leaders
    assert {contact[p][LINE] for p in lines} == {PARAMETER["line_contact_hours"]}


@settings(max_examples=40)
@given(st.integers(1, 20), st.integers(1, 20), st.floats(0.1, 8.0))
def test_links_give_each_of_the_larger_group_its_hours(many, few, hours):
    """Links give the larger group the hours, capped by what the smaller can carry."""
    heads = {"marketeers": many, "communicators": few, "sales": 3}
    places = places_of(heads)
    contact = formal(places, marketing_communication_hours=hours)
    spent = hours_by_person(contact, MEETING)
    groups = sorted((places.marketing, places.communication), key=len)
    small, large = groups if len(groups[0]) < len(groups[1]) else groups[::1]
    carried = min(hours, MOST_LINK_HOURS * len(small) / len(large))
    total = sum(spent[i] for i in places.marketing)
    assert total == pytest.approx(carried * len(large))
    assert sum(spent[i] for i in places.communication) == pytest.approx(total)
    for i in large if len(large) > len(small) else []:
        assert spent[i] == pytest.approx(carried)
    sides = {i: i in places.marketing for i in places.makers}
    assert all(sides[a] != sides[b] for a, b in contact)


def test_links_load_nobody_beyond_what_can_be_carried():
    """One communicator for forty marketeers meets them for no more than six hours."""
    places = places_of({"marketeers": 40, "communicators": 1, "sales": 2})
    spent = hours_by_person(formal(places, marketing_communication_hours=8.0), MEETING)
    assert spent[places.communication[0]] == pytest.approx(MOST_LINK_HOURS)


@pytest.mark.parametrize(
    ("number", "who"), [("spop_hours", "broker"), ("champion_hours", "champion")]
)
def test_a_broker_spends_exactly_the_given_hours(number, who):
    """A single point of performance, or a champion, has finite hours, spread evenly."""
    places = places_of({"marketeers": 12, "communicators": 4, "sales": 8})
    contact = formal(places, **{number: 12.0})
    one = getattr(places, who)
    assert all(one in pair for pair in contact)
    assert hours_by_person(contact, BROKER)[one] == pytest.approx(12.0)
    assert len({round(c[BROKER], 12) for c in contact.values()}) == 1


def test_a_matrix_ties_marketing_to_communication():
    """Project teams join both disciplines, for the hours of the second line each."""
    places = places_of({"marketeers": 8, "communicators": 4, "sales": 2})
    contact = formal(places, second_line=1.0, second_line_hours=2.0)
    spent = hours_by_person(contact, PROJECT)
    assert {i: round(h, 9) for i, h in spent.items()} == dict.fromkeys(
        places.makers, 2.0
    )
    both = [set(pair) & set(places.communication) for pair in contact]
    assert any(len(x) == 1 for x in both)
    half = formal(places, second_line=0.5, second_line_hours=2.0)
    assert len(hours_by_person(half, PROJECT)) == 6


def test_no_structure_no_formal_contact():
    """With every structural number at zero there is no formal contact at all."""
    assert not formal(places_of({"marketeers": 8, "communicators": 4, "sales": 2}))


def partners_of(names, departments, size=2, key=KEY):
    """Return the informal partners of each name."""
    seats = np.array([chance.seat_key(n) for n in names], np.int64)
    found = np.zeros((len(names), size), np.int64)
    informal_partners(key, seats, np.array(departments), 4.0, np.zeros(size), found)
    return {n: {names[j] for j in found[k]} for k, n in enumerate(names)}


def test_one_more_person_only_takes_informal_ties():
    """Others keep their informal partners, or give one up for the newcomer."""
    names = [f"p-{k}" for k in range(40)]
    before = partners_of(names, [k % 4 for k in range(40)])
    order = [*names[:20], "new", *names[20:]]
    after = partners_of(
        order, [k % 4 for k in range(20)] + [1] + [k % 4 for k in range(20, 40)]
    )
    changed = [n for n in names if after[n] != before[n]]
    for name in names:
        assert after[name] <= before[name] | {"new"}
        assert len(after[name]) == 2 and name not in after[name]
    assert len(changed) < 10


def test_informal_ties_are_likelier_nearby():
    """Within the department ties are taken with the odds of four to one."""
    near = total = 0
    for replicate in range(40):
        names = [f"p-{k}" for k in range(41)]
        found = partners_of(
            names, [k % 2 for k in range(41)], 1, chance.stream_key(1, replicate)
        )
        near += sum(
            int(n[2:]) % 2 == int(p[2:]) % 2
            for n, (p,) in ((n, tuple(ps)) for n, ps in found.items())
        )
        total += len(names)
    # 21 even and 20 odd names: about 20 near at weight 4 against 20.5 far at weight 1.
    expected = (21 * 80 / (80 + 20) + 20 * 76 / (76 + 21)) / 41
    error = np.sqrt(expected * (1 - expected) / total)
    assert abs(near / total - expected) < 4 * error


def test_informal_ties_have_their_hours():
    """Each chosen tie counts once for each who chose it."""
    places = places_of({"marketeers": 12, "sales": 8})
    people = len(places.seats)
    informal = InformalTies(places, [{"informal_ties": 2}], PARAMETER)
    ties, hours, _ = Ties(people, [{}], [], informal).found(
        KEY, records(PERSON, people)
    )
    assert (ties.layer == INFORMAL).all()
    assert hours.sum() == pytest.approx(2 * people * PARAMETER["informal_hours"])
    assert set(hours.ravel()) <= {k * PARAMETER["informal_hours"] for k in (1, 2)}


def test_versions_share_what_no_lever_changes():
    """Going over to links between departments adds them and leaves all else."""
    chart = draw_chart(scenario({"marketeers": 8, "communicators": 4, "sales": 2}))
    places = Places(chart, 5)
    two = [USUAL, {**USUAL, "marketing_communication_hours": 1.0}]
    before, after = contact_by_version(chart, places, two, PARAMETER)
    for pair, layers in before.items():
        for layer, h in layers.items():
            extra = after[pair][layer] - h
            assert extra == 0 or (layer == MEETING and extra > 0)
    new = sum(sum(c.values()) for c in after.values())
    old = sum(sum(c.values()) for c in before.values())
    assert new - old == pytest.approx(8.0)
