"""Import people and a communication graph: map, check and pseudonymise them.

The results are files that scenario files name: a table of people and a list of ties,
with P01, P02, ... for names and T1, T2, ... for teams. The files sent are only read.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.errors import InputError
from experiments.fit.interview.answer_files import said_in_both, toml
from experiments.fit.troubles import TranslatedError, note_words, told
from experiments.imports import plain_files
from experiments.imports.employees import Employee
from experiments.imports.identities import Identity
from experiments.imports.mapping import ImportMapping, named
from experiments.imports.plain_files import Organisation, network_text, people_text
from experiments.imports.positions import Position, positions_of
from experiments.imports.vocabulary import department_of, leads, work_of
from experiments.page.own import GRAPH_FILE, OWN_FILE, PEOPLE_FILE
from experiments.page.sent_files import shown
from simulation.contract_hours import is_share
from simulation.graph_files import CommunicationGraph, read_graph
from simulation.graph_formats import READERS
from simulation.people_for_graph import people_for
from simulation.people_heads import HEADS, plain_head
from simulation.people_table import (
    COLUMNS,
    NEEDED,
    PeopleTable,
    PersonRow,
    graph_among,
    is_head,
    read_people,
)
from simulation.text_files import (
    FileError,
    Findings,
    read_text,
    table_rows,
)
from simulation.titles import TITLES, plain
from simulation.written_numbers import numbers_of

MOST_BYTES = 10_000_000
MOST_PEOPLE = 2_000
"""More than these are for the command line, which has more time."""
MOST_TIES = 100_000
MOST_COLUMNS = 200
SUFFIXES = {"people": (".csv",), "graph": tuple(READERS)}
ROLES = {
    "leader": "role_leader",
    "marketeer": "role_marketeer",
    "communicator": "role_communicator",
    "sales": "role_sales",
    "product": "department_product",
    "finance": "department_finance",
    "hr": "department_hr",
    "customer success": "department_customer_success",
    "external": "role_external",
}
"""Titles that a title which is not known can be read as, and what they are called."""
FIRST = 8
FTE_HOURS = 40.0
"""What a person who works full time is taken to have, where hours are FTE."""
AS_READ = "as-read.csv"
"""The table of people as it is read: with columns and titles that were chosen."""


@dataclass(frozen=True)
class ReadingOptions:
    """How to read files: field -> column, title -> role, and the layers to use.

    With `fte`, hours that look like shares of a full-time week are multiplied.
    """

    columns: Mapping[str, int]
    roles: Mapping[str, str]
    layers: tuple[str, ...] | None
    fte: bool = False


@dataclass(frozen=True)
class Taken:
    """An import: people and graph, by their own names; the graph may be None.

    `mapped` says whether people come from a table.
    """

    people: tuple[PersonRow, ...]
    graph: CommunicationGraph | None
    mapped: bool
    notes: tuple[str, ...]


def kept_as(kind: str, name: str) -> str:
    """Return the name under which a file is stored; raise `InputError` if not allowed.

    Only the suffix of the user's name is used.
    """
    suffix = Path(name).suffix.lower()
    allowed = SUFFIXES[kind]
    if suffix not in allowed:
        key = "import_kind" if kind == "graph" else "import_kind_people"
        raise told(key, file=plain_name(name), allowed=", ".join(allowed))
    return f"sent-{kind}{suffix}"


def called(kind: str) -> tuple[str, ...]:
    """Return the names that problems use for a file of a kind that was sent."""
    names = tuple(f"sent-{kind}{suffix}" for suffix in SUFFIXES[kind])
    return (*names, AS_READ if kind == "people" else kind)


def plain_name(name: str) -> str:
    """Return a user's file name for display, without its folder."""
    return shown(name.replace("\\", "/").rpartition("/")[2])


def columns_of(path: Path) -> dict[str, Any]:
    """Return the columns of a table, and the likely column of each field."""
    _, header = _rows(path)[0]
    if len(header) > MOST_COLUMNS:
        raise told("import_wide", file=path.name, n=len(header), most=MOST_COLUMNS)
    guessed = _guessed([plain_head(cell) for cell in header])
    fields = [
        {"name": name, "needed": name in NEEDED, "guess": guessed[name]}
        for name in COLUMNS
    ]
    return {"columns": [cell.strip()[:80] for cell in header], "fields": fields}


def _guessed(heads: Sequence[str]) -> dict[str, int | None]:
    """Return, for each field, the column whose head is a usual word for it, or None.

    Departments serve as teams if there are no teams.
    """
    found = {
        name: next((heads.index(x) for x in (*known, *HEADS[name]) if x in heads), None)
        for name, known in COLUMNS.items()
    }
    if found["team"] is None:
        found["team"] = found["department"]
    return found


def layers_of(path: Path) -> dict[str, Any]:
    """Return the layers of a graph, each with its number of ties."""
    graph = _sized(read_graph(path))
    counts = Counter(edge.layer for edge in graph.edges)
    return {"layers": [{"name": x, "ties": n} for x, n in sorted(counts.items())]}


def _sized(graph: CommunicationGraph) -> CommunicationGraph:
    people, ties = len(graph.names), len(graph.edges)
    if people > MOST_PEOPLE or ties > MOST_TIES:
        ends = {"most_people": MOST_PEOPLE, "most_ties": MOST_TIES}
        raise told("import_many_ties", people=people, ties=ties, **ends)
    return graph


def _rows(path: Path, found: Findings | None = None) -> list[tuple[int, list[str]]]:
    """Return all rows of a table with their line numbers; the first is the header.

    Findings while reading are added to `found`.
    """
    found = found or Findings(str(path))
    text = read_text(path, (".csv",), FileError, found)
    rows = list(table_rows(text, found, is_head))
    found.raise_as(FileError)
    if not rows:
        raise told("import_empty", file=path.name)
    if len(rows) - 1 > MOST_PEOPLE:
        raise told("import_long", file=path.name, n=len(rows) - 1, most=MOST_PEOPLE)
    return rows


def mapping_of(data: Any) -> ReadingOptions:
    """Return reading options from JSON; raise `InputError` for anything else."""
    data = data if isinstance(data, Mapping) else {}
    columns, roles = data.get("columns"), data.get("roles")
    layers = data.get("layers")
    right = (
        isinstance(columns, Mapping)
        and all(type(x) is int for x in columns.values())
        and set(columns) <= set(COLUMNS)
        and isinstance(roles, Mapping)
        and all(isinstance(x, str) for x in roles.values())
        and set(roles.values()) <= set(ROLES)
        and (layers is None or isinstance(layers, list))
        and isinstance(data.get("fte", False), bool)
    )
    if not right:
        raise InputError("mapping: must have columns, roles and layers")
    assert isinstance(columns, Mapping) and isinstance(roles, Mapping)
    named = None if layers is None else tuple(layers)
    return ReadingOptions(columns, roles, named, data.get("fte", False))


def unknown_titles(path: Path | None, chosen: ReadingOptions) -> list[str]:
    """Return the titles of a table without a known role, in the order of the table."""
    if path is None:
        return []
    titles = _column(path, chosen, "role")
    departments = _column(path, chosen, "department") or [""] * len(titles)
    every = zip(titles, departments, strict=True)
    unknown = (title for title, where in every if not _is_known(title, where))
    return list(dict.fromkeys(title for title in unknown if title))


def _is_known(title: str, department: str) -> bool:
    """Return whether a title or department tells what somebody does."""
    if plain(title) in TITLES or work_of(title) or leads(title, True):
        return True
    return bool(department and department_of(department))


def has_shares(path: Path, chosen: ReadingOptions) -> bool:
    """Return whether some hours of a table look like full-time equivalents (FTE)."""
    return any(map(is_share, numbers_of(_column(path, chosen, "hours"))))


def _column(path: Path, chosen: ReadingOptions, field: str) -> list[str]:
    """Return the cells of the column chosen for a field; empty if none is chosen."""
    at = chosen.columns.get(field)
    return [] if at is None else [_cell(row, at) for _, row in _rows(path)[1:]]


def taken(folder: Path, chosen: ReadingOptions) -> Taken:
    """Return the people and graph that were sent, read as chosen.

    Raises `InputError`, `PeopleError` or `GraphError` with all mistakes.
    """
    files = {kind: sent(folder, kind) for kind in SUFFIXES}
    graph = None
    if files["graph"] is not None:
        graph = _in_layers(_sized(read_graph(files["graph"])), chosen.layers)
    if files["people"] is None:
        if graph is None:
            raise told("import_none")
        return Taken(people_for(graph), graph, False, graph.notes)
    table = _people(files["people"], chosen)
    notes = table.notes
    if graph is not None:
        graph = graph_among(table.people, graph)
        notes += graph.notes
    return Taken(table.people, graph, True, notes)


def sent(folder: Path, kind: str) -> Path | None:
    """Return the path of the file of a kind that was sent, or None."""
    return next(iter(sorted(folder.glob(f"sent-{kind}.*"))), None)


def _in_layers(
    graph: CommunicationGraph, layers: tuple[str, ...] | None
) -> CommunicationGraph:
    if layers is None:
        return graph
    edges = tuple(edge for edge in graph.edges if edge.layer in layers)
    if not edges:
        raise told("import_no_layer")
    return replace(graph, edges=edges)


def _people(path: Path, chosen: ReadingOptions) -> PeopleTable:
    """Return the people of a table, with columns and titles read as chosen.

    The file that is read has each person on the same line as the user's own file.
    """
    missing = [name for name in NEEDED if name not in chosen.columns]
    if missing:
        raise TranslatedError(*((f"choose_{name}", {}) for name in missing))
    order = [name for name in COLUMNS if name in chosen.columns]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    found = Findings(str(path))
    (first, _), *rows = _rows(path, found)
    text.write("\n" * (first - 1))
    written = [*order, *(x for x in ("department", "domain") if x not in order)]
    writer.writerow(written)
    last = first
    cells = [{x: _cell(row, chosen.columns[x]) for x in order} for _, row in rows]
    positions = _positions(cells, chosen)
    for k, (line, _) in enumerate(rows):
        text.write("\n" * (line - 1 - last))
        row = _as_chosen(cells[k], chosen, positions.get(k))
        writer.writerow([row.get(x, "") for x in written])
        last = line
    canonical = path.with_name(AS_READ)
    canonical.write_text(text.getvalue(), encoding="utf-8")
    table = read_people(canonical, FTE_HOURS if chosen.fte else None)
    return replace(table, notes=(*found.notes, *table.notes))


def _positions(
    cells: Sequence[Mapping[str, str]], chosen: ReadingOptions
) -> dict[int, Position]:
    """Return by row what people do, as `orgsim import` reads titles and departments."""
    rows = {cell["name"].casefold(): k for k, cell in enumerate(cells)}
    mapping = ImportMapping()
    for title, role in chosen.roles.items():
        mapping = mapping.with_value(("titles", title), named(role))
    employees = [
        Employee(
            k,
            Identity(cell["name"]),
            cell["role"],
            cell.get("department", ""),
            cell["team"],
            "",
            manager=rows.get(cell["manager"].casefold()),
        )
        for k, cell in enumerate(cells)
    ]
    found, _ = positions_of(employees, mapping)
    return found


def _as_chosen(
    cells: Mapping[str, str], chosen: ReadingOptions, position: Position | None
) -> dict[str, str]:
    """Return the cells of a person, each on one line, with the title as chosen.

    A title or department that the simulator's table lacks is read as by the import.
    """
    found = {name: " ".join(cell.split()) for name, cell in cells.items()}
    title, department = found["role"], found.get("department", "")
    if title in chosen.roles:
        found["role"] = chosen.roles[title]
    unknown = plain(title) not in TITLES and title not in chosen.roles
    if department and plain(department) not in TITLES:
        unknown = unknown or position is not None
    if title and position and unknown and _is_known(title, department):
        role, found["department"], domain = position.work
        found |= {"role": role, "domain": found.get("domain") or domain or ""}
    return found


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if 0 <= at < len(row) else ""


def preview_of(one: Taken, language: str) -> dict[str, Any]:
    """Return a preview of an import, with pseudonyms, as plain JSON values."""
    people, _ = hidden(one)
    managers = {person.manager for person in people}
    graph = one.graph
    layers = {edge.layer for edge in graph.edges} if graph else set()
    return {
        "people": len(people),
        "leaders": sum(x.role == "leader" or x.name in managers for x in people),
        "ties": len(graph.edges) if graph else 0,
        "layers": len(layers),
        "departments": dict(Counter(person.department for person in people)),
        "notes": [note_words(note, language) for note in one.notes],
        "first": [
            {
                "name": x.name,
                "role": x.role,
                "department": x.department,
                "team": x.team,
                "manager": x.manager,
                "hours": x.hours,
            }
            for x in sorted(people, key=lambda person: person.name)[:FIRST]
        ],
    }


def hidden(one: Taken) -> Organisation:
    """Return people and graph with pseudonyms for people and numbers for teams."""
    return plain_files.hidden(one.people, one.graph)


def organisation_files(one: Taken) -> dict[str, bytes]:
    """Return the files, by name, of the imported organisation."""
    people, graph = hidden(one)
    files = {}
    named = {}
    if one.mapped:
        files[PEOPLE_FILE] = people_text(people).encode()
        named["people"] = PEOPLE_FILE
    if graph is not None:
        files[GRAPH_FILE] = network_text(graph).encode()
        named["network"] = GRAPH_FILE
    lines = [f"{x} = {said_in_both(f'app_own_{x}')}" for x in ("title", "question")]
    lines += ['based_on = "baseline"', 'as_is = "self"', "", "[organisation]"]
    lines += [f"{key} = {toml(name)}" for key, name in named.items()]
    return {OWN_FILE: ("\n".join(lines) + "\n").encode(), **files}
