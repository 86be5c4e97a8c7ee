"""Frozen values of scenarios, as written and as resolved."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from simulation import tables
from simulation.scenario_files import TomlDocument

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
"""Head counts of the organisation template, without leaders."""
SETS = "sets"
"""Key under which the first scenario of a chain holds sets of parameters."""
PARAMETER_TABLE = "parameters.toml"
"""The source of a parameter that no scenario file sets."""
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
    """An immutable mapping that can be hashed, copied and pickled."""

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
    """One scenario as written, and the scenarios it builds on.

    `document` tells where each key was written; `written` holds its valid content;
    `history` is the scenario that its own `as_is` names, if that is another one.
    """

    name: str
    document: TomlDocument
    written: Mapping[str, Any]
    base: "Scenario | None" = None
    history: "Scenario | None" = None

    @property
    def chain(self) -> "tuple[Scenario, ...]":
        """The scenarios it is based on, from the root, and then this scenario."""
        return (*(self.base.chain if self.base else ()), self)

    @property
    def as_is(self) -> "Scenario":
        """The scenario that holds during the warm-up.

        It is named by the last file of the chain that has an `as_is` ("self" means that
        file). If no file has one, it is the root of the chain.
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
        """Return the merged organisation; people and head counts replace each other."""
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
        """Return the dated changes of the last file that has any, in file order."""
        return self.last("changes").written.get("changes", [])

    def leavers(self) -> list[dict[str, Any]]:
        """Return who leaves when, of the last file that says so, in file order."""
        return self.last("leave").written.get("leave", [])


@dataclass(frozen=True)
class OrganisationSize:
    """Head counts (all 0 if there is a people table) and the size of the work.

    Head counts do not include leaders. Nobody leads more than `span_of_control` people.
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

    `structure` is complete; `sources` tells what set each number; `levers` holds the
    setting of every lever. The change from the stage before takes `hours_per_person`
    once for each person, and `euros` once.
    """

    week: int
    structure: Mapping[str, float]
    sources: Mapping[str, str]
    levers: Mapping[str, str]
    hours_per_person: float = 0.0
    euros: float = 0.0


class Leaver(NamedTuple):
    """Somebody who leaves as `week` begins: a seat, a role, or `bridge`."""

    week: int
    who: str


@dataclass(frozen=True)
class Draws:
    """A table of values from which each simulated world takes a row.

    `columns` are named table.name, such as levers.mandate; each row has a setting or a
    number for each column. `digest` is that of the file at `path`.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]
    path: Path
    digest: str

    def column(self, name: str) -> list[str | float]:
        """Return the values of one column, row by row."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]


@dataclass(frozen=True)
class Unknown:
    """The unknowns of an organisation, and what is needed to resolve it again.

    `settings` holds for each table.name, such as structure.side_work_hours, the
    possible settings, or the lowest and highest number. `scenario` is the chain,
    reduced to levers and numbers; its `unknown` tables hold `Draws`, not file names.
    Values that come from sets of parameters are not part of `settings`.
    """

    settings: Mapping[str, tuple[str | float, ...]]
    scenario: Scenario

    @property
    def draws(self) -> tuple[Draws, ...]:
        """The tables of draws of all files, without repeats."""
        links = [*self.scenario.chain, *self.scenario.as_is.chain]
        found = [x.written.get("unknown", {}).get("draws") for x in links]
        return tuple({x.digest: x for x in found if x}.values())

    @property
    def sets(self) -> Draws | None:
        """The sets of parameters that worlds take in turn, if there are any."""
        return self.scenario.chain[0].written.get(SETS)

    @property
    def tables(self) -> tuple[Draws, ...]:
        """All tables from which worlds take rows."""
        return (*self.draws, *([self.sets] if self.sets else []))

    def canonical(self) -> dict[str, Any]:
        """Return, as plain JSON values, all that can change what worlds draw.

        It includes the contents of tables of draws, and the numbers that levers set, as
        the numbers of the scenario do not tell which setting holds in a world.
        """
        links = [*self.scenario.chain, *self.scenario.as_is.chain]
        named = {name for link in links for name in _levers_in(link.written)}
        table = tables.lever_table()
        return {
            "scenario": _plain(self.scenario),
            "levers": {
                name: {
                    "settings": {k: dict(v) for k, v in table[name].settings.items()},
                    "effort": [table[name].hours_per_person, table[name].euros],
                }
                for name in sorted(named)
            },
        }


def _levers_in(written: Mapping[str, Any]) -> set[str]:
    """Return the levers that a file names, in any of its tables."""
    unknown = written.get("unknown", {})
    draws = unknown["draws"].columns if "draws" in unknown else ()
    named = [written, unknown, *written.get("changes", ())]
    drawn = {name for table, _, name in map(_parts, draws) if table == "levers"}
    return drawn.union(*(part.get("levers", ()) for part in named))


def _parts(column: str) -> tuple[str, str, str]:
    return column.partition(".")


def _plain(scenario: Scenario | None) -> dict[str, Any] | None:
    """Return a chain as plain JSON values, without names of files."""
    if scenario is None:
        return None
    written = {key: _numbers(value) for key, value in scenario.written.items()}
    return {
        "written": written,
        "base": _plain(scenario.base),
        "history": _plain(scenario.history),
    }


def _numbers(value: Any) -> Any:
    """Return a value with numbers in one spelling, and draws replaced by digests."""
    if isinstance(value, Mapping):
        return {key: _numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers(inner) for inner in value]
    if isinstance(value, Draws):
        return value.digest
    return float(value) + 0.0 if isinstance(value, float) else value


@dataclass(frozen=True)
class ResolvedScenario:
    """A scenario with every number in place.

    `title` and `question` have keys en and nl. `stages` begin with the as-is, at week
    -warm_up_weeks. At week 0 follows the switch to the scenario, and later its dated
    changes; each is a stage only if it changes a structural number. `parameters` is
    complete; `parameter_sources` gives the source of each. If something is `unknown`,
    numbers are the middle ones; `scenario_unknown.in_world` gives those of a world.
    `leavers` are who leaves when, in the order of the file.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    organisation: OrganisationSize
    parameters: Mapping[str, float]
    parameter_sources: Mapping[str, str]
    stages: tuple[Stage, ...]
    weeks: int
    warm_up_weeks: int
    people_file: Path | None = None
    network_file: Path | None = None
    scenario: Scenario | None = field(default=None, repr=False, compare=False)
    unknown: Unknown | None = field(default=None, repr=False, hash=False)
    leavers: tuple[Leaver, ...] = ()

    @property
    def written_parameters(self) -> frozenset[str]:
        """The parameters that its files set or leave open; others are as published."""
        sources = self.parameter_sources.items()
        return frozenset(name for name, source in sources if source != PARAMETER_TABLE)

    def at(self, week: int) -> Stage:
        """Return the stage that holds in `week`."""
        return [self.stages[0], *(s for s in self.stages if s.week <= week)][-1]

    def canonical(self) -> dict[str, Any]:
        """Return, as plain JSON values, all that can change a result, for hashing.

        Titles, levers, and names of scenarios and files are left out; people and graph
        files are represented by their contents. `weeks` is left out, as a longer run
        begins with the shorter one.
        """
        unknown = {"unknown": self.unknown.canonical()} if self.unknown else {}
        leavers = {"leavers": [list(x) for x in self.leavers]} if self.leavers else {}
        return (
            unknown
            | leavers
            | {
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
        )


def _contents(path: Path | None) -> list[str] | None:
    """Return what identifies the contents of a file: its kind and a hash."""
    if path is None:
        return None
    return [path.suffix.lower(), hashlib.sha256(path.read_bytes()).hexdigest()]
