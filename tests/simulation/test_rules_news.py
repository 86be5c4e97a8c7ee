"""Items depend on one another, and people act by what they heard of their mates."""

import itertools

import numpy as np
import pytest
from worlds import scenario

from simulation.binding import bind
from simulation.model import Organisation
from simulation.rules import market, news
from simulation.rules.bits import mark, shows
from simulation.state import (
    EXECUTED,
    KNOWN,
    OWN,
    PLANNED,
    SEEN,
    VALUE,
    WANTED,
    WORKING,
)

HEADS = {"marketeers": 8, "communicators": 3, "sales": 3, "product": 2}


@pytest.fixture
def state():
    """A state of an organisation in which most items depend on another."""
    numbers = {"interdependence": 1.0}
    return Organisation(scenario(HEADS, parameters=numbers), seed=4).state


def dependents(state):
    """Return the items that depend on another, and those they depend on."""
    lanes = np.flatnonzero(state.choices.depends >= 0)
    return lanes, state.choices.depends[lanes]


def test_items_depend_on_earlier_ones_of_their_journey(state):
    """All but the first of a journey, on one before it: no circle can arise."""
    choices = state.choices
    for c in np.flatnonzero(choices.exists == 1):
        journey = state.mates[choices.first_mate[c] : choices.last_mate[c]].tolist()
        before = journey[: journey.index(c)]
        assert choices.depends[c] in (before or [-1])


def test_without_interdependence_nothing_depends():
    """At a share of zero no item depends on another."""
    state = Organisation(scenario(HEADS)).state
    assert (state.choices.depends == -1).all()


def test_what_is_wanted_turns_with_the_item_it_hangs_on(state):
    """An item fits where it is its own wish, turned if the other is executed."""
    c, other = (int(x[0]) for x in dependents(state))
    for wish, done, others in itertools.product((False, True), repeat=3):
        mark(state.market, WANTED, c, wish)
        mark(state.market, EXECUTED, c, done)
        mark(state.market, EXECUTED, other, others)
        fits = market.fits(state.market, state.choices, c, WANTED, EXECUTED)
        assert fits == (done == (wish != others))


def test_who_knows_the_wish_and_the_mate_does_what_fits(state):
    """A right belief and a right picture make what one would do fit."""
    i = 0
    lanes, others = dependents(state)
    state.beliefs[i, KNOWN] = state.beliefs[i, VALUE] = state.market[WANTED]
    state.beliefs[i, SEEN] = state.market[EXECUTED]
    for c, other in zip(lanes, others, strict=True):
        would = news.would_do(state.beliefs, state.choices, i, c)
        assert would == market.wants(state.market, state.choices, c, WANTED, EXECUTED)
        mark(state.beliefs[i], SEEN, other, not shows(state.market, EXECUTED, other))
        assert news.would_do(state.beliefs, state.choices, i, c) != would
        mark(state.beliefs[i], SEEN, other, shows(state.market, EXECUTED, other))


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
    """Over ties of full strength all who meet know of one another's items at once."""
    change_all(state)
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


def test_who_links_others_passes_news_on(state):
    """What was new to a leader one week is heard by those who meet the leader next."""
    change_all(state)
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
