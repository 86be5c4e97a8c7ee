"""`orgsim import FILE`: an organisation as its own systems export it."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis

if TYPE_CHECKING:
    from experiments.imports.mapping import ImportMapping
    from experiments.imports.translating import Import
    from experiments.show.document import Document

FILE = click.Path(dir_okay=False, path_type=Path)


@analysis(
    "import",
    click.argument("file", type=FILE, required=False),
    click.option(
        "--network",
        type=FILE,
        metavar="FILE",
        help="Who meets whom: a graph, or a table of ties, e-mails, meetings, answers.",
    ),
    click.option(
        "--mapping",
        type=FILE,
        metavar="FILE",
        help="What cannot be guessed.  [default: FILE-mapping.toml, beside FILE]",
    ),
    click.option("--names", is_flag=True, help="Keep names of people and teams."),
    results="import",
)
def import_(options: Options, frame: Frame) -> "Document":
    """Make an organisation of an export of people, and of who meets whom.

    FILE is a table of people (CSV or Excel) of Workday, BambooHR, Personio, AFAS, SAP
    or your own. What cannot be guessed is asked in a terminal, or else stands with a
    "?" in the mapping file, which the next import reads again. People get pseudonyms.
    """
    from experiments.errors import InputError
    from experiments.imports.document import import_document
    from experiments.imports.mapping_files import read_mapping
    from experiments.imports.mapping_rules import PeopleRules
    from experiments.imports.translating import read_import
    from experiments.imports.understood import understood, unknown_names
    from experiments.imports.words import said

    first = options.file or options.network
    place = options.mapping or _beside(first)
    mapping = None
    if place.exists():
        mapping = read_mapping(place, frame.language, PeopleRules())
    found = read_import(options.file, options.network, mapping, frame.language)
    while found.points and sys.stdin.isatty() and sys.stdout.isatty():
        frame.progress.stop()
        answered = _asked(found, place, frame.language)
        if len(answered.values) == len(found.mapping.values):
            break
        found = read_import(options.file, options.network, answered, frame.language)
    if found.points or found.mapping != mapping:
        _write(found, place, frame.language)
    if found.points:
        frame.say(lambda: "\n".join(understood(found, frame.language)))
        waiting = unknown_names(found, options.network, frame.language)
        waiting += [f"- {point.question(frame.language)}" for point in found.points]
        n = len(found.points)
        told = said("open_points", frame.language, n=n, file=str(place))
        raise InputError("\n".join([*waiting, told]))
    frame.folder(first.stem)
    return import_document(found, frame.language, options.names)


def _beside(first: Path | None) -> Path:
    """Return the usual place of a mapping: beside the first file."""
    first = first or Path("organisation")
    return first.with_name(f"{first.stem}-mapping.toml")


def _asked(found: "Import", place: Path, language: str) -> "ImportMapping":
    from experiments.imports.asking import ask

    def keep(mapping: "ImportMapping") -> None:
        left = tuple(x for x in found.points if mapping.get(*x.key) is None)
        _write(replace(found, mapping=mapping, points=left), place, language)

    return ask(found.mapping, found.points, sys.stdin.readline, keep, language)


def _write(found: "Import", place: Path, language: str) -> None:
    """Write the mapping with open points and guesses."""
    from experiments.imports.mapping_files import mapping_text, write_mapping

    text = mapping_text(found.mapping, found.points, found.guesses, language)
    write_mapping(place, text)
