"""`orgsim atlas`: every combination of a set of moves."""

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


@click.command("atlas")
@click.argument("scenario")
@click.argument("moves", nargs=-1, metavar="[LEVER=SETTING ...]")
@click.option(
    "--replicates",
    type=click.IntRange(2, 100_000),
    default=100,
    show_default=True,
    help="Simulated worlds for each combination.",
)
@click.option(
    "--a-quarter",
    type=click.IntRange(1, 14),
    help="Most moves that are made in one quarter.  [default: 2]",
)
@click.option("--weeks", type=click.IntRange(4, 5_200), help="Weeks that are lived.")
@seed_option
@over_sets_option
@style_option
@kept_options("atlas")
def atlas(
    scenario: str,
    moves: tuple[str, ...],
    replicates: int,
    a_quarter: int | None,
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
    """Live every combination of some moves, and map them.

    SCENARIO is where the organisation stands today; ten usual moves where none is
    named. Tells what each move does on average and brings of the whole, which do more
    together, the best next step and order, and the trade-offs. Writes explorer.html, a
    page that opens without network. Goes on where it stopped.
    """
    from experiments.advise.atlas import text as atlas_text
    from experiments.advise.atlas.combinations import (
        asked_of,
        check_size,
        combine,
        runs_of,
        usual_moves,
    )
    from experiments.advise.atlas.explorer import fits, page
    from experiments.advise.atlas.steps import (
        WEEKLY,
        best_orders,
        check_dates,
        front,
        usual_a_quarter,
    )
    from experiments.advise.costs import cost_text
    from experiments.advise.moves import check_order, read_moves, today
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
    output = folder_of(output, "atlas", [Path(scenario).stem])
    [here] = read_over([scenario], over_sets)
    [organisation] = to_one_horizon([today(here)], weeks)
    chosen = read_moves(moves, organisation) or usual_moves(organisation)
    check_size(chosen)
    a_quarter = a_quarter or usual_a_quarter(len(chosen))
    check_dates(len(chosen), a_quarter, organisation.weeks)
    asked_of(organisation, chosen, replicates, seed)
    if not fits(len(chosen), organisation.weeks):
        click.echo(say("atlas_no_page", language), err=True)
    if not quiet:
        runs = runs_of(len(chosen), replicates)
        told = cost_text(organisation, runs, replicates, workers, language)
        click.echo(told, err=True)
    with Progress("atlas", quiet) as progress:
        found = combine(
            organisation, chosen, replicates, seed, output, workers, progress
        )
        orders = [
            best_orders(found, x, a_quarter, output, workers, progress) for x in WEEKLY
        ]
    best = front(found)
    text = atlas_text.as_text(found, best, orders, language)
    explorer = page(found, best, language)
    effects = atlas_text.effects_table(found)
    with staged(output) as aside:
        (aside / "answer.txt").write_text(text + "\n", encoding="utf-8")
        write_csv(atlas_text.states_table(found, best), aside / "states.csv")
        write_csv(effects, aside / "effects.csv")
        write_csv(atlas_text.interactions_table(found), aside / "interactions.csv")
        write_csv(atlas_text.orders_table(orders), aside / "orders.csv")
        if explorer is not None:
            (aside / "explorer.html").write_text(explorer, encoding="utf-8")
        with drawing_in(PAGES[style], language):
            figure = atlas_text.effects_figure(found, PAGES[style], language)
            save(figure, aside, "effects")
        caption = f"{say('atlas_caption', language)}\n"
        (aside / "effects-caption.txt").write_text(caption, encoding="utf-8")
    rows = json.loads(effects.to_json(orient="records"))
    return tell(text, {"effects": rows}, output, as_json, language)
