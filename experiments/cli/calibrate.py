"""`orgsim calibrate`: what published patterns or own data tell of the unknowns."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.cli.frame import GIVEN, Frame, Options, analysis
from experiments.cli.options import number_option

if TYPE_CHECKING:
    from experiments.show.document import Document

OF_PATTERNS = ("points", "waves", "organisations", "around")
OF_DATA = ("scenario", "mapping", "dry_run", "draws", "weeks")


@analysis(
    "calibrate",
    click.argument("data", nargs=-1, metavar="[DATA]..."),
    number_option(
        "--points",
        (8, 100_000),
        "Sets of all unknown parameters in a wave, the first a Latin hypercube.",
        300,
    ),
    number_option(
        "--waves",
        (1, 100),
        "Waves, each where emulators of those before say that patterns may hold.",
        4,
    ),
    number_option(
        "--organisations", (8, 10_000), "Organisations of the mixed population.", 32
    ),
    click.option(
        "--around",
        type=click.FloatRange(0, 1, min_open=True),
        default=1.0,
        show_default=True,
        help="Part of each plausible range to search, around the present value.",
    ),
    click.option(
        "--scenario",
        "--organisation",
        "scenario",
        metavar="SCENARIO",
        default="baseline",
        show_default=True,
        help="With data: the organisation that they are of.",
    ),
    click.option(
        "--mapping",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="With data: what cannot be guessed.  [default: DATA-mapping.toml]",
    ),
    click.option(
        "--dry-run",
        is_flag=True,
        help="With data: tell what was understood of them, and simulate nothing.",
    ),
    number_option(
        "--draws",
        (200, 1_000_000),
        "With data: worlds drawn from all that is plausible.",
        2000,
    ),
    number_option(
        "--weeks",
        (8, 5_200),
        "With data: fit only the first weeks, and hold out the others.",
    ),
    click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1),
    results="calibration",
)
def calibrate(options: Options, frame: Frame) -> "Document":
    """Search all that is not known for sets of parameters that meet the patterns.

    Wave after wave, where emulators of earlier waves say that all patterns may hold.
    Tells which share of the plausible volume passes, what the patterns say about
    parameters, and which of them pull against each other. Writes all sets, and those
    that miss fewest in other populations too.

    With DATA fit a scenario to one's own organisation instead: what the data pin down,
    what not, and whether the model can make such data. DATA are files with a row for
    each week, or exports of HubSpot, Salesforce and HR with a row for each lead, deal,
    invoice or absence, which are counted by week and joined (docs/own-data.md). What
    cannot be guessed is asked, or stands with a "?" in the mapping file. `example` is a
    file that ships. Goes on where it stopped.
    """
    from experiments.cli.fitting import fit_to
    from experiments.science.evidence import calibration
    from experiments.science.evidence.text import calibration_document

    if options.data:
        _refuse(OF_PATTERNS, "not with DATA")
        return fit_to(options, frame)
    _refuse(OF_DATA, "only with DATA")
    effort = calibration.CalibrationEffort(
        options.points, options.waves, options.organisations, options.seed
    )
    question = calibration.usual(options.around)
    how = (frame.workers, frame.progress)
    calibrated = calibration.calibrate(frame.output, effort, question, *how)
    return calibration_document(calibrated, frame.language)


def _refuse(names: tuple[str, ...], why: str) -> None:
    """Refuse options that belong to the command's other use."""
    context = click.get_current_context()
    wrong = [x for x in names if context.get_parameter_source(x) is GIVEN]
    if wrong:
        given = ", ".join(f"--{name.replace('_', '-')}" for name in wrong)
        raise click.UsageError(f"{given}: {why}")
