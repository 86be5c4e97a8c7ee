"""The id of a study's runs, which is given as the source of every number."""

from collections.abc import Sequence

from experiments.run.replicates import Replicates
from experiments.run.store import digest
from simulation.scenario import ResolvedScenario

LENGTH = 12
"""Hexadecimal digits of an id."""


def study_id(
    scenarios: Sequence[ResolvedScenario], seed: int, worlds: Sequence[int], weeks: int
) -> str:
    """Return the id of some scenarios' runs; the same runs always have the same id.

    It depends on the version of the model's results, the scenarios without their names,
    the seed, the worlds and the weeks.
    """
    from simulation.version import results_version

    organisations = [one.canonical() for one in scenarios]
    made = [results_version(), organisations, seed, list(worlds), weeks]
    return digest(made)[:LENGTH]


def id_of(runs: Replicates) -> str:
    """Return the id of these runs."""
    return study_id(runs.scenarios, runs.seed, runs.worlds, runs.weeks)
