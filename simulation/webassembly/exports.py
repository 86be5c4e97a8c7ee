"""The functions of the module, and all that one must know to call them.

To offer another compiled function, add it to `EXPORTS`. Nothing else names functions,
arguments or fields of records: their description goes into the module.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from simulation import (
    chance,
    contact,
    head_counts,
    informal_ties,
    meetings,
    mixed_teams,
    name_keys,
    network,
    places,
    state,
)
from simulation.arithmetic import shares_kept
from simulation.binding import arguments
from simulation.ensemble.live import columns_of, live
from simulation.founding import Founder
from simulation.outcomes import SERIES_RECORD
from simulation.rules.founding import draw_start
from simulation.scenario import read
from simulation.version import results_version


class Export(NamedTuple):
    """A compiled function whose arguments are named after the arrays of a `State`.

    `others` has a value of the right type for each argument that is no such array. The
    function returns nothing or a whole number.
    """

    rule: Any
    others: Mapping[str, Any] = MappingProxyType({})


_WHOLE = np.zeros(1, np.int64)
_FLOATS = np.zeros(1)
_PAIRS = np.zeros((1, 2), np.int64)
_HOURS = np.zeros((1, 1))
_SEATS = np.zeros(1, state.SEAT)
_SEATED = {
    "seats": _SEATS,
    "rosters": _PAIRS,
    "room": _PAIRS,
    "team_size": 2,
}
_MEETINGS = {"meetings": _PAIRS, "hours": _FLOATS, "size": 0}
_CONTACT = {"pairs": _PAIRS, "contact": _HOURS, "layers": _HOURS}
_PICKS = {"partners": _PAIRS, "picks": _PAIRS, "picked": 0}
_CROWD = {"seats": _WHOLE, "groups": _PAIRS, "odds": _FLOATS, "by_place": _FLOATS}

EXPORTS = {
    "live": Export(
        live,
        {
            "until": 0,
            "series": np.zeros(1, SERIES_RECORD),
            "words": np.zeros((1, 1), np.int64),
            "columns": columns_of(()),
            "panel": np.zeros((1, 0, 0), np.int64),
        },
    ),
    "draw_start": Export(draw_start),
    "mixed_key": Export(
        chance.mixed_key, {"seed": np.uint64(0), "replicate": np.uint64(0)}
    ),
    "shares_kept": Export(shares_kept, {"weeks": _FLOATS, "kept": _FLOATS}),
    "draw_seats": Export(
        head_counts.draw_seats,
        {
            "counts": _WHOLE,
            "span": 0,
            "hours": 0.0,
            "drawn": _SEATS,
            "names": _PAIRS,
            "seats": _SEATS,
            "named": _PAIRS,
            "words": np.zeros(1, np.uint64),
            "room": _PAIRS,
        },
    ),
    "count_lanes": Export(
        head_counts.count_lanes, {"seats": _SEATS, "per_person": 0.0}
    ),
    "deal_choices": Export(
        head_counts.deal_choices, {**_SEATED, "per_person": 0.0, "bundle_size": 0}
    ),
    "place_people": Export(places.place_people, _SEATED),
    "set_up_firm": Export(places.set_up_firm, _SEATED),
    "list_meetings": Export(
        meetings.list_meetings,
        {**_SEATED, **_MEETINGS, "edges": np.zeros(1, state.EDGE), "tally": _WHOLE},
    ),
    "sort_meetings": Export(contact.sort_meetings, _MEETINGS),
    "add_meetings": Export(
        contact.add_meetings, {**_MEETINGS, **_CONTACT, "imported": 0, "met": _HOURS}
    ),
    "group_people": Export(informal_ties.group_people, _CROWD),
    "draw_informal": Export(
        informal_ties.draw_informal,
        {
            **_CROWD,
            **_CONTACT,
            **_PICKS,
            "key": np.uint64(0),
            "most_pairs": 0,
            "nearby": _PAIRS,
            "friends": _WHOLE,
            "first": _WHOLE,
            "mark": _WHOLE,
            "best": _FLOATS,
            "order": _WHOLE,
            "place": _WHOLE,
            "span": _PAIRS,
            "room": _PAIRS,
        },
    ),
    "sort_picks": Export(informal_ties.sort_picks, _PICKS),
    "join_ties": Export(network.join_ties, {**_CONTACT, **_PICKS}),
    "list_neighbours": Export(network.list_neighbours, {"count": 0}),
}
"""The functions of the module, by name."""

SIZES = {
    "GROUPS": name_keys.GROUPS,
    "WORDS": name_keys.WORDS,
    "MOST_PAIRS": informal_ties.MOST_PAIRS,
    "PICKS": informal_ties.PICKS,
    "ROSTERS": mixed_teams.ROSTERS,
    "MEETINGS": meetings.MEETINGS,
    "TALLY": meetings.TALLY,
    "ROOM_OF_SEATS": head_counts.ROOM,
    "ROOM_OF_PLACES": places.ROOM,
    "ROOM_OF_MEETINGS": meetings.ROOM,
}
"""Constants that founding needs besides those of `simulation.state`."""

RECORDS = {
    "seat": state.SEAT,
    "edge": state.EDGE,
    "person": state.PERSON,
    "choice": state.CHOICE,
    "tie": state.TIE,
    "neighbour": state.NEIGHBOUR,
    "lead": state.LEAD,
    "firm": state.FIRM,
    "parameters": state.PARAMETER,
    "structure": state.STRUCTURE_RECORD,
    "week": SERIES_RECORD,
}
"""Records of which arguments may be arrays, by the names that JavaScript uses."""


def description() -> dict[str, Any]:
    """Return what one must know to call the module, as values of JSON.

    `functions` have arguments `[name, type, dimensions]`. A type is the name of a
    number of numpy or of one of `records`; an argument without dimensions is a number.
    Fields of `records` are `[type, offset]`. `state` has the arrays of a world in the
    same way as arguments, and `constants` those of `simulation.state` and `SIZES`.
    """
    arrays = vars(Founder(read("baseline")).found(1, 0))
    return {
        "results_version": results_version(),
        "state": _described(arrays),
        "functions": {
            name: _arguments(export, arrays) for name, export in EXPORTS.items()
        },
        "records": {name: _record(dtype) for name, dtype in RECORDS.items()},
        "constants": {
            name: value
            for name, value in vars(state).items()
            if name.isupper() and isinstance(value, int | float | tuple)
        }
        | SIZES,
    }


def _arguments(export: Export, arrays: Mapping[str, Any]) -> list[list]:
    examples = {**arrays, **export.others}
    return _described({name: examples[name] for name in arguments(export.rule)})


def _described(examples: Mapping[str, Any]) -> list[list]:
    values = {name: np.asarray(value) for name, value in examples.items()}
    return [[name, _type(value.dtype), value.ndim] for name, value in values.items()]


def _type(dtype: np.dtype) -> str:
    """Return the name of a type; KeyError for records that are not in `RECORDS`."""
    if dtype.names is None:
        return dtype.name
    return {_key(known): name for name, known in RECORDS.items()}[_key(dtype)]


def _key(dtype: np.dtype) -> tuple:
    return dtype.itemsize, tuple((dtype.fields or {}).items())


def _record(dtype: np.dtype) -> dict[str, Any]:
    fields = (dtype.fields or {}).items()
    return {
        "size": dtype.itemsize,
        "fields": {name: [one[0].name, one[1]] for name, one in fields},
    }
