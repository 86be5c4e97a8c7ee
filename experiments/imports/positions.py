"""What people do, from their titles, departments, teams and who reports to them.

A title tells the work. A department decides where: `Data analist` in marketing is a
marketeer. Within marketing, communication, sales and customer success, which firms
cut in many ways, the title decides.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from experiments.imports.employees import Employee
from experiments.imports.mapping import ImportMapping, OpenPoint, answers_for
from experiments.imports.vocabulary import (
    Work,
    department_of,
    is_outside,
    kinds_of_work,
    leads,
    plain,
    work_of,
)
from simulation.state import CHANNELS
from simulation.text_files import nearest
from simulation.titles import TITLES

COMMERCIAL = ("marketing", "communication", "sales", "customer_success")
CRAFTS = ("content", "social", "events", "website", "email")
"""Works that people in communication do as well."""
VAGUE = ("management", "other")
"""Departments within which a title that names a work tells more."""
SUPPORT = ("finance", "hr", "other")
"""Works that make no marketeer, communicator or salesman of a member of theirs."""
OTHER = "other"
BACK_OFFICE = "finance"
"""The department to which others count, as the model has none for them (assumption)."""
NEAR = 0.85
"""Likeness of letters from which a title is taken for a slip of another."""


@dataclass(frozen=True)
class Position:
    """Role, department and domain of a person, and how they were found.

    `how` is mapping, title, department, team or reports.
    """

    work: Work
    how: str


def positions_of(
    employees: Sequence[Employee], mapping: ImportMapping
) -> tuple[dict[int, Position], list[OpenPoint]]:
    """Return the positions of people by line, and what must be asked."""
    leading = {one.manager for one in employees}
    positions: dict[int, Position] = {}
    for one in employees:
        position = _position(one, one.line in leading, mapping)
        if position:
            positions[one.line] = position
    missing = [one for one in employees if one.line not in positions]
    return positions, list(_open_points(missing, employees, positions, mapping))


def stated_department(employee: Employee, mapping: ImportMapping) -> str | None:
    """Return the department that the mapping, department or team of a person tells."""
    if employee.department:
        said = mapping.titled("departments", employee.department)
        return said or department_of(employee.department)
    return (employee.team and department_of(employee.team)) or None


def _position(
    employee: Employee, has_reports: bool, mapping: ImportMapping
) -> Position | None:
    chosen = mapping.titled("titles", employee.title)
    name = chosen or work_of(employee.title)
    stated = stated_department(employee, mapping)
    if chosen == "leader" or leads(employee.title, has_reports):
        field = None if chosen == "leader" else name
        led = _department(field, stated, bool(chosen)) or "management"
        return Position(Work("leader", led, None), "title")
    if not employee.title and has_reports:
        return Position(Work("leader", stated or "management", None), "reports")
    work = None if name == "external" else name
    department = _department(work, stated, bool(chosen))
    if chosen == "external" or is_outside(employee.title) or is_outside(employee.kind):
        where = department or "marketing"
        domain = kinds_of_work()[work].domain if work else None
        channel = domain if where == "marketing" and domain in CHANNELS else None
        return Position(Work("external", where, channel), "title")
    if department is None:
        return None
    how = "mapping" if chosen else "title" if work else "department"
    how = "team" if how == "department" and not employee.department else how
    return Position(_work_in(department, work), how)


def _department(work: str | None, stated: str | None, is_chosen: bool) -> str | None:
    """Return the model's department for a kind of work in a stated department."""
    own = kinds_of_work()[work].department if work else None
    if own is None or (work == OTHER and stated and not is_chosen):
        department = stated
    elif is_chosen or stated is None or stated in VAGUE:
        department = own
    elif stated in COMMERCIAL and own in COMMERCIAL:
        shared = stated == "communication" and work in CRAFTS
        department = stated if shared else own
    else:
        department = stated
    return BACK_OFFICE if department == OTHER else department


def _work_in(department: str, work: str | None) -> Work:
    """Return what somebody with a kind of work does in a department."""
    usual = {x.department: x for x in reversed(kinds_of_work().values())}
    makers = {"marketing": "marketeer", "communication": "communicator"}
    makers |= {"sales": "sales"}
    if work in SUPPORT or department not in makers:
        return Work("colleague", department, None)
    own = kinds_of_work()[work] if work else usual[department]
    domain = own.domain if department == "marketing" else None
    return Work(makers[department], department, domain if domain in CHANNELS else None)


# --- what must be asked ---------------------------------------------------------------


def _open_points(
    missing: Sequence[Employee],
    employees: Sequence[Employee],
    positions: Mapping[int, Position],
    mapping: ImportMapping,
) -> Iterator[OpenPoint]:
    """Yield a question for each department, else for each title, that is not known."""
    groups: dict[tuple[str, str], list[Employee]] = defaultdict(list)
    for one in missing:
        known = bool(one.department) and stated_department(one, mapping) is None
        table = "departments" if known else "titles"
        name = one.department if known else one.title
        groups[table, plain(name)].append(one)
    for (table, _), people in groups.items():
        one = people[0]
        name = one.department if table == "departments" else one.title
        near = _suggestion(table, one, employees, positions)
        lines = tuple(one.line for one in people)
        yield OpenPoint((table, name), near, answers_for(table), lines)


def _suggestion(
    table: str,
    employee: Employee,
    employees: Sequence[Employee],
    positions: Mapping[int, Position],
) -> str:
    """Return what an unknown title or department most likely is.

    A slip in a known title is that title; else what most people of the same department,
    team or manager do; else `other`.
    """
    if table == "titles" and (slip := nearest(plain(employee.title), TITLES, NEAR)):
        role, department, domain = TITLES[slip]
        works = kinds_of_work().items()
        same = [
            key for key, x in works if x == Work(str(role), str(department), domain)
        ]
        if same:
            return same[0].replace("_", " ")
    near = [
        positions[x.line].work.department
        for x in employees
        if x.line in positions and _is_near(employee, x)
    ]
    if not near:
        return OTHER
    most = Counter(near).most_common(1)[0][0]
    usual = "leader" if table == "titles" else "management"
    return usual if most == "management" else most.replace("_", " ")


def _is_near(employee: Employee, other: Employee) -> bool:
    """Return whether two people share a department, a team or a manager."""
    return any(
        (
            employee.department and employee.department == other.department,
            employee.team and employee.team == other.team,
            employee.manager is not None and employee.manager == other.manager,
        )
    )
