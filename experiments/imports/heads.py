"""Which column of an export holds what, by the words of `heads.toml`."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

from experiments.imports.vocabulary import plain

PEOPLE = "people"
CONTACTS = "contacts"
COUNTING = ("emails", "meetings")
LOOSE = {
    PEOPLE: (
        *("manager_address", "manager_id", "end", "manager", "department", "team"),
        *("share", "hours", "title"),
    ),
    CONTACTS: ("count",),
}
"""Fields that are also found by words inside a head, in this order."""
NOT_LOOSE = frozenset(
    (
        *("code", "codes", "id", "nr", "nummer", "number", "datum", "date", "since"),
        *("sinds", "kosten", "cost", "level", "niveau", "grade", "type", "start"),
        *("begin", "in", "hr", "salary", "salaris"),
    )
)
"""Words of heads that hold something about a field, not the field itself."""
WEEKS_OF_QUARTER = 13.0


def plain_head(head: str) -> str:
    """Return a head as the table has it: plain, with its words apart.

    >>> plain_head("SupervisorEmail"), plain_head("Employee #"), plain_head("FTE (%)")
    ('supervisor email', 'employee number', 'fte %')
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head)
    percent = " %" if "%" in head else ""
    return plain(apart.replace("#", " number")) + percent


def is_head(kind: str, cell: str) -> bool:
    """Return whether a cell is a head of a column of people, or of contacts."""
    return any(plain_head(cell) in words for words in _heads(kind).values())


def fields_of(kind: str) -> tuple[str, ...]:
    """Return the fields that columns of a kind of export may have."""
    return tuple(_heads(kind))


def guessed_columns(kind: str, header: Sequence[str]) -> dict[str, int]:
    """Return the column of each field whose head is known; no column has two fields.

    >>> guessed_columns("people", ["Naam", "Functie", "Uren p/w"])
    {'name': 0, 'title': 1, 'hours': 2}
    """
    heads = [plain_head(cell) for cell in header]
    columns: dict[str, int] = {}
    for field, words in _heads(kind).items():
        places = [heads.index(word) for word in words if word in heads]
        free = [at for at in places if at not in columns.values()]
        if free:
            columns[field] = free[0]
    _add_loose(kind, heads, columns)
    return columns


def _add_loose(kind: str, heads: Sequence[str], found: dict[str, int]) -> None:
    """Add fields whose words stand somewhere in a head, such as "Functie (huidig)"."""
    barred = _list("loose", "no_count") if kind == CONTACTS else NOT_LOOSE
    for field in LOOSE.get(kind, ()):
        words = [word for word in _heads(kind)[field] if len(word) > 2]
        for at, head in enumerate(heads):
            if field in found or at in found.values() or barred & set(head.split()):
                continue
            if any(f" {word} " in f" {head} " for word in words):
                found[field] = at


def counted_as(header: Collection[str]) -> str | None:
    """Return which of `COUNTING` the heads are of, such as e-mails; None if of none."""
    words = {word for cell in header for word in plain_head(cell).split()}
    hits = {kind: len(words & _list("counting", kind)) for kind in COUNTING}
    best = max(hits, key=lambda kind: hits[kind])
    return best if hits[best] else None


def weeks_told(head: str) -> float | None:
    """Return the weeks over which a column counts by its head; None if it does not say.

    >>> weeks_told("Messages (last 90 days)"), weeks_told("Aantal, 13 weken")
    (12.9, 13.0)
    >>> weeks_told("Mails Q1 2026"), weeks_told("Messages sent")
    (13.0, None)
    """
    text = plain_head(head)
    for days, unit in ((float(x), x) for x in _table()["periods"]):
        match = re.search(rf"(?:\b(\d+) )?\b(?:{_either('periods', unit)})\b", text)
        if match:
            return round(float(match[1] or 1) * days / 7, 1)
    if re.search(rf"\b(?:{_either('loose', 'quarters')})\b", text):
        return WEEKS_OF_QUARTER
    return None


def _either(table: str, key: str) -> str:
    """Return words of a table as one pattern."""
    return "|".join(sorted(_list(table, key)))


@cache
def hours_of_often() -> Mapping[str, float]:
    """Return the hours a week for each answer to "how often"."""
    rows = _table()["often"]
    return {word: float(hours) for hours in rows for word in _list("often", hours)}


@cache
def _table() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("heads.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _heads(kind: str) -> dict[str, tuple[str, ...]]:
    rows = _table()[kind]
    return {
        field: tuple(word.strip() for word in text.split(","))
        for field, text in rows.items()
    }


@cache
def _list(table: str, key: str) -> frozenset[str]:
    return frozenset(word.strip() for word in _table()[table][key].split(","))
