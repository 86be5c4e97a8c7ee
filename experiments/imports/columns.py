"""Which column of an export of people holds what: by heads, by content, as chosen."""

import re
from collections.abc import Collection, Mapping

from experiments.imports.heads import PEOPLE, guessed_columns
from experiments.imports.identities import number_key
from experiments.imports.mapping import NO_COLUMN, ImportMapping, OpenPoint
from experiments.imports.sheets import Sheet
from experiments.imports.totals import is_total_row
from experiments.imports.vocabulary import names_nobody, plain
from experiments.imports.words import Troubles

NUMBER = re.compile(r"[\d.-]+")
CODE = re.compile(r"[A-Za-z]{0,4}[ _-]?\d[\d._-]*")
"""A code, such as CC616, which says nothing of what a department does."""
FEWEST_DIFFERENT = 0.9
"""Share of different cells from which a column may tell people apart."""
FEWEST_FOUND = 0.5
"""Share of managers from which a column is the one that names them."""
WHO = ("name", "first", "last", "id", "address")


def people_columns(
    sheet: Sheet, chosen: Mapping[str, str], troubles: Troubles
) -> dict[str, int]:
    """Return the column of each field; what is chosen by head goes first."""
    columns = guessed_columns(PEOPLE, sheet.header)
    for improved in (_without_codes, _numbers_as_id, _by_managers):
        columns = improved(sheet, columns)
    return with_chosen(sheet, columns, chosen, troubles)


def with_chosen(
    sheet: Sheet,
    guessed: Mapping[str, int],
    chosen: Mapping[str, str],
    troubles: Troubles,
) -> dict[str, int]:
    """Return columns with those whose heads are chosen; report what is missing.

    A chosen column loses the field that was guessed for it. `NO_COLUMN` leaves a field
    without a column.
    """
    columns_of = {}
    heads = {plain(head): at for at, head in reversed(list(enumerate(sheet.header)))}
    for name, head in chosen.items():
        if (at := heads.get(plain(head))) is not None:
            columns_of[name] = at
        elif head != NO_COLUMN:
            allowed = ", ".join(x for x in sheet.header if x)
            values = {"name": name, "allowed": allowed}
            line = sheet.line
            troubles.add(sheet.file, line, "no_column", head, sheet.header, **values)
    rest = {
        name: at
        for name, at in guessed.items()
        if name not in chosen and at not in columns_of.values()
    }
    return {**rest, **columns_of}


def missing_columns(
    sheet: Sheet, columns: Mapping[str, int], mapping: ImportMapping
) -> tuple[OpenPoint, ...]:
    """Ask for the columns of who people are and what they do.

    There may be no titles if there are departments.
    """
    heads = tuple(head for head in sheet.header if head)
    lines = (sheet.line,)
    points = []
    if not set(WHO) & set(columns):
        points.append(OpenPoint(("columns", "name"), "", heads, lines))
    if "title" not in columns and mapping.get("columns", "title") != NO_COLUMN:
        rest = (NO_COLUMN,) if "department" in columns else ()
        points.append(OpenPoint(("columns", "title"), "", (*heads, *rest), lines))
    return tuple(points)


# --- by content -----------------------------------------------------------------------


def _cells(sheet: Sheet, at: int) -> list[str]:
    """Return the filled cells of a column, without those of rows of totals."""
    return [row[at] for _, row in sheet.rows if row[at] and not is_total_row(row)]


def _guessed_of_rest(sheet: Sheet, used: Collection[int]) -> dict[str, int]:
    """Return the fields that the heads of other columns tell."""
    header = [x if at not in used else "" for at, x in enumerate(sheet.header)]
    return guessed_columns(PEOPLE, header)


def _without_codes(sheet: Sheet, columns: dict[str, int]) -> dict[str, int]:
    """Return columns with departments and teams in words, where a column has them."""
    known = dict(columns)
    for field in ("department", "team"):
        cells = _cells(sheet, known[field]) if field in known else []
        if not cells or not all(CODE.fullmatch(cell) for cell in cells):
            continue
        rest = _guessed_of_rest(sheet, known.values())
        if field in rest:
            known[field] = rest[field]
        elif field == "department" and "team" in known:
            del known[field]
    return known


def _numbers_as_id(sheet: Sheet, columns: dict[str, int]) -> dict[str, int]:
    """Return columns with numbers as numbers, not as names, whatever their head says.

    AFAS has the number of people below "Medewerker".
    """
    if "name" not in columns:
        return columns
    at = columns["name"]
    if not all(NUMBER.fullmatch(cell) for cell in _cells(sheet, at)):
        return columns
    rest = {field: place for field, place in columns.items() if field != "name"}
    other = _guessed_of_rest(sheet, columns.values()).get("name")
    named = {} if other is None else {"name": other}
    return {"id": at, **rest, **named}


def _by_managers(sheet: Sheet, columns: dict[str, int]) -> dict[str, int]:
    """Return columns with the one that the managers are named by as the number.

    If it is, another column with a head of managers is read too.
    """
    if "manager" not in columns or not set(WHO) & set(columns):
        return columns
    above = columns["manager"]
    cells = _cells(sheet, above)
    named = {number_key(cell) for cell in cells if not names_nobody(cell)}
    free = set(range(len(sheet.header))) - set(columns.values())
    if "id" in columns:
        free.add(columns["id"])
    shares = {at: _share_found(named, _cells(sheet, at)) for at in sorted(free)}
    best = max(shares, key=lambda at: (shares[at], at == columns.get("id")), default=-1)
    if not named or best < 0 or shares[best] < FEWEST_FOUND:
        return columns
    known = {**columns, "id": best}
    other = _guessed_of_rest(sheet, known.values()).get("manager")
    if "manager_id" not in known:
        known["manager_id"] = known.pop("manager")
    if other is not None:
        known.setdefault("manager", other)
    return known


def _share_found(named: set[str], cells: list[str]) -> float:
    """Return the share of managers among cells that tell people apart, else 0."""
    keys = {number_key(cell) for cell in cells}
    if not named or len(keys) < FEWEST_DIFFERENT * len(cells):
        return 0.0
    return len(named & keys) / len(named)
