"""What long work costs, told before it starts by runs that are timed."""

import time

from experiments.run.runner import probe_week_of
from experiments.run.workers import available
from experiments.words.numerals import number, say
from simulation.ensemble import Job
from simulation.ensemble.worlds import live_world
from simulation.scenario import ResolvedScenario
from simulation.scenario_unknown import founder_of

TIMED = 5
"""Runs by which the time is told."""


def cost_text(
    organisation: ResolvedScenario,
    runs: int,
    at_once: int,
    workers: int | None = None,
    language: str = "en",
) -> str:
    """Return how many runs are to come and how long they take here at most.

    `at_once` tells over how many processes they can be shared.
    """
    seconds = seconds_of(organisation, runs, at_once, workers)
    unit, span = span_of(seconds)
    return say(
        f"cost_{unit}",
        language,
        runs=number(runs, language),
        weeks=number(organisation.weeks, language),
        span=number(span, language),
    )


def span_of(seconds: float) -> tuple[str, float]:
    """Return the unit in which a time is told, and the time in it."""
    return ("minutes", seconds / 60) if seconds > 90 else ("seconds", max(seconds, 1))


def seconds_of(
    organisation: ResolvedScenario, runs: int, at_once: int, workers: int | None = None
) -> float:
    """Return how long so many runs of an organisation take here at most."""
    weeks = organisation.weeks
    job = Job(founder_of(organisation), 0, 0, weeks, probe_week_of(weeks))
    live_world(job)
    start = time.monotonic()
    for _ in range(TIMED):
        live_world(job)
    each = (time.monotonic() - start) / TIMED
    return runs * each / min(workers or available(), at_once)
