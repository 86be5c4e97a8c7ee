"""Rules bound to the arrays of one organisation.

A rule names what it works on: its parameters are fields of the state, and `i` is the
index of a person. Binding looks them up once, so that an agent calls `rules.talk(i)`
at the cost of a plain call into machine code.
"""

import inspect
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from simulation.compiled import entry
from simulation.week import RULES


@cache
def arguments(rule: Callable) -> tuple[str, ...]:
    """Return the names of what a rule works on."""
    return tuple(inspect.signature(getattr(rule, "py_func", rule)).parameters)


def bind(rule: Callable, state: Any) -> Callable[..., Any]:
    """Return a rule as a function of a person's index, or of nothing at all."""
    names = arguments(rule)
    values = [0 if name == "i" else getattr(state, name) for name in names]
    code = entry(rule, *values)
    if "i" not in names:
        return lambda: code(*values)
    at = names.index("i")
    before, after = tuple(values[:at]), tuple(values[at + 1 :])
    return lambda i: code(*before, i, *after)


def bind_week(state: Any) -> SimpleNamespace:
    """Return all rules of the week, bound to the arrays of `state`, by name."""
    return SimpleNamespace(**{rule.__name__: bind(rule, state) for rule in RULES})
