"""`orgsim discover POLICY ...`: where policies fail, and which is least regretted."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.cli.options import (
    factor_options,
    folder_of,
    kept_options,
    style_option,
)

if TYPE_CHECKING:
    from experiments.explore.policies import Discovery


@click.command("discover")
@click.argument("policies", nargs=-1, required=True, metavar="POLICY ...")
@click.option(
    "--base",
    default="baseline",
    show_default=True,
    metavar="A",
    help="What the policies are compared with: doing nothing.",
)
@click.option(
    "--outcome",
    default="lead_quality",
    show_default=True,
    help="Outcome on which policies fail and are regretted.",
)
@click.option(
    "--than",
    metavar="X",
    help="Fails where worse than the base by more than X.  [default: what matters]",
)
@click.option(
    "--fails",
    metavar="TEXT",
    help='Fails where this holds, such as "margin < 0", whatever the base does.',
)
@factor_options
@click.option(
    "--points",
    type=click.IntRange(40, 1_000_000),
    default=400,
    show_default=True,
    help="Points of a Latin hypercube.",
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
@style_option
@kept_options("discovery")
def discover(
    policies: tuple[str, ...],
    base: str,
    outcome: str,
    than: str | None,
    fails: str | None,
    factors: tuple[str, ...],
    structure: tuple[str, ...],
    levers: bool,
    points: int,
    replicates: int,
    weeks: int | None,
    seed: int,
    style: str,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    quiet: bool,
) -> int:
    """Tell under which conditions policies fail, and which is least regretted.

    Each policy is a scenario, set against the base in the same worlds, over all
    parameters that are not known. Goes on where it stopped.
    """
    from experiments.cli.sensitivity import tell_cost
    from experiments.cli.study import check_writable, tell
    from experiments.compare.comparison import chosen_outcomes, read_all
    from experiments.explore import discovery_text
    from experiments.explore.choosing import chosen
    from experiments.explore.failing import threshold, worse
    from experiments.explore.points import asked
    from experiments.explore.policies import discover
    from experiments.files.progress import Progress

    if than is not None and fails is not None:
        raise click.UsageError("--than and --fails are told one at a time")
    check_writable(output)
    chosen_outcomes([outcome])
    failing = worse(outcome, than) if fails is None else threshold(fails)
    read = read_all((base, *policies))
    output = folder_of(output, "discovery", [one.name for one in read])
    names = dict.fromkeys((outcome, failing.outcome))
    question = asked(read, tuple(names), replicates, seed, weeks)
    drawn = chosen(read, factors, structure, levers)
    with Progress("discover", quiet) as progress:
        found = discover(
            question,
            drawn,
            failing,
            outcome,
            output,
            points,
            workers,
            progress,
            lambda runs, minutes: tell_cost(runs, minutes, language, quiet),
        )
    _save(found, output, language, style)
    text = discovery_text.as_text(found, language)
    return tell(text, _as_data(found, language), output, as_json, language)


def _save(found: "Discovery", folder: Path, language: str, style: str) -> None:
    from experiments.explore import discovery_text as text
    from experiments.explore.discovery_figures import draw
    from experiments.files.table_files import write_csv
    from experiments.show.folder import staged

    with staged(folder) as aside:
        write_csv(text.failing_table(found), aside / "failing.csv")
        write_csv(text.boxes_table(found), aside / "boxes.csv")
        if found.regret:
            write_csv(text.regret_table(found), aside / "regret.csv")
        told = text.as_text(found, language) + "\n"
        (aside / "discovery.txt").write_text(told, encoding="utf-8")
        draw(found, aside, language, style)


def _as_data(found: "Discovery", language: str) -> dict[str, Any]:
    from experiments.cli.study import as_rows
    from experiments.explore import discovery_text as text

    return {
        "answer": text.answer(found, language),
        "failing": as_rows(text.failing_table(found)),
        "boxes": as_rows(text.boxes_table(found)),
        "regret": as_rows(text.regret_table(found)),
    }
