"""`orgsim worth A B ...`: what is worth finding out before choosing."""

from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis, tell_failures
from experiments.cli.options import (
    number_option,
    outcome_names,
    over_sets_option,
    seed_option,
    weeks_option,
)

if TYPE_CHECKING:
    from experiments.show.document import Document


@analysis(
    "worth",
    click.argument("scenarios", nargs=-1, required=True, metavar="A B ..."),
    click.option(
        "--by",
        callback=outcome_names,
        multiple=True,
        metavar="A,B,...",
        help="Outcomes that the choice is judged by.  [default: headlines and margin]",
    ),
    number_option(
        "--replicates",
        (40, 100_000),
        "Simulated worlds for each scenario; by default as many as it takes.",
    ),
    weeks_option,
    seed_option,
    over_sets_option,
    results="worth",
)
def worth(options: Options, frame: Frame) -> "Document":
    """Tell which unknown is worth finding out before choosing between scenarios.

    The scenarios are the options: today as the interview wrote it, with its [unknown],
    and what may be done. All live in the same simulated worlds, which draw what is not
    known. For each open question: how often its answer changes the choice, what that
    brings on average, and what would flip the choice. By default worlds are added
    until verdicts are settled (100 to 800).
    """
    from experiments.compare.reading import read_all
    from experiments.science.evidence.sets import read_over
    from experiments.worth.documents import worth_document
    from experiments.worth.finding import BY
    from experiments.worth.living import find_worth

    read = read_all(read_over(options.scenarios, options.over_sets))
    frame.folder(*(one.name for one in read))
    found, runs = find_worth(
        read,
        options.by or BY,
        options.replicates,
        frame.progress,
        seed=options.seed,
        weeks=options.weeks,
        workers=frame.workers,
    )
    frame.interrupted = runs.interrupted
    tell_failures(runs.failures)
    return worth_document(found, frame.language)
