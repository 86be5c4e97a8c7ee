"""`orgsim leave SCENARIO`: whose leaving costs most, and what softens it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import outcomes_option, over_sets_option, seed_option

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "leave",
    click.argument("scenario"),
    click.option(
        "--week",
        type=click.IntRange(0, 5_200),
        default=26,
        show_default=True,
        help="From this week on the person is gone.",
    ),
    click.option(
        "--who",
        multiple=True,
        metavar="SEAT|ROLE|bridge",
        help="Whose leaving (several: once each); by default everybody's in turn.",
    ),
    click.option(
        "--under",
        multiple=True,
        metavar="LEVER=SETTING",
        help="Tell what this makes of the loss (several: once each); by default what"
        " is written down, T-shaped profiles and shared tools.",
    ),
    click.option("--names", is_flag=True, help="Show the names of a people table."),
    click.option(
        "--replicates",
        type=click.IntRange(2, 100_000),
        default=40,
        show_default=True,
        help="Simulated worlds.",
    ),
    click.option(
        "--weeks", type=click.IntRange(1, 5_200), help="Weeks that are lived."
    ),
    seed_option,
    outcomes_option("Outcomes to rank by; by default the headline ones and leads."),
    over_sets_option,
    results="leave",
)
def leave(options: Options, frame: Frame) -> "Document":
    """Tell what an organisation loses if somebody leaves, and for how long.

    SCENARIO is where it stands today. Everybody leaves in turn, in the same worlds:
    whose leaving costs most, what goes along, how many weeks it is felt, and whether
    it costs less if knowledge is written down or profiles are broad.
    """
    from experiments.advise.moves import read_moves, today
    from experiments.leaving.asked import (
        bridge_of,
        check_outcomes,
        check_week,
        notes_of,
        units_of,
    )
    from experiments.leaving.document import document_of
    from experiments.leaving.ranking import RANKED, moves_that_help, rank_leavings
    from experiments.leaving.worlds import LeavingDesign, without_leavers
    from experiments.run.costs import cost_text
    from experiments.run.runner import to_one_horizon
    from experiments.science.evidence.sets import read_over

    folder = frame.folder(Path(options.scenario).stem)
    [here] = read_over([options.scenario], options.over_sets)
    [whole] = to_one_horizon([today(here)], options.weeks)
    organisation = without_leavers(whole)
    check_week(organisation, options.week)
    check_outcomes(options.outcomes or RANKED)
    units = units_of(organisation, options.who, options.names)
    moves = read_moves(options.under, organisation, together=False)
    asked = LeavingDesign(
        organisation,
        options.week,
        tuple(unit.seats for unit in units),
        options.outcomes or RANKED,
        options.replicates,
        options.seed,
    )
    worlds = (options.replicates, frame.workers, frame.language)
    runs = (1 + sum(map(len, asked.units))) * options.replicates
    frame.say(lambda: cost_text(organisation, runs, *worlds))
    ranking = rank_leavings(
        *(asked, units, moves or moves_that_help(organisation)),
        *(folder, frame.workers, frame.progress),
    )
    notes = notes_of(whole, units, frame.language)
    bridge = bridge_of(organisation, units)
    return document_of(ranking, bridge, notes, frame.language)
