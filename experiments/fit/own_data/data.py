"""Reading the user's own data from a CSV file: a row for each week, gaps allowed.

All mistakes are reported at once, with line and column.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.fit.own_data.columns import COLUMNS, Column
from experiments.fit.own_data.weeks import (
    MOST_WEEKS,
    Calendar,
    Cell,
    check_spacing,
    read_weeks,
)
from simulation.text_files import FileError, Findings, read_text, table_rows
from simulation.written_numbers import NumberRule, read_numbers

TIMES = ("week", "date")
KNOWN = (*TIMES, *COLUMNS)
Row = tuple[int, list[str]]
"""A line and its cells."""
FEWEST_WEEKS = 8
"""Below this no course over time can be told from chance."""
FEW_WEEKS = 26
"""Below this little can be learnt, which is told."""
MOST_ROWS = 10 * MOST_WEEKS
NUMBERS_MOST = 1e15


class DataError(FileError):
    """All mistakes in a data file."""


@dataclass(frozen=True)
class Data:
    """Weekly data: `values[name]` is of shape (weeks,), nan where a cell is empty.

    Index 0 is the first week of the file; weeks that it leaves out are nan. `notes` are
    remarks from reading the file.
    """

    file: str
    values: Mapping[str, np.ndarray]
    calendar: Calendar | None = None
    notes: tuple[str, ...] = ()

    @property
    def weeks(self) -> int:
        """Number of weeks from the first row to the last, with those left out."""
        return len(next(iter(self.values.values())))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the data, in the order of the table of columns."""
        return tuple(self.values)

    @property
    def table(self) -> np.ndarray:
        """All cells, (columns, weeks)."""
        return np.stack(list(self.values.values()))

    @property
    def missing(self) -> np.ndarray:
        """Which weeks have no row, or an empty one: bool, (weeks,)."""
        return np.isnan(self.table).all(0)


def read_data(path: str | Path) -> Data:
    """Return the data of a CSV file; raise DataError with all mistakes.

    A column `week` or `date` gives the time, see `weeks.read_weeks`; the others are
    those of `columns.toml`. Cells may be empty and weeks may be missing.
    """
    findings = Findings(str(path))
    text = read_text(path, (".csv",), DataError, findings)
    lines = list(
        table_rows(text, findings, lambda cell: _plain(cell) in KNOWN, MOST_ROWS)
    )
    findings.raise_as(DataError)
    data = data_of(lines, findings, FEWEST_WEEKS)
    check_enough(data)
    return data


def data_of(lines: Sequence[Row], findings: Findings, fewest_rows: int = 1) -> Data:
    """Return the data in the rows of a table, the header first.

    `findings` names the file; with the problems that it has gathered, raises DataError.
    """
    first, header = lines[0]
    places = _places(first, header, findings)
    rows = [(line, _cells(cells, header, line, findings)) for line, cells in lines[1:]]
    time = next((name for name in TIMES if name in places), "")
    times = [Cell(line, cells[places[time]]) for line, cells in rows] if time else []
    weeks, calendar = read_weeks(times, time, findings) if times else ([], None)
    columns = [name for name in COLUMNS if name in places]
    read = {
        name: _numbers(
            COLUMNS[name], [(n, cells[places[name]]) for n, cells in rows], findings
        )
        for name in columns
    }
    _check_size(rows, findings, fewest_rows)
    if calendar:
        _check_spaces(read, list(zip(times, weeks, strict=True)), findings)
    findings.raise_as(DataError)
    return Data(findings.file, _placed(read, weeks), calendar, tuple(findings.notes))


def check_enough(data: Data) -> None:
    """Raise DataError if parts exceed their whole, or if there are too few weeks."""
    findings = Findings(data.file)
    _check_parts(data, findings)
    _check_filled(data, findings)
    findings.raise_as(DataError)


def _plain(cell: str) -> str:
    """Return the heading of a column in the form of the columns' names."""
    return cell.strip().casefold().replace(" ", "_")


def _places(line: int, header: Sequence[str], findings: Findings) -> dict[str, int]:
    """Return the index of each known column; note unknown, double and missing ones."""
    places: dict[str, int] = {}
    for at, cell in enumerate(header):
        name = _plain(cell)
        if not name:
            findings.notes.append(f"column {at + 1} has no name and is not used")
        elif name not in KNOWN:
            allowed = ", ".join(KNOWN)
            findings.fault(
                line, f"unknown column {at + 1}", cell.strip(), allowed, KNOWN
            )
        elif name in places:
            findings.fault(line, f"second column {name}", cell.strip(), "one")
        else:
            places[name] = at
    if not places.keys() & set(TIMES):
        findings.fault(line, "no column that tells when", allowed="week or date")
    elif set(TIMES) <= places.keys():
        findings.fault(line, "both week and date", allowed="one of them")
    if not places.keys() & COLUMNS.keys():
        allowed = ", ".join(COLUMNS)
        findings.fault(line, "no column of data", allowed=f"one or more of {allowed}")
    return places


def _cells(
    cells: list[str], header: Sequence[str], line: int, findings: Findings
) -> list[str]:
    if len(cells) > len(header):
        allowed = f"{len(header)}, as in the header"
        findings.fault(line, "too many cells", str(len(cells)), allowed)
    return [cell.strip() for cell in cells] + [""] * (len(header) - len(cells))


def _numbers(
    column: Column, cells: Sequence[tuple[int, str]], findings: Findings
) -> list[float]:
    """Return the cells of a column as numbers, nan if empty or wrong."""
    share = column.kind == "share"
    most = min(column.high, NUMBERS_MOST)
    allowed = f"a number, {column.low:g} to {most:g}"
    allowed = "a share from 0 to 1, or a percentage such as 12%" if share else allowed
    rule = NumberRule(
        column.low,
        most,
        f"{allowed}, or an empty cell where it is not known",
        percent=share,
        whole=column.kind == "count",
        largest=most,
        missing=True,
    )
    values = read_numbers(cells, column.name, findings, rule)
    for (line, text), value in zip(cells, values, strict=True):
        if column.kind == "count" and value is not None and value != int(value):
            allowed = "a whole number: what was counted that week"
            findings.fault(line, column.name, text, allowed)
    return [math.nan if value is None else value for value in values]


def _check_spaces(
    read: Mapping[str, Sequence[float]],
    times: Sequence[tuple[Cell, int]],
    findings: Findings,
) -> None:
    """Report columns of weekly counts that seem to count over longer periods."""
    for name, values in read.items():
        column = COLUMNS[name]
        if column.kind in ("count", "amount") and not column.denominator:
            filled = [
                (cell.line, week)
                for (cell, week), value in zip(times, values, strict=True)
                if math.isfinite(value)
            ]
            check_spacing(name, filled, findings)


def _check_size(rows: Sequence, findings: Findings, fewest: int) -> None:
    if len(rows) < fewest:
        allowed = (
            f"{fewest} or more: in fewer, a level or course can't be told from chance"
        )
        findings.fault(None, "too few weeks", str(len(rows)), allowed)


def _placed(
    read: Mapping[str, Sequence[float]], weeks: Sequence[int]
) -> dict[str, np.ndarray]:
    """Return each column over all weeks; empty columns are left out."""
    values = {}
    for name, cells in read.items():
        column = np.full(weeks[-1] + 1, np.nan)
        column[list(weeks)] = cells
        if np.isfinite(column).any():
            values[name] = column
    return values


def _check_parts(data: Data, findings: Findings) -> None:
    """Report columns that count a part of another column but exceed it."""
    for name, part in data.values.items():
        whole = data.values.get(COLUMNS[name].within)
        if whole is None:
            continue
        both = np.isfinite(part) & np.isfinite(whole)
        if part[both].sum() > whole[both].sum():
            what = f"{name} is more than {COLUMNS[name].within} over the weeks of both"
            received, most = part[both].sum(), whole[both].sum()
            findings.fault(None, what, f"{received:g}", f"at most {most:g}")


def _check_filled(data: Data, findings: Findings) -> None:
    if not data.values:
        findings.fault(None, "all cells are empty", allowed="a number in some of them")
        return
    filled = int((~data.missing).sum())
    if filled < FEWEST_WEEKS:
        allowed = f"{FEWEST_WEEKS} or more weeks with a number"
        findings.fault(None, "too few weeks with any data", str(filled), allowed)
