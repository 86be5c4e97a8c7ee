"""One export with a row for each lead, deal, invoice or absence, counted by week."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from experiments.fit.own_data.data import Data
from experiments.imports.sheets import Sheet
from experiments.imports.vocabulary import LEAVE_OUT
from experiments.imports.weekly.absence import SICK, count_absent
from experiments.imports.weekly.counting import (
    Meanings,
    WeeklyColumn,
    count_rows,
    days_by_field,
    way_of,
)
from experiments.imports.weekly.days import ORDERS, Days
from experiments.imports.weekly.export_rows import ExportRows, rows_of
from experiments.imports.weekly.kinds import ABSENCE, Kind
from experiments.imports.weekly.mapping_rules import (
    COUNTED,
    EVERY_ROW,
    LEAST_WEEKS,
    MOST_WEEKS_AWAY,
)
from experiments.imports.weekly.questions import Questions
from experiments.imports.words import Troubles

USUAL_LEAST = "6"
"""Weeks from which absence is long, as a suggestion."""
MOST_TEXTS = 20
"""Most different texts of a column of stages, kinds or statuses."""
LONGEST_TEXT = 60
Note = tuple[str, dict[str, str | int]]
"""A key of words, and its values."""


@dataclass(frozen=True)
class FileReading:
    """What was understood of one file.

    `columns` are the places of fields, `left_out` the lines of rows that do not count,
    by reason, `found` the columns of data that it gives. A file whose weeks are only
    numbered has `numbered` data.
    """

    sheet: Sheet
    kind: str
    columns: Mapping[str, int]
    left_out: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    found: tuple[WeeklyColumn, ...] = ()
    notes: tuple[Note, ...] = ()
    numbered: Data | None = None


def read_export(
    sheet: Sheet,
    kind: Kind,
    columns: Mapping[str, int],
    zone: tzinfo | None,
    seen: set[str],
    questions: Questions,
    troubles: Troubles,
) -> FileReading:
    """Return what an export gives; mistakes go to `troubles`, doubts to `questions`.

    `seen` are numbers of rows of earlier exports of this kind.
    """
    columns = _with_handed(kind, columns, sheet, questions)
    rows = rows_of(sheet, kind, columns, seen)
    order = questions.mapping.get(kind.name, "date_order") or ""
    days = days_by_field(rows, order, zone)
    _check_days(rows, days, questions, troubles)
    meanings = {
        name: _meanings(rows, name, questions, troubles)
        for name in _tests(kind, columns)
    }
    if kind.name == ABSENCE:
        counted = [_absent(rows, meanings, days, questions, troubles)]
    else:
        counted = [count_rows(rows, x, meanings, days, troubles) for x in kind.counts]
    return FileReading(
        sheet,
        kind.name,
        columns,
        rows.left_out,
        tuple(x for x in counted if x),
        tuple(_notes(rows, days)),
    )


def _absent(
    rows: ExportRows,
    meanings: Meanings,
    days: Mapping[str, Days],
    questions: Questions,
    troubles: Troubles,
) -> WeeklyColumn | None:
    """Return who is absent for long; None, too, while it is open how long that is."""
    if "start" not in days:
        return None
    last = questions.mapping.get("period", "last")
    until = None if last is None else last.toordinal()
    ends = (0.0, MOST_WEEKS_AWAY)
    least = questions.answer(LEAST_WEEKS, USUAL_LEAST, ends=ends)
    weeks = 0.0 if least is None else float(least)
    column = count_absent(rows, meanings, days, weeks, until, troubles)
    return None if least is None else column


def _with_handed(
    kind: Kind, columns: Mapping[str, int], sheet: Sheet, questions: Questions
) -> Mapping[str, int]:
    """Return columns with the day of handing over; ask where none tells.

    Every row may then be a lead, handed over on the day on which it was made.
    """
    if kind.name != COUNTED[0] or "handed" in columns or "created" not in columns:
        return columns
    said = questions.answer(COUNTED, EVERY_ROW, (EVERY_ROW, LEAVE_OUT))
    return {**columns, "handed": columns["created"]} if said == EVERY_ROW else columns


def _tests(kind: Kind, columns: Mapping[str, int]) -> list[str]:
    """Return the fields whose texts tell which rows count."""
    ways = [way_of(count, set(columns)) for count in kind.counts]
    fields = [way.test for way in ways if way and way.test]
    is_absence = kind.name == ABSENCE and "kind" in columns
    return [*dict.fromkeys(fields), *(["kind"] if is_absence else [])]


def _meanings(
    rows: ExportRows, name: str, questions: Questions, troubles: Troubles
) -> list[str | None]:
    """Return what the texts in a field mean, row by row; ask what cannot be told."""
    texts = rows.cells(name)
    lines: dict[str, list[int]] = {}
    for line, text in zip(rows.lines, texts, strict=True):
        lines.setdefault(text, []).append(line)
    unknown = [x for x in lines if x and rows.kind.meaning(name, x) is None]
    long = [x for x in unknown if len(x) > LONGEST_TEXT or "@" in x]
    if len(unknown) > MOST_TEXTS or long:
        at = lines[(long or unknown)[0]][0]
        head, n = rows.head(name), len(unknown)
        troubles.add(rows.sheet.file, at, "many_texts", head=head, n=n, most=MOST_TEXTS)
        return [None] * len(texts)
    allowed = rows.kind.meanings_of(name)
    meanings = {
        text: questions.meaning(
            (rows.kind.name, name, text), rows.kind.meaning(name, text), allowed, where
        )
        for text, where in lines.items()
        if text
    }
    empty = SICK if rows.kind.name == ABSENCE else None
    return [meanings.get(text, empty) for text in texts]


def _check_days(
    rows: ExportRows, days: Mapping[str, Days], questions: Questions, troubles: Troubles
) -> None:
    """Ask whether day or month comes first; report cells that are no day."""
    for name, found in days.items():
        if found.unclear:
            key = (rows.kind.name, "date_order")
            questions.answer(key, next(iter(ORDERS)), tuple(ORDERS))
        if found.unread:
            first = found.unread[0]
            received, line = rows.cells(name)[first], rows.lines[first]
            head, n = rows.head(name), len(found.unread)
            troubles.add(rows.sheet.file, line, "no_day", received, head=head, n=n)


def _notes(rows: ExportRows, days: Mapping[str, Days]) -> list[Note]:
    """Return remarks: damaged numbers, time zones."""
    notes: list[Note] = [("damaged", {})] if rows.damaged else []
    for name, found in days.items():
        if found.turning:
            notes.append(("turning", {"head": rows.head(name), "n": found.turning}))
    return notes
