"""What was understood of an import: counts, guesses and what was left out, in words."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from experiments.fit.troubles import note_words
from experiments.imports.contacts import COUNTED, MOST_RECIPIENTS, Contacts
from experiments.imports.employees import Employee, Staff
from experiments.imports.positions import stated_department
from experiments.imports.translating import Import
from experiments.imports.vocabulary import work_of
from experiments.imports.words import Troubles, in_rows, said
from experiments.people import naming
from experiments.show.document import Table
from experiments.words.numerals import number, say
from experiments.words.phrases import names
from simulation.graph_files import MOST_HOURS
from simulation.state import DEPARTMENTS, ROLES


def understood(found: Import, language: str) -> tuple[str, ...]:
    """Return what was read and how, a sentence each, without names of people."""
    sentences = []
    if found.staff and found.sheet:
        sentences += list(_of_people(found, found.staff, language))
    if found.contacts and not _waits_for_network(found):
        sentences += list(_of_network(found.contacts, found, language))
    sentences += [
        f"{file}: {note_words(note, language)}." for file, note in found.notes
    ]
    return tuple(sentences)


def unknown_names(found: Import, network: Path | None, language: str) -> list[str]:
    """Return who is named but not known, each with line and nearest name.

    For the screen only: names get into no file.
    """
    if found.staff is None or found.sheet is None:
        return []
    troubles = Troubles(language)
    names = [one.name for one in found.staff.employees]
    for line, text in found.staff.unknown_managers.items():
        troubles.add(found.sheet.file, line, "unknown_manager", text, names)
    open_keys = [point.key for point in found.points]
    if found.contacts and ("contacts", "outsiders") in open_keys:
        for text, line in found.contacts.outsiders.items():
            troubles.add(str(network), line, "unknown_person", text, names)
    return troubles.texts


def _waits_for_network(found: Import) -> bool:
    return any(point.key[0] == "contacts" for point in found.points)


def _of_people(found: Import, staff: Staff, language: str) -> Iterator[str]:
    assert found.sheet
    works = [
        found.positions[x.line].work
        for x in staff.employees
        if x.line in found.positions
    ]
    roles = Counter(work.role for work in works)
    counts = [
        said(f"role_{role}", language, n=roles[role]) for role in ROLES if roles[role]
    ]
    yield said(
        "read_people",
        language,
        n=len(staff.employees),
        rows=len(found.sheet.rows),
        roles=names(counts, language) or number(0, language),
    )
    for reason, lines in staff.left_out.items():
        rows = in_rows(lines, language)
        yield said(f"left_{reason}", language, n=len(lines), rows=rows)
    if staff.merged:
        rows = in_rows(staff.merged, language)
        yield said("read_merged", language, n=len(staff.merged), rows=rows)
    used = {head for key, head in found.guesses.items() if key[:1] == ("columns",)}
    if spare := [x for x in found.sheet.header if x and x not in used]:
        yield said("read_columns", language, heads=", ".join(spare))
    yield from _of_hours(staff, language)
    yield from _of_managers(found, staff, language)
    yield from _of_guesses(found, staff.employees, language)


def _of_hours(staff: Staff, language: str) -> Iterator[str]:
    hours = staff.hours
    if hours.full_time is not None:
        full = (
            number(hours.full_time, language, 1).removesuffix(".0").removesuffix(",0")
        )
        key = "read_fte_assumed" if hours.is_assumed else "read_fte"
        yield said(key, language, hours=full)
    if len(hours.filled) == len(staff.employees):
        usual = number(hours.hours[0], language)
        yield said("read_no_hours_at_all", language, hours=usual)
    elif hours.filled:
        rows = in_rows(hours.filled, language)
        yield said("read_no_hours", language, n=len(hours.filled), rows=rows)


def _of_managers(found: Import, staff: Staff, language: str) -> Iterator[str]:
    if found.lines_drawn:
        yield said("read_lines_drawn", language)
    if staff.top:
        rows = in_rows(staff.top, language)
        yield said("read_own_manager", language, n=len(staff.top), rows=rows)
    without = [x.line for x in staff.employees if x.manager is None]
    if len(without) > 1:
        yield said(
            "read_tops", language, n=len(without), rows=in_rows(without, language)
        )


def _of_guesses(
    found: Import, employees: tuple[Employee, ...], language: str
) -> Iterator[str]:
    """Yield what titles did not tell, and what the model has no place for."""
    placed = [x for x in employees if x.line in found.positions]
    for how in ("department", "team"):
        lines = [x.line for x in placed if found.positions[x.line].how == how]
        if lines:
            rows = in_rows(lines, language)
            yield said(f"guessed_{how}", language, n=len(lines), rows=rows)
    other = [
        x.line
        for x in placed
        if found.positions[x.line].work.department == "finance"
        and _counts_as_other(x, found)
    ]
    if other:
        yield said("read_other", language, n=len(other), rows=in_rows(other, language))


def _counts_as_other(employee: Employee, found: Import) -> bool:
    """Return whether somebody is of a department that the model does not have."""
    stated = stated_department(employee, found.mapping)
    work = found.mapping.titled("titles", employee.title) or work_of(employee.title)
    return stated == "other" or (stated is None and work == "other")


def _of_network(contacts: Contacts, found: Import, language: str) -> Iterator[str]:
    ties = len(found.graph.edges) if found.graph else len(contacts.ties)
    yield said("read_network", language, rows=contacts.rows, ties=ties)
    people = found.staff.find if found.staff else lambda _: False
    if spare := [head for head in contacts.spare if not people(head)]:
        heads = ", ".join(spare)
        yield said("read_network_columns", language, heads=heads)
    if contacts.kind in COUNTED:
        values = {
            "weeks": f"{contacts.weeks or 0:g}",
            "minutes": f"{contacts.minutes or 0:g}",
        }
        yield said(f"rule_{contacts.kind}", language, **values)
    elif contacts.kind == "survey":
        yield said("rule_survey", language)
    if contacts.outsiders:
        n = len(contacts.outsiders)
        rows = in_rows(contacts.outsiders.values(), language)
        yield said("read_outsiders", language, n=n, rows=rows)
    if contacts.crowds:
        rows = in_rows(contacts.crowds, language)
        n, most = len(contacts.crowds), MOST_RECIPIENTS
        yield said("read_crowds", language, n=n, most=most, rows=rows)
    if contacts.capped:
        yield said("read_capped", language, n=contacts.capped, most=MOST_HOURS)


def counts_table(found: Import, language: str) -> Table:
    """Return how many people there are by department and role."""
    if found.people:
        works = [(x.department, x.role) for x in found.people]
    else:
        works = [(x.work.department, x.work.role) for x in found.positions.values()]
    counts = Counter(works)
    roles = [role for role in ROLES if any(x[1] == role for x in counts)]
    departments = [x for x in DEPARTMENTS if any(y[0] == x for y in counts)]
    rows = [
        (
            naming.department(department, language),
            *(_count(counts[department, role], language) for role in roles),
        )
        for department in departments
    ]
    data = pd.DataFrame(
        [(d, r, counts[d, r]) for d in departments for r in roles if counts[d, r]],
        columns=["department", "role", "people"],
    )
    heads = (
        said("department", language),
        *(say(f"people_role_{x}", language) for x in roles),
    )
    return Table("people", said("people_title", language), heads, tuple(rows), data)


def _count(n: int, language: str) -> str:
    return number(n, language) if n else ""
