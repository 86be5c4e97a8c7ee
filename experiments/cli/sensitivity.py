"""`orgsim sensitivity A [B]`: which unknown numbers decide."""

from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import factor_options, outcomes_option

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "sensitivity",
    click.argument("scenarios", nargs=-1, required=True, metavar="A [B]"),
    *factor_options,
    click.option(
        "--trajectories",
        type=click.IntRange(2, 10_000),
        default=10,
        show_default=True,
        help="Trajectories of the screening.",
    ),
    click.option(
        "--keep",
        type=click.IntRange(1, 100),
        default=8,
        show_default=True,
        help="Factors that are taken apart after it.",
    ),
    click.option(
        "--points",
        type=click.IntRange(8, 2**20),
        default=128,
        show_default=True,
        help="Points of the decomposition, a power of two.",
    ),
    click.option(
        "--replicates",
        type=click.IntRange(2, 10_000),
        default=4,
        show_default=True,
        help="Simulated worlds at each point, everywhere the same.",
    ),
    click.option(
        "--weeks", type=click.IntRange(1, 5_200), help="Weeks that are lived."
    ),
    click.option(
        "--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True
    ),
    outcomes_option("Outcomes; by default the headlines."),
    results="sensitivity",
)
def sensitivity(options: Options, frame: Frame) -> "Document":
    """Tell which unknown numbers decide the outcomes of A, or of B minus A.

    Screens all parameters that are not known, and structural numbers and levers where
    asked; takes the variance of those that move most apart, and from chance. Goes on
    where it stopped.
    """
    from experiments.compare.comparison import read_all
    from experiments.explore.choosing import chosen
    from experiments.explore.documents import sensitivity_document
    from experiments.explore.points import asked
    from experiments.explore.sensing import SamplingEffort, sense
    from simulation.outcomes import HEADLINES

    if len(options.scenarios) > 2:
        count = len(options.scenarios)
        raise click.UsageError(f"got {count} scenarios; allowed: one or two")
    read = read_all(options.scenarios)
    folder = frame.folder(*(one.name for one in read))
    outcomes = options.outcomes or HEADLINES
    worlds = (options.replicates, options.seed, options.weeks)
    question = asked(read, outcomes, *worlds)
    drawn = chosen(read, options.factors, options.structure, options.levers)
    effort = SamplingEffort(options.trajectories, options.keep, options.points)
    how = (folder, effort, frame.workers, frame.progress, frame.say_cost)
    return sensitivity_document(sense(question, drawn, *how), frame.language)
