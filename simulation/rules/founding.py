"""The start: the market, the founding people, their beliefs and the strategy's."""

import numpy as np

from simulation.arithmetic import exp, log
from simulation.chance import normal, uniform, uniform_pair, uniform_slot
from simulation.compiled import rule
from simulation.purposes import (
    DEPENDENCE,
    EXTERNAL_SEAT,
    FOUNDING,
    FOUNDING_BELIEF,
    FOUNDING_MARKET,
)
from simulation.rules.bits import (
    ONE,
    believe,
    count,
    hold_next,
    mark,
    shows,
    weigh_one,
)
from simulation.rules.change import place
from simulation.rules.experience import standing_experience
from simulation.rules.journeys import is_turned, turn_wishes
from simulation.rules.news import relate_items, see_all
from simulation.rules.results import count_stock
from simulation.rules.staffing import address, draw_person
from simulation.rules.strain import disposition
from simulation.state import (
    EXECUTED,
    EXISTS,
    HISTORY,
    KNOWN,
    MARKETEER,
    MATES,
    OWN,
    PLANNED,
    THEME,
    THEMES,
    VALUE,
    VISIBLE,
    WANTED,
    WISHED,
)

LONGEST_SERVICE = 1560.0
"""Longest tenure of a founding person, in weeks."""


@rule
def found_market(market, choices, mates, firm, parameters):
    """Draw what the market wants, the visible optimum, and what is executed first."""
    p = parameters[0]
    f = firm[0]
    for c in range(choices.shape[0]):
        if choices[c].exists == 0:
            continue
        u, v = uniform_pair(f.key, FOUNDING_MARKET, 0, c, 0)
        wished = u < 0.5
        mark(market, WISHED, c, wished)
        mark(market, VISIBLE, c, wished == (v < p.visible_agrees))
        mark(market, EXISTS, c, True)
        mark(market, THEME + choices[c].theme, c, True)
        choices[c].depends = depends_on(choices, mates, c, firm, p.interdependence)
        choices[c].decided = -100000
        choices[c].attention = 0.5
    for c in range(choices.shape[0]):
        if choices[c].exists == 1 and mates[choices[c].first_mate] == c:
            found_journey(market, choices, mates, c, firm, parameters)
    turn_wishes(market, choices, mates)
    for row in range(HISTORY, THEME, 2):
        for word in range(market.shape[1]):
            market[row, word] = market[WANTED, word]
            market[row + 1, word] = market[EXECUTED, word]


@rule
def found_journey(market, choices, mates, first, firm, parameters):
    """Draw what is executed at first of a journey's items, in their order.

    With probability `initial_executed` an item is executed as wanted, given the items
    before it.
    """
    p = parameters[0]
    for k in range(choices[first].first_mate, choices[first].last_mate):
        c = mates[k]
        turned = is_turned(market, EXECUTED, choices, mates, c)
        wanted = shows(market, WISHED, c) != turned
        w, x = uniform_pair(firm[0].key, FOUNDING_MARKET, 0, c, 1)
        executed = wanted == (w < p.initial_executed)
        mark(market, EXECUTED, c, executed)
        mark(market, PLANNED, c, executed)
        choices[c].executed = 1 if executed else 0
        choices[c].proposal = choices[c].executed
        choices[c].launched = firm[0].week - 1 - int(x * p.stale_weeks)


@rule
def depends_on(choices, mates, c, firm, share):
    """Return the items on which `c` depends, as a mask by position in the journey.

    `c` depends on each item before it with probability `share`, so no item depends on
    itself.
    """
    found = 0
    k = 0
    while mates[choices[c].first_mate + k] != c:
        if uniform(firm[0].key, DEPENDENCE, 0, c, k) < share:
            found |= 1 << k
        k += 1
    return found


@rule
def found_person(people, skill, i, firm, structure, parameters):
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
    person.tenure = founding_tenure(person, firm, parameters)
    select_stayers(person, parameters)
    z = normal(f.key, FOUNDING, 0, person.who, 1)
    person.exhaustion = disposition(person, parameters) + 0.2 * z
    person.exhaustion += job_strain(person, parameters)
    person.withdrawal = person.exhaustion
    person.intention = p.quit_withdrawal * person.withdrawal
    pace = p.routine_load * person.contract / p.hours_per_deliverable
    person.experience = standing_experience(pace, person.tenure, p.experience_forgotten)
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
    place(people, i, structure)


@rule
def founding_tenure(person, firm, parameters):
    """Draw a tenure, in weeks, from its stationary distribution.

    Its density is the probability of still being there under the hazards of leaving. It
    is drawn at the late hazard, and accepted with the probability of surviving the
    extra hazard of the early weeks; at most 20 draws.
    """
    p = parameters[0]
    late = max(0.0005, p.quit_hazard)
    early = p.quit_hazard * p.quit_new * p.quit_tenure_weeks
    weeks = 0.0
    for attempt in range(20):
        u, v = uniform_pair(firm[0].key, FOUNDING, 0, person.who, 2 + attempt)
        weeks = min(LONGEST_SERVICE, -log(u) / late)
        if v < exp(-early * (1.0 - exp(-weeks / p.quit_tenure_weeks))):
            break
    return int(weeks)


@rule
def select_stayers(person, parameters):
    """Shift the traits that strain a founding person, as strained people have left.

    If people stay with probability exp(-H (1 + b x)), the mean x of those who stay is
    lower by b H times the variance of x. H is the cumulative hazard of leaving over the
    tenure.
    """
    p = parameters[0]
    early = p.quit_tenure_weeks * (1.0 - exp(-person.tenure / p.quit_tenure_weeks))
    sorting = p.quit_withdrawal * p.quit_hazard * (person.tenure + p.quit_new * early)
    person.trait -= sorting * p.vulnerability
    person.felt_demands -= sorting * p.strain_demands * p.demands_spread / p.demands_sd
    person.felt_control += sorting * p.strain_control * p.control_spread / p.control_sd
    person.felt_support += sorting * p.strain_support * p.support_spread / p.support_sd


@rule
def job_strain(person, parameters):
    """Return the expected exhaustion from how a founding person perceives the job."""
    p = parameters[0]
    felt = p.episode_weeks / (p.episode_weeks + p.exhaustion_weeks)
    more = p.demands_spread * person.felt_demands
    more += felt * p.demands_episodes * person.episode
    need = p.strain_demands * more / p.demands_sd
    felt = p.relation_weeks / (p.relation_weeks + p.exhaustion_weeks)
    room = p.control_spread * person.felt_control
    room += felt * p.control_moves * person.latitude
    held = p.support_spread * person.felt_support
    held += felt * p.support_moves * person.relation
    need -= p.strain_control * room / p.control_sd
    return need - p.strain_support * held / p.support_sd


@rule
def found_beliefs(beliefs, market, choices, people, i, firm, parameters):
    """Draw the beliefs of a founding person about own items and those of others.

    With up to `initial_evidence` steps of evidence about own items, and one step about
    those of others.
    """
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
            value = right == shows(market, WISHED, c)
            believe(beliefs, i, c, value)
            if choices[c].executor == i:
                w = uniform_slot(key, FOUNDING_BELIEF, 0, people[i].who, c, 1)
                more = w * p.initial_evidence
                weigh_one(beliefs, i, c, value, more, parameters)
    hold_next(beliefs, i)


@rule
def find_mates(beliefs, people, choices, own, mates, i):
    """Find the items of others in the journeys of person `i`."""
    for k in range(people[i].first_choice, people[i].last_choice):
        choice = choices[own[k]]
        for m in range(choice.first_mate, choice.last_mate):
            c = mates[m]
            if choices[c].executor != i:
                beliefs[i, MATES, c >> 6] |= ONE << np.uint64(c & 63)
    people[i].mates_items = 0
    for word in range(beliefs.shape[2]):
        people[i].mates_items += count(beliefs[i, MATES, word])


@rule
def found_strategy(strategy, market, choices, people, firm, parameters):
    """Draw the strategy's first beliefs and its values."""
    p = parameters[0]
    f = firm[0]
    for c in range(choices.shape[0]):
        if choices[c].exists == 0:
            continue
        u, v = uniform_pair(f.key, FOUNDING_MARKET, 0, c, 2)
        if u < p.initial_strategy:
            right = v < p.initial_right / (p.initial_right + p.initial_wrong)
            mark(strategy, KNOWN, c, True)
            mark(strategy, VALUE, c, right == shows(market, WISHED, c))
    f.values = people[f.top].values


@rule
def found_practice(enacted, i):
    """Set approvals before the start: equal for all themes."""
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
    enacted,
    own,
    mates,
    firm,
    structure,
    parameters,
):
    """Draw the start of a world: market, people, beliefs, strategy."""
    found_market(market, choices, mates, firm, parameters)
    for i in range(people.shape[0]):
        found_person(people, skill, i, firm, structure, parameters)
    for i in range(people.shape[0]):
        find_mates(beliefs, people, choices, own, mates, i)
        found_beliefs(beliefs, market, choices, people, i, firm, parameters)
        found_practice(enacted, i)
        see_all(beliefs, market, i)
        relate_items(beliefs, choices, mates, i)
    found_strategy(strategy, market, choices, people, firm, parameters)
    for i in range(people.shape[0]):
        count_stock(beliefs, market, people, i, parameters)
