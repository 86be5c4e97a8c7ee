"""How long a large job takes, estimated from a few timed runs before it starts."""

import time

from experiments.run.relearning import probe_week_of
from experiments.words.numerals import number, say
from simulation.ensemble import Job
from simulation.ensemble.worlds import live_world
from simulation.processors import available
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
    """Return a sentence with the number of runs and the longest time they take here.

    `at_once` is the largest number of runs that can go side by side.
    """
    seconds = seconds_of(organisation, runs, at_once, workers)
    unit, span = span_of(seconds)
    return say(
        f"cost_{unit}",
        language,
        runs=number(runs, language),
        weeks=organisation.weeks,
        span=number(span, language),
    )


def span_of(seconds: float) -> tuple[str, float]:
    """Return a unit (`minutes` or `seconds`) and the time in that unit.

    Times above 90 seconds are in minutes; others are at least 1 second.
    """
    return ("minutes", seconds / 60) if seconds > 90 else ("seconds", max(seconds, 1))


def seconds_of(
    organisation: ResolvedScenario, runs: int, at_once: int, workers: int | None = None
) -> float:
    """Return the longest time, in seconds, that `runs` runs take on this machine."""
    weeks = organisation.weeks
    job = Job(founder_of(organisation), 0, 0, weeks, probe_week_of(weeks))
    live_world(job)
    start = time.monotonic()
    for _ in range(TIMED):
        live_world(job)
    each = (time.monotonic() - start) / TIMED
    return runs * each / min(workers or available(), at_once)
