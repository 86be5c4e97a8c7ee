"""`orgsim robustness`: do conclusions survive another implementation?"""

from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import horizon_option, number_option

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "robustness",
    number_option(
        "--replicates",
        (2, 100_000),
        "Simulated worlds for each scenario and implementation.",
        200,
    ),
    click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1),
    horizon_option((1, 2_600), "Weeks that are lived."),
    click.option(
        "--mechanisms",
        is_flag=True,
        help="Tell instead what each mechanism is worth, and how far levers reach.",
    ),
    results="robustness",
)
def robustness(options: Options, frame: Frame) -> "Document":
    """Measure the main effects again, on the same model built otherwise.

    Agents act in another order within each phase of the week, people are relabelled,
    random streams are other ones, and there are twice the people. The table tells
    whether each effect stays the same, and goes to a folder with the numbers.
    """
    from experiments.science.audit.robustness import CONTRASTS, robustness
    from experiments.science.audit.text import document_of

    worlds = (options.replicates, options.seed, options.weeks)
    if options.mechanisms:
        from experiments.explore import mechanisms

        frame.place(frame.output / "mechanisms")
        known = mechanisms.worth(*worlds, frame.workers, frame.progress)
        return mechanisms.document_of(known, frame.language)
    effects = robustness(CONTRASTS, *worlds, frame.workers, frame.progress)
    return document_of(effects, options.seed, frame.language)
