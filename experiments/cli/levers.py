"""`orgsim levers`: from any organisation, what each move does."""

import json
from pathlib import Path

import click

from experiments.cli.options import (
    folder_of,
    kept_options,
    outcomes_option,
    over_sets_option,
    seed_option,
    style_option,
)


@click.command("levers")
@click.argument("scenario")
@click.argument("moves", nargs=-1, metavar="[LEVER=SETTING ...]")
@click.option("--pairs", is_flag=True, help="Every two moves as well.")
@click.option(
    "--replicates",
    type=click.IntRange(2, 100_000),
    default=100,
    show_default=True,
    help="Simulated worlds for each move.",
)
@click.option(
    "--sets",
    type=click.IntRange(0, 10_000),
    default=64,
    show_default=True,
    help="Sets of all unknown parameters, in four worlds each; 0 for none.",
)
@click.option("--weeks", type=click.IntRange(1, 5_200), help="Weeks that are lived.")
@seed_option
@outcomes_option("Outcomes to rank by; by default the three headline ones.")
@over_sets_option
@style_option
@kept_options("levers")
def levers(
    scenario: str,
    moves: tuple[str, ...],
    pairs: bool,
    replicates: int,
    sets: int,
    weeks: int | None,
    seed: int,
    outcomes: tuple[str, ...] | None,
    over_sets: bool,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    style: str,
    quiet: bool,
) -> int:
    """Rank every move that an organisation can make, each alone.

    SCENARIO is where it stands today. Moves are written lever=setting (orgsim show
    tells them); all where none is named. Tells what each does, in how many worlds and
    how much of what is plausible it helps, what it takes, and when it is paid back.
    """
    from experiments.advise import levers_text
    from experiments.advise.costs import cost_text
    from experiments.advise.levers import rank, runs_of
    from experiments.advise.moves import check_order, read_moves, today
    from experiments.charts.style import STYLES as PAGES
    from experiments.charts.style import drawing_in, save
    from experiments.cli.study import check_writable, tell
    from experiments.files.progress import Progress
    from experiments.files.table_files import write_csv
    from experiments.run.runner import to_one_horizon
    from experiments.science.evidence.sets import read_over
    from experiments.show.folder import staged
    from simulation.outcomes import HEADLINES

    check_order(scenario, moves)
    check_writable(output)
    output = folder_of(output, "levers", [Path(scenario).stem])
    [here] = read_over([scenario], over_sets)
    [organisation] = to_one_horizon([today(here)], weeks)
    chosen = read_moves(moves, organisation, together=False)
    shown = outcomes or HEADLINES
    if not quiet:
        runs = runs_of(organisation, chosen, pairs, replicates, sets)
        told = cost_text(organisation, runs, replicates, workers, language)
        click.echo(told, err=True)
    with Progress("levers", quiet) as progress:
        found = rank(
            *(organisation, chosen, pairs, replicates, sets, seed),
            *(output, workers, progress),
        )
    text = levers_text.as_text(found, shown, language)
    table = levers_text.as_table(found)
    with staged(output) as aside:
        write_csv(table, aside / "levers.csv")
        (aside / "answer.txt").write_text(text + "\n", encoding="utf-8")
        with drawing_in(PAGES[style], language):
            figure = levers_text.tornado(found, shown, PAGES[style], language)
            save(figure, aside, "levers")
        caption = levers_text.caption(found, shown, language)
        (aside / "levers-caption.txt").write_text(caption, encoding="utf-8")
    rows = json.loads(table.to_json(orient="records"))
    return tell(text, {"levers": rows}, output, as_json, language)
