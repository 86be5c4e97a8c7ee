"""`orgsim claims`: the articles' claims put to the test."""

from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import seed_option

if TYPE_CHECKING:
    from experiments.science.claims.testing import ClaimTest
    from experiments.show.document import Document


@analysis(
    "claims",
    click.argument("names", nargs=-1, metavar="[CLAIM ...]"),
    click.option(
        "--sets",
        type=click.IntRange(8, 10_000),
        default=40,
        show_default=True,
        help="Sets of the unknown parameters, a Latin hypercube.",
    ),
    click.option(
        "--organisations",
        type=click.IntRange(2, 1_000),
        default=8,
        show_default=True,
        help="Organisations of the mixed population for each set.",
    ),
    seed_option,
    click.option(
        "--rule",
        "rules",
        multiple=True,
        metavar="RULE",
        help="What another rule or null model does to them (several: once each).",
    ),
    click.option(
        "--at-zero",
        is_flag=True,
        help="Which weights, at zero, take them away.",
    ),
    click.option(
        "--size",
        type=click.Choice(("small", "large")),
        help="In organisations of this size, whatever a claim is about.",
    ),
    results="claims",
)
def claims(options: Options, frame: Frame) -> "Document":
    """Put the claims of the articles to the test, all or those named.

    Each over the mixed population of organisations and sets of all parameters that are
    not known, by cutting the path it is said to run through, and for where it turns.
    Goes on where it stopped.
    """
    from experiments.science.claims import rival_text, text
    from experiments.science.claims.shifts import under_rules
    from experiments.science.claims.testing import ClaimTest, put_to_the_test
    from experiments.science.claims.weights import without_weights

    if options.rules and options.at_zero:
        raise click.UsageError("--rule and --at-zero are told one at a time")
    names, size, language = options.names, options.size, frame.language
    asked = ClaimTest(options.sets, options.organisations, options.seed, size=size)
    how = (frame.output, asked, frame.workers, frame.progress)
    suffix = "".join(f"-{part}" for part in _told_apart(names, asked))
    if options.rules:
        shifts = under_rules(names, options.rules, *how)
        return rival_text.rules_document(shifts, asked, language, suffix)
    if options.at_zero:
        folder, _, workers, progress = how
        gone = without_weights(names, folder, options.seed, workers, progress)
        return rival_text.weights_document(gone, language, suffix)
    found = put_to_the_test(names, frame.output, asked, frame.workers, frame.progress)
    return text.document_of(found, asked, language, suffix)


def _told_apart(names: tuple[str, ...], asked: "ClaimTest") -> list[str]:
    """Return the parts of a folder's name that tell a test apart from the default."""
    parts = [asked.size]
    if (asked.sets, asked.organisations) != (40, 8) or asked.seed != 1:
        parts.append(f"{asked.sets}x{asked.organisations}-seed-{asked.seed}")
    if names:
        parts.append(names[0] if len(names) == 1 else f"{len(names)}-of-them")
    return [part for part in parts if part]
