"""What Mesa costs by itself: its loops over agents, and calls of rules that do nothing.

The week goes as always, but each rule is an empty one with the same arguments.
"""

from types import SimpleNamespace
from typing import Any

from simulation.binding import arguments, bind
from simulation.compiled import rule
from simulation.model import Organisation
from simulation.week import RULES


def empty_rules() -> dict[str, Any]:
    """Return a rule that does nothing for each of the week, by name."""
    found = {}
    for one in RULES:
        known: dict[str, Any] = {}
        exec(f"def empty({', '.join(arguments(one))}):\n    pass", known)
        found[one.__name__] = rule(known["empty"])
    return found


def without_rules(model: Organisation, empty: dict[str, Any]) -> Organisation:
    """Return `model`, its rules being empty ones."""
    bound = {name: bind(one, model.state) for name, one in empty.items()}
    model.rules = SimpleNamespace(**bound)
    return model
