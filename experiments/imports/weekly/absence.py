"""Counting people who are away for long, from a row for each absence.

Somebody counts in a week if they are absent on its Wednesday for at least half of their
work. Rows of one person that follow on each other are one absence.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from experiments.imports.weekly.counting import Meanings, WeeklyColumn
from experiments.imports.weekly.days import WEEK, Days, week_of
from experiments.imports.weekly.export_rows import ExportRows
from experiments.imports.words import Troubles
from simulation.text_files import Findings
from simulation.written_numbers import NumberRule, read_numbers

COLUMN = "sick_people"
SICK = "sick"
HALF = 0.5
WEDNESDAY = 2
"""Days from the first day of a week."""
PERCENTAGES = NumberRule(0, 100, "a percentage, 0 to 100", percent=True, missing=True)


class AbsenceRow(NamedTuple):
    """A row of absence: from a day up to but not including another, None if it lasts.

    `person` is who, as the export writes it; `part` the part of work that is missed.
    """

    person: str
    start: int
    end: int | None
    part: float


def count_absent(
    rows: ExportRows,
    meanings: Meanings,
    days: Mapping[str, Days],
    least_weeks: float,
    until: int | None,
    troubles: Troubles,
) -> WeeklyColumn | None:
    """Count by week who is absent for `least_weeks` or more; None if nobody ever was.

    The export ends on the day `until`, or else on the last day in it. If somebody is
    then absent, but not yet for `least_weeks`, the last `least_weeks` weeks are unsure:
    the same weeks whoever it is, so that they tell nobody's first day.
    """
    absent = _read(rows, meanings, days, troubles)
    if not absent:
        return None
    today = until or max(max(x.start, x.end or x.start) for x in absent)
    present: dict[int, set[str]] = defaultdict(set)
    unsure: set[int] = set()
    long: set[str] = set()
    for spell in _spells(absent):
        start, end = min(x.start for x in spell), spell[-1].end
        length = (today if end is None else end) - start
        if length >= WEEK * least_weeks:
            long.add(spell[0].person)
            for row in spell:
                for week in _wednesdays(row, today):
                    present[week].add(row.person)
        elif end is None:
            since = week_of(today - round(WEEK * least_weeks))
            unsure = set(range(since, week_of(today) + 1))
    weeks = {week: float(len(people)) for week, people in present.items()}
    first, last = week_of(min(x.start for x in absent)) + 1, week_of(today) - 1
    heads = (rows.head("start"), rows.head("kind") if "kind" in meanings else "")
    return WeeklyColumn(
        COLUMN, weeks, len(long), *heads, first, last, unsure=frozenset(unsure)
    )


def _read(
    rows: ExportRows,
    meanings: Meanings,
    days: Mapping[str, Days],
    troubles: Troubles,
) -> list[AbsenceRow]:
    """Return the rows of illness; report those without a start or with a wrong end."""
    parts = _parts(rows, troubles)
    said = meanings.get("kind", [SICK] * len(rows.rows))
    people = _people(rows)
    absences = []
    for k, line in enumerate(rows.lines):
        start, end = days["start"].values[k], _end(days, k)
        if said[k] != SICK:
            continue
        if start is None:
            troubles.add(rows.sheet.file, line, "no_start")
        elif end is not None and end < start:
            troubles.add(rows.sheet.file, line, "ends_before")
        else:
            absences.append(AbsenceRow(people[k], start, end, parts[k]))
    return absences


def _people(rows: ExportRows) -> list[str]:
    """Return who each row is of; without a column that tells, each of another."""
    if "person" not in rows.columns:
        return [str(line) for line in rows.lines]
    return [
        cell or str(line)
        for cell, line in zip(rows.cells("person"), rows.lines, strict=True)
    ]


def _end(days: Mapping[str, Days], k: int) -> int | None:
    """Return the first day at work again of a row, None if it lasts."""
    if "recovered" in days and (day := days["recovered"].values[k]) is not None:
        return day
    last = days["end"].values[k] if "end" in days else None
    return None if last is None else last + 1


def _parts(rows: ExportRows, troubles: Troubles) -> list[float]:
    """Return the part of work that each row misses; all of it if that is not told."""
    if "percentage" not in rows.columns:
        return [1.0] * len(rows.rows)
    findings = Findings(rows.sheet.file)
    cells = list(zip(rows.lines, rows.cells("percentage"), strict=True))
    values = read_numbers(cells, rows.head("percentage"), findings, PERCENTAGES)
    troubles.add_texts(rows.sheet.file, findings.problems)
    most = max((x for x in values if x is not None), default=1.0)
    whole = 100.0 if most > 1 else 1.0
    return [1.0 if x is None else x / whole for x in values]


def _spells(rows: Sequence[AbsenceRow]) -> list[list[AbsenceRow]]:
    """Return rows by absence: those of one person that follow on each other."""
    spells: list[list[AbsenceRow]] = []
    for row in sorted(rows, key=lambda x: (x.person, x.start, x.end is None)):
        before = spells[-1] if spells else []
        if before and before[0].person == row.person and _goes_on(before, row):
            before.append(row)
            before.sort(key=lambda x: (x.end is None, x.end or 0))
        else:
            spells.append([row])
    return spells


def _goes_on(spell: Sequence[AbsenceRow], row: AbsenceRow) -> bool:
    end = spell[-1].end
    return end is None or row.start <= end + 1


def _wednesdays(row: AbsenceRow, today: int) -> range:
    """Return the weeks on whose Wednesday somebody is away for half or more."""
    if row.part < HALF:
        return range(0)
    end = today + 1 if row.end is None else row.end
    first = week_of(row.start + WEEK - 1 - WEDNESDAY)
    return range(first, week_of(end + WEEK - 1 - WEDNESDAY))
