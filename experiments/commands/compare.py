"""`orgsim compare A B ...`: scenarios over the same worlds, and what differs."""

from typing import Any

import click

from experiments.commands.options import study_options


@click.command("compare")
@click.argument("scenarios", nargs=-1, required=True, metavar="A B ...")
@study_options
def compare(scenarios: tuple[str, ...], **options: Any) -> int:
    """Run scenarios over the same simulated worlds and tell what differs.

    The first is what the others are compared with. A scenario is a file or the name
    of one that ships; see `orgsim list`. Answer, tables, figures and weekly series go
    to a folder in results/.
    """
    if len(scenarios) < 2:
        raise click.UsageError("Name two scenarios or more; for one: orgsim run.")
    from experiments.commands.study import report
    from experiments.comparison import compare

    return report(compare, scenarios, **options)
