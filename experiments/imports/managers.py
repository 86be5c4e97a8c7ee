"""Who reports to whom, from how an export names managers."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from experiments.imports.answers import MANAGERS, of_line
from experiments.imports.employees import Employee, Namesakes, Rows, Staff
from experiments.imports.mapping import NOBODY, ImportMapping, OpenPoint
from experiments.imports.vocabulary import is_vacant, names_nobody
from experiments.imports.words import Troubles


def with_managers(
    staff: Staff, rows: Rows, mapping: ImportMapping, troubles: Troubles
) -> Staff:
    """Return the people with the lines of their managers.

    Who reports to somebody who is left out reports to the next manager above. Of
    namesakes the one of the same department is meant; else that is to be asked.
    """
    by_line = dict(rows.sheet.rows)
    file = rows.sheet.file
    book = {one.line: one for one in staff.employees}
    above: dict[int, int | None] = {}
    unknown: dict[int, str] = {}
    top: list[int] = []
    doubts: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for line in staff.lines.values():
        texts = list(_manager_texts(by_line[line], rows))
        managers = next((x for x in map(staff.find, texts) if x), set())
        above[line] = None
        if managers == {line}:
            top.append(line)
        elif managers:
            likely = _likeliest(managers, line, book)
            above[line] = min(likely) if len(likely) == 1 else None
            if len(likely) > 1 and line in book:
                doubts[tuple(sorted(likely))].append(line)
        elif texts:
            unknown[line] = texts[0]
    there = set(book)
    namesakes = _settled(doubts, above, book, mapping)
    _report_circles(above, there, file, troubles)
    employees = tuple(
        replace(one, manager=_next_above(one.line, above, there))
        for one in staff.employees
    )
    if mapping.get("unknown_managers") == NOBODY:
        unknown = {}
    open_lines = {line: text for line, text in unknown.items() if line in there}
    return replace(
        staff,
        employees=employees,
        unknown_managers=open_lines,
        top=tuple(top),
        namesakes=namesakes,
    )


def manager_points(staff: Staff) -> Iterator[OpenPoint]:
    """Yield what must be asked of managers: who of namesakes, and who is not there."""
    for first, (named, reports) in staff.namesakes.items():
        allowed = tuple(of_line(one.line) for one in named)
        detail = "; ".join(
            ", ".join(filter(None, (f"{one.line} {one.title}", one.department)))
            for one in named
        )
        key = (MANAGERS, of_line(first))
        yield OpenPoint(key, "", allowed, reports, detail=detail)
    if lines := tuple(staff.unknown_managers):
        yield OpenPoint(("unknown_managers",), NOBODY, (NOBODY,), lines)


def _likeliest(found: set[int], line: int, book: Mapping[int, Employee]) -> set[int]:
    """Return who of people is meant: another, who is at work, of one department."""
    department = book[line].department if line in book else ""
    others = (found - {line}) or found
    at_work = {x for x in others if x in book} or others
    near = {
        x
        for x in at_work
        if department and x in book and book[x].department == department
    }
    return near if len(near) == 1 else at_work


def _settled(
    doubts: Mapping[tuple[int, ...], Sequence[int]],
    above: dict[int, int | None],
    book: Mapping[int, Employee],
    mapping: ImportMapping,
) -> dict[int, Namesakes]:
    """Fill in the managers that a mapping tells; return the others, to be asked."""
    open_lines = {}
    for likely, reports in doubts.items():
        answers = {of_line(x): x for x in likely}
        answer = mapping.get(MANAGERS, of_line(reports[0]))
        if answer in answers:
            above.update(dict.fromkeys(reports, answers[answer]))
        else:
            named = tuple(book[x] for x in likely if x in book)
            open_lines[reports[0]] = Namesakes(named, tuple(reports))
    return open_lines


def _manager_texts(row: Sequence[str], rows: Rows) -> Iterator[str]:
    """Yield what a row tells of the manager, the surest first."""
    for name in ("manager_id", "manager_address", "manager"):
        text = rows.cell(row, name)
        if not names_nobody(text) and not is_vacant(text):
            yield text


def _next_above(
    line: int, above: Mapping[int, int | None], there: set[int]
) -> int | None:
    """Return the line of the nearest manager who is there."""
    seen = {line}
    manager = above[line]
    while manager is not None and manager not in there and manager not in seen:
        seen.add(manager)
        manager = above[manager]
    return manager if manager in there and manager != line else None


def _report_circles(
    above: Mapping[int, int | None],
    there: set[int],
    file: str,
    troubles: Troubles,
) -> None:
    done: set[int] = set()
    for start in above:
        path: list[int] = []
        line: int | None = start
        while line is not None and line not in done and line not in path:
            path.append(line)
            line = above[line]
        if line in path and there & set(path):
            circle = path[path.index(line) :]
            lines = " -> ".join(str(x) for x in [*circle, circle[0]])
            troubles.add(file, circle[0], "circle", lines=lines)
        done.update(path)
