"""Who works here and what there is to decide: seats, lines, choices, bundles.

Nothing here depends on a lever. Other teams, reporting lines of other structures and
second lines are all noted side by side; people move between them when a change reaches
them.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from simulation.chance import seat_key
from simulation.graph_files import CommunicationGraph, read_graph
from simulation.people_for_graph import people_for
from simulation.people_table import (
    PeopleError,
    PersonRow,
    graph_among,
    read_people,
)
from simulation.scenario_values import ResolvedScenario
from simulation.seating import Seating, seating_of
from simulation.state import CHANNELS, DEPARTMENTS, DOMAINS, LANES, THEMES

ITEMS_PER_HEAD = {"marketing": 3.0, "communication": 2.0}
"""Items per head at 1.6 choices per person; in other departments it is 1."""
USUAL_CHOICES_PER_PERSON = 1.6
LEAST_FOR_A_LEADER = 4
GROUPS = (
    ("marketeers", "marketeer", "marketing", None),
    ("communicators", "communicator", "communication", "communication"),
    ("sales", "sales", "sales", "sales"),
    ("product", "colleague", "product", "product"),
    ("finance", "colleague", "finance", "finance"),
    ("hr", "colleague", "hr", "hr"),
    ("customer_success", "colleague", "customer_success", "customer_success"),
    ("externals", "external", "marketing", None),
)


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
    notes: tuple[str, ...] = ()
    if scenario.people_file:
        table = read_people(scenario.people_file)
        notes = table.notes
        if graph:
            graph = graph_among(table.people, graph)
        seats = seats_from_table(table.people)
    elif graph:
        counts = {group: getattr(scenario.organisation, group) for group, *_ in GROUPS}
        del counts["externals"]
        seats = seats_from_table(
            people_for(graph, _departments(counts))
            if any(counts.values())
            else people_for(graph)
        )
    else:
        seats = seats_from_counts(scenario)
    seats = tuple(sorted(seats, key=lambda seat: (seat.key, seat.name)))
    choices = choices_of(seats, scenario)
    if not choices:
        where = scenario.people_file or scenario.network_file or "organisation"
        raise PeopleError(
            [
                f"{where}: nobody executes anything (all are in management); at least "
                f"one must work in one of: {', '.join(DEPARTMENTS[1:])}"
            ]
        )
    return Chart(seats, choices, graph, notes + (graph.notes if graph else ()))


def _departments(counts: dict[str, int]) -> dict[str, int]:
    """Return head counts by department instead of by group."""
    names = {group: department for group, _, department, _ in GROUPS}
    return {names[group]: count for group, count in counts.items()}


def seats_from_counts(scenario: ResolvedScenario) -> tuple[Seat, ...]:
    """Return seats for the head counts, plus those of leaders."""
    plan = scenario.organisation
    hours = plan.contract_hours_per_week
    top = Seat(
        "management-1", "leader", "management", "product", "management", None, hours
    )
    seats = [top]
    for department in dict.fromkeys(group[2] for group in GROUPS):
        members = list(_members(plan, department, hours))
        seats += _line(members, department, top.name, plan.span_of_control, hours)
    return tuple(seats)


def _members(plan, department: str, hours: float) -> Iterable[Seat]:
    """Return the seats of one department, without a manager yet."""
    for group, role, home, domain in GROUPS:
        if home != department:
            continue
        for k in range(getattr(plan, group)):
            own = domain or CHANNELS[k % len(CHANNELS)]
            team = "agency" if role == "external" else own
            yield Seat(f"{group}-{k + 1}", role, home, own, team, None, hours)


def _line(
    members: list[Seat], department: str, top: str, span: int, hours: float
) -> list[Seat]:
    """Return the members with managers, and as many leaders as the span requires."""
    if len(members) < LEAST_FOR_A_LEADER:
        return [replace(member, manager=top) for member in members]
    domain = members[0].domain
    head = Seat(
        f"{department}-lead", "leader", department, domain, department, top, hours
    )
    leaders = [head]
    members = sorted(members, key=lambda member: member.team)  # a team keeps one leader
    while len(members) > span:
        size = math.ceil(len(members) / span)
        level = [
            Seat(
                f"{department}-lead-{len(leaders) + k}",
                "leader",
                department,
                domain,
                department,
                None,
                hours,
            )
            for k in range(size)
        ]
        placed = [
            replace(member, manager=level[k * size // len(members)].name)
            for k, member in enumerate(members)
        ]
        leaders += placed
        members = level
    return leaders + [replace(member, manager=head.name) for member in members]


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


def choices_of(seats: Sequence[Seat], scenario: ResolvedScenario) -> tuple[Choice, ...]:
    """Return the choices that these people execute, bundled into customer journeys.

    A domain has one choice per person who works in it; marketing and communication have
    more. Marketing covers every channel, however small it is. A lane encodes domain and
    ordinal, so that a new choice moves no other. Choices are dealt to journeys domain
    by domain, so that each journey crosses channels.
    """
    rate = scenario.organisation.choices_per_person / USUAL_CHOICES_PER_PERSON
    listed: list[tuple[int, str, str]] = []
    for d, domain in enumerate(DOMAINS):
        members = _executors(seats, domain)
        for ordinal in range(_items(seats, members, domain, rate)):
            executor = members[ordinal % len(members)].name
            listed.append((ordinal * LANES + d, domain, executor))
    bundles = max(1, math.ceil(len(listed) / scenario.organisation.bundle_size))
    dealt = [
        Choice(lane, domain, at % bundles, executor)
        for at, (lane, domain, executor) in enumerate(listed)
    ]
    return tuple(sorted(dealt, key=lambda choice: choice.lane))


def _workers(seats: Sequence[Seat], department: str) -> list[Seat]:
    """Return who executes in a department; its leaders only if nobody else can."""
    there = sorted(
        (seat for seat in seats if seat.department == department),
        key=lambda seat: _natural(seat.name),
    )
    workers = [seat for seat in there if seat.role != "leader"]
    return workers or there


def _natural(name: str) -> tuple:
    """Return a sort key by which marketeers-10 comes after marketeers-9."""
    head, _, tail = name.rpartition("-")
    return (head, int(tail)) if tail.isdecimal() and head else (name, 0)


def _executors(seats: Sequence[Seat], domain: str) -> list[Seat]:
    """Return the people who execute the choices of a domain."""
    if domain in CHANNELS:
        marketing = _workers(seats, "marketing")
        own = [seat for seat in marketing if seat.domain == domain]
        turn = CHANNELS.index(domain)
        return own or marketing[turn % max(1, len(marketing)) :][:1]
    return _workers(seats, domain)


def _items(seats: Sequence[Seat], members: list[Seat], domain: str, rate: float) -> int:
    """Return the number of choices of a domain."""
    if not members:
        return 0
    if domain in CHANNELS:
        heads = len(_workers(seats, "marketing"))
        per_channel = ITEMS_PER_HEAD["marketing"] * rate * heads / len(CHANNELS)
        return max(1, round(per_channel))
    return max(1, round(ITEMS_PER_HEAD.get(domain, 1.0) * rate * len(members)))
