"""The cost of Mesa itself: its loops over agents, and calls of empty rules.

The week runs as usual, but each rule is an empty one with the same arguments.
"""

from types import SimpleNamespace
from typing import Any

from simulation.binding import arguments, bind
from simulation.compiled import rule
from simulation.model import Organisation
from simulation.week import RULES


def empty_rules() -> dict[str, Any]:
    """Return, by name, an empty rule for each rule of the week."""
    rules = {}
    for one in RULES:
        known: dict[str, Any] = {}
        exec(f"def empty({', '.join(arguments(one))}):\n    pass", known)
        rules[one.__name__] = rule(known["empty"])
    return rules


def without_rules(model: Organisation, empty: dict[str, Any]) -> Organisation:
    """Replace the rules of `model` by empty ones; return it."""
    bound = {name: bind(one, model.state) for name, one in empty.items()}
    model.rules = SimpleNamespace(**bound)
    return model
