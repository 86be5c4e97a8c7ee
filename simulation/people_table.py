"""People of an organisation, read from a table.

A table is CSV text with the columns name, role, team, manager and hours, and if one
likes department and domain. Whatever is written to results names people by pseudonym.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import cycle
from pathlib import Path

from simulation.graph_files import CommunicationGraph
from simulation.state import CHANNELS, DEPARTMENTS, DOMAINS
from simulation.text_files import (
    FileError,
    Findings,
    clean_name,
    read_table,
    read_text,
)
from simulation.titles import NOWHERE, TITLES, by_title, plain
from simulation.written_numbers import read_numbers

MOST_HOURS = 80
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


class PeopleError(FileError):
    """All that is wrong with a table of people, or between it and a graph."""


@dataclass(frozen=True)
class PersonRow:
    """One person: seat in the organisation and contract hours a week (above 0, to 80).

    `role`, `department` and `domain` are those of `simulation.state`. Leaders,
    externals and colleagues in management or marketing may have no domain of their own.
    `manager` is a name in the table or None.
    """

    name: str
    role: str
    department: str
    domain: str | None
    team: str
    manager: str | None
    hours: float
    line: int | None = field(default=None, compare=False)


def read_people(path: str | Path) -> tuple[PersonRow, ...]:
    """Return the people in the CSV file at `path`, in its order.

    Titles, English or Dutch, map to role, department and domain by `TITLES`, whatever
    their case; a stated department or domain stands, and titles that fit any unit take
    the department that the team is named for. Without a title a person whom others
    name as manager is a leader, and another has the usual role of the department or
    team. A stated role stands, also for a maker with reports. Marketeers without a
    channel get one in turn; an empty team is the department. Raises PeopleError with
    all problems found.
    """
    found = Findings(str(path))
    text = read_text(path, (".csv",), PeopleError)
    rows = dict(read_table(text, COLUMNS, NEEDED, found))
    if not rows and not found.problems:
        found.fault(None, "no people below the header", allowed="one row for each")
    cells = {
        line: {key: clean_name(row[key]) for key in row} for line, row in rows.items()
    }
    lines = _lines_of(cells, found)
    _check_managers(cells, lines, found)
    leading = {row["manager"] for row in cells.values()} - {""}
    written = [(line, row["hours"]) for line, row in cells.items()]
    hours = read_numbers(written, "hours", found, MOST_HOURS)
    people = [
        _person(line, row, leading, each, found)
        for (line, row), each in zip(cells.items(), hours, strict=True)
    ]
    found.raise_as(PeopleError)
    return with_channels(people)


def pseudonyms(names: Iterable[str], salt: str = "") -> dict[str, str]:
    """Return P01, P02, ... for `names`, numbered in the order of a hash with `salt`.

    The numbers tell nothing of the alphabet, do not depend on the order of `names`, and
    are the same in every run for the same set of names and salt.
    """

    def address(name: str) -> bytes:
        return blake2b(f"{salt}\0{name}".encode()).digest()

    ordered = sorted(set(names), key=lambda name: (address(name), name))
    width = max(2, len(str(len(ordered))))
    return {name: f"P{at:0{width}}" for at, name in enumerate(ordered, 1)}


def check_people_and_graph(
    people: Sequence[PersonRow], graph: CommunicationGraph
) -> tuple[str, ...]:
    """Return notes on people without ties; raise PeopleError for unknown names."""
    found = Findings("graph")
    names = {person.name for person in people}
    for name in graph.names:
        if name not in names:
            found.fault(None, "not in the people table", name, known=names)
    found.raise_as(PeopleError)
    tied = {name for edge in graph.edges for name in (edge.a, edge.b)}
    alone = [person for person in people if person.name not in tied]
    where = ", ".join(str(person.line) for person in alone if person.line)
    where = f" (lines {where})" if where else ""
    return (f"people without ties: {len(alone)}{where}",) if alone else ()


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


def _lines_of(cells: Mapping[int, dict[str, str]], found: Findings) -> dict[str, int]:
    """Return the line of each name."""
    lines: dict[str, int] = {}
    for line, row in cells.items():
        name = row["name"]
        if not name:
            found.fault(line, "empty name")
        elif name in lines:
            found.fault(line, f"name already on line {lines[name]}", name, "once")
        lines.setdefault(name, line)
    return lines


def _check_managers(cells, lines: dict[str, int], found: Findings) -> None:
    above = {row["name"]: row["manager"] for row in cells.values()}
    for line, row in cells.items():
        name, manager = row["name"], row["manager"]
        if manager and manager == name:
            found.fault(line, "manager of oneself", name, "another person or nobody")
        elif manager and manager not in lines:
            found.fault(line, "unknown manager", manager, "a name in the table", lines)
    for circle in _circles(above):
        text = " -> ".join([*circle, circle[0]])
        found.fault(lines[circle[0]], "circle of managers", text)


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
    hours: float | None,
    found: Findings,
) -> PersonRow:
    role, department, domain = _place(line, row, row["name"] in leading, found)
    if hours == 0 or not row["hours"]:
        allowed = f"a number above 0, at most {MOST_HOURS}"
        found.fault(line, "hours", row["hours"], allowed)
    team = row["team"] or department
    manager = row["manager"] or None
    return PersonRow(
        row["name"], role, department, domain, team, manager, hours or 0.0, line
    )


def _place(line: int, row, leads: bool, found) -> tuple[str, str, str | None]:
    """Return role, department and domain of the person on a row."""
    stated = _department(line, row.get("department", ""), found)
    unit = TITLES.get(plain(row["team"]), NOWHERE)
    role, usual, domain = by_title(row["role"], leads, stated, unit)
    if row["role"] and not role:
        found.fault(line, "unknown role", row["role"], "a role or title", TITLES)
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
    """Return the stated domain, or the usual one of the title or the department."""
    if text := row.get("domain"):
        if (domain := plain(text).replace(" ", "_")) in DOMAINS:
            return domain
        found.fault(line, "unknown domain", text, ", ".join(DOMAINS), DOMAINS)
    own = role not in ("leader", "external", "marketeer") and department in DOMAINS
    return usual or (department if own else None)
