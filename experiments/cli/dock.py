"""`orgsim dock march fang`: published models by the model's own rules."""

import json
import os
from pathlib import Path
from typing import Any

import click

from experiments.cli.options import LANGUAGES, style_option
from experiments.errors import did_you_mean
from experiments.files.signals import exit_code

MODELS = {"march": 1000, "fang": 100}
"""Models that can be docked, and the replicates of each unless asked otherwise."""


def _known(
    ctx: click.Context, _: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the models that were named, or all; for an unknown one the nearest."""
    for name in names:
        if name not in MODELS:
            hint = did_you_mean(name, MODELS) or f"; known: {', '.join(MODELS)}"
            raise click.BadParameter(f"no model {name!r} to dock{hint}", ctx)
    return tuple(dict.fromkeys(names)) or tuple(MODELS)


@click.command("dock")
@click.argument("models", nargs=-1, metavar="[march] [fang]", callback=_known)
@click.option(
    "--replicates",
    type=click.IntRange(2, 100_000),
    help="Runs for each point; by default 1000 for march, 100 for fang.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("results/docking"),
    show_default=True,
    metavar="DIR",
    help="Where tables and figures go.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True
)
@style_option
@click.option("--quiet", is_flag=True, help="Show no progress.")
def dock(
    models: tuple[str, ...],
    replicates: int | None,
    seed: int,
    output: Path,
    as_json: bool,
    language: str,
    style: str,
    quiet: bool,
) -> int:
    """Reproduce published models with the model's own rules, all else off.

    march: March (1991), Figures 1 to 5. fang: Fang, Lee & Schilling (2010). Tables,
    figures and captions are written; docs/docking.md tells what they show.
    """
    from experiments.cli.study import check_writable, save_somewhere
    from experiments.files.progress import Progress
    from experiments.science.docking.docked import Docking
    from experiments.science.docking.docked import dock as run
    from experiments.science.docking.text import as_text
    from experiments.words import phrases

    check_writable(output)
    found: list[Docking] = []
    interrupted = False
    for model in models:
        try:
            with Progress(f"dock {model}", quiet) as progress:
                found.append(run(model, replicates or MODELS[model], seed, progress))
        except KeyboardInterrupt:
            if not found:
                raise
            interrupted = True  # the models that are done are saved
            break
        if not as_json:
            click.echo(as_text(found[-1], language))
    folder, code = save_somewhere(
        lambda folder: _save(found, folder, language, style), output
    )
    if as_json:
        click.echo(json.dumps([_as_data(docked) for docked in found], allow_nan=False))
    elif folder:
        click.echo(phrases.say("results_in", language, folder=f"{folder}{os.sep}"))
    return exit_code() if interrupted else code


def _save(found: list[Any], output: Path, language: str, style: str) -> None:
    from experiments.files.table_files import write_csv
    from experiments.science.docking.figures import draw
    from experiments.show.results_folder import staged

    with staged(output) as aside:
        for docked in found:
            write_csv(docked.points, aside / f"{docked.model}-points.csv")
            write_csv(docked.shapes, aside / f"{docked.model}-shapes.csv")
            draw(docked, aside, language, style)


def _as_data(docked: Any) -> dict[str, Any]:
    """Return a docked model as plain JSON values; what is not known is null."""
    points = docked.points.astype(object).where(docked.points.notna(), None)
    return {
        "model": docked.model,
        "replicates": docked.replicates,
        "seed": docked.seed,
        "cut_off": docked.cut_off,
        "points": points.to_dict("records"),
        "shapes": docked.shapes.to_dict("records"),
    }
