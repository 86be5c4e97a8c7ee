"""`orgsim run A`: one scenario over time."""

import click

from experiments.cli.frame import Options, command
from experiments.cli.options import study_options


@command("run", click.argument("scenario", metavar="A"), *study_options)
def run(options: Options) -> int:
    """Run one scenario in many simulated worlds and tell where it ends.

    A scenario is a file or the name of one that ships; see `orgsim list`.
    """
    from experiments.cli.scenario_runs import run_and_tell
    from experiments.compare.overview import overview

    return run_and_tell(overview, (options.scenario,), options)
