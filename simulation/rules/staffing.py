"""Phase 13: people fall ill, leave, and are replaced.

Most illness is short and can hit anybody; a burn-out lasts long and has after-effects.
Leaving goes through states, each with its own time constant: exhaustion, withdrawal,
intention, notice (Mobley 1977; Swider & Zimmerman 2010).
"""

import numpy as np

from simulation.arithmetic import exp, log
from simulation.chance import normal, uniform, uniform_slot
from simulation.compiled import rule
from simulation.purposes import (
    EXTERNAL_SEAT,
    LEAVE,
    LEAVE_LENGTH,
    NEWCOMER,
    NEWCOMER_BELIEF,
    QUITS,
    VACANCY,
)
from simulation.rules.bits import (
    ONE,
    ZERO,
    believe,
    count,
    hold_next,
    lowest,
    shows,
)
from simulation.rules.change import place
from simulation.rules.experience import bring_experience
from simulation.rules.news import see_all
from simulation.rules.strain import disposition, feeling
from simulation.rules.work import NEAR_DOMAINS, breadth_of, near_domain
from simulation.state import (
    KNOWN,
    MARKETEER,
    MATES,
    ON_LEAVE,
    OWN,
    VACANT,
    VALUE,
    WISHED,
    WORKING,
    WRITTEN_KNOWN,
    WRITTEN_VALUE,
)

WORKDAYS = 5.0
E4 = 4.0
EXP_E4 = 54.6
GENERATION_STEP = 2654435769
LANE_32 = 4294967295


@rule
def address(seat, generation):
    """Return the 32-bit address of draws for a seat's occupant."""
    return (seat + generation * GENERATION_STEP) & LANE_32


@rule
def falls_ill(person, u, parameters):
    """Return whether burn-out leave begins, by the uniform number `u`."""
    p = parameters[0]
    z = p.leave_exhaustion * feeling(person, parameters)
    return hazard_strikes(p.leave_hazard, z, u)


@rule
def call_in_sick(people, i, firm, parameters):
    """Let ordinary illness take hours of person `i`'s week.

    It lasts a day plus an exponential number of days; a few illnesses last for months,
    which make up most of all days lost. It is likelier for people who feel strained
    (Swider & Zimmerman 2010 on absenteeism).
    """
    p = parameters[0]
    person = people[i]
    f = firm[0]
    if person.status != WORKING:
        return
    if person.sick_days <= 0.0:
        u = uniform(f.key, LEAVE, f.week, person.who, 1)
        z = p.sick_strain * feeling(person, parameters)
        if not hazard_strikes(p.sick_hazard, z, u):
            return
        rest = max(0.0, p.sick_days - 1.0)
        if uniform(f.key, LEAVE_LENGTH, f.week, person.who, 2) < p.sick_long_share:
            rest = WORKDAYS * p.sick_long_weeks
        u = uniform(f.key, LEAVE_LENGTH, f.week, person.who, 1)
        person.sick_days = 1.0 - rest * log(u)
    away = min(WORKDAYS, person.sick_days)
    person.sick_days -= away
    person.hours_sick = person.contract * away / WORKDAYS


@rule
def hazard_strikes(hazard, z, u):
    """Return whether u < hazard e^z, a probability of at most a half.

    The exponential is skipped if it cannot matter, which is nearly always so.
    """
    if u >= 0.5 or (z < E4 and u >= hazard * EXP_E4):
        return False
    return u < hazard * exp(min(20.0, z))


@rule
def withdraw(person, skill, i, firm, parameters):
    """Let withdrawal follow exhaustion, and the intention to leave follow withdrawal.

    Intention falls with motivation; it rises with the distance between own values and
    those of the strategy, and with unused skill.
    """
    p = parameters[0]
    apart = person.withdrawal - person.exhaustion
    person.withdrawal = person.exhaustion + apart * p.keep_withdrawal
    busy = (person.hours_routine + person.hours_items) / max(1.0, person.contract)
    unused = skill[i, person.domain] * max(0.0, 0.75 - busy)
    aim = p.quit_withdrawal * person.withdrawal
    aim -= p.quit_motivation * (person.motivation - 0.5)
    aim += p.quit_values * (abs(person.values - firm[0].values) - 0.25)
    aim += p.quit_unused * unused
    person.intention = aim + (person.intention - aim) * p.keep_intention


@rule
def gives_notice(person, u, parameters):
    """Return whether a person gives notice, by the uniform number `u`.

    The hazard rises with intention, and falls smoothly with tenure.
    """
    p = parameters[0]
    new = p.quit_new * exp(-person.tenure / p.quit_tenure_weeks)
    return hazard_strikes(p.quit_hazard * (1.0 + new), person.intention, u)


@rule
def stay_or_leave(people, skill, i, firm, parameters):
    """Let person `i` begin or end a burn-out leave, or give notice.

    Notice takes effect at the end of the week.
    """
    person = people[i]
    f = firm[0]
    if person.status == VACANT:
        return
    if person.status == ON_LEAVE:
        if f.week >= person.until:
            person.status = WORKING
        return
    withdraw(person, skill, i, firm, parameters)
    u = uniform(f.key, LEAVE, f.week, person.who, 0)
    if person.external == 0 and falls_ill(person, u, parameters):
        person.status = ON_LEAVE
        person.until = f.week + _leave_length(person, f, parameters)
        person.scar = 1.0
        person.sick_days = 0.0
    else:
        u = uniform(f.key, QUITS, f.week, person.who, 0)
        if gives_notice(person, u, parameters):
            person.leaving = 1


@rule
def _leave_length(person, f, parameters):
    """Return the weeks of a burn-out leave: a minimum plus an exponential time."""
    p = parameters[0]
    u = uniform(f.key, LEAVE_LENGTH, f.week, person.who, 0)
    rest = max(1.0, p.leave_weeks - p.leave_shape_weeks)
    return 1 + int(p.leave_shape_weeks - rest * log(u))


@rule
def agency_goes(people, i, firm, parameters):
    """Let an external leave while the budget is gone; others come when it is back."""
    person = people[i]
    if person.external == 1 and person.status == WORKING:
        if firm[0].budget < parameters[0].budget_gone:
            person.leaving = 1


@rule
def leave_as_dated(people, leave_weeks, leave_seats, firm):
    """Let whoever has a seat leave as its dated week begins, as after notice.

    Nobody leaves a seat that is vacant then.
    """
    for k in range(leave_weeks.shape[0]):
        person = people[leave_seats[k]]
        if leave_weeks[k] == firm[0].week and person.status != VACANT:
            person.leaving = 1


@rule
def unsettle_teams(people, parameters):
    """Let those whose colleague goes think of leaving too (Felps et al. 2009).

    The intention to leave of each of the team rises by the part of it that goes.
    """
    for i in range(people.shape[0]):
        if people[i].leaving == 0:
            continue
        size = 0.0
        for j in range(people.shape[0]):
            size += 1.0 if people[j].team == people[i].team else 0.0
        for j in range(people.shape[0]):
            if j != i and people[j].team == people[i].team:
                people[j].intention += parameters[0].quit_after_other / size


@rule
def come_and_go(
    people,
    choices,
    beliefs,
    market,
    strategy,
    skill,
    i,
    firm,
    structure,
    parameters,
):
    """Let people who gave notice go, and fill seats whose vacancy is over."""
    person = people[i]
    f = firm[0]
    if person.leaving == 1:
        _depart(people, choices, beliefs, market, strategy, i, firm, parameters)
    elif person.status == VACANT and f.week >= person.until:
        if person.external == 1 and f.budget < parameters[0].budget_gone:
            return
        _arrive(
            people,
            beliefs,
            market,
            strategy,
            skill,
            i,
            firm,
            structure,
            parameters,
        )


@rule
def _depart(people, choices, beliefs, market, strategy, i, firm, parameters):
    """Empty seat `i`: beliefs, skill and ties are lost; what is written down stays."""
    person = people[i]
    f = firm[0]
    for word in range(beliefs.shape[2]):
        mine = beliefs[i, OWN, word]
        agree = ~(beliefs[i, VALUE, word] ^ market[WISHED, word])
        right = beliefs[i, KNOWN, word] & mine & agree
        written = strategy[WRITTEN_KNOWN, word] & ~(
            strategy[WRITTEN_VALUE, word] ^ market[WISHED, word]
        )
        f.kept += count(right & written)
        f.lost += count(right & ~written)
        for plane in range(beliefs.shape[1]):
            if plane != OWN and plane != MATES:
                beliefs[i, plane, word] = ZERO
    f.leavers += 1 - person.external
    if person.exhaustion > 1.0:
        f.exhausted_exits += 1
    person.leaving = 0
    person.status = VACANT
    person.doing = -1
    p = parameters[0]
    u = uniform(f.key, VACANCY, f.week, person.who, 0)
    longest = p.vacancy_high - p.vacancy_low + 1.0
    person.until = f.week + int(p.vacancy_low + u * longest)
    person.fatigue = 0.0
    person.exhaustion = 0.0
    person.score = 1.0


@rule
def draw_person(people, skill, i, mean_skill, breadth, fit, aim, firm, parameters):
    """Draw what a person brings along: traits, circumstances of life, values, skill.

    Total skill does not depend on its breadth.
    """
    person = people[i]
    f = firm[0]
    who = person.who
    person.trait = normal(f.key, NEWCOMER, 0, who, 0)
    person.felt_demands = normal(f.key, NEWCOMER, 0, who, 1)
    person.felt_control = normal(f.key, NEWCOMER, 0, who, 2)
    person.felt_support = normal(f.key, NEWCOMER, 0, who, 3)
    person.routine_trait = normal(f.key, NEWCOMER, 0, who, 4)
    person.ability = normal(f.key, NEWCOMER, 0, who, 7)
    person.episode = normal(f.key, NEWCOMER, 0, who, 8)
    person.life = normal(f.key, NEWCOMER, 0, who, 9)
    person.scar = 0.0
    u = uniform(f.key, NEWCOMER, 0, who, 10)
    person.scar = past_burnout(disposition(person, parameters), u, parameters)
    person.fatigue = 0.0
    person.exhaustion = disposition(person, parameters)
    person.withdrawal = 0.0
    person.intention = 0.0
    person.sick_days = 0.0
    person.slowness = normal(f.key, NEWCOMER, 0, who, 11)
    person.zeal = normal(f.key, NEWCOMER, 0, who, 12)
    person.relation = normal(f.key, NEWCOMER, 0, who, 13)
    person.latitude = normal(f.key, NEWCOMER, 0, who, 14)
    person.form = normal(f.key, NEWCOMER, 0, who, 15)
    person.eagerness = normal(f.key, NEWCOMER, 0, who, 16)
    values = uniform(f.key, NEWCOMER, 0, who, 5)
    person.values = values + fit * (aim - values)
    z = normal(f.key, NEWCOMER, 0, who, 6)
    level = mean_skill + parameters[0].skill_sd * z
    person.craft = min(1.0, max(0.05, level))
    spread_skill(people, skill, i, person.craft, breadth)


@rule
def past_burnout(strained, u, parameters):
    """Return the trace left by a last burn-out, which occurred at the usual hazard."""
    p = parameters[0]
    hazard = p.leave_hazard * exp(p.leave_exhaustion * strained)
    since = -log(u) / max(1e-9, hazard)
    return exp(-min(700.0, since / p.scar_weeks))


@rule
def spread_skill(people, skill, i, level, breadth):
    """Give a person one high skill, and some skill in near domains, at equal total."""
    domains = skill.shape[1]
    total = level / 0.8
    own = people[i].domain
    for d in range(domains):
        skill[i, d] = 0.0
    skill[i, own] = min(1.0, total * (1.0 - breadth))
    for k in range(NEAR_DOMAINS):
        outside = (total - skill[i, own]) / NEAR_DOMAINS
        skill[i, near_domain(own, k, domains)] = outside
    people[i].breadth = breadth_of(skill, i, own)


@rule
def _arrive(people, beliefs, market, strategy, skill, i, firm, structure, parameters):
    """Seat a newcomer: new traits, few beliefs, and part of what is written down."""
    person = people[i]
    f = firm[0]
    p = parameters[0]
    now = structure[f.version]
    person.generation += 1
    person.who = address(person.seat, person.generation)
    person.status = WORKING
    person.version = f.version
    place(people, i, structure)
    person.tenure = 0
    person.external = person.seat_external
    mean_skill = p.other_skill
    if person.maker == 1:
        mean_skill = now.marketing_skill
        if person.seat_external == 0 and person.role == MARKETEER:
            u = uniform(f.key, EXTERNAL_SEAT, 0, person.who, 0)
            person.external = 1 if u < now.externals_in_marketing else 0
    fit = now.values_fit_at_hiring
    draw_person(
        people, skill, i, mean_skill, now.skill_breadth, fit, f.values, firm, parameters
    )
    _settle_in(people, i)
    bring_experience(person, now.written_share, parameters)
    person.own_share = now.items_decided_by_executor
    person.chosen_share = now.items_chosen_by_executor
    right = right_elsewhere(now, parameters)
    learn_at_arrival(people, beliefs, market, strategy, i, right, firm, parameters)
    see_all(beliefs, market, i)
    f.joiners += 1


@rule
def _settle_in(people, i):
    """Set the states of a newcomer in seat `i`."""
    person = people[i]
    person.motivation = 0.55
    person.ownership = 0.05
    person.territory = 0.0
    person.safety = 0.5
    person.backlog = 8.0
    person.routine_waiting = 0.0
    person.questions_up = 0.0
    person.change_progress = 0.0
    person.overruled = 0.0
    person.progress = 0.5
    person.told = 0.0
    person.clarity = 0.4
    person.doing = -1
    person.estimate = 0.5
    person.picture = 0


@rule
def right_elsewhere(now, parameters):
    """Return the probability that what was wanted elsewhere is wanted here now.

    Wishes elsewhere agreed with those here more than by chance, but wishes have moved
    since then.
    """
    p = parameters[0]
    moved = 2.0 * now.market_drift * now.market_turbulence * p.newcomer_age_weeks
    return 0.5 + 0.5 * p.newcomer_similar * exp(-moved)


@rule
def learn_at_arrival(people, beliefs, market, strategy, i, right, firm, parameters):
    """Give a newcomer some beliefs about own items, and part of what is written down.

    Experience from elsewhere is weak (one step of evidence) and old: a belief is right
    with probability `right`.
    """
    p = parameters[0]
    f = firm[0]
    who = people[i].who
    for word in range(beliefs.shape[2]):
        mine = beliefs[i, OWN, word]
        concerns = mine | strategy[WRITTEN_KNOWN, word]
        while concerns != ZERO:
            lane = lowest(concerns)
            concerns &= concerns - ONE
            c = word * 64 + lane
            u = uniform(f.key, NEWCOMER_BELIEF, f.week, who, c)
            v = uniform_slot(f.key, NEWCOMER_BELIEF, f.week, who, c, 1)
            w = uniform_slot(f.key, NEWCOMER_BELIEF, f.week, who, c, 2)
            written = shows(strategy, WRITTEN_KNOWN, c)
            if written and u < p.handover_known:
                believe(beliefs, i, c, shows(strategy, WRITTEN_VALUE, c))
            elif (mine >> np.uint64(lane)) & ONE == ONE and w < p.newcomer_known:
                believe(beliefs, i, c, shows(market, WISHED, c) == (v < right))
    hold_next(beliefs, i)
