"""`orgsim levers`: from any organisation, what each move does."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import (
    number_option,
    outcomes_option,
    over_sets_option,
    seed_option,
    weeks_option,
)
from experiments.cli.organisation import organisation_today

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "levers",
    click.argument("scenario"),
    click.argument("moves", nargs=-1, metavar="[LEVER=SETTING ...]"),
    click.option("--pairs", is_flag=True, help="Every two moves as well."),
    number_option("--replicates", (2, 100_000), "Simulated worlds for each move.", 100),
    number_option(
        "--sets",
        (0, 10_000),
        "Sets of all unknown parameters, in four worlds each; 0 for none.",
        64,
    ),
    weeks_option,
    seed_option,
    outcomes_option("Outcomes to rank by; by default the three headline ones."),
    over_sets_option,
    results="levers",
)
def levers(options: Options, frame: Frame) -> "Document":
    """Rank every move that an organisation can make, each alone.

    SCENARIO is where it stands today. Moves are written lever=setting (orgsim show
    tells them); all where none is named. Tells what each does, in which share of worlds
    and of plausible parameter sets it helps, what it costs, and when it is paid back.
    """
    from experiments.advise.levers import rank, runs_of
    from experiments.advise.levers_document import document_of
    from experiments.advise.moves import check_order, read_moves
    from simulation.outcomes import HEADLINES

    check_order(options.scenario, options.moves)
    folder = frame.folder(Path(options.scenario).stem)
    organisation = organisation_today(options)
    chosen = read_moves(options.moves, organisation, together=False)
    effort = (options.pairs, options.replicates, options.sets)
    runs = runs_of(organisation, chosen, *effort)
    frame.say_time(organisation, runs, options.replicates)
    ranking = rank(
        *(organisation, chosen, *effort, options.seed),
        *(folder, frame.workers, frame.progress),
    )
    return document_of(ranking, options.outcomes or HEADLINES, frame.language)
