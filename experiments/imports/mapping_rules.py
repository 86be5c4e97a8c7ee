"""What a mapping of people and contacts may say."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from experiments.imports.mapping import (
    CONTACT_KINDS,
    CONTACT_NUMBERS,
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
TABLES = ("columns", "titles", "departments", "contacts")
NUMBERS = {"full_time_hours": (1.0, 80.0)}


class PeopleRules:
    """The rules of a mapping of `orgsim import`."""

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
        texts = {
            ("contacts", "kind"): CONTACT_KINDS,
            ("contacts", "outsiders"): (LEAVE_OUT,),
            ("unknown_managers",): (NOBODY,),
        }.get(key) or answers_for(key[0])
        return None if value in texts else texts

    def meant(self, key: Key, value: Any) -> Any:
        """Return a value as the program calls it: customer_success."""
        return named(value) if key[0] in WORK else value
