"""`orgsim validate`: the model judged by published patterns."""

import json
from pathlib import Path

import click

from experiments.commands.options import LANGUAGES


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
    default=120,
    show_default=True,
    help="Organisations in each population.",
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("results/validation"),
    show_default=True,
    metavar="DIR",
)
@click.option("--workers", type=click.IntRange(1, 1_000), help="Processes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
def validate(
    seeds: int,
    organisations: int,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    quiet: bool,
) -> int:
    """Judge the model by published patterns: row, range, simulated value, verdict.

    Each is measured in mixed populations of organisations, through the simulated
    questionnaire. Goes on where it stopped.
    """
    from experiments.commands.study import check_writable
    from experiments.evidence import text as pattern_text
    from experiments.evidence import validation
    from experiments.evidence.people import seats_of
    from experiments.evidence.population import population
    from experiments.progress import Progress
    from experiments.results_folder import staged, write_csv

    check_writable(output)
    with Progress("validate", quiet) as progress:
        found = validation.validate(
            output, seeds, organisations, workers=workers, progress=progress
        )
    people = seats_of(population(organisations, 1001)) / organisations
    text = pattern_text.as_text(found, organisations, people, language)
    table = pattern_text.as_table(found)
    with staged(output) as aside:
        write_csv(table, aside / "patterns.csv")
        (aside / "patterns.txt").write_text(text + "\n", encoding="utf-8")
    if as_json:
        rows = json.loads(table.to_json(orient="records"))
        document = {"patterns": rows, "results": str(output)}
        click.echo(json.dumps(document, allow_nan=False))
    else:
        click.echo(text)
    return 0
