"""The communication graph: templates for who meets whom, for each way of working.

A template turns structural numbers into contact hours between pairs. Each pair has at
most one tie, with hours per version of the organisation. The layer of a tie is the kind
of contact that takes most of its hours.
"""

from typing import NamedTuple

import numpy as np

from simulation.compiled import call, rule
from simulation.informal_ties import HIGH, LOW, PICKED, PICKS, SLOT, InformalTies
from simulation.mixed_teams import (
    GROUPED,
    IN_MIXED,
    IN_PROJECTS,
    MAKERS,
    members_of,
    teams_of,
)
from simulation.places import (
    Places,
    count_makers,
    head_of,
    is_maker,
    starts_group,
    top_of,
)
from simulation.stable_sort import sort_by
from simulation.state import (
    BROKER,
    COMMUNICATION,
    DEPARTMENTS,
    IMPORTED,
    INFORMAL,
    JOURNEY,
    LAYERS,
    LEADER,
    LINE,
    MARKETING,
    MEETING,
    NEIGHBOUR,
    PROJECT,
    SALES,
    TEAM,
    TIE,
    records,
)

FIRST_TRUST = 0.7
MOST_LINK_HOURS = 6.0
"""Formal contact with another group that one person can carry, in hours a week."""
SUMMED = (LINE, TEAM, IMPORTED, MEETING, PROJECT, BROKER)
"""The layers of templates, in the order in which a pair's hours are added up."""
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
    count = teams_of(marketing, firm.team_size)
    at = 0
    for team in range(count):
        _begin_group(book)
        for _ in range(members_of(team, count, marketing)):
            one = firm.rosters[IN_MIXED, at]
            if firm.people[one].mix_rank < now.mixed_teams:
                _gather(book, one)
            at += 1
        _list_group(book, TEAM, now.team_hours)


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
    count = teams_of(makers, firm.team_size)
    at = 0
    for team in range(count):
        _begin_group(book)
        for _ in range(members_of(team, count, makers)):
            one = firm.rosters[IN_PROJECTS, at]
            if firm.people[one].second_rank < now.second_line:
                _gather(book, one)
            at += 1
        _list_group(book, PROJECT, now.second_line_hours)


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


@rule
def sort_meetings(meetings, size):
    """Order the first `size` meetings by pair; return how many pairs there are.

    The meetings are at least two more than people, in `meetings.shape[1]`.
    """
    for k in range(size):
        meetings[SPARE, k] = k
    sort_by(meetings, B, SPARE, BY_PAIR, STARTS, size)
    sort_by(meetings, A, BY_PAIR, SPARE, STARTS, size)
    count = 0
    for k in range(size):
        meetings[BY_PAIR, k] = meetings[SPARE, k]
        count += 1 if _is_new(meetings, k) else 0
    return count


@rule
def _is_new(meetings, k):
    """Return whether the meeting at position `k` is the first of its pair."""
    if k == 0:
        return True
    one, other = meetings[BY_PAIR, k], meetings[BY_PAIR, k - 1]
    return meetings[A, one] != meetings[A, other] or (
        meetings[B, one] != meetings[B, other]
    )


@rule
def add_meetings(meetings, hours, size, imported, pairs, contact, layers, met):
    """Add up the hours of each pair; return how many pairs there are.

    Fills `pairs[P, 2]`, hours by version `contact[V, P]` and hours by layer
    `layers[P, 8]`, from `size` sorted meetings. If `imported` is 1, a version adds to
    the graph only the hours in excess of those of version 0; pairs to whom it adds
    none, and who share no journey, are left out. `met[2, 8]` is working space.
    """
    count = 0
    k = 0
    while k < size:
        first = meetings[BY_PAIR, k]
        known = imported == 0
        for layer in range(layers.shape[1]):
            layers[count, layer] = met[1, layer] = 0.0
        for version in range(contact.shape[0]):
            for layer in range(layers.shape[1]):
                met[0, layer] = 0.0
            while k < size and _is_of(meetings, k, first, version):
                one = meetings[BY_PAIR, k]
                met[0, meetings[LAYER, one]] += hours[one]
                known = known or meetings[LAYER, one] == JOURNEY
                k += 1
            contact[version, count] = _total(met, imported, version)
            known = known or contact[version, count] > 0.0
            for layer in range(layers.shape[1]):
                layers[count, layer] += met[0, layer]
        pairs[count, 0], pairs[count, 1] = meetings[A, first], meetings[B, first]
        count += 1 if known else 0
    return count


@rule
def _is_of(meetings, k, first, version):
    """Return whether the meeting at `k` is of the pair of `first` and of a version."""
    one = meetings[BY_PAIR, k]
    same = meetings[A, one] == meetings[A, first]
    same = same and meetings[B, one] == meetings[B, first]
    return same and meetings[VERSION, one] == version


@rule
def _total(met, imported, version):
    """Return a pair's hours; to a graph, count only what a version adds to version 0.

    `met[0]` are hours by layer, `met[1]` those of version 0 if there is a graph.
    """
    if imported == 1 and version == 0:
        for layer in range(met.shape[1]):
            met[1, layer] = met[0, layer]
    if imported == 1:
        for layer in range(met.shape[1]):
            met[0, layer] = max(0.0, met[0, layer] - met[1, layer])
        met[0, IMPORTED] = met[1, IMPORTED]
    total = 0.0
    for layer in SUMMED:
        total += met[0, layer]
    return total


@rule
def join_ties(
    pairs, contact, layers, picks, picked, structure, parameters, ties, hours
):
    """Join a template's pairs with those who pick one another; return how many ties.

    Fills `ties[E]` and `hours[V, E]`, in the order of pairs; with empty `ties` it only
    counts. `picks` are the first `picked` of `simulation.informal_ties.sort_picks`. The
    layer of a tie is the one with most contact, the lower one of equals.
    """
    count = k = m = 0
    for t in range(ties.shape[0]):
        ties[t].trust = FIRST_TRUST
    while k < pairs.shape[0] or m < picked:
        template, informal = k < pairs.shape[0], m < picked
        if template and informal:
            order = _compared(pairs, k, picks, picks[PICKED, m])
            template, informal = order <= 0, order >= 0
        last = m
        if informal:
            while last < picked and _same_pick(picks, picks[PICKED, m], last):
                last += 1
        if count < ties.shape[0]:
            tie = ties[count]
            if template:
                tie.a, tie.b = pairs[k, 0], pairs[k, 1]
            else:
                tie.a = picks[LOW, picks[PICKED, m]]
                tie.b = picks[HIGH, picks[PICKED, m]]
            near = 0.0
            for v in range(hours.shape[0]):
                times = 0
                for x in range(m, last):
                    if picks[SLOT, picks[PICKED, x]] < int(structure[v].informal_ties):
                        times += 1
                each = times * parameters[0].informal_hours
                hours[v, count] = each
                if template:
                    hours[v, count] = contact[v, k] + each
                near += each
            tie.layer = _layer_of(layers, k, template, near)
        count += 1
        k += 1 if template else 0
        m = last
    return count


@rule
def _compared(pairs, k, picks, one):
    """Return whether pair `k` comes before a pick (-1), is the same (0), or after."""
    a, b = picks[LOW, one], picks[HIGH, one]
    if pairs[k, 0] != a:
        return -1 if pairs[k, 0] < a else 1
    if pairs[k, 1] != b:
        return -1 if pairs[k, 1] < b else 1
    return 0


@rule
def _same_pick(picks, one, m):
    """Return whether a pick is of the same pair as the one at position `m`."""
    other = picks[PICKED, m]
    return picks[LOW, one] == picks[LOW, other] and (
        picks[HIGH, one] == picks[HIGH, other]
    )


@rule
def _layer_of(layers, k, template, near):
    """Return the layer with most hours, of those of pair `k` and the informal ones."""
    best = JOURNEY
    most = 0.0
    for layer in range(layers.shape[1]):
        hours = near if layer == INFORMAL else 0.0
        if template and layer != INFORMAL:
            hours = layers[k, layer]
        if hours > most:
            best = layer
            most = hours
    return best


@rule
def list_neighbours(ties, count, people, neighbours):
    """List everyone's neighbours in the order of the first `count` ties."""
    for i in range(people.shape[0]):
        people[i].last_tie = 0
    for t in range(count):
        people[ties[t].a].last_tie += 1
        people[ties[t].b].last_tie += 1
    at = 0
    for i in range(people.shape[0]):
        many = people[i].last_tie
        people[i].first_tie = people[i].last_tie = at
        at += many
    for t in range(count):
        _add_neighbour(people, neighbours, ties[t].a, ties[t].b, t)
        _add_neighbour(people, neighbours, ties[t].b, ties[t].a, t)


@rule
def _add_neighbour(people, neighbours, one, other, t):
    neighbours[people[one].last_tie].person = other
    neighbours[people[one].last_tie].tie = t
    people[one].last_tie += 1


class Contact(NamedTuple):
    """The contact of P pairs of people under V versions, without informal ties.

    `pairs[P, 2]` are people a < b, sorted, among them all who share a journey;
    `hours[V, P]` are hours a week, `layers[P, 8]` hours by layer, over all versions.
    """

    pairs: np.ndarray
    hours: np.ndarray
    layers: np.ndarray


def contact_by_version(
    places: Places, structure: np.recarray, parameters: np.recarray
) -> Contact:
    """Return the contact of each version; levers only add contact to a real graph."""
    meetings, hours = _listed(places, structure, parameters)
    count = call(sort_meetings, meetings, len(hours))
    pairs, layers = np.empty((count, 2), np.int64), np.empty((count, len(LAYERS)))
    contact, met = np.empty((len(structure), count)), np.empty((2, len(LAYERS)))
    count = call(
        add_meetings,
        *(meetings, hours, len(hours), int(places.imported)),
        *(pairs, contact, layers, met),
    )
    met_by_version = np.ascontiguousarray(contact[:, :count])
    return Contact(pairs[:count], met_by_version, layers[:count])


def _listed(
    places: Places, structure: np.recarray, parameters: np.recarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the meetings of all versions and their hours, as of `list_meetings`."""
    size = len(places.people)
    tally, room = np.zeros(TALLY, np.int64), np.empty((ROOM, size), np.int64)
    for _ in ("count", "fill"):
        many = int(tally[LISTED])
        meetings = np.empty((MEETINGS, max(many, size + 2)), np.int64)
        hours = np.empty(many)
        call(
            list_meetings,
            *(places.team_size, places.seats, places.choices, places.mates),
            *(places.edges, places.people, places.rosters, structure, parameters),
            *(meetings, hours, tally, room),
        )
    return meetings, hours


class Ties:
    """The ties of an organisation: those of templates, and those that each world adds.

    `informal` is None if a real graph tells who meets whom.
    """

    def __init__(
        self,
        contact: Contact,
        structure: np.recarray,
        parameters: np.recarray,
        informal: InformalTies | None,
    ) -> None:
        self.contact = contact
        self.informal = informal
        self._numbers = structure, parameters

    def found(self, key: np.uint64, people: np.recarray):
        """Return the ties of a world, their hours by version, and neighbours.

        Sets in `people` where each person's neighbours begin and end.
        """
        picks, picked = np.zeros((PICKS, 0), np.int64), 0
        if self.informal:
            picks, picked = self.informal.picks(key)
        values = *self.contact, picks, picked, *self._numbers
        versions = len(self.contact.hours)
        count = call(join_ties, *values, records(TIE, 0), np.zeros((versions, 0)))
        ties, hours = records(TIE, max(1, count)), np.zeros((versions, max(1, count)))
        call(join_ties, *values, ties, hours)
        neighbours = records(NEIGHBOUR, max(1, 2 * count))
        call(list_neighbours, ties, count, people, neighbours)
        return ties, hours, neighbours
