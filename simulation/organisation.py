"""Who works here and what there is to decide: seats, lines, choices, bundles.

Nothing here depends on a lever. Other teams, reporting lines of other structures and
second lines are all noted side by side; people move between them when a change reaches
them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulation.chance import seat_key
from simulation.compiled import call
from simulation.graph_files import CommunicationGraph, read_graph
from simulation.head_counts import ROOM, UNITS, draw_seats, room_for
from simulation.name_keys import GROUPS, WORDS, name_of
from simulation.people_for_graph import people_for
from simulation.people_table import (
    PeopleError,
    PersonRow,
    graph_among,
    read_people,
)
from simulation.scenario_values import OrganisationSize, ResolvedScenario
from simulation.seating import (
    Seating,
    choice_records,
    edge_records,
    seat_records,
    seating_of,
)
from simulation.state import (
    CHANNELS,
    DEPARTMENTS,
    DOMAINS,
    ROLES,
    SEAT,
    THEMES,
    records,
)

MAKERS = {"marketeers": "marketing", "communicators": "communication"}
"""The departments of the groups that are called otherwise."""


@dataclass(frozen=True)
class Seat:
    """One seat: its key, its place in the structure and its contract hours a week."""

    name: str
    role: str
    department: str
    domain: str
    team: str
    manager: str | None
    hours: float

    @property
    def key(self) -> int:
        """The seat's address in every draw, 32 bits; the same in any team, channel."""
        return seat_key(self.name)

    @property
    def maker(self) -> bool:
        """Whether the seat is in marketing or communication."""
        return self.department in ("marketing", "communication")


@dataclass(frozen=True)
class Choice:
    """One choice of the offer: its lane (key), domain, bundle and executor's seat."""

    lane: int
    domain: str
    bundle: int
    executor: str

    @property
    def theme(self) -> int:
        """The theme of priorities of its customer journey, 0 to 15."""
        return self.bundle % THEMES


@dataclass(frozen=True)
class Chart:
    """The chart of an organisation: seats in order of key, choices, graph if given."""

    seats: tuple[Seat, ...]
    choices: tuple[Choice, ...]
    graph: CommunicationGraph | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def seating(self) -> Seating:
        """Its arrays, as the rules of founding read them; not to be changed."""
        return seating_of(self)


def draw_chart(scenario: ResolvedScenario) -> Chart:
    """Return the chart of a resolved scenario, from head counts, a table or a graph.

    Raises `PeopleError` or `GraphError` with all problems of the files.
    """
    graph = read_graph(scenario.network_file) if scenario.network_file else None
    plan, rows = scenario.organisation, None
    notes: tuple[str, ...] = ()
    if scenario.people_file:
        table = read_people(scenario.people_file)
        rows, notes = table.people, table.notes
        if graph:
            graph = graph_among(table.people, graph)
    elif graph:
        counts = {
            MAKERS.get(group, group): getattr(plan, group)
            for group in GROUPS
            if group != "externals"
        }
        rows = people_for(graph, counts) if any(counts.values()) else people_for(graph)
    if rows is None:
        seats, seated = seats_from_counts(plan)
    else:
        seats = sorted(seats_from_table(rows), key=lambda seat: (seat.key, seat.name))
        seated = seat_records(seats)
    dealt = choice_records(seated, plan.choices_per_person, plan.bundle_size)
    if not dealt.exists.any():
        where = scenario.people_file or scenario.network_file or "organisation"
        raise PeopleError(
            [
                f"{where}: nobody executes anything (all are in management); at least "
                f"one must work in one of: {', '.join(DEPARTMENTS[1:])}"
            ]
        )
    notes += graph.notes if graph else ()
    chart = Chart(tuple(seats), choices_of(seats, dealt), graph, notes)
    edges = edge_records(graph, seats)
    vars(chart)["seating"] = Seating(seated, dealt, edges)  # it need not be made anew
    return chart


def choices_of(seats: Sequence[Seat], dealt: np.recarray) -> tuple[Choice, ...]:
    """Return the choices of records by lane, with the names of their executors."""
    lanes = np.flatnonzero(dealt["exists"])
    names = ("domain", "bundle", "executor")
    columns = (dealt[name][lanes].tolist() for name in names)
    return tuple(
        Choice(lane, DOMAINS[domain], bundle, seats[executor].name)
        for lane, domain, bundle, executor in zip(lanes.tolist(), *columns, strict=True)
    )


def seats_from_counts(plan: OrganisationSize) -> tuple[list[Seat], np.recarray]:
    """Return seats for the head counts, plus those of leaders, and their records."""
    counts = np.array([getattr(plan, group) for group in GROUPS], np.int64)
    most = room_for(counts)
    drawn, seats = records(SEAT, most), records(SEAT, most)
    names, named = (np.empty((2, most), np.int64) for _ in range(2))
    size = call(
        draw_seats,
        *(counts, plan.span_of_control, float(plan.contract_hours_per_week)),
        *(drawn, names, seats, named, np.empty(WORDS, np.uint64)),
        np.empty((ROOM, max(258, most)), np.int64),
    )
    called = [name_of(*pair) for pair in named[:, :size].T.tolist()]
    leaders = [called[i] if i >= 0 else None for i in seats.leader[:size].tolist()]
    names_of = ("role", "domain", "unit")
    columns = (seats[name][:size].tolist() for name in names_of)
    hours = plan.contract_hours_per_week
    people = []
    for name, leader, role, domain, unit in zip(called, leaders, *columns, strict=True):
        department, team = UNITS[unit]
        home, own = DEPARTMENTS[department], DOMAINS[domain]
        people.append(Seat(name, ROLES[role], home, own, team, leader, hours))
    return people, seats[:size].view(np.recarray)


def seats_from_table(rows: Sequence[PersonRow]) -> tuple[Seat, ...]:
    """Return seats for the rows of a people table; whoever has no manager leads.

    If several people have no manager, the others report to the first leader among them.
    """
    free = [row for row in rows if row.manager is None]
    leaders = [row for row in free if row.role == "leader"]
    top = (leaders or free)[0].name
    return tuple(
        Seat(
            row.name,
            row.role,
            row.department,
            row.domain or _usual_domain(row),
            row.team or row.department,
            None if row.name == top else row.manager or top,
            row.hours,
        )
        for row in rows
    )


def _usual_domain(row: PersonRow) -> str:
    """Return the domain in which a person without a stated domain is skilled."""
    if row.department == "marketing":
        return CHANNELS[seat_key(row.name) % len(CHANNELS)]
    return row.department if row.department in DOMAINS else "product"
