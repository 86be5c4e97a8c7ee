"""Phase 8: people talk over their ties and learn from those whose record is better."""

import numpy as np

from simulation.arithmetic import exp, power
from simulation.chance import bernoulli_word, uniform
from simulation.compiled import rule
from simulation.purposes import LISTEN_ADOPTS, PICTURE, TALK_ADOPTS, TIE_ACTIVE
from simulation.rules.bits import DOMAIN_LANES, ZERO, add_vote, more_votes
from simulation.rules.work import tie_hours
from simulation.state import (
    KNOWN,
    LEADER,
    NEXT_KNOWN,
    NEXT_VALUE,
    VALUE,
    WORKING,
)

PLANES = 4
MOST_VOTES = 15
"""Colleagues one can weigh against one another in a week: what four planes count."""


@rule
def better_lanes(record, i, j):
    """Return the lanes of the domains in which `j`'s record beats `i`'s."""
    lanes = ZERO
    for d in range(record.shape[1]):
        if record[j, d] > record[i, d]:
            lanes |= DOMAIN_LANES << np.uint64(d)
    return lanes


@rule
def overlap(skill, i, j):
    """Return how far two profiles overlap, 0 to 1 (common skill over total skill)."""
    common = 0.0
    total = 0.0
    for d in range(skill.shape[1]):
        common += min(skill[i, d], skill[j, d])
        total += max(skill[i, d], skill[j, d])
    if total <= 0.0:
        return 0.0
    return common / total


@rule
def openness(people, ties, skill, i, j, tie, parameters):
    """Return how much of what `j` knows can pass to `i` when they meet, 0 to 1.

    Trust, safety and overlap of profiles help; territory between teams hinders.
    """
    p = parameters[0]
    understood = p.overlap_floor + (1.0 - p.overlap_floor) * overlap(skill, i, j)
    open_to = 0.5 + 0.5 * people[i].safety
    guarded = 0.0
    if people[i].team != people[j].team:
        guarded = max(people[i].territory, people[j].territory)
    return ties[tie].trust * understood * open_to * (1.0 - guarded)


@rule
def adopt_majority(beliefs, ones, zeros, word, i, probability, key, week, who, purpose):
    """Let person `i` adopt each majority belief of a poll with `probability`.

    The rule of Fang, Lee & Schilling (2010), which March (1991) uses for the code:
    lanes in which more of those polled say one thing than the other are taken over,
    each by an addressed draw of its own.
    """
    for_it = more_votes(ones, zeros)
    against = more_votes(zeros, ones)
    known = beliefs[i, KNOWN, word]
    value = beliefs[i, VALUE, word]
    differs = (for_it & ~(known & value)) | (against & ~(known & ~value))
    if differs == ZERO:
        return
    taken = bernoulli_word(key, purpose, week, who, word, probability, differs)
    beliefs[i, NEXT_KNOWN, word] |= taken
    beliefs[i, NEXT_VALUE, word] = (beliefs[i, NEXT_VALUE, word] & ~taken) | (
        taken & for_it
    )


@rule
def meet_colleagues(
    people, ties, hours, neighbours, skill, active, opened, i, firm, parameters
):
    """Find with whom person `i` talks this week, and how open each exchange is.

    Fills `active[k]` with the colleague of the k-th exchange and `opened[k]` with its
    openness; returns how many there are. Bundled knowledge needs strong ties: an
    exchange over `h` hours takes place with probability (1 - exp(-h))^(1 +
    complexity) (Hansen 1999).
    """
    p = parameters[0]
    f = firm[0]
    met = 0
    for k in range(people[i].first_tie, people[i].last_tie):
        tie = neighbours[k].tie
        h = tie_hours(people, ties, hours, tie)
        if h <= 0.0 or met >= MOST_VOTES:
            continue
        chance = power(1.0 - exp(-h), 1.0 + p.tie_complexity)
        a = people[ties[tie].a].seat
        b = people[ties[tie].b].seat
        if uniform(f.key, TIE_ACTIVE, f.week, a, b) < chance:
            j = neighbours[k].person
            active[met] = j
            opened[met] = openness(people, ties, skill, i, j, tie, parameters)
            met += 1
    return met


@rule
def talk(
    people,
    ties,
    hours,
    neighbours,
    beliefs,
    record,
    skill,
    i,
    firm,
    parameters,
):
    """Let person `i` learn from the better informed among those met this week."""
    person = people[i]
    if person.status != WORKING:
        return
    active = np.zeros(MOST_VOTES, np.int64)
    opened = np.zeros(MOST_VOTES)
    met = meet_colleagues(
        people, ties, hours, neighbours, skill, active, opened, i, firm, parameters
    )
    if met == 0:
        return
    _picture_from_peers(people, active, met, i, firm, parameters)
    ones = np.zeros(PLANES, np.uint64)
    zeros = np.zeros(PLANES, np.uint64)
    f = firm[0]
    for word in range(beliefs.shape[2]):
        openly = _hear(beliefs, record, active, opened, met, word, i, ones, zeros)
        step = parameters[0].talk_step * openly
        adopt_majority(
            beliefs, ones, zeros, word, i, step, f.key, f.week, person.who, TALK_ADOPTS
        )


@rule
def _hear(beliefs, record, active, opened, met, word, i, ones, zeros):
    """Poll those met who know better; return how open these exchanges are."""
    for p in range(PLANES):
        ones[p] = ZERO
        zeros[p] = ZERO
    heard_from = 0
    openly = 0.0
    for k in range(met):
        j = active[k]
        heard = beliefs[j, KNOWN, word] & better_lanes(record, i, j)
        if heard != ZERO:
            add_vote(ones, heard & beliefs[j, VALUE, word])
            add_vote(zeros, heard & ~beliefs[j, VALUE, word])
            openly += opened[k]
            heard_from += 1
    if heard_from > 0:
        openly /= heard_from
    return openly


@rule
def _picture_from_peers(people, active, met, i, firm, parameters):
    """Let a clearer colleague's picture of priorities rub off on person `i`."""
    if people[i].role == LEADER:
        return
    f = firm[0]
    j = active[int(met * uniform(f.key, PICTURE, f.week, people[i].who, 6))]
    u = uniform(f.key, PICTURE, f.week, people[i].who, 3)
    if people[j].clarity > people[i].clarity and u < parameters[0].picture_from_peers:
        people[i].next_picture = people[j].picture


@rule
def listen(people, reports, beliefs, record, i, firm, parameters):
    """Let leader `i` learn from the people in the line, for the hours of listening.

    The leader's picture of the market ages with the market unless people are heard.
    """
    leader = people[i]
    if leader.status != WORKING or leader.listen_each <= 0.0:
        return
    f = firm[0]
    ones = np.zeros(PLANES, np.uint64)
    zeros = np.zeros(PLANES, np.uint64)
    for word in range(beliefs.shape[2]):
        for p in range(PLANES):
            ones[p] = ZERO
            zeros[p] = ZERO
        polled = 0
        for r in range(leader.first_report, leader.last_report):
            j = reports[r]
            if (
                people[j].leader == i
                and people[j].status == WORKING
                and polled < MOST_VOTES
            ):
                polled += 1
                heard = beliefs[j, KNOWN, word] & better_lanes(record, i, j)
                add_vote(ones, heard & beliefs[j, VALUE, word])
                add_vote(zeros, heard & ~beliefs[j, VALUE, word])
        step = 1.0 - exp(-parameters[0].listening_step * leader.listen_each)
        adopt_majority(
            beliefs,
            ones,
            zeros,
            word,
            i,
            step,
            f.key,
            f.week,
            leader.who,
            LISTEN_ADOPTS,
        )
