"""Options that commands share: the same names, meanings and limits everywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

STYLES = ("slide", "nature", "elsevier", "springer", "plos", "jasss")
LANGUAGES = ("en", "nl")
ENGINES = ("compiled", "mesa")
KINDS = ("page", "slides", "workbook", "latex", "csv")


def outcome_names(
    ctx: click.Context, _: click.Parameter, texts: tuple[str, ...]
) -> Any:
    """Split `a,b` into names; refuse unknown outcomes before anything runs."""
    if not texts:
        return None
    from experiments.compare.reading import chosen_outcomes
    from experiments.errors import InputError

    parts = ",".join(texts).split(",")
    names = tuple(name.strip() for name in parts if name.strip())
    if not names:
        raise click.BadParameter("name one outcome or more, with commas between.")
    try:
        return chosen_outcomes(names)
    except InputError as error:
        raise click.BadParameter(str(error)) from None


def number_option(
    name: str, limits: tuple[int, int], text: str, default: int | None = None
) -> Callable:
    """Return an option for a whole number within `limits`, both ends allowed.

    Its help is `text` with the limits, and the default if there is one.
    """
    return click.option(
        name,
        type=click.IntRange(*limits),
        default=default,
        show_default=default is not None,
        help=text,
    )


seed_option = number_option("--seed", (0, 2**63 - 2), "Which worlds.", 1)
HORIZON = "orgsim.horizon"
"""Key of the weeks that are lived, if they were asked for, in a context's `meta`."""


def horizon_option(limits: tuple[int, int], text: str) -> Callable:
    """Return the option --weeks for how many weeks are lived."""

    def keep(context: click.Context, _: click.Parameter, weeks: int | None) -> Any:
        context.meta[HORIZON] = weeks
        return weeks

    kind = click.IntRange(*limits)
    return click.option("--weeks", type=kind, help=text, callback=keep)


weeks_option = horizon_option((1, 5_200), "Weeks that are lived.")
style_option = click.option(
    "--style",
    type=click.Choice(STYLES),
    default="slide",
    show_default=True,
    help="What the figures are drawn for.",
)


class Kinds(click.Choice):
    """Kinds of documents; for a scenario file in their place, says where it belongs."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Any:
        """Return a kind of document."""
        plans = ctx and any("--own" in one.opts for one in ctx.command.params)
        if plans and str(value).endswith(".toml"):
            kinds = ", ".join(self.choices)
            text = f"{value!r} is not one of {kinds}; a plan of your own: --own FILE"
            self.fail(text, param, ctx)
        return super().convert(value, param, ctx)


language_option = click.option(
    "--language", type=click.Choice(LANGUAGES), default="en", show_default=True
)
quiet_option = click.option("--quiet", is_flag=True, help="Show no progress.")
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document."
)
with_option = click.option(
    "--with",
    "kinds",
    type=Kinds(KINDS),
    multiple=True,
    help="Documents beside the results (several: once each).",
)
template_option = click.option(
    "--template",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A .pptx or .potx whose pages the slides use.",
)


def outcomes_option(what: str) -> Callable:
    """Return the option for outcomes, separated by commas or given one by one."""
    return click.option(
        "--outcomes",
        callback=outcome_names,
        multiple=True,
        metavar="A,B,...",
        help=what,
    )


over_sets_option = click.option(
    "--over-sets",
    is_flag=True,
    help="Answer over the sets of parameters that calibration leaves, not the table.",
)

document_options = (
    language_option,
    style_option,
    with_option,
    template_option,
    over_sets_option,
)
"""The options of studies on how answers are told, and over which parameters."""

study_options = (
    number_option(
        "--replicates",
        (1, 100_000),
        "Simulated worlds for each scenario; by default as many as it takes.",
    ),
    number_option(
        "--weeks",
        (1, 5_200),
        "Weeks that are lived; by default what the scenarios say.",
    ),
    number_option("--seed", (0, 2**63 - 1), "Which worlds.", 1),
    outcomes_option("Outcomes to show; the files hold all of them."),
    click.option(
        "--output",
        type=click.Path(file_okay=False),
        metavar="DIR",
        help="Where the results go; by default a folder in results/.",
    ),
    json_option,
    *document_options,
    quiet_option,
    number_option(
        "--workers",
        (1, 1_000),
        "Threads, or processes on Mesa; by default one for each processor.",
    ),
    click.option(
        "--engine",
        type=click.Choice(ENGINES),
        help="The compiled model (the default), or its agents on Mesa.",
    ),
    click.option(
        "--debug", is_flag=True, expose_value=False, help="Show failures in full."
    ),
)
"""The options of commands that run scenarios and compare them."""


factor_options = (
    click.option(
        "--factors",
        multiple=True,
        metavar="NAME",
        help="Draw these parameters only (several: once each).",
    ),
    click.option(
        "--structure",
        multiple=True,
        metavar="NAME[=LOW:HIGH]",
        help="Draw this structural number too (several: once each).",
    ),
    click.option("--levers", is_flag=True, help="Draw the settings of levers too."),
)
"""The options that tell which factors are drawn."""

point_options = (
    number_option(
        "--replicates",
        (2, 10_000),
        "Simulated worlds at each point, everywhere the same.",
        4,
    ),
    weeks_option,
    click.option(
        "--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True
    ),
)
"""The options that tell which worlds are lived at each point."""
