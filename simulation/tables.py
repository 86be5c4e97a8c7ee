"""The published tables: structural numbers, levers and parameters.

Each is a TOML file beside this module, data only, so that anyone can read what a lever
changes and what a number means. `docs/levers.md` and `docs/parameters.md` are made from
them.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
NOT_SETTINGS = ("condition", "question", "carriers", "effort", "idle_when", "context")


@dataclass(frozen=True)
class Number:
    """A named number: value, allowed range (inclusive), unit, meaning and source.

    `plausible` is the range in which an uncertain value may lie; None for definitions.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str
    plausible: tuple[float, float] | None = None


@dataclass(frozen=True)
class Lever:
    """A condition that a scenario can switch, and what each setting changes.

    `settings` maps each setting to the structural numbers it sets; the first setting is
    that of the baseline. A change to another setting takes `hours_per_person` for each
    person, and `euros` once. `idle_when` maps structural numbers to the values at or
    below which the lever has no effect. A `context` lever describes the world around
    the organisation, not a choice of its own.
    """

    name: str
    condition: str
    question: str
    settings: Mapping[str, Mapping[str, float]]
    carriers: tuple[str, ...]
    hours_per_person: float
    euros: float
    idle_when: Mapping[str, float]
    context: bool

    @property
    def baseline(self) -> str:
        """The setting that holds if a scenario does not name this lever."""
        return next(iter(self.settings))


def _rows(name: str) -> dict:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def read_numbers(name: str) -> Mapping[str, Number]:
    """Return the numbers of the table `name`, by name, in the order of the file."""
    return MappingProxyType(
        {
            key: Number(
                key,
                float(row["value"]),
                float(row["range"][0]),
                float(row["range"][1]),
                row["unit"],
                row["meaning"],
                row.get("source", "assumption"),
                _pair(row["plausible"]) if "plausible" in row else None,
            )
            for key, row in _rows(name).items()
        }
    )


def _pair(ends: Sequence[float]) -> tuple[float, float]:
    low, high = ends
    return float(low), float(high)


def read_levers(rows: dict) -> Mapping[str, Lever]:
    """Return levers from the rows of a lever table."""
    return MappingProxyType({key: _lever(key, row) for key, row in rows.items()})


def _lever(name: str, row: dict) -> Lever:
    settings = {
        key: MappingProxyType({n: float(x) for n, x in value.items()})
        for key, value in row.items()
        if key not in NOT_SETTINGS
    }
    effort = row.get("effort", {})
    return Lever(
        name,
        row["condition"],
        row["question"],
        MappingProxyType(settings),
        tuple(row.get("carriers", ())),
        float(effort.get("hours_per_person", 0)),
        float(effort.get("euros", 0)),
        MappingProxyType(dict(row.get("idle_when", {}))),
        bool(row.get("context", False)),
    )


@cache
def lever_table() -> Mapping[str, Lever]:
    """Return the levers that ship, in the order in which they are applied."""
    return read_levers(_rows("levers.toml"))


@cache
def former_numbers() -> Mapping[str, str]:
    """Return names of numbers in earlier versions, and what to write instead.

    >>> former_numbers()["record_memory"]
    'progress_memory'
    """
    rows = _rows("former_numbers.toml")
    return {name: row.get("successor") or row["gone"] for name, row in rows.items()}


STRUCTURE = read_numbers("structure.toml")
PARAMETERS = read_numbers("parameters.toml")
