"""Everyone's place: reporting lines, teams, teams across channels, journeys.

The places of a chart depend on no lever: teams and lines of all ways of working are
noted side by side.
"""

import numpy as np

from simulation.arithmetic import rounded
from simulation.compiled import call, rule
from simulation.mixed_teams import (
    GROUPED,
    IN_MIXED,
    IN_PROJECTS,
    MAKERS,
    ROSTERS,
    form_teams,
    members_of,
    teams_of,
)
from simulation.organisation import Chart
from simulation.stable_sort import sort_by
from simulation.state import (
    COMMUNICATION,
    COMMUNICATION_DOMAIN,
    EXTERNAL,
    LEADER,
    MARKETING,
    PERSON,
    THEMES,
    records,
)

NO_RANK = 2.0
"""Rank of people whom a share never includes: above every share."""
NO_SHOCK = -1_000_000
"""Week of a shock that never comes."""
OWN, ACROSS, COUNT, NUMBER, UNIT, ABOVE, ORDER, SORTED, STARTS, LEADS = range(10)
"""Rows of working space: labels of teams without and with teams across channels, below
2n; counts and numbers by label; sort keys and orders of people; who leads anybody."""
ROOM = 10


@rule
def is_maker(seat, department):
    """Return whether a seat is in a department, and neither leader nor external."""
    inside = seat.department == department
    return inside and seat.role != LEADER and seat.role != EXTERNAL


@rule
def head_of(seats, department):
    """Return the highest leader of a department, or -1."""
    for i in range(seats.shape[0]):
        if seats[i].department == department and seats[i].role == LEADER:
            above = seats[i].leader
            if above < 0 or seats[above].department != department:
                return i
    return -1


@rule
def top_of(seats):
    """Return the first seat without a leader."""
    i = 0
    while seats[i].leader >= 0:
        i += 1
    return i


@rule
def count_makers(seats, department):
    """Return how many of a department are neither leaders nor externals."""
    count = 0
    for i in range(seats.shape[0]):
        count += 1 if is_maker(seats[i], department) else 0
    return count


@rule
def place_people(team_size, seats, choices, own, mates, reports, rosters, people, room):
    """Give everybody a place, before anything is drawn.

    Reads `seats[n]` and of `choices` what exists, domain, bundle and executor. Fills
    `own` and `mates` (one for each choice), `reports` (at most 3n), `rosters[4, n]`,
    and in `people[n]` and `choices` what is theirs. `room[ROOM, width]` is working
    space; `width` is at least 2n + 2 and the number of choices' lanes.
    """
    _take_seats(seats, people)
    _list_choices(choices, own, mates, people, room)
    _list_makers(seats, rosters, room)
    marketing = count_makers(seats, MARKETING)
    makers = marketing + count_makers(seats, COMMUNICATION)
    chart = seats, choices, own, mates, people, rosters, room
    form_teams(IN_MIXED, marketing, team_size, *chart)
    form_teams(IN_PROJECTS, makers, team_size, *chart)
    for k in range(marketing):
        people[rosters[IN_MIXED, k]].mix_rank = k / marketing
    for k in range(makers):
        people[rosters[IN_PROJECTS, k]].second_rank = k / makers
    _label_teams(marketing, team_size, seats, rosters, room)
    _place_leaders(seats, people, room)
    _number_teams(people, room)
    _set_lines(seats, people)
    _list_reports(people, reports)


@rule
def _take_seats(seats, people):
    for i in range(seats.shape[0]):
        seat, person = seats[i], people[i]
        person.seat = seat.key
        person.role = seat.role
        person.own_department = person.department = seat.department
        person.domain = seat.domain
        person.contract = seat.hours
        person.maker = 0
        if seat.department == MARKETING or seat.department == COMMUNICATION:
            person.maker = 1
        person.external = person.seat_external = 1 if seat.role == EXTERNAL else 0
        person.mix_rank = person.second_rank = NO_RANK


@rule
def _list_choices(choices, own, mates, people, room):
    """List everybody's own items, and the items of each journey, in order of lanes."""
    for x in range(room.shape[1]):
        room[COUNT, x] = room[OWN, x] = 0
        room[NUMBER, x] = -1
    for c in range(choices.shape[0]):
        if choices[c].exists == 1:
            room[COUNT, choices[c].bundle] += 1
            room[OWN, choices[c].executor] += 1
    at = 0
    for i in range(people.shape[0]):
        people[i].first_choice = people[i].last_choice = at
        at += room[OWN, i]
    at = 0
    for c in range(choices.shape[0]):
        if choices[c].exists == 0:
            continue
        choice, person = choices[c], people[choices[c].executor]
        own[person.last_choice] = c
        person.last_choice += 1
        if room[NUMBER, choice.bundle] < 0:
            room[NUMBER, choice.bundle] = at
            at += room[COUNT, choice.bundle]
            room[COUNT, choice.bundle] = 0
        mates[room[NUMBER, choice.bundle] + room[COUNT, choice.bundle]] = c
        room[COUNT, choice.bundle] += 1
    for c in range(choices.shape[0]):
        if choices[c].exists == 1:
            choices[c].first_mate = room[NUMBER, choices[c].bundle]
            choices[c].last_mate = (
                choices[c].first_mate + room[COUNT, choices[c].bundle]
            )


@rule
def _list_makers(seats, rosters, room):
    """List makers by department and channel, and everybody by own team."""
    n = seats.shape[0]
    for i in range(n):
        room[ORDER, seats[i].order] = i
        for row in range(ROSTERS):
            rosters[row, i] = -1
    at = 0
    for department in (MARKETING, COMMUNICATION):
        for k in range(n):
            if is_maker(seats[room[ORDER, k]], department):
                rosters[MAKERS, at] = room[ORDER, k]
                at += 1
    for i in range(n):
        room[UNIT, i] = seats[i].unit
        room[ABOVE, i] = seats[i].leader + 1
        room[ORDER, i] = i
    sort_by(room, UNIT, ORDER, SORTED, STARTS, n)
    sort_by(room, ABOVE, SORTED, ORDER, STARTS, n)
    for i in range(n):
        rosters[GROUPED, i] = room[ORDER, i]


@rule
def starts_group(k, seats, rosters):
    """Return whether a new team begins at position `k` of everybody by own team."""
    if k == 0:
        return True
    one, other = seats[rosters[GROUPED, k]], seats[rosters[GROUPED, k - 1]]
    return one.leader != other.leader or one.unit != other.unit


@rule
def _label_teams(marketing, team_size, seats, rosters, room):
    """Label everybody's teams: the own by its first person, those across after them."""
    n = seats.shape[0]
    first = 0
    for k in range(n):
        if starts_group(k, seats, rosters):
            first = rosters[GROUPED, k]
        room[OWN, rosters[GROUPED, k]] = room[ACROSS, rosters[GROUPED, k]] = first
    count = teams_of(marketing, team_size)
    at = 0
    for team in range(count):
        for _ in range(members_of(team, count, marketing)):
            room[ACROSS, rosters[IN_MIXED, at]] = n + team
            at += 1


@rule
def _place_leaders(seats, people, room):
    """Put leaders into the team of most of those whom they lead, the first of equals.

    A leader joins a team across channels with the first of the people led who are in
    that team.
    """
    n = seats.shape[0]
    for x in range(room.shape[1]):
        room[COUNT, x] = room[LEADS, x] = 0
    for i in range(n):
        room[ABOVE, i] = seats[i].leader + 1
        room[ORDER, i] = i
        if seats[i].leader >= 0:
            room[LEADS, seats[i].leader] = 1
    sort_by(room, ABOVE, ORDER, SORTED, STARTS, n)
    first = 0
    while first < n:
        last = first
        leader = seats[room[SORTED, first]].leader
        while last < n and seats[room[SORTED, last]].leader == leader:
            last += 1
        if leader >= 0 and seats[leader].role == LEADER:
            _place_leader(leader, first, last, seats, people, room)
        first = last


@rule
def _place_leader(leader, first, last, seats, people, room):
    """Put a leader into the teams of most of the line `first` to `last` in SORTED."""
    own = _largest(OWN, leader, first, last, seats, room)
    across = _largest(ACROSS, leader, first, last, seats, room)
    if own < 0:
        return
    rank = NO_RANK
    for k in range(first, last):
        one = room[SORTED, k]
        if _is_led(one, leader, seats, room) and room[ACROSS, one] == across:
            rank = min(rank, people[one].mix_rank)
    room[OWN, leader] = own
    room[ACROSS, leader] = across
    if own != across:
        people[leader].mix_rank = rank


@rule
def _is_led(one, leader, seats, room):
    """Return whether somebody of a leader's line works there and leads nobody."""
    role = seats[one].role
    works = role != LEADER and role != EXTERNAL and room[LEADS, one] == 0
    return works and seats[one].department == seats[leader].department


@rule
def _largest(labels, leader, first, last, seats, room):
    """Return the most frequent label of those led, the first of equals; -1 if none."""
    best = -1
    most = 0
    for k in range(first, last):
        if _is_led(room[SORTED, k], leader, seats, room):
            room[COUNT, room[labels, room[SORTED, k]]] += 1
    for k in range(first, last):
        label = room[labels, room[SORTED, k]]
        led = _is_led(room[SORTED, k], leader, seats, room)
        if led and room[COUNT, label] > most:
            best = label
            most = room[COUNT, label]
    for k in range(first, last):
        room[COUNT, room[labels, room[SORTED, k]]] = 0
    return best


@rule
def _number_teams(people, room):
    """Number teams in the order of people, the own before the one across channels."""
    for x in range(room.shape[1]):
        room[NUMBER, x] = -1
    number = 0
    for i in range(people.shape[0]):
        for row in (OWN, ACROSS):
            if room[NUMBER, room[row, i]] < 0:
                room[NUMBER, room[row, i]] = number
                number += 1
        people[i].team_channel = room[NUMBER, room[OWN, i]]
        people[i].team_mixed = room[NUMBER, room[ACROSS, i]]


@rule
def _set_lines(seats, people):
    """Set everybody's leader: now, with one department, and of the second line."""
    top = top_of(seats)
    heads = head_of(seats, MARKETING), head_of(seats, COMMUNICATION)
    for i in range(seats.shape[0]):
        person = people[i]
        leader = seats[i].leader
        communicates = seats[i].department == COMMUNICATION
        person.leader_separate = person.leader_integrated = leader
        if communicates and heads[0] >= 0:
            if i == heads[1] or leader == top or leader == -1:
                person.leader_integrated = heads[0]
        person.project_leader = -1
        if person.second_rank < NO_RANK:
            other = heads[0] if communicates else heads[1]
            other = top if other < 0 else other
            if other != i and other != leader:
                person.project_leader = other


@rule
def _list_reports(people, reports):
    """List all possible reports of everyone: own, integrated and second line."""
    for i in range(people.shape[0]):
        people[i].first_report = people[i].last_report = 0
    for fill in (0, 1):
        for j in range(people.shape[0]):
            a = people[j].leader_separate
            b = people[j].leader_integrated
            c = people[j].project_leader
            b = -1 if b == a else b
            c = -1 if c in (a, b) else c
            for leader in (a, b, c):
                if leader >= 0:
                    if fill == 1:
                        reports[people[leader].last_report] = j
                    people[leader].last_report += 1
        if fill == 0:
            at = 0
            for i in range(people.shape[0]):
                many = people[i].last_report
                people[i].first_report = people[i].last_report = at
                at += many


@rule
def set_up_firm(seats, choices, mates, rosters, firm, structure, parameters):
    """Set what a firm begins with; its week is given."""
    f = firm[0]
    f.top = top_of(seats)
    f.broker = rosters[MAKERS, 0]
    f.champion = head_of(seats, MARKETING)
    if f.champion < 0:
        f.champion = f.broker
    f.items = f.channel_items = f.themes = 0
    for c in range(choices.shape[0]):
        if choices[c].exists == 1:
            f.items += 1
            f.channel_items += 1 if choices[c].domain < COMMUNICATION_DOMAIN else 0
            f.themes += 1 if mates[choices[c].first_mate] == c else 0
    f.themes = min(THEMES, f.themes)
    stated = parameters[0].stated_themes * f.themes / THEMES
    f.stated_size = max(1, rounded(stated))
    f.brand = 1.0
    f.budget = structure[0].budget_level
    f.consistency = 0.5
    f.shock_week = NO_SHOCK


class Places:
    """Everyone's place in a chart, as arrays; n people in the order of seats.

    `seats`, `choices` and `edges` are those of `Chart.seating`; `people[n]` are records
    in which only places are set; `own`, `mates` and `reports` are the flat lists of
    `State`; `rosters[4, n]` lists makers and teams (see `simulation.mixed_teams`).
    """

    def __init__(self, chart: Chart, team_size: float) -> None:
        seating = chart.seating
        self.seats, self.edges = seating.seats, seating.edges
        self.imported = chart.graph is not None
        self.choices = seating.choices.copy()
        self.team_size = max(2, int(team_size))
        size, items = len(self.seats), len(chart.choices)
        self.people = records(PERSON, size)
        self.own, self.mates = (np.zeros(max(1, items), np.int64) for _ in range(2))
        self.rosters = np.empty((ROSTERS, size), np.int64)
        reports = np.zeros(3 * size, np.int64)
        room = np.empty((ROOM, max(2 * size + 2, len(self.choices))), np.int64)
        call(
            place_people,
            *(self.team_size, self.seats, self.choices, self.own, self.mates),
            *(reports, self.rosters, self.people, room),
        )
        self.reports = reports[: max(1, self.people.last_report.max())].copy()
