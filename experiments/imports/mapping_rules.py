"""What a mapping of people and contacts may say."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from experiments.imports.answers import MANAGERS, meant, of_line, shown
from experiments.imports.mapping import (
    CONTACT_KINDS,
    CONTACT_NUMBERS,
    NO_COLUMN,
    NOBODY,
    WORK,
    Key,
    answers_for,
    named,
)
from experiments.imports.vocabulary import LEAVE_OUT

PEOPLE_FIELDS = (
    *("name", "first", "infix", "last", "id", "address", "title", "department", "team"),
    *("manager", "manager_id", "manager_address", "hours", "share", "percentage"),
    *("full_time", "start", "end", "status", "kind"),
)
CONTACT_FIELDS = (
    *("a", "b", "layer", "hours", "minutes", "count", "weight", "frequency", "date"),
    "period",
)
TABLES = ("columns", "titles", "departments", "managers", "contacts")
LINE = re.compile(r"(?:line|regel) (\d{1,7})", re.I)
NUMBERS = {"full_time_hours": (1.0, 80.0)}


@dataclass(frozen=True)
class PeopleRules:
    """The rules of a mapping of `orgsim import`; answers are told in a language."""

    language: str = "en"

    def names(self, table: Key) -> Collection[str]:
        """Return the names that a table may have; empty if any."""
        return {
            (): ("as_of", *NUMBERS, "unknown_managers", *TABLES),
            ("columns",): PEOPLE_FIELDS,
            ("contacts",): ("kind", "outsiders", "columns", *CONTACT_NUMBERS),
            ("contacts", "columns"): CONTACT_FIELDS,
        }.get(table, ())

    def is_table(self, key: Key) -> bool:
        """Return whether a place is a table."""
        return key == ("contacts", "columns") or (len(key) == 1 and key[0] in TABLES)

    def allowed(self, key: Key, value: Any) -> Sequence[str] | None:
        """Return what is allowed at a place if a value is not; else None."""
        if ends := {**NUMBERS, **CONTACT_NUMBERS}.get(key[-1]):
            right = isinstance(value, (int, float)) and ends[0] <= value <= ends[1]
            return None if right else (f"{ends[0]:g} - {ends[1]:g}",)
        if key == ("as_of",):
            return None if isinstance(value, date) else ("2026-01-31",)
        if key[-2:-1] == ("columns",):
            return None if isinstance(value, str) else ()
        if key[0] == MANAGERS:
            known = LINE.fullmatch(str(value))
            return None if known else (shown(key, of_line(12), self.language),)
        answers = _answers(key)
        if isinstance(value, str) and meant(key, value, answers):
            return None
        return tuple(shown(key, answer, self.language) for answer in answers)

    def meant(self, key: Key, value: Any) -> Any:
        """Return a value as the program calls it: customer_success."""
        if key[0] == MANAGERS:
            match = LINE.fullmatch(value)
            return of_line(int(match[1])) if match else value
        if key[-2:-1] == ("columns",):
            return meant(key, value, (NO_COLUMN,)) or value
        if not isinstance(value, str):
            return value
        answer = meant(key, value, _answers(key)) or value
        return named(answer) if key[0] in WORK else answer


def _answers(key: Key) -> Sequence[str]:
    """Return the answers that are allowed at a place, as the program calls them."""
    return {
        ("contacts", "kind"): CONTACT_KINDS,
        ("contacts", "outsiders"): (LEAVE_OUT,),
        ("unknown_managers",): (NOBODY,),
    }.get(key) or answers_for(key[0])
