"""`orgsim run A`: one scenario over time."""

from typing import Any

import click

from experiments.cli.options import study_options


@click.command("run")
@click.argument("scenario", metavar="A")
@study_options
def run(scenario: str, **options: Any) -> int:
    """Run one scenario in many simulated worlds and tell where it ends.

    A scenario is a file or the name of one that ships; see `orgsim list`.
    """
    from experiments.cli.scenario_runs import run_and_tell
    from experiments.compare.overview import overview

    return run_and_tell(overview, (scenario,), **options)
