"""`orgsim validate`: the model beside published patterns."""

from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "validate",
    click.option(
        "--seeds",
        type=click.IntRange(2, 10_000),
        default=20,
        show_default=True,
        help="Populations.",
    ),
    click.option(
        "--organisations",
        type=click.IntRange(8, 10_000),
        default=60,
        show_default=True,
        help="Organisations in each population.",
    ),
    results="validation",
)
def validate(options: Options, frame: Frame) -> "Document":
    """Hold the model against published patterns: row, range, value, verdict.

    Each is measured in mixed populations of organisations, through the simulated
    questionnaire. Goes on where it stopped.
    """
    from experiments.science.evidence import validation
    from experiments.science.evidence.text import validation_document

    seeds, organisations = options.seeds, options.organisations
    found = validation.validate(
        frame.output,
        seeds,
        organisations,
        workers=frame.workers,
        progress=frame.progress,
    )
    people = validation.seats_each(frame.output, organisations)
    return validation_document(found, organisations, people, frame.language)
