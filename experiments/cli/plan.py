"""`orgsim plan`: the best order of some moves, against all at once and nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import (
    horizon_option,
    number_option,
    over_sets_option,
    seed_option,
)
from experiments.cli.organisation import organisation_today

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
    number_option(
        "--a-quarter", (1, 8), "Most moves that are made in one quarter.  [default: 2]"
    ),
    number_option("--replicates", (4, 100_000), "Simulated worlds for each plan.", 100),
    number_option(
        "--sets",
        (8, 10_000),
        "Sets of all unknown parameters, in four worlds each.",
        64,
    ),
    horizon_option((8, 5_200), "Weeks of a plan."),
    seed_option,
    over_sets_option,
    results="plan",
)
def plan(options: Options, frame: Frame) -> "Document":
    """Find the best order of some moves, and what would flip the advice.

    SCENARIO is where the organisation stands today. Compares doing nothing, all moves
    at once, their best order and your own plans (`--own`), by means over all weeks,
    transitions included, in worlds that were not used to find the order.
    """
    from experiments.advise.moves import check_order, read_moves, written
    from experiments.advise.plans import PlanDesign, advise
    from experiments.advise.plans_document import document_of
    from experiments.science.evidence.sets import read_over

    check_order(options.scenario, options.moves)
    folder = frame.folder(Path(options.scenario).stem)
    organisation = organisation_today(options)
    chosen = read_moves(options.moves, organisation)
    files = read_over(options.files, options.over_sets)
    own = [written(one, organisation) for one in files]
    design = PlanDesign(
        *(organisation, chosen, own, options.outcome, options.a_quarter),
        *(options.replicates, options.sets, options.seed),
    )
    frame.say_time(organisation, design.runs, options.replicates)
    advice = advise(design, folder, frame.workers, frame.progress)
    return document_of(advice, frame.language)
