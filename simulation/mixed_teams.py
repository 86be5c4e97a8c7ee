"""Teams across channels, formed around the customer journeys that members share."""

from simulation.compiled import rule
from simulation.state import COMMUNICATION, DOMAINS, MARKETING

IN_MIXED, IN_PROJECTS, MAKERS, GROUPED = range(4)
"""Rows of rosters: members of teams across channels, and of project teams, team by
team; makers by department and channel; everybody by department, team and leader."""
ROSTERS = 4
FREE, PLACE, SHARED, NEAR, SEEN, CROSSED, FIRST, NEXT, THERE = range(9)
"""Rows of working space: who has no team yet, and where in the list of makers they are;
how many journeys they share with the team, and who shares any; marks of people and of
journeys; who begins a team; by domain, where to look on, and the last team with it."""


@rule
def teams_of(size, team_size):
    """Return how many teams `size` people form: size / team_size, rounded, but 1.

    Halves are rounded to the even number.
    """
    count = size // team_size
    rest = 2 * (size % team_size)
    if rest > team_size or (rest == team_size and count % 2 == 1):
        count += 1
    return max(1, count)


@rule
def members_of(team, count, size):
    """Return how many of `size` people are in one of `count` teams."""
    return size // count + (1 if team < size % count else 0)


@rule
def form_teams(row, size, team_size, seats, choices, own, mates, people, rosters, room):
    """Fill a row of rosters with the first `size` makers, in teams across channels.

    A team has about `team_size` people, in their order; `room[9, .]` is working space.
    Greedy: a team adds the person who shares most journeys with its members, from a
    domain that it lacks if possible. If nobody shares a journey, it adds the first
    person of a domain that it lacks. Each team begins with somebody of the smallest
    department while there are any, so that teams across departments have both. Sizes
    differ by at most one.
    """
    count = teams_of(size, team_size)
    _fill_pool(size, rosters, room)
    firsts = _set_firsts(size, count, seats, rosters, room)
    at = 0
    for team in range(count):
        near = 0
        for k in range(members_of(team, count, size)):
            one = room[FIRST, team]
            if k > 0 or team >= firsts:
                one = _next_member(team, size, near, seats, rosters, room)
            room[FREE, one] = 0
            room[THERE, seats[one].domain] = team
            near = _add_mates(one, near, choices, own, mates, people, room)
            _insert(rosters, row, at, at + k, one)
        for k in range(near):
            room[SHARED, room[NEAR, k]] = 0
        at += members_of(team, count, size)


@rule
def _fill_pool(size, rosters, room):
    for x in range(room.shape[1]):
        room[FREE, x] = room[SHARED, x] = room[NEXT, x] = 0
        room[SEEN, x] = room[CROSSED, x] = room[THERE, x] = -1
    for k in range(size):
        room[FREE, rosters[MAKERS, k]] = 1
        room[PLACE, rosters[MAKERS, k]] = k


@rule
def _set_firsts(size, count, seats, rosters, room):
    """Choose who begins a team, of the smaller department; return how many do."""
    marketing = 0
    for k in range(size):
        marketing += 1 if seats[rosters[MAKERS, k]].department == MARKETING else 0
    if marketing == 0 or marketing == size:
        return 0
    least = MARKETING if marketing < size - marketing else COMMUNICATION
    firsts = 0
    for k in range(size):
        one = rosters[MAKERS, k]
        if firsts < count and seats[one].department == least:
            room[FIRST, firsts] = one
            room[FREE, one] = 0
            firsts += 1
    return firsts


@rule
def _add_mates(one, near, choices, own, mates, people, room):
    """Count the journeys that people share with somebody; return how many share any."""
    for k in range(people[one].first_choice, people[one].last_choice):
        choice = choices[own[k]]
        if room[CROSSED, choice.first_mate] == one:
            continue
        room[CROSSED, choice.first_mate] = one
        for m in range(choice.first_mate, choice.last_mate):
            mate = choices[mates[m]].executor
            if room[FREE, mate] == 1 and room[SEEN, mate] != k:
                room[SEEN, mate] = k
                if room[SHARED, mate] == 0:
                    room[NEAR, near] = mate
                    near += 1
                room[SHARED, mate] += 1
    return near


@rule
def _next_member(team, size, near, seats, rosters, room):
    """Return the person who joins a team next."""
    best = -1
    for k in range(near):
        one = room[NEAR, k]
        if room[FREE, one] == 1 and (
            best < 0 or _is_nearer(one, best, team, seats, room)
        ):
            best = one
    if best >= 0:
        return best
    lacking = False
    for domain in range(len(DOMAINS)):
        one = _head(domain, size, seats, rosters, room)
        lacks = room[THERE, domain] != team
        if one < 0 or (lacking and not lacks):
            continue
        if best < 0 or (lacks and not lacking) or room[PLACE, one] < room[PLACE, best]:
            best = one
            lacking = lacks
    return best


@rule
def _is_nearer(one, other, team, seats, room):
    """Return whether somebody should join a team rather than another person."""
    lacks = room[THERE, seats[one].domain] != team
    if lacks != (room[THERE, seats[other].domain] != team):
        return lacks
    if room[SHARED, one] != room[SHARED, other]:
        return room[SHARED, one] > room[SHARED, other]
    return room[PLACE, one] < room[PLACE, other]


@rule
def _head(domain, size, seats, rosters, room):
    """Return the first person of a domain who has no team yet, or -1."""
    k = room[NEXT, domain]
    while k < size:
        one = rosters[MAKERS, k]
        if room[FREE, one] == 1 and seats[one].domain == domain:
            break
        k += 1
    room[NEXT, domain] = k
    return rosters[MAKERS, k] if k < size else -1


@rule
def _insert(rosters, row, first, last, one):
    """Add a person to the sorted members from `first` up to `last`."""
    while last > first and rosters[row, last - 1] > one:
        rosters[row, last] = rosters[row, last - 1]
        last -= 1
    rosters[row, last] = one
