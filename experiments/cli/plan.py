"""`orgsim plan`: the best order of some moves, against all at once and nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import over_sets_option, seed_option

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "plan",
    click.argument("scenario"),
    click.argument("moves", nargs=-1, required=True, metavar="LEVER=SETTING ..."),
    click.option(
        "--own",
        "files",
        multiple=True,
        metavar="FILE",
        help="A plan of one's own: a scenario file with dated changes.",
    ),
    click.option(
        "--outcome",
        type=click.Choice(("lead_quality", "burnout")),
        default="lead_quality",
        show_default=True,
        help="What plans are ranked by, over all weeks.",
    ),
    click.option(
        "--a-quarter",
        type=click.IntRange(1, 8),
        help="Most moves that are made in one quarter.  [default: 2]",
    ),
    click.option(
        "--replicates",
        type=click.IntRange(4, 100_000),
        default=100,
        show_default=True,
        help="Simulated worlds for each plan.",
    ),
    click.option(
        "--sets",
        type=click.IntRange(8, 10_000),
        default=64,
        show_default=True,
        help="Sets of all unknown parameters, in four worlds each.",
    ),
    click.option("--weeks", type=click.IntRange(8, 5_200), help="Weeks of a plan."),
    seed_option,
    over_sets_option,
    results="plan",
)
def plan(options: Options, frame: Frame) -> "Document":
    """Find the best order of some moves, and what would flip the advice.

    SCENARIO is where the organisation stands today. Compares doing nothing, all moves
    at once, their best order and plans of one's own, over all weeks, transitions
    included, in fresh worlds.
    """
    from experiments.advise.moves import check_order, read_moves, today, written
    from experiments.advise.plans import advise, runs_of
    from experiments.advise.plans_document import document_of
    from experiments.run.costs import cost_text
    from experiments.run.runner import to_one_horizon
    from experiments.science.evidence.sets import read_over

    check_order(options.scenario, options.moves)
    folder = frame.folder(Path(options.scenario).stem)
    [here] = read_over([options.scenario], options.over_sets)
    [organisation] = to_one_horizon([today(here)], options.weeks)
    chosen = read_moves(options.moves, organisation)
    files = read_over(options.files, options.over_sets)
    own = [written(one, organisation) for one in files]
    effort = (options.replicates, options.sets)
    runs = runs_of(len(chosen), len(own), *effort)
    worlds = (options.replicates, frame.workers, frame.language)
    frame.say(lambda: cost_text(organisation, runs, *worlds))
    found = advise(
        *(organisation, chosen, own, options.outcome, options.a_quarter, *effort),
        *(options.seed, folder, frame.workers, frame.progress),
    )
    return document_of(found, frame.language)
