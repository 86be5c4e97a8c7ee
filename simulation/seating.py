"""The seats, choices and imported ties of a chart as arrays, without names."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

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
    index = {seat.name: i for i, seat in enumerate(chart.seats)}
    edges = chart.graph.edges if chart.graph else ()
    columns = {
        "a": [index[edge.a] for edge in edges],
        "b": [index[edge.b] for edge in edges],
        "hours": [np.nan if edge.hours is None else edge.hours for edge in edges],
        "weight": [np.nan if edge.weight is None else edge.weight for edge in edges],
    }
    return Seating(
        _seats(chart, index), _choices(chart, index), _filled(EDGE, len(edges), columns)
    )


def _filled(dtype: np.dtype, size: int, columns: Mapping[str, Any]) -> np.recarray:
    """Return records of which these columns are set."""
    filled = records(dtype, size)
    for name, values in columns.items():
        filled[name] = values
    return filled


def _seats(chart: "Chart", index: Mapping[str, int]) -> np.recarray:
    seats = chart.seats
    units: dict[tuple[str, str], int] = {}
    for seat in seats:
        units.setdefault((seat.department, seat.team), len(units))
    order = sorted(range(len(seats)), key=lambda i: _channel_order(seats[i]))
    columns = {
        "key": [seat.key for seat in seats],
        "role": [ROLES.index(seat.role) for seat in seats],
        "department": [DEPARTMENTS.index(seat.department) for seat in seats],
        "domain": [DOMAINS.index(seat.domain) for seat in seats],
        "unit": [units[seat.department, seat.team] for seat in seats],
        "leader": [index[seat.manager] if seat.manager else -1 for seat in seats],
        "order": np.argsort(order),
        "hours": [seat.hours for seat in seats],
    }
    return _filled(SEAT, len(seats), columns)


def _channel_order(seat: "Seat") -> tuple:
    head, _, tail = seat.name.rpartition("-")
    number = int(tail) if tail.isdecimal() else 0
    return (seat.domain, head, number, seat.name)


def _choices(chart: "Chart", index: Mapping[str, int]) -> np.recarray:
    lanes = [choice.lane for choice in chart.choices]
    slots = 64 * -(-max([LANES, *(lane + 1 for lane in lanes)]) // 64)
    choices = records(CHOICE, slots)
    choices["executor"] = choices["worker"] = -1
    choices["exists"][lanes] = 1
    choices["domain"][lanes] = [DOMAINS.index(one.domain) for one in chart.choices]
    choices["bundle"][lanes] = [one.bundle for one in chart.choices]
    choices["theme"][lanes] = [one.theme for one in chart.choices]
    choices["executor"][lanes] = [index[one.executor] for one in chart.choices]
    return choices
