"""One spelling for each person, from names as files spell them.

Names may be numbers. If all are whole, `1.0` and `1e+05`, as programs write them, are
the same names as `1` and `100000`. E-mail addresses are the same in upper and lower
case.
"""

import re
from collections.abc import Iterable

from simulation.text_files import clean_name

WHOLE = re.compile(r"-?\d{1,15}")
DECIMAL = re.compile(r"-?\d{1,15}\.0*|-?\d(\.\d{1,14})?[eE]\+?\d{1,2}")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")

TOTALS = (
    *("total", "totaal", "grand total", "eindtotaal", "subtotal", "subtotaal"),
    *("sum", "som", "summe", "gesamt", "average", "gemiddelde", "mean"),
)
"""Words with which programs begin a row of totals."""


def spellings(written: Iterable[object]) -> dict[object, str]:
    """Return the name for which each text stands; `written` are all names in a file.

    >>> spellings(["1.0", "20", "Ann "])["1.0"], spellings(["1.0", "20"])["1.0"]
    ('1.0', '1')
    >>> sorted(set(spellings(["ann@x.org", "Ann@X.org"]).values()))
    ['Ann@X.org']
    """
    names = {text: clean_name(text) for text in written}
    whole = _whole(set(names.values()))
    names = {text: whole.get(name, name) for text, name in names.items()}
    first = _first_spellings(names.values())
    return {
        text: first[name.casefold()] if is_address(name) else name
        for text, name in names.items()
    }


def is_address(name: str) -> bool:
    """Return whether a name is an e-mail address."""
    return bool(ADDRESS.fullmatch(name))


def by_small_letters(names: Iterable[str]) -> dict[str, str | None]:
    """Return names by their lower case; None if several differ only in case."""
    folded: dict[str, str | None] = {}
    for name in names:
        key = name.casefold()
        folded[key] = None if folded.get(key, name) != name else name
    return folded


def _whole(names: set[str]) -> dict[str, str]:
    """Return names such as 1.0 without decimals, by name, if all are whole numbers."""
    decimal = {name for name in names if DECIMAL.fullmatch(name)}
    rest = names - decimal - {""}
    if not decimal or not all(WHOLE.fullmatch(name) for name in rest):
        return {}
    values = {name: float(name) for name in decimal}
    if not all(value.is_integer() and abs(value) < 1e15 for value in values.values()):
        return {}
    return {name: str(int(value)) for name, value in values.items()}


def _first_spellings(names: Iterable[str]) -> dict[str, str]:
    """Return the alphabetically first spelling of each address, by its lower case."""
    first: dict[str, str] = {}
    for name in names:
        if is_address(name):
            key = name.casefold()
            first[key] = min(first.get(key, name), name)
    return first


def is_total(cell: str) -> bool:
    """Return whether a cell begins a row of totals.

    >>> is_total("Total: Account"), is_total("Totaal"), is_total("Tot slot")
    (True, True, False)
    """
    return cell.casefold().partition(":")[0].strip() in TOTALS
