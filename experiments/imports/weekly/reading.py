"""Weekly data of a fit from all files that were given, and what was understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.fit.own_data.data import Data, DataError, check_enough
from experiments.fit.own_data.weeks import MOST_WEEKS
from experiments.fit.troubles import advised
from experiments.imports.heads import guessed_columns
from experiments.imports.mapping import ImportMapping, Key, OpenPoint
from experiments.imports.sheets import Sheet, read_sheet
from experiments.imports.vocabulary import LEAVE_OUT, plain
from experiments.imports.weekly.days import week_name
from experiments.imports.weekly.exports import FileReading, read_export
from experiments.imports.weekly.joining import (
    Columns,
    FileColumn,
    apart,
    by_name,
    joined,
    overlaps,
    within_period,
)
from experiments.imports.weekly.kinds import WEEKS, kinds, kinds_of
from experiments.imports.weekly.mapping_rules import ADD, kinds_allowed, zone_of
from experiments.imports.weekly.questions import Questions
from experiments.imports.weekly.weekly_tables import (
    first_week,
    read_weekly_table,
    totals_of,
    weekly_columns,
)
from experiments.imports.words import Troubles
from simulation.text_files import FileError


@dataclass(frozen=True)
class WeeklyImport:
    """What was understood of all files; `data` is None while there are open points.

    `columns` are those that were joined, as files have them; `guesses` are what columns
    and texts were read as, by their place in a mapping.
    """

    mapping: ImportMapping
    points: tuple[OpenPoint, ...]
    guesses: Mapping[Key, str]
    files: tuple[FileReading, ...]
    columns: Columns
    data: Data | None


def read_weekly(
    paths: Sequence[Path], mapping: ImportMapping | None = None, language: str = "en"
) -> WeeklyImport:
    """Return what is understood of files with weekly data or rows to be counted.

    Raises `ImportProblem` with all mistakes of all files at once.
    """
    questions = Questions(mapping or ImportMapping())
    troubles = Troubles(language)
    files: list[FileReading] = []
    seen: dict[str, set[str]] = {name: set() for name in kinds()}
    sheets = _sheets(paths, troubles)
    for sheet in sheets:
        if kind := _kind(sheet, questions):
            files.append(_read(sheet, kind, seen, questions, troubles))
    _check_heads(files, questions.mapping, troubles)
    found = within_period(files, questions.mapping)
    columns = _chosen(by_name(found), questions)
    data = None
    if not questions.points:
        data = _joined(files, found, columns, paths, troubles)
    troubles.check()
    points, guesses = tuple(questions.points.values()), questions.guesses
    return WeeklyImport(questions.mapping, points, guesses, tuple(files), columns, data)


def _sheets(paths: Sequence[Path], troubles: Troubles) -> list[Sheet]:
    """Return the sheets of all files; report those that cannot be read."""
    sheets = []
    names: set[str] = set()
    for path in paths:
        if path.name in names:
            troubles.add(str(path), 0, "file_twice", path.name)
            continue
        names.add(path.name)
        try:
            sheets.append(read_sheet(path, WEEKS, *kinds()))
        except FileError as error:
            _add(error, str(path), troubles)
    return sheets


def _add(error: FileError, file: str, troubles: Troubles) -> None:
    """Add the problems of a file as they are, in the order in which they were told."""
    lines = list(error.problems)
    problems = (
        advised(error, lines, troubles.language) if _is_foreign(troubles) else lines
    )
    troubles.add_texts(file, list(enumerate(problems)))


def _is_foreign(troubles: Troubles) -> bool:
    return troubles.language != "en"


def _kind(sheet: Sheet, questions: Questions) -> str | None:
    """Return what a sheet has, None if that is asked or it is left out."""
    name = Path(sheet.file).name
    known = kinds_of(sheet.header)
    said = questions.mapping.get("files", name)
    if said is None and len(known) == 1:
        questions.guesses["files", name] = known[0]
        return known[0]
    if said is None:
        near = known[0] if known else ""
        questions.answer(("files", name), near, known or kinds_allowed(), (sheet.line,))
    return None if said == LEAVE_OUT else said


def _read(
    sheet: Sheet,
    kind: str,
    seen: Mapping[str, set[str]],
    questions: Questions,
    troubles: Troubles,
) -> FileReading:
    """Return what one file gives; ask for columns that it must have."""
    columns = guessed_columns(kind, sheet.header)
    heads = {plain(head): at for at, head in reversed(list(enumerate(sheet.header)))}
    for name, head in questions.mapping.columns(kind, "columns").items():
        if (at := heads.get(plain(head))) is not None:
            columns = {x: place for x, place in columns.items() if place != at}
            columns[name] = at
    questions.guesses |= {
        (kind, "columns", name): sheet.header[at] for name, at in columns.items()
    }
    if kind == WEEKS:
        return _weekly(sheet, columns, troubles)
    needed = min(kinds()[kind].known_by, key=lambda x: len(x - columns.keys()))
    for name in sorted(needed - columns.keys()):
        key = (kind, "columns", name)
        questions.answer(key, "", [x for x in sheet.header if x], (sheet.line,))
    zone = zone_of(questions.mapping.get("time_zone") or "")
    return read_export(
        sheet, kinds()[kind], columns, zone, seen[kind], questions, troubles
    )


def _weekly(
    sheet: Sheet, columns: Mapping[str, int], troubles: Troubles
) -> FileReading:
    """Return what a file with a row for each week gives."""
    totals = totals_of(sheet)
    left_out = {"totals": totals} if totals else {}
    try:
        data = read_weekly_table(sheet, columns)
    except DataError as error:
        _add(error, sheet.file, troubles)
        return FileReading(sheet, WEEKS, columns, left_out)
    assert data.calendar
    first = first_week(data.calendar)
    if first is None:
        return FileReading(sheet, WEEKS, columns, left_out, numbered=data)
    found = weekly_columns(data, sheet, columns, first)
    return FileReading(sheet, WEEKS, columns, left_out, found)


def _check_heads(
    files: Sequence[FileReading], mapping: ImportMapping, troubles: Troubles
) -> None:
    """Report heads that a mapping names and no file of that kind has."""
    for kind in dict.fromkeys(file.kind for file in files):
        sheets = [file.sheet for file in files if file.kind == kind]
        every = [head for sheet in sheets for head in sheet.header if head]
        for name, head in mapping.columns(kind, "columns").items():
            if plain(head) not in map(plain, every):
                troubles.add(
                    sheets[0].file,
                    sheets[0].line,
                    "no_column",
                    head,
                    every,
                    name=name,
                    allowed=", ".join(every),
                )


def _chosen(columns: Columns, questions: Questions) -> Columns:
    """Return columns by name; ask where two files tell of the same weeks."""
    chosen = {}
    for name, same in columns.items():
        files = [x.file for x in same]
        said: str | None = ADD
        if overlaps(same):
            key = ("measures", name)
            said = questions.answer(key, files[0], (*files, ADD))
        chosen[name] = [x for x in same if said in (ADD, None, x.file)]
    return chosen


def _joined(
    files: Sequence[FileReading],
    found: Sequence[FileColumn],
    columns: Columns,
    paths: Sequence[Path],
    troubles: Troubles,
) -> Data | None:
    """Return the data of all files; report what cannot be joined."""
    numbered = [file for file in files if file.numbered]
    name = " + ".join(path.name for path in paths)
    if troubles.problems:
        return None
    if numbered and len(files) > 1:
        for file in numbered:
            troubles.add(file.sheet.file, file.sheet.line, "numbered_weeks")
        return None
    data = numbered[0].numbered if numbered else None
    if data is None and not found:
        troubles.add(name, 0, "nothing_counted")
        return None
    if data is None:
        data = _together(found, columns, name, troubles)
    if data is not None:
        try:
            check_enough(data)
        except DataError as error:
            _add(error, data.file, troubles)
    return data


def _together(
    found: Sequence[FileColumn], columns: Columns, name: str, troubles: Troubles
) -> Data | None:
    if pair := apart(found):
        a, b = pair
        troubles.add(
            b.file,
            0,
            "no_common_week",
            other=a.file,
            first_1=week_name(a.column.first),
            last_1=week_name(a.column.last),
            first_2=week_name(b.column.first),
            last_2=week_name(b.column.last),
        )
        return None
    every = [x.weeks for same in columns.values() for x in same]
    weeks = max(last for _, last in every) - min(first for first, _ in every) + 1
    if weeks > MOST_WEEKS:
        troubles.add(name, 0, "many_weeks", n=weeks, most=MOST_WEEKS)
        return None
    return joined(columns, name)
