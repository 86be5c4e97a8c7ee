"""`orgsim calibrate`: what published patterns or own data say of the unknown."""

from pathlib import Path
from typing import Any

import click

from experiments.commands.options import STYLES, kept_options

OF_PATTERNS = ("points", "organisations")
OF_DATA = ("scenario", "draws", "weeks", "style")


@click.command("calibrate")
@click.argument("data", required=False, metavar="[DATA.csv]")
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
@click.option(
    "--scenario",
    metavar="SCENARIO",
    default="baseline",
    show_default=True,
    help="With data: the organisation that they are of.",
)
@click.option(
    "--draws",
    type=click.IntRange(200, 1_000_000),
    default=2000,
    show_default=True,
    help="With data: worlds drawn from all that is plausible.",
)
@click.option(
    "--weeks",
    type=click.IntRange(8, 5_200),
    help="With data: fit only the first weeks, and hold out the others.",
)
@click.option(
    "--style",
    type=click.Choice(STYLES),
    default="slide",
    show_default=True,
    help="With data: what the figures are drawn for.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1)
@kept_options("calibration")
@click.pass_context
def calibrate(
    ctx: click.Context,
    data: str | None,
    points: int,
    organisations: int,
    seed: int,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    quiet: bool,
    **of_data: Any,
) -> int:
    """Measure the patterns of calibration over everything that is not known.

    Tells which share of the plausible volume passes, and which parameters the patterns
    say nothing about. Writes all points, and those that pass in other populations too.

    With DATA.csv, a row for each week (docs/own-data.md), fit a scenario to one's own
    organisation instead: what the data pin down, what not, and whether the model can
    make such data. `example` is a file that ships. Goes on where it stopped.
    """
    if data is None:
        _refuse(ctx, OF_DATA, "only with DATA.csv")
        return _measure(
            points, organisations, seed, output, workers, as_json, language, quiet
        )
    from experiments.commands.fitting import fit_to

    _refuse(ctx, OF_PATTERNS, "not with DATA.csv")
    here = output if _given(ctx, "output") else None
    return fit_to(
        data,
        seed=seed,
        output=here,
        workers=workers,
        as_json=as_json,
        language=language,
        quiet=quiet,
        **of_data,
    )


def _given(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT


def _refuse(ctx: click.Context, names: tuple[str, ...], why: str) -> None:
    """Refuse options that belong to the other use of the command."""
    given = ", ".join(f"--{name}" for name in names if _given(ctx, name))
    if given:
        raise click.UsageError(f"{given}: {why}")


def _measure(
    points: int,
    organisations: int,
    seed: int,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    quiet: bool,
) -> int:
    """Measure the patterns, and write and tell what was found."""
    from experiments.commands.study import check_writable, tell
    from experiments.evidence import calibration
    from experiments.evidence import text as pattern_text
    from experiments.progress import Progress
    from experiments.results_folder import staged
    from experiments.table_files import write_csv

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
    document = {
        "passing": int(found.whole.sum()),
        "stable": int(found.stable.sum()),
        "points": len(found.points),
        "now": dict(found.now),
    }
    return tell(text, document, output, as_json, language)
