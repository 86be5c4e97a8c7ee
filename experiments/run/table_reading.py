"""Reading the tables of a study file: every mistake is noted, with its place."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any

from experiments.errors import InputError
from simulation.characters import fault_of, one_line
from simulation.outcomes import LANGUAGES
from simulation.scenario_errors import (
    MOST_SHOWN,
    Problem,
    choices,
    lines_of,
    nearest,
    shown,
)
from simulation.toml_positions import position_of

WORDS = str | dict
"""A text for both languages, or one for each."""
NAMED = {
    list: "an array",
    dict: "a table",
    str: "a text",
    int: "a whole number",
    WORDS: "a text, or a table with one for en and one for nl",
}
Kinds = Mapping[str, type | UnionType]


class StudyError(InputError):
    """A study file cannot be used; the message has every mistake, one per line."""


class TableReading:
    """The reading of one study file; collects every mistake."""

    def __init__(self, path: Path, data: Mapping[str, Any], places: Mapping) -> None:
        self.path = path
        self.data = data
        self.places = places
        self.problems: list[Problem] = []

    def wrong(self, loc: tuple, wrong: str, got: Any = None, **more: str) -> None:
        """Note a mistake: where, what, what was received and what is allowed."""
        line, column = position_of(self.places, loc)
        key = ".".join(str(part) for part in loc)
        text = "" if got is None else shown(got)
        near, allowed = more.get("nearest", ""), more.get("allowed", "")
        problem = Problem(wrong, key, text, allowed, near, str(self.path), line, column)
        self.problems.append(problem)

    def end(self) -> None:
        """Raise `StudyError` with all mistakes, if there are any."""
        if self.problems:
            raise StudyError(lines_of(dict.fromkeys(self.problems)))

    def typed(self, loc: tuple, table: Mapping, known: Kinds) -> None:
        """Note keys that are unknown or have a value of the wrong type."""
        for key, value in table.items():
            if key not in known:
                near = self.nearest(key, known)
                allowed = choices(known)
                self.wrong(
                    (*loc, key), "unknown key", value, allowed=allowed, nearest=near
                )
            elif not isinstance(value, known[key]) or isinstance(value, bool):
                self.wrong((*loc, key), f"must be {NAMED[known[key]]}", value)

    def words(self, name: str, usual: str, most: int) -> Mapping[str, str]:
        """Return a text by language; a single text counts for every language.

        `usual` takes the place of a missing one; more than `most` characters are noted.
        """
        written = self.data.get(name) or usual
        if not isinstance(written, dict):
            self.check_text((name,), written, most)
            return MappingProxyType(dict.fromkeys(LANGUAGES, one_line(str(written))))
        self.typed((name,), written, dict.fromkeys(LANGUAGES, str))
        for language in LANGUAGES:
            if language not in written:
                self.wrong((name,), f"has nothing in {language}")
            else:
                self.check_text((name, language), written[language], most)
        texts = {x: one_line(str(written.get(x, ""))) for x in LANGUAGES}
        return MappingProxyType(texts)

    def check_text(self, loc: tuple, text: Any, most: int) -> None:
        """Note a text with letters that no document can show, or too long a text."""
        if not isinstance(text, str) or (loc == ("question",) and not text):
            return
        if len(text) > most:
            allowed = f"at most {most} characters"
            self.wrong(loc, "is too long", text, allowed=allowed)
        elif fault := fault_of(text):
            self.wrong(loc, fault, text)

    def table(self, name: str, known: Mapping[str, type]) -> dict[str, Any]:
        """Return a table of the file, its keys checked."""
        found = self.data.get(name, {})
        if not isinstance(found, dict):
            return {}
        self.typed((name,), found, known)
        known_keys = {k: x for k, x in found.items() if k in known}
        return {k: x for k, x in known_keys.items() if isinstance(x, known[k])}

    def whole(self, name: str, usual: int, low: int, high: int, into: str = "") -> int:
        """Return a whole number of the file, or of its table `into`; else `usual`.

        One that is not within `low` to `high` is noted.
        """
        table = self.data.get(into, {}) if into else self.data
        table = table if isinstance(table, dict) else {}
        value = table.get(name, usual)
        if name in table and type(value) is int and not low <= value <= high:
            loc = (into, name) if into else (name,)
            self.wrong(loc, "out of range", value, allowed=f"{low} to {high}")
        return value if type(value) is int else usual

    def known(self, loc: tuple, name: Any, names: Any, wrong: str) -> bool:
        """Return whether a name is among the known ones; note it if not."""
        if isinstance(name, str) and name in names:
            return True
        self.wrong(loc, wrong, name, nearest=self.nearest(name, names))
        return False

    def nearest(self, name: Any, names: Iterable[str]) -> str:
        """Return the most similar name; nothing once no more mistakes are shown."""
        return nearest(name, names) if len(self.problems) < MOST_SHOWN else ""
