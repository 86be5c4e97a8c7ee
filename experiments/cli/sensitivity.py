"""`orgsim sensitivity A [B]`: which unknown numbers decide."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.cli.options import (
    factor_options,
    folder_of,
    kept_options,
    outcomes_option,
    style_option,
)

if TYPE_CHECKING:
    from experiments.explore.sensing import Sensitivity


@click.command("sensitivity")
@click.argument("scenarios", nargs=-1, required=True, metavar="A [B]")
@factor_options
@click.option(
    "--trajectories",
    type=click.IntRange(2, 10_000),
    default=10,
    show_default=True,
    help="Trajectories of the screening.",
)
@click.option(
    "--keep",
    type=click.IntRange(1, 100),
    default=8,
    show_default=True,
    help="Factors that are taken apart after it.",
)
@click.option(
    "--points",
    type=click.IntRange(8, 2**20),
    default=128,
    show_default=True,
    help="Points of the decomposition, a power of two.",
)
@click.option(
    "--replicates",
    type=click.IntRange(2, 10_000),
    default=4,
    show_default=True,
    help="Simulated worlds at each point, everywhere the same.",
)
@click.option("--weeks", type=click.IntRange(1, 5_200), help="Weeks that are lived.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True)
@outcomes_option("Outcomes; by default the headlines.")
@style_option
@kept_options("sensitivity")
def sensitivity(
    scenarios: tuple[str, ...],
    factors: tuple[str, ...],
    structure: tuple[str, ...],
    levers: bool,
    trajectories: int,
    keep: int,
    points: int,
    replicates: int,
    weeks: int | None,
    seed: int,
    outcomes: tuple[str, ...] | None,
    style: str,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    quiet: bool,
) -> int:
    """Tell which unknown numbers decide the outcomes of A, or of B minus A.

    Screens all parameters that are not known, and structural numbers and levers where
    asked; takes the variance of those that move most apart, and from chance. Goes on
    where it stopped.
    """
    from experiments.cli.study import check_writable, tell
    from experiments.compare.comparison import read_all
    from experiments.explore.choosing import chosen
    from experiments.explore.points import asked
    from experiments.explore.sensing import SamplingEffort, sense
    from experiments.explore.text import as_text
    from experiments.files.progress import Progress
    from simulation.outcomes import HEADLINES

    if len(scenarios) > 2:
        raise click.UsageError(f"got {len(scenarios)} scenarios; allowed: one or two")
    check_writable(output)
    read = read_all(scenarios)
    output = folder_of(output, "sensitivity", [one.name for one in read])
    question = asked(read, outcomes or HEADLINES, replicates, seed, weeks)
    drawn = chosen(read, factors, structure, levers)
    effort = SamplingEffort(trajectories, keep, points)
    with Progress("sensitivity", quiet) as progress:
        found = sense(
            question,
            drawn,
            output,
            effort,
            workers,
            progress,
            lambda runs, minutes: tell_cost(runs, minutes, language, quiet),
        )
    _save(found, output, language, style)
    document = _as_data(found, language)
    return tell(as_text(found, language), document, output, as_json, language)


def tell_cost(runs: int, minutes: float, language: str, quiet: bool) -> None:
    """Say on standard error how many runs are to come and how long they take."""
    from experiments.words.numerals import number, say

    if quiet or not runs:
        return
    text = say(
        "sensitivity_cost",
        language,
        runs=number(runs, language),
        minutes=number(minutes, language, 0 if minutes >= 10 else 1),
    )
    click.echo(text, err=True)


def _save(found: "Sensitivity", folder: Path, language: str, style: str) -> None:
    from experiments.explore import text
    from experiments.explore.figures import draw
    from experiments.files.table_files import write_csv
    from experiments.show.folder import staged

    with staged(folder) as aside:
        write_csv(text.screening_table(found), aside / "screening.csv")
        write_csv(text.indices_table(found), aside / "indices.csv")
        write_csv(text.chance_table(found), aside / "chance.csv")
        told = text.as_text(found, language) + "\n"
        (aside / "sensitivity.txt").write_text(told, encoding="utf-8")
        draw(found, aside, language, style)


def _as_data(found: "Sensitivity", language: str) -> dict[str, Any]:
    from experiments.cli.study import as_rows
    from experiments.explore import text

    tables = {
        "screening": text.screening_table(found),
        "indices": text.indices_table(found),
        "chance": text.chance_table(found),
    }
    answers = {x.outcome: text.answer(found, x, language) for x in found.outcomes}
    rows = {name: as_rows(table) for name, table in tables.items()}
    return {"answer": answers, **rows}
