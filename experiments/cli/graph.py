"""`orgsim graph A [B]`: the graph of people in one simulated world."""

from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import number_option

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "graph",
    click.argument("scenarios", nargs=-1, required=True, metavar="A [B]"),
    click.option(
        "--weeks",
        metavar="W,W,...",
        help="Weeks to draw; by default the start, a quarter, half and the end.",
    ),
    number_option(
        "--weeks-total",
        (1, 5_200),
        "Weeks that are lived; by default what the scenarios say.",
    ),
    number_option("--seed", (0, 2**63 - 1), "Which worlds.", 1),
    number_option("--world", (0, 2**31 - 1), "Which of them.", 0),
    click.option(
        "--colour",
        default=None,
        metavar="WHAT",
        help="burnout (the default), ownership, waiting, clarity or strategy.",
    ),
    click.option(
        "--names",
        is_flag=True,
        help="Keep the names of a people table; nothing personal is coloured then.",
    ),
    results="graph",
)
def graph(options: Options, frame: Frame) -> "Document":
    """Draw who meets whom and how they are, at some weeks and with a slider.

    A is a scenario, as a file or by name; B is drawn beside it, in the same simulated
    world. One world is an illustration, no forecast: orgsim compare tells what holds
    on average.
    """
    from experiments.compare.reading import read_all
    from experiments.people.making import graph_document, request_of

    if len(options.scenarios) > 2:
        raise click.UsageError("Name one scenario or two.")
    read = read_all(options.scenarios)
    weeks = (options.weeks, options.weeks_total)
    which = (options.seed, options.world, options.colour, options.names)
    request = request_of(read, *weeks, *which)
    frame.folder(*(one.name for one in read))
    return graph_document(request, frame.language, frame.workers, frame.progress)
