"""News: who knows what others do or plan, as items of a journey are interdependent.

Ties, people who link others, and a common calendar carry news of changes and plans.
People act, and read results, by the news they have (Ethiraj & Levinthal 2004; Puranam &
Swamy 2016 on coupled learners).
"""

import numpy as np

from simulation.chance import uniform
from simulation.compiled import rule
from simulation.purposes import CALENDAR, NEWS
from simulation.rules.bits import ONE, ZERO, holds, lowest
from simulation.rules.journeys import turned_lanes
from simulation.state import (
    FOCUS,
    KNOWN,
    NEWLY_SEEN,
    NEXT_SEEN,
    OWN,
    PLANNED,
    SEEN,
    THEME,
    THEMES,
    TURNED,
    VALUE,
    WORKING,
)

NOTHING, OF_PRIORITIES, ALL = range(3)


@rule
def turned(beliefs, i, c, shown):
    """Turn `shown` for item `c` into a wish by itself, or such a wish into an action.

    It depends on what person `i` thinks that the mates of `c` show.
    """
    return shown != holds(beliefs, i, TURNED, c)


@rule
def would_do(beliefs, i, c):
    """Return whether person `i`, who holds a belief about `c`, would execute it."""
    return turned(beliefs, i, c, holds(beliefs, i, VALUE, c))


@rule
def thinks_wrong(beliefs, choices, i, c):
    """Return 1 if person `i` believes that `c` should be executed otherwise, else 0."""
    if holds(beliefs, i, KNOWN, c):
        if would_do(beliefs, i, c) != (choices[c].executed == 1):
            return 1.0
    return 0.0


@rule
def _links(person, j, firm):
    """Return whether person `j` links others: leads, is the broker or the champion."""
    f = firm[0]
    return person.last_report > person.first_report or j == f.broker or j == f.champion


@rule
def form_focus(beliefs, market, people, i, parameters):
    """Mark the items of the journeys that person `i` considers priorities."""
    if parameters[0].interdependence <= 0.0:
        return
    picture = people[i].picture
    for word in range(beliefs.shape[2]):
        items = ZERO
        for theme in range(THEMES):
            if (picture >> theme) & 1 == 1:
                items |= market[THEME + theme, word]
        beliefs[i, FOCUS, word] = items


@rule
def _tells(people, ties, tie, i, j, firm, parameters):
    """Return which news person `j` tells person `i` this week.

    It is all news, the news of journeys that both consider priorities, or none: people
    speak about what they attend to (Ocasio 1997).
    """
    if people[j].status != WORKING:
        return NOTHING
    guarded = 0.0
    if people[i].team != people[j].team:
        guarded = people[j].territory
    p = parameters[0]
    f = firm[0]
    u = uniform(f.key, NEWS, f.week, people[i].who, people[j].seat)
    strength = ties[tie].bond * (1.0 - guarded)
    if u < p.news_aside * strength:
        return ALL
    if u < p.news_rate * strength:
        return OF_PRIORITIES
    return NOTHING


@rule
def hear_news(
    beliefs, market, people, ties, neighbours, i, firm, structure, parameters
):
    """Let person `i` hear what others changed or plan.

    First comes what people who link others heard the week before, then what people say
    about their own items, then a common calendar. Own items are always known.
    """
    person = people[i]
    if parameters[0].interdependence <= 0.0:
        return
    for word in range(beliefs.shape[2]):
        beliefs[i, NEXT_SEEN, word] = beliefs[i, SEEN, word]
    if person.status != WORKING:
        return
    for linking in (True, False):
        for k in range(person.first_tie, person.last_tie):
            tie = neighbours[k].tie
            j = neighbours[k].person
            if ties[tie].contact <= 0.0 or (linking and not _links(people[j], j, firm)):
                continue
            if not _knows_other(beliefs, market, i, j, linking):
                continue
            told = _tells(people, ties, tie, i, j, firm, parameters)
            if told != NOTHING:
                _take_news(beliefs, market, i, j, linking, told)
    f = firm[0]
    looks = structure[person.version].calendar_shared
    if uniform(f.key, CALENDAR, f.week, person.who, 0) < looks:
        for word in range(beliefs.shape[2]):
            beliefs[i, NEXT_SEEN, word] = market[PLANNED, word]
    for word in range(beliefs.shape[2]):
        own = beliefs[i, OWN, word]
        seen = beliefs[i, NEXT_SEEN, word]
        beliefs[i, NEXT_SEEN, word] = (seen & ~own) | (market[PLANNED, word] & own)


@rule
def _knows_other(beliefs, market, i, j, linking):
    """Return whether person `j` can tell what person `i` does not think already."""
    for word in range(beliefs.shape[2]):
        says, lanes = _news_of(beliefs, market, j, linking, word)
        if (says ^ beliefs[i, NEXT_SEEN, word]) & lanes != ZERO:
            return True
    return False


@rule
def _news_of(beliefs, market, j, linking, word):
    """Return what person `j` can say, and of which items: news to `j`, or `j`'s own."""
    if linking:
        return beliefs[j, SEEN, word], beliefs[j, NEWLY_SEEN, word]
    return market[PLANNED, word], beliefs[j, OWN, word]


@rule
def _take_news(beliefs, market, i, j, linking, told):
    """Let person `i` take over what `j` says, of all items or of shared priorities."""
    for word in range(beliefs.shape[2]):
        says, lanes = _news_of(beliefs, market, j, linking, word)
        if told == OF_PRIORITIES:
            lanes &= beliefs[i, FOCUS, word] & beliefs[j, FOCUS, word]
        seen = beliefs[i, NEXT_SEEN, word]
        beliefs[i, NEXT_SEEN, word] = (seen & ~lanes) | (says & lanes)


@rule
def remember_news(beliefs, people, choices, mates, i, parameters):
    """Make the news that person `i` heard this week what the person acts by."""
    if parameters[0].interdependence <= 0.0:
        return
    for word in range(beliefs.shape[2]):
        seen = beliefs[i, NEXT_SEEN, word]
        beliefs[i, NEWLY_SEEN, word] = seen ^ beliefs[i, SEEN, word]
        beliefs[i, SEEN, word] = seen
    if people[i].tenure == 0:
        relate_items(beliefs, choices, mates, i)
        return
    for word in range(beliefs.shape[2]):
        left = beliefs[i, NEWLY_SEEN, word]
        while left != ZERO:
            _turn_dependents(beliefs, choices, mates, i, 64 * word + lowest(left))
            left &= left - ONE


@rule
def _turn_dependents(beliefs, choices, mates, i, c):
    """Turn the wish of each item that depends on `c`, as person `i` sees the mates."""
    first = choices[c].first_mate
    place = 0
    while mates[first + place] != c:
        place += 1
    for k in range(first, choices[c].last_mate):
        d = mates[k]
        if (choices[d].depends >> place) & 1 == 1:
            beliefs[i, TURNED, d >> 6] ^= ONE << np.uint64(d & 63)


@rule
def relate_items(beliefs, choices, mates, i):
    """Mark the items whose wish, as person `i` sees the mates, is turned."""
    for word in range(beliefs.shape[2]):
        turned = turned_lanes(beliefs[i], SEEN, choices, mates, word)
        beliefs[i, TURNED, word] = turned


@rule
def see_all(beliefs, market, i):
    """Let person `i` see all that is executed, or about to be."""
    for word in range(beliefs.shape[2]):
        beliefs[i, SEEN, word] = beliefs[i, NEXT_SEEN, word] = market[PLANNED, word]
