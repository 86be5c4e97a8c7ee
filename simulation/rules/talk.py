"""Phase 8: people talk over their ties and learn from those who know more."""

import numpy as np

from simulation.arithmetic import exp
from simulation.chance import bernoulli_word, uniform
from simulation.compiled import rule
from simulation.purposes import (
    LISTEN_ADOPTS,
    PICTURE,
    TAKES_IN,
    TALK_ADOPTS,
    TIE_ACTIVE,
)
from simulation.rules.bits import (
    ONE,
    ZERO,
    add_vote,
    clear,
    count,
    lowest,
    more_votes,
    news_in,
    surer,
    weigh_in,
)
from simulation.state import (
    KNOWN,
    LANES,
    LEADER,
    SURE,
    VALUE,
    WORKING,
)

DOMAIN_LANES = np.uint64(sum(1 << lane for lane in range(0, 64, LANES)))
"""Lanes of a word that concern the first domain; those of the others follow it."""
MOST_VOTES = 15
"""Most colleagues whose opinions a person can compare in a week."""


@rule
def heeded(beliefs, word, j, i, parameters):
    """Return the lanes of a word in which person `i` heeds what `j` says.

    They are those in which `j` has more evidence: people know who knows about each item
    (Hansen 1999). If evidence is not heeded, they are all that `j` has a belief about
    (the majority counts, whoever it is: Boyd & Richerson 1985).
    """
    known = beliefs[j, KNOWN, word]
    if parameters[0].heeds_evidence < 0.5:
        return known
    return surer(
        known,
        beliefs[j, SURE, word],
        beliefs[j, SURE + 1, word],
        beliefs[j, SURE + 2, word],
        beliefs[i, KNOWN, word],
        beliefs[i, SURE, word],
        beliefs[i, SURE + 1, word],
        beliefs[i, SURE + 2, word],
    )


@rule
def overlap(skill, i, j):
    """Return the overlap of two profiles, 0 to 1: common skill over total skill."""
    common = 0.0
    total = 0.0
    for d in range(skill.shape[1]):
        common += min(skill[i, d], skill[j, d])
        total += max(skill[i, d], skill[j, d])
    if total <= 0.0:
        return 0.0
    return common / total


@rule
def choose_exchanges(people, ties, skill, firm, parameters):
    """Draw the ties over which knowledge passes this week.

    Overlapping profiles help people to understand each other.
    """
    f = firm[0]
    floor = parameters[0].overlap_floor
    for t in range(ties.shape[0]):
        tie = ties[t]
        tie.active = 0
        if tie.contact <= 0.0:
            continue
        a = tie.a
        b = tie.b
        u = uniform(f.key, TIE_ACTIVE, f.week, people[a].seat, people[b].seat)
        if u < tie.chance:
            tie.active = 1
            tie.understood = floor + (1.0 - floor) * overlap(skill, a, b)


@rule
def openness(people, tie, i, j):
    """Return how much of what `j` knows can pass to `i` when they meet, 0 to 1.

    Trust, safety and overlap of profiles help; territory between teams hinders.
    """
    open_to = 0.5 + 0.5 * people[i].safety
    guarded = 0.0
    if people[i].team != people[j].team:
        guarded = max(people[i].territory, people[j].territory)
    return tie.trust * tie.understood * open_to * (1.0 - guarded)


@rule
def adopt_majority(
    beliefs, ballot, word, i, probability, key, week, who, purpose, parameters
):
    """Let person `i` adopt each majority belief of a poll with `probability`.

    This is the rule of Fang, Lee & Schilling (2010), which March (1991) uses for the
    code. A lane has a majority if more of those polled say one thing than the other;
    each lane is adopted by an addressed draw of its own, by `evidence_heard` steps of
    evidence. Returns the number of adopted beliefs that are new to the person or
    contradict the belief held.
    """
    for_it = more_votes(ballot[1], ballot[0])
    against = more_votes(ballot[0], ballot[1])
    decided = news_in(
        for_it | against,
        for_it,
        beliefs[i, KNOWN, word],
        beliefs[i, VALUE, word],
        parameters[0].evidence_limit,
    )
    if decided == ZERO:
        return 0
    taken = bernoulli_word(key, purpose, week, who, word, probability, decided)
    steps = parameters[0].evidence_heard
    limit = parameters[0].heard_limit
    weigh_in(beliefs, i, word, taken, for_it, steps, limit)
    agrees = beliefs[i, KNOWN, word] & ~(beliefs[i, VALUE, word] ^ for_it)
    return count(taken & ~agrees)


@rule
def absorption(skill, i, domain):
    """Return how likely person `i` is to take in what is said of a domain, .25 to 1.

    Who has skill there understands it (absorptive capacity: Cohen & Levinthal 1990).
    """
    return min(1.0, 0.25 + 3.0 * skill[i, domain])


@rule
def lanes_understood(skill, i, said, week, who, key):
    """Return the lanes of any word of which person `i` understands what is `said`.

    It is drawn each week for each domain that is spoken of (Bunderson & Sutcliffe 2002
    on breadth within people).
    """
    spoken_of = ZERO
    for start in range(0, 64, LANES):
        spoken_of |= said >> np.uint64(start)
    spoken_of &= (ONE << np.uint64(skill.shape[1])) - ONE
    lanes = ZERO
    while spoken_of != ZERO:
        d = lowest(spoken_of)
        spoken_of &= spoken_of - ONE
        taken_in = uniform(key, TAKES_IN, week, who, d) < absorption(skill, i, d)
        lanes |= DOMAIN_LANES << np.uint64(d) if taken_in else ZERO
    return lanes


@rule
def talk(people, ties, neighbours, beliefs, skill, i, firm, parameters, ballot):
    """Let person `i` learn from better informed people met this week."""
    person = people[i]
    if person.status != WORKING:
        return
    met = 0
    said = ZERO
    last = person.first_tie
    for k in range(person.first_tie, person.last_tie):
        if ties[neighbours[k].tie].active == 1 and met < MOST_VOTES:
            met += 1
            last = k + 1
            for word in range(beliefs.shape[2]):
                said |= heeded(beliefs, word, neighbours[k].person, i, parameters)
    if met == 0:
        return
    _picture_from_peers(people, ties, neighbours, met, i, firm, parameters)
    f = firm[0]
    lanes = lanes_understood(skill, i, said, f.week, person.who, f.key)
    if lanes == ZERO:
        return
    for word in range(beliefs.shape[2]):
        clear(ballot)
        openly = _hear(
            people, ties, neighbours, beliefs, last, word, lanes, i, parameters, ballot
        )
        step = parameters[0].talk_step * openly
        person.taken_over += adopt_majority(
            beliefs,
            ballot,
            word,
            i,
            step,
            f.key,
            f.week,
            person.who,
            TALK_ADOPTS,
            parameters,
        )
    clear(ballot)


@rule
def _hear(people, ties, neighbours, beliefs, last, word, lanes, i, parameters, ballot):
    """Poll the people met who know better; return how open these exchanges are.

    Of what they say person `i` understands some `lanes`.
    """
    heard_from = 0
    openly = 0.0
    for k in range(people[i].first_tie, last):
        tie = ties[neighbours[k].tie]
        if tie.active == 0:
            continue
        j = neighbours[k].person
        heard = heeded(beliefs, word, j, i, parameters) & lanes
        if heard != ZERO:
            add_vote(ballot[1], heard & beliefs[j, VALUE, word])
            add_vote(ballot[0], heard & ~beliefs[j, VALUE, word])
            openly += openness(people, tie, i, j)
            heard_from += 1
    if heard_from > 0:
        openly /= heard_from
    return openly


@rule
def _picture_from_peers(people, ties, neighbours, met, i, firm, parameters):
    """Let person `i` take over the picture of priorities of a clearer colleague."""
    person = people[i]
    if person.role == LEADER:
        return
    f = firm[0]
    if uniform(f.key, PICTURE, f.week, person.who, 3) >= (
        parameters[0].picture_from_peers
    ):
        return
    left = int(met * uniform(f.key, PICTURE, f.week, person.who, 6))
    for k in range(person.first_tie, person.last_tie):
        if ties[neighbours[k].tie].active == 1:
            if left == 0:
                peer = people[neighbours[k].person]
                if peer.clarity > person.clarity:
                    person.next_picture = peer.picture
                return
            left -= 1


@rule
def listen(people, reports, beliefs, i, firm, parameters, ballot):
    """Let leader `i` learn from the people in the line during hours of listening.

    Without listening, the leader's beliefs about the market become outdated.
    """
    leader = people[i]
    if leader.status != WORKING or leader.listen_each <= 0.0:
        return
    f = firm[0]
    step = 1.0 - exp(-parameters[0].listening_step * leader.listen_each)
    for word in range(beliefs.shape[2]):
        clear(ballot)
        polled = 0
        for r in range(leader.first_report, leader.last_report):
            j = reports[r]
            if (
                people[j].leader == i
                and people[j].status == WORKING
                and polled < MOST_VOTES
            ):
                polled += 1
                heard = heeded(beliefs, word, j, i, parameters)
                add_vote(ballot[1], heard & beliefs[j, VALUE, word])
                add_vote(ballot[0], heard & ~beliefs[j, VALUE, word])
        adopt_majority(
            beliefs,
            ballot,
            word,
            i,
            step,
            f.key,
            f.week,
            leader.who,
            LISTEN_ADOPTS,
            parameters,
        )
    clear(ballot)
