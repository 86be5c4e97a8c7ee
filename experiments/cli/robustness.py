"""`orgsim robustness`: do conclusions survive another implementation?"""

from pathlib import Path

import click

from experiments.cli.options import LANGUAGES


@click.command("robustness")
@click.option(
    "--replicates",
    type=click.IntRange(2, 100_000),
    default=200,
    show_default=True,
    help="Simulated worlds for each scenario and implementation.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1)
@click.option("--weeks", type=click.IntRange(1, 2_600), help="Weeks that are lived.")
@click.option("--workers", type=click.IntRange(1, 1_000), help="Threads.")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("results/robustness"),
    show_default=True,
    metavar="DIR",
    help="Where the results go.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
def robustness(
    replicates: int,
    seed: int,
    weeks: int | None,
    workers: int | None,
    output: Path,
    as_json: bool,
    language: str,
    quiet: bool,
) -> int:
    """Measure the main effects again, on the same model built otherwise.

    Agents act in another order within each phase of the week, people are relabelled,
    random streams are other ones, and there are twice the people. The table tells
    whether each effect stays the same, and goes to a folder with the numbers.
    """
    from experiments.cli.study import check_writable, save_somewhere
    from experiments.files.progress import Progress
    from experiments.science.audit import text as robustness_text
    from experiments.science.audit.robustness import CONTRASTS, robustness
    from experiments.words import phrases

    check_writable(output)
    with Progress("robustness", quiet) as progress:
        found = robustness(CONTRASTS, replicates, seed, weeks, workers, progress)
    if not as_json:
        click.echo(robustness_text.as_text(found, language))
    folder, code = save_somewhere(
        lambda folder: robustness_text.save(found, folder, seed, language), output
    )
    if as_json:
        click.echo(robustness_text.as_json(found, folder))
    elif folder:
        click.echo(phrases.say("results_in", language, folder=f"{folder}/"))
    return code
