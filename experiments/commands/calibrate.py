"""`orgsim calibrate`: what published patterns say of what is not known."""

import json
from pathlib import Path

import click

from experiments.commands.options import kept_options


@click.command("calibrate")
@click.option(
    "--points",
    type=click.IntRange(2, 100_000),
    default=600,
    show_default=True,
    help="Sets of all unknown parameters, a Latin hypercube.",
)
@click.option(
    "--organisations",
    type=click.IntRange(8, 10_000),
    default=40,
    show_default=True,
    help="Organisations of the mixed population.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1)
@kept_options("calibration")
def calibrate(
    points: int,
    organisations: int,
    seed: int,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    quiet: bool,
) -> int:
    """Measure the patterns of calibration over everything that is not known.

    Tells which share of the plausible volume passes, and which parameters the patterns
    say nothing about. Writes all points, and those that pass in other populations too.
    Goes on where it stopped.
    """
    from experiments.commands.study import check_writable
    from experiments.evidence import calibration
    from experiments.evidence import text as pattern_text
    from experiments.numerals import say
    from experiments.progress import Progress
    from experiments.results_folder import staged, write_csv

    check_writable(output)
    with Progress("calibrate", quiet) as progress:
        found = calibration.calibrate(
            output, points, organisations, seed, workers, progress
        )
    text = pattern_text.calibration_text(found, language)
    with staged(output) as aside:
        write_csv(found.points.join(found.rows), aside / "points.csv")
        write_csv(found.points[found.stable].round(6), aside / "calibrated_sets.csv")
        write_csv(found.table(), aside / "parameters.csv")
        (aside / "calibration.txt").write_text(text + "\n", encoding="utf-8")
    if as_json:
        document = {
            "passing": int(found.whole.sum()),
            "stable": int(found.stable.sum()),
            "points": len(found.points),
            "now": dict(found.now),
            "results": str(output),
        }
        click.echo(json.dumps(document, allow_nan=False))
    else:
        click.echo(text)
        click.echo(say("results_in", language, folder=f"{output}/"))
    return 0
