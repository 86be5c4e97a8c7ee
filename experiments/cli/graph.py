"""`orgsim graph A [B]`: the graph of people in one simulated world."""

import json
from pathlib import Path

import click

from experiments.cli.options import folder_of, kept_options, style_option


@click.command("graph")
@click.argument("scenarios", nargs=-1, required=True, metavar="A [B]")
@click.option(
    "--weeks",
    metavar="W,W,...",
    help="Weeks to draw; by default the start, a quarter, half and the end.",
)
@click.option(
    "--weeks-total",
    type=click.IntRange(1, 5_200),
    help="Weeks that are lived; by default what the scenarios say.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=1,
    show_default=True,
    help="Which worlds.",
)
@click.option(
    "--world",
    type=click.IntRange(0, 2**31 - 1),
    default=0,
    show_default=True,
    help="Which of them.",
)
@click.option(
    "--colour",
    default=None,
    metavar="WHAT",
    help="burnout (the default), ownership, waiting, clarity or strategy.",
)
@click.option(
    "--names",
    is_flag=True,
    help="Keep the names of a people table; nothing personal is coloured then.",
)
@style_option
@kept_options("graph")
def graph(
    scenarios: tuple[str, ...],
    weeks: str | None,
    weeks_total: int | None,
    seed: int,
    world: int,
    colour: str | None,
    names: bool,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    style: str,
    quiet: bool,
) -> int:
    """Draw who meets whom and how they are, at some weeks and with a slider.

    A is a scenario, as a file or by name; B is drawn beside it, in the same simulated
    world. One world is an illustration, no forecast: orgsim compare tells what holds
    on average.
    """
    if len(scenarios) > 2:
        raise click.UsageError("Name one scenario or two.")
    from experiments.cli.study import check_writable, tell
    from experiments.compare.comparison import read_all
    from experiments.files.progress import Progress
    from experiments.people.making import asked_of, draw
    from experiments.show.folder import staged
    from experiments.words.layout import wrapped

    check_writable(output)
    read = read_all(scenarios)
    output = folder_of(output, "graph", [one.name for one in read])
    asked = asked_of(read, weeks, weeks_total, seed, world, colour, names)
    with Progress("graph", quiet) as progress, staged(output) as aside:
        made = draw(asked, aside, language, style, workers, progress)
    text = "\n\n".join(map(wrapped, made.answer))
    rows = json.loads(made.groups.to_json(orient="records"))
    document = {"answer": made.answer, "groups": rows}
    return tell(text, document, output, as_json, language)
