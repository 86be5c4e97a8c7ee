"""Reading files of which a mapping says what cannot be guessed: ask, or stop."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from experiments.cli.frame import Frame

if TYPE_CHECKING:
    from experiments.imports.mapping import ImportMapping, Key, OpenPoint
    from experiments.imports.mapping_files import MappingRules


class Mapped(Protocol):
    """What was read, with the points that are still open."""

    @property
    def mapping(self) -> "ImportMapping":
        """What is said of the files."""

    @property
    def points(self) -> "tuple[OpenPoint, ...]":
        """The questions that wait for an answer."""

    @property
    def guesses(self) -> "Mapping[Key, str]":
        """What was read without being asked, by its place in a mapping."""


def mapping_beside(first: Path) -> Path:
    """Return the usual place of a mapping: beside the first file."""
    return first.with_name(f"{first.stem}-mapping.toml")


M = TypeVar("M", bound=Mapped)


def read_mapped(
    read: "Callable[[ImportMapping | None], M]",
    place: Path,
    rules: "MappingRules",
    frame: Frame,
    head: str,
    tell: Callable[[M], Sequence[str]],
    unknown: Callable[[M], Sequence[str]] = lambda _: (),
) -> M:
    """Read files with the mapping in `place`; in a terminal, ask what is open.

    The mapping is written with what was answered and guessed. Points that stay open
    stop the command: what was understood is told first (`tell`), then `unknown` and the
    questions. `head` is the key of the words at the top of the mapping.
    """
    from experiments.errors import InputError
    from experiments.imports.mapping_files import (
        has_open_points,
        mapping_text,
        read_mapping,
        write_mapping,
    )
    from experiments.imports.words import said

    language = frame.language
    mapping = read_mapping(place, language, rules) if place.exists() else None

    def keep(said_so: "ImportMapping", points: "Sequence[OpenPoint]") -> None:
        text = mapping_text(said_so, points, found.guesses, language, head)
        write_mapping(place, text)

    found = read(mapping)
    while found.points and sys.stdin.isatty() and sys.stdout.isatty():
        frame.progress.stop()
        answered = _asked(found, keep, language)
        if len(answered.values) == len(found.mapping.values):
            break
        found = read(answered)
    is_open = mapping is not None and has_open_points(place)
    if found.points or found.mapping != mapping or is_open:
        keep(found.mapping, found.points)
    if found.points:
        frame.say(lambda: "\n".join(tell(found)))
        waiting = [
            *unknown(found),
            *(f"- {x.question(language)}" for x in found.points),
        ]
        n = len(found.points)
        told = said("open_points", language, n=n, file=str(place))
        raise InputError("\n".join([*waiting, told]))
    return found


def _asked(
    found: Mapped,
    keep: "Callable[[ImportMapping, Sequence[OpenPoint]], None]",
    language: str,
) -> "ImportMapping":
    from experiments.imports.asking import ask

    def keep_answer(mapping: "ImportMapping") -> None:
        keep(mapping, [x for x in found.points if mapping.get(*x.key) is None])

    return ask(found.mapping, found.points, sys.stdin.readline, keep_answer, language)
