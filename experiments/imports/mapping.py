"""What cannot be guessed of an export, and the questions that wait for an answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from experiments.imports.answers import NO_COLUMN as NO_COLUMN
from experiments.imports.answers import Key as Key
from experiments.imports.answers import meant, shown
from experiments.imports.vocabulary import LEAVE_OUT, kinds_of_work, plain
from experiments.imports.words import in_rows, said, words
from simulation.state import DEPARTMENTS

NOBODY = "nobody"
CONTACT_KINDS = ("ties", "emails", "meetings", "survey")
CONTACT_NUMBERS = {
    "weeks": (0.1, 520.0),
    "minutes_per_message": (0.1, 120.0),
    "minutes_per_meeting": (1.0, 600.0),
}
WORK = frozenset(("titles", "departments"))
"""Tables of what people do."""
MEANT = WORK | {"stage", "status", "kind", "won", "converted"}
"""Tables of what texts mean, which are compared without signs and accents."""


@dataclass(frozen=True)
class OpenPoint:
    """A question that a mapping must answer before the import is complete.

    `allowed` are the answers, or empty for a number from `low` to `high`. `lines` are
    those that it is about; `detail` is what else the question tells.
    """

    key: Key
    suggestion: str
    allowed: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    low: float = 0.0
    high: float = 0.0
    detail: str = ""

    def question(self, language: str) -> str:
        """Return the question in words."""
        whole = f"ask_{'_'.join(self.key)}"
        key = whole if whole in words() else f"ask_{'_'.join(self.key[:-1])}"
        n, rows = len(self.lines), in_rows(self.lines, language)
        what = self.key[-1] or said("empty", language)
        return said(key, language, what=what, n=n, rows=rows, detail=self.detail)

    def shown(self, language: str) -> tuple[str, ...]:
        """Return the allowed answers as they are shown in a language."""
        return tuple(shown(self.key, answer, language) for answer in self.allowed)

    def suggested(self, language: str) -> str:
        """Return the suggestion as it is shown in a language."""
        return shown(self.key, self.suggestion, language)

    def understood(self, text: str) -> str | float | None:
        """Return the answer that a text gives, by number or name; None if it is none.

        An empty text is the suggestion. Answers may be in any language.
        """
        text = text.strip() or self.suggestion
        if not self.allowed:
            return _number(text.replace(",", "."), self.low, self.high)
        if text.isdecimal() and 1 <= int(text) <= len(self.allowed):
            return self.allowed[int(text) - 1]
        return meant(self.key, text, self.allowed)


def _number(text: str, low: float, high: float) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if low <= value <= high else None


@dataclass(frozen=True)
class ImportMapping:
    """What is said of an export: columns by field, and what titles and so on mean.

    Texts that mean something (titles, departments) are compared in small letters,
    without signs and accents.
    """

    values: Mapping[Key, Any] = field(default_factory=dict)

    def get(self, *key: str) -> Any:
        """Return a value, or None if it is not given."""
        return self._by_key.get(compared(key))

    @cached_property
    def _by_key(self) -> dict[Key, Any]:
        return {compared(key): value for key, value in self.values.items()}

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
        others = {k: x for k, x in self.values.items() if compared(k) != compared(key)}
        return replace(self, values={**others, key: value})


def compared(key: Key) -> Key:
    """Return a place in the form in which places are compared."""
    return (*key[:-1], plain(key[-1])) if MEANT & set(key[:-1]) else key


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
