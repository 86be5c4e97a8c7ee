"""Who works here, from the rows of an export: without vacancies, leavers and totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from experiments.imports.dates import read_dates
from experiments.imports.identities import REMARK, Directory, Identity, number_key
from experiments.imports.mapping import ImportMapping
from experiments.imports.sheets import Sheet
from experiments.imports.totals import has_numbers_only, is_total_row
from experiments.imports.vocabulary import (
    LEAVE_OUT,
    has_left,
    is_open_seat,
    is_to_come,
    is_vacant,
    plain,
)
from experiments.imports.words import Troubles
from experiments.imports.working_hours import ContractHours, contract_hours
from simulation.text_files import clean_name

VACANCIES, LEAVERS, COMING, TOTALS, NOT_READ = (
    *("vacancies", "leavers", "coming", "totals"),
    "not_read",
)
HOUR_COLUMNS = ("hours", "share", "percentage", "full_time")


@dataclass(frozen=True)
class Employee:
    """A person of an export; texts as they stand there, hours a week.

    `manager` is the line of the manager, or None.
    """

    line: int
    identity: Identity
    title: str
    department: str
    team: str
    kind: str
    hours: float = 0.0
    manager: int | None = None

    @property
    def name(self) -> str:
        """The name, or else what identifies the person."""
        return self.identity.name or self.identity.address or self.identity.number


class Namesakes(NamedTuple):
    """People of one name, and the lines of those who report to one of them."""

    named: tuple["Employee", ...]
    reports: tuple[int, ...]


@dataclass(frozen=True)
class Staff:
    """The people of an export, and what was done to get them.

    `left_out` has the lines of rows that are no people at work, by reason; `merged` of
    second rows of one person; `unknown_managers` by line what stands for a manager who
    is not in the export. `top` are people who are said to manage themselves.
    """

    employees: tuple[Employee, ...]
    hours: ContractHours
    left_out: Mapping[str, tuple[int, ...]]
    merged: tuple[int, ...]
    unknown_managers: Mapping[int, str]
    top: tuple[int, ...]
    directory: Directory
    lines: Mapping[int, int] = field(default_factory=dict)
    namesakes: Mapping[int, Namesakes] = field(default_factory=dict)

    def find(self, text: str) -> set[int]:
        """Return the lines of whom a text may mean; of left-out people too."""
        return {self.lines[who] for who in self.directory.find(text)}


class Rows:
    """The rows of a sheet by field, for the columns that were chosen."""

    def __init__(self, sheet: Sheet, columns: Mapping[str, int]) -> None:
        self.sheet = sheet
        self.columns = columns

    def cell(self, row: Sequence[str], name: str) -> str:
        """Return the cell of a field in a row; empty without such a column."""
        return row[self.columns[name]] if name in self.columns else ""

    def column(self, name: str) -> list[str]:
        """Return all cells of a field."""
        return [self.cell(row, name) for _, row in self.sheet.rows]


def staff_of(
    sheet: Sheet,
    columns: Mapping[str, int],
    mapping: ImportMapping,
    as_of: date,
    troubles: Troubles,
) -> Staff:
    """Return who works here on a day, without managers; mistakes go to `troubles`."""
    rows = Rows(sheet, columns)
    every = [_employee(line, row, rows) for line, row in sheet.rows]
    reasons = _reasons(every, rows, mapping, as_of)
    every, merged = _merged(every, reasons)
    at_work = [one for one in every if one.line not in reasons]
    for one in at_work:
        if not one.name:
            troubles.add(sheet.file, one.line, "no_name")
    hours = _hours(at_work, rows, mapping, merged, troubles)
    counted = zip(at_work, hours.hours, strict=True)
    at_work = [replace(one, hours=each) for one, each in counted]
    who = {one.line: one.identity for one in every if one.line not in merged}
    lines = dict(enumerate(who))
    directory = Directory({k: who[line] for k, line in lines.items()})
    at_work = _without_names_in_teams(at_work, directory)
    return Staff(
        tuple(at_work),
        hours,
        _by_reason(reasons),
        tuple(merged),
        {},
        (),
        directory,
        lines,
    )


def _employee(line: int, row: Sequence[str], rows: Rows) -> Employee:
    parts = [rows.cell(row, name) for name in ("first", "infix", "last")]
    name = rows.cell(row, "name") or " ".join(part for part in parts if part)
    identity = Identity(
        clean_name(name),
        rows.cell(row, "id").strip(),
        rows.cell(row, "address").strip(),
    )
    title, department, team, kind = (
        clean_name(rows.cell(row, x)) for x in ("title", "department", "team", "kind")
    )
    return Employee(line, identity, title, department, team, kind)


def _without_names_in_teams(
    people: Sequence[Employee], directory: Directory
) -> list[Employee]:
    """Return people whose teams do not name a manager: "Platform (Wei Zhang)"."""
    texts = {text for one in people for text in (one.department, one.team)}
    bare = {
        text: REMARK.sub(" ", text).strip() or text
        if any(directory.find(remark) for remark in REMARK.findall(text))
        else text
        for text in texts
    }
    return [
        replace(one, department=bare[one.department], team=bare[one.team])
        for one in people
    ]


def _reasons(
    every: Sequence[Employee], rows: Rows, mapping: ImportMapping, as_of: date
) -> dict[int, str]:
    """Return why rows are left out, by line."""
    reasons: dict[int, str] = {}
    dates = {name: read_dates(rows.column(name)) for name in ("start", "end")}
    status = rows.column("status")
    has_names = bool({"name", "first", "last"} & set(rows.columns))
    for k, one in enumerate(every):
        start, end = dates["start"][k], dates["end"][k]
        said = {
            mapping.titled("titles", one.title),
            mapping.titled("departments", one.department),
        }
        row = rows.sheet.rows[k][1]
        if (is_total_row(row) and not one.title) or has_numbers_only(row):
            reasons[one.line] = TOTALS
        elif _is_vacancy(one, has_names) or is_open_seat(status[k]):
            reasons[one.line] = VACANCIES
        elif has_left(status[k]) or (end is not None and end < as_of):
            reasons[one.line] = LEAVERS
        elif is_to_come(status[k]) or (start is not None and start > as_of):
            reasons[one.line] = COMING
        elif LEAVE_OUT in said:
            reasons[one.line] = NOT_READ
    return reasons


def _is_vacancy(employee: Employee, has_names: bool) -> bool:
    """Return whether a row is an open seat: named so, or a title without a person."""
    name = employee.identity.name
    nobody = (
        has_names
        and not name
        and not employee.identity.address
        and bool(employee.title)
    )
    remarks = REMARK.findall(name)
    return (
        nobody
        or any(is_vacant(text) for text in (name, *remarks))
        or is_open_seat(employee.kind)
        or (not name and is_vacant(employee.title))
    )


def _merged(
    every: Sequence[Employee], reasons: Mapping[int, str]
) -> tuple[list[Employee], dict[int, int]]:
    """Return people, and the line of the first row for each further row of one person.

    Rows of one number are contracts of one person, if the names are the same too.
    """
    first: dict[tuple[str, str], int] = {}
    merged: dict[int, int] = {}
    for one in every:
        if one.identity.number and one.line not in reasons:
            key = (number_key(one.identity.number), plain(one.identity.name))
            if first.setdefault(key, one.line) != one.line:
                merged[one.line] = first[key]
    return [one for one in every if one.line not in merged], merged


def _hours(
    at_work: Sequence[Employee],
    rows: Rows,
    mapping: ImportMapping,
    merged: Mapping[int, int],
    troubles: Troubles,
) -> ContractHours:
    """Return the hours of people at work; those of several contracts are added."""
    further = list(merged)
    lines = [*(one.line for one in at_work), *further]
    by_line = dict(rows.sheet.rows)
    cells = {
        name: [rows.cell(by_line[line], name) for line in lines]
        for name in HOUR_COLUMNS
        if name in rows.columns
    }
    stated = mapping.get("full_time_hours")
    contract = contract_hours(lines, cells, stated, rows.sheet.file, troubles)
    total = dict(zip(lines, contract.hours, strict=True))
    for line in further:
        if line not in contract.filled:
            total[merged[line]] += total[line]
    return replace(contract, hours=tuple(total[one.line] for one in at_work))


def _by_reason(reasons: Mapping[int, str]) -> dict[str, tuple[int, ...]]:
    return {
        reason: tuple(line for line, why in reasons.items() if why == reason)
        for reason in dict.fromkeys(reasons.values())
    }
