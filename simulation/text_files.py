"""Reading of texts and tables from elsewhere, with all that is wrong with them.

Names are compared after trimming and Unicode normalisation. Problems of a file are
gathered while it is read, and are raised together.
"""

import csv
import io
import math
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from simulation.characters import one_line

MOST_BYTES = 50_000_000

SHOWN = 100
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")


class FileError(ValueError):
    """All that is wrong with a file; `problems` holds one line of text for each."""

    def __init__(self, problems: Collection[str]):
        super().__init__(tuple(problems))

    @property
    def problems(self) -> tuple[str, ...]:
        return self.args[0]

    def __str__(self) -> str:
        more = len(self.problems) - SHOWN
        rest = (f"... and {more} more",) if more > 0 else ()
        return "\n".join(self.problems[:SHOWN] + rest)


@dataclass
class Findings:
    """Problems and notes gathered while `file` is read, to be reported all at once."""

    file: str
    problems: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, line, what, received=None, allowed=None, known=()) -> None:
        """Add a problem: what, received, allowed and the nearest of the `known`."""
        text = f"{self.file}{f':{line}' if line else ''}: {what}"
        text += f"; received {received!r}" if received is not None else ""
        text += f"; allowed {allowed}" if allowed else ""
        close = received and len(self.problems) < SHOWN and nearest(received, known)
        text += f"; nearest {close!r}" if close else ""
        self.problems.append((line or 0, text))

    def raise_as(self, error: type[FileError]) -> None:
        """Raise `error` with all problems in the order of lines, if there are any."""
        if self.problems:
            ordered = sorted(self.problems, key=lambda problem: problem[0])
            raise error([text for _, text in ordered])

    def number(self, value, what: str, line: int | None, most=math.inf) -> float | None:
        """Return `value` as a number from 0 to `most`; None where empty or wrong."""
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        number = float(text.replace(",", ".")) if NUMBER.fullmatch(text) else math.nan
        if math.isfinite(number) and 0 <= number <= most:
            return number
        ends = "0 or more" if most == math.inf else f"0 to {most}"
        self.fault(line, what, text, f"a number, {ends}")
        return None


def nearest(received: object, known: Collection[str], likeness=0.6) -> str | None:
    """Return the one of `known` most like `received`, whatever its case; or None."""
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(str(received).casefold(), folded, 1, likeness)
    return folded[close[0]] if close else None


def clean_name(text: object) -> str:
    """Return `text` in Unicode normal form C, as it is shown on one line.

    What nobody sees, and what no document can hold, is no part of a name.
    """
    return unicodedata.normalize("NFC", one_line(str(text)))


# --- any file of text -----------------------------------------------------------


def read_text(path: str | Path, suffixes: tuple[str, ...], error) -> str:
    """Return the UTF-8 text at `path`, without byte order mark; else raise `error`."""
    found = Findings(str(path))
    path = Path(path)
    _check_place(path, suffixes, found)
    data = b""
    if not found.problems:
        try:
            data = path.read_bytes()
        except OSError as problem:
            found.fault(None, f"cannot be read ({problem.strerror})")
    text = "" if found.problems else _decoded(data, found)
    found.raise_as(error)
    return text


def _check_place(path: Path, suffixes: tuple[str, ...], found: Findings) -> None:
    if path.is_dir():
        found.fault(None, "is a folder", allowed="a file")
    elif path.suffix.lower() not in suffixes:
        allowed = ", ".join(suffixes)
        found.fault(None, "unknown kind of file", path.suffix, allowed, suffixes)
    elif not path.exists():
        there = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        found.fault(None, "no such file", path.name, known=there)
    elif path.stat().st_size > MOST_BYTES:
        found.fault(None, "too large", path.stat().st_size, f"{MOST_BYTES} bytes")


def _decoded(data: bytes, found: Findings) -> str:
    text = ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        byte = f"byte 0x{data[problem.start]:02x}"
        found.fault(line, "is not UTF-8 text", byte, "UTF-8: save the file as such")
    if b"\0" in data:
        found.fault(None, "is binary, or text in UTF-16", allowed="text in UTF-8")
    elif not text.strip() and not found.problems:
        found.fault(None, "is empty")
    return text


# --- tables ---------------------------------------------------------------------


def read_table(
    text: str,
    columns: Mapping[str, tuple[str, ...]],
    needed: Collection[str],
    found: Findings,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells by column of each row below the header in `text`.

    Cells are parted by whichever of comma, semicolon and tab the header holds most.
    `columns` gives the header words for each column, of which those `needed` must be
    there. Other columns are noted, and are a problem if they look like a misspelt one.
    Nothing is yielded below a header with problems.
    """
    rows = table_rows(text, found)
    line, header = next(rows, (1, []))
    places = _header(line, header, columns, needed, found)
    for line, cells in () if found.problems else rows:
        if len(cells) > len(header):
            found.fault(line, "too many cells", len(cells), f"{len(header)}, as above")
        cells += [""] * (len(header) - len(cells))
        yield line, {key: cells[at].strip() for key, at in places.items()}


def table_rows(text: str, found: Findings) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line and the cells of each row that is not blank.

    Cells are parted by whichever of comma, semicolon and tab the first row holds most.
    """
    top = next(line for line in text.splitlines() if line.strip())
    delimiter = max(",;\t", key=top.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = rows.line_num + 1
    except csv.Error as problem:
        found.fault(line, f"is not a table ({problem})")


def _header(line, cells, columns, needed, found: Findings) -> dict[str, int]:
    """Return the place of each column in the header `cells`."""
    words = {word: key for key, group in columns.items() for word in group}
    places: dict[str, int] = {}
    spare = []
    for at, cell in enumerate(cell.strip() for cell in cells):
        key = words.get(cell.casefold())
        if key in places:
            found.fault(line, f"second column for {key}", cell, "one")
        elif key:
            places[key] = at
        elif cell:
            spare.append(cell)
    missing = [key for key in columns if key not in places]
    for key in (key for key in missing if key in needed):
        allowed = " or ".join(columns[key])
        found.fault(line, f"no column {key}", ", ".join(cells), allowed, ())
    _check_spare(line, spare, [w for key in missing for w in columns[key]], found)
    return places


def _check_spare(line, spare, missing, found: Findings) -> None:
    for cell in spare:
        if nearest(cell, missing, 0.75):
            found.fault(line, "unknown column", cell, ", ".join(missing), missing)
        else:
            found.notes.append(f"column {cell!r} is not used")
