"""`orgsim dock march fang`: published models by the model's own rules."""

from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Frame, Options, analysis
from experiments.cli.options import number_option
from experiments.errors import did_you_mean

if TYPE_CHECKING:
    from experiments.show.document import Document

MODELS = {"march": 1000, "fang": 100}
"""Models that can be docked, and the replicates of each unless asked otherwise."""


def _known(
    ctx: click.Context, _: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the named models, or all; refuse an unknown one with the nearest name."""
    for name in names:
        if name not in MODELS:
            hint = did_you_mean(name, MODELS) or f"; known: {', '.join(MODELS)}"
            raise click.BadParameter(f"no model {name!r} to dock{hint}", ctx)
    return tuple(dict.fromkeys(names)) or tuple(MODELS)


@analysis(
    "dock",
    click.argument("models", nargs=-1, metavar="[march] [fang]", callback=_known),
    number_option(
        "--replicates",
        (2, 100_000),
        "Runs for each point; by default 1000 for march, 100 for fang.",
    ),
    click.option(
        "--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True
    ),
    results="docking",
)
def dock(options: Options, frame: Frame) -> "Document":
    """Reproduce published models with the model's own rules, all else off.

    march: March (1991), Figures 1 to 5. fang: Fang, Lee & Schilling (2010). Tables,
    figures and captions are written; docs/docking.md tells what they show.
    """
    from experiments.science.docking.docked import Docking
    from experiments.science.docking.docked import dock as run
    from experiments.science.docking.text import document_of

    dockings: list[Docking] = []
    for model in options.models:
        replicates = options.replicates or MODELS[model]
        try:
            dockings.append(run(model, replicates, options.seed, frame.progress))
        except KeyboardInterrupt:
            if not dockings:
                raise
            frame.interrupted = True  # finished models are still saved
            break
    return document_of(dockings, frame.language)
