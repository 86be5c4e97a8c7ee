"""The start: the market, the founding people and what they and the strategy believe."""

import numpy as np

from simulation.arithmetic import log
from simulation.chance import normal, uniform, uniform_pair
from simulation.compiled import rule
from simulation.purposes import (
    EXTERNAL_SEAT,
    FOUNDING,
    FOUNDING_BELIEF,
    FOUNDING_MARKET,
)
from simulation.rules.bits import ONE, mark, shows
from simulation.rules.change import place
from simulation.rules.experience import standing_experience
from simulation.rules.news import see_all
from simulation.rules.results import count_stock
from simulation.rules.staffing import address, draw_person
from simulation.state import (
    EXECUTED,
    EXISTS,
    HISTORY,
    KNOWN,
    MARKETEER,
    NEXT_KNOWN,
    NEXT_VALUE,
    OWN,
    PLANNED,
    THEMES,
    UNTRIED,
    VALUE,
    VISIBLE,
    WANTED,
)


@rule
def found_market(market, choices, mates, firm, parameters):
    """Draw what the market wants, what is visible, and what is executed at first.

    An item may depend on one that comes before it in its journey.
    """
    p = parameters[0]
    f = firm[0]
    for c in range(choices.shape[0]):
        if choices[c].exists == 0:
            continue
        u, v = uniform_pair(f.key, FOUNDING_MARKET, 0, c, 0)
        wanted = u < 0.5
        mark(market, WANTED, c, wanted)
        mark(market, VISIBLE, c, wanted == (v < p.visible_agrees))
        mark(market, EXISTS, c, True)
        w, x = uniform_pair(f.key, FOUNDING_MARKET, 0, c, 1)
        right = w < p.initial_executed
        choices[c].depends = depends_on(choices, mates, c, firm, p.interdependence)
        mark(market, EXECUTED, c, wanted == right)
        mark(market, PLANNED, c, wanted == right)
        choices[c].executed = 1 if wanted == right else 0
        choices[c].proposal = choices[c].executed
        choices[c].launched = f.week - 1 - int(x * p.stale_weeks)
        choices[c].decided = -100000
        choices[c].attention = 0.5
    for row in range(HISTORY, market.shape[0], 2):
        for word in range(market.shape[1]):
            market[row, word] = market[WANTED, word]
            market[row + 1, word] = market[EXECUTED, word]


@rule
def depends_on(choices, mates, c, firm, share):
    """Return the item on which `c` depends, drawn from those before it, or -1."""
    u, v = uniform_pair(firm[0].key, FOUNDING_MARKET, 0, c, 3)
    if u >= share:
        return -1
    first = choices[c].first_mate
    before = 0
    while mates[first + before] != c:
        before += 1
    if before == 0:
        return -1
    return mates[first + int(v * before)]


@rule
def found_person(people, skill, record, i, firm, structure, parameters):
    """Draw a founding person: traits, skill, tenure, near-stationary states."""
    person = people[i]
    f = firm[0]
    p = parameters[0]
    now = structure[0]
    person.who = address(person.seat, 0)
    person.generation = 0
    person.doing = -1
    level = p.other_skill
    if person.maker == 1:
        level = now.marketing_skill
        if person.role == MARKETEER:
            u = uniform(f.key, EXTERNAL_SEAT, 0, person.who, 0)
            if u < now.externals_in_marketing:
                person.external = 1
    draw_person(people, skill, i, level, now.skill_breadth, 0.0, 0.5, firm, parameters)
    u = uniform(f.key, FOUNDING, 0, person.who, 0)
    person.tenure = 13 + int(-p.tenure_mean * log(u))
    pace = p.routine_load * person.contract / p.hours_per_deliverable
    person.experience = standing_experience(pace, person.tenure, p.experience_forgotten)
    person.exhaustion = p.vulnerability * person.trait + 0.4 * normal(
        f.key, FOUNDING, 0, person.who, 1
    )
    person.motivation = 0.5
    person.ownership = 0.15
    person.safety = 0.5
    person.clarity = 0.6
    person.progress = 0.6
    person.own_share = now.items_decided_by_executor
    person.chosen_share = now.items_chosen_by_executor
    person.told = 0.3
    person.backlog = 10.0
    person.estimate = 0.4
    person.productivity = 1.0
    person.unit_cost = 1.0
    for d in range(record.shape[1]):
        record[i, d] = UNTRIED
    place(people, i, structure)


@rule
def found_beliefs(beliefs, market, choices, people, i, firm, parameters):
    """Draw what a founding person believes about own items and those of others."""
    p = parameters[0]
    key = firm[0].key
    for c in range(choices.shape[0]):
        if choices[c].exists == 0:
            continue
        u, v = uniform_pair(key, FOUNDING_BELIEF, 0, people[i].who, c)
        known = p.initial_right + p.initial_wrong
        chance = p.initial_elsewhere
        if choices[c].executor == i:
            chance = known
            beliefs[i, OWN, c >> 6] |= ONE << np.uint64(c & 63)
        if u < chance:
            right = v < p.initial_right / known
            value = right == shows(market, WANTED, c)
            beliefs[i, NEXT_KNOWN, c >> 6] |= ONE << np.uint64(c & 63)
            if value:
                beliefs[i, NEXT_VALUE, c >> 6] |= ONE << np.uint64(c & 63)
    for word in range(beliefs.shape[2]):
        beliefs[i, KNOWN, word] = beliefs[i, NEXT_KNOWN, word]
        beliefs[i, VALUE, word] = beliefs[i, NEXT_VALUE, word]


@rule
def found_strategy(strategy, market, choices, record, people, firm, parameters):
    """Draw what the strategy holds at first, and whose values it has."""
    p = parameters[0]
    f = firm[0]
    for c in range(choices.shape[0]):
        if choices[c].exists == 0:
            continue
        u, v = uniform_pair(f.key, FOUNDING_MARKET, 0, c, 2)
        if u < p.initial_strategy:
            right = v < p.initial_right / (p.initial_right + p.initial_wrong)
            mark(strategy, KNOWN, c, True)
            mark(strategy, VALUE, c, right == shows(market, WANTED, c))
    last = record.shape[0] - 1
    for d in range(record.shape[1]):
        record[last, d] = UNTRIED
    f.values = people[f.top].values


@rule
def found_practice(enacted, i):
    """Let everything have been approved evenly before the start."""
    for theme in range(THEMES):
        enacted[i, theme] = 0.2


@rule
def draw_start(
    people,
    choices,
    beliefs,
    market,
    strategy,
    skill,
    record,
    enacted,
    mates,
    firm,
    structure,
    parameters,
):
    """Draw the start of a world: market, people, beliefs, strategy."""
    found_market(market, choices, mates, firm, parameters)
    for i in range(people.shape[0]):
        found_person(people, skill, record, i, firm, structure, parameters)
    for i in range(people.shape[0]):
        found_beliefs(beliefs, market, choices, people, i, firm, parameters)
        found_practice(enacted, i)
        see_all(beliefs, market, i)
    found_strategy(strategy, market, choices, record, people, firm, parameters)
    for i in range(people.shape[0]):
        count_stock(beliefs, market, people, i, parameters)
