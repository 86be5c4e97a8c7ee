"""One's own data, read from a CSV file: a row for each week, gaps allowed.

Everything that is wrong is told at once, with line and column.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from experiments.fitting.columns import COLUMNS, Column
from simulation.text_files import FileError, Findings, read_text, table_rows
from simulation.written_numbers import read_numbers

TIMES = ("week", "date")
FEWEST_WEEKS = 8
"""Below this no course over time can be told from chance."""
FEW_WEEKS = 26
"""Below this little can be learnt, which is told."""
MOST_WEEKS = 520
NUMBERS_MOST = 1e15
DATES = "a date such as 2026-03-02 or 2-3-2026"


class DataError(FileError):
    """All that is wrong with a file of data."""


@dataclass(frozen=True)
class Data:
    """Weekly data: `values[name]` is of shape (weeks,), nan where a cell is empty.

    Index 0 is the first week of the file; weeks that it leaves out are empty.
    """

    file: str
    values: Mapping[str, np.ndarray]

    @property
    def weeks(self) -> int:
        """Weeks from the first row to the last, those left out included."""
        return len(next(iter(self.values.values())))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that there are, in the order of the table of columns."""
        return tuple(self.values)

    @property
    def table(self) -> np.ndarray:
        """All cells, of shape (columns, weeks)."""
        return np.stack(list(self.values.values()))

    @property
    def missing(self) -> np.ndarray:
        """Which weeks have no row, or an empty one: shape (weeks,)."""
        return np.isnan(self.table).all(0)


def read_data(path: str | Path) -> Data:
    """Return the data of a CSV file; DataError tells everything that is wrong.

    A column `week` (whole numbers) or `date` (one day of each week) tells when; the
    others are those of `columns.toml`. Cells may be empty and weeks may be missing.
    """
    found = Findings(str(path))
    text = read_text(path, (".csv",), DataError)
    lines = [(n, [x.strip() for x in cells]) for n, cells in table_rows(text, found)]
    header = lines[0][1] if lines else []
    places = _places(header, found)
    rows = [(line, _cells(cells, header, line, found)) for line, cells in lines[1:]]
    weeks = _weeks(rows, places, found)
    columns = [name for name in COLUMNS if name in places]
    read = {
        name: _numbers(
            COLUMNS[name], [(n, cells[places[name]]) for n, cells in rows], found
        )
        for name in columns
    }
    _check_size(rows, found)
    found.raise_as(DataError)
    data = Data(str(path), _placed(read, weeks))
    _check_parts(data, found)
    _check_filled(data, found)
    found.raise_as(DataError)
    return data


def _places(header: Sequence[str], found: Findings) -> dict[str, int]:
    """Return where each known column stands; note unknown, double and missing ones."""
    places: dict[str, int] = {}
    known = (*TIMES, *COLUMNS)
    for at, cell in enumerate(header):
        name = cell.casefold().replace(" ", "_")
        if name not in known:
            allowed = ", ".join(known)
            found.fault(1, f"unknown column {at + 1}", cell, allowed, known)
        elif name in places:
            found.fault(1, f"second column {name}", cell, "one")
        else:
            places[name] = at
    if not places.keys() & set(TIMES):
        found.fault(1, "no column that tells when", allowed="week or date")
    elif set(TIMES) <= places.keys():
        found.fault(1, "both week and date", allowed="one of them")
    if not places.keys() & COLUMNS.keys():
        allowed = ", ".join(COLUMNS)
        found.fault(1, "no column of data", allowed=f"one or more of {allowed}")
    return places


def _cells(
    cells: list[str], header: Sequence[str], line: int, found: Findings
) -> list[str]:
    if len(cells) > len(header):
        allowed = f"{len(header)}, as in the header"
        found.fault(line, "too many cells", str(len(cells)), allowed)
    return cells + [""] * (len(header) - len(cells))


def _weeks(rows: Sequence, places: Mapping[str, int], found: Findings) -> list[int]:
    """Return the week of each row, from 0 on; note what is wrong with their order."""
    kind = next((name for name in TIMES if name in places), None)
    if kind is None:
        return []
    read = _week_number if kind == "week" else _day
    told = [(line, cells[places[kind]]) for line, cells in rows]
    days = [(line, text, read(text, line, found)) for line, text in told]
    known = [(line, text, day) for line, text, day in days if day is not None]
    weeks: list[int] = []
    back: list[tuple[int, str, str]] = []
    before = ""
    for line, text, day in known:
        week = (day - known[0][2]) // (1 if kind == "week" else 7)
        if weeks and week == weeks[-1]:
            found.fault(
                line, f"{kind} in the same week as the row before", text, "once"
            )
        elif weeks and week < weeks[-1]:
            back.append((line, text, before))
        elif week >= MOST_WEEKS:
            allowed = f"within {MOST_WEEKS} weeks of the first row"
            found.fault(line, kind, text, allowed)
        weeks.append(week)
        before = text
    if back:
        line, text, before = back[0]
        more = f", as in {len(back) - 1} rows below" if len(back) > 1 else ""
        allowed = f"later than {before!r} of the row before: sort the rows by time"
        found.fault(line, f"{kind} goes back{more}", text, allowed)
    return weeks


def _week_number(text: str, line: int, found: Findings) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    found.fault(line, "week", text, "a whole number, 0 or more")
    return None


def _day(text: str, line: int, found: Findings) -> int | None:
    """Return a date as a number of days."""
    parts = text.replace("/", "-").split("-")
    if len(parts) == 3 and all(part.isascii() and part.isdecimal() for part in parts):
        ordered = parts if len(parts[0]) == 4 else parts[::-1]
        try:
            return date(*map(int, ordered)).toordinal()
        except ValueError:
            pass
    found.fault(line, "date", text, DATES)
    return None


def _numbers(
    column: Column, cells: Sequence[tuple[int, str]], found: Findings
) -> list[float]:
    """Return the cells of a column as numbers, nan where one is empty or wrong."""
    share = column.kind == "share"
    most = min(column.high, NUMBERS_MOST)
    values = read_numbers(
        cells,
        column.name,
        found,
        most,
        least=column.low,
        allowed="a share from 0 to 1, or a percentage such as 12%" if share else "",
        percent=share,
    )
    for (line, text), value in zip(cells, values, strict=True):
        if column.kind == "count" and value is not None and value != int(value):
            allowed = "a whole number: what was counted that week"
            found.fault(line, column.name, text, allowed)
    return [math.nan if value is None else value for value in values]


def _check_size(rows: Sequence, found: Findings) -> None:
    if len(rows) < FEWEST_WEEKS:
        allowed = (
            f"{FEWEST_WEEKS} or more: in fewer, a level or course can't be told from"
            " chance"
        )
        found.fault(None, "too few weeks", str(len(rows)), allowed)


def _placed(
    read: Mapping[str, Sequence[float]], weeks: Sequence[int]
) -> dict[str, np.ndarray]:
    """Return each column over all weeks, without columns that are empty."""
    values = {}
    for name, cells in read.items():
        column = np.full(weeks[-1] + 1, np.nan)
        column[list(weeks)] = cells
        if np.isfinite(column).any():
            values[name] = column
    return values


def _check_parts(data: Data, found: Findings) -> None:
    """Note columns that count a part of another one, and more than it."""
    for name, part in data.values.items():
        whole = data.values.get(COLUMNS[name].within)
        if whole is None:
            continue
        both = np.isfinite(part) & np.isfinite(whole)
        if part[both].sum() > whole[both].sum():
            what = f"{name} is more than {COLUMNS[name].within} over the weeks of both"
            received, most = part[both].sum(), whole[both].sum()
            found.fault(None, what, f"{received:g}", f"at most {most:g}")


def _check_filled(data: Data, found: Findings) -> None:
    if not data.values:
        found.fault(None, "all cells are empty", allowed="a number in some of them")
        return
    filled = int((~data.missing).sum())
    if filled < FEWEST_WEEKS:
        allowed = f"{FEWEST_WEEKS} or more weeks with a number"
        found.fault(None, "too few weeks with any data", str(filled), allowed)
