"""Answers to what is asked of an export, in the user's language; all are understood."""

from collections.abc import Iterable

from experiments.imports.vocabulary import plain
from experiments.imports.words import said, words
from simulation.outcomes import LANGUAGES

NO_COLUMN = "none"
"""What is said of a field that no column has."""
IN_WORDS = ("titles", "departments", "unknown_managers", "contacts", "columns")
"""Tables of a mapping whose answers have words in each language."""
MANAGERS = "managers"
Key = tuple[str, ...]
"""The place of a value in a mapping: its tables and its name."""


def of_line(line: int) -> str:
    """Return the answer that somebody in a line is meant."""
    return f"line {line}"


def shown(key: Key, answer: str, language: str) -> str:
    """Return an answer as it is shown in a language; heads of columns as they are.

    >>> shown(("titles", "Baas"), "leader", "nl"), shown(("columns", "name"), "x", "nl")
    ('leidinggevende', 'x')
    """
    if key[0] == MANAGERS and answer.startswith("line "):
        return answer.replace("line", said("line", language), 1)
    is_head = key[-2:-1] == ("columns",) and answer != NO_COLUMN
    name = f"answer_{plain(answer).replace(' ', '_')}"
    if is_head or key[0] not in (*IN_WORDS, MANAGERS) or name not in words():
        return answer
    return said(name, language)


def meant(key: Key, text: str, allowed: Iterable[str]) -> str | None:
    """Return which of the allowed answers a text is, in any language; None if none.

    >>> meant(("titles", "Baas"), "Leidinggevende", ["leader", "other"])
    'leader'
    """
    allowed = tuple(allowed)
    known = {plain(answer): answer for answer in allowed}
    for answer in allowed:
        for language in LANGUAGES:
            known.setdefault(plain(shown(key, answer, language)), answer)
    return known.get(plain(text))
