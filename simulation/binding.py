"""Rules bound to the arrays of one organisation.

The parameters of a rule are names of fields of the state, but for `i`, the index of a
person. Binding looks the fields up once, so that an agent can call `rules.talk(i)` at
the cost of a plain call into machine code.
"""

import copy
import importlib
import inspect
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from simulation.compiled import entry
from simulation.week import RULES


@cache
def arguments(rule: Callable) -> tuple[str, ...]:
    """Return the names of a rule's parameters."""
    return tuple(inspect.signature(getattr(rule, "py_func", rule)).parameters)


class BoundRule:
    """A rule as a function of a person's index, or without arguments.

    If it is copied or pickled along with its state, the copy is bound to the copied
    state.
    """

    __slots__ = ("_call", "_rule", "_state")

    def __init__(self, rule: Callable, state: Any) -> None:
        self._rule, self._state = rule, state
        names = arguments(rule)
        values = [0 if name == "i" else getattr(state, name) for name in names]
        code = entry(rule, *values)
        self._call: Callable[..., Any] = lambda: code(*values)
        if "i" in names:
            at = names.index("i")
            before, after = tuple(values[:at]), tuple(values[at + 1 :])
            self._call = lambda i: code(*before, i, *after)

    def __call__(self, *who: int) -> Any:
        return self._call(*who)

    def __deepcopy__(self, memo: dict) -> "BoundRule":
        return BoundRule(self._rule, copy.deepcopy(self._state, memo))

    def __reduce__(self) -> tuple:
        name = getattr(self._rule, "py_func", self._rule)
        return _bound, (name.__module__, name.__qualname__, self._state)


def _bound(module: str, name: str, state: Any) -> BoundRule:
    """Return a rule, found by its name, bound to a state."""
    return bind(getattr(importlib.import_module(module), name), state)


def bind(rule: Callable, state: Any) -> BoundRule:
    """Return a rule bound to the arrays of a state."""
    return BoundRule(rule, state)


def bind_week(state: Any) -> SimpleNamespace:
    """Return all rules of the week, bound to the arrays of `state`, by name."""
    return SimpleNamespace(**{rule.__name__: bind(rule, state) for rule in RULES})
