"""The weekly record: sums over people, items and leads, as outcomes need them."""

import numpy as np

from simulation.compiled import rule
from simulation.rules.bits import shows
from simulation.rules.market import executor_is_right
from simulation.state import (
    AT_GATE,
    KNOWN,
    ON_LEAVE,
    VACANT,
    VALUE,
    WISHED,
    WORKING,
)


@rule
def reset_counts(firm):
    """Set the firm's weekly counts to zero."""
    f = firm[0]
    f.prospects = 0
    f.leads_handed = 0
    f.leads_fitting = 0
    f.leads_accepted = 0
    f.leads_pursued = 0
    f.leads_answered = 0
    f.leads_won = 0
    f.leads_expired = 0
    f.inbound = 0
    f.inbound_won = 0
    f.decisions = 0
    f.decision_weeks = 0.0
    f.launches = 0
    f.initiative_items = 0
    f.joiners = 0
    f.leavers = 0
    f.exhausted_exits = 0
    f.kept = 0
    f.lost = 0


@rule
def observe(people, choices, beliefs, market, strategy, firm, parameters, row, waits):
    """Fill the weekly record; burnout includes leavers and people on leave."""
    _observe_offer(choices, beliefs, market, strategy, firm, row)
    _observe_people(people, firm, parameters, row)
    _observe_makers(people, parameters, row)
    _observe_queue(choices, firm, row, waits)
    _observe_firm(firm, row)


@rule
def _observe_firm(firm, row):
    f = firm[0]
    r = row[0]
    r.week = f.week
    r.prospects = f.prospects
    r.leads_handed = f.leads_handed
    r.leads_fitting = f.leads_fitting
    r.leads_accepted = f.leads_accepted
    r.leads_pursued = f.leads_pursued
    r.leads_answered = f.leads_answered
    r.leads_won = f.leads_won
    r.inbound_won = f.inbound_won
    r.revenue = f.revenue
    r.cost = f.cost
    r.change_cost = f.change_cost
    r.brand = f.brand
    r.budget = f.budget
    r.brand_consistency = f.consistency
    r.market_fit = f.fit
    r.bundle_fit = f.bundle_fit
    r.items = f.items
    r.initiative_items = f.initiative_items
    r.decisions = f.decisions
    r.decision_weeks = f.decision_weeks
    r.leavers = f.leavers
    r.joiners = f.joiners
    r.exhausted_exits = f.exhausted_exits
    r.kept_beliefs = f.kept
    r.lost_beliefs = f.lost


@rule
def _observe_offer(choices, beliefs, market, strategy, firm, row):
    """Record the strategy's right beliefs, and those that the shock made wrong."""
    right = 0.0
    row[0].shocked_wrong = 0.0
    for c in range(choices.shape[0]):
        if choices[c].exists == 1 and shows(strategy, KNOWN, c):
            if shows(strategy, VALUE, c) == shows(market, WISHED, c):
                right += 1.0
        if choices[c].shocked == 1:
            if not executor_is_right(market, choices, beliefs, c):
                row[0].shocked_wrong += 1.0
    row[0].strategy_right = right / firm[0].items


@rule
def _observe_people(people, firm, parameters, row):
    """Sum hours, learning and burnout over everybody."""
    r = row[0]
    employees = 0.0
    complaints = 0.0
    score = 0.0
    away = 0.0
    named = 0.0
    seated = 0.0
    reached = 0.0
    r.stock_wrong = 0.0
    r.stock_start = 0.0
    r.corrections = 0.0
    r.corruptions = 0.0
    r.hours_worked = 0.0
    r.hours_initiative = 0.0
    r.hours_side = 0.0
    r.hours_rework = 0.0
    r.hours_duplicate = 0.0
    r.hours_meeting = 0.0
    r.hours_overtime = 0.0
    r.hours_testing = 0.0
    r.hours_sick = 0.0
    r.leader_hours = 0.0
    r.leader_review_hours = 0.0
    for i in range(people.shape[0]):
        person = people[i]
        r.stock_wrong += person.wrong + person.unknown
        r.stock_start += person.stock_start
        r.corrections += person.corrections
        r.corruptions += person.corruptions
        if person.status == VACANT:
            continue
        seated += 1.0
        reached += 1.0 if person.version >= firm[0].version else 0.0
        named += person.told
        r.hours_worked += person.hours_total
        r.hours_initiative += person.hours_initiative
        r.hours_side += person.hours_side
        r.hours_rework += person.hours_rework
        r.hours_duplicate += person.hours_duplicate
        r.hours_meeting += person.hours_meeting + person.hours_talks
        r.hours_overtime += person.hours_over
        r.hours_testing += person.hours_testing
        r.hours_sick += person.hours_sick
        if person.last_report > person.first_report and person.status == WORKING:
            r.leader_hours += person.contract
            r.leader_review_hours += person.hours_review
        if person.external == 0:
            employees += 1.0
            score += person.score
            if person.score > parameters[0].complaints_above:
                complaints += 1.0
            if person.status == ON_LEAVE:
                away += 1.0
    r.employees = employees
    r.employees_complaints = complaints
    r.employees_score = score
    r.employees_on_leave = away
    r.seats = people.shape[0]
    r.strategy_known = named / max(1.0, seated)
    r.change_reached = reached / max(1.0, seated)


@rule
def _spread(total, squares, size):
    """Return the standard deviation from sums; 0 for fewer than two values."""
    if size < 2.0:
        return 0.0
    mean = total / size
    return np.sqrt(max(0.0, squares / size - mean * mean))


@rule
def _observe_makers(people, parameters, row):
    """Record means and spreads over marketing and communication, without externals."""
    r = row[0]
    r.makers_complaints = 0.0
    r.makers_score = 0.0
    r.makers_on_leave = 0.0
    r.ownership = r.ownership_spread = 0.0
    r.motivation = r.motivation_spread = 0.0
    r.clarity = r.clarity_spread = 0.0
    r.safety = r.safety_spread = 0.0
    r.control = 0.0
    r.demands = 0.0
    r.support = 0.0
    r.territory = 0.0
    r.exhaustion = 0.0
    r.fatigue = 0.0
    size = 0.0
    for i in range(people.shape[0]):
        person = people[i]
        if person.maker == 0 or person.external == 1 or person.status == VACANT:
            continue
        size += 1.0
        r.makers_score += person.score
        r.makers_complaints += (
            1.0 if person.score > parameters[0].complaints_above else 0.0
        )
        r.makers_on_leave += 1.0 if person.status == ON_LEAVE else 0.0
        r.ownership += person.ownership
        r.motivation += person.motivation
        r.clarity += person.clarity
        r.safety += person.safety
        r.control += person.control
        r.demands += person.demands
        r.support += person.support
        r.territory += person.territory
        r.exhaustion += person.exhaustion
        r.fatigue += person.fatigue
        r.ownership_spread += person.ownership * person.ownership
        r.motivation_spread += person.motivation * person.motivation
        r.clarity_spread += person.clarity * person.clarity
        r.safety_spread += person.safety * person.safety
    r.makers = size
    r.ownership_spread = _spread(r.ownership, r.ownership_spread, size)
    r.motivation_spread = _spread(r.motivation, r.motivation_spread, size)
    r.clarity_spread = _spread(r.clarity, r.clarity_spread, size)
    r.safety_spread = _spread(r.safety, r.safety_spread, size)
    n = max(1.0, size)
    r.ownership /= n
    r.motivation /= n
    r.clarity /= n
    r.safety /= n
    r.control /= n
    r.demands /= n
    r.support /= n
    r.territory /= n
    r.exhaustion /= n
    r.fatigue /= n


@rule
def _observe_queue(choices, firm, row, waits):
    """Record waits for leaders: the parts of their mean, and the 90th percentile."""
    r = row[0]
    for w in range(waits.shape[0]):
        waits[w] = 0
    longest = waits.shape[0] - 1
    waiting = 0
    total = 0
    for c in range(choices.shape[0]):
        choice = choices[c]
        if choice.exists == 0:
            continue
        if choice.stage == AT_GATE:
            waiting += 1
            total += 1
            waits[min(longest, firm[0].week - choice.proposed)] += 1
        elif choice.decided == firm[0].week:
            total += 1
            waits[min(longest, int(choice.wait))] += 1
    r.waiting_items = waiting
    r.decision_weeks_p90 = np.nan
    seen = 0
    for w in range(waits.shape[0]):
        seen += waits[w]
        if total > 0 and seen >= 0.9 * total:
            r.decision_weeks_p90 = w
            return
