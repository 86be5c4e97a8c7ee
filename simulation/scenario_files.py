"""Reading of scenario files: their data, and the place of each key."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulation.regular_files import content_of
from simulation.scenario_errors import Problem, shown
from simulation.toml_positions import LARGEST_TEXT, TooMuch, parse_toml, position_of

LARGEST_SCENARIO = LARGEST_TEXT
LARGEST_TABLE = 50_000_000
AT_LEAST = 'a title and based_on = "baseline", or a [levers] or [structure] table'


class Unusable(Exception):
    """A file or its text cannot be used; `problem` says why."""

    def __init__(self, problem: Problem):
        self.problem = problem
        super().__init__(problem)


@dataclass(frozen=True)
class TomlDocument:
    """The data of one scenario, its source, and the place of each key."""

    source: str
    data: Mapping[str, Any]
    path: Path | None = None
    places: Mapping[tuple, tuple[int, int]] = field(default_factory=dict)

    def place(self, loc: tuple) -> dict[str, Any]:
        """Return source, line and column of a key, as fields of a `Problem`."""
        if self.path is None:
            return {"source": self.source}
        line, column = position_of(self.places, loc)
        return {"source": str(self.path), "line": line, "column": column}


def read_document(path: Path) -> TomlDocument:
    """Return the document of a scenario file; raise `Unusable` if it cannot be read."""
    document = read_toml(path)
    if not document.data:
        wrong = f"holds nothing; it needs at least {AT_LEAST}"
        raise Unusable(Problem(wrong, source=str(path), line=1, column=1))
    return document


def read_toml(path: Path) -> TomlDocument:
    """Return the document of a TOML file; raise `Unusable` if it is no TOML."""
    text = _text(path)
    try:
        data, places = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise Unusable(_syntax(path, text, str(error))) from None
    except TooMuch as error:
        raise Unusable(_too_much(path, error)) from None
    except ValueError:
        raise Unusable(_too_many_digits(path, text)) from None
    return TomlDocument(path.name, data, path, places)


def _text(path: Path) -> str:
    try:
        raw = content_of(path, LARGEST_SCENARIO)
    except OSError as error:
        wrong = f"cannot be read: {error.strerror}"
        raise Unusable(Problem(wrong, source=str(path))) from None
    if b"\0" in raw:
        allowed = "text in UTF-8"
        raise Unusable(Problem("is binary", allowed=allowed, source=str(path)))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        got = f"byte 0x{raw[error.start]:02x}"
        wrong = "is not in UTF-8"
        raise Unusable(
            Problem(wrong, "", got, "text in UTF-8", "", str(path), line, column)
        ) from None


SYNTAX = {
    "Cannot overwrite a value": "this key is given twice",
    "Cannot declare": "this table is opened twice",
    "Invalid value": "no valid value; text stands between quotation marks",
    "Expected '=' after a key": "expected = after the key",
}


PLACE = re.compile(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)")


def _syntax(path: Path, text: str, message: str) -> Problem:
    found = PLACE.search(message)
    what = found[1] if found else message
    line = int(found[2]) if found and found[2] else text.count("\n") + 1
    column = int(found[3]) if found and found[3] else 1
    own = [words for start, words in SYNTAX.items() if what.startswith(start)]
    lines = text.splitlines()
    got = shown(lines[line - 1].strip()) if line <= len(lines) else "the end"
    return Problem((*own, what)[0], "", got, "", "", str(path), line, column)


def _too_much(path: Path, error: TooMuch) -> Problem:
    place = (str(path), error.line, error.column)
    return Problem(error.wrong, "", "", error.allowed, "", *place)


def _too_many_digits(path: Path, text: str) -> Problem:
    """Return the problem of a whole number that Python refuses to read."""
    long = re.search(r"[\d_]{1000,}", text)
    before = text[: long.start()] if long else ""
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    got = f"a number of {len(long[0])} digits" if long else ""
    return Problem("is no valid TOML", "", got, "", "", str(path), line, column)
