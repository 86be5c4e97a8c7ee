"""Who is meant: people by number, e-mail address or name, however it is written."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from experiments.imports.vocabulary import plain

REMARK = re.compile(r"\s*[\[(]([^\])]*)[\])]\s*")
"""What systems write behind a name: "Ann Bos (10023)", "Ann Bos (On Leave)"."""
ANGLES = re.compile(r"<([^<>@\s]+@[^<>@\s]+)>")
"""The address in "Ann Bos <ann@x.org>"."""
NUMBERED = re.compile(r"^\s*(\d+)\s*[-:|]?\s+(?=\D)|\s+[-:|]?\s*(\d+)\s*$")


class Identity(NamedTuple):
    """What a row tells of who somebody is; empty texts for what it does not tell."""

    name: str
    number: str = ""
    address: str = ""


class Directory:
    """Finds people by what a text may say of them; people are numbered from 0.

    A way of writing that fits several people finds nobody, unless a number or an
    address in the same text tells them apart.
    """

    def __init__(self, people: Mapping[int, Identity]) -> None:
        self._keys: dict[str, set[int]] = defaultdict(set)
        for who, one in people.items():
            for key in filter(None, _own_keys(one)):
                self._keys[key].add(who)

    def find(self, text: str) -> set[int]:
        """Return who is meant by a text: one person, nobody, or several.

        >>> book = Directory({0: Identity("Jan van den Berg", "12"),
        ...                   1: Identity("Bos, Ann", "13", "ann@x.org")})
        >>> [book.find(x) for x in ("Berg, Jan van den", "J. van den Berg", "0013")]
        [{0}, {0}, {1}]
        >>> [book.find(x) for x in ("Ann Bos (On Leave)", "ANN@x.org", "Bob")]
        [{1}, {1}, set()]
        >>> book.find("Van den Berg")
        {0}
        """
        several: set[int] = set()
        for key in _keys_of(text):
            people = self._keys.get(key, set())
            if len(people) == 1:
                return set(people)
            several = several or set(people)
        return several


def number_key(text: str) -> str:
    """Return a number of a person as it is compared: without zeros in front."""
    text = text.strip().removesuffix(".0").casefold()
    return f"# {text.lstrip('0') or text}" if text else ""


def _own_keys(identity: Identity) -> Iterator[str]:
    """Yield all ways in which a person may be written."""
    if identity.number:
        yield number_key(identity.number)
    if identity.address:
        yield f"@ {identity.address.strip().casefold()}"
        yield f"@ {identity.address.strip().casefold().partition('@')[0]}"
    if identity.name:
        yield _letters(identity.name)
        yield _sorted_words(identity.name)
        initial, is_short = _initials(identity.name)
        yield initial
        yield f"short {initial}" if is_short else ""
        yield f"last{initial[3:]}" if initial else ""


def _keys_of(text: str) -> Iterator[str]:
    """Yield what to look for, the surest first."""
    if found := ANGLES.search(text):
        yield f"@ {found[1].casefold()}"
    yield f"@ {text.strip().casefold()}"
    yield number_key(text)
    for remark in REMARK.findall(text):
        yield number_key(remark)
    if found := NUMBERED.search(text):
        yield number_key(found[1] or found[2])
    bare = NUMBERED.sub("", REMARK.sub(" ", ANGLES.sub("", text)))
    yield _letters(bare)
    yield _sorted_words(bare)
    initial, is_short = _initials(bare)
    yield initial if is_short else f"short {initial}"
    yield f"last {' '.join(sorted(plain(bare).split()))}"


def _letters(name: str) -> str:
    return f"n {plain(name)}"


def _sorted_words(name: str) -> str:
    """Return the words of a name in one order: "Last, First" is "First Last"."""
    return f"w {' '.join(sorted(plain(name).split()))}"


def _initials(name: str) -> tuple[str, bool]:
    """Return the initial and the last name, and whether the name has initials only.

    >>> _initials("Berg, J.P. van den"), _initials("Jan van den Berg")
    (('i j berg den van', True), ('i j berg den van', False))
    """
    last, comma, first = name.partition(",")
    words = plain(f"{first} {last}" if comma else name).split()
    rest = sorted(word for word in words[1:] if len(word) > 1)
    if not rest:
        return "", False
    return f"i {words[0][0]} {' '.join(rest)}", len(words[0]) == 1
