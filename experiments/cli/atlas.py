"""`orgsim atlas`: every combination of a set of moves."""

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
    "atlas",
    click.argument("scenario"),
    click.argument("moves", nargs=-1, metavar="[LEVER=SETTING ...]"),
    number_option(
        "--replicates", (2, 100_000), "Simulated worlds for each combination.", 100
    ),
    number_option(
        "--a-quarter", (1, 14), "Most moves that are made in one quarter.  [default: 2]"
    ),
    horizon_option((4, 5_200), "Weeks that are lived."),
    seed_option,
    over_sets_option,
    results="atlas",
)
def atlas(options: Options, frame: Frame) -> "Document":
    """Live every combination of some moves, and map them.

    SCENARIO is where the organisation stands today; ten usual moves where none is
    named. Tells the average effect of each move, its share of the effect of all, which
    moves do more together, the best next step and order, and the trade-offs. Writes
    explorer.html, a page that opens without network and runs any combination. Goes on
    where it stopped.
    """
    from experiments.advise.atlas.combinations import (
        check_size,
        combine,
        design_of,
        runs_of,
        usual_moves,
    )
    from experiments.advise.atlas.steps import (
        WEEKLY,
        best_orders,
        check_dates,
        front,
        usual_a_quarter,
    )
    from experiments.advise.atlas.text import document_of
    from experiments.advise.moves import check_order, read_moves
    from experiments.share.explorer import explorer_page

    check_order(options.scenario, options.moves)
    folder = frame.folder(Path(options.scenario).stem)
    organisation = organisation_today(options)
    chosen = read_moves(options.moves, organisation) or usual_moves(organisation)
    check_size(chosen)
    a_quarter = options.a_quarter or usual_a_quarter(len(chosen))
    check_dates(len(chosen), a_quarter, organisation.weeks)
    worlds = (options.replicates, options.seed)
    design_of(organisation, chosen, *worlds)
    runs = runs_of(len(chosen), options.replicates)
    frame.say_time(organisation, runs, options.replicates)
    how = (folder, frame.workers, frame.progress)
    found = combine(organisation, chosen, options.replicates, options.seed, *how)
    orders = [best_orders(found, name, a_quarter, *how) for name in WEEKLY]
    best = front(found)
    explorer = explorer_page(found, best, frame.language)
    return document_of(found, best, orders, frame.language, explorer)
