"""The frozen values that a scenario is made of, as written and as resolved."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from simulation.scenario_files import Document

HEADS: Mapping[str, int] = MappingProxyType(
    {
        "marketeers": 12,
        "communicators": 4,
        "sales": 8,
        "product": 3,
        "finance": 2,
        "hr": 2,
        "customer_success": 3,
        "externals": 2,
    }
)
"""Head counts of the organisation template; leaders come on top."""
DEFAULT_WORK: Mapping[str, float] = MappingProxyType(
    {
        "contract_hours_per_week": 36.0,
        "span_of_control": 9,
        "choices_per_person": 1.6,
        "bundle_size": 4,
    }
)
DEFAULT_RUN: Mapping[str, int] = MappingProxyType({"weeks": 104, "warm_up_weeks": 52})


class Values(Mapping):
    """A mapping that cannot change, and that can be hashed, copied and pickled."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping):
        self._values = dict(values)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return repr(self._values)


@dataclass(frozen=True)
class Scenario:
    """One scenario as written, and the scenarios that it builds on.

    `document` tells where each key was written, `written` holds what it says;
    `history` is the scenario named by its own `as_is`, if that is another one.
    """

    name: str
    document: Document
    written: Mapping[str, Any]
    base: "Scenario | None" = None
    history: "Scenario | None" = None

    @property
    def chain(self) -> "tuple[Scenario, ...]":
        """This scenario after all that it is based on, the root first."""
        return (*(self.base.chain if self.base else ()), self)

    @property
    def as_is(self) -> "Scenario":
        """The scenario that holds during the warm-up.

        It is the one that the last file of the chain with an `as_is` names ("self" is
        that file), else the root of the chain.
        """
        for scenario in reversed(self.chain):
            if "as_is" in scenario.written:
                return scenario.history or scenario
        return self.chain[0]

    def table(self, name: str) -> dict[str, Any]:
        """Return the table `name`, merged key by key from the root of the chain."""
        merged: dict[str, Any] = {}
        for scenario in self.chain:
            merged.update(scenario.written.get(name, {}))
        return merged

    def organisation(self) -> dict[str, Any]:
        """Return the merged organisation: head counts replace people and vice versa."""
        merged: dict[str, Any] = {}
        for scenario in self.chain:
            written = scenario.written.get("organisation", {})
            if "people" in written:
                merged = {k: v for k, v in merged.items() if k not in HEADS}
            if HEADS.keys() & written.keys():
                merged.pop("people", None)
            merged.update(written)
        return merged

    def last(self, name: str) -> "Scenario":
        """Return the last scenario of the chain that writes the key `name`, or this."""
        named = [scenario for scenario in self.chain if name in scenario.written]
        return named[-1] if named else self

    def changes(self) -> list[dict[str, Any]]:
        """Return the dated changes in file order: those of the last file with any."""
        return self.last("changes").written.get("changes", [])


@dataclass(frozen=True)
class Organisation:
    """Head counts (all 0 where a people table gives them) and the size of the work.

    Leaders come on top of the head counts; nobody has more than `span_of_control`
    people to lead.
    """

    marketeers: int
    communicators: int
    sales: int
    product: int
    finance: int
    hr: int
    customer_success: int
    externals: int
    contract_hours_per_week: float
    span_of_control: int
    choices_per_person: float
    bundle_size: int


@dataclass(frozen=True)
class Stage:
    """The structural numbers that hold from `week` on.

    `structure` is complete; `sources` tells for each number what set it; `levers` has
    the setting of every lever. Bringing people here from the stage before takes
    `hours_per_person` once for each person and `euros` once.
    """

    week: int
    structure: Mapping[str, float]
    sources: Mapping[str, str]
    levers: Mapping[str, str]
    hours_per_person: float = 0.0
    euros: float = 0.0


@dataclass(frozen=True)
class Resolved:
    """A scenario with every number in place.

    `title` and `question` have keys en and nl. `stages` begin with the as-is, at week
    -warm_up_weeks; at week 0 comes the switch to the scenario and later its dated
    changes, each only where it changes a structural number. `parameters` is complete;
    `parameter_sources` tells where each one comes from.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    organisation: Organisation
    parameters: Mapping[str, float]
    parameter_sources: Mapping[str, str]
    stages: tuple[Stage, ...]
    weeks: int
    warm_up_weeks: int
    people_file: Path | None = None
    network_file: Path | None = None
    scenario: Scenario | None = field(default=None, repr=False, compare=False)

    def at(self, week: int) -> Stage:
        """Return the stage that holds in `week`."""
        return [self.stages[0], *(s for s in self.stages if s.week <= week)][-1]

    def canonical(self) -> dict[str, Any]:
        """Return, as plain JSON values, all that can change a result, for hashing.

        No titles, names of scenarios, levers or files; people and graph files count by
        their contents. `weeks` is left out: a longer run begins with the shorter one.
        """
        return {
            "organisation": asdict(self.organisation),
            "people": _contents(self.people_file),
            "network": _contents(self.network_file),
            "parameters": dict(self.parameters),
            "warm_up_weeks": self.warm_up_weeks,
            "stages": [
                {
                    "week": stage.week,
                    "structure": dict(stage.structure),
                    "hours_per_person": stage.hours_per_person,
                    "euros": stage.euros,
                }
                for stage in self.stages
            ],
        }


def _contents(path: Path | None) -> list[str] | None:
    """Return what tells one file's contents from another's: its kind and a hash."""
    if path is None:
        return None
    return [path.suffix.lower(), hashlib.sha256(path.read_bytes()).hexdigest()]
