"""Phase 10: the strategy learns from people with a voice; people learn from it."""

import numpy as np

from simulation.arithmetic import exp, power
from simulation.chance import bernoulli_word, uniform
from simulation.compiled import rule
from simulation.purposes import (
    HAS_VOICE,
    HEARS_STRATEGY,
    SOCIALISED,
    STRATEGY_ADOPTS,
    WRITTEN_LOST,
)
from simulation.rules.bits import (
    ONE,
    ZERO,
    add_vote,
    clear,
    lowest,
    more_votes,
    news_in,
    step_towards,
    surer,
    weigh_in,
)
from simulation.state import (
    KNOWN,
    LEADER,
    SURE,
    SURE_DIGITS,
    VALUE,
    WORKING,
    WRITTEN_KNOWN,
)

MOST_VOICES = 127
"""Most people from whom the strategy can learn in a week."""
CODE_STEPS = 2
"""Steps of evidence by which a belief of the strategy moves at a time."""


@rule
def voice(people, i, firm, structure):
    """Return the weight of person `i` among those from whom the strategy learns."""
    person = people[i]
    now = structure[person.version]
    if person.status != WORKING:
        return 0.0
    if firm[0].champion == i and now.champion_hours > 0.0:
        return 1.0
    if i == firm[0].top:
        return 1.0
    if person.external == 1:
        return now.voice_of_externals
    if person.maker == 1 and person.role == LEADER:
        return now.voice_of_marketing_leader
    if person.maker == 1:
        return now.voice_of_makers
    return now.voice_of_departments


@rule
def kinship(people, i, firm):
    """Return how close person `i`'s values are to the strategy's, 0 to 1."""
    return max(0.0, 1.0 - abs(people[i].values - firm[0].values))


@rule
def weigh_voices(beliefs, people, word, limit, ballot):
    """Count the evidence of the people who speak, beyond the first step (hearsay).

    If beliefs are limited to one step, all voices count equally (March 1991).
    """
    clear(ballot)
    for i in range(people.shape[0]):
        if people[i].speaks == 1:
            value = beliefs[i, VALUE, word]
            if limit < 2.0:
                add_vote(ballot[1], beliefs[i, KNOWN, word] & value)
                add_vote(ballot[0], beliefs[i, KNOWN, word] & ~value)
                continue
            for digit in range(SURE_DIGITS):
                heard = beliefs[i, SURE + digit, word]
                for _ in range(1 << digit):
                    add_vote(ballot[1], heard & value)
                    add_vote(ballot[0], heard & ~value)


@rule
def votes(planes, lane):
    """Return the number of votes in one lane of the counters."""
    total = 0
    for p in range(planes.shape[0]):
        if (planes[p] >> np.uint64(lane)) & ONE == ONE:
            total += 1 << p
    return total


@rule
def code_chance(lead, p2):
    """Return the probability that the code adopts a majority of `lead` votes.

    It is 1 - (1 - p2)^lead (March 1991).
    """
    return 1.0 - power(1.0 - p2, float(lead))


@rule
def learn_strategy(strategy, people, beliefs, firm, structure, parameters, ballot):
    """Let the strategy adopt what people with a voice have most evidence for."""
    f = firm[0]
    speakers = 0
    for i in range(people.shape[0]):
        people[i].speaks = 0
        weight = voice(people, i, firm, structure)
        if weight <= 0.0 or speakers >= MOST_VOICES:
            continue
        weight *= kinship(people, i, firm)
        if uniform(f.key, HAS_VOICE, f.week, people[i].who, 0) < weight:
            people[i].speaks = 1
            speakers += 1
    for word in range(strategy.shape[1]):
        weigh_voices(beliefs, people, word, parameters[0].evidence_limit, ballot)
        adopt_code(
            strategy,
            ballot,
            word,
            parameters[0].strategy_learning,
            parameters[0].strategy_limit,
            f.key,
            f.week,
        )


@rule
def adopt_code(strategy, ballot, word, p2, limit, key, week):
    """Let each lane of the code adopt its majority with March's probability.

    It moves by two steps of evidence, up to `limit`; with a limit of 1 the code turns
    at once.
    """
    known = strategy[KNOWN, word]
    value = strategy[VALUE, word]
    for_it = more_votes(ballot[1], ballot[0])
    against = more_votes(ballot[0], ballot[1])
    moved = news_in(for_it | against, for_it, known, value, limit)
    if moved == ZERO:
        return
    taken = ZERO
    while moved != ZERO:
        lane = lowest(moved)
        moved &= moved - ONE
        lead = abs(votes(ballot[1], lane) - votes(ballot[0], lane))
        c = word * 64 + lane
        if uniform(key, STRATEGY_ADOPTS, week, c, 0) < code_chance(lead, p2):
            taken |= ONE << np.uint64(lane)
    s0 = strategy[SURE, word]
    s1 = strategy[SURE + 1, word]
    s2 = strategy[SURE + 2, word]
    for _ in range(CODE_STEPS):
        known, value, s0, s1, s2 = step_towards(
            known, value, s0, s1, s2, taken, for_it, int(limit) - 1
        )
    strategy[KNOWN, word] = known
    strategy[VALUE, word] = value
    strategy[SURE, word] = s0
    strategy[SURE + 1, word] = s1
    strategy[SURE + 2, word] = s2


@rule
def follow_values(people, firm, structure):
    """Let the strategy's values follow those of the top, or of the people."""
    f = firm[0]
    total = 0.0
    size = 0
    for i in range(people.shape[0]):
        if people[i].status == WORKING and people[i].external == 0:
            total += people[i].values
            size += 1
    top = people[f.top].values
    share = structure[f.version].values_from_people
    if size > 0:
        aim = (1.0 - share) * top + share * total / size
        f.values += (aim - f.values) / 26.0


@rule
def hops(people, i):
    """Return the number of steps from person `i` up to the top."""
    steps = 0.0
    while people[i].leader >= 0 and steps < 50.0:
        i = people[i].leader
        steps += 1.0
    return steps


@rule
def is_told(people, hours, neighbours, i, u, firm, structure, parameters):
    """Return whether the strategy reaches person `i` this week, by uniform number `u`.

    Fidelity is lost at each hop below the top. A single point of performance, or a
    champion, who meets the person provides a shorter way.
    """
    p = parameters[0]
    person = people[i]
    f = firm[0]
    if i == f.top:
        return True
    now = structure[person.version]
    told = now.strategy_to_departments
    if person.maker == 1:
        told = now.strategy_to_makers
    if person.role == LEADER:
        told = max(told, 0.5)
    missed = 1.0
    if person.maker == 1 or person.role == LEADER:
        for k in range(person.first_tie, person.last_tie):
            j = neighbours[k].person
            if j == f.broker or j == f.champion:
                h = broker_hours(people, hours, neighbours[k].tie, j, firm, structure)
                missed *= 1.0 - p.fidelity * (1.0 - exp(-h))
    if u >= 1.0 - (1.0 - told) * missed:
        return False
    told *= power(p.fidelity, hops(people, i))
    return u < 1.0 - (1.0 - told) * missed


@rule
def broker_hours(people, hours, tie, j, firm, structure):
    """Return the hours a week in which broker `j` passes the strategy on over a tie."""
    if people[j].status != WORKING:
        return 0.0
    now = structure[people[j].version]
    if (j == firm[0].broker and now.spop_hours > 0.0) or (
        j == firm[0].champion and now.champion_hours > 0.0
    ):
        return hours[people[j].version, tie]
    return 0.0


@rule
def hear_strategy(
    strategy,
    people,
    hours,
    neighbours,
    beliefs,
    i,
    firm,
    structure,
    parameters,
):
    """Let person `i` hear the strategy and adopt part of its beliefs.

    Socialisation after March (1991), stronger if values are shared. Sometimes the
    person also takes over the priorities of the top.
    """
    person = people[i]
    p = parameters[0]
    f = firm[0]
    heard = 0.0
    if person.status == WORKING:
        u = uniform(f.key, HEARS_STRATEGY, f.week, person.who, 0)
        if is_told(people, hours, neighbours, i, u, firm, structure, parameters):
            heard = 1.0
    person.told += (heard - person.told) / 13.0
    if heard == 0.0:
        return
    v = uniform(f.key, HEARS_STRATEGY, f.week, person.who, 1)
    if person.leader >= 0 and v < p.picture_from_strategy:
        person.next_picture = people[f.top].stated
    step = p.socialisation * kinship(people, i, firm)
    for word in range(beliefs.shape[2]):
        socialise(
            beliefs, strategy, word, i, step, f.key, f.week, person.who, parameters
        )


@rule
def socialise(beliefs, strategy, word, i, p1, key, week, who, parameters):
    """Let person `i` adopt each belief of the code with probability p1.

    If evidence is heeded, only beliefs for which the code has more evidence.
    """
    code = strategy[KNOWN, word]
    if parameters[0].heeds_evidence >= 0.5:
        code = surer(
            code,
            strategy[SURE, word],
            strategy[SURE + 1, word],
            strategy[SURE + 2, word],
            beliefs[i, KNOWN, word],
            beliefs[i, SURE, word],
            beliefs[i, SURE + 1, word],
            beliefs[i, SURE + 2, word],
        )
    says = strategy[VALUE, word]
    code = news_in(
        code,
        says,
        beliefs[i, KNOWN, word],
        beliefs[i, VALUE, word],
        parameters[0].evidence_limit,
    )
    if code == ZERO:
        return
    taken = bernoulli_word(key, SOCIALISED, week, who, word, p1, code)
    steps = parameters[0].evidence_heard
    limit = parameters[0].heard_limit
    weigh_in(beliefs, i, word, taken, says, steps, limit)


@rule
def forget_written(strategy, firm, parameters):
    """Let a little of what is written down get lost or become unreadable each week."""
    f = firm[0]
    for word in range(strategy.shape[1]):
        lost = bernoulli_word(
            f.key,
            WRITTEN_LOST,
            f.week,
            0,
            word,
            parameters[0].written_decay,
            strategy[WRITTEN_KNOWN, word],
        )
        strategy[WRITTEN_KNOWN, word] &= ~lost
