"""TOML text as data, with the place of each key, which tomllib does not give.

A text is scanned before it is parsed. For tomllib's time and memory grow with the
number of keys, and for each key with the square of its depth.
"""

import contextlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]
Position = tuple[int, int]

DEEPEST = 20
"""Most parts of a key, including those of the tables and arrays around it."""
LARGEST_TEXT = 1_000_000
"""Most characters of a text, and most bytes of its file."""
MOST_PARTS = 20_000
"""Most parts of keys and table names, plus elements of arrays, in a text."""
TOKEN = re.compile(
    r'"""(?:[^"\\]++|\\.|""?(?!"))*+"{0,5}'
    r"|'''(?:[^']++|''?(?!'))*+'{0,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+"
    r"|\n\s*+"
    r"|[\[\]{},=.]"
    r"""|[^\s\[\]{},=."'#]++""",
    re.DOTALL,
)
"""A token. Each begins where the one before ends, so that a text is read only once,
even if a string has no end."""

NO_KEY = ("", *"\n[]{},=.")
NO_VALUE = tuple("]},=")


class TooMuch(ValueError):
    """A text is larger or deeper than any file needs; `allowed` says the limit."""

    def __init__(self, wrong: str, allowed: str, position: Position):
        self.wrong, self.allowed = wrong, allowed
        self.line, self.column = position
        where = f"(at line {self.line}, column {self.column})"
        super().__init__(f"{wrong}; allowed {allowed} {where}")


def parse_toml(text: str) -> tuple[dict[str, Any], Mapping[Path, Position]]:
    """Return the data of a TOML text, and (line, column) of every key path in it.

    Raises `TooMuch` for a text that is longer than `LARGEST_TEXT`, nests deeper than
    `DEEPEST` or has more than `MOST_PARTS`, and the error of `tomllib` for a text that
    is no TOML.
    """
    if len(text) > LARGEST_TEXT:
        allowed = f"at most {LARGEST_TEXT:,} characters"
        raise TooMuch("is too long", allowed, (1, 1))
    places = positions(text)
    return tomllib.loads(text), places


def positions(text: str) -> Mapping[Path, Position]:
    """Return (line, column), counted from 1, of every key path in a TOML text.

    Elements of arrays are numbered from 0: ("changes", 0, "levers", "mandate"). If a
    text is no TOML, positions are right up to the first mistake. Raises `TooMuch`.
    """
    return _Scan(text).run()


def position_of(places: Mapping[Path, Position], path: Path) -> Position:
    """Return the position of `path`, or of the nearest table around it that has one."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, (1, 1))


class _Mistake(Exception):
    """Ends a scan where a text is no TOML; `tomllib` then reports the mistake."""


class _Scan:
    """One pass over the tokens of a text."""

    def __init__(self, text: str):
        self.text = text
        self.tokens = self._tokens()
        self.line, self.begin, self.counted = 1, 0, 0
        self.parts = 0
        self.last: dict[Path, int] = {}
        self.places: dict[Path, Position] = {}
        self.go_on()

    def _tokens(self) -> Iterator[tuple[str, int]]:
        for found in TOKEN.finditer(self.text):
            if self.text[found.start()] != "#":
                yield found.group().rstrip() or "\n", found.start()
        while True:
            yield "", len(self.text)

    def run(self) -> Mapping[Path, Position]:
        with contextlib.suppress(_Mistake):
            self.scan()
        return self.places

    def scan(self) -> None:
        table: Path = ()
        while self.token:
            if self.token == "\n":
                self.go_on()
            elif self.token == "[":
                table = self.header()
            else:
                self.pair(table)

    def go_on(self) -> None:
        self.token, self.start = next(self.tokens)

    def header(self) -> Path:
        self.go_on()
        several = self.token == "["
        if several:
            self.go_on()
        position = self.position()
        path: Path = ()
        for part in self.key(0, position):
            path += (self.last[path],) if path in self.last else ()
            path += (part,)
        self.go_on()
        if several:
            self.go_on()
            self.last[path] = self.last.get(path, -1) + 1
            path += (self.last[path],)
        self.place(path, position)
        return path

    def pair(self, around: Path) -> None:
        position = self.position()
        path = (*around, *self.key(len(around), position))
        self.place(path, position)
        self.go_on()
        self.value(path)

    def key(self, depth: int, position: Position) -> list[str]:
        parts: list[str] = []
        while not parts or self.token == ".":
            if parts:
                self.go_on()
            if self.token in NO_KEY:
                raise _Mistake
            parts.append(_unquoted(self.token))
            self.count(depth + len(parts), position)
            self.go_on()
        if self.token not in ("=", "]"):
            raise _Mistake
        return parts

    def value(self, path: Path) -> None:
        if self.token in ("[", "{"):
            self.inside(path, "]" if self.token == "[" else "}")
        else:
            while self.token not in (",", "]", "}", "\n", ""):
                self.go_on()

    def inside(self, path: Path, end: str) -> None:
        self.go_on()
        element = 0
        while self.token not in (end, ""):
            if self.token in ("\n", ","):
                self.go_on()
            elif end == "}":
                self.pair(path)
            elif self.token in NO_VALUE:
                raise _Mistake
            else:
                position = self.position()
                self.count(len(path) + 1, position)
                self.place((*path, element), position)
                self.value((*path, element))
                element += 1
        self.go_on()

    def count(self, depth: int, position: Position) -> None:
        """Count one more part, at a depth; raise `TooMuch` above a limit."""
        self.parts += 1
        if depth > DEEPEST:
            allowed = f"at most {DEEPEST} parts in a key, with the tables around it"
            raise TooMuch("is nested too deeply", allowed, position)
        if self.parts > MOST_PARTS:
            allowed = f"at most {MOST_PARTS:,} keys, tables and elements of arrays"
            raise TooMuch("holds too much", allowed, position)

    def position(self) -> Position:
        """Return line and column of the current token."""
        self.line += self.text.count("\n", self.counted, self.start)
        newline = self.text.rfind("\n", self.counted, self.start)
        self.begin = self.begin if newline < 0 else newline + 1
        self.counted = self.start
        return self.line, self.start - self.begin + 1

    def place(self, path: Path, position: Position) -> None:
        for length in range(1, len(path) + 1):
            self.places.setdefault(path[:length], position)


def _unquoted(key: str) -> str:
    """Return a part of a key without its quotes; unchanged if they cannot be parsed."""
    if key[0] not in "\"'":
        return key
    try:
        name: str = tomllib.loads(f"key = {key}")["key"]
    except ValueError:
        return key
    return name
