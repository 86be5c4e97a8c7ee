"""People and ties as a graph file lists them, before they are checked.

Also the words that tools use for names, layers, hours and weights.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from simulation.text_files import Findings

MOST_PEOPLE = 20_000
MOST_TIES = 2_000_000
LONGEST_NAME = 200
MOST_SPARE = 20
"""Most attributes that a note names; the others are counted."""
MOST_RANGES = 10
"""Most lines, or ranges of lines, that a note names."""
DRAWN = "drawn label"
"""Our word for the label that yEd and visone draw on a node."""
NAME = ("label", DRAWN, "name", "naam", "full name", "volledige naam", "id")
TIE = {
    "layer": ("layer", "laag"),
    "hours": ("hours", "uren", "hours per week", "uren per week"),
    "weight": ("weight", "edge weight", "edgeweight", "gewicht"),
}
"""Words for what a file tells of a tie, in order of preference."""


class Member(NamedTuple):
    """A person as a file lists them, with their id in the file."""

    line: int | None
    name: str
    id: str = ""


class ListedTie(NamedTuple):
    """A tie as a file lists it."""

    line: int | None
    a: str
    b: str
    layer: object = None
    hours: object = None
    weight: object = None


@dataclass
class Draft(Findings):
    """The content of a file before it is checked; `complete` if it lists all people.

    `spare` holds the attributes of nodes and edges that are not used, in order.
    """

    people: list[Member] = field(default_factory=list)
    ties: list[ListedTie] = field(default_factory=list)
    complete: bool = True
    spare: dict[str, dict[str, None]] = field(default_factory=dict)

    def note_spare(self) -> None:
        """Add notes on the attributes that are not used."""
        for kind, words in self.spare.items():
            shown = list(words)[:MOST_SPARE]
            more = len(words) - len(shown)
            rest = f" and {more} more" if more else ""
            self.notes.append(f"not used of {kind}: {', '.join(shown)}{rest}")

    def add_spare(self, kind: str, word: str) -> None:
        """Keep the name of an unused attribute of `kind` for the notes."""
        words = self.spare.setdefault(kind, {})
        if word not in words and len(words) < MOST_PEOPLE:
            words["".join(c for c in word[:40] if c.isprintable())] = None


def plain_word(word: str) -> str:
    """Return a word as it is compared: in lower case, with blanks instead of signs.

    >>> plain_word("Edge_Weight")
    'edge weight'
    """
    return " ".join(word.casefold().replace("_", " ").replace("-", " ").split())


def too_many(people: int, ties: int, draft: Findings) -> bool:
    """Return whether a file lists too many people or ties; if so, add a problem."""
    if people > MOST_PEOPLE:
        draft.fault(None, "too many people", people, f"at most {MOST_PEOPLE}")
    if ties > MOST_TIES:
        draft.fault(None, "too many ties", ties, f"at most {MOST_TIES}")
    return people > MOST_PEOPLE or ties > MOST_TIES


def too_long(line: int | None, name: str, draft: Findings) -> bool:
    """Return whether a name has too many letters; if so, add a problem."""
    if len(name) > LONGEST_NAME:
        allowed = f"at most {LONGEST_NAME} letters"
        draft.fault(line, f"name of {len(name)} letters", f"{name[:20]}...", allowed)
    return len(name) > LONGEST_NAME


def in_lines(lines: Collection[int | None]) -> str:
    """Return line numbers as the end of a note; an empty text if none is known.

    >>> in_lines([2, 3, 4, 9, None])
    ' (lines 2-4, 9)'
    """
    ranges: list[list[int]] = []
    for line in sorted({line for line in lines if line}):
        if ranges and line == ranges[-1][-1] + 1:
            ranges[-1][1:] = [line]
        else:
            ranges.append([line])
    texts = ["-".join(map(str, ends)) for ends in ranges[:MOST_RANGES]]
    texts += ["..."] if len(ranges) > MOST_RANGES else []
    return f" (lines {', '.join(texts)})" if texts else ""
