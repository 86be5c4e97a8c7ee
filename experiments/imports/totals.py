"""Rows of totals and counts, which stand below the rows of an export."""

import re
from collections.abc import Sequence

from simulation.names import is_total

GRAND = re.compile(
    r"(grand|sub|eind|gesamt|sous)?[\s-]?"
    r"(totals?|totaal|totalen|totaux|summe|gesamt|insgesamt|durchschnitt|moyenne)\b",
    re.I,
)
COUNTED = (
    r"(employees|people|persons|workers|heads?|headcount|records|rows|hours|fte"
    r"|medewerkers|mensen|personen|werknemers|rijen|uren"
    r"|mitarbeiter|mitarbeitende|zeilen|stunden|vza|salari[eé]s|personnes|lignes|etp)\b"
)
"""What totals count."""
OF_COUNT = re.compile(
    rf"(number of|aantal|anzahl( der)?|nombre (de|d')|total|totaal|gesamt)\s*{COUNTED}"
    rf"|\d[\d.,]*\s+{COUNTED}",
    re.I,
)
NUMBER = re.compile(r"[\d.,\s%-]*\d[\d.,\s%-]*")


def is_total_row(row: Sequence[str]) -> bool:
    """Return whether the first cell of a row says that it is one of totals.

    >>> is_total_row(["", "Grand Totals (1,234 records)"]), is_total_row(["Total NV"])
    (True, False)
    >>> is_total_row(["Total employees: 36"]), is_total_row(["36 employees"])
    (True, True)
    """
    first = next((cell for cell in row if cell), "")
    return is_total(first) or _is_counted_total(first) or bool(OF_COUNT.match(first))


def has_numbers_only(row: Sequence[str]) -> bool:
    """Return whether a row has numbers, and no other texts.

    >>> has_numbers_only(["", "152", "3,8"]), has_numbers_only(["7", "Ann"])
    (True, False)
    """
    cells = [cell for cell in row if cell]
    return bool(cells) and all(NUMBER.fullmatch(cell) for cell in cells)


def _is_counted_total(cell: str) -> bool:
    match = GRAND.match(cell)
    rest = cell[match.end() :].strip() if match else ""
    return match is not None and (not rest or not rest[0].isalpha())
