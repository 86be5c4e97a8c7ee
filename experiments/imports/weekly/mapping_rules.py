"""What a mapping of weekly data may say."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from experiments.fit.own_data.columns import COLUMNS
from experiments.imports.heads import fields_of
from experiments.imports.mapping import Key
from experiments.imports.vocabulary import LEAVE_OUT
from experiments.imports.weekly.days import ORDERS
from experiments.imports.weekly.kinds import ABSENCE, WEEKS, kinds

ADD = "add"
"""What is said of a column that several files have: their counts are added."""
EVERY_ROW = "every row"
"""What is said of leads without a day on which they were handed over."""
COUNTED = ("leads", "counted")
LEAST_WEEKS = (ABSENCE, "least_weeks")
PERIOD = ("first", "last")
TOP = ("files", "measures", "period", "time_zone", WEEKS)
MOST_WEEKS_AWAY = 52.0
EXAMPLE_ZONES = ("Europe/Amsterdam", "UTC")


def kinds_allowed() -> tuple[str, ...]:
    """Return what a file may be said to have."""
    return (*kinds(), WEEKS, LEAVE_OUT)


def zone_of(name: str) -> ZoneInfo | None:
    """Return a time zone by its name, or None if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None


class WeeklyRules:
    """The rules of a mapping of `orgsim calibrate`."""

    def names(self, table: Key) -> Collection[str]:
        """Return the names that a table may have; empty if any."""
        if not table:
            return (*TOP, *kinds())
        if table == ("period",):
            return PERIOD
        if table == ("measures",):
            return tuple(COLUMNS)
        if table[-1] == "columns":
            return fields_of(table[0])
        if len(table) == 1 and table[0] in kinds():
            own = [key[1] for key in (COUNTED, LEAST_WEEKS) if key[0] == table[0]]
            return ("columns", "date_order", *kinds()[table[0]].meanings, *own)
        return ("columns",) if table == (WEEKS,) else ()

    def is_table(self, key: Key) -> bool:
        """Return whether a place is a table."""
        if len(key) == 1:
            return key[0] != "time_zone"
        if key[0] in kinds():
            return key[1:] == ("columns",) or key[1:] in [
                (field,) for field in kinds()[key[0]].meanings
            ]
        return key == (WEEKS, "columns")

    def allowed(self, key: Key, value: Any) -> Sequence[str] | None:
        """Return what is allowed at a place if a value is not; else None."""
        if key == LEAST_WEEKS:
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            right = number and 0 <= value <= MOST_WEEKS_AWAY
            return None if right else (f"0 - {MOST_WEEKS_AWAY:g}",)
        if key[0] == "period":
            return None if isinstance(value, date) else ("2024-01-01",)
        if not isinstance(value, str):
            return self._texts(key) or ()
        if key == ("time_zone",):
            return None if zone_of(value) else EXAMPLE_ZONES
        texts = self._texts(key)
        return None if not texts or value in texts else texts

    def _texts(self, key: Key) -> tuple[str, ...]:
        """Return the texts that a value may be; empty if any."""
        if key[0] == "files":
            return kinds_allowed()
        if key == COUNTED:
            return (EVERY_ROW, LEAVE_OUT)
        if key[-1] == "date_order":
            return tuple(ORDERS)
        if len(key) == 3 and key[1] != "columns":
            return kinds()[key[0]].meanings_of(key[1])
        return ()

    def meant(self, key: Key, value: Any) -> Any:
        """Return a value as the program calls it."""
        return value
