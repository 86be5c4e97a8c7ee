"""Phase 1: the market's wishes drift, and it reacts to what is executed."""

from simulation.arithmetic import power
from simulation.chance import poisson, uniform, uniform_pair
from simulation.compiled import rule
from simulation.purposes import (
    INBOUND,
    LEAD_CHOICE,
    LEAD_FITS,
    PROSPECTS,
    SHOCK,
    VISIBLE_REDRAWN,
    WISH_DRIFTS,
)
from simulation.rules.bits import holds, mark, shows
from simulation.rules.journeys import fits, journey_fit, turn_wishes
from simulation.rules.news import would_do
from simulation.state import (
    EXECUTED,
    HISTORY,
    HISTORY_WEEKS,
    KNOWN,
    LEAD_WAITING,
    UNSEEN,
    VALUE,
    VISIBLE,
    WANTED,
    WISHED,
    WORKING,
)


@rule
def flip_wish(market, c, firm, parameters):
    """Flip the wish for choice `c`, and draw its visible optimum anew."""
    wished = not shows(market, WISHED, c)
    mark(market, WISHED, c, wished)
    u = uniform(firm[0].key, VISIBLE_REDRAWN, firm[0].week, c, 0)
    agrees = u < parameters[0].visible_agrees
    mark(market, VISIBLE, c, wished == agrees)


@rule
def move_market(market, choices, mates, firm, structure, parameters):
    """Flip each wish with the probability of drift, and store the week in history."""
    now = structure[firm[0].version]
    drift = now.market_drift * now.market_turbulence
    for c in range(choices.shape[0]):
        if choices[c].exists == 1:
            if uniform(firm[0].key, WISH_DRIFTS, firm[0].week, c, 0) < drift:
                flip_wish(market, c, firm, parameters)
    turn_wishes(market, choices, mates)
    row = HISTORY + 2 * ((firm[0].week + HISTORY_WEEKS * 1024) % HISTORY_WEEKS)
    for word in range(market.shape[1]):
        market[row, word] = market[WANTED, word]
        market[row + 1, word] = market[EXECUTED, word]


@rule
def shock_market(market, choices, beliefs, firm, parameters):
    """Flip a share of all wishes at once: the standard shock of the probe run.

    In the paired run the same choices are only marked. Marked are the choices about
    which the executor was right, so that the shock makes the belief wrong.
    """
    if firm[0].shock_week != firm[0].week:
        return
    for c in range(choices.shape[0]):
        choices[c].shocked = 0
        if choices[c].exists == 1:
            u = uniform(firm[0].key, SHOCK, firm[0].week, c, 0)
            if u < parameters[0].shock_share:
                right = executor_is_right(market, choices, beliefs, c)
                choices[c].shocked = 1 if right else 0
                if firm[0].shock_is_real == 1:
                    flip_wish(market, c, firm, parameters)


@rule
def executor_is_right(market, choices, beliefs, c):
    """Return whether the executor of `c` believes what the market wants."""
    i = choices[c].executor
    if not holds(beliefs, i, KNOWN, c):
        return False
    return holds(beliefs, i, VALUE, c) == shows(market, WISHED, c)


@rule
def _says_the_same(people, beliefs, choices, mates, c):
    """Return how far the other executors of a journey agree with `c`, 0 to 1.

    It is the mean over them: 1 if they would do what is executed, 0 if not, and 0.5
    without a belief; 1 if there are no others.
    """
    choice = choices[c]
    agreement = 0.0
    others = 0.0
    for k in range(choice.first_mate, choice.last_mate):
        speaker = choices[mates[k]].executor
        if mates[k] != c and speaker != choice.executor:
            others += 1.0
            if not holds(beliefs, speaker, KNOWN, c):
                agreement += 0.5
            elif would_do(beliefs, speaker, c) == (choice.executed == 1):
                agreement += 1.0
    if others == 0.0:
        return 1.0
    return agreement / others


@rule
def judge_offer(market, people, beliefs, choices, mates, firm):
    """Compute the fit of choices and journeys, and the consistency of the message."""
    turn_wishes(market, choices, mates)
    right = 0.0
    whole = 0.0
    message = 0.0
    for c in range(choices.shape[0]):
        if choices[c].exists == 1:
            message += _says_the_same(people, beliefs, choices, mates, c)
            if fits(market, c, WANTED, EXECUTED):
                right += 1.0
                if journey_fit(market, choices, mates, c, WANTED, EXECUTED) == 1.0:
                    whole += 1.0
    firm[0].fit = right / firm[0].items
    firm[0].bundle_fit = whole / firm[0].items
    firm[0].consistency = message / firm[0].items


@rule
def reach(firm, parameters, now, per_item):
    """Return the week's expected prospects, from brand, spend and competition.

    Elasticities of spend and brand after Sethuraman, Tellis & Briesch (2011).
    """
    p = parameters[0]
    spend = p.spend_floor + (1.0 - p.spend_floor) * firm[0].budget
    base = per_item * firm[0].channel_items * power(firm[0].brand, p.brand_elasticity)
    open_market = 1.0 - p.competition_loss * now.competition
    return base * power(spend, p.spend_elasticity) * open_market


@rule
def lead_chance(market, people, choices, c, parameters):
    """Return the probability that a prospect reached through `c` becomes a lead."""
    p = parameters[0]
    person = people[choices[c].executor]
    usual = person.contract * p.routine_load / p.hours_per_deliverable
    volume = min(1.5, person.deliverables / usual)
    pull = 1.0
    if shows(market, VISIBLE, c) == shows(market, EXECUTED, c):
        pull += p.lead_visible
    return p.lead_base * pull * volume / (0.5 + 0.5 * volume)


@rule
def fit_chance(market, people, choices, mates, c, firm, parameters):
    """Return the probability that a lead of `c` fits what the customer needs."""
    p = parameters[0]
    chance = p.fit_base + p.fit_craft * people[choices[c].executor].craft
    chance += p.fit_consistency * firm[0].consistency
    if fits(market, c, WANTED, EXECUTED):
        chance += p.fit_choice
        if journey_fit(market, choices, mates, c, WANTED, EXECUTED) == 1.0:
            chance += p.fit_bundle
    return min(1.0, chance)


@rule
def meet_market(
    market,
    people,
    choices,
    mates,
    channel_items,
    leads,
    reps,
    firm,
    structure,
    parameters,
):
    """Let this week's prospects come in; those that become leads go to sales.

    Prospect k has an address of its own, so that a larger number of prospects includes
    those of a smaller one.
    """
    f = firm[0]
    now = structure[f.version]
    mean = reach(firm, parameters, now, parameters[0].prospects_per_item)
    f.prospects = poisson(uniform(f.key, PROSPECTS, f.week, 0, 0), mean)
    for k in range(f.prospects):
        u_choice, u_lead = uniform_pair(f.key, LEAD_CHOICE, f.week, k, 0)
        c = channel_items[int(u_choice * channel_items.shape[0])]
        if u_lead < lead_chance(market, people, choices, c, parameters):
            chance = fit_chance(market, people, choices, mates, c, firm, parameters)
            u_fit = uniform(f.key, LEAD_FITS, f.week, k, 0)
            _hand_over(leads, reps, people, firm, c, k, u_fit < chance)
    mean = reach(firm, parameters, now, parameters[0].inbound_per_item)
    f.inbound = poisson(uniform(f.key, INBOUND, f.week, 0, 0), mean)


@rule
def _hand_over(leads, reps, people, firm, c, k, fits):
    """Add a lead to the end of the list, and give it to the next rep at work."""
    f = firm[0]
    f.leads_handed += 1
    if fits:
        f.leads_fitting += 1
    if f.leads_listed == leads.shape[0]:
        _strike_off_oldest(leads, firm)
    lead = leads[f.leads_listed]
    f.leads_listed += 1
    f.leads_waiting += 1
    lead.stage = LEAD_WAITING
    lead.born = f.week
    lead.choice = c
    lead.number = k
    lead.fits = 1 if fits else 0
    lead.due = UNSEEN
    lead.rep = next_rep(reps, people, f.week * 31 + k)


@rule
def _strike_off_oldest(leads, firm):
    """Let the oldest lead of a full list expire."""
    f = firm[0]
    if leads[0].stage == LEAD_WAITING:
        f.leads_waiting -= 1
        f.leads_expired += 1
    for k in range(1, f.leads_listed):
        leads[k - 1] = leads[k]
    f.leads_listed -= 1


@rule
def next_rep(reps, people, turn):
    """Return the sales person whose turn it is among those at work, or -1."""
    n = reps.shape[0]
    for step in range(n):
        rep = reps[(turn + step + n * 4096) % n]
        if people[rep].status == WORKING:
            return rep
    return -1
