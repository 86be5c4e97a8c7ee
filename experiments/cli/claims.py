"""`orgsim claims`: the articles' claims put to the test."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.cli.options import kept_options, seed_option, style_option

if TYPE_CHECKING:
    from pandas import DataFrame

    from experiments.files.progress import Progress
    from experiments.science.claims.testing import ClaimTest


@click.command("claims")
@click.argument("names", nargs=-1, metavar="[CLAIM ...]")
@click.option(
    "--sets",
    type=click.IntRange(8, 10_000),
    default=40,
    show_default=True,
    help="Sets of the unknown parameters, a Latin hypercube.",
)
@click.option(
    "--organisations",
    type=click.IntRange(2, 1_000),
    default=8,
    show_default=True,
    help="Organisations of the mixed population for each set.",
)
@seed_option
@click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="RULE",
    help="What another rule or null model does to them (several: once each).",
)
@click.option(
    "--at-zero",
    is_flag=True,
    help="Which weights, at zero, take them away.",
)
@click.option(
    "--size",
    type=click.Choice(("small", "large")),
    help="In organisations of this size, whatever a claim is about.",
)
@style_option
@kept_options("claims")
def claims(
    names: tuple[str, ...],
    sets: int,
    organisations: int,
    seed: int,
    rules: tuple[str, ...],
    at_zero: bool,
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
    from experiments.cli.study import check_writable, tell
    from experiments.files.progress import Progress
    from experiments.files.table_files import write_csv
    from experiments.science.claims.testing import ClaimTest
    from experiments.show.folder import staged

    if rules and at_zero:
        raise click.UsageError("--rule and --at-zero are told one at a time")
    check_writable(output)
    asked = ClaimTest(sets, organisations, seed, size=size)
    work = _Work(names, asked, output, workers, language, style)
    with Progress("claims", quiet) as progress:
        told = (
            work.under_rules(rules, progress)
            if rules
            else work.at_zero(progress)
            if at_zero
            else work.verdicts(progress)
        )
    name = "-".join([told.name, *_told_apart(names, asked)])
    with staged(output) as aside:
        write_csv(told.table, aside / f"{name}.csv")
        (aside / f"{name}.txt").write_text(told.text + "\n", encoding="utf-8")
        (aside / f"{name}.md").write_text(told.page, encoding="utf-8")
        if name == "claims" and told.draw:
            told.draw(aside)
    rows = json.loads(told.table.to_json(orient="records"))
    return tell(told.text, {told.name: rows}, output, as_json, language)


@dataclass
class _ClaimOutput:
    """What is told of claims: a table, text and a page, and a figure of all."""

    name: str
    table: "DataFrame"
    text: str
    page: str
    draw: Callable[[Path], None] | None = None


@dataclass
class _Work:
    """What was asked of which claims, and where it is kept."""

    names: tuple[str, ...]
    asked: "ClaimTest"
    output: Path
    workers: int | None
    language: str
    style: str

    def verdicts(self, progress: "Progress") -> _ClaimOutput:
        from experiments.science.claims import text
        from experiments.science.claims.figures import draw
        from experiments.science.claims.testing import put_to_the_test

        asked, language = self.asked, self.language
        found = put_to_the_test(self.names, self.output, asked, self.workers, progress)
        return _ClaimOutput(
            "claims",
            text.as_table(found, asked),
            text.as_text(found, asked, language),
            text.as_markdown(found, asked, language),
            lambda folder: draw(found, folder, language, self.style),
        )

    def under_rules(self, rules: tuple[str, ...], progress: "Progress") -> _ClaimOutput:
        from experiments.science.claims import rival_text as text
        from experiments.science.claims.shifts import under_rules

        names, asked = self.names, self.asked
        found = under_rules(names, rules, self.output, asked, self.workers, progress)
        page = text.rules_markdown(found, asked, self.language)
        return _ClaimOutput(
            "rules", text.rules_table(found, asked), page.rstrip(), page
        )

    def at_zero(self, progress: "Progress") -> _ClaimOutput:
        from experiments.science.claims import rival_text as text
        from experiments.science.claims.weights import without_weights

        names, seed = self.names, self.asked.seed
        found = without_weights(names, self.output, seed, self.workers, progress)
        page = text.weights_markdown(found, self.language)
        return _ClaimOutput("weights", text.weights_table(found), page.rstrip(), page)


def _told_apart(names: tuple[str, ...], asked: "ClaimTest") -> list[str]:
    """Return what tells results from those of all claims as they stand, for names."""
    parts = [asked.size]
    if (asked.sets, asked.organisations) != (40, 8) or asked.seed != 1:
        parts.append(f"{asked.sets}x{asked.organisations}-seed-{asked.seed}")
    if names:
        parts.append(names[0] if len(names) == 1 else f"{len(names)}-of-them")
    return [part for part in parts if part]
