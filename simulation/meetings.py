"""Templates of the communication graph: who meets whom, for how long, and why.

A template turns structural numbers into meetings of pairs, for each version of the
organisation: along the line, in teams, over links, in projects, through a broker.
"""

from typing import NamedTuple

import numpy as np

from simulation.compiled import rule
from simulation.mixed_teams import (
    GROUPED,
    IN_MIXED,
    IN_PROJECTS,
    MAKERS,
    members_of,
    teams_of,
)
from simulation.places import (
    count_makers,
    head_of,
    is_maker,
    starts_group,
    top_of,
)
from simulation.state import (
    BROKER,
    COMMUNICATION,
    DEPARTMENTS,
    IMPORTED,
    JOURNEY,
    LEADER,
    LINE,
    MARKETING,
    MEETING,
    PROJECT,
    SALES,
    TEAM,
)

MOST_LINK_HOURS = 6.0
"""Formal contact with another group that one person can carry, in hours a week."""
SALES_DEPARTMENT = DEPARTMENTS.index("sales")
PRODUCT = DEPARTMENTS.index("product")
OTHERS = tuple(
    DEPARTMENTS.index(name) for name in ("product", "finance", "hr", "customer_success")
)
A, B, LAYER, VERSION, BY_PAIR, SPARE, STARTS = range(7)
"""Rows of meetings: two people, a < b; layer; version; the order by pair; working
space."""
MEETINGS = 7
LISTED, UNDER, STAMP, SIZE = range(4)
"""The tally: how many meetings are listed, under which version; the mark and the size
of the group that is gathered."""
TALLY = 4
GROUP, MARKETEERS, SEEN = range(3)
"""Rows of working space: the group that is gathered, marketeers, marks of people."""
ROOM = 3


class _Book(NamedTuple):
    """The list of meetings, its tally, and working space."""

    meetings: np.ndarray
    hours: np.ndarray
    tally: np.ndarray
    room: np.ndarray


class _Firm(NamedTuple):
    """What templates read: seats, people, teams and numbers."""

    seats: np.ndarray
    people: np.ndarray
    rosters: np.ndarray
    structure: np.ndarray
    parameters: np.ndarray
    team_size: int


@rule
def list_meetings(
    team_size,
    seats,
    choices,
    mates,
    edges,
    people,
    rosters,
    structure,
    parameters,
    meetings,
    hours,
    tally,
    room,
):
    """List who meets whom and for how long, by version; set `tally[0]` to how many.

    They go into `meetings[MEETINGS, .]` and `hours[.]`, as far as there is room: call
    it with empty `hours` to count. Informal ties, which differ from world to world, are
    not among them. Pairs of a journey are listed with no hours. `tally[TALLY]` and
    `room[ROOM, n]` are working space.
    """
    book = _Book(meetings, hours, tally, room)
    firm = _Firm(seats, people, rosters, structure, parameters, team_size)
    tally[LISTED] = tally[UNDER] = tally[STAMP] = 0
    for i in range(room.shape[1]):
        room[SEEN, i] = 0
    _list_journeys(book, choices, mates)
    _list_edges(book, edges, parameters)
    for version in range(structure.shape[0]):
        tally[UNDER] = version
        if edges.shape[0] == 0:
            for i in range(seats.shape[0]):
                hours_of_line = parameters[0].line_contact_hours
                _meet(book, i, seats[i].leader, LINE, hours_of_line)
            _list_teams(book, firm)
        _list_links(book, firm)
        _list_projects(book, firm)
        _list_brokers(book, firm)


@rule
def _meet(book, a, b, layer, hours):
    """List that two people meet for some hours a week, if both are there."""
    if a != b and a >= 0 and b >= 0 and hours > 0.0:
        _list(book, a, b, layer, hours)


@rule
def _list(book, a, b, layer, hours):
    at = book.tally[LISTED]
    if at < book.hours.shape[0]:
        book.meetings[A, at] = min(a, b)
        book.meetings[B, at] = max(a, b)
        book.meetings[LAYER, at] = layer
        book.meetings[VERSION, at] = book.tally[UNDER]
        book.hours[at] = hours
    book.tally[LISTED] = at + 1


@rule
def _begin_group(book):
    """Begin to gather a group of people."""
    book.tally[STAMP] += 1
    book.tally[SIZE] = 0


@rule
def _gather(book, one):
    """Add somebody to the group, once."""
    if one >= 0 and book.room[SEEN, one] != book.tally[STAMP]:
        book.room[SEEN, one] = book.tally[STAMP]
        book.room[GROUP, book.tally[SIZE]] = one
        book.tally[SIZE] += 1


@rule
def _gather_sellers(book, seats):
    """Add the department of sales to the group, without other roles."""
    for i in range(seats.shape[0]):
        if seats[i].department == SALES_DEPARTMENT and seats[i].role == SALES:
            _gather(book, i)


@rule
def _list_group(book, layer, hours):
    """Let all pairs of the group meet so that each spends `hours` with the others."""
    size = book.tally[SIZE]
    for k in range(size):
        for m in range(k):
            one, other = book.room[GROUP, k], book.room[GROUP, m]
            _meet(book, one, other, layer, hours / (size - 1))


@rule
def _list_journeys(book, choices, mates):
    """List the pairs of people who execute items of the same customer journey."""
    for c in range(choices.shape[0]):
        first = choices[c].first_mate
        if choices[c].exists == 0 or mates[first] != c:
            continue
        _begin_group(book)
        for k in range(first, choices[c].last_mate):
            _gather(book, choices[mates[k]].executor)
        for k in range(book.tally[SIZE]):
            for m in range(k):
                _list(book, book.room[GROUP, k], book.room[GROUP, m], JOURNEY, 0.0)


@rule
def _list_edges(book, edges, parameters):
    """List the contact of an imported graph, in hours a week.

    Hours are used as given. Relative weights are scaled so that their mean is the
    parameter `imported_hours`. Ties with neither get that mean.
    """
    mean = parameters[0].imported_hours
    total = 0.0
    weighted = 0
    for k in range(edges.shape[0]):
        if edges[k].weight > 0.0:
            total += edges[k].weight
            weighted += 1
    scale = mean * weighted / total if weighted > 0 else 0.0
    for k in range(edges.shape[0]):
        edge = edges[k]
        hours = edge.hours
        if np.isnan(hours):
            hours = mean if np.isnan(edge.weight) else edge.weight * scale
        _meet(book, edge.a, edge.b, IMPORTED, hours)


@rule
def _list_teams(book, firm):
    """List contact within teams: per channel, across channels, and outside marketing.

    Marketeers ranked below the share of mixed teams are in teams across channels.
    """
    now = firm.structure[book.tally[UNDER]]
    n = firm.seats.shape[0]
    for k in range(n):
        one = firm.rosters[GROUPED, k]
        if starts_group(k, firm.seats, firm.rosters):
            _begin_group(book)
        mixed = firm.people[one].mix_rank < now.mixed_teams
        if not mixed or not is_maker(firm.seats[one], MARKETING):
            _gather(book, one)
        if k + 1 == n or starts_group(k + 1, firm.seats, firm.rosters):
            hours = firm.parameters[0].other_team_hours
            if firm.people[one].maker == 1:
                hours = now.team_hours
            _list_group(book, TEAM, hours)
    marketing = count_makers(firm.seats, MARKETING)
    _list_across(book, firm, IN_MIXED, marketing, TEAM, now.team_hours)


@rule
def _list_across(book, firm, roster, makers, layer, hours):
    """List the teams that a roster of makers is dealt into, of those who take part."""
    now = firm.structure[book.tally[UNDER]]
    count = teams_of(makers, firm.team_size)
    at = 0
    for team in range(count):
        _begin_group(book)
        for _ in range(members_of(team, count, makers)):
            one = firm.rosters[roster, at]
            takes_part = firm.people[one].second_rank < now.second_line
            if roster == IN_MIXED:
                takes_part = firm.people[one].mix_rank < now.mixed_teams
            if takes_part:
                _gather(book, one)
            at += 1
        _list_group(book, layer, hours)


@rule
def _list_links(book, firm):
    """List the meetings of marketing with communication, sales and departments."""
    now = firm.structure[book.tally[UNDER]]
    partners = int(firm.parameters[0].cross_partners)
    marketing = count_makers(firm.seats, MARKETING)
    makers = marketing + count_makers(firm.seats, COMMUNICATION)
    for k in range(marketing):
        book.room[MARKETEERS, k] = firm.rosters[MAKERS, k]
    _begin_group(book)
    for k in range(marketing, makers):
        _gather(book, firm.rosters[MAKERS, k])
    _link(book, marketing, now.marketing_communication_hours, partners)
    _begin_group(book)
    _gather_sellers(book, firm.seats)
    _link(book, marketing, now.marketing_sales_hours, partners)
    _begin_group(book)
    for i in range(firm.seats.shape[0]):
        if firm.seats[i].department in OTHERS:
            _gather(book, i)
    _link(book, marketing, now.departments_hours, partners)


@rule
def _link(book, marketing, hours, partners):
    """Link two groups: each member of the larger meets some of the smaller, in turn.

    The groups are marketing and the one gathered. `hours` are the hours a week of one
    member of the larger group. They are lowered if members of the smaller group would
    get more than `MOST_LINK_HOURS`.
    """
    larger, many, smaller, few = MARKETEERS, marketing, GROUP, book.tally[SIZE]
    if few > many:
        larger, many, smaller, few = GROUP, few, MARKETEERS, marketing
    if few == 0:
        return
    hours = min(hours, MOST_LINK_HOURS * few / many)
    count = min(partners, few)
    for k in range(many):
        for step in range(count):
            one = book.room[larger, k]
            other = book.room[smaller, (k + step) % few]
            _meet(book, one, other, MEETING, hours / count)


@rule
def _list_projects(book, firm):
    """List the project teams of a second line, across marketing and communication."""
    now = firm.structure[book.tally[UNDER]]
    makers = count_makers(firm.seats, MARKETING)
    makers += count_makers(firm.seats, COMMUNICATION)
    _list_across(book, firm, IN_PROJECTS, makers, PROJECT, now.second_line_hours)


@rule
def _list_brokers(book, firm):
    """List briefings by marketing's leader, and the contact of broker and champion."""
    seats = firm.seats
    now = firm.structure[book.tally[UNDER]]
    head = head_of(seats, MARKETING)
    _begin_group(book)
    _gather_sellers(book, seats)
    for i in range(seats.shape[0]):
        if seats[i].department == PRODUCT:
            _gather(book, i)
    _share(book, head, now.insight_hours)
    broker = firm.rosters[MAKERS, 0]
    _begin_group(book)
    _gather(book, top_of(seats))
    _gather(book, head)
    _gather(book, head_of(seats, COMMUNICATION))
    _gather_makers(book, firm)
    _share(book, broker, now.spop_hours)
    _begin_group(book)
    for i in range(seats.shape[0]):
        if seats[i].role == LEADER:
            _gather(book, i)
    _gather_makers(book, firm)
    _gather_sellers(book, seats)
    _share(book, broker if head < 0 else head, now.champion_hours)


@rule
def _gather_makers(book, firm):
    """Add marketing and communication, without leaders and externals."""
    for k in range(firm.seats.shape[0]):
        _gather(book, firm.rosters[MAKERS, k])


@rule
def _share(book, one, hours):
    """Spread a person's hours evenly over the others of the group."""
    others = book.tally[SIZE]
    if one >= 0 and book.room[SEEN, one] == book.tally[STAMP]:
        others -= 1
    for k in range(book.tally[SIZE]):
        if others > 0:
            _meet(book, one, book.room[GROUP, k], BROKER, hours / others)
