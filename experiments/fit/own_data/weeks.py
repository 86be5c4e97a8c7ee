"""Finding the week of each row of a file, from all of its rows."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import NamedTuple

from experiments.fit.own_data.week_forms import (
    BY_ORDER,
    DATES,
    FORMS,
    WEEKS,
    forms_of,
    has_time,
    is_month,
    number_of_year,
)
from simulation.names import is_total
from simulation.text_files import Findings

MOST_WEEKS = 520
ALLOWED = {
    "date": "a date such as 2026-03-02 or 2-3-2026",
    "week": "a whole number, 0 or more, a week such as 2026-W10, or a date",
}
LAST_WEEKS, FIRST_WEEKS = range(48, 55), range(6)
"""Weeks of the year from which, and to which, one comes at its turn."""
MONDAY = 1
"""What is left of a day, as `date.toordinal` counts them, over weeks."""
DAYS = 4
"""Rows that are fewer days apart than these are no weeks."""
FORTNIGHT = 14
MOST_CUT = 2
"""Weeks that the turn of years may cut."""
FEWEST_STEPS = 3
"""Below this a column is too short to tell how it is spaced."""
SORT = "sort the rows by time"
Note = tuple[str, dict[str, str]]
"""A key of labels and its values."""


class Cell(NamedTuple):
    """A cell of the column `week` or `date`, with its line."""

    line: int
    text: str


@dataclass(frozen=True)
class Calendar:
    """The weeks of a file: the names of its first and last row, and their kind.

    `kind` is number, week (of the year) or date. `weekday` is that of most dates, 0 for
    Monday, or None if there is none. `notes` are other remarks.
    """

    kind: str
    first: str
    last: str
    weekday: int | None = None
    notes: tuple[Note, ...] = ()


def read_weeks(
    cells: Sequence[Cell], name: str, findings: Findings
) -> tuple[list[int], Calendar | None]:
    """Return the week of each row, 0 for the earliest, and the calendar.

    `name` is that of the column, week or date. Mistakes are added to `findings`; the
    calendar is then None.
    """
    before = len(findings.problems)
    forms = [forms_of(cell.text) for cell in cells]
    form = _form(forms, name)
    pairs = list(zip(cells, forms, strict=True))
    known = [(cell, read[form]) for cell, read in pairs if form in read]
    if form:
        _tell_unread([cell for cell, read in pairs if form not in read], name, findings)
    if not form:
        what, allowed = f"{name}: day or month first?", "dates as 2026-03-02"
        findings.fault(cells[0].line, what, cells[0].text, allowed)
    if not known:
        return [], None
    sure = _check_form(form, known, name, findings)
    weekday = None
    if form in DATES:
        weeks, weekday = _of_dates(known, name, findings)
    else:
        weeks = [value // 7 if form in WEEKS else value for _, value in known]
    first = min(weeks, default=0)
    weeks = [week - first for week in weeks]
    if sure:
        _check_order([cell for cell, _ in known], weeks, name, findings)
    if len(findings.problems) > before:
        return weeks, None
    return weeks, _calendar(form, known, weekday)


def _form(read: Sequence[dict[str, int]], name: str) -> str:
    """Return the form that reads most rows; empty if day and month are unclear.

    Rows are read as numbers only if few of them can be read in another form.
    """
    counts = Counter(form for forms in read for form in forms)
    others = max((n for form, n in counts.items() if form != "number"), default=0)
    if name == "date" or 2 * others > counts["number"]:
        del counts["number"]
    most = max(counts.values(), default=0)
    tied = [form for form in FORMS if counts[form] == most > 0]
    if len(tied) > 1 and tied[0] in BY_ORDER:
        tied = [form for form in tied if _is_weekly(form, read)]
        return tied[0] if len(tied) == 1 else ""
    return tied[0] if tied else "number"


def _is_weekly(form: str, read: Sequence[dict[str, int]]) -> bool:
    values = [forms[form] for forms in read if form in forms]
    return len({value % 7 for value in values}) == 1


def _tell_unread(cells: Sequence[Cell], name: str, findings: Findings) -> None:
    """Report cells that name no week: the first of each kind."""
    kinds: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        kinds.setdefault(_why_unread(cell.text, name), []).append(cell)
    for (what, allowed), alike in kinds.items():
        rows = len(alike) - 1
        more = f", as in {rows} other row{'s' * (rows > 1)}" if rows else ""
        findings.fault(alike[0].line, f"{what}{more}", alike[0].text, allowed)


def _why_unread(text: str, name: str) -> tuple[str, str]:
    """Return what is wrong with a cell that names no week, and what to do."""
    if is_total(text):
        return f"{name}: a row of totals is no week", "rows of weeks only: delete it"
    if not text:
        allowed = f"{ALLOWED[name]}; delete rows that are no weeks"
        return f"{name}: empty, with data beside it", allowed
    if is_month(text):
        return f"{name}: months are no weeks", f"{ALLOWED[name]}, of each week"
    if number_of_year(text):
        return name, (
            "weeks of the year by ISO 8601, of which this is none: the turn of the year"
            " is cut in two; give the date of the Monday of each week"
        )
    return name, ALLOWED[name]


def _check_form(
    form: str, known: Sequence[tuple[Cell, int]], name: str, findings: Findings
) -> bool:
    """Return whether numbers are surely weeks; if not, report why and what to do.

    They may be months, days, or weeks of the year without their year.
    """
    numbers = [number_of_year(cell.text) for cell, _ in known]
    if form == "year_and_number" and all(x and x[1] <= 12 for x in numbers):
        first, (year, number) = known[0][0], numbers[0] or (0, 0)
        what = f"{name}: months, or weeks of the year?"
        allowed = f"weeks as {year}-W{number:02}, or the date of a day"
        findings.fault(first.line, what, first.text, allowed)
        return False
    if form != "number":
        return True
    values = [value for _, value in known]
    for (_, before), (cell, value) in itertools.pairwise(known):
        if advice := _at_the_turn(before, value, max(values)):
            what = f"{name}: weeks of the year need their year: {before} is followed"
            findings.fault(cell.line, f"{what} by {value}", cell.text, advice)
            return False
    steps = _steps(values)
    if steps and all(step % 7 == 0 for step in steps):
        allowed = "weeks numbered one by one, or dates"
        what = f"{name}: every row is 7 or more on: are these days?"
        findings.fault(known[1][0].line, what, known[1][0].text, allowed)
        return False
    return True


def _at_the_turn(before: int, value: int, most: int) -> str:
    """Return how to write two numbers that are weeks of two years, or "".

    The year may be left out (52, 1) or cut short (2352, 2401).
    """
    year, week = divmod(value, 100)
    year_before, week_before = divmod(before, 100)
    if week_before not in LAST_WEEKS or week not in FIRST_WEEKS:
        return ""
    if year == year_before == 0 and most in LAST_WEEKS:
        return f"the year too, as 2026-W{week:02}, or {before + 1} for it"
    if year == year_before + 1 and 0 < year_before < 99:
        return f"the whole year, as 20{year:02}-W{week:02}"
    return ""


def _steps(values: Sequence[int]) -> list[int]:
    """Return the steps between the distinct values in ascending order."""
    ordered = sorted(set(values))
    return [b - a for a, b in itertools.pairwise(ordered)]


def _of_dates(
    known: Sequence[tuple[Cell, int]], name: str, findings: Findings
) -> tuple[list[int], int | None]:
    """Return the weeks of dates, and the weekday that most rows have, if any.

    A week begins on that day, or ends on it if fewer rows then share a week. Without
    such a day weeks begin on Monday. No weeks are returned if the rows are not weekly.
    """
    days = [day for _, day in known]
    steps = _steps(days)
    usual = median(steps) if steps else 7
    weekday, count = Counter(day % 7 for day in days).most_common(1)[0]
    irregular = 2 * count <= len(days)
    wrong = ""
    if usual < DAYS:
        wrong = f"rows are days, not weeks: most are {usual:g} apart"
    elif irregular and usual < FORTNIGHT and not 6.5 <= usual <= 7.5:
        wrong = f"rows are no weeks: most are {usual:g} days apart"
    elif irregular and sum(step < DAYS for step in steps) > MOST_CUT:
        wrong = "weeks are cut at the turn of months"
    if wrong:
        allowed = "a row for each whole week: add up the days of each"
        findings.fault(known[1][0].line, f"{name}: {wrong}", known[1][0].text, allowed)
        return [], None
    if irregular:
        return [(day - MONDAY) // 7 for day in days], None
    begins = [(day - weekday) // 7 for day in days]
    ends = [-((weekday - day) // 7) for day in days]
    weeks = ends if len(set(ends)) > len(set(begins)) else begins
    return weeks, weekday


def _check_order(
    cells: Sequence[Cell], weeks: Sequence[int], name: str, findings: Findings
) -> None:
    """Report rows in one week, out of order or far away: the first of each kind."""
    pairs = list(itertools.pairwise(weeks))
    twice = [at for at, (a, b) in enumerate(pairs, 1) if a == b]
    back = [at for at, (a, b) in enumerate(pairs, 1) if a > b]
    far = [at for at, week in enumerate(weeks) if week - weeks[0] >= MOST_WEEKS]
    before = cells[back[0] - 1].text if back else ""
    for which, what, allowed in (
        (twice, "in the same week as the row before", "one row for each week"),
        (back, "goes back", f"later than {before!r} of the row before: {SORT}"),
        (far, "is far away", f"within {MOST_WEEKS} weeks of the first row"),
    ):
        if which:
            cell = cells[which[0]]
            more = f", as in {len(which) - 1} rows below" if len(which) > 1 else ""
            findings.fault(cell.line, f"{name} {what}{more}", cell.text, allowed)


def check_spacing(
    column: str, cells: Sequence[tuple[int, int]], findings: Findings
) -> None:
    """Report a column of weekly counts that has no two adjacent weeks.

    `cells` are line and week of the filled cells. Such a column probably counts
    months: four times too much for the weeks of its cells.
    """
    steps = [b - a for (_, a), (_, b) in itertools.pairwise(cells)]
    if len(steps) < FEWEST_STEPS or min(steps) < 2:
        return
    usual = median(steps)
    of = "months" if usual in (4, 4.5, 5) else f"{usual:g} weeks"
    findings.fault(
        cells[1][0],
        f"{column}: rows seem to be of {of}; each is taken as a single week",
        None,
        f"what was counted in each single week, a row for each; or no column {column}",
    )


def _calendar(
    form: str, known: Sequence[tuple[Cell, int]], weekday: int | None
) -> Calendar:
    ends = known[0][1], known[-1][1]
    if form == "number":
        return Calendar("number", str(ends[0]), str(ends[1]))
    first, last = (date.fromordinal(day) for day in ends)
    if form in WEEKS:
        return Calendar("week", _week_of_year(first), _week_of_year(last))
    notes = tuple(_notes(form, known, weekday))
    shown = None if weekday is None else (weekday - MONDAY) % 7
    return Calendar("date", first.isoformat(), last.isoformat(), shown, notes)


def _week_of_year(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _notes(
    form: str, known: Sequence[tuple[Cell, int]], weekday: int | None
) -> Iterator[Note]:
    """Yield remarks on dates."""
    if form in ("excel", "seconds"):
        yield f"fit_days_of_{form}", {}
    if any(has_time(cell.text) for cell, _ in known):
        yield "fit_times_of_day", {}
    if weekday is None:
        yield "fit_any_weekday", {}
        return
    off = [at for at, (_, day) in enumerate(known) if day % 7 != weekday]
    for at, key in ((0, "first"), (len(known) - 1, "last")):
        if at in off:
            off.remove(at)
            text = date.fromordinal(known[at][1]).isoformat()
            yield f"fit_part_{key}", {"date": text, "line": str(known[at][0].line)}
    if off:
        yield (
            "fit_other_weekdays",
            {"n": str(len(off)), "line": str(known[off[0]][0].line)},
        )
