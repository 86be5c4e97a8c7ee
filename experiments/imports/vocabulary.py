"""What titles and departments mean, from the words of `vocabulary.toml`.

Meaning counts, not likeness of letters: a title has the work of the first block of the
table with a pattern that it contains, so "Campagnemanager" is marketing.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

LEAVE_OUT = "leave out"
"""In a mapping, what is said of titles and departments that are not to be read."""
LANGUAGES = ("en", "nl", "de", "fr")
EVERYWHERE = "*"
WHOLE = "="
NO_DECOMPOSITION = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l"})


class Work(NamedTuple):
    """What somebody does: role, department and domain, as of `simulation.state`."""

    role: str
    department: str
    domain: str | None


@dataclass(frozen=True)
class Words:
    """Patterns of words, and what they are a sign of."""

    meaning: str
    patterns: tuple[str, ...]

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The patterns as one regular expression."""
        return re.compile("|".join(map(_regular, self.patterns)))

    def most_said(self, text: str) -> int:
        """Return the letters of the longest match in a plain text; 0 if none."""
        return max(
            (len(x.strip("=*")) for x in self.patterns if re.search(_regular(x), text)),
            default=0,
        )


def plain(text: str) -> str:
    """Return a text in small letters, without accents and signs.

    >>> plain("Geschäftsführer/in (m/w/d)"), plain("Coördinator  P&O")
    ('geschaftsfuhrer in m w d', 'coordinator p o')
    """
    small = text.casefold().translate(NO_DECOMPOSITION)
    parts = unicodedata.normalize("NFKD", small)
    bare = "".join(c for c in parts if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


@cache
def work_of(title: str) -> str | None:
    """Return the kind of work that a title tells, or None.

    >>> work_of("Campagnemanager"), work_of("Sr. SEO specialist"), work_of("Manager")
    ('marketing', 'search', None)
    """
    return _first(_title_words(), title)


@cache
def department_of(name: str) -> str | None:
    """Return the model's department that a name means, else `other`; None if unknown.

    >>> department_of("Verkoop & Relatiebeheer"), department_of("Juridische Zaken")
    ('sales', 'other')
    """
    if found := _first(_department_words(), name):
        return found
    work = work_of(name)
    return "other" if work == "other" else work and kinds_of_work()[work].department


@cache
def leads(title: str, has_reports: bool) -> bool:
    """Return whether a title is one of a leader.

    Some titles always are (director, head of); others only if the person has reports
    (manager, coordinator). The longest pattern decides; assistants need reports.

    >>> leads("Campagnemanager", False), leads("Campagnemanager", True)
    (False, True)
    >>> leads("Art director", False), leads("Directeur", False)
    (False, True)
    """
    text = plain(title)
    always, with_reports, never = (words.most_said(text) for words in _leading_words())
    if never or with_reports > always:
        return has_reports and max(always, with_reports) > 0
    return always > 0


def is_outside(title: str) -> bool:
    """Return whether a title, or a kind of contract, is one of an outsider."""
    return _tells("outside", "words", title)


def is_vacant(name: str) -> bool:
    """Return whether a name stands for nobody: an open seat."""
    return _tells("vacant", "words", name, whole=True)


def is_open_seat(status: str) -> bool:
    """Return whether a status, or a kind of worker, is that of an open seat.

    >>> is_open_seat("Offene Stelle"), is_open_seat("Open-ended contract")
    (True, False)
    """
    return _tells("vacant", "status", status, whole=True)


def names_nobody(text: str) -> bool:
    """Return whether the text in a manager's column is how systems write 'nobody'.

    >>> names_nobody("NO_MANAGER"), names_nobody("-"), names_nobody("Nobody Owens")
    (True, True, False)
    """
    return not plain(text) or _tells("nobody", "words", text, whole=True)


def has_left(status: str) -> bool:
    """Return whether a status says that somebody has left."""
    return _tells("status", "gone", status, whole=True)


def is_to_come(status: str) -> bool:
    """Return whether a status says that somebody has yet to begin."""
    return _tells("status", "coming", status, whole=True)


@cache
def kinds_of_work() -> dict[str, Work]:
    """Return the kinds of work, by the name that a mapping uses."""
    rows = _table()["work"]
    return {
        key: Work(role, department, domain or None)
        for key, (role, department, domain) in rows.items()
    }


# --- patterns -------------------------------------------------------------------------


@cache
def _table() -> dict[str, Any]:
    path = Path(__file__).with_name("vocabulary.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _title_words() -> tuple[Words, ...]:
    """Return the words of titles, in the order in which they decide."""
    return tuple(
        Words(row["work"], _patterns(row[x] for x in LANGUAGES if x in row))
        for row in _table()["titles"]
    )


@cache
def _department_words() -> tuple[Words, ...]:
    return tuple(
        Words(row["department"], _patterns([row["words"]]))
        for row in _table()["departments"]
    )


@cache
def _leading_words() -> tuple[Words, Words, Words]:
    rows = _table()["leading"]
    always, with_reports, never = (
        Words(key, _patterns([rows[key]]))
        for key in ("always", "with_reports", "never")
    )
    return always, with_reports, never


@cache
def _words(group: str, key: str) -> Words:
    return Words(key, _patterns([_table()[group][key]]))


def _tells(group: str, key: str, text: str, whole: bool = False) -> bool:
    """Return whether words stand in a text; with `whole`, they must begin it."""
    pattern, bare = _words(group, key).expression, plain(text)
    return bool(pattern.match(bare) if whole else pattern.search(bare))


def _first(table: Sequence[Words], text: str) -> str | None:
    bare = plain(text)
    return next((x.meaning for x in table if x.expression.search(bare)), None)


def _patterns(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the patterns in texts with commas between, as the table writes them."""
    words = [word.strip() for text in texts for word in text.split(",")]
    return tuple(word for word in words if word)


@cache
def _regular(word: str) -> str:
    """Return a word of the table as a regular expression."""
    if word.startswith(WHOLE):
        return f"^{re.escape(word.removeprefix(WHOLE))}$"
    inside = r"\w*".join(map(re.escape, word.split(EVERYWHERE)))
    return rf"\b{inside}\b"
