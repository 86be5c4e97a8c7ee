"""The organisation that a command starts from: SCENARIO as it stands today."""

from typing import TYPE_CHECKING

from experiments.cli.frame import Options

if TYPE_CHECKING:
    from simulation.scenario import ResolvedScenario


def organisation_today(options: Options) -> "ResolvedScenario":
    """Return what SCENARIO says of today, for --weeks, --over-sets where asked."""
    from experiments.advise.moves import today
    from experiments.run.runner import to_one_horizon
    from experiments.science.evidence.sets import read_over

    [scenario] = read_over([options.scenario], options.over_sets)
    [organisation] = to_one_horizon([today(scenario)], options.weeks)
    return organisation
