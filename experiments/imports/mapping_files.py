"""Mappings as small TOML files: reading them by rules, and writing them.

A value "?" is an open point: a question that waits for an answer.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from experiments.fit.interview.answer_files import toml, write_whole
from experiments.imports.answers import shown
from experiments.imports.mapping import WORK, ImportMapping, Key, OpenPoint, compared
from experiments.imports.words import Troubles, said
from simulation.regular_files import unusable
from simulation.scenario_files import (
    LARGEST_SCENARIO,
    TomlDocument,
    Unusable,
    read_toml,
)

OPEN = "?"


class MappingRules(Protocol):
    """What a mapping may say."""

    def names(self, table: Key) -> Collection[str]:
        """Return the names that a table may have; empty if any."""

    def is_table(self, key: Key) -> bool:
        """Return whether a place is a table."""

    def allowed(self, key: Key, value: Any) -> Sequence[str] | None:
        """Return what is allowed at a place if a value is not; else None."""

    def meant(self, key: Key, value: Any) -> Any:
        """Return a value as the program calls it."""


def read_mapping(path: Path, language: str, rules: MappingRules) -> ImportMapping:
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
    values = dict(_values(document, (), document.data, rules, troubles))
    troubles.check()
    return ImportMapping(values)


def _values(
    document: TomlDocument,
    table: Key,
    values: Mapping[str, Any],
    rules: MappingRules,
    troubles: Troubles,
) -> Iterator[tuple[Key, Any]]:
    """Yield the values of a table by their place; report those that are wrong."""
    known = rules.names(table)
    for name, value in values.items():
        key = (*table, name)
        if known and name not in known:
            _tell(document, key, "unknown_key", name, known, troubles)
        elif rules.is_table(key) and isinstance(value, Mapping):
            yield from _values(document, key, value, rules, troubles)
        elif rules.is_table(key):
            _tell(document, key, "no_table", str(value), (), troubles)
        elif value == OPEN:
            continue
        elif (allowed := rules.allowed(key, value)) is not None:
            _tell(document, key, "wrong_value", str(value), allowed, troubles)
        else:
            yield key, rules.meant(key, value)


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


def mapping_text(
    mapping: ImportMapping,
    points: Sequence[OpenPoint],
    guesses: Mapping[Key, str],
    language: str,
    head: str = "mapping_head",
) -> str:
    """Return a mapping as a file, with open points and suggestions.

    `guesses` are what texts and columns were read as; they stand as comments, to be
    changed where they are wrong. `head` is the key of the words at the top.
    """
    lines = [f"# {line}" for line in said(head, language).split("\n")]
    waiting = {compared(point.key) for point in points}
    chosen = {k: x for k, x in mapping.values.items() if compared(k) not in waiting}
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
            allowed = (
                ", ".join(point.shown(language)) or f"{point.low:g} - {point.high:g}"
            )
            yield f"# {said('mapping_allowed', language, allowed=allowed)}"
            near = point.suggested(language)
            hint = f"  # {said('mapping_perhaps', language, near=near)}" if near else ""
            yield f'{_name(point.key[-1])} = "{OPEN}"{hint}'
    for key, value in chosen.items():
        if key[:-1] == table:
            yield f"{_name(key[-1])} = {_value(key, value, language)}"
    known = set(map(compared, chosen))
    for key, guess in guesses.items():
        if key[:-1] == table and compared(key) not in known:
            yield f"# {_name(key[-1])} = {_value(key, guess, language)}"


def _name(name: str) -> str:
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else toml(name)


def _value(key: Key, value: Any, language: str) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        return toml(value)
    bare = value.replace("_", " ") if WORK & set(key[:-1]) else value
    return toml(shown(key, bare, language))


def has_open_points(path: Path) -> bool:
    """Return whether a mapping has a "?" that waits for an answer."""
    return _is_open(tomllib.loads(path.read_text(encoding="utf-8-sig")))


def _is_open(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_is_open, value.values()))
    return bool(value == OPEN)


def write_mapping(path: Path, text: str) -> None:
    """Write a mapping; what is written is read again first, so that it can be."""
    tomllib.loads(text)
    write_whole(path, text)
