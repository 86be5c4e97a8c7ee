"""People of an organisation, read from a table.

A table is CSV text with the columns name, role, team, manager and hours, and optionally
department and domain. Results name people by pseudonym only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import cycle
from pathlib import Path

from simulation.contract_hours import read_hours
from simulation.graph_drafts import MOST_PEOPLE, in_lines, too_long
from simulation.graph_files import ALONE, CommunicationGraph
from simulation.names import by_small_letters, is_total, spellings
from simulation.people_heads import HEADS, plain_head, renaming
from simulation.state import CHANNELS, DEPARTMENTS, DOMAINS, ROLES
from simulation.text_files import (
    FileError,
    Findings,
    clean_name,
    read_table,
    read_text,
    table_rows,
)
from simulation.titles import NOWHERE, TITLES, by_title, plain

FULL_TIME_HOURS = 36.0
COLUMNS = {
    "name": ("name", "naam"),
    "role": ("role", "rol", "title", "functie"),
    "team": ("team",),
    "manager": ("manager", "leidinggevende"),
    "hours": ("hours", "uren"),
    "department": ("department", "afdeling"),
    "domain": ("domain", "domein"),
}
NEEDED = ("name", "role", "team", "manager", "hours")
Cells = dict[int, dict[str, str]]
"""The cells of each line, by column."""


class PeopleError(FileError):
    """A people table cannot be used, or does not fit a graph; holds all problems."""


@dataclass(frozen=True)
class PersonRow:
    """One person: seat in the organisation and contract hours a week (above 0, to 80).

    `role`, `department` and `domain` are among those of `simulation.state`. Leaders,
    externals, and colleagues in management or marketing may have no domain. `manager`
    is a name in the table, or None.
    """

    name: str
    role: str
    department: str
    domain: str | None
    team: str
    manager: str | None
    hours: float
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class PeopleTable:
    """The people of a table, in its order, and notes for the user."""

    people: tuple[PersonRow, ...]
    notes: tuple[str, ...] = ()


def read_people(path: str | Path, full_time: float | None = None) -> PeopleTable:
    """Return the people in the CSV file at `path`.

    `TITLES` maps English and Dutch titles, in any case, to role, department and domain.
    A stated department or domain takes precedence; titles that fit any unit take the
    department after which the team is named. A person without a title is a leader if
    others name them as manager, and else has the usual role of the department or team.
    A stated role is kept, also for a maker with reports. Marketeers without a channel
    get the channels in turn; an empty team is the department. Hours that look like FTE
    are refused or, if `full_time` is given, multiplied by that number of hours. Raises
    PeopleError with all problems found.
    """
    found = Findings(str(path))
    text = read_text(path, (".csv",), PeopleError, found)
    rows = dict(read_table(text, COLUMNS, NEEDED, found, MOST_PEOPLE, is_head))
    if found.problems and not rows:
        _tell_renaming(text, found)
    elif not rows:
        found.fault(None, "no people below the header", allowed="one row for each")
    cells = {
        line: {key: clean_name(row[key]) for key in row} for line, row in rows.items()
    }
    cells = _in_one_spelling(cells, found)
    lines = _lines_of(cells, found)
    cells = _with_managers(cells, lines, found)
    leading = {row["manager"] for row in cells.values()} - {""}
    written = [(line, row["hours"]) for line, row in cells.items()]
    hours = read_hours(written, found, full_time)
    people = [
        _person(line, row, leading, each, found)
        for (line, row), each in zip(cells.items(), hours, strict=True)
    ]
    found.raise_as(PeopleError)
    return PeopleTable(with_channels(people), tuple(found.notes))


def pseudonyms(names: Iterable[str], salt: str = "") -> dict[str, str]:
    """Return P01, P02, ... for `names`, numbered in the order of a hash with `salt`.

    The numbers reveal nothing about the alphabetical order and do not depend on the
    order of `names`. They are the same in every run for the same names and salt.
    """

    def address(name: str) -> bytes:
        return blake2b(f"{salt}\0{name}".encode()).digest()

    ordered = sorted(set(names), key=lambda name: (address(name), name))
    width = max(2, len(str(len(ordered))))
    return {name: f"P{at:0{width}}" for at, name in enumerate(ordered, 1)}


def graph_among(
    people: Sequence[PersonRow], graph: CommunicationGraph
) -> CommunicationGraph:
    """Return the graph with names as the table writes them, and notes on both.

    Names may differ in case, if only one person fits. Raises PeopleError for names that
    are not in the table.
    """
    names = {person.name for person in people}
    called = _called(graph, names)
    _check_strangers(graph, called, names)
    edges = [
        replace(edge, a=a, b=b)
        for edge in graph.edges
        for a, b in [sorted((called[edge.a], called[edge.b]))]
    ]
    tied = {name for edge in edges for name in (edge.a, edge.b)}
    alone = [person.line for person in people if person.name not in tied]
    other = sum(name != called[name] for name in graph.names)
    notes = [note for note in graph.notes if not note.startswith(ALONE)]
    if other:
        notes.append(f"names in other capitals than in the table: {other}")
    if alone:
        notes.append(f"{ALONE}: {len(alone)}{in_lines(alone)}")
    return replace(
        graph,
        names=tuple(sorted(called.values())),
        edges=tuple(sorted(edges, key=lambda edge: (edge.a, edge.b, edge.layer))),
        notes=tuple(notes),
        lines={called[name]: line for name, line in graph.lines.items()},
    )


def _called(graph: CommunicationGraph, names: set[str]) -> dict[str, str]:
    """Return the table's spelling of each name in a graph; unknown names stay as is."""
    folded = by_small_letters(names)
    twice = by_small_letters(graph.names)
    return {
        name: name
        if name in names or not twice[name.casefold()]
        else folded.get(name.casefold()) or name
        for name in graph.names
    }


def _check_strangers(
    graph: CommunicationGraph, called: Mapping[str, str], names: set[str]
) -> None:
    found = Findings(graph.file)
    strangers = [name for name in graph.names if called[name] not in names]
    if strangers and len(strangers) == len(graph.names):
        some = ", ".join(sorted(names)[:3])
        allowed = f"names of the table, such as {some}: as labels, or in another column"
        received = ", ".join(strangers[:3])
        found.fault(None, "nobody is in the people table", received, allowed)
    else:
        for name in strangers:
            line = graph.lines.get(name)
            allowed = "a name of the table"
            found.fault(line, "not in the people table", name, allowed, names)
    found.raise_as(PeopleError)


def with_channels(people: Iterable[PersonRow]) -> tuple[PersonRow, ...]:
    """Give marketeers without a domain one channel after another, in their order."""
    turns = cycle(CHANNELS)
    return tuple(
        replace(person, domain=next(turns))
        if person.role == "marketeer" and person.domain is None
        else person
        for person in people
    )


# --- from cells to people -------------------------------------------------------


def is_head(cell: str) -> bool:
    """Return whether a cell is a usual head of a column of a people table."""
    head = plain_head(cell)
    return any(head in table[name] for table in (COLUMNS, HEADS) for name in table)


def _tell_renaming(text: str, found: Findings) -> None:
    """Add advice on how to name the columns, if required ones are missing."""
    line, header = next(table_rows(text, Findings(""), is_head), (1, []))
    heads = {cell.strip().casefold() for cell in header}
    missing = [name for name in NEEDED if not heads & set(COLUMNS[name])]
    if missing and (advice := renaming(header, missing)):
        found.fault(line, f"columns have other names; {advice}")


def _in_one_spelling(cells: Cells, found: Findings) -> Cells:
    """Return the rows with one spelling for each person, as name and as manager."""
    texts = [row[key] for row in cells.values() for key in ("name", "manager")]
    called = spellings(texts)
    other = {text for text, name in called.items() if text != name}
    if other:
        found.notes.append(f"names that are written in several ways: {len(other)}")
    return {
        line: row | {key: called[row[key]] for key in ("name", "manager")}
        for line, row in cells.items()
    }


def _lines_of(cells: Cells, found: Findings) -> dict[str, int]:
    """Return the line of each name."""
    lines: dict[str, int] = {}
    for line, row in cells.items():
        name = row["name"]
        if not name:
            found.fault(line, "empty name")
        elif is_total(name) and not row["role"]:
            allowed = "rows of people only: delete it"
            found.fault(line, "a row of totals is no person", name, allowed)
        elif name in lines:
            found.fault(line, f"name already on line {lines[name]}", name, "once")
        too_long(line, name, found)
        lines.setdefault(name, line)
    return lines


def _with_managers(cells: Cells, lines: dict[str, int], found: Findings) -> Cells:
    """Return the rows with managers spelled as in their own rows; check managers."""
    folded = by_small_letters(lines)
    named = {
        line: row["manager"]
        if row["manager"] in lines
        else folded.get(row["manager"].casefold()) or row["manager"]
        for line, row in cells.items()
    }
    cells = {line: row | {"manager": named[line]} for line, row in cells.items()}
    above = {row["name"]: row["manager"] for row in cells.values()}
    for line, row in cells.items():
        name, manager = row["name"], row["manager"]
        if manager and manager == name:
            found.fault(line, "manager of oneself", name, "another person or nobody")
        elif manager and manager not in lines:
            allowed = "a name in the table, or an empty cell for nobody"
            found.fault(line, "unknown manager", manager, allowed, lines)
    for circle in _circles(above):
        text = " -> ".join([*circle, circle[0]])
        found.fault(lines[circle[0]], "circle of managers", text)
    return cells


def _circles(above: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield each circle of two or more people who manage each other, once."""
    done: set[str] = set()
    for start in above:
        path: dict[str, None] = {}
        name = start
        while name in above and name not in done and name not in path:
            path[name] = None
            name = above[name]
        if name in path and above[name] != name:
            chain = list(path)
            yield chain[chain.index(name) :]
        done.update(path)


def _person(
    line: int,
    row: dict[str, str],
    leading: set[str],
    hours: float,
    found: Findings,
) -> PersonRow:
    role, department, domain = _place(line, row, row["name"] in leading, found)
    team = row["team"] or department
    manager = row["manager"] or None
    return PersonRow(row["name"], role, department, domain, team, manager, hours, line)


def _place(line: int, row, leads: bool, found) -> tuple[str, str, str | None]:
    """Return role, department and domain of the person in a row."""
    stated = _department(line, row.get("department", ""), found)
    unit = TITLES.get(plain(row["team"]), NOWHERE)
    role, usual, domain = by_title(row["role"], leads, stated, unit)
    if row["role"] and not role:
        allowed = f"a usual title, or a role: {', '.join(ROLES)}"
        found.fault(line, "unknown role", row["role"], allowed, TITLES)
    anywhere = role == "external" or usual in (None, "management")
    department = stated or (anywhere and unit[1]) or usual
    if not row["role"] and not role:
        found.fault(line, "no role, and none follows from the team", row["team"])
    elif role and not department and not row.get("department"):
        found.fault(line, "no department, and none follows from the team", row["team"])
    if not role or not department:
        return "", "", None
    return role, department, _domain(line, row, role, department, domain, found)


def _department(line: int, text: str, found: Findings) -> str | None:
    if not text:
        return None
    department = TITLES.get(plain(text), NOWHERE)[1]
    if not department:
        allowed = ", ".join(DEPARTMENTS)
        found.fault(line, "unknown department", text, allowed, DEPARTMENTS)
    return department


def _domain(line, row, role, department, usual, found) -> str | None:
    """Return the stated domain, or else the usual one of the title or department."""
    if text := row.get("domain"):
        if (domain := plain(text).replace(" ", "_")) in DOMAINS:
            return domain
        found.fault(line, "unknown domain", text, ", ".join(DOMAINS), DOMAINS)
    own = role not in ("leader", "external", "marketeer") and department in DOMAINS
    return usual or (department if own else None)
