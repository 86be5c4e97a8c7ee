"""The functions of the module, and all that one must know to call them.

To offer another compiled function, add it to `EXPORTS`. Nothing else names functions,
arguments or fields of records: their description goes into the module.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from simulation import state
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
    function returns nothing.
    """

    rule: Any
    others: Mapping[str, Any] = MappingProxyType({})


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
}
"""The functions of the module, by name."""

RECORDS = {
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
    same way as arguments, and `constants` those of `simulation.state`.
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
        },
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
