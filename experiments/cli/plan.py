"""`orgsim plan`: the best order of some moves, against all at once and nothing."""

import json
from pathlib import Path

import click

from experiments.cli.options import (
    folder_of,
    kept_options,
    over_sets_option,
    seed_option,
    style_option,
)


@click.command("plan")
@click.argument("scenario")
@click.argument("moves", nargs=-1, required=True, metavar="LEVER=SETTING ...")
@click.option(
    "--with",
    "files",
    multiple=True,
    metavar="FILE",
    help="A plan of one's own: a scenario file with dated changes.",
)
@click.option(
    "--outcome",
    type=click.Choice(("lead_quality", "burnout")),
    default="lead_quality",
    show_default=True,
    help="What plans are ranked by, over all weeks.",
)
@click.option(
    "--a-quarter",
    type=click.IntRange(1, 8),
    help="Most moves that are made in one quarter.  [default: 2]",
)
@click.option(
    "--replicates",
    type=click.IntRange(4, 100_000),
    default=100,
    show_default=True,
    help="Simulated worlds for each plan.",
)
@click.option(
    "--sets",
    type=click.IntRange(8, 10_000),
    default=64,
    show_default=True,
    help="Sets of all unknown parameters, in four worlds each.",
)
@click.option("--weeks", type=click.IntRange(8, 5_200), help="Weeks of a plan.")
@seed_option
@over_sets_option
@style_option
@kept_options("plan")
def plan(
    scenario: str,
    moves: tuple[str, ...],
    files: tuple[str, ...],
    outcome: str,
    a_quarter: int | None,
    replicates: int,
    sets: int,
    weeks: int | None,
    seed: int,
    over_sets: bool,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    style: str,
    quiet: bool,
) -> int:
    """Find the best order of some moves, and what would flip the advice.

    SCENARIO is where the organisation stands today. Compares doing nothing, all moves
    at once, their best order and plans of one's own, over all weeks, transitions
    included, in fresh worlds.
    """
    from experiments.advise import plans_text
    from experiments.advise.costs import cost_text
    from experiments.advise.moves import check_order, read_moves, today, written
    from experiments.advise.plans import advise, runs_of
    from experiments.charts.style import STYLES as PAGES
    from experiments.charts.style import drawing_in, save
    from experiments.cli.study import check_writable, tell
    from experiments.files.progress import Progress
    from experiments.files.table_files import write_csv
    from experiments.run.runner import to_one_horizon
    from experiments.science.evidence.sets import read_over
    from experiments.show.folder import staged
    from experiments.words.numerals import say

    check_order(scenario, moves)
    check_writable(output)
    output = folder_of(output, "plan", [Path(scenario).stem])
    [here] = read_over([scenario], over_sets)
    [organisation] = to_one_horizon([today(here)], weeks)
    chosen = read_moves(moves, organisation)
    own = [written(one, organisation) for one in read_over(files, over_sets)]
    if not quiet:
        runs = runs_of(len(chosen), len(own), replicates, sets)
        told = cost_text(organisation, runs, replicates, workers, language)
        click.echo(told, err=True)
    with Progress("plan", quiet) as progress:
        found = advise(
            *(organisation, chosen, own, outcome, a_quarter, replicates, sets),
            *(seed, output, workers, progress),
        )
    text = plans_text.as_text(found, language)
    table = plans_text.as_table(found)
    with staged(output) as aside:
        write_csv(table, aside / "plans.csv")
        (aside / "answer.txt").write_text(text + "\n", encoding="utf-8")
        with drawing_in(PAGES[style], language):
            save(plans_text.figure(found, PAGES[style], language), aside, "plans")
        caption = (
            f"{say('plan_caption', language)} {plans_text.note(found, language)}\n"
        )
        (aside / "plans-caption.txt").write_text(caption, encoding="utf-8")
    rows = json.loads(table.to_json(orient="records"))
    return tell(text, {"plans": rows}, output, as_json, language)
