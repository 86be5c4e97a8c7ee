"""An export translated into orgsim's own people and ties, step by step."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from experiments.fit.troubles import advised
from experiments.imports.columns import missing_columns, people_columns
from experiments.imports.contacts import Contacts, read_contacts
from experiments.imports.employees import Employee, Rows, Staff, staff_of
from experiments.imports.heads import PEOPLE
from experiments.imports.managers import manager_points, with_managers
from experiments.imports.mapping import ImportMapping, Key, OpenPoint, no_mapping
from experiments.imports.plain_files import table_text
from experiments.imports.positions import (
    OTHER,
    Position,
    positions_of,
    stated_department,
)
from experiments.imports.sheets import Sheet, read_sheet
from experiments.imports.vocabulary import kinds_of_work, leads, plain, work_of
from experiments.imports.words import ImportProblem, Troubles
from simulation.graph_files import CommunicationGraph, read_graph
from simulation.people_for_graph import people_for
from simulation.people_table import COLUMNS, PersonRow, graph_among, read_people
from simulation.text_files import FileError
from simulation.whole_files import scratch_folder

AS_READ = "people.csv"
NETWORK_AS_READ = "network.csv"


@dataclass(frozen=True)
class Import:
    """What was understood of an organisation's files.

    `people` and `graph` are empty while there are open `points`. `guesses` are what
    columns, titles and departments were read as, by their place in a mapping. Without
    a table of people, `staff` is None and people follow from the network. `notes` are
    those of readers, each with the name of its file.
    """

    mapping: ImportMapping
    points: tuple[OpenPoint, ...]
    guesses: dict[Key, str]
    sheet: Sheet | None
    staff: Staff | None
    positions: dict[int, Position]
    contacts: Contacts | None
    people: tuple[PersonRow, ...] = ()
    graph: CommunicationGraph | None = None
    lines_drawn: bool = False
    notes: tuple[tuple[str, str], ...] = ()


def read_import(
    people: Path | None,
    network: Path | None = None,
    mapping: ImportMapping | None = None,
    language: str = "en",
    today: date | None = None,
) -> Import:
    """Return what is understood of a table of people, a network, or both.

    `today` is the day on which people are counted, if the mapping names none. Raises
    `ImportProblem` with all mistakes at once.
    """
    mapping = mapping or no_mapping(today or date.today())
    if mapping.get("as_of") is None:
        mapping = mapping.with_value(("as_of",), today or date.today())
    troubles = Troubles(language)
    try:
        if people is None and network is None:
            troubles.add("orgsim import", 0, "no_files")
            troubles.check()
        if people is None:
            assert network is not None
            return _network_alone(network, mapping, troubles)
        return _with_people(people, network, mapping, troubles)
    except FileError as error:
        lines = list(error.problems)
        problems = advised(error, lines, language) if language != "en" else lines
        raise ImportProblem("\n".join(problems)) from error


def _with_people(
    path: Path, network: Path | None, mapping: ImportMapping, troubles: Troubles
) -> Import:
    sheet = read_sheet(path, PEOPLE)
    columns = people_columns(sheet, mapping.columns("columns"), troubles)
    if points := missing_columns(sheet, columns, mapping):
        troubles.check()
        return Import(mapping, points, _columns(sheet, columns), sheet, None, {}, None)
    as_of = mapping.get("as_of")
    staff = staff_of(sheet, columns, mapping, as_of, troubles)
    staff = with_managers(staff, Rows(sheet, columns), mapping, troubles)
    if not staff.employees and not troubles.problems:
        troubles.add(sheet.file, 0, "nobody_left")
    staff, lines_drawn = _with_lines(staff, columns, mapping)
    positions, open_points = positions_of(staff.employees, mapping)
    points = (*open_points, *manager_points(staff))
    contacts = None
    if network is not None:
        contacts = read_contacts(network, staff.find, mapping, troubles)
        points += tuple(contacts.points)
    troubles.check()
    found = Import(
        mapping,
        points,
        _guesses(sheet, columns, staff, positions, mapping, contacts),
        sheet,
        staff,
        positions,
        contacts,
        lines_drawn=lines_drawn,
        notes=_notes(path, sheet.notes)
        + _notes(network, contacts.notes if contacts else ()),
    )
    return found if points else _checked(found)


def _notes(path: Path | None, notes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return notes of a reader with the name of the file that they are about."""
    return tuple((path.name, note) for note in notes) if path else ()


def _with_lines(
    staff: Staff, columns: dict[str, int], mapping: ImportMapping
) -> tuple[Staff, bool]:
    """Return the people with managers; without such a column, by who leads what.

    People then report to the first leader of their department, and these to the first
    leader of the management, or else of all.
    """
    if {"manager", "manager_id", "manager_address"} & set(columns):
        return staff, False
    leaders: dict[str | None, int] = {}
    for one in staff.employees:
        manages = "manager" in plain(one.title) and leads(one.title, True)
        if leads(one.title, False) or manages:
            leaders.setdefault(_unit(one, mapping), one.line)
    if not leaders:
        return staff, False
    top = leaders.get("management") or next(iter(leaders.values()))
    employees = []
    for one in staff.employees:
        manager = leaders.get(_unit(one, mapping), top)
        manager = top if manager == one.line else manager
        none = manager == one.line
        employees.append(replace(one, manager=None if none else manager))
    return replace(staff, employees=tuple(employees)), True


def _unit(employee: Employee, mapping: ImportMapping) -> str | None:
    """Return the department that somebody leads or is led in."""
    if stated := stated_department(employee, mapping):
        return stated
    work = work_of(employee.title)
    if work:
        return kinds_of_work()[work].department
    return "management" if leads(employee.title, False) else None


def _columns(sheet: Sheet, columns: dict[str, int]) -> dict[Key, str]:
    return {("columns", name): sheet.header[at] for name, at in columns.items()}


def _guesses(
    sheet: Sheet,
    columns: dict[str, int],
    staff: Staff,
    positions: dict[int, Position],
    mapping: ImportMapping,
    contacts: Contacts | None,
) -> dict[Key, str]:
    """Return what columns, titles and departments were read as."""
    guesses = _columns(sheet, columns)
    for one in staff.employees:
        if one.line not in positions:
            continue
        if positions[one.line].how not in ("department", "team"):
            work = work_of(one.title) or _answer(positions[one.line])
            guesses.setdefault(("titles", one.title), work.replace("_", " "))
        if one.department and (stated := stated_department(one, mapping)):
            key = ("departments", one.department)
            guesses.setdefault(key, stated.replace("_", " "))
    if contacts:
        guesses |= {
            ("contacts", "columns", name): head
            for name, head in contacts.columns.items()
        }
    return guesses


def _answer(position: Position) -> str:
    """Return the answer of a mapping that gives a position."""
    works = kinds_of_work()
    same = [key for key, work in works.items() if work == position.work]
    usual = [
        key for key, x in works.items() if x.department == position.work.department
    ]
    return "leader" if position.work.role == "leader" else (same or usual or [OTHER])[0]


# --- the reader of the simulator has the last word ------------------------------------


def _checked(found: Import) -> Import:
    """Return the import with people and graph as the simulator's own readers give them.

    Each person stands in the line of the export, so that what they refuse has its line.
    """
    assert found.staff and found.sheet
    names = _names(found.staff.employees)
    with scratch_folder() as folder:
        place = folder / AS_READ
        place.write_text(_people_as_read(found, names), encoding="utf-8")
        table = _by_own_name(lambda: read_people(place), place, found.sheet.file)
        graph = None
        if found.contacts:
            place = folder / NETWORK_AS_READ
            place.write_text(_ties_as_read(found.contacts, names), encoding="utf-8")
            graph = graph_among(table.people, read_graph(place))
            graph = replace(graph, notes=())
    notes = found.notes + tuple((Path(found.sheet.file).name, x) for x in table.notes)
    return replace(found, people=table.people, graph=graph, notes=notes)


def _by_own_name(read: Callable[[], Any], place: Path, file: str) -> Any:
    """Return what is read; problems are told of the user's own file."""
    try:
        return read()
    except FileError as error:
        problems = [x.replace(str(place), file, 1) for x in error.problems]
        raise type(error)(problems) from error


def _names(employees: Sequence[Employee]) -> dict[int, str]:
    """Return a name for each line.

    People with one name are told apart by number, else by address, else by line.
    """
    names = {one.line: one.name for one in employees}
    for told in ("number", "address", "line"):
        times = Counter(map(plain, names.values()))
        for one in employees:
            apart = getattr(one if told == "line" else one.identity, told)
            if apart and times[plain(names[one.line])] > 1 and apart != one.name:
                names[one.line] = f"{one.name} ({apart})"
    return names


def _people_as_read(found: Import, names: dict[int, str]) -> str:
    """Return people as the simulator's table, each in the line of the export."""
    assert found.staff and found.sheet
    lines = {1: ",".join(COLUMNS)}
    for one in found.staff.employees:
        work = found.positions[one.line].work
        row = (
            *(names[one.line], work.role),
            one.team or one.department or work.department,
            names[one.manager] if one.manager is not None else "",
            *(f"{one.hours:g}", work.department, work.domain or ""),
        )
        lines[one.line] = table_text(row, []).rstrip("\n")
    return "".join(f"{lines.get(k, '')}\n" for k in range(1, max(lines) + 1))


def _ties_as_read(contacts: Contacts, names: dict[int, str]) -> str:
    """Return ties as the simulator's list; of people who are at work alone."""
    rows = [
        (names[a], names[b], layer, *(_text(x) for x in values))
        for (a, b, layer), values in contacts.ties.items()
        if a in names and b in names
    ]
    return table_text(("a", "b", "layer", "hours", "weight"), rows)


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _network_alone(path: Path, mapping: ImportMapping, troubles: Troubles) -> Import:
    """Return the import of a network without a table: places follow from the ties."""
    known: dict[int, str] = {}
    book: dict[str, int] = {}

    def find(text: str) -> set[int]:
        key = plain(text) if "@" not in text else text.casefold()
        if not key or ";" in text:
            return set()
        line = book.setdefault(key, len(book))
        known.setdefault(line, text)
        return {line}

    contacts = read_contacts(path, find, mapping, troubles)
    troubles.check()
    guesses: dict[Key, str] = {
        ("contacts", "columns", name): head for name, head in contacts.columns.items()
    }
    points = tuple(contacts.points)
    notes = _notes(path, contacts.notes)
    found = Import(mapping, points, guesses, None, None, {}, contacts, notes=notes)
    if points:
        return found
    with scratch_folder() as folder:
        place = folder / NETWORK_AS_READ
        place.write_text(_ties_as_read(contacts, known), encoding="utf-8")
        graph = replace(read_graph(place), notes=())
    return replace(found, people=people_for(graph), graph=graph)
