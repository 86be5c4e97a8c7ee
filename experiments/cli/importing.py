"""`orgsim import FILE`: an organisation as its own systems export it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.mapped import mapping_beside, read_mapped

if TYPE_CHECKING:
    from experiments.imports.mapping import ImportMapping
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
    from experiments.imports.document import import_document
    from experiments.imports.mapping_rules import PeopleRules
    from experiments.imports.translating import Import, read_import
    from experiments.imports.understood import understood, unknown_names

    def read(mapping: "ImportMapping | None") -> Import:
        return read_import(options.file, options.network, mapping, frame.language)

    first = options.file or options.network or Path("organisation")
    found = read_mapped(
        read,
        options.mapping or mapping_beside(first),
        PeopleRules(frame.language),
        frame,
        "mapping_head",
        lambda found: understood(found, frame.language),
        lambda found: unknown_names(found, options.network, frame.language),
    )
    frame.folder(first.stem)
    return import_document(found, frame.language, options.names)
