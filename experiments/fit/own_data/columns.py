"""The columns that a data file may have, and their meaning in the model."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from simulation.outcomes import SERIES_COLUMNS

KINDS = ("count", "people", "share", "score", "amount")
ENDS = {"share": (0.0, 1.0), "score": (1.0, 7.0)}
"""Least and most of a kind; the others begin at 0 and have no end of their own."""


@dataclass(frozen=True)
class Column:
    """A column: its kind (see `KINDS`), words, and fields of the weekly record.

    A value is sum(numerator) / sum(denominator), or sum(numerator) without one. `low`
    and `high` are the least and most value of a cell. `within` names a column of which
    this one counts a part. `personal` tells that it is of the health of people.
    """

    name: str
    kind: str
    label: Mapping[str, str]
    unit: Mapping[str, str]
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    low: float
    high: float
    within: str = ""
    personal: bool = False

    def of(self, series: np.ndarray) -> np.ndarray:
        """Return the values of weekly records, in their shape; nan for x / 0."""
        top = sum(series[name] for name in self.numerator)
        if not self.denominator:
            return np.asarray(top, float)
        bottom = np.asarray(sum(series[name] for name in self.denominator), float)
        ratios = np.full(bottom.shape, np.nan)
        return np.divide(top, bottom, out=ratios, where=bottom > 0)


def read_columns(path: Path) -> Mapping[str, Column]:
    """Return the columns of a TOML table, in order; ValueError names all mistakes."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    wrong = [text for name, row in rows.items() for text in _mistakes(name, row, rows)]
    if wrong:
        raise ValueError("columns of data:\n  " + "\n  ".join(wrong))
    return MappingProxyType({name: _column(name, row) for name, row in rows.items()})


def _mistakes(name: str, row: Mapping, rows: Mapping) -> list[str]:
    parts = (*row["numerator"], *row.get("denominator", ()))
    mistakes = [
        f"{name}: no column {x} in the record" for x in parts if x not in _RECORD
    ]
    if row["kind"] not in KINDS:
        mistakes.append(f"{name}: unknown kind {row['kind']!r}")
    if row.get("within", name) not in rows:
        mistakes.append(f"{name}: within {row['within']!r}, which is no column")
    return mistakes


def _column(name: str, row: Mapping) -> Column:
    low, high = ENDS.get(row["kind"], (0.0, row.get("most", math.inf)))
    return Column(
        name,
        row["kind"],
        MappingProxyType(row["label"]),
        MappingProxyType(row["unit"]),
        tuple(row["numerator"]),
        tuple(row.get("denominator", ())),
        low,
        high,
        row.get("within", ""),
        row.get("personal", False),
    )


def weekly(series: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return columns of a weekly record (weeks,) as an array (columns, weeks)."""
    return np.stack([COLUMNS[name].of(series) for name in names])


_RECORD = frozenset(SERIES_COLUMNS)
COLUMNS = read_columns(Path(__file__).with_suffix(".toml"))
"""Every column by its name, in the order in which they are shown."""
