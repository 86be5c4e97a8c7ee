"""`orgsim discover POLICY ...`: where policies fail, and which is least regretted."""

from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import factor_options, number_option, point_options

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "discover",
    click.argument("policies", nargs=-1, required=True, metavar="POLICY ..."),
    click.option(
        "--base",
        default="baseline",
        show_default=True,
        metavar="A",
        help="What the policies are compared with: doing nothing.",
    ),
    click.option(
        "--outcome",
        default="lead_quality",
        show_default=True,
        help="Outcome on which policies fail and are regretted.",
    ),
    click.option(
        "--than",
        metavar="X",
        help="Fails where worse than the base by more than X.  [default: what matters]",
    ),
    click.option(
        "--fails",
        metavar="TEXT",
        help='Fails where this holds, such as "margin < 0", whatever the base does.',
    ),
    *factor_options,
    number_option("--points", (40, 1_000_000), "Points of a Latin hypercube.", 400),
    *point_options,
    results="discovery",
)
def discover(options: Options, frame: Frame) -> "Document":
    """Tell under which conditions policies fail, and which is least regretted.

    Each policy is a scenario, set against the base in the same worlds, over all
    parameters that are not known. Goes on where it stopped.
    """
    from experiments.compare.reading import chosen_outcomes, read_all
    from experiments.explore.choosing import chosen
    from experiments.explore.documents import discovery_document
    from experiments.explore.failing import threshold, worse
    from experiments.explore.points import PointRuns, problem_of
    from experiments.explore.policies import discover

    if options.than is not None and options.fails is not None:
        raise click.UsageError("--than and --fails are told one at a time")
    outcome, fails = options.outcome, options.fails
    chosen_outcomes([outcome])
    failing = worse(outcome, options.than) if fails is None else threshold(fails)
    read = read_all((options.base, *options.policies))
    folder = frame.folder(*(one.name for one in read))
    names = tuple(dict.fromkeys((outcome, failing.outcome)))
    worlds = (options.replicates, options.seed, options.weeks)
    question = problem_of(read, names, *worlds)
    drawn = chosen(read, options.factors, options.structure, options.levers)
    runs = PointRuns(question, folder, frame.workers, frame.progress)
    how = (options.points, frame.say_cost)
    discovery = discover(runs, drawn, failing, outcome, *how)
    return discovery_document(discovery, frame.language)
