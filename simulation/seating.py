"""The seats, choices and imported ties of a chart as arrays, without names."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simulation.compiled import call
from simulation.graph_files import CommunicationGraph
from simulation.head_counts import ROOM, count_lanes, deal_choices
from simulation.state import (
    CHOICE,
    DEPARTMENTS,
    DOMAINS,
    EDGE,
    LANES,
    ROLES,
    SEAT,
    records,
)

if TYPE_CHECKING:
    from simulation.organisation import Chart, Seat


class Seating(NamedTuple):
    """`seats[n]` in the order of keys, `choices[lanes]` by lane, `edges` of the graph.

    Of choices only what exists, domain, bundle, theme and executor are set; the number
    of lanes is a multiple of 64.
    """

    seats: np.recarray
    choices: np.recarray
    edges: np.recarray


def seating_of(chart: "Chart") -> Seating:
    """Return the arrays of a chart."""
    seats, choices = seat_records(chart.seats), _choices(chart)
    return Seating(seats, choices, edge_records(chart.graph, chart.seats))


def edge_records(
    graph: CommunicationGraph | None, seats: Sequence["Seat"]
) -> np.recarray:
    """Return the records of the ties of a graph, if there is one."""
    edges = graph.edges if graph else ()
    index = {seat.name: i for i, seat in enumerate(seats)} if graph else {}
    columns = {
        "a": [index[edge.a] for edge in edges],
        "b": [index[edge.b] for edge in edges],
        "hours": [np.nan if edge.hours is None else edge.hours for edge in edges],
        "weight": [np.nan if edge.weight is None else edge.weight for edge in edges],
    }
    return _filled(EDGE, len(edges), columns)


def _filled(dtype: np.dtype, size: int, columns: Mapping[str, Any]) -> np.recarray:
    """Return records of which these columns are set."""
    filled = records(dtype, size)
    for name, values in columns.items():
        filled[name] = values
    return filled


def seat_records(seats: Sequence["Seat"]) -> np.recarray:
    """Return the records of seats."""
    index = {seat.name: i for i, seat in enumerate(seats)}
    units: dict[tuple[str, str], int] = {}
    for seat in seats:
        units.setdefault((seat.department, seat.team), len(units))
    columns = {
        "key": [seat.key for seat in seats],
        "role": [ROLES.index(seat.role) for seat in seats],
        "department": [DEPARTMENTS.index(seat.department) for seat in seats],
        "domain": [DOMAINS.index(seat.domain) for seat in seats],
        "unit": [units[seat.department, seat.team] for seat in seats],
        "leader": [index[seat.manager] if seat.manager else -1 for seat in seats],
        "natural": _ranks([_natural(seat.name) for seat in seats]),
        "order": _ranks([_channel_order(seat) for seat in seats]),
        "hours": [seat.hours for seat in seats],
    }
    return _filled(SEAT, len(seats), columns)


def _ranks(keys: Sequence[tuple]) -> np.ndarray:
    """Return the rank of each key among all, from 0; equals in their order."""
    return np.argsort(sorted(range(len(keys)), key=keys.__getitem__))


def _natural(name: str) -> tuple:
    """Return a sort key by which marketeers-10 comes after marketeers-9."""
    head, _, tail = name.rpartition("-")
    return (head, int(tail)) if tail.isdecimal() and head else (name, 0)


def _channel_order(seat: "Seat") -> tuple:
    head, _, tail = seat.name.rpartition("-")
    number = int(tail) if tail.isdecimal() else 0
    return (seat.domain, head, number, seat.name)


def choice_records(
    seats: np.recarray, per_person: float, bundle_size: int
) -> np.recarray:
    """Return the records of the choices that these people execute, by lane."""
    choices = records(CHOICE, slots_of(call(count_lanes, seats, per_person)))
    room = np.empty((ROOM, len(seats)), np.int64)
    call(deal_choices, seats, per_person, bundle_size, choices, room)
    return choices


def slots_of(lanes: int) -> int:
    """Return the number of records for so many lanes: whole words of 64 bits."""
    return 64 * -(-max(LANES, lanes) // 64)


def _choices(chart: "Chart") -> np.recarray:
    index = {seat.name: i for i, seat in enumerate(chart.seats)}
    lanes = [choice.lane for choice in chart.choices]
    choices = records(CHOICE, slots_of(max(lanes, default=0) + 1))
    choices["executor"] = choices["worker"] = -1
    choices["exists"][lanes] = 1
    choices["domain"][lanes] = [DOMAINS.index(one.domain) for one in chart.choices]
    choices["bundle"][lanes] = [one.bundle for one in chart.choices]
    choices["theme"][lanes] = [one.theme for one in chart.choices]
    choices["executor"][lanes] = [index[one.executor] for one in chart.choices]
    return choices
