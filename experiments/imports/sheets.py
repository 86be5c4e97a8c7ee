"""Tables that other systems export, as rows of text: CSV and Excel.

A sheet of Excel becomes text with a line for each row, so that both are read alike and
every message can name a line.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from experiments.imports.heads import PEOPLE, is_head
from simulation.text_files import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_TITLES,
    SEPARATORS,
    FileError,
    Findings,
    read_content,
    table_rows,
    text_in,
)

EXCEL = (".xlsx", ".xlsm")
TEXT = (".csv", ".tsv", ".txt")
SUFFIXES = (*TEXT, *EXCEL)
BESIDE = "\t" * 60
"""Empty cells after each row of Excel, so that tabs outnumber commas in any header."""
FEWEST_HEADS = 3
"""From so many heads on a second row may be one of heads too."""
FEWEST_ZEROS = 0.4
"""Share of zero bytes from which text is UTF-16 that has lost its mark."""


class SheetError(FileError):
    """A table cannot be read; holds all problems."""


@dataclass(frozen=True)
class Sheet:
    """A table: header, and rows with the line of each; notes for the user."""

    file: str
    line: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...] = ()


def read_sheet(path: Path, *kinds: str) -> Sheet:
    """Return the table in a file; the header may stand below lines of titles.

    `kinds` say of what the heads of columns may be, as in `heads.toml`. Text may be in
    UTF-8, UTF-16 or Windows-1252. Of several sheets in Excel, the one with most known
    heads is read. Raises `SheetError` with all problems.
    """
    findings = Findings(str(path))
    data = read_content(path, SUFFIXES, SheetError)
    if path.suffix.lower() in EXCEL:
        text = _text_of_workbook(data, kinds, findings)
    else:
        text = text_in(_with_mark(data), path, SheetError, findings)
    text = _with_one_header(text, kinds, findings)
    rows = list(table_rows(text, findings, lambda cell: _is_head(kinds, cell)))
    if not findings.problems and len(rows) < 2:
        what = "people" if PEOPLE in kinds else "rows"
        findings.fault(None, f"no {what} below the header", allowed="one row for each")
    findings.raise_as(SheetError)
    (line, header), *rest = rows
    wide = [at for at, cells in rest if len(cells) > len(header)]
    for at in wide:
        findings.fault(at, "too many cells", None, f"{len(header)}, as above")
    findings.raise_as(SheetError)
    return Sheet(
        str(path),
        line,
        tuple(" ".join(cell.split()) for cell in header),
        tuple((at, _even(cells, len(header))) for at, cells in rest),
        tuple(findings.notes),
    )


def _even(cells: Iterable[str], width: int) -> tuple[str, ...]:
    """Return the cells of a row, each on one line and as many as heads."""
    texts = [" ".join(cell.split()) for cell in cells]
    return tuple(texts + [""] * (width - len(texts)))


def _with_mark(data: bytes) -> bytes:
    """Return the content of a file, with its mark if it is UTF-16 without one."""
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if data.startswith(marks) or len(data) % 2 or not data:
        return data
    zeros = [data[start::2].count(0) / (len(data) / 2) for start in (1, 0)]
    best = zeros.index(max(zeros))
    return marks[best] + data if zeros[best] > FEWEST_ZEROS else data


def _with_one_header(text: str, kinds: Sequence[str], findings: Findings) -> str:
    """Return a text without a second row of heads, such as technical names.

    Of rows of heads one below the other, the one with most of them stays, else the
    last. The others become empty lines, which are noted.
    """
    lines = text.splitlines(keepends=True)
    first = [at for at, line in enumerate(lines[: 2 * MOST_TITLES]) if line.strip()]
    heads = {at: _heads_in(lines[at], kinds) for at in first[:MOST_TITLES]}
    best = max(heads, key=lambda at: (heads[at], at), default=0)
    place = first.index(best) if heads else 0
    beside = [first[k] for k in (place - 1, place + 1) if 0 <= k < len(first)]
    for at in beside:
        if heads.get(at):
            lines[at] = "\n"
            note = f"line {at + 1} has heads once more; it is not read"
            findings.notes.append(note)
    return "".join(lines)


def _heads_in(line: str, kinds: Sequence[str]) -> int:
    """Return how many heads a row has; 0 if most of its cells are none."""
    if line.count('"') % 2:
        return 0
    mark = max(SEPARATORS, key=line.count)
    cells = [x.strip() for x in next(csv.reader([line], delimiter=mark), [])]
    filled = [cell for cell in cells if cell]
    heads = sum(_is_head(kinds, cell) for cell in filled)
    return heads if heads >= FEWEST_HEADS and 2 * heads > len(filled) else 0


def _is_head(kinds: Sequence[str], cell: str) -> bool:
    return any(is_head(kind, cell) for kind in kinds)


def _text_of_workbook(data: bytes, kinds: Sequence[str], findings: Findings) -> str:
    """Return the sheet of a workbook that has most heads, as text with tabs."""
    import openpyxl

    try:
        _check_size(data, findings)
        findings.raise_as(SheetError)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {one.title: _rows_of(one) for one in book.worksheets}
    except FileError:
        raise
    except Exception as problem:  # openpyxl ends with errors of many kinds
        findings.fault(None, f"is no workbook of Excel ({type(problem).__name__})")
        findings.raise_as(SheetError)
    best = max(sheets, key=lambda name: _most_heads(sheets[name], kinds))
    if len(sheets) > 1:
        findings.notes.append(f"sheet {best!r} is read; there are {len(sheets)}")
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t", lineterminator=f"{BESIDE}\n")
    writer.writerows(sheets[best])
    return text.getvalue()


def _check_size(data: bytes, findings: Findings) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(one.file_size for one in archive.infolist())
    if size > 4 * MOST_BYTES:
        findings.fault(None, "too large when unpacked", size, f"{4 * MOST_BYTES} bytes")


def _rows_of(sheet: Any) -> list[list[str]]:
    rows = sheet.iter_rows(
        values_only=True, max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS
    )
    return [_without_end([_cell_text(value) for value in row]) for row in rows]


def _without_end(cells: list[str]) -> list[str]:
    """Return the cells of a row without the empty ones at its end."""
    last = max((at for at, cell in enumerate(cells) if cell), default=-1)
    return cells[: last + 1]


def _most_heads(rows: list[list[str]], kinds: Sequence[str]) -> int:
    heads = [sum(_is_head(kinds, cell) for cell in row) for row in rows[:MOST_TITLES]]
    return max(heads, default=0)


def _cell_text(value: object) -> str:
    """Return the value of a cell as text, on one line.

    >>> _cell_text(32.0), _cell_text(0.8), _cell_text(datetime(2024, 2, 1))
    ('32', '0.8', '2024-02-01')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).split())
