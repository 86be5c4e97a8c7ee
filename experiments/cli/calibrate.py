"""`orgsim calibrate`: what published patterns or own data say of the unknown."""

from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.cli.options import STYLES, kept_options

if TYPE_CHECKING:
    from experiments.science.evidence.calibration import CalibrationEffort

OF_PATTERNS = ("points", "waves", "organisations", "around")
OF_DATA = ("scenario", "draws", "weeks", "style")


@click.command("calibrate")
@click.argument("data", required=False, metavar="[DATA.csv]")
@click.option(
    "--points",
    type=click.IntRange(8, 100_000),
    default=300,
    show_default=True,
    help="Sets of all unknown parameters in each wave, the first a Latin hypercube.",
)
@click.option(
    "--waves",
    type=click.IntRange(1, 100),
    default=4,
    show_default=True,
    help="Waves, each where emulators of those before say that patterns may hold.",
)
@click.option(
    "--organisations",
    type=click.IntRange(8, 10_000),
    default=32,
    show_default=True,
    help="Organisations of the mixed population.",
)
@click.option(
    "--around",
    type=click.FloatRange(0, 1, min_open=True),
    default=1.0,
    show_default=True,
    help="Part of each plausible range to search, around the present value.",
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
    waves: int,
    organisations: int,
    around: float,
    seed: int,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    quiet: bool,
    **of_data: Any,
) -> int:
    """Search all that is not known for sets of parameters that meet the patterns.

    Wave after wave, where emulators of earlier waves say that all patterns may hold.
    Tells which share of the plausible volume passes, what the patterns say about
    parameters, and which of them pull against each other. Writes all sets, and those
    that miss fewest in other populations too.

    With DATA.csv, a row for each week (docs/own-data.md), fit a scenario to one's own
    organisation instead: what the data pin down, what not, and whether the model can
    make such data. `example` is a file that ships. Goes on where it stopped.
    """
    if data is None:
        _refuse(ctx, OF_DATA, "only with DATA.csv")
        from experiments.science.evidence.calibration import CalibrationEffort

        effort = CalibrationEffort(points, waves, organisations, seed)
        return _measure(effort, around, output, workers, as_json, language, quiet)
    from experiments.cli.fitting import fit_to

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
    effort: "CalibrationEffort",
    around: float,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    quiet: bool,
) -> int:
    """Measure the patterns, and write and tell what was found."""
    from experiments.cli.study import check_writable, tell
    from experiments.files.progress import Progress
    from experiments.files.table_files import write_csv
    from experiments.science.evidence import calibration
    from experiments.science.evidence import text as pattern_text
    from experiments.science.evidence.sets import as_draws
    from experiments.show.folder import staged

    check_writable(output)
    with Progress("calibrate", quiet) as progress:
        found = calibration.calibrate(
            output, effort, calibration.usual(around), workers, progress
        )
    text = pattern_text.calibration_text(found, language)
    with staged(output) as aside:
        waves = as_draws(found.points).assign(wave=found.wave, missed=found.missed)
        write_csv(waves.join(found.rows), aside / "points.csv")
        write_csv(as_draws(found.sets), aside / "calibrated_sets.csv")
        write_csv(found.table(), aside / "parameters.csv")
        (aside / "calibration.txt").write_text(text + "\n", encoding="utf-8")
    document = {
        "passing": int(found.whole.sum()),
        "volume": found.volume,
        "fewest_missed": int(found.again_missed.iloc[0]),
        "sets": len(found.stable),
        "points": len(found.points),
        "never": found.never(),
        "pulls": [[one.one, one.other, one.r] for one in found.pulls()],
        "now": {name: x if isfinite(x) else None for name, x in found.now.items()},
    }
    return tell(text, document, output, as_json, language)
