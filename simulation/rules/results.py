"""Phases 7 and 9: results travel to those entitled to them; people test."""

import numpy as np

from simulation.arithmetic import exp
from simulation.chance import uniform, uniform_pair, uniform_slot
from simulation.compiled import rule
from simulation.purposes import (
    FUNNEL_RESULT,
    OWN_CHANNEL_RESULT,
    RESULT_REPORTED,
    SALES_FEEDBACK,
    TEST_RESULT,
    TEST_RUNS,
    WRITTEN,
)
from simulation.rules.bits import (
    ONE,
    ZERO,
    count,
    holds,
    lowest,
    mark,
    shows,
    weigh_one,
)
from simulation.rules.comparing import BETTER, NOTHING
from simulation.rules.journeys import journey_fit
from simulation.rules.news import turned
from simulation.rules.talk import absorption
from simulation.state import (
    EXECUTED,
    HISTORY,
    HISTORY_WEEKS,
    KNOWN,
    MATES,
    NEXT_KNOWN,
    NEXT_SURE,
    NEXT_VALUE,
    OWN,
    SALES,
    SURE,
    SURE_DIGITS,
    VALUE,
    VISIBLE,
    WANTED,
    WISHED,
    WORKING,
    WRITTEN_KNOWN,
    WRITTEN_VALUE,
)

UNREAD, NOT_SHOWN, SHOWN = range(3)
"""What this week's readings of an item say: nothing, not wanted, wanted."""


@rule
def _row_of(week, lag):
    """Return the market row with what was wanted `lag` weeks ago."""
    back = (week - int(lag) + HISTORY_WEEKS * 1024) % HISTORY_WEEKS
    return HISTORY + 2 * back


@rule
def _take_in(beliefs, person, i, c, shown, good, noted, steps, parameters):
    """Let a result change the sense of progress and the belief about own item `c`.

    The belief changes only if the result is `noted`, by `steps` of evidence.
    """
    if noted:
        weigh_one(beliefs, i, c, shown, steps, parameters)
    seen = 1.0 if good else 0.0
    person.progress += parameters[0].progress_memory * (seen - person.progress)


@rule
def read_results(
    market,
    people,
    choices,
    own,
    mates,
    beliefs,
    skill,
    i,
    firm,
    structure,
    parameters,
):
    """Let results of person `i`'s own items arrive, of the types that one gets to see.

    Own-channel results show the visible optimum of one item. Whole-funnel results show
    what is wanted, blurred while the rest of the journey is wrong. Sales people hear
    customers. Feedback on leads and talks about learning add readings. Counts of volume
    show nothing about fit.
    """
    person = people[i]
    for k in range(person.first_choice, person.last_choice):
        choices[own[k]].reading = UNREAD
    if person.status != WORKING:
        return
    now = structure[person.version]
    for k in range(person.first_choice, person.last_choice):
        c = own[k]
        fresh = freshness(choices[c], firm, parameters)
        _see_attention(market, choices, c, fresh, parameters)
        if person.maker == 1:
            _own_channel(
                market,
                people,
                choices,
                beliefs,
                skill,
                i,
                c,
                fresh,
                firm,
                now,
                parameters,
            )
        _whole_funnel(
            market,
            people,
            choices,
            mates,
            beliefs,
            skill,
            i,
            c,
            fresh,
            firm,
            now,
            parameters,
        )
        if choices[c].verdict > NOTHING:
            _before_and_after(people, choices, beliefs, i, c, parameters)
        if choices[c].feedback > 0.0:
            _lead_feedback(market, people, choices, beliefs, i, c, firm, parameters)


@rule
def _see_attention(market, choices, c, fresh, parameters):
    """Let attention to `c` follow its visible results, which count more when fresh."""
    shown = 0.0
    if shows(market, VISIBLE, c) == shows(market, EXECUTED, c):
        shown = fresh
    choices[c].attention += (shown - choices[c].attention) / (
        parameters[0].attention_weeks
    )


@rule
def freshness(choice, firm, parameters):
    """Return how much an item's results tell: most just after its launch.

    People look at few results of an item that has not changed for long.
    """
    p = parameters[0]
    age = max(0.0, float(firm[0].week - choice.launched))
    return p.result_floor + (1.0 - p.result_floor) * exp(-age / p.fresh_weeks)


@rule
def _adequacy(skill, i, domain):
    """Return how well a person reads a result, 0.5 to 1, by skill in its domain."""
    return min(1.0, 0.5 + 0.7 * skill[i, domain])


@rule
def _own_channel(
    market, people, choices, beliefs, skill, i, c, fresh, firm, now, parameters
):
    """Let an own-channel result of `c` arrive: the visible optimum, with error.

    It tells of the item by itself, whatever its mates show.
    """
    p = parameters[0]
    who = people[i].who
    u, v = uniform_pair(firm[0].key, OWN_CHANNEL_RESULT, firm[0].week, who, c)
    if u >= now.own_channel_results * fresh:
        return
    row = _row_of(firm[0].week, now.own_channel_lag_weeks)
    visible = shows(market, VISIBLE, c)
    shown = visible == (v < p.own_channel_accuracy)
    w = uniform_slot(firm[0].key, OWN_CHANNEL_RESULT, firm[0].week, who, c, 1)
    good = shown == shows(market, row + 1, c)
    understood = _adequacy(skill, i, choices[c].domain)
    _take_in(
        beliefs,
        people[i],
        i,
        c,
        shown,
        good,
        w < understood,
        p.evidence_own_channel,
        parameters,
    )


@rule
def _funnel_rate(person, now, parameters):
    """Return readings a week per item of what customers want, by role."""
    if person.maker == 1:
        return now.funnel_results
    if person.role == SALES:
        return parameters[0].customers_heard
    return parameters[0].others_results


@rule
def _whole_funnel(
    market,
    people,
    choices,
    mates,
    beliefs,
    skill,
    i,
    c,
    fresh,
    firm,
    now,
    parameters,
):
    """Let a result of the whole funnel arrive: what was wanted, seen through the rest.

    Talks about learning raise the rate, as they look at what the item led to.
    """
    p = parameters[0]
    person = people[i]
    f = firm[0]
    rate = _funnel_rate(person, now, parameters)
    items = max(1, person.last_choice - person.first_choice)
    asked = p.reflection_rate * person.talked * now.talks_about_learning / items
    rate += (1.0 - rate) * min(0.5, asked)
    rate *= fresh
    u, v = uniform_pair(f.key, FUNNEL_RESULT, f.week, person.who, c)
    if u >= rate:
        return
    lag = now.funnel_lag_weeks
    if person.role == SALES:
        lag = 1.0
    row = _row_of(f.week, lag)
    rest = journey_fit(market, choices, mates, c, row, row + 1)
    accuracy = 0.5 + (p.funnel_accuracy - 0.5) * (0.3 + 0.7 * rest)
    if person.role == SALES:
        accuracy = p.customer_accuracy
    shown = shows(market, row, c) == (v < accuracy)
    good = shown == shows(market, row + 1, c)
    shown = turned(beliefs, i, c, shown)
    choices[c].reading = SHOWN if shown else NOT_SHOWN
    w = uniform_slot(f.key, FUNNEL_RESULT, f.week, person.who, c, 1)
    understood = _adequacy(skill, i, choices[c].domain)
    _take_in(
        beliefs,
        person,
        i,
        c,
        shown,
        good,
        w < understood,
        p.evidence_funnel,
        parameters,
    )
    _along_the_journey(
        market,
        choices,
        mates,
        beliefs,
        skill,
        i,
        c,
        row,
        accuracy,
        firm,
        person,
        parameters,
    )


@rule
def _along_the_journey(
    market,
    choices,
    mates,
    beliefs,
    skill,
    i,
    c,
    row,
    accuracy,
    firm,
    person,
    parameters,
):
    """Let a whole-funnel result also tell about another item of the same journey.

    How well it is understood depends on skill in that item's domain.
    """
    f = firm[0]
    choice = choices[c]
    u = uniform_slot(f.key, FUNNEL_RESULT, f.week, person.who, c, 2)
    v = uniform_slot(f.key, FUNNEL_RESULT, f.week, person.who, c, 3)
    w = uniform_slot(f.key, FUNNEL_RESULT, f.week, person.who, c, 4)
    other = mates[choice.first_mate + int(u * (choice.last_mate - choice.first_mate))]
    if other == c:
        return
    domain = choices[other].domain
    shown = shows(market, row, other) == (v < accuracy)
    shown = turned(beliefs, i, other, shown)
    if w < absorption(skill, i, domain):
        steps = parameters[0].evidence_funnel
        weigh_one(beliefs, i, other, shown, steps, parameters)


@rule
def _before_and_after(people, choices, beliefs, i, c, parameters):
    """Let the results since a change of `c` show whether the change is wanted."""
    choice = choices[c]
    good = choice.verdict == BETTER
    shown = turned(beliefs, i, c, good == (choice.executed == 1))
    choice.reading = SHOWN if shown else NOT_SHOWN
    steps = parameters[0].evidence_before_after
    _take_in(
        beliefs,
        people[i],
        i,
        c,
        shown,
        good,
        True,
        steps,
        parameters,
    )


@rule
def _lead_feedback(market, people, choices, beliefs, i, c, firm, parameters):
    """Let the feedback of sales on leads of `c` change the belief about it."""
    p = parameters[0]
    f = firm[0]
    told = 0.1 * choices[c].feedback  # whole tenths: the order of sums does not matter
    miss = exp(-p.feedback_step * told)
    choices[c].feedback = 0.0
    u, v = uniform_pair(f.key, SALES_FEEDBACK, f.week, people[i].who, c)
    if u < miss:
        return
    row = _row_of(f.week, 1)
    shown = shows(market, row, c) == (v < p.customer_accuracy)
    good = shown == shows(market, row + 1, c)
    shown = turned(beliefs, i, c, shown)
    choices[c].reading = SHOWN if shown else NOT_SHOWN
    _take_in(
        beliefs,
        people[i],
        i,
        c,
        shown,
        good,
        True,
        p.evidence_funnel,
        parameters,
    )


@rule
def run_tests(market, people, choices, own, beliefs, skill, i, firm, parameters):
    """Let person `i` test an own item, with a probability by the hours set aside.

    A test shows, with less error than results, what is wanted of one item now. The item
    is drawn among those about which the person has no belief, or else among all.
    """
    person = people[i]
    if person.hours_testing <= 0.0 or person.last_choice == person.first_choice:
        return
    p = parameters[0]
    f = firm[0]
    chance = person.hours_testing / p.test_hours
    if uniform(f.key, TEST_RUNS, f.week, person.who, 0) >= chance:
        return
    best = -1
    best_score = -1.0
    for k in range(person.first_choice, person.last_choice):
        c = own[k]
        score = uniform(f.key, TEST_RUNS, f.week, person.who, c + 1)
        if not holds(beliefs, i, KNOWN, c):
            score += 1.0
        if score > best_score:
            best = c
            best_score = score
    u, v = uniform_pair(f.key, TEST_RESULT, f.week, person.who, best)
    shown = shows(market, WANTED, best) == (u < p.test_accuracy)
    shown = turned(beliefs, i, best, shown)
    choices[best].reading = SHOWN if shown else NOT_SHOWN
    if v < _adequacy(skill, i, choices[best].domain):
        weigh_one(beliefs, i, best, shown, p.evidence_test, parameters)


@rule
def hear_results(people, choices, own, reports, beliefs, i, firm, parameters):
    """Let leader `i` hear the line's readings of customers' wishes.

    Each of this week's readings is heard with a probability that rises with the hours
    of talks about learning and of listening. Own-channel figures are not reported.
    """
    leader = people[i]
    if leader.status != WORKING or leader.hears <= 0.0:
        return
    p = parameters[0]
    f = firm[0]
    chance = 1.0 - exp(-p.results_heard * leader.hears)
    for r in range(leader.first_report, leader.last_report):
        person = people[reports[r]]
        if person.leader != i:
            continue
        for k in range(person.first_choice, person.last_choice):
            c = own[k]
            if choices[c].reading == UNREAD:
                continue
            if uniform(f.key, RESULT_REPORTED, f.week, leader.seat, c) < chance:
                shown = choices[c].reading == SHOWN
                weigh_one(beliefs, i, c, shown, p.evidence_funnel, parameters)


@rule
def commit(beliefs, market, strategy, people, i, firm, structure):
    """Make the beliefs that person `i` formed in this phase the beliefs held.

    Counts, for own items only, beliefs that become right (corrections) and right ones
    that are lost (corruptions). A share of changed beliefs is written down.
    """
    person = people[i]
    share = structure[person.version].written_share
    for word in range(beliefs.shape[2]):
        known = beliefs[i, KNOWN, word]
        value = beliefs[i, VALUE, word]
        known_next = beliefs[i, NEXT_KNOWN, word]
        value_next = beliefs[i, NEXT_VALUE, word]
        for digit in range(SURE_DIGITS):
            beliefs[i, SURE + digit, word] = beliefs[i, NEXT_SURE + digit, word]
        changed = (known ^ known_next) | (known_next & (value ^ value_next))
        if changed == ZERO:
            continue
        right = known & ~(value ^ market[WISHED, word])
        right_next = known_next & ~(value_next ^ market[WISHED, word])
        mine = beliefs[i, OWN, word]
        person.corrections += count(mine & right_next & ~right)
        person.corruptions += count(mine & right & ~right_next)
        beliefs[i, KNOWN, word] = known_next
        beliefs[i, VALUE, word] = value_next
        _write_down(strategy, word, changed & mine, value_next, share, firm, person)


@rule
def _write_down(strategy, word, changed, value, share, firm, person):
    """Write down a share of changed beliefs about own items, as they are now."""
    if share <= 0.0:
        return
    while changed != ZERO:
        lane = lowest(changed)
        changed &= changed - ONE
        c = word * 64 + lane
        if uniform(firm[0].key, WRITTEN, firm[0].week, c, 0) < share:
            on = (value >> np.uint64(lane)) & ONE == ONE
            mark(strategy, WRITTEN_KNOWN, c, True)
            mark(strategy, WRITTEN_VALUE, c, on)


@rule
def count_stock(beliefs, market, people, i, parameters):
    """Count person `i`'s right, wrong and missing beliefs about own items.

    Also count right beliefs about others' items in the same journeys, and compute how
    sure the person is of own items: mean evidence over the highest possible.
    """
    person = people[i]
    right = 0
    wrong = 0
    total = 0
    mates_right = 0
    steps = 0
    for word in range(beliefs.shape[2]):
        mine = beliefs[i, OWN, word]
        known = beliefs[i, KNOWN, word] & mine
        agree = ~(beliefs[i, VALUE, word] ^ market[WISHED, word])
        right += count(known & agree)
        others = beliefs[i, MATES, word]
        mates_right += count(beliefs[i, KNOWN, word] & others & agree)
        wrong += count(known & ~agree)
        total += count(mine)
        steps += count(beliefs[i, SURE, word] & mine)
        steps += 2 * count(beliefs[i, SURE + 1, word] & mine)
        steps += 4 * count(beliefs[i, SURE + 2, word] & mine)
    steps += right + wrong
    person.sureness = steps / max(1.0, total * parameters[0].evidence_limit)
    person.right = right
    person.mates_right = mates_right
    person.wrong = wrong
    person.unknown = total - right - wrong
