"""What was understood of weekly data, in words: without names and without cells."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from experiments.fit.own_data.columns import COLUMNS
from experiments.fit.troubles import note_words
from experiments.imports.weekly.counting import WeeklyColumn
from experiments.imports.weekly.days import week_name
from experiments.imports.weekly.exports import FileReading
from experiments.imports.weekly.kinds import ABSENCE, WEEKS, kinds
from experiments.imports.weekly.mapping_rules import LEAST_WEEKS
from experiments.imports.weekly.reading import WeeklyImport
from experiments.imports.words import in_rows, said
from experiments.statistics.small_groups import LEAST
from experiments.words.numerals import number


def understood(found: WeeklyImport, language: str) -> tuple[str, ...]:
    """Return what was read, how it is counted, what is left out, a sentence each."""
    sentences = [x for file in found.files for x in _of_file(file, found, language)]
    is_open = any(found.mapping.get("period", x) is None for x in ("first", "last"))
    if is_open and any(file.kind != WEEKS and file.found for file in found.files):
        sentences.append(said("weekly_part_weeks", language))
    if found.data and (calendar := found.data.calendar):
        whole = int(np.isfinite(found.data.table).all(0).sum())
        values = {"weeks": found.data.weeks, "whole": whole}
        ends = {"first": calendar.first, "last": calendar.last}
        sentences.append(said("weekly_joined", language, **values, **ends))
    return tuple(sentences)


def _of_file(file: FileReading, found: WeeklyImport, language: str) -> Iterator[str]:
    """Yield what was understood of one file."""
    name, rows = Path(file.sheet.file).name, len(file.sheet.rows)
    yield said(f"weekly_{file.kind}", language, file=name, rows=rows)
    joined = {
        one.column.column: one.column
        for same in found.columns.values()
        for one in same
        if one.file == name
    }
    for column in file.found:
        yield from _of_column(joined.get(column.column), column, file, found, language)
    if file.kind != WEEKS and not found.points:
        there = {column.column for column in file.found}
        for count in kinds()[file.kind].counts:
            if count.column not in there:
                label = COLUMNS[count.column].label[language]
                yield said("weekly_no_way", language, column=label)
    for reason, lines in file.left_out.items():
        where = in_rows(lines, language)
        yield said(f"weekly_left_{reason}", language, n=len(lines), rows=where)
    for key, values in file.notes:
        yield said(f"weekly_{key}", language, **values)
    if file.kind == "deals" and "amount" in file.columns:
        head = file.sheet.header[file.columns["amount"]]
        yield said("weekly_amounts", language, head=head)
    used = {*file.columns.values()}
    spare = [x for at, x in enumerate(file.sheet.header) if x and at not in used]
    if spare:
        yield said("weekly_columns", language, heads=", ".join(spare))
    for note in file.sheet.notes:
        yield f"{name}: {note_words(note, language)}."


def _of_column(
    joined: WeeklyColumn | None,
    column: WeeklyColumn,
    file: FileReading,
    found: WeeklyImport,
    language: str,
) -> Iterator[str]:
    """Yield how a column was counted, and where it is not known."""
    label = COLUMNS[column.column].label[language]
    if joined is None:
        if column.first > column.last:
            yield said("weekly_no_whole_weeks", language, column=label)
        return
    ends = {"first": week_name(joined.first), "last": week_name(joined.last)}
    values = {"column": label, "day": column.day, "test": column.test, **ends}
    if file.kind == ABSENCE:
        few = said("weekly_few", language, least=LEAST)
        n = few if column.rows < LEAST else number(column.rows, language)
        least = f"{found.mapping.get(*LEAST_WEEKS):g}"
        yield said("weekly_absent", language, n=n, least=least, **values)
    else:
        key = _rule(column, file)
        rows = joined.counted if key.startswith("weekly_counted") else joined.rows
        yield said(key, language, n=rows, **values)
    if file.kind == WEEKS:
        return
    unknown = {"gaps": joined.gaps, "unsure": tuple(joined.unsure)}
    for key, weeks in unknown.items():
        inside = [week for week in weeks if joined.first <= week <= joined.last]
        if inside:
            yield said(f"weekly_{key}", language, column=label, n=len(inside))


def _rule(column: WeeklyColumn, file: FileReading) -> str:
    """Return the key of the words of how a column was counted."""
    if file.kind == WEEKS:
        return "weekly_read"
    summed = {count.column for count in kinds()[file.kind].counts if count.sum}
    if column.column in summed:
        return "weekly_summed"
    return "weekly_counted_by" if column.test else "weekly_counted"
