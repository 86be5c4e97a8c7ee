"""`orgsim validate`: the model beside published patterns."""

from typing import TYPE_CHECKING

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import number_option

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "validate",
    number_option("--seeds", (2, 10_000), "Populations.", 20),
    number_option(
        "--organisations", (8, 10_000), "Organisations in each population.", 60
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
    patterns = validation.validate(
        frame.output,
        seeds,
        organisations,
        workers=frame.workers,
        progress=frame.progress,
    )
    people = validation.seats_each(frame.output, organisations)
    return validation_document(patterns, organisations, people, frame.language)
