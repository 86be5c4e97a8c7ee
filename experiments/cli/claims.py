"""`orgsim claims`: the articles' claims put to the test."""

from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import number_option, seed_option

if TYPE_CHECKING:
    from experiments.science.claims.testing import ClaimTest
    from experiments.show.document import Document


@analysis(
    "claims",
    click.argument("names", nargs=-1, metavar="[CLAIM ...]"),
    number_option(
        "--sets", (8, 10_000), "Sets of the unknown parameters, a Latin hypercube.", 40
    ),
    number_option(
        "--organisations",
        (2, 1_000),
        "Organisations of the mixed population for each set.",
        8,
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

    Each is measured in a mixed population of organisations, over sets of all unknown
    parameters. Also tells how much of the effect runs through the path that the claim
    names, and under which condition it holds if not everywhere. Goes on where it
    stopped.
    """
    from experiments.science.claims import rival_text, text
    from experiments.science.claims.shifts import under_rules
    from experiments.science.claims.testing import ClaimTest, put_to_the_test
    from experiments.science.claims.weights import without_weights

    if options.rules and options.at_zero:
        raise click.UsageError("--rule and --at-zero are told one at a time")
    names, size, language = options.names, options.size, frame.language
    test = ClaimTest(options.sets, options.organisations, options.seed, size=size)
    how = (frame.output, test, frame.workers, frame.progress)
    suffix = "".join(f"-{part}" for part in _told_apart(names, test))
    if options.rules:
        shifts = under_rules(names, options.rules, *how)
        return rival_text.rules_document(shifts, test, language, suffix)
    if options.at_zero:
        folder, _, workers, progress = how
        gone = without_weights(names, folder, options.seed, workers, progress)
        return rival_text.weights_document(gone, language, suffix)
    found = put_to_the_test(names, frame.output, test, frame.workers, frame.progress)
    return text.document_of(found, test, language, suffix)


def _told_apart(names: tuple[str, ...], test: "ClaimTest") -> list[str]:
    """Return the parts of a folder's name that tell a test apart from the default."""
    parts = [test.size]
    if (test.sets, test.organisations) != (40, 8) or test.seed != 1:
        parts.append(f"{test.sets}x{test.organisations}-seed-{test.seed}")
    if names:
        parts.append(names[0] if len(names) == 1 else f"{len(names)}-of-them")
    return [part for part in parts if part]
