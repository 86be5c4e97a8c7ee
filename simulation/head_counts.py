"""An organisation from head counts: its seats with leaders, and its choices."""

from itertools import product

import numpy as np

from simulation.arithmetic import rounded
from simulation.compiled import rule
from simulation.name_keys import GROUPS, HEADS, comes_before, name_key
from simulation.stable_sort import sort_by
from simulation.state import (
    CHANNELS,
    COLLEAGUE,
    COMMUNICATION,
    COMMUNICATION_DOMAIN,
    COMMUNICATOR,
    DEPARTMENTS,
    DOMAINS,
    EXTERNAL,
    LANES,
    LEADER,
    MARKETEER,
    MARKETING,
    SALES,
    SALES_DOMAIN,
    THEMES,
)

USUAL_CHOICES_PER_PERSON = 1.6
LEAST_FOR_A_LEADER = 4
AGENCY = "agency"
UNITS = (*product([MARKETING], (*CHANNELS, AGENCY)), *enumerate(DEPARTMENTS))
"""The department and team of each unit of seats from head counts."""
_OF_AGENCY, _OF_DEPARTMENT = len(CHANNELS), len(CHANNELS) + 1
_EXTERNALS = GROUPS.index("externals")
_HEAD_OF_GROUP = tuple(HEADS.index(group) for group in GROUPS)
_HEAD_OF_DEPARTMENT = tuple(HEADS.index(name) for name in DEPARTMENTS)
_LEAD_OF_DEPARTMENT = tuple(HEADS.index(f"{name}-lead") for name in DEPARTMENTS)
_LEAD_OF_HEAD = tuple(
    HEADS.index(f"{head}-lead") if f"{head}-lead" in HEADS else -1 for head in HEADS
)
_CHANNELS_BY_NAME = tuple(CHANNELS.index(name) for name in sorted(CHANNELS))
_BY_NAME = tuple(sorted(DOMAINS).index(name) for name in DOMAINS)
_ROLES = (MARKETEER, COMMUNICATOR, SALES, *[COLLEAGUE] * 4, EXTERNAL)
HEAD, NUMBER = range(2)
"""Rows of names: see `simulation.name_keys`."""
MEMBERS, LEVEL, COLUMN, FIRST, SECOND, STARTS = range(6)
"""Rows of working space: the people, and then the leaders, who get a leader next; a
column to sort by, two orders, and where values start."""
ROOM = 6


def room_for(counts: np.ndarray) -> int:
    """Return a number of seats that head counts and their leaders do not exceed.

    Levels of leaders halve at least, but for one more in each of at most 32 levels.
    """
    return 2 * int(counts.sum()) + 32 * len(DEPARTMENTS)


@rule
def draw_seats(counts, span, hours, drawn, names, seats, named, words, room):
    """Fill `seats` and `named[2, .]` in the order of keys; return how many there are.

    `counts[8]` are head counts by group; leaders come on top of them, so that nobody
    but the top leads more than `span`. `drawn` and `names` are working space as large
    as these, `words[WORDS]` and `room[ROOM, .]`, with as many columns and at least
    258, as well.
    """
    size = _add(0, _HEAD_OF_DEPARTMENT[0], 1, LEADER, 0, -1, hours, drawn, names)
    for department in range(1, len(DEPARTMENTS)):
        size = _draw_department(
            department, size, counts, span, hours, drawn, names, room
        )
    for i in range(size):
        drawn[i].key = name_key(names[HEAD, i], names[NUMBER, i], words)
    _rank_names(size, drawn, names, room)
    sort_by_key(size, drawn, names, room)
    for k in range(size):
        i = room[FIRST, k]
        room[SECOND, i] = k
        seats[k] = drawn[i]
        named[HEAD, k], named[NUMBER, k] = names[HEAD, i], names[NUMBER, i]
    for k in range(size):
        if seats[k].leader >= 0:
            seats[k].leader = room[SECOND, seats[k].leader]
    return size


@rule
def _add(at, head, number, role, department, domain, hours, drawn, names):
    """Draw one seat, of its department's team; return how many there are."""
    seat = drawn[at]
    seat.role = role
    seat.department = department
    seat.domain = domain if domain >= 0 else _domain_of(department)
    seat.unit = _OF_DEPARTMENT + department
    seat.leader = -1
    seat.hours = hours
    names[HEAD, at], names[NUMBER, at] = head, number
    return at + 1


@rule
def _domain_of(department):
    """Return the first domain of a department; of management, product."""
    if department == 0:
        return SALES_DOMAIN + 1
    if department == MARKETING:
        return 0
    return COMMUNICATION_DOMAIN + department - COMMUNICATION


@rule
def _draw_department(department, size, counts, span, hours, drawn, names, room):
    """Draw a department's seats and as many leaders as the span requires."""
    before = size
    group = department - 1
    if department == MARKETING:
        size = _draw_makers(size, counts, hours, drawn, names)
    else:
        for k in range(counts[group]):
            head, role = _HEAD_OF_GROUP[group], _ROLES[group]
            size = _add(size, head, k + 1, role, department, -1, hours, drawn, names)
    members = size - before
    for k in range(members):
        room[MEMBERS, k] = before + k
        drawn[before + k].leader = 0
    if members < LEAST_FOR_A_LEADER:
        return size
    first = size
    lead = _HEAD_OF_DEPARTMENT[department]
    size = _add(size, lead, 0, LEADER, department, -1, hours, drawn, names)
    drawn[first].leader = 0
    placed = 1
    while members > span:
        level = -(-members // span)
        for k in range(level):
            room[LEVEL, k] = size
            lead = _LEAD_OF_DEPARTMENT[department]
            size = _add(
                size, lead, placed + k, LEADER, department, -1, hours, drawn, names
            )
        for k in range(members):
            drawn[room[MEMBERS, k]].leader = room[LEVEL, k * level // members]
        placed += members
        members = level
        for k in range(members):
            room[MEMBERS, k] = room[LEVEL, k]
    for k in range(members):
        drawn[room[MEMBERS, k]].leader = first
    return size


@rule
def _draw_makers(size, counts, hours, drawn, names):
    """Draw marketing's externals and marketeers, team by team in the order of names."""
    many = len(CHANNELS)
    head = _HEAD_OF_GROUP[_EXTERNALS]
    for k in range(counts[_EXTERNALS]):
        at = size
        size = _add(at, head, k + 1, EXTERNAL, MARKETING, k % many, hours, drawn, names)
        drawn[at].unit = _OF_AGENCY
    head = _HEAD_OF_GROUP[0]
    for channel in _CHANNELS_BY_NAME:
        for k in range(channel, counts[0], many):
            at = size
            size = _add(
                at, head, k + 1, MARKETEER, MARKETING, channel, hours, drawn, names
            )
            drawn[at].unit = channel
    return size


@rule
def _rank_names(size, drawn, names, room):
    """Rank seats in the natural order of names, and by domain and head of the name."""
    _start_sort(size, room)
    for natural in (True, False):
        for k in range(size):
            room[COLUMN, k] = names[NUMBER, k]
        sort_by(room, COLUMN, FIRST, SECOND, STARTS, size)
        for k in range(size):
            head = names[HEAD, k]
            lead = natural and names[NUMBER, k] == 0
            room[COLUMN, k] = _LEAD_OF_HEAD[head] if lead else head
        sort_by(room, COLUMN, SECOND, FIRST, STARTS, size)
        for k in range(size):
            if natural:
                drawn[room[FIRST, k]].natural = k
            room[COLUMN, k] = _BY_NAME[drawn[k].domain]
    sort_by(room, COLUMN, FIRST, SECOND, STARTS, size)
    for k in range(size):
        drawn[room[SECOND, k]].order = k


@rule
def _start_sort(size, room):
    for k in range(size):
        room[FIRST, k] = k


@rule
def sort_by_key(size, drawn, names, room):
    """Sort seats by key, byte by byte, and those of one key by name, into FIRST."""
    _start_sort(size, room)
    for byte in range(4):
        source, target = (FIRST, SECOND) if byte % 2 == 0 else (SECOND, FIRST)
        for k in range(size):
            room[COLUMN, k] = drawn[k].key >> 8 * byte & 255
        sort_by(room, COLUMN, source, target, STARTS, size)
    for last in range(1, size):
        k = last
        while k > 0 and _is_before(room[FIRST, k], room[FIRST, k - 1], drawn, names):
            room[FIRST, k], room[FIRST, k - 1] = room[FIRST, k - 1], room[FIRST, k]
            k -= 1


@rule
def _is_before(one, other, drawn, names):
    """Return whether a seat comes before another one of the same key."""
    return drawn[one].key == drawn[other].key and comes_before(
        names[HEAD, one], names[NUMBER, one], names[HEAD, other], names[NUMBER, other]
    )


@rule
def count_choices(seats, per_person, domain):
    """Return how many choices a domain has, for a number of choices per person.

    A domain has one choice per person who works in it; marketing and communication have
    more. Marketing covers every channel, however small it is.
    """
    channel = domain < COMMUNICATION_DOMAIN
    workers = _count_workers(seats, _department_of(domain))
    if workers == 0:
        return 0
    rate = per_person / USUAL_CHOICES_PER_PERSON
    if channel:
        return max(1, rounded(3.0 * rate * workers / len(CHANNELS)))
    each = 2.0 if domain == COMMUNICATION_DOMAIN else 1.0
    return max(1, rounded(each * rate * workers))


@rule
def _department_of(domain):
    """Return the department that executes the choices of a domain."""
    if domain < COMMUNICATION_DOMAIN:
        return MARKETING
    return COMMUNICATION + domain - COMMUNICATION_DOMAIN


@rule
def _count_workers(seats, department):
    """Return how many execute in a department; its leaders only if nobody else can."""
    leaders = 0
    others = 0
    for i in range(seats.shape[0]):
        if seats[i].department == department:
            if seats[i].role == LEADER:
                leaders += 1
            else:
                others += 1
    return others if others > 0 else leaders


@rule
def count_lanes(seats, per_person):
    """Return the number of lanes up to the last choice."""
    lanes = 0
    for domain in range(len(DOMAINS)):
        count = count_choices(seats, per_person, domain)
        if count > 0:
            lanes = max(lanes, (count - 1) * LANES + domain + 1)
    return lanes


@rule
def deal_choices(seats, per_person, bundle_size, choices, room):
    """Fill `choices[lanes]` with those that people execute; return how many there are.

    A lane encodes domain and ordinal, so that a new choice moves no other. Choices are
    dealt to journeys domain by domain, so that each journey crosses channels.
    `room[ROOM, n]` is working space.
    """
    for c in range(choices.shape[0]):
        choices[c].exists = 0
        choices[c].executor = choices[c].worker = -1
    for i in range(seats.shape[0]):
        room[FIRST, seats[i].natural] = i
    total = 0
    for domain in range(len(DOMAINS)):
        total += count_choices(seats, per_person, domain)
    bundles = max(1, -(-total // bundle_size))
    at = 0
    for domain in range(len(DOMAINS)):
        count = count_choices(seats, per_person, domain)
        size = _list_executors(seats, domain, room) if count > 0 else 0
        for ordinal in range(count):
            choice = choices[ordinal * LANES + domain]
            choice.exists = 1
            choice.domain = domain
            choice.bundle = at % bundles
            choice.theme = choice.bundle % THEMES
            choice.executor = room[MEMBERS, ordinal % size]
            at += 1
    return total


@rule
def _list_executors(seats, domain, room):
    """List who executes the choices of a domain, by name; return how many do."""
    department = _department_of(domain)
    led = 0
    for i in range(seats.shape[0]):
        if seats[i].department == department and seats[i].role != LEADER:
            led += 1
    workers = size = 0
    for k in range(seats.shape[0]):
        seat = seats[room[FIRST, k]]
        if seat.department == department and (led == 0 or seat.role != LEADER):
            room[LEVEL, workers] = room[FIRST, k]
            workers += 1
            if domain >= COMMUNICATION_DOMAIN or seat.domain == domain:
                room[MEMBERS, size] = room[FIRST, k]
                size += 1
    if size == 0:
        room[MEMBERS, 0] = room[LEVEL, domain % workers]
        size = 1
    return size
