"""Items depend on one another, and people act by what they heard of their mates."""

import numpy as np
import pytest
from worlds import scenario

from simulation.binding import bind
from simulation.model import Organisation
from simulation.rules import journeys, news
from simulation.rules.bits import mark, shows
from simulation.state import (
    EXECUTED,
    KNOWN,
    OWN,
    PLANNED,
    SEEN,
    THEME,
    VALUE,
    WANTED,
    WISHED,
    WORKING,
)

HEADS = {"marketeers": 8, "communicators": 3, "sales": 3, "product": 2}


@pytest.fixture
def state():
    """A state of an organisation in which most items depend on another."""
    numbers = {"interdependence": 1.0}
    return Organisation(scenario(HEADS, parameters=numbers), seed=4).state


def mates_of(state, c):
    """Return the items that `c` depends on."""
    choices = state.choices
    journey = state.mates[choices.first_mate[c] : choices.last_mate[c]]
    return [int(m) for k, m in enumerate(journey) if choices.depends[c] >> k & 1]


def dependents(state):
    """Return the items that depend on others."""
    return [int(c) for c in np.flatnonzero(state.choices.depends)]


def test_items_depend_on_earlier_ones_of_their_journey(state):
    """At a share of one, on all that come before: no circle can arise."""
    choices = state.choices
    for c in np.flatnonzero(choices.exists == 1):
        journey = state.mates[choices.first_mate[c] : choices.last_mate[c]].tolist()
        assert mates_of(state, c) == journey[: journey.index(c)]


def test_a_share_of_pairs_depends():
    """Items depend on as many of those before them as the share says."""
    numbers = {"interdependence": 0.4}
    heads = {"marketeers": 120, "communicators": 20, "sales": 20}
    state = Organisation(scenario(heads, parameters=numbers), seed=4).state
    pairs = sum(
        list(state.mates[state.choices.first_mate[c] :]).index(c)
        for c in np.flatnonzero(state.choices.exists == 1)
    )
    depends = int(np.bitwise_count(state.choices.depends).sum())
    assert abs(depends - 0.4 * pairs) < 4 * np.sqrt(pairs * 0.24)


def test_without_interdependence_nothing_depends():
    """At a share of zero no item depends on another, and wishes are what is wanted."""
    state = Organisation(scenario(HEADS, parameters={"interdependence": 0})).state
    assert (state.choices.depends == 0).all()
    assert (state.market[WANTED] == state.market[WISHED]).all()


def test_what_is_wanted_turns_with_what_mates_show(state):
    """A wish is turned by each mate on which the item hangs that is executed."""
    want = bind(journeys.turn_wishes, state)
    draws = np.random.default_rng(3)
    for _ in range(20):
        state.market[EXECUTED] = draws.integers(
            0, 2**64, state.market[EXECUTED].shape, np.uint64
        )
        want()
        for c in np.flatnonzero(state.choices.exists == 1):
            shown = sum(shows(state.market, EXECUTED, m) for m in mates_of(state, c))
            wanted = shows(state.market, WISHED, c) != (shown % 2 == 1)
            assert shows(state.market, WANTED, c) == wanted


def test_who_knows_the_wish_and_the_mates_does_what_fits(state):
    """A right belief and a right picture make what one would do fit."""
    i = 0
    relate = bind(news.relate_items, state)
    bind(journeys.turn_wishes, state)()
    state.beliefs[i, KNOWN] = state.beliefs[i, VALUE] = state.market[WISHED]
    state.beliefs[i, SEEN] = state.market[EXECUTED]
    relate(i)
    for c in dependents(state):
        assert news.would_do(state.beliefs, i, c) == shows(state.market, WANTED, c)
        other = mates_of(state, c)[0]
        mark(state.beliefs[i], SEEN, other, not shows(state.market, EXECUTED, other))
        relate(i)
        assert news.would_do(state.beliefs, i, c) != shows(state.market, WANTED, c)
        mark(state.beliefs[i], SEEN, other, shows(state.market, EXECUTED, other))
        relate(i)


def hear(state):
    """Let everybody hear what is new, and go by it."""
    listen, remember = bind(news.hear_news, state), bind(news.remember_news, state)
    for i in range(len(state.people)):
        listen(i)
    for i in range(len(state.people)):
        remember(i)


def change_all(state):
    """Plan the opposite of all that anybody has seen."""
    state.market[PLANNED] = ~state.beliefs[0, SEEN]
    state.beliefs[:, SEEN] = state.beliefs[0, SEEN]


def test_news_travels_over_ties_only(state):
    """Where nobody meets, one knows of one's own items and of nothing else."""
    change_all(state)
    before = state.beliefs[:, SEEN].copy()
    state.ties.contact = state.ties.bond = 0.0
    hear(state)
    assert ((state.beliefs[:, SEEN] ^ before) == state.beliefs[:, OWN]).all()


def test_people_tell_of_their_own_items(state):
    """Where all is told, all who meet over full ties know of one another's items."""
    change_all(state)
    state.parameters.news_aside = 1.0
    before = state.beliefs[:, SEEN].copy()
    state.people.status = WORKING
    state.people.territory = 0.0
    state.ties.contact = state.ties.bond = 1.0
    hear(state)
    for i, person in enumerate(state.people):
        own = state.beliefs[i, OWN].copy()
        for k in range(person.first_tie, person.last_tie):
            own |= state.beliefs[state.neighbours.person[k], OWN]
        assert ((state.beliefs[i, SEEN] ^ before[i]) == own).all()


def test_people_tell_of_what_both_hold_to_be_a_priority(state):
    """Where nothing else is told, news of journeys that only one attends to stays."""
    change_all(state)
    before = state.beliefs[:, SEEN].copy()
    state.parameters.news_aside = 0.0
    state.people.status = WORKING
    state.people.territory = 0.0
    state.ties.contact = state.ties.bond = 1.0
    state.people.picture = 1 << (np.arange(len(state.people)) % 3)
    focus = bind(news.form_focus, state)
    for i in range(len(state.people)):
        focus(i)
    hear(state)
    for i, person in enumerate(state.people):
        heard = np.zeros_like(state.beliefs[i, OWN])
        for k in range(person.first_tie, person.last_tie):
            j = state.neighbours.person[k]
            if state.people.picture[j] == person.picture:
                theme = int(person.picture).bit_length() - 1
                heard |= state.beliefs[j, OWN] & state.market[THEME + theme]
        heard |= state.beliefs[i, OWN]
        assert ((state.beliefs[i, SEEN] ^ before[i]) == heard).all()


def test_who_links_others_passes_news_on(state):
    """What was new to a leader one week is heard by those who meet the leader next."""
    change_all(state)
    state.parameters.news_aside = 1.0
    state.people.status = WORKING
    state.people.territory = 0.0
    state.ties.contact = state.ties.bond = 1.0
    hear(state)
    once = state.beliefs[:, SEEN] ^ ~state.market[PLANNED]
    hear(state)
    twice = state.beliefs[:, SEEN] ^ ~state.market[PLANNED]
    assert ((once & ~twice) == 0).all()
    assert (twice & ~once).any()


def test_a_common_calendar_shows_all_that_is_planned():
    """Who looks into it every week misses nothing, whoever meets whom."""
    numbers = {"interdependence": 1.0}
    shared = {"calendar_shared": 1.0}
    world = scenario(HEADS, parameters=numbers, structure=shared)
    state = Organisation(world, seed=4).state
    change_all(state)
    state.people.status = WORKING
    state.ties.contact = state.ties.bond = 0.0
    hear(state)
    assert (state.beliefs[:, SEEN] == state.market[PLANNED]).all()
