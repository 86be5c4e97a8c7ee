"""What cannot be guessed of an export, stated once in a small TOML file.

A value "?" is an open point: a question that waits for an answer.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.fit.interview.answer_files import toml, write_whole
from experiments.imports.vocabulary import LEAVE_OUT, kinds_of_work, plain
from experiments.imports.words import Troubles, in_rows, said, words
from simulation.regular_files import unusable
from simulation.scenario_files import (
    LARGEST_SCENARIO,
    TomlDocument,
    Unusable,
    read_toml,
)
from simulation.state import DEPARTMENTS

OPEN = "?"
NOBODY = "nobody"
NO_COLUMN = "none"
"""What is said of a field that no column has."""
PEOPLE_FIELDS = (
    *("name", "first", "infix", "last", "id", "address", "title", "department", "team"),
    *("manager", "manager_id", "manager_address", "hours", "share", "percentage"),
    *("full_time", "start", "end", "status", "kind"),
)
CONTACT_FIELDS = (
    *("a", "b", "layer", "hours", "minutes", "count", "weight", "frequency", "date"),
    "period",
)
CONTACT_KINDS = ("ties", "emails", "meetings", "survey")
TABLES = ("columns", "titles", "departments", "contacts")
NUMBERS = {"full_time_hours": (1.0, 80.0)}
CONTACT_NUMBERS = {
    "weeks": (0.1, 520.0),
    "minutes_per_message": (0.1, 120.0),
    "minutes_per_meeting": (1.0, 600.0),
}
Key = tuple[str, ...]
"""The place of a value in the file: its tables and its name."""


@dataclass(frozen=True)
class OpenPoint:
    """A question that a mapping must answer before the import is complete.

    `allowed` are the answers, or empty for a number from `low` to `high`. `lines` are
    those that it is about.
    """

    key: Key
    suggestion: str
    allowed: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    low: float = 0.0
    high: float = 0.0

    def question(self, language: str) -> str:
        """Return the question in words."""
        whole = f"ask_{'_'.join(self.key)}"
        key = whole if whole in words() else f"ask_{'_'.join(self.key[:-1])}"
        n, rows = len(self.lines), in_rows(self.lines, language)
        what = self.key[-1] or said("empty", language)
        return said(key, language, what=what, n=n, rows=rows)

    def understood(self, text: str) -> str | float | None:
        """Return the answer that a text gives, by number or name; None if it is none.

        An empty text is the suggestion.
        """
        text = text.strip() or self.suggestion
        if not self.allowed:
            return _number(text.replace(",", "."), self.low, self.high)
        if text.isdecimal() and 1 <= int(text) <= len(self.allowed):
            return self.allowed[int(text) - 1]
        known = {plain(x): x for x in self.allowed}
        return known.get(plain(text))


def _number(text: str, low: float, high: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if low <= value <= high else None


@dataclass(frozen=True)
class ImportMapping:
    """What is said of an export: columns by field, and what titles and so on mean.

    Titles and departments are compared in small letters, without signs and accents.
    """

    values: Mapping[Key, Any] = field(default_factory=dict)

    def get(self, *key: str) -> Any:
        """Return a value, or None if it is not given."""
        return self._compared.get(_compared(key))

    @cached_property
    def _compared(self) -> dict[Key, Any]:
        return {_compared(key): value for key, value in self.values.items()}

    def titled(self, table: str, name: str) -> str | None:
        """Return what a title or a department is said to mean, or None."""
        return self.get(table, name)

    def columns(self, *tables: str) -> dict[str, str]:
        """Return the heads of columns by field, as said in a table."""
        return {
            key[-1]: str(value)
            for key, value in self.values.items()
            if key[:-1] == tables
        }

    def with_value(self, key: Key, value: Any) -> "ImportMapping":
        """Return the mapping with one more value."""
        others = {
            k: x for k, x in self.values.items() if _compared(k) != _compared(key)
        }
        return replace(self, values={**others, key: value})


def _compared(key: Key) -> Key:
    return (key[0], plain(key[1])) if key[0] in ("titles", "departments") else key


def answers_for(table: str) -> tuple[str, ...]:
    """Return what a title, or a department, may be said to be."""
    if table == "titles":
        return (*(x.replace("_", " ") for x in kinds_of_work()), LEAVE_OUT)
    return (*(x.replace("_", " ") for x in DEPARTMENTS), "other", LEAVE_OUT)


def named(answer: str) -> str:
    """Return an answer as the model calls it: customer_success."""
    return answer if answer == LEAVE_OUT else answer.replace(" ", "_")


def no_mapping(as_of: date) -> ImportMapping:
    """Return the mapping that says nothing but the day on which people are counted."""
    return ImportMapping({("as_of",): as_of})


# --- reading --------------------------------------------------------------------------


def read_mapping(path: Path, language: str) -> ImportMapping:
    """Return the mapping in a file; raise `ImportProblem` with all mistakes."""
    troubles = Troubles(language)
    if wrong := unusable(path, LARGEST_SCENARIO):
        troubles.add(str(path), 0, "unusable", what=wrong)
        troubles.check()
    try:
        document = read_toml(path)
    except Unusable as failed:
        line = failed.problem.line or 0
        troubles.add(str(path), line, "no_toml", what=failed.problem.wrong)
        troubles.check()
        raise
    found = dict(_values(document, troubles))
    troubles.check()
    return ImportMapping({key: x for key, x in found.items() if x != OPEN})


def _values(document: TomlDocument, troubles: Troubles) -> Iterator[tuple[Key, Any]]:
    """Yield the values of a file by their place; report those that are wrong."""
    top = ("as_of", *NUMBERS, "unknown_managers", *TABLES)
    for name, value in document.data.items():
        if name not in top:
            _tell(document, (name,), "unknown_key", name, top, troubles)
        elif name in TABLES and not isinstance(value, Mapping):
            _tell(document, (name,), "no_table", str(value), (), troubles)
        elif name in TABLES:
            yield from _table(document, (name,), value, troubles)
        elif _is_right((name,), value, document, troubles):
            yield (name,), value


def _table(
    document: TomlDocument, key: Key, table: Mapping, troubles: Troubles
) -> Iterator[tuple[Key, Any]]:
    known = _names_in(key)
    for name, value in table.items():
        if known and name not in known:
            _tell(document, (*key, name), "unknown_key", name, known, troubles)
        elif isinstance(value, Mapping) and (*key, name) == ("contacts", "columns"):
            yield from _table(document, (*key, name), value, troubles)
        elif _is_right((*key, name), value, document, troubles):
            named_so = isinstance(value, str) and key[0] in ("titles", "departments")
            yield (*key, name), named(value) if named_so else value


def _names_in(key: Key) -> tuple[str, ...]:
    """Return the names that a table may have; empty if any."""
    return {
        ("columns",): PEOPLE_FIELDS,
        ("contacts",): ("kind", "outsiders", "columns", *CONTACT_NUMBERS),
        ("contacts", "columns"): CONTACT_FIELDS,
    }.get(key, ())


def _is_right(key: Key, value: Any, document: TomlDocument, troubles: Troubles) -> bool:
    """Return whether a value is allowed; else report it."""
    if value == OPEN:
        return True
    last = key[-1]
    if ends := {**NUMBERS, **CONTACT_NUMBERS}.get(last):
        right = isinstance(value, (int, float)) and ends[0] <= value <= ends[1]
        allowed: Sequence[str] = (f"{ends[0]:g} - {ends[1]:g}",)
    elif last == "as_of":
        right, allowed = isinstance(value, date), ("2026-01-31",)
    elif key[-2:-1] == ("columns",):
        right, allowed = isinstance(value, str), ()
    else:
        allowed = _allowed(key)
        right = value in allowed
    if not right:
        _tell(document, key, "wrong_value", str(value), allowed, troubles)
    return right


def _allowed(key: Key) -> tuple[str, ...]:
    """Return the texts that a value may be."""
    fixed = {
        ("contacts", "kind"): CONTACT_KINDS,
        ("contacts", "outsiders"): (LEAVE_OUT,),
        ("unknown_managers",): (NOBODY,),
    }
    return fixed.get(key) or answers_for(key[0])


def _tell(
    document: TomlDocument,
    key: Key,
    what: str,
    received: str,
    known: Collection[str],
    troubles: Troubles,
) -> None:
    line = document.place(key).get("line") or 0
    values = {"name": ".".join(key), "allowed": ", ".join(known)}
    troubles.add(document.source, line, what, received, known, **values)


# --- writing --------------------------------------------------------------------------


def mapping_text(
    mapping: ImportMapping,
    points: Sequence[OpenPoint],
    guesses: Mapping[Key, str],
    language: str,
) -> str:
    """Return a mapping as a file, with open points and suggestions.

    `guesses` are titles and departments with what they were read as, and columns; they
    stand as comments, to be changed where they are wrong.
    """
    lines = [f"# {line}" for line in said("mapping_head", language).split("\n")]
    waiting = {_compared(point.key) for point in points}
    chosen = {k: x for k, x in mapping.values.items() if _compared(k) not in waiting}
    keys = [*chosen, *(point.key for point in points), *guesses]
    for table in dict.fromkeys([(), *sorted({key[:-1] for key in keys})]):
        body = list(_body(table, chosen, points, guesses, language))
        if body:
            lines += ["", f"[{'.'.join(table)}]"] if table else [""]
            lines += body
    return "\n".join(lines) + "\n"


def _body(
    table: Key,
    chosen: Mapping[Key, Any],
    points: Sequence[OpenPoint],
    guesses: Mapping[Key, str],
    language: str,
) -> Iterator[str]:
    """Yield the lines of one table: open points, what is said, what was guessed."""
    for point in points:
        if point.key[:-1] == table:
            yield f"# {point.question(language)}"
            allowed = ", ".join(point.allowed) or f"{point.low:g} - {point.high:g}"
            yield f"# {said('mapping_allowed', language, allowed=allowed)}"
            near = point.suggestion
            hint = f"  # {said('mapping_perhaps', language, near=near)}" if near else ""
            yield f'{_name(point.key[-1])} = "{OPEN}"{hint}'
    for key, value in chosen.items():
        if key[:-1] == table:
            yield f"{_name(key[-1])} = {_value(value)}"
    known = set(map(_compared, chosen))
    for key, guess in guesses.items():
        if key[:-1] == table and _compared(key) not in known:
            yield f"# {_name(key[-1])} = {toml(guess)}"


def _name(name: str) -> str:
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else toml(name)


def _value(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return toml(value.replace("_", " ") if isinstance(value, str) else value)


def write_mapping(path: Path, text: str) -> None:
    """Write a mapping; what is written is read again first, so that it can be."""
    tomllib.loads(text)
    write_whole(path, text)
