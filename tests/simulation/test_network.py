"""Templates give the contact hours that structure says, and no more."""

from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seated import Seated
from worlds import scenario

from simulation import chance
from simulation.contact import Contact, contact_by_version
from simulation.founding import parameter_record, structure_records
from simulation.informal_ties import InformalTies, informal_partners
from simulation.meetings import MOST_LINK_HOURS
from simulation.network import Ties
from simulation.scenario_values import Stage
from simulation.state import (
    BROKER,
    INFORMAL,
    LAYERS,
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
    return Seated(scenario(heads), team_size)


def hours_by_person(contact, layer):
    """Return the hours a week that each person spends in one layer."""
    total = defaultdict(float)
    for pair, layers in contact.items():
        for i in pair:
            total[i] += layers.get(layer, 0.0)
    return total


def template(places, **numbers):
    """Return the contact of a template with some structural numbers set."""
    return places.met({**USUAL, **numbers}, PARAMETER)


def formal(places, **numbers):
    """Return the formal contact between groups, all of it off but these numbers."""
    off = dict.fromkeys(USUAL, 0.0)
    alone = {"line_contact_hours": 0.0, "other_team_hours": 0.0}
    return places.met({**off, **numbers}, PARAMETER | alone)


def numbers_of(parameters):
    """Return the records of a structure with two informal ties, and of parameters."""
    stage = Stage(0, {**USUAL, "informal_ties": 2}, {}, {})
    return structure_records([stage]), parameter_record(parameters)


def informal_of(places, numbers):
    """Return the informal ties of people who meet as the usual template says."""
    contact = contact_by_version(places.places, *numbers)
    return InformalTies(places.places, *numbers, *contact[:2])


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
    sizes = [len(team) for team in places.mixed_teams]
    assert sum(sizes) == 9 and max(sizes) - min(sizes) <= 1


def shared(places, pairs):
    """Return how many journeys pairs share, on average."""
    return np.mean([len(places.journeys[a] & places.journeys[b]) for a, b in pairs])


@pytest.mark.parametrize("marketeers", [12, 24, 60, 150])
def test_mixed_teams_form_around_journeys(marketeers):
    """A law: pairs in a team share more journeys than pairs dealt at random."""
    heads = {"marketeers": marketeers, "communicators": marketeers // 3, "sales": 8}
    places = places_of(heads)
    rng = np.random.default_rng(1)
    for teams in (places.mixed_teams, places.project_teams):
        members = sorted(i for team in teams for i in team)
        pairs = [pair for team in teams for pair in combinations(team, 2)]
        dealt = []
        for _ in range(200):
            order = iter(rng.permutation(members).tolist())
            random = [[next(order) for _ in team] for team in teams]
            dealt.append(
                shared(places, (x for t in random for x in combinations(t, 2)))
            )
        assert shared(places, pairs) > max(dealt)


def test_project_teams_join_both_disciplines():
    """While there are communicators enough, every project team has both."""
    places = places_of({"marketeers": 20, "communicators": 7, "sales": 2})
    for team in places.project_teams:
        assert 0 < len(set(team) & set(places.communication)) < len(team)
    many = places_of({"marketeers": 2, "communicators": 20, "sales": 2})
    both = [set(t) & set(many.marketing) for t in many.project_teams]
    assert sum(map(bool, both)) == 2


def test_teams_are_formed_fast_and_the_same_each_time():
    """Thousands of people: each is in one team, teams are alike in size."""
    heads = {"marketeers": 3_000, "communicators": 500, "sales": 8}
    one, other = places_of(heads), places_of(heads)
    assert one.project_teams == other.project_teams
    assert sorted(i for t in one.project_teams for i in t) == sorted(one.makers)
    sizes = {len(team) for team in one.project_teams}
    assert max(sizes) - min(sizes) <= 1


def test_leaders_belong_to_the_group_they_lead():
    """Who leads people directly counts in the largest team of those; others alone."""
    places = places_of({"marketeers": 40, "sales": 6})
    leading = set(places.leader) - {-1}
    for i in leading:
        led = [j for j, leader in enumerate(places.leader) if leader == i]
        inside = [
            j
            for j in led
            if j not in leading
            and places.seats[j].department == places.seats[i].department
            and places.seats[j].role != "external"
        ]
        for own in (0, 1):
            alike = [j for j in inside if places.teams[j][own] == places.teams[i][own]]
            if inside:
                counts = Counter(places.teams[j][own] for j in inside)
                assert len(alike) == max(counts.values())
            else:
                assert sum(t[own] == places.teams[i][own] for t in places.teams) == 1


def test_leaders_join_mixed_teams_with_their_people():
    """The rank at which a leader changes teams is one of those led in that team."""
    places = places_of({"marketeers": 40, "sales": 6})
    leading = [i for i in places.mix_ranks if i in places.leader]
    assert len(leading) >= 4
    for i in leading:
        led = [j for j, leader in enumerate(places.leader) if leader == i]
        mates = [j for j in led if places.teams[j][1] == places.teams[i][1]]
        assert places.mix_ranks[i] == min(places.mix_ranks[j] for j in mates)


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
    one = int(places.firm[who])
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


def partners_of(names, departments, size=2, key=KEY, odds=(4.0, 1.0, 1.0), pairs=()):
    """Return the informal partners of each name, where `pairs` know one another."""
    n = len(names)
    seats = np.array([chance.seat_key(one) for one in names], np.int64)
    groups = np.column_stack([np.array(departments), np.arange(n) // 3])
    both = sorted([*pairs, *((b, a) for a, b in pairs)])
    friends = np.array([b for _, b in both] or [0], np.int64)
    first = np.searchsorted([a for a, _ in both], np.arange(n + 1))
    found = np.zeros((n, size), np.int64)
    room = np.zeros(n, np.int64), np.zeros(size), found
    informal_partners(key, seats, groups, np.array(odds), friends, first, *room)
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


def share_picked(names, departments, wanted, **settings):
    """Return the share of single picks, over 40 worlds, that are `wanted` of (i, j)."""
    hits = total = 0
    for replicate in range(40):
        key = chance.stream_key(1, replicate)
        found = partners_of(names, departments, 1, key, **settings)
        for name, (other,) in ((n, tuple(ps)) for n, ps in found.items()):
            hits += wanted(int(name[2:]), int(other[2:]))
            total += 1
    return hits / total, total


def test_informal_ties_are_likelier_nearby():
    """Within the department ties are taken with the odds of four to one."""
    names = [f"p-{k}" for k in range(41)]
    near, total = share_picked(
        names, [k % 2 for k in range(41)], lambda i, j: (i - j) % 2 == 0
    )
    # 21 even and 20 odd names: about 20 near at weight 4 against 20.5 far at weight 1.
    expected = (21 * 80 / (80 + 20) + 20 * 76 / (76 + 21)) / 41
    error = np.sqrt(expected * (1 - expected) / total)
    assert abs(near - expected) < 4 * error


def test_informal_ties_are_likelier_still_within_the_team():
    """Of a department of 42, two team-mates at weight 5 against 39 others at 1."""
    names = [f"p-{k}" for k in range(42)]
    mates, total = share_picked(
        names, [0] * 42, lambda i, j: i // 3 == j // 3, odds=(4.0, 5.0, 1.0)
    )
    expected = 10 / (10 + 39)
    error = np.sqrt(expected * (1 - expected) / total)
    assert abs(mates - expected) < 4 * error


def test_friends_of_friends_become_friends():
    """In a chain, the two at two steps are picked with the odds of closure."""
    names = [f"p-{k}" for k in range(40)]
    ring = [(k, (k + 1) % 40) for k in range(40)]
    close, total = share_picked(
        names,
        range(40),
        lambda i, j: (i - j) % 40 in (2, 38),
        odds=(1.0, 1.0, 6.0),
        pairs=ring,
    )
    expected = 12 / (12 + 37)
    error = np.sqrt(expected * (1 - expected) / total)
    assert abs(close - expected) < 4 * error


@pytest.mark.parametrize("closure", [1.0, 4.0])
def test_slots_draw_what_pairs_draw(monkeypatch, closure):
    """Drawn slot by slot, as many ties lie within departments and teams."""
    numbers = {**PARAMETER, "informal_closure": closure}
    places = places_of({"marketeers": 30, "communicators": 6, "sales": 20})
    informal = informal_of(places, numbers_of(numbers))
    shares = {}
    for most in (1_000, 1):
        monkeypatch.setattr("simulation.informal_ties.MOST_PAIRS", most)
        found = []
        for replicate in range(60):
            partners = informal.partners(chance.stream_key(1, replicate))
            assert (partners >= 0).all() and (partners[:, 0] != partners[:, 1]).all()
            own = np.arange(len(partners))[:, None]
            assert (partners != own).all()
            same = informal.groups[partners] == informal.groups[own]
            found.append(same.mean((0, 1)))
        shares[most] = np.array(found)
    a, b = shares.values()
    error = np.sqrt(a.var(0) / len(a) + b.var(0) / len(b))
    assert (np.abs(a.mean(0) - b.mean(0)) < 4 * error).all()


def test_informal_ties_have_their_hours():
    """Each chosen tie counts once for each who chose it."""
    places = places_of({"marketeers": 12, "sales": 8})
    people = len(places.seats)
    numbers = numbers_of(PARAMETER)
    nobody = Contact(
        np.zeros((0, 2), int), np.zeros((1, 0)), np.zeros((0, len(LAYERS)))
    )
    informal = InformalTies(places.places, *numbers, *nobody[:2])
    ties, hours, _ = Ties(nobody, *numbers, informal).found(
        KEY, records(PERSON, people)
    )
    assert (ties.layer == INFORMAL).all()
    assert hours.sum() == pytest.approx(2 * people * PARAMETER["informal_hours"])
    assert set(hours.ravel()) <= {k * PARAMETER["informal_hours"] for k in (1, 2)}


def test_versions_share_what_no_lever_changes():
    """Going over to links between departments adds them and leaves all else."""
    places = places_of({"marketeers": 8, "communicators": 4, "sales": 2})
    two = [USUAL, {**USUAL, "marketing_communication_hours": 1.0}]
    before, after = (places.met(one, PARAMETER) for one in two)
    for pair, layers in before.items():
        for layer, h in layers.items():
            extra = after[pair][layer] - h
            assert extra == 0 or (layer == MEETING and extra > 0)
    new = sum(sum(c.values()) for c in after.values())
    old = sum(sum(c.values()) for c in before.values())
    assert new - old == pytest.approx(8.0)
    hours = places.contact(two, PARAMETER).hours
    assert hours.sum(axis=1).tolist() == pytest.approx([old, new])
    assert (hours[1] >= hours[0]).all()
