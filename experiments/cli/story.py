"""`orgsim story A [B]`: what happened in one simulated world, and why."""

from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import number_option, seed_option

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "story",
    click.argument("scenarios", nargs=-1, required=True, metavar="A [B]"),
    click.option(
        "--world",
        default="median",
        show_default=True,
        metavar="WHICH",
        help="A number, median, or failing (where B does worse than A).",
    ),
    number_option(
        "--replicates",
        (5, 100_000),
        "Worlds from which it is picked, and beside which its end is set.",
        100,
    ),
    seed_option,
    click.option(
        "--kind",
        "events",
        multiple=True,
        metavar="KIND,...",
        help="Keep these topics or kinds of events in the table.",
    ),
    click.option(
        "--who",
        default="",
        metavar="SEAT",
        help="Keep the events of a seat, group or lead in the table.",
    ),
    click.option(
        "--week", "weeks", metavar="W[-W]", help="Keep these weeks in the table."
    ),
    click.option(
        "--names",
        is_flag=True,
        help="Keep the names of a people table; nothing personal is told by name.",
    ),
    click.option(
        "--full",
        is_flag=True,
        help="Print the chronicle quarter by quarter too; it is always in the files.",
    ),
    results="story",
)
def story(options: Options, frame: Frame) -> "Document":
    """Tell what happened in one simulated world, week by week, and why.

    A is a scenario, as a file or by name; B is told beside it, in the same simulated
    world. On one page: what both are, sums that add up, the items on which they differ
    most from beginning to end, and what it teaches. In files: a chronicle, a page on
    which it plays over the graph of people, and a table of all events. One world is an
    illustration, no forecast: orgsim compare tells what holds on average.
    """
    from experiments.compare.reading import read_all
    from experiments.story.making import one_page, story_document
    from experiments.story.request import EventChoice, request_of

    if len(options.scenarios) > 2:
        raise click.UsageError("Name one scenario or two.")
    read = read_all(options.scenarios)
    which = (options.world, options.replicates, options.seed)
    events = EventChoice(options.events, options.who, options.weeks)
    request = request_of(read, *which, events, options.names)
    frame.folder(*(one.name for one in read), f"world-{request.world}")
    if not options.full:
        frame.printed = one_page
    return story_document(request, frame.language, frame.workers, frame.progress)
