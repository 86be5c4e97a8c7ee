"""Phase 6: sales accept, pursue, answer and close the leads handed over."""

from simulation.arithmetic import exp, logistic, power
from simulation.chance import normal, uniform, uniform_slot
from simulation.compiled import rule
from simulation.purposes import FEEDBACK_GIVEN, LEAD_ANSWERED, LEAD_SALES, LEAD_WON
from simulation.rules.journeys import fits
from simulation.rules.market import next_rep
from simulation.state import (
    EXECUTED,
    LEAD_FREE,
    LEAD_WAITING,
    SALES_DOMAIN,
    WANTED,
    WORKING,
)

HOURS_A_WEEK = 168.0


@rule
def pitch_fit(market, choices, mates, c):
    """Return the share of sales' own choices in the journey of `c` that are right."""
    right = 0.0
    total = 0.0
    choice = choices[c]
    for k in range(choice.first_mate, choice.last_mate):
        mate = mates[k]
        if choices[mate].domain == SALES_DOMAIN:
            total += 1.0
            if fits(market, mate, WANTED, EXECUTED):
                right += 1.0
    if total == 0.0:
        return 0.5
    return right / total


@rule
def looks_good(fits, now, u, parameters):
    """Return whether a lead looks good to sales, who judge its fit with error."""
    p = parameters[0]
    accuracy = p.acceptance_separate
    if now.lead_definition_shared >= 0.5:
        accuracy = p.acceptance_shared
    return (fits == 1) == (u < accuracy)


@rule
def pursuit_chance(person, good, load, parameters):
    """Return the probability of pursuing a lead, by estimate, signal and load."""
    p = parameters[0]
    z = p.pursuit_intercept + p.pursuit_estimate * person.estimate
    z += p.pursuit_signal * (1.0 if good else -1.0) - p.pursuit_load * load
    return logistic(z)


@rule
def win_chance(fits, answer_weeks, pitch, skilled, now, parameters):
    """Return the probability that a pursued lead is won.

    Chances fall with (1 + days)^-decay while a lead waits (Oldroyd, McElheran &
    Elkington 2011).
    """
    p = parameters[0]
    base = p.win_fit if fits == 1 else p.win_misfit
    right_pitch = 1.0 - p.pitch_weight + 2.0 * p.pitch_weight * (pitch - 0.5)
    in_time = power(1.0 + 7.0 * answer_weeks, -p.answer_decay)
    rivals = 1.0 - p.competition_loss * now.competition
    chance = base * right_pitch * in_time * rivals * (0.6 + 0.6 * skilled)
    return min(0.95, max(0.0, chance))


@rule
def answer_time(lead, load, firm, parameters):
    """Return the weeks between a lead and its answer, were it dealt with at once.

    Log-normal around a mean that grows with the load: many are answered within the
    hour, some after weeks (Oldroyd, McElheran & Elkington 2011).
    """
    p = parameters[0]
    sd = p.answer_spread
    z = normal(firm[0].key, LEAD_ANSWERED, lead.born, lead.number, 0)
    return p.answer_weeks * (1.0 + load) * exp(sd * z - 0.5 * sd * sd)


@rule
def _load_of(people, leads, i, firm, parameters):
    """Return the leads in hand of rep `i` over what the rep can pursue in a week."""
    waiting = 0.0
    for k in range(firm[0].leads_listed):
        if leads[k].stage == LEAD_WAITING and leads[k].rep == i:
            waiting += 1.0
    able = parameters[0].leads_per_rep * max(0.2, people[i].productivity)
    return waiting / able, able


@rule
def sell(market, people, choices, mates, leads, skill, i, firm, structure, parameters):
    """Let sales person `i` go through the leads in hand, oldest first.

    Each lead is judged once: accepted or not by what it looks like, pursued or not by
    the learned estimate of marketing's leads, the signal and the load. Early bad leads
    lower the estimate, and so can lock the gate.
    """
    person = people[i]
    if person.status != WORKING:
        return
    load, able = _load_of(people, leads, i, firm, parameters)
    now = structure[person.version]
    budget = 3.0 * able
    for k in range(firm[0].leads_listed):
        if budget < 1.0:
            return
        if leads[k].stage != LEAD_WAITING or leads[k].rep != i:
            continue
        pursued = _judge(
            market,
            people,
            choices,
            mates,
            leads,
            skill,
            i,
            k,
            load,
            now,
            firm,
            parameters,
        )
        budget -= 3.0 if pursued else 1.0
        leads[k].stage = LEAD_FREE
        firm[0].leads_waiting -= 1


@rule
def _judge(
    market,
    people,
    choices,
    mates,
    leads,
    skill,
    i,
    k,
    load,
    now,
    firm,
    parameters,
):
    """Accept or refuse lead `k`, pursue it or not, win it or not; learn from it."""
    f = firm[0]
    p = parameters[0]
    lead = leads[k]
    person = people[i]
    born = lead.born
    number = lead.number
    good = looks_good(
        lead.fits, now, uniform(f.key, LEAD_SALES, born, number, 0), parameters
    )
    f.leads_accepted += 1 if good else 0
    person.leads_judged += 1
    chance = pursuit_chance(person, good, min(3.0, load), parameters)
    pursued = uniform(f.key, LEAD_SALES, born, number, 1) < chance
    if pursued:
        f.leads_pursued += 1
        waited = answer_time(lead, load, firm, parameters) + f.week - born
        if waited <= 1.0:
            f.leads_answered += 1
        person.leads_pursued += 1
        person.answer_hours += HOURS_A_WEEK * waited
        person.leads_within_hour += 1 if HOURS_A_WEEK * waited <= 1.0 else 0
        pitch = pitch_fit(market, choices, mates, lead.choice)
        win = win_chance(
            lead.fits, waited, pitch, skill[i, SALES_DOMAIN], now, parameters
        )
        if uniform(f.key, LEAD_WON, born, number, 0) < win:
            f.leads_won += 1
            f.pipeline += p.deal_value
        seen = 1.0 if lead.fits == 1 else 0.0
        person.estimate += p.estimate_step * (seen - person.estimate)
    else:
        seen = 1.0 if good else 0.0
        person.estimate += 0.25 * p.estimate_step * (seen - person.estimate)
    if uniform_slot(f.key, FEEDBACK_GIVEN, born, number, 0, 0) < now.lead_feedback:
        choices[lead.choice].feedback += 10.0 if pursued else 3.0
    return pursued


@rule
def sell_inbound(market, people, choices, firm, structure, parameters):
    """Let sales win part of the prospects that come by themselves."""
    f = firm[0]
    p = parameters[0]
    now = structure[f.version]
    for k in range(f.inbound):
        win = win_chance(1, p.answer_weeks, f.fit, 0.6, now, parameters)
        if uniform(f.key, LEAD_WON, f.week, k, 1) < win:
            f.inbound_won += 1
            f.pipeline += p.deal_value


@rule
def pass_on_leads(leads, reps, people, firm):
    """Give the leads of sales people who are away to those at work."""
    for k in range(firm[0].leads_listed):
        lead = leads[k]
        if lead.rep < 0 or people[lead.rep].status != WORKING:
            lead.rep = next_rep(reps, people, firm[0].week * 31 + lead.number)


@rule
def expire_leads(leads, firm, parameters):
    """Let leads that nobody went through for too long expire, and tidy the list.

    The list holds leads in the order in which they came; those dealt with go.
    """
    f = firm[0]
    left = 0
    for k in range(f.leads_listed):
        lead = leads[k]
        if lead.stage == LEAD_FREE:
            continue
        if f.week - lead.born >= parameters[0].lead_life_weeks:
            lead.stage = LEAD_FREE
            f.leads_waiting -= 1
            f.leads_expired += 1
            continue
        if left < k:
            leads[left] = leads[k]
            leads[k].stage = LEAD_FREE
        left += 1
    f.leads_listed = left
