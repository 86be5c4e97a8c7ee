"""`orgsim leave SCENARIO`: whose leaving costs most, and what softens it."""

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
    "leave",
    click.argument("scenario"),
    number_option("--week", (0, 5_200), "From this week on the person is gone.", 26),
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
    number_option("--replicates", (2, 100_000), "Simulated worlds.", 40),
    weeks_option,
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
    from experiments.advise.moves import read_moves
    from experiments.leaving.document import document_of
    from experiments.leaving.ranking import RANKED, moves_that_help, rank_leavings
    from experiments.leaving.units import (
        bridge_of,
        check_outcomes,
        check_week,
        notes_of,
        units_of,
    )
    from experiments.leaving.worlds import LeavingDesign, without_leavers

    folder = frame.folder(Path(options.scenario).stem)
    whole = organisation_today(options)
    organisation = without_leavers(whole)
    check_week(organisation, options.week)
    check_outcomes(options.outcomes or RANKED)
    units = units_of(organisation, options.who, options.names)
    moves = read_moves(options.under, organisation, together=False)
    design = LeavingDesign(
        organisation,
        options.week,
        tuple(unit.seats for unit in units),
        options.outcomes or RANKED,
        options.replicates,
        options.seed,
    )
    runs = (1 + sum(map(len, design.units))) * options.replicates
    frame.say_time(organisation, runs, options.replicates)
    ranking = rank_leavings(
        *(design, units, moves or moves_that_help(organisation)),
        *(folder, frame.workers, frame.progress),
    )
    notes = notes_of(whole, units, frame.language)
    bridge = bridge_of(organisation, units)
    return document_of(ranking, bridge, notes, frame.language)
