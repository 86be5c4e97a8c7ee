"""Alternative rules: structural alternatives and null models.

A structural alternative is a set of parameters that replaces one of the model's rules
by another rule from the literature. A null model removes what a conclusion is about
(`experiments.science.nulls`). Claims are tested under each.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from experiments.errors import InputError, did_you_mean
from experiments.science.nulls import NULLS
from simulation.tables import PARAMETERS


@dataclass(frozen=True)
class AlternativeRule:
    """An alternative rule: parameters it sets, and how it rearranges a state."""

    name: str
    label: Mapping[str, str]
    source: str
    parameters: Mapping[str, float]
    rearrange: Callable[[Any], None] | None = None


@cache
def rules() -> Mapping[str, AlternativeRule]:
    """Return structural alternatives and null models, by name.

    >>> sorted(rules())[:3]
    ['conformity', 'equal_weights', 'last_reading']
    """
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)
    labels = rows.pop("nulls")
    found = {name: AlternativeRule(name, **row) for name, row in rows.items()}
    for name, null in NULLS.items():
        found[name] = AlternativeRule(
            name, labels[name], "null model", null.parameters, null.rearrange
        )
    return found


def find_rule(name: str) -> AlternativeRule:
    """Return the rule of that name; raise `InputError` with the nearest if unknown."""
    if name in rules():
        return rules()[name]
    hint = did_you_mean(name, rules()) or f"; there are {', '.join(rules())}"
    raise InputError(f"unknown rule {name!r}{hint}")


def misnamed() -> list[str]:
    """Return parameters that an alternative sets but the model does not have.

    >>> misnamed()
    []
    """
    return [n for r in rules().values() for n in r.parameters if n not in PARAMETERS]
