"""Arms: the organisations that a claim contrasts, by name.

An arm is a shipped scenario or a row of `arms.toml`. A row lists differences from a
shipped scenario and interventions that no scenario file can express: somebody leaves
in a given week, or a change passes some departments by.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from experiments.errors import InputError, did_you_mean
from simulation.scenario import ResolvedScenario, read, shipped_names, vary
from simulation.state import DEPARTMENTS
from simulation.tables import STRUCTURE, lever_table

LEAVERS = ("best_connected_marketeer", "marketing_leader")
KEYS = ("based_on", "as_is", "levers", "structure", "leaves", "in_week", "passed_by")
WRITTEN = ("as_is", "levers", "structure")
"""Keys of a row that a scenario file has too."""


class ArmError(InputError):
    """Arms are invalid; the message lists every mistake, one per line."""


@dataclass(frozen=True)
class Arm:
    """One organisation of a contrast: a scenario plus interventions.

    `leaves` is one of `LEAVERS`, who leaves in week `in_week`, or None. `passed_by` are
    departments that a change never reaches.
    """

    name: str
    based_on: str
    written: Mapping[str, Any]
    leaves: str | None = None
    in_week: int | None = None
    passed_by: tuple[str, ...] = ()

    @property
    def scenario(self) -> ResolvedScenario:
        """The scenario of this arm, resolved."""
        return _resolved(self.name)

    @property
    def numbers(self) -> frozenset[str]:
        """Structural numbers that the row names, directly or through its levers."""
        found = set(self.written.get("structure", {}))
        for name in self.written.get("levers", {}):
            settings = lever_table()[name].settings
            found |= {n for numbers in settings.values() for n in numbers}
        return frozenset(found)

    @property
    def intervenes(self) -> bool:
        """Whether it has an intervention that no scenario file can express."""
        return self.leaves is not None or bool(self.passed_by)


def read_arms(rows: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Arm]:
    """Return arms by name; raise `ArmError` with every mistake."""
    mistakes = [text for name, row in rows.items() for text in _mistakes(name, row)]
    if mistakes:
        raise ArmError("\n".join(mistakes))
    return MappingProxyType({name: _arm(name, row) for name, row in rows.items()})


@cache
def arm_table() -> Mapping[str, Arm]:
    """Return the arms of `arms.toml` by name, without the shipped scenarios."""
    return read_arms(arm_rows("arms.toml"))


def arm_rows(file: str) -> Mapping[str, Any]:
    """Return the rows of a file of arms in this folder."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    return tomllib.loads(text)


def arm_names() -> tuple[str, ...]:
    """Return the names of all arms: shipped scenarios, then those of `arms.toml`."""
    return (*shipped_names(), *arm_table())


@cache
def find_arm(name: str) -> Arm:
    """Return the arm of that name; raise `ArmError` with the nearest if unknown."""
    if name in arm_table():
        return arm_table()[name]
    if name in shipped_names():
        return Arm(name, name, {})
    raise ArmError(f"unknown arm {unknown(name, arm_names())}")


@cache
def _resolved(name: str) -> ResolvedScenario:
    arm = find_arm(name)
    plain = read(arm.based_on)
    return vary(plain, name, **arm.written) if arm.written else plain


def _arm(name: str, row: Mapping[str, Any]) -> Arm:
    return Arm(
        name,
        row["based_on"],
        MappingProxyType({key: row[key] for key in WRITTEN if key in row}),
        row.get("leaves"),
        row.get("in_week"),
        tuple(row.get("passed_by", ())),
    )


def _mistakes(name: str, row: Mapping[str, Any]) -> Iterable[str]:
    if name in shipped_names():
        yield f"{name}: a scenario of this name ships"
    for key in row:
        if key not in KEYS:
            yield f"{name}: unknown {unknown(key, KEYS)}"
    if row.get("based_on") not in shipped_names():
        near = unknown(row.get("based_on"), shipped_names())
        yield f"{name}.based_on: unknown {near}"
    for lever, setting in row.get("levers", {}).items():
        if lever not in lever_table():
            yield f"{name}.levers: unknown lever {unknown(lever, lever_table())}"
        elif setting not in lever_table()[lever].settings:
            near = unknown(setting, lever_table()[lever].settings)
            yield f"{name}.levers.{lever}: unknown {near}"
    known: list[tuple[str, Iterable[Any], Iterable[str]]] = [
        ("structure", row.get("structure", {}), STRUCTURE),
        ("passed_by", row.get("passed_by", ()), DEPARTMENTS),
        ("leaves", [row["leaves"]] if "leaves" in row else [], LEAVERS),
    ]
    for key, values, allowed in known:
        for value in values:
            if value not in allowed:
                yield f"{name}.{key}: unknown {unknown(value, allowed)}"
    if ("leaves" in row) != ("in_week" in row):
        yield f"{name}: leaves goes with in_week"


def unknown(value: Any, allowed: Iterable[Any]) -> str:
    """Return an unknown value in quotes, with a hint at the nearest allowed value."""
    return f"{value!r}{did_you_mean(value, allowed)}"
