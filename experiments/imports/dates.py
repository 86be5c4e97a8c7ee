"""Dates as exports write them; the column tells whether day or month comes first."""

import re
from collections.abc import Sequence
from datetime import date

NUMBERS = re.compile(r"(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})(?:[T ].*)?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
NAMED = re.compile(r"(\d{1,2})[-. ]*([a-zéû]{3,9})\.?[-. ]*(\d{4})(?:[T ].*)?", re.I)
MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan janv",
            "feb fév fev",
            "mar mrt maa mär mrz mars",
            "apr avr",
            "may mei mai",
            "jun juin",
            "jul juil",
            "aug aoû aou",
            "sep",
            "oct okt",
            "nov",
            "dec dez déc",
        ),
        1,
    )
    for name in names.split()
}
CENTURY = 2000


def read_dates(cells: Sequence[str]) -> list[date | None]:
    """Return the dates in the cells of a column; None for what is no date.

    Of 03/04/2025 the day comes first, unless another cell of the column shows that the
    month does (03/14/2025).

    >>> read_dates(["3/4/2025"]), read_dates(["3/4/2025", "3/14/2025"])[0]
    ([datetime.date(2025, 4, 3)], datetime.date(2025, 3, 4))
    >>> read_dates(["2024-02-01 00:00:00", "1 mrt 2024", "31.12.9999", "-"])[1:]
    [datetime.date(2024, 3, 1), datetime.date(9999, 12, 31), None]
    """
    parts = [_parts(cell.strip()) for cell in cells]
    there = [x for x in parts if x]
    month_first = any(x[1] > 12 for x in there) and not any(x[0] > 12 for x in there)
    return [x and _date(*x, month_first=month_first) for x in parts]


def _parts(cell: str) -> tuple[int, int, int] | None:
    """Return day, month and year, or month, day and year, as a cell has them."""
    if found := COMPACT.fullmatch(cell):
        year, month, day = map(int, found.groups())
        return day, month, year
    if found := NAMED.fullmatch(cell):
        named = found[2].casefold()
        known = MONTHS.get(named[:4]) or MONTHS.get(named[:3])
        return (int(found[1]), known, int(found[3])) if known else None
    if not (found := NUMBERS.fullmatch(cell)):
        return None
    one, two, three = map(int, found.groups())
    if len(found[1]) == 4:
        return three, two, one
    return one, two, three if three > 99 else CENTURY + three


def _date(one: int, two: int, year: int, month_first: bool) -> date | None:
    day, month = (two, one) if month_first else (one, two)
    try:
        return date(year, month, day)
    except ValueError:
        return None
