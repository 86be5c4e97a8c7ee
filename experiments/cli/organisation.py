"""The organisation that a command starts from: SCENARIO as it stands today."""

from typing import TYPE_CHECKING

from experiments.cli.frame import Options

if TYPE_CHECKING:
    from simulation.scenario import ResolvedScenario


def organisation_today(options: Options) -> "ResolvedScenario":
    """Return SCENARIO as the organisation is in week 0, for the options given.

    `--weeks` sets the horizon (by default that of the scenario); with `--over-sets`
    worlds run under the parameter sets that pass calibration.
    """
    from experiments.advise.moves import today
    from experiments.run.runner import to_one_horizon
    from experiments.science.evidence.sets import read_over

    [scenario] = read_over([options.scenario], options.over_sets)
    [organisation] = to_one_horizon([today(scenario)], options.weeks)
    return organisation
