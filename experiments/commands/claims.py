"""`orgsim claims`: the articles' claims put to the test."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.commands.options import STYLES, kept_options

if TYPE_CHECKING:
    from experiments.claims.testing import Asked


@click.command("claims")
@click.argument("names", nargs=-1, metavar="[CLAIM ...]")
@click.option(
    "--sets",
    type=click.IntRange(8, 10_000),
    default=64,
    show_default=True,
    help="Sets of the unknown parameters, a Latin hypercube.",
)
@click.option(
    "--organisations",
    type=click.IntRange(2, 1_000),
    default=6,
    show_default=True,
    help="Organisations of the mixed population for each set.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1)
@click.option("--rule", metavar="RULE", help="Under another rule or a null model.")
@click.option(
    "--size",
    type=click.Choice(("small", "large")),
    help="In organisations of this size, whatever a claim is about.",
)
@click.option("--style", type=click.Choice(STYLES), default="slide", show_default=True)
@kept_options("claims")
def claims(
    names: tuple[str, ...],
    sets: int,
    organisations: int,
    seed: int,
    rule: str | None,
    size: str | None,
    output: Path,
    workers: int | None,
    as_json: bool,
    language: str,
    style: str,
    quiet: bool,
) -> int:
    """Put the claims of the articles to the test, all or those named.

    Each over the mixed population of organisations and sets of all parameters that are
    not known, by cutting the path it is said to run through, and for where it turns.
    Goes on where it stopped.
    """
    from experiments.claims import text as claim_text
    from experiments.claims.figures import draw
    from experiments.claims.testing import Asked, put_to_the_test
    from experiments.commands.study import check_writable
    from experiments.numerals import say
    from experiments.progress import Progress
    from experiments.results_folder import staged, write_csv

    check_writable(output)
    asked = Asked(sets, organisations, seed, rule, size)
    with Progress("claims", quiet) as progress:
        found = put_to_the_test(names, output, asked, workers, progress)
    table = claim_text.as_table(found, asked)
    text = claim_text.as_text(found, asked, language)
    name = "-".join(["claims", *_told_apart(names, asked)])
    with staged(output) as aside:
        write_csv(table, aside / f"{name}.csv")
        (aside / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
        page = claim_text.as_markdown(found, asked, language)
        (aside / f"{name}.md").write_text(page, encoding="utf-8")
        if name == "claims":
            draw(found, aside, language, style)
    if as_json:
        rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records"))
        document = {"claims": rows, "results": str(output)}
        click.echo(json.dumps(document, allow_nan=False))
    else:
        click.echo(text)
        click.echo(say("results_in", language, folder=f"{output}/"))
    return 0


def _told_apart(names: tuple[str, ...], asked: "Asked") -> list[str]:
    """Return what tells results from those of all claims as they stand, for names."""
    parts = [asked.rule, asked.size]
    if (asked.sets, asked.organisations) != (64, 6) or asked.seed != 1:
        parts.append(f"{asked.sets}x{asked.organisations}-seed-{asked.seed}")
    if names:
        parts.append(names[0] if len(names) == 1 else f"{len(names)}-of-them")
    return [part for part in parts if part]
