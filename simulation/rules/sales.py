"""Phase 6: sales people judge, answer, pursue and close the leads handed over."""

from simulation.arithmetic import exp, logistic, power
from simulation.chance import normal, uniform, uniform_slot
from simulation.compiled import rule
from simulation.purposes import (
    FEEDBACK_GIVEN,
    LEAD_ANSWERED,
    LEAD_IGNORED,
    LEAD_SALES,
    LEAD_WON,
)
from simulation.rules.journeys import fits
from simulation.rules.market import next_rep
from simulation.state import (
    EXECUTED,
    LEAD_FREE,
    LEAD_WAITING,
    SALES_DOMAIN,
    UNSEEN,
    WANTED,
    WORKING,
)

HOURS_A_WEEK = 168.0


@rule
def pitch_fit(market, choices, mates, c):
    """Return the share of sales' choices in the journey of `c` that are right.

    It is 0.5 if there are none.
    """
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
def first_look(good, load, parameters):
    """Return a rep's first judgement of a lead, in log odds: by its looks and load."""
    p = parameters[0]
    return p.pursuit_signal * (1.0 if good else -1.0) - p.pursuit_load * load


@rule
def pursuit_chance(person, good, load, parameters):
    """Return the probability that an answered lead is pursued.

    It rises with the rep's estimate of leads and with good looks, and falls with load.
    """
    p = parameters[0]
    z = p.pursuit_intercept + p.pursuit_estimate * person.estimate
    return logistic(z + first_look(good, load, parameters))


@rule
def ignored_chance(good, load, parameters):
    """Return the probability that a lead is never answered: poor looks, high load."""
    return logistic(
        parameters[0].ignored_intercept - first_look(good, load, parameters)
    )


@rule
def win_chance(fits, hours, pitch, skilled, now, parameters):
    """Return the probability that a pursued lead, answered after `hours`, is won.

    Chances fall with (1 + days)^-decay while a lead waits (Oldroyd, McElheran &
    Elkington 2011).
    """
    p = parameters[0]
    base = p.win_fit if fits == 1 else p.win_misfit
    right_pitch = 1.0 - p.pitch_weight + 2.0 * p.pitch_weight * (pitch - 0.5)
    in_time = power(1.0 + hours / 24.0, -p.answer_decay)
    rivals = 1.0 - p.competition_loss * now.competition
    chance = base * right_pitch * in_time * rivals * (0.6 + 0.6 * skilled)
    return min(0.95, max(0.0, chance))


@rule
def answer_clock(lead, load, now, firm, parameters):
    """Return the hours from hand-over to a first answer, if there is one.

    They are log-normal (Oldroyd, McElheran & Elkington 2011: many within the hour, some
    after weeks). The mean grows with the rep's load, and with the gap between marketing
    and sales: few meetings, no shared definition of a lead.
    """
    p = parameters[0]
    gap = exp(-now.marketing_sales_hours) + 1.0 - min(1.0, now.lead_definition_shared)
    sd = p.answer_spread
    z = normal(firm[0].key, LEAD_ANSWERED, lead.born, lead.number, 0)
    mean = p.answer_hours * (1.0 + load) * exp(0.5 * p.answer_handoff * gap)
    return mean * exp(sd * z - 0.5 * sd * sd)


@rule
def _load_of(person, parameters):
    """Return a rep's load and capacity in leads a week.

    The load is the number of leads in hand over the capacity, at most 3.
    """
    able = parameters[0].leads_per_rep * max(0.2, person.productivity)
    return min(3.0, person.leads_in_hand / able), able


@rule
def sell(market, people, choices, mates, leads, skill, i, firm, structure, parameters):
    """Let sales person `i` go through the leads in hand, oldest first.

    A new lead is looked at: it is either never answered, or the time of its answer is
    set. Leads are answered in the week of that time; without capacity they wait a week.
    """
    person = people[i]
    if person.status != WORKING:
        return
    f = firm[0]
    now = structure[person.version]
    load, able = _load_of(person, parameters)
    room = 3.0 * able
    for k in range(f.leads_listed):
        lead = leads[k]
        if lead.stage != LEAD_WAITING or lead.rep != i:
            continue
        u = uniform(f.key, LEAD_SALES, lead.born, lead.number, 0)
        good = looks_good(lead.fits, now, u, parameters)
        left = lead.due == UNSEEN and _leave(lead, good, load, now, firm, parameters)
        pursued = False
        if not left:
            if room < 1.0 or weeks_late(lead, firm) < 0:
                continue
            hours = _answer(person, lead, firm)
            u = uniform(f.key, LEAD_SALES, lead.born, lead.number, 1)
            pursued = u < pursuit_chance(person, good, load, parameters)
            room -= 3.0 if pursued else 1.0
            _give_feedback(choices, lead, pursued, now, firm)
            if pursued:
                pitch = pitch_fit(market, choices, mates, lead.choice)
                able = skill[i, SALES_DOMAIN]
                _pursue(person, lead, hours, pitch, able, now, firm, parameters)
        _close(person, lead, good, pursued, firm, parameters)


@rule
def _leave(lead, good, load, now, firm, parameters):
    """Set the time of a new lead's answer; return whether it is never answered."""
    lead.due = answer_clock(lead, load, now, firm, parameters)
    u = uniform(firm[0].key, LEAD_IGNORED, lead.born, lead.number, 0)
    return u < ignored_chance(good, load, parameters)


@rule
def weeks_late(lead, firm):
    """Return the weeks since a lead's answer was due; below 0 if it is not due yet."""
    return firm[0].week - lead.born - int(lead.due / HOURS_A_WEEK)


@rule
def _answer(person, lead, firm):
    """Let a rep answer a lead; return the hours that it took."""
    hours = lead.due + HOURS_A_WEEK * weeks_late(lead, firm)
    firm[0].leads_answered += 1
    person.leads_answered += 1
    person.leads_within_hour += 1 if hours <= 1.0 else 0
    person.answer_hours += hours
    return hours


@rule
def _give_feedback(choices, lead, pursued, now, firm):
    """Let marketing get feedback on an answered lead, more if it was pursued."""
    u = uniform_slot(firm[0].key, FEEDBACK_GIVEN, lead.born, lead.number, 0, 0)
    if u < now.lead_feedback:
        choices[lead.choice].feedback += 10.0 if pursued else 3.0


@rule
def _pursue(person, lead, hours, pitch, skilled, now, firm, parameters):
    """Pursue a lead; it is won or lost."""
    f = firm[0]
    f.leads_pursued += 1
    person.leads_pursued += 1
    win = win_chance(lead.fits, hours, pitch, skilled, now, parameters)
    if uniform(f.key, LEAD_WON, lead.born, lead.number, 0) < win:
        f.leads_won += 1
        f.pipeline += parameters[0].deal_value


@rule
def _close(person, lead, good, pursued, firm, parameters):
    """Close a lead, and update the rep's estimate of marketing's leads.

    A rep who pursued it has seen its fit; otherwise only its looks count, and less.
    Early bad leads lower the estimate, which can keep later leads from being pursued.
    """
    firm[0].leads_accepted += 1 if good else 0
    firm[0].leads_waiting -= 1
    person.leads_judged += 1
    lead.stage = LEAD_FREE
    step = parameters[0].estimate_step
    seen = 1.0 if good else 0.0
    if pursued:
        seen = 1.0 if lead.fits == 1 else 0.0
    else:
        step *= 0.25
    person.estimate += step * (seen - person.estimate)


@rule
def sell_inbound(market, people, choices, firm, structure, parameters):
    """Let sales win some of the prospects that come on their own (inbound)."""
    f = firm[0]
    p = parameters[0]
    now = structure[f.version]
    for k in range(f.inbound):
        win = win_chance(1, p.answer_hours, f.fit, 0.6, now, parameters)
        if uniform(f.key, LEAD_WON, f.week, k, 1) < win:
            f.inbound_won += 1
            f.pipeline += p.deal_value


@rule
def pass_on_leads(leads, reps, people, firm):
    """Give the leads of sales people who are away to those at work; count all.

    Each sales person's leads in hand are those that wait for an answer.
    """
    for k in range(reps.shape[0]):
        people[reps[k]].leads_in_hand = 0
    for k in range(firm[0].leads_listed):
        lead = leads[k]
        if lead.rep < 0 or people[lead.rep].status != WORKING:
            lead.rep = next_rep(reps, people, firm[0].week * 31 + lead.number)
        if lead.rep >= 0 and lead.stage == LEAD_WAITING:
            people[lead.rep].leads_in_hand += 1


@rule
def expire_leads(leads, firm, parameters):
    """Let leads that were not answered for too long expire, and compact the list.

    The list holds leads in order of arrival; closed ones are removed.
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
