"""Running until the verdicts on the headline outcomes are settled."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from experiments.compare.comparison import Comparison
from experiments.files.progress import Progress
from experiments.run.replicates import Replicates, joined
from experiments.run.runner import LEAST_KEPT, run
from experiments.statistics.verdicts import worlds_to_settle
from simulation.outcomes import OUTCOMES
from simulation.scenario import ResolvedScenario

FIRST_WORLDS = 40
"""Worlds after which it is first judged how many are needed."""
MOST_WORLDS = 400
"""Worlds at which running stops, settled or not."""
MOST_PERSON_WEEKS = 5_000_000
"""Weeks of people, over all scenarios, beyond which no more worlds are added."""
FEWEST_MORE = 20
SPARE = 1.05
"""How much more than seems needed is run, as estimates of spreads are not exact."""


def run_until_settled(
    scenarios: Sequence[ResolvedScenario],
    outcomes: tuple[str, ...],
    progress: Progress | None = None,
    **options: Any,
) -> Replicates:
    """Run scenarios until the difference in each headline outcome is narrow enough.

    An interval is narrow enough if its verdict is settled: see `is_settled`. The widths
    of intervals decide, not their estimates, so that stopping does not favour effects
    that happen to look large (Chow & Robbins 1965). `outcomes` are those of a
    `Comparison`, and `options` are those of `run`. Ctrl-C keeps the worlds so far.
    """
    told = progress or Progress("", quiet=True)
    runs = run(scenarios, FIRST_WORLDS, progress=told, **options)
    while not runs.interrupted and (more := _more_worlds(runs, outcomes)):
        told.earlier = len(scenarios) * runs.asked
        runs = continued(runs, more, told, options)
    return runs


def _more_worlds(runs: Replicates, outcomes: tuple[str, ...]) -> int:
    """Return how many worlds to run next; 0 if all is settled or enough has run."""
    study = Comparison(runs, outcomes)
    needed = 0
    for name in study.headlines:
        matters = OUTCOMES[name].smallest_difference
        for difference in study.differences(name):
            needed = max(needed, worlds_to_settle(difference, matters) or 0)
    most = min(MOST_WORLDS, affordable_worlds(runs))
    if needed <= len(runs.worlds) or runs.asked >= most:
        return 0
    wanted = max(int(SPARE * needed), runs.asked + FEWEST_MORE)
    return min(wanted, most) - runs.asked


def affordable_worlds(runs: Replicates) -> int:
    """Return how many worlds `MOST_PERSON_WEEKS` allow, the same on every machine."""
    one_world = runs.weeks * runs.series["seats"].mean((1, 2)).sum()
    return int(MOST_PERSON_WEEKS / one_world)


def continued(
    runs: Replicates, more: int, progress: Progress, options: dict[str, Any]
) -> Replicates:
    """Return the runs with `more` worlds added.

    If Ctrl-C comes before `LEAST_KEPT` of them are complete, return the runs so far,
    marked as interrupted; raise KeyboardInterrupt if these too have fewer worlds.
    """
    try:
        further = run(
            runs.scenarios, more, first=runs.asked, progress=progress, **options
        )
    except KeyboardInterrupt:
        if len(runs.worlds) < LEAST_KEPT:
            raise
        return replace(runs, asked=runs.asked + more, interrupted=True)
    return joined(runs, further)
