"""Simulating the options of a choice until it is told what is worth finding out."""

from collections.abc import Sequence
from typing import Any

from experiments.compare.settling import affordable_worlds, continued
from experiments.files.progress import Progress
from experiments.run.replicates import Replicates
from experiments.run.runner import run
from experiments.statistics.information import FEWEST
from experiments.statistics.verdicts import is_settled
from experiments.worth.finding import BY, ChoiceWorth, check_choice, worth_of
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

FIRST_WORLDS = 100
"""Worlds after which it is first judged whether there are enough."""
MOST_WORLDS = 800
"""Worlds at which simulating stops, settled or not."""


@checks_numbers
def find_worth(
    scenarios: Sequence[ResolvedScenario],
    by: Sequence[str] = BY,
    replicates: int | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> tuple[ChoiceWorth, Replicates]:
    """Return what is worth finding out before choosing between scenarios, and the runs.

    The scenarios live in the same `replicates` worlds; by default in as many as settle
    all verdicts, doubled from `FIRST_WORLDS` up to `MOST_WORLDS`. The widths of
    intervals decide, not the gains. `options` are those of `run`. Ctrl-C keeps the
    worlds so far, if they are enough to tell anything. Raises `InputError`
    for a choice that cannot be judged, before anything runs.
    """
    check_choice(scenarios, by)
    told = progress or Progress("", quiet=True)
    first = FIRST_WORLDS if replicates is None else replicates
    runs = run(scenarios, first, progress=told, **options)
    if runs.interrupted and len(runs.worlds) < FEWEST:
        raise KeyboardInterrupt
    worth = worth_of(runs, by)
    while replicates is None and not (runs.interrupted or _enough(worth, runs)):
        told.earlier = len(scenarios) * runs.asked
        runs = continued(runs, runs.asked, told, options)
        worth = worth_of(runs, by)
    return worth, runs


def _enough(worth: ChoiceWorth, runs: Replicates) -> bool:
    """Return whether all verdicts are settled, or enough has been simulated."""
    if 2 * runs.asked > min(MOST_WORLDS, affordable_worlds(runs)):
        return True
    answers = [answer for one in worth.outcomes for answer in one.answers]
    return all(is_settled(x.gain, x.outcome.smallest_difference) for x in answers)
