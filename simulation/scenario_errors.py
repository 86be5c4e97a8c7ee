"""Errors of scenarios: all problems at once, each with its place."""

import difflib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_SHOWN = 60
MOST_SHOWN = 100


@dataclass(frozen=True)
class Problem:
    """One mistake: its place, what was received, what is allowed, the nearest name.

    `line` and `column` count from 1 and are None if there is no file. `key` is a dotted
    path such as `changes[0].week`. Every text but `wrong` may be empty.
    """

    wrong: str
    key: str = ""
    got: str = ""
    allowed: str = ""
    nearest: str = ""
    source: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = [self.source, self.line, self.column]
        head = [":".join(str(part) for part in place if part not in ("", None))]
        text = ": ".join([part for part in (*head, self.key) if part] + [self.wrong])
        text += f" (got {self.got})" if self.got else ""
        text += f"; allowed {self.allowed}" if self.allowed else ""
        return text + (f"; did you mean {self.nearest}?" if self.nearest else "")


class ScenarioError(ValueError):
    """A scenario cannot be used; `problems` holds all mistakes."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__(self.problems)

    def __str__(self) -> str:
        return lines_of(self.problems)


def lines_of(problems: Iterable[Problem]) -> str:
    """Return the first problems as lines, and a line with the number of others."""
    lines = list(map(str, problems))
    more = [f"... and {len(lines) - MOST_SHOWN} more"] if lines[MOST_SHOWN:] else []
    return "\n".join(lines[:MOST_SHOWN] + more)


def key_text(parts: Iterable[str | int]) -> str:
    """Return a key path as text: ("changes", 0, "week") -> changes[0].week."""
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            bare = re.fullmatch(r"[A-Za-z0-9_-]+", str(part))
            name = shortened(str(part)) if bare else shown(str(part))
            text += f".{name}" if text else name
    return text


def shown(value: object) -> str:
    """Return `value` roughly as in TOML, on one line and of bounded length."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + shortened(_printable(value)) + '"'
    if isinstance(value, int) and value.bit_length() > 180:
        return f"a whole number of about {int(value.bit_length() * 0.30103)} digits"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, (list, tuple)):
        return f"an array of {len(value)}"
    return shortened(_printable(str(value)))


def choices(names: Iterable[object]) -> str:
    """Return names as "a", "b" or "c"."""
    quoted = [json.dumps(name) for name in names]
    return " or ".join([", ".join(quoted[:-1])] * (len(quoted) > 1) + quoted[-1:])


def nearest(name: object, names: Iterable[str], likeness: float = 0.6) -> str:
    """Return the name most like `name`, or an empty text if none is near."""
    found = difflib.get_close_matches(str(name)[:80], list(names), 1, likeness)
    return found[0] if found else ""


def shortened(text: str) -> str:
    """Return `text`, cut if it is too long to quote."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def escaped(text: str) -> str:
    """Return `text` with control characters escaped.

    So a message stays on one line, and a file cannot send commands to a terminal.

    >>> escaped("red\\x1b[31m")
    'red\\\\x1b[31m'
    """
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )


def _printable(text: str) -> str:
    return escaped(text[: LONGEST_SHOWN * 2])
