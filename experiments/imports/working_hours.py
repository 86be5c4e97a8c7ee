"""Contract hours a week from what exports have: hours, FTE or percentages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from experiments.imports.words import Troubles
from simulation.contract_hours import MOST_HOURS, is_share
from simulation.written_numbers import numbers_of

USUAL_FULL_TIME = 40.0
"""Hours of a full week where an export does not tell (assumption)."""
FROM_PERCENT = 1.5
"""A share above this is a percentage."""


@dataclass(frozen=True)
class ContractHours:
    """Hours a week of each row, the full week behind shares, and lines of guesses.

    `full_time` is None if no share was read; `is_assumed` tells that the export does
    not say it. `filled` are the lines without hours, which got the usual hours.
    """

    hours: tuple[float, ...]
    full_time: float | None
    is_assumed: bool
    filled: tuple[int, ...]


def contract_hours(
    lines: Sequence[int],
    cells: Mapping[str, Sequence[str]],
    stated: float | None,
    file: str,
    troubles: Troubles,
) -> ContractHours:
    """Return the contract hours of each row.

    `cells` may have the columns hours, share, percentage and full_time; `stated` is the
    full week of the mapping. Hours of 1.5 or less are shares of a full week. What is no
    number, and more than 80 hours, is reported.
    """
    columns = {
        name: _numbers(lines, column, file, troubles) for name, column in cells.items()
    }
    none = [None] * len(lines)
    given = columns.get("hours", none)
    hours = [None if is_share(x) else x for x in given]
    shares = [
        x if is_share(x) else _share(one) or _share(other)
        for x, one, other in zip(
            given,
            columns.get("share", none),
            columns.get("percentage", none),
            strict=True,
        )
    ]
    full, is_assumed = _full_week(stated, columns.get("full_time", none), hours, shares)
    weekly_hours = [
        x or (share and float(f"{share * full:.6g}"))
        for x, share in zip(hours, shares, strict=True)
    ]
    for line, x in zip(lines, weekly_hours, strict=True):
        if x and x > MOST_HOURS:
            troubles.add(file, line, "hours_many", f"{x:g}", most=MOST_HOURS)
    usual = median([x for x in weekly_hours if x] or [full])
    return ContractHours(
        tuple(x or usual for x in weekly_hours),
        full if any(s and not x for x, s in zip(hours, shares, strict=True)) else None,
        is_assumed,
        tuple(line for line, x in zip(lines, weekly_hours, strict=True) if not x),
    )


def _numbers(
    lines: Sequence[int], cells: Sequence[str], file: str, troubles: Troubles
) -> list[float | None]:
    """Return a column as numbers; what stands for a percentage is divided by 100."""
    bare = [cell.rstrip(" %").removesuffix(" uur").removesuffix(" h") for cell in cells]
    values = numbers_of([x or "-" for x in bare])
    for line, cell, value in zip(lines, bare, values, strict=True):
        if cell.strip(" -") and value is None:
            troubles.add(file, line, "no_number", cell)
    return [
        x / 100 if x is not None and cell.endswith("%") else x
        for x, cell in zip(values, cells, strict=True)
    ]


def _share(value: float | None) -> float | None:
    return value / 100 if value is not None and value > FROM_PERCENT else value


def _full_week(
    stated: float | None,
    column: Sequence[float | None],
    hours: Sequence[float | None],
    shares: Sequence[float | None],
) -> tuple[float, bool]:
    """Return the hours of a full week, and whether they are assumed.

    They are those of the mapping, of a column, what hours and shares of the same rows
    tell, or the usual ones.
    """
    if stated:
        return float(stated), False
    if there := [x for x in column if x]:
        return median(there), False
    both = [x / s for x, s in zip(hours, shares, strict=True) if x and s]
    if both:
        return round(2 * median(both)) / 2, False
    return USUAL_FULL_TIME, True
