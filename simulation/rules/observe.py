"""The week's record: sums over people, items and leads, as the outcomes define them."""

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
    WANTED,
    WORKING,
)

LONGEST_WAIT = 64


@rule
def reset_counts(firm):
    """Set back what the firm counts by the week."""
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
def observe(people, choices, beliefs, market, strategy, firm, parameters, row):
    """Fill the weekly record: burnout before leavers go, those on leave included."""
    _observe_offer(choices, beliefs, market, strategy, firm, row)
    _observe_people(people, firm, parameters, row)
    _observe_makers(people, parameters, row)
    _observe_queue(people, choices, firm, row)
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
    """Note what the strategy holds right, and what the shock left wrong."""
    right = 0.0
    row[0].shocked_wrong = 0.0
    for c in range(choices.shape[0]):
        if choices[c].exists == 1 and shows(strategy, KNOWN, c):
            if shows(strategy, VALUE, c) == shows(market, WANTED, c):
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
    """Return the standard deviation from sums (0 for fewer than two)."""
    if size < 2.0:
        return 0.0
    mean = total / size
    return np.sqrt(max(0.0, squares / size - mean * mean))


@rule
def _observe_makers(people, parameters, row):
    """Note means and spreads over marketing and communication, externals left out."""
    r = row[0]
    sums = np.zeros(9)
    squares = np.zeros(4)
    size = 0.0
    complaints = 0.0
    score = 0.0
    away = 0.0
    for i in range(people.shape[0]):
        person = people[i]
        if person.maker == 0 or person.external == 1 or person.status == VACANT:
            continue
        size += 1.0
        score += person.score
        complaints += 1.0 if person.score > parameters[0].complaints_above else 0.0
        away += 1.0 if person.status == ON_LEAVE else 0.0
        sums[0] += person.ownership
        sums[1] += person.motivation
        sums[2] += person.clarity
        sums[3] += person.safety
        sums[4] += person.control
        sums[5] += person.demands
        sums[6] += person.support
        sums[7] += person.territory
        sums[8] += person.exhaustion
        squares[0] += person.ownership * person.ownership
        squares[1] += person.motivation * person.motivation
        squares[2] += person.clarity * person.clarity
        squares[3] += person.safety * person.safety
    n = max(1.0, size)
    r.makers = size
    r.makers_complaints = complaints
    r.makers_score = score
    r.makers_on_leave = away
    r.ownership = sums[0] / n
    r.ownership_spread = _spread(sums[0], squares[0], size)
    r.motivation = sums[1] / n
    r.motivation_spread = _spread(sums[1], squares[1], size)
    r.clarity = sums[2] / n
    r.clarity_spread = _spread(sums[2], squares[2], size)
    r.safety = sums[3] / n
    r.safety_spread = _spread(sums[3], squares[3], size)
    r.control = sums[4] / n
    r.demands = sums[5] / n
    r.support = sums[6] / n
    r.territory = sums[7] / n
    r.exhaustion = sums[8] / n
    r.fatigue = _mean_fatigue(people, n)


@rule
def _mean_fatigue(people, n):
    total = 0.0
    for i in range(people.shape[0]):
        person = people[i]
        if person.maker == 1 and person.external == 0 and person.status != VACANT:
            total += person.fatigue
    return total / n


@rule
def _observe_queue(people, choices, firm, row):
    """Note how long items wait for leaders: mean parts and the 90th percentile."""
    r = row[0]
    waits = np.zeros(LONGEST_WAIT, np.int64)
    waiting = 0
    total = 0
    for c in range(choices.shape[0]):
        choice = choices[c]
        if choice.exists == 0:
            continue
        if choice.stage == AT_GATE:
            waiting += 1
            total += 1
            waits[min(LONGEST_WAIT - 1, firm[0].week - choice.proposed)] += 1
        elif choice.decided == firm[0].week:
            total += 1
            waits[min(LONGEST_WAIT - 1, int(choice.wait))] += 1
    r.waiting_items = waiting
    r.decision_weeks_p90 = np.nan
    seen = 0
    for w in range(LONGEST_WAIT):
        seen += waits[w]
        if total > 0 and seen >= 0.9 * total:
            r.decision_weeks_p90 = w
            return
