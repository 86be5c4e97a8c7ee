"""What tells a study's runs apart from all others: the id under every number."""

from collections.abc import Sequence

from experiments.run.replicates import Replicates
from experiments.run.store import digest
from simulation.scenario import ResolvedScenario

LENGTH = 12
"""Hexadecimal digits of an id."""


def study_id(
    scenarios: Sequence[ResolvedScenario], seed: int, worlds: Sequence[int], weeks: int
) -> str:
    """Return the id of some scenarios' runs: the same runs always have the same.

    It changes with the version of the model's results, the scenarios without their
    names, the seed, the worlds and the weeks.
    """
    from simulation.version import results_version

    organisations = [one.canonical() for one in scenarios]
    made = [results_version(), organisations, seed, list(worlds), weeks]
    return digest(made)[:LENGTH]


def id_of(runs: Replicates) -> str:
    """Return the id of runs at hand."""
    return study_id(runs.scenarios, runs.seed, runs.worlds, runs.weeks)
