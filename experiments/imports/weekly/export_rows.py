"""The rows of an export that count: without totals, footers and duplicates."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from experiments.imports.sheets import Sheet
from experiments.imports.totals import is_total_row
from experiments.imports.weekly.kinds import Kind

TOTALS, FOOTERS, UNDATED, TWICE = "totals", "footers", "undated", "twice"
FOOTER_CELLS = 2
"""A row with fewer cells is a remark below a table, unless tables are that narrow."""
DAMAGED = re.compile(r"\d[.,]\d+E\+\d+", re.I)
"""A long number as Excel writes it: many numbers become one."""


@dataclass(frozen=True)
class ExportRows:
    """The rows of an export that count, with the places of its fields.

    `left_out` has the lines of other rows by reason. `damaged` tells that numbers of
    rows were rounded, so that duplicates cannot be found.
    """

    kind: Kind
    sheet: Sheet
    columns: Mapping[str, int]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    left_out: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    damaged: bool = False

    @property
    def lines(self) -> list[int]:
        """The line of each row."""
        return [line for line, _ in self.rows]

    def cells(self, name: str) -> list[str]:
        """Return the cells of a field, of each row."""
        at = self.columns[name]
        return [row[at] for _, row in self.rows]

    def head(self, name: str) -> str:
        """Return the head of the column of a field."""
        return self.sheet.header[self.columns[name]]


def rows_of(
    sheet: Sheet, kind: Kind, columns: Mapping[str, int], seen: set[str]
) -> ExportRows:
    """Return the rows of a sheet that count.

    `seen` are the numbers of rows of earlier files of this kind; those of this file are
    added.
    """
    ids = [row[columns["id"]] if "id" in columns else "" for _, row in sheet.rows]
    damaged = any(DAMAGED.fullmatch(text) for text in ids)
    dates = [columns[name] for name in kind.dates if name in columns]
    kept, reasons = [], {}
    for (line, row), number in zip(sheet.rows, ids, strict=True):
        if reason := _reason(row, dates):
            reasons[line] = reason
        elif number and not damaged and number in seen:
            reasons[line] = TWICE
        else:
            seen.add(number)
            kept.append((line, row))
    left_out = {
        reason: tuple(line for line, why in reasons.items() if why == reason)
        for reason in dict.fromkeys(reasons.values())
    }
    return ExportRows(kind, sheet, columns, tuple(kept), left_out, damaged)


def _reason(row: Sequence[str], dates: Sequence[int]) -> str:
    """Return why a row is left out; empty if it counts."""
    if any(row[at] for at in dates) and not is_total_row(row):
        return ""
    if is_total_row(row):
        return TOTALS
    few = sum(bool(cell) for cell in row) < FOOTER_CELLS < len(row)
    return FOOTERS if few else UNDATED
