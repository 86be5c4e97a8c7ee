"""`orgsim validate`: the model beside published patterns."""

import json
from pathlib import Path

import click

from experiments.cli.options import kept_options


@click.command("validate")
@click.option(
    "--seeds",
    type=click.IntRange(2, 10_000),
    default=20,
    show_default=True,
    help="Populations.",
)
@click.option(
    "--organisations",
    type=click.IntRange(8, 10_000),
    default=60,
    show_default=True,
    help="Organisations in each population.",
)
@kept_options("validation")
def validate(
    seeds: int,
    organisations: int,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    quiet: bool,
) -> int:
    """Hold the model against published patterns: row, range, value, verdict.

    Each is measured in mixed populations of organisations, through the simulated
    questionnaire. Goes on where it stopped.
    """
    from experiments.cli.study import check_writable, tell
    from experiments.files.progress import Progress
    from experiments.files.table_files import write_csv
    from experiments.science.evidence import text as pattern_text
    from experiments.science.evidence import validation
    from experiments.show.folder import staged

    check_writable(output)
    with Progress("validate", quiet) as progress:
        found = validation.validate(
            output, seeds, organisations, workers=workers, progress=progress
        )
    people = validation.seats_each(output, organisations)
    text = pattern_text.as_text(found, organisations, people, language)
    table = pattern_text.as_table(found)
    with staged(output) as aside:
        write_csv(table, aside / "patterns.csv")
        (aside / "patterns.txt").write_text(text + "\n", encoding="utf-8")
    rows = json.loads(table.to_json(orient="records"))
    return tell(text, {"patterns": rows}, output, as_json, language)
