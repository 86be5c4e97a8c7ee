"""Reading of text files and tables from users, with all their problems at once.

Names are compared after trimming and Unicode normalisation. Problems of a file are
gathered while it is read, and are raised together.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from simulation.characters import one_line
from simulation.regular_files import content_of, unusable
from simulation.scenario_errors import escaped

MOST_BYTES = 50_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
LONGEST_CELL = 1_000
"""Most characters of a cell in a column that is read."""
MOST_PROBLEMS = 10_000
"""Most problems that are kept; further ones are only counted."""
MOST_COMPARED = 50_000
"""Most names that are compared to find the nearest, for all problems together."""
SHOWN = 100
LONGEST_QUOTED = 80
LONGEST_ALLOWED = 1_000
MOST_TITLES = 30
"""Number of lines in which the header is searched."""
SEPARATOR = re.compile(r'"?sep="?([,;|:\t])"?[\s,;]*', re.IGNORECASE)
"""A first line that tells Excel the separator of cells."""
SEPARATORS = ",;\t|"
LATIN_XML = re.compile(
    rb"\s*<\?xml[^>]*encoding\s*=\s*[\"'](iso-?8859-1|latin-?1|windows-1252|cp1252)[\"']",
    re.IGNORECASE,
)
"""XML declaration of a file that may be read as Windows-1252."""


class FileError(ValueError):
    """A file cannot be used; `problems` holds one line of text for each problem."""

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
    untold: int = 0
    compared: int = 0

    def fault(self, line, what, received=None, allowed=None, known=()) -> None:
        """Add a problem: what is wrong, received, allowed, the nearest of `known`."""
        if len(self.problems) >= MOST_PROBLEMS:
            self.untold += 1
            return
        text = f"{self.file}{f':{line}' if line else ''}: {what}"
        text += f"; received {quoted(received)}" if received is not None else ""
        text += f"; allowed {allowed[:LONGEST_ALLOWED]}" if allowed else ""
        close = None
        if received and known and self.compared + len(known) <= MOST_COMPARED:
            self.compared += len(known)
            close = nearest(received, known)
        text += f"; nearest {quoted(close)}" if close else ""
        self.problems.append((line or 0, escaped(text)))

    def raise_as(self, error: type[FileError]) -> None:
        """Raise `error` with all problems, in the order of lines, if there are any."""
        if self.problems:
            ordered = sorted(self.problems, key=lambda problem: problem[0])
            texts = [text for _, text in ordered]
            if self.untold:
                texts.append(escaped(f"{self.file}: {self.untold} more problems"))
            raise error(texts)


def nearest(received: object, known: Collection[str], likeness=0.6) -> str | None:
    """Return the name in `known` most like `received`, ignoring case; or None."""
    folded = {name.casefold(): name for name in known}
    text = str(received)[:LONGEST_QUOTED].casefold()
    close = get_close_matches(text, folded, 1, likeness)
    return folded[close[0]] if close else None


def quoted(received: object) -> str:
    """Return a received value as messages quote it, cut if it is too long.

    >>> quoted("a\\tb"), quoted("x" * 2000)[-25:]
    ("'a\\\\tb'", "x... (2000 characters)'")
    """
    if not isinstance(received, str) or len(received) <= LONGEST_QUOTED:
        return repr(received)
    cut = f"{received[: LONGEST_QUOTED - 20]}... ({len(received)} characters)"
    return repr(cut)


def clean_name(text: object) -> str:
    """Return `text` in Unicode normal form C, as it is shown on one line.

    Invisible characters, and those that no document can hold, are removed.
    """
    return unicodedata.normalize("NFC", one_line(str(text)))


# --- any file of text -----------------------------------------------------------


def read_text(
    path: str | Path,
    suffixes: tuple[str, ...],
    error: type[FileError],
    found: Findings | None = None,
) -> str:
    """Return the text at `path`, without byte order mark; else raise `error`.

    Text may be UTF-8, UTF-16 with a byte order mark or, if it cannot be UTF-8,
    Windows-1252. An encoding that was assumed is noted in `found`.
    """
    return text_in(read_content(path, suffixes, error), path, error, found)


def read_content(
    path: str | Path, suffixes: tuple[str, ...], error: type[FileError]
) -> bytes:
    """Return the content of the regular file at `path`; else raise `error`."""
    found = Findings(str(path))
    path = Path(path)
    _check_place(path, suffixes, found)
    data = b""
    if not found.problems:
        try:
            data = content_of(path, MOST_BYTES)
        except OSError as problem:
            found.fault(None, f"cannot be read ({problem.strerror})")
    found.raise_as(error)
    return data


def text_in(
    data: bytes,
    path: str | Path,
    error: type[FileError],
    found: Findings | None = None,
) -> str:
    """Return the text in the content of a file, decoded as by `read_text`."""
    faults = Findings(str(path))
    text = _decoded(data, faults)
    faults.raise_as(error)
    if found is not None:
        found.notes += faults.notes
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
    elif path.is_file() and path.stat().st_size > MOST_BYTES:
        found.fault(None, "too large", path.stat().st_size, f"{MOST_BYTES} bytes")
    elif wrong := unusable(path, MOST_BYTES):
        found.fault(None, wrong, allowed="a file of text")


def _decoded(data: bytes, found: Findings) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and len(data) > 2:
        text = _in_utf_16(data, found)
    else:
        text = _in_utf_8(data, found)
        if b"\0" in data:
            found.fault(None, "is binary, or text in UTF-16", allowed="text in UTF-8")
    if not text.strip() and not found.problems:
        found.fault(None, "is empty")
    return text


def _in_utf_16(data: bytes, found: Findings) -> str:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        found.fault(None, "is no text in UTF-16", allowed="text in UTF-8")
        return ""
    found.notes.append("read as UTF-16")
    return text


def _in_utf_8(data: bytes, found: Findings) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        if text := _in_windows_1252(data):
            letters = f"read as Windows-1252, as line {line} is not UTF-8"
            found.notes.append(f"{letters}: save as UTF-8 if letters are wrong")
            return text
        byte = f"byte 0x{data[problem.start]:02x}"
        found.fault(line, "is not UTF-8 text", byte, "UTF-8: save the file as such")
        return ""


def _in_windows_1252(data: bytes) -> str:
    """Return the text in Windows-1252, or an empty text if it surely is not.

    It is not if there are also letters in UTF-8, if there are control characters, or if
    XML declares another encoding.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ""
    lenient = data.decode("utf-8", "surrogateescape")
    strange = {c for c in lenient if c > "\x7f" or (c < " " and c not in "\t\r\n\f")}
    if any(not "\udc80" <= c <= "\udcff" for c in strange):
        return ""
    if data.lstrip()[:1] == b"<" and not LATIN_XML.match(data):
        return ""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return ""


# --- tables ---------------------------------------------------------------------


def read_table(
    text: str,
    columns: Mapping[str, tuple[str, ...]],
    needed: Collection[str],
    found: Findings,
    most: int = MOST_ROWS,
    is_head: Callable[[str], bool] | None = None,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells, by column, of each row below the header in `text`.

    `columns` gives the header words for each column; columns in `needed` are required.
    Other columns are noted; one that looks like a misspelt column is a problem. Rows
    are those of `table_rows`. If the header has problems, nothing is yielded.
    """
    words = {word: key for key, group in columns.items() for word in group}
    is_head = is_head or (lambda cell: cell.casefold() in words)
    rows = table_rows(text, found, is_head, most)
    before = len(found.problems)
    line, header = next(rows, (1, []))
    if len(found.problems) > before:
        return
    places = _header(line, header, columns, needed, found)
    for line, cells in () if found.problems else rows:
        if len(cells) > len(header):
            found.fault(line, "too many cells", len(cells), f"{len(header)}, as above")
        cells += [""] * (len(header) - len(cells))
        row = {key: cells[at].strip() for key, at in places.items()}
        if max(map(len, row.values()), default=0) > LONGEST_CELL:
            _tell_long(line, row, found)
        else:
            yield line, row


def _tell_long(line: int, row: Mapping[str, str], found: Findings) -> None:
    for key, cell in row.items():
        if len(cell) > LONGEST_CELL:
            allowed = f"at most {LONGEST_CELL} characters"
            found.fault(line, f"{key} is too long", cell, allowed)


def table_rows(
    text: str,
    found: Findings,
    is_head: Callable[[str], bool] | None = None,
    most: int = MOST_ROWS,
) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line and the cells of each row that is not blank.

    Cells are separated by what a first line `sep=` says, else by whichever of comma,
    semicolon, tab and bar is most frequent in the header. The first row is the header.
    If `is_head` recognises heads of columns, the header may be below lines of titles,
    which are noted. A table of more than `most` rows is a problem. Blank cells at the
    end of a row, as spreadsheets write them, are left out.
    """
    start, delimiter = _start(text, is_head, found)
    if start is None:
        return
    lines = islice(io.StringIO(text, newline=""), start, None)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    line, count = start + 1, 0
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                count += 1
                if len(cells) > MOST_COLUMNS or count > most + 1:
                    allowed = f"{MOST_COLUMNS} columns, {most} rows"
                    return found.fault(line, "too large a table", None, allowed)
                if count == 1 and _is_row_in_quotes(cells):
                    allowed = "no quotes around the whole of a row"
                    return found.fault(line, "is a row in one cell", cells[0], allowed)
                yield line, _without_blank_end(cells)
            line = start + rows.line_num + 1
    except csv.Error as problem:
        found.fault(line, f"is not a table ({problem})")


def _is_row_in_quotes(cells: list[str]) -> bool:
    """Return whether a header is a single cell that contains separators."""
    return len(cells) == 1 and any(cells[0].count(mark) > 1 for mark in SEPARATORS)


def _without_blank_end(cells: list[str]) -> list[str]:
    while not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _start(
    text: str, is_head: Callable[[str], bool] | None, found: Findings
) -> tuple[int | None, str]:
    """Return the number of lines above the header, and the separator of its cells."""
    lines = list(islice(io.StringIO(text, newline=""), 2 * MOST_TITLES))
    filled = [at for at, line in enumerate(lines) if line.strip()][:MOST_TITLES]
    given = SEPARATOR.fullmatch(lines[filled[0]]) if filled else None
    if given and len(filled) > 1:
        filled = filled[1:]
    if not filled:
        return 0, ","
    chosen = {
        at: given[1] if given else max(SEPARATORS, key=lines[at].count) for at in filled
    }
    heads = {at: _heads(lines[at:], chosen[at], is_head) for at in filled}
    header = max(filled, key=lambda at: heads[at])
    if heads[header] < max(2, heads[filled[0]] + 1):
        header = filled[0]
    above = [at for at in filled if at < header]
    wide = len(_record(lines[header:], chosen[header]))
    rows = [at for at in above if len(_record(lines[at:], chosen[header])) >= wide]
    if rows:
        found.fault(
            rows[0] + 1,
            "stands above the header",
            lines[rows[0]].strip(),
            f"the header of line {header + 1} first: delete what is above it",
        )
        return None, ""
    if above:
        found.notes.append(f"the header is line {header + 1}; above it is not read")
    return header, chosen[header]


def _record(lines: list[str], delimiter: str) -> list[str]:
    """Return the non-blank cells of the row with which these lines begin."""
    try:
        cells = next(csv.reader(lines, delimiter=delimiter), [])
    except csv.Error:
        cells = []
    return [cell.strip() for cell in cells[: MOST_COLUMNS + 1] if cell.strip()]


def _heads(lines: list[str], delimiter: str, is_head) -> int:
    """Return the number of heads of columns in the row with which lines begin."""
    return len(
        {cell for cell in _record(lines, delimiter) if is_head and is_head(cell)}
    )


def _header(line, cells, columns, needed, found: Findings) -> dict[str, int]:
    """Return the position of each column in the header `cells`."""
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
