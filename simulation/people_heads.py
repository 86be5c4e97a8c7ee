"""Names that other programs' tables of people use for the columns that are read."""

import re
from collections.abc import Sequence

from simulation.titles import plain

SHARES = "fte"
"""Name of a column with shares of a full-time week instead of hours."""
HEADS = {
    "name": (
        "medewerker",
        "werknemer",
        "collega",
        "persoon",
        "volledige naam",
        "naam medewerker",
        "employee",
        "employee name",
        "full name",
        "display name",
        "person",
        "worker",
        "mitarbeiter",
    ),
    "role": (
        "functietitel",
        "functienaam",
        "functieomschrijving",
        "job title",
        "job",
        "business title",
        "position",
        "function",
    ),
    "team": (
        *("teamnaam", "team name", "groep", "group", "squad"),
        *("supervisory organization", "organisatorische eenheid"),
    ),
    "manager": (
        "rapporteert aan",
        "direct leidinggevende",
        "directe leidinggevende",
        "naam leidinggevende",
        "reports to",
        "reporting to",
        "line manager",
        "manager name",
        "worker s manager",
        "supervisor",
        "vorgesetzter",
    ),
    "hours": (
        "contracturen",
        "contract uren",
        "uren per week",
        "werkuren",
        "arbeidsduur",
        "contract hours",
        "hours per week",
        "weekly hours",
        "working hours",
        "weekly working hours",
        "scheduled weekly hours",
        "standard hours",
        "standard hours per week",
        "wochenstunden",
        SHARES,
    ),
    "department": ("dept", "business unit", "organisatieonderdeel", "abteilung"),
    "domain": ("kanaal", "channel"),
}
"""Usual heads of columns besides our own names, as `plain` writes them."""
FIRST = ("first name", "given name", "voornaam", "vorname")
LAST = ("last name", "family name", "surname", "achternaam", "nachname")
KEYS = {
    "address": ("email", "e mail", "email address", "e mail address", "work email"),
    "number": ("employee id", "employee number", "personeelsnummer", "id"),
}
"""What identifies people instead of names, and the heads of such columns."""
MANAGER_KEYS = {
    "address": (
        *("supervisor email", "manager email", "manager email address"),
        *("email leidinggevende", "e mail leidinggevende", "reports to email"),
    ),
    "number": (
        *("manager id", "manager number", "supervisor id", "reports to id"),
        "id leidinggevende",
    ),
}


def plain_head(head: str) -> str:
    """Return a head in lower case, with its words apart.

    >>> plain_head("SupervisorEmail"), plain_head("Employee #")
    ('supervisor email', 'employee number')
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head)
    return plain(apart.replace("#", " number"))


def renaming(header: Sequence[str], missing: Sequence[str]) -> str:
    """Return advice on which columns of a header to rename to get the missing ones."""
    heads = {plain_head(head): head.strip() for head in reversed(header)}
    found = {name: _first(HEADS.get(name, ()), heads) for name in missing}
    texts = []
    if "manager" in missing and not found["manager"]:
        for kind, words in MANAGER_KEYS.items():
            if not found["manager"] and (head := _first(words, heads)):
                found["manager"] = head
                key = _first(KEYS[kind], heads)
                found["name"] = key or found.get("name", "")
    if "team" in missing and not found["team"]:
        found["team"] = _first(("department", "afdeling", *HEADS["department"]), heads)
    first, last = _first(FIRST, heads), _first(LAST, heads)
    if "name" in missing and not found["name"] and first and last:
        texts.append(f"put {first!r} and {last!r} together as 'name'")
    if plain_head(found.get("hours", "")) == SHARES:
        full = f"{found.pop('hours')!r} times the hours of a full week"
        texts.append(f"put {full} in a column 'hours'")
    pairs = [f"{head!r} to {name!r}" for name, head in found.items() if head]
    texts += [f"rename {', '.join(pairs)}"] if pairs else []
    rest = [repr(name) for name in missing if found.get(name) == ""]
    rest = [name for name in rest if name != "'name'" or not (first and last)]
    texts += [f"add {', '.join(rest)}"] if rest else []
    return "; ".join(texts)


def _first(words: Sequence[str], heads: dict[str, str]) -> str:
    """Return the head of the first of some words that has one; else an empty text."""
    return next((heads[word] for word in words if word in heads), "")
