"""Where each key of a TOML text stands: tomllib tells values, not places."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping

Path = tuple[str | int, ...]
Position = tuple[int, int]

TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?!")'
    r"|'''.*?'''(?!')"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{},=.\n]"
    r"""|[^\s\[\]{},=."'#]+""",
    re.DOTALL,
)


def positions(text: str) -> Mapping[Path, Position]:
    """Return (line, column), counted from 1, of every key path in a valid TOML text.

    Elements of arrays are numbered from 0: ("changes", 0, "levers", "mandate").
    """
    return _Scan(text).run()


def position_of(places: Mapping[Path, Position], path: Path) -> Position:
    """Return where `path` stands, or the nearest table around it that has a place."""
    while path and path not in places:
        path = path[:-1]
    return places.get(path, (1, 1))


class _Scan:
    """One pass over the tokens of a text that tomllib has accepted."""

    def __init__(self, text: str):
        found = [m for m in TOKEN.finditer(text) if not m.group().startswith("#")]
        self.tokens = [(m.group(), m.start()) for m in found] + [("", len(text))]
        self.starts = [0] + [m.end() for m in re.finditer("\n", text)]
        self.at = 0
        self.last: dict[Path, int] = {}
        self.places: dict[Path, Position] = {}

    def run(self) -> Mapping[Path, Position]:
        table: Path = ()
        while self.token():
            if self.token() == "\n":
                self.at += 1
            elif self.token() == "[":
                table = self.header()
            else:
                self.pair(table)
        return self.places

    def token(self) -> str:
        return self.tokens[self.at][0]

    def header(self) -> Path:
        self.at += 1
        several = self.token() == "["
        self.at += several
        start = self.tokens[self.at][1]
        *outer, name = self.key()
        self.at += 1 + several
        path: Path = ()
        for part in outer:
            path += (part,)
            path += (self.last[path],) if path in self.last else ()
        path += (name,)
        if several:
            self.last[path] = self.last.get(path, -1) + 1
            path += (self.last[path],)
        self.place(path, start)
        return path

    def pair(self, table: Path) -> None:
        start = self.tokens[self.at][1]
        path = (*table, *self.key())
        self.place(path, start)
        self.at += 1
        self.value(path)

    def key(self) -> list[str]:
        parts = []
        while self.token() not in ("=", "]", ""):
            if self.token() != ".":
                parts.append(_unquoted(self.token()))
            self.at += 1
        return parts

    def value(self, path: Path) -> None:
        if self.token() in ("[", "{"):
            self.inside(path, "]" if self.token() == "[" else "}")
        else:
            while self.token() not in (",", "]", "}", "\n", ""):
                self.at += 1

    def inside(self, path: Path, end: str) -> None:
        self.at += 1
        element = 0
        while self.token() not in (end, ""):
            if self.token() in ("\n", ","):
                self.at += 1
            elif end == "}":
                self.pair(path)
            else:
                self.place((*path, element), self.tokens[self.at][1])
                self.value((*path, element))
                element += 1
        self.at += 1

    def place(self, path: Path, start: int) -> None:
        line = bisect_right(self.starts, start)
        position = (line, start - self.starts[line - 1] + 1)
        for length in range(1, len(path) + 1):
            self.places.setdefault(path[:length], position)


def _unquoted(key: str) -> str:
    return tomllib.loads(f"key = {key}")["key"] if key[0] in "\"'" else key
