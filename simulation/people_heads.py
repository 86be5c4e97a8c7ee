"""What tables of people from elsewhere call the columns that are read."""

import re
from collections.abc import Sequence

from simulation.titles import plain

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
    ),
    "role": (
        "functietitel",
        "functienaam",
        "functieomschrijving",
        "job title",
        "job",
        "position",
        "function",
    ),
    "team": ("teamnaam", "team name", "groep", "group", "squad"),
    "manager": (
        "rapporteert aan",
        "direct leidinggevende",
        "directe leidinggevende",
        "naam leidinggevende",
        "reports to",
        "line manager",
        "manager name",
        "supervisor",
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
        "standard hours",
        "fte",
    ),
    "department": ("dept", "business unit", "organisatieonderdeel"),
    "domain": ("kanaal", "channel"),
}
"""Usual heads of columns beside those that are read anyway, as `plain` writes them."""
FIRST = ("first name", "given name", "voornaam")
LAST = ("last name", "family name", "surname", "achternaam")
KEYS = {
    "address": ("email", "e mail", "email address", "e mail address", "work email"),
    "number": ("employee id", "employee number", "personeelsnummer", "id"),
}
"""By what else than names people are told apart, and what such columns are called."""
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
    """Return a head in small letters, with its words apart.

    >>> plain_head("SupervisorEmail")
    'supervisor email'
    """
    return plain(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", head))


def renaming(header: Sequence[str], missing: Sequence[str]) -> str:
    """Return which columns of a header to rename so that those missing are there."""
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
    pairs = [f"{head!r} to {name!r}" for name, head in found.items() if head]
    texts += [f"rename {', '.join(pairs)}"] if pairs else []
    rest = [repr(name) for name in missing if not found[name]]
    rest = [name for name in rest if name != "'name'" or not (first and last)]
    texts += [f"add {', '.join(rest)}"] if rest else []
    return "; ".join(texts)


def _first(words: Sequence[str], heads: dict[str, str]) -> str:
    """Return the head that the first of some words is there for, or nothing."""
    return next((heads[word] for word in words if word in heads), "")
