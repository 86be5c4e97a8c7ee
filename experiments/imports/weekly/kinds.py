"""The kinds of exports that are counted by week, by the table `kinds.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from experiments.fit.own_data.columns import COLUMNS
from experiments.imports.heads import guessed_columns
from experiments.imports.vocabulary import Words, plain

WEEKS = "weeks"
"""The kind of files that have a row for each week."""
ABSENCE = "absence"
TIMES = ("week", "date")


@dataclass(frozen=True)
class CountingWay:
    """A way to count rows by week: each in the week of the day in the field `day`.

    All rows count or, with `test`, only those whose text in that field has this
    `meaning`.
    """

    day: str
    test: str = ""
    meaning: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that a file must have for it."""
        return (self.day, self.test) if self.test else (self.day,)


@dataclass(frozen=True)
class Count:
    """A column of the data and the ways to count it; `sum` names a field to add up."""

    column: str
    ways: tuple[CountingWay, ...]
    sum: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of export.

    `known_by` are sets of fields by which a file is recognised, `dates` the fields with
    days, `counts` what is counted, `meanings` what texts in a field mean.
    """

    name: str
    known_by: tuple[frozenset[str], ...]
    dates: tuple[str, ...]
    counts: tuple[Count, ...]
    meanings: Mapping[str, tuple[Words, ...]]

    def meaning(self, field: str, text: str) -> str | None:
        """Return what a text in a field means, or None if that cannot be told.

        >>> kinds()["deals"].meaning("stage", "Closed Won (Sales Pipeline)")
        'won'
        """
        bare = plain(text)
        words = self.meanings[field]
        return next((x.meaning for x in words if x.expression.search(bare)), None)

    def meanings_of(self, field: str) -> tuple[str, ...]:
        """Return all that a text in a field may mean."""
        return tuple(words.meaning for words in self.meanings[field])


@cache
def kinds() -> Mapping[str, Kind]:
    """Return the kinds of exports that are counted, by name."""
    path = Path(__file__).with_suffix(".toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _kind(name, row) for name, row in table.items()}


def _kind(name: str, row: Mapping[str, Any]) -> Kind:
    counts = (
        Count(
            x["column"], tuple(CountingWay(*way) for way in x["ways"]), x.get("sum", "")
        )
        for x in row.get("counts", ())
    )
    meanings = {
        field: tuple(
            Words(meaning, tuple(word.strip() for word in text.split(",")))
            for meaning, text in words.items()
        )
        for field, words in row.get("meanings", {}).items()
    }
    known_by = tuple(frozenset(fields) for fields in row["known_by"])
    return Kind(name, known_by, tuple(row["dates"]), tuple(counts), meanings)


def kinds_of(header: Sequence[str]) -> tuple[str, ...]:
    """Return what a file with these heads may have: the kinds that explain most heads.

    >>> kinds_of(["Deal Name", "Deal Stage", "Close Date"]), kinds_of(["Week", "Omzet"])
    (('deals',), ('weeks',))
    """
    fits = {}
    for name in (*kinds(), WEEKS):
        columns = guessed_columns(name, header)
        if _is_known(name, set(columns)):
            fits[name] = len(columns)
    most = max(fits.values(), default=0)
    return tuple(name for name, count in fits.items() if count == most)


def _is_known(name: str, fields: set[str]) -> bool:
    if name == WEEKS:
        return bool(fields & set(TIMES)) and bool(fields & COLUMNS.keys())
    return any(needed <= fields for needed in kinds()[name].known_by)
