"""`orgsim levers`: from any organisation, what each move does."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import outcomes_option, over_sets_option, seed_option

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "levers",
    click.argument("scenario"),
    click.argument("moves", nargs=-1, metavar="[LEVER=SETTING ...]"),
    click.option("--pairs", is_flag=True, help="Every two moves as well."),
    click.option(
        "--replicates",
        type=click.IntRange(2, 100_000),
        default=100,
        show_default=True,
        help="Simulated worlds for each move.",
    ),
    click.option(
        "--sets",
        type=click.IntRange(0, 10_000),
        default=64,
        show_default=True,
        help="Sets of all unknown parameters, in four worlds each; 0 for none.",
    ),
    click.option(
        "--weeks", type=click.IntRange(1, 5_200), help="Weeks that are lived."
    ),
    seed_option,
    outcomes_option("Outcomes to rank by; by default the three headline ones."),
    over_sets_option,
    results="levers",
)
def levers(options: Options, frame: Frame) -> "Document":
    """Rank every move that an organisation can make, each alone.

    SCENARIO is where it stands today. Moves are written lever=setting (orgsim show
    tells them); all where none is named. Tells what each does, in how many worlds and
    how much of what is plausible it helps, what it takes, and when it is paid back.
    """
    from experiments.advise.levers import rank, runs_of
    from experiments.advise.levers_document import document_of
    from experiments.advise.moves import check_order, read_moves, today
    from experiments.run.costs import cost_text
    from experiments.run.runner import to_one_horizon
    from experiments.science.evidence.sets import read_over
    from simulation.outcomes import HEADLINES

    check_order(options.scenario, options.moves)
    folder = frame.folder(Path(options.scenario).stem)
    [here] = read_over([options.scenario], options.over_sets)
    [organisation] = to_one_horizon([today(here)], options.weeks)
    chosen = read_moves(options.moves, organisation, together=False)
    effort = (options.pairs, options.replicates, options.sets)
    runs = runs_of(organisation, chosen, *effort)
    worlds = (options.replicates, frame.workers, frame.language)
    frame.say(lambda: cost_text(organisation, runs, *worlds))
    found = rank(
        *(organisation, chosen, *effort, options.seed),
        *(folder, frame.workers, frame.progress),
    )
    return document_of(found, options.outcomes or HEADLINES, frame.language)
