"""`orgsim sensitivity A [B]`: which unknown numbers decide."""

from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import (
    factor_options,
    number_option,
    outcomes_option,
    point_options,
)

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "sensitivity",
    click.argument("scenarios", nargs=-1, required=True, metavar="A [B]"),
    *factor_options,
    number_option("--trajectories", (2, 10_000), "Trajectories of the screening.", 10),
    number_option("--keep", (1, 100), "Factors that are taken apart after it.", 8),
    number_option(
        "--points", (8, 2**20), "Points of the decomposition, a power of two.", 128
    ),
    *point_options,
    outcomes_option("Outcomes; by default the headlines."),
    results="sensitivity",
)
def sensitivity(options: Options, frame: Frame) -> "Document":
    """Tell which unknown numbers decide the outcomes of A, or of B minus A.

    Screens all parameters that are not known, and structural numbers and levers where
    asked; then splits the variance among those that move outcomes most, and chance.
    Goes on where it stopped.
    """
    from experiments.compare.reading import read_all
    from experiments.explore.choosing import chosen
    from experiments.explore.documents import sensitivity_document
    from experiments.explore.points import PointRuns, problem_of
    from experiments.explore.sensing import SamplingEffort, sense
    from simulation.outcomes import HEADLINES

    if len(options.scenarios) > 2:
        count = len(options.scenarios)
        raise click.UsageError(f"got {count} scenarios; allowed: one or two")
    read = read_all(options.scenarios)
    folder = frame.folder(*(one.name for one in read))
    outcomes = options.outcomes or HEADLINES
    worlds = (options.replicates, options.seed, options.weeks)
    question = problem_of(read, outcomes, *worlds)
    drawn = chosen(read, options.factors, options.structure, options.levers)
    effort = SamplingEffort(options.trajectories, options.keep, options.points)
    runs = PointRuns(question, folder, frame.workers, frame.progress)
    found = sense(runs, drawn, effort, frame.say_cost)
    return sensitivity_document(found, frame.language)
