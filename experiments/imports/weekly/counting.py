"""Counting the rows of an export by week, each in the week of one of its days."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from experiments.imports.weekly.days import Days, days_of, week_of
from experiments.imports.weekly.export_rows import ExportRows
from experiments.imports.weekly.kinds import Count, CountingWay
from experiments.imports.words import Troubles
from simulation.text_files import Findings
from simulation.written_numbers import NumberRule, read_numbers

IMPROBABLE = 1e-6
"""Chance below which weeks without any row are taken for missing, not for zero."""
MOST_EUROS = 1e12
AMOUNTS = NumberRule(-MOST_EUROS, MOST_EUROS, "an amount of money, or an empty cell")


@dataclass(frozen=True)
class WeeklyColumn:
    """A column of the data as one file has it.

    `weeks` has the value, above zero, of each week (numbered as by `days.week_of`): a
    count, or a sum of amounts. `rows` is the number of rows behind it; of absences, the
    number of people. `day` and `test` are the heads of the columns that were read.
    `first` and `last` are the first and last week that are surely complete or, where
    the mapping gives a period, its ends. `gaps` are weeks without rows that are taken
    for missing, `unsure` are other weeks whose value cannot be known.
    """

    column: str
    weeks: Mapping[int, float]
    rows: int
    day: str
    test: str = ""
    first: int = 0
    last: int = -1
    gaps: tuple[int, ...] = ()
    unsure: frozenset[int] = field(default_factory=frozenset)

    def value(self, week: int) -> float:
        """Return the value of a week, nan if it is not known."""
        known = self.first <= week <= self.last and week not in self.gaps
        return self.weeks.get(week, 0.0) if known and week not in self.unsure else NAN

    @property
    def counted(self) -> int:
        """The sum of the values from `first` to `last`; of counts, the rows."""
        weeks = range(self.first, self.last + 1)
        return int(sum(self.weeks.get(week, 0.0) for week in weeks))

    def within(self, first: int | None, last: int | None) -> "WeeklyColumn":
        """Return the column limited to a period; an end that is None stays as it is."""
        ends = (
            (self.first if first is None else first),
            (self.last if last is None else last),
        )
        return replace(self, first=ends[0], last=ends[1])


NAN = math.nan
Meanings = Mapping[str, Sequence[str | None]]
"""By field, what its text means in each row."""


def way_of(count: Count, fields: set[str]) -> CountingWay | None:
    """Return the first way to count whose fields are all there, or None."""
    return next((way for way in count.ways if set(way.fields) <= fields), None)


def count_rows(
    rows: ExportRows,
    count: Count,
    meanings: Meanings,
    days: Mapping[str, Days],
    troubles: Troubles,
) -> WeeklyColumn | None:
    """Count rows by week; return None if a column is missing or no row counts."""
    way = way_of(count, set(rows.columns) & {*days, *meanings})
    if way is None or (count.sum and count.sum not in rows.columns):
        return None
    values = days[way.day].values
    amounts = _amounts(rows, count.sum, troubles) if count.sum else [1.0] * len(values)
    said = meanings[way.test] if way.test else [way.meaning] * len(values)
    weeks: Counter[int] = Counter()
    counted = 0
    for day, meaning, amount in zip(values, said, amounts, strict=True):
        if day is not None and meaning == way.meaning:
            weeks[week_of(day)] += amount  # type: ignore[assignment]
            counted += 1
    if not counted:
        return None
    first, last = min(weeks) + 1, max(weeks) - 1
    gaps = () if count.sum else _gaps(weeks, first, last, counted)
    test = rows.head(way.test) if way.test else ""
    heads = (rows.head(way.day), test)
    return WeeklyColumn(count.column, weeks, counted, *heads, first, last, gaps)


def _amounts(rows: ExportRows, name: str, troubles: Troubles) -> list[float]:
    """Return the amounts of rows; empty cells are 0."""
    findings = Findings(rows.sheet.file)
    cells = list(zip(rows.lines, rows.cells(name), strict=True))
    values = read_numbers(cells, rows.head(name), findings, AMOUNTS)
    troubles.add_texts(rows.sheet.file, findings.problems)
    return [x or 0.0 for x in values]


def _gaps(
    weeks: Mapping[int, float], first: int, last: int, counted: int
) -> tuple[int, ...]:
    """Return weeks without rows, in runs that chance would hardly give.

    With m rows a week on average, chance gives L weeks without any with exp(-m L).
    """
    usual = counted / len(weeks)
    gaps: list[int] = []
    run: list[int] = []
    for week in range(first, last + 1):
        if week not in weeks:
            run.append(week)
            continue
        if run and math.exp(-usual * len(run)) < IMPROBABLE:
            gaps += run
        run = []
    return tuple(gaps)


def days_by_field(rows: ExportRows, order: str, zone: tzinfo | None) -> dict[str, Days]:
    """Return the days of each field with days."""
    fields = [name for name in rows.kind.dates if name in rows.columns]
    return {name: days_of(rows.cells(name), order, zone) for name in fields}
