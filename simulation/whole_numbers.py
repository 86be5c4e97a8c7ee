"""Whole numbers among the arguments of runs, checked in one place.

They may be of Python or numpy, and are turned into plain integers, so that they can be
saved, hashed and used in names. Booleans, floats (also 1.0) and texts are refused.
"""

import dataclasses
import functools
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import numpy as np

from simulation.input_errors import InputError

F = TypeVar("F", bound=Callable[..., Any])

ALLOWED: Mapping[str, tuple[int, int]] = {
    "seed": (0, 2**63 - 1),
    "first_seed": (0, 2**63 - 1),
    "replicate": (0, 2**32 - 1),
    "replicates": (1, 2**32),
    "weeks": (1, 5_200),
    "week": (0, 5_200),
    "probe_week": (0, 5_200),
    "until": (-5_200, 5_200),
    "points": (1, 1_000_000),
    "organisations": (1, 100_000),
    "sets": (0, 100_000),
    "seeds": (1, 100_000),
    "draws": (1, 1_000_000),
    "workers": (1, 1_000),
    "threads": (1, 1_000),
    "memory": (1, 2**63 - 1),
}
"""Lowest and highest value of each number, by the name that it has everywhere."""


def whole(name: str, value: Any, allowed: tuple[int, int] | None = None) -> int:
    """Return a number as a plain integer; `InputError` if it is none or not allowed.

    >>> whole("replicates", np.int32(20))
    20
    """
    low, high = allowed or ALLOWED[name]
    is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not is_whole or not low <= value <= high:
        raise InputError(
            f"{name}: must be a whole number (got {value!r}); allowed {low} to {high}"
        )
    return int(value)


def checks_numbers(function: F) -> F:
    """Decorate a function: before it runs, check its arguments that are in `ALLOWED`.

    They are found by the names and types of its parameters: an `int | None` may be
    None, and an `int | Sequence[int]` may be a sequence of numbers from 0 on. One
    `InputError` lists all mistakes.
    """
    signature = inspect.signature(function)
    numbers = _numbers(
        {name: one.annotation for name, one in signature.parameters.items()}
    )

    @functools.wraps(function)
    def checked(*arguments: Any, **named: Any) -> Any:
        bound = signature.bind(*arguments, **named)
        bound.arguments.update(_checked(bound.arguments, numbers))
        return function(*bound.args, **bound.kwargs)

    return cast(F, checked)


def check_fields(record: Any) -> None:
    """Check the fields of a frozen record that are in `ALLOWED`; make them plain ints.

    For `__post_init__` of classes that users may instantiate.
    """
    numbers = _numbers({one.name: one.type for one in dataclasses.fields(record)})
    for name, value in _checked(vars(record), numbers).items():
        object.__setattr__(record, name, value)


def _numbers(annotations: Mapping[str, Any]) -> dict[str, str]:
    """Return the annotated names that are numbers in `ALLOWED`, with their types."""
    kinds = {
        name: kind.__name__ if isinstance(kind, type) else str(kind)
        for name, kind in annotations.items()
        if name in ALLOWED
    }
    return {name: kind for name, kind in kinds.items() if re.match(r"int\b", kind)}


def _checked(given: Mapping[str, Any], numbers: Mapping[str, str]) -> dict[str, Any]:
    """Return the checked numbers among `given`; `InputError` with all wrong ones."""
    found, problems = {}, []
    for name in [x for x in numbers if x in given]:
        try:
            found[name] = _plain(name, given[name], numbers[name])
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise InputError("\n".join(problems))
    return found


def _plain(name: str, value: Any, kind: str) -> int | tuple[int, ...] | None:
    if value is None and "None" in kind:
        return None
    if "Sequence" in kind and isinstance(value, Sequence | np.ndarray):
        return tuple(whole("replicate", one) for one in value)
    return whole(name, value)
