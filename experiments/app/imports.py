"""People and a communication graph taken in: mapped, checked and pseudonymised.

What comes out are files that scenario files name: a table of people and a list of ties
with P01, P02, ... for names and T1, T2, ... for teams. What was sent is only read.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.app.own import GRAPH_FILE, OWN_FILE, PEOPLE_FILE
from experiments.errors import InputError
from experiments.interview.answer_files import toml
from experiments.numerals import say
from simulation.graph_files import CommunicationGraph, read_graph
from simulation.graph_formats import READERS
from simulation.outcomes import LANGUAGES
from simulation.people_for_graph import people_for
from simulation.people_table import (
    COLUMNS,
    NEEDED,
    PersonRow,
    check_people_and_graph,
    pseudonyms,
    read_people,
)
from simulation.text_files import FileError, read_text
from simulation.titles import TITLES, plain

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


@dataclass(frozen=True)
class Reading:
    """How files are read: columns by field, titles by what they are read as, layers."""

    columns: Mapping[str, int]
    roles: Mapping[str, str]
    layers: tuple[str, ...] | None


@dataclass(frozen=True)
class Taken:
    """What was taken in: people and graph (none is empty), by their own names."""

    people: tuple[PersonRow, ...]
    graph: CommunicationGraph | None
    mapped: bool
    notes: tuple[str, ...]


def kept_as(kind: str, name: str) -> str:
    """Return what a file that is sent is kept as; `InputError` for a wrong kind.

    Nothing of its name is used but the kind of file at the end.
    """
    suffix = Path(name).suffix.lower()
    allowed = SUFFIXES[kind]
    if suffix not in allowed:
        raise InputError(
            f"{_plain_name(name)}: unknown kind of file; allowed: {', '.join(allowed)}"
        )
    return f"sent-{kind}{suffix}"


def _plain_name(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[:80] or "?"


def columns_of(path: Path) -> dict[str, Any]:
    """Return the columns of a table, and which field each is likely to be."""
    header, *_ = _cells(path)
    if len(header) > MOST_COLUMNS:
        raise InputError(
            f"{path.name}: {len(header)} columns; at most {MOST_COLUMNS} are allowed"
        )
    known = [cell.strip().casefold() for cell in header]
    fields = []
    for name, called in COLUMNS.items():
        guess = next((known.index(x) for x in called if x in known), None)
        fields.append({"name": name, "needed": name in NEEDED, "guess": guess})
    return {"columns": [cell.strip()[:80] for cell in header], "fields": fields}


def layers_of(path: Path) -> dict[str, Any]:
    """Return the layers of a graph, each with how many ties it has."""
    graph = _sized(read_graph(path))
    counts = Counter(edge.layer for edge in graph.edges)
    return {"layers": [{"name": x, "ties": n} for x, n in sorted(counts.items())]}


def _sized(graph: CommunicationGraph) -> CommunicationGraph:
    if len(graph.names) > MOST_PEOPLE or len(graph.edges) > MOST_TIES:
        raise InputError(
            f"{len(graph.names):,} people and {len(graph.edges):,} ties; at most"
            f" {MOST_PEOPLE:,} and {MOST_TIES:,} are allowed on the page. The command"
            " line takes more: docs/real-graphs.md"
        )
    return graph


def _cells(path: Path) -> list[list[str]]:
    """Return all rows of a table, of which the first is the header."""
    text = read_text(path, (".csv",), FileError)
    top = next(line for line in text.splitlines() if line.strip())
    delimiter = max(",;\t", key=top.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        found = [row for row in rows if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(f"{path.name}: is not a table ({error})") from None
    if len(found) - 1 > MOST_PEOPLE:
        raise InputError(
            f"{path.name}: {len(found) - 1:,} rows; at most {MOST_PEOPLE:,} people are"
            " allowed on the page. The command line takes more: docs/real-graphs.md"
        )
    return found


def mapping_of(data: Any) -> Reading:
    """Return how files are to be read, from JSON; `InputError` for anything else."""
    data = data if isinstance(data, Mapping) else {}
    columns, roles = data.get("columns"), data.get("roles")
    layers = data.get("layers")
    right = (
        isinstance(columns, Mapping)
        and all(isinstance(x, int) for x in columns.values())
        and set(columns) <= set(COLUMNS)
        and isinstance(roles, Mapping)
        and set(roles.values()) <= set(ROLES)
        and (layers is None or isinstance(layers, list))
    )
    if not right:
        raise InputError("mapping: must have columns, roles and layers")
    assert isinstance(columns, Mapping) and isinstance(roles, Mapping)
    return Reading(columns, roles, None if layers is None else tuple(layers))


def unknown_titles(path: Path | None, chosen: Reading) -> list[str]:
    """Return the titles of a table that tell no role, in the order of the table."""
    at = chosen.columns.get("role")
    if path is None or at is None:
        return []
    cells = [row[at].strip() for row in _cells(path)[1:] if at < len(row)]
    return list(dict.fromkeys(x for x in cells if x and plain(x) not in TITLES))


def taken(folder: Path, chosen: Reading) -> Taken:
    """Return people and graph as they were sent, read as chosen.

    Raises `InputError`, `PeopleError` or `GraphError` with all that is wrong.
    """
    files = {kind: sent(folder, kind) for kind in SUFFIXES}
    graph = None
    if files["graph"] is not None:
        graph = _in_layers(_sized(read_graph(files["graph"])), chosen.layers)
    if files["people"] is None:
        if graph is None:
            raise InputError("neither people nor a graph were sent")
        return Taken(people_for(graph), graph, False, graph.notes)
    people = _people(files["people"], chosen)
    notes = graph.notes if graph else ()
    if graph is not None:
        notes += check_people_and_graph(people, graph)
    return Taken(people, graph, True, notes)


def sent(folder: Path, kind: str) -> Path | None:
    """Return the file of a kind that was sent, if there is one."""
    return next(iter(sorted(folder.glob(f"sent-{kind}.*"))), None)


def _in_layers(
    graph: CommunicationGraph, layers: tuple[str, ...] | None
) -> CommunicationGraph:
    if layers is None:
        return graph
    edges = tuple(edge for edge in graph.edges if edge.layer in layers)
    if not edges:
        raise InputError("layers: choose one or more that have ties")
    return replace(graph, edges=edges)


def _people(path: Path, chosen: Reading) -> tuple[PersonRow, ...]:
    """Return the people of a table, its columns and titles read as chosen."""
    _, *rows = _cells(path)
    order = [name for name in COLUMNS if name in chosen.columns]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(order)
    for row in rows:
        cells = {x: _cell(row, chosen.columns[x]) for x in order}
        cells["role"] = chosen.roles.get(cells.get("role", ""), cells.get("role", ""))
        writer.writerow([cells[x] for x in order])
    canonical = path.with_name(PEOPLE_FILE)
    canonical.write_text(text.getvalue(), encoding="utf-8")
    return read_people(canonical)


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if 0 <= at < len(row) else ""


def preview_of(one: Taken) -> dict[str, Any]:
    """Return what an import amounts to, with pseudonyms, as plain JSON values."""
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
        "notes": list(one.notes),
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


def hidden(one: Taken) -> tuple[tuple[PersonRow, ...], CommunicationGraph | None]:
    """Return people and graph with pseudonyms for people and numbers for teams."""
    names = {person.name for person in one.people}
    called = pseudonyms(names | set(one.graph.names if one.graph else ()))
    teams = pseudonyms(person.team for person in one.people)
    people = tuple(
        replace(
            person,
            name=called[person.name],
            manager=called[person.manager] if person.manager else None,
            team=f"T{int(teams[person.team][1:])}",
        )
        for person in one.people
    )
    if one.graph is None:
        return people, None
    edges = [
        replace(edge, a=a, b=b)
        for edge in one.graph.edges
        for a, b in [sorted((called[edge.a], called[edge.b]))]
    ]
    known = tuple(sorted(called[name] for name in one.graph.names))
    return people, CommunicationGraph(known, tuple(edges), one.notes)


def organisation_files(one: Taken) -> dict[str, bytes]:
    """Return the files, by name, of the organisation that was taken in."""
    people, graph = hidden(one)
    files = {}
    named = {}
    if one.mapped:
        files[PEOPLE_FILE] = _people_csv(people)
        named["people"] = PEOPLE_FILE
    if graph is not None:
        files[GRAPH_FILE] = _graph_csv(graph)
        named["network"] = GRAPH_FILE
    words = {
        key: ", ".join(f"{x} = {toml(say(f'app_own_{key}', x))}" for x in LANGUAGES)
        for key in ("title", "question")
    }
    lines = [f"{key} = {{ {text} }}" for key, text in words.items()]
    lines += ['based_on = "baseline"', 'as_is = "self"', "", "[organisation]"]
    lines += [f"{key} = {toml(name)}" for key, name in named.items()]
    return {OWN_FILE: ("\n".join(lines) + "\n").encode(), **files}


def _people_csv(people: Sequence[PersonRow]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for x in sorted(people, key=lambda person: person.name):
        place = (x.manager or "", f"{x.hours:g}", x.department, x.domain or "")
        writer.writerow([x.name, x.role, x.team, *place])
    return text.getvalue().encode()


def _graph_csv(graph: CommunicationGraph) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["a", "b", "layer", "hours", "weight"])
    for x in sorted(graph.edges, key=lambda edge: (edge.a, edge.b, edge.layer)):
        values = ["" if v is None else f"{v:.12g}" for v in (x.hours, x.weight)]
        writer.writerow([x.a, x.b, x.layer, *values])
    return text.getvalue().encode()
