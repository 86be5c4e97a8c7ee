"""Run the week in another order of turns: who acts first within each phase.

The order of phases stays the same. Within each phase, agents act from the last seat to
the first, or in an order drawn anew each week and phase by addressed draws. Rules of
the whole organisation have loops over people of their own and stay as they are.
"""

from functools import cache
from typing import Any

import numpy as np

from simulation.chance import uniform
from simulation.compiled import entry
from simulation.ensemble.live import LOOPS, Life, compose, week_source
from simulation.founding import Founder, State
from simulation.outcomes import SERIES_RECORD
from simulation.purposes import DEALT_TURNS
from simulation.runs import Run
from simulation.week import EVERYONE, SALES_PEOPLE
from simulation.whole_numbers import checks_numbers

RANKS = {
    "reversed": "-float(j)",
    "shuffled": f"uniform(firm[0].key, {DEALT_TURNS}, firm[0].week, who, {{place}})",
}
"""What a turn is sorted by, for each order but that of seats."""
ORDERS = ("seats", *RANKS)
_WHO = {
    LOOPS[EVERYONE][0]: ("people.shape[0]", "j"),
    LOOPS[SALES_PEOPLE][0]: ("reps.shape[0]", "reps[j]"),
}
"""Head of a loop over people -> how many there are, and the j-th of them."""
_DEALT = """\
for j in range({size}):
    who = people[{one}].seat
    rank = {rank}
    k = j
    while k > 0 and ranks[k - 1] > rank:
        ranks[k] = ranks[k - 1]
        turns[k] = turns[k - 1]
        k -= 1
    ranks[k] = rank
    turns[k] = {one}
for j in range({size}):
    i = turns[j]"""


def source_in(order: str, only: int | None = None) -> str:
    """Return the source of the week in an order of `RANKS`.

    `only` reorders that one loop over people; loops count from 0 in the order of the
    week. None reorders all.
    """
    head, *lines = week_source().splitlines()
    loops = [at for at, line in enumerate(lines) if line.strip() in _WHO]
    for place, at in enumerate(loops):
        if only in (None, place):
            lines[at] = _dealt(lines[at], order, place)
    return "\n".join([head.replace("until,", "turns, ranks, until,"), *lines]) + "\n"


def _dealt(line: str, order: str, place: int) -> str:
    """Return code that replaces the head of a loop over people with another order."""
    size, one = _WHO[line.strip()]
    rank = RANKS[order].format(place=place)
    lines = _DEALT.format(size=size, one=one, rank=rank).splitlines()
    indent = line[: -len(line.lstrip())]
    return "\n".join(indent + dealt for dealt in lines)


@cache
def week_in(order: str, only: int | None = None) -> Any:
    """Return the compiled week in an order; arguments as in `source_in`."""
    return compose(source_in(order, only), uniform=uniform)


@checks_numbers
def live_in_order(
    founder: Founder, seed: int, replicate: int, probe_week: int | None, week: Any
) -> Run:
    """Simulate one world, and its probe, with a composed week as the ensemble does."""
    weeks = founder.scenario.weeks
    state = founder.found(seed, replicate)
    series = np.zeros(weeks, SERIES_RECORD)
    life = _Life(state, series, week)
    probe = None
    if probe_week is not None:
        life.until(probe_week)
        twin = state.copy()
        for one, real in ((state, 0), (twin, 1)):
            one.firm["shock_week"] = probe_week
            one.firm["shock_is_real"] = real
        probe = series.copy()
        _Life(twin, probe, week).until(weeks)
    life.until(weeks)
    return Run(series, probe, probe_week)


class _Life(Life):
    """A life run with another week; it keeps only the weekly records."""

    def __init__(self, state: State, series: np.ndarray, week: Any) -> None:
        nobody = np.zeros((len(series), 0, 0), np.int64)
        super().__init__(state, series, np.zeros(0, np.int64), nobody)
        size = len(state.people)
        self._arrays += [np.zeros(size, np.int64), np.zeros(size)]
        self._live = entry(week, *self._arrays, 0, *self._records)
