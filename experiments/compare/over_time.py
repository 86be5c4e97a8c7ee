"""Where the way to the end is otherwise than the end.

Most outcomes are those of the last half year, so that what was worse (or better) in
between would go untold.
"""

from dataclasses import dataclass

import numpy as np

from experiments.statistics.intervals import Interval, mean_known
from experiments.statistics.paired import simultaneous_intervals
from experiments.words.numerals import (
    number,
    say,
)
from experiments.words.phrases import OF_LAST_WEEKS, clause
from simulation.measures import LAST_WEEKS
from simulation.outcomes import OUTCOMES, find

QUARTER = 13
"""Weeks over which a difference on the way is averaged."""


@dataclass(frozen=True)
class Detour:
    """The quarter before the last half year that differs most from what is told.

    `first` and `last` are its weeks; `difference` is that of the outcome in it, whose
    interval holds together with those of all other such quarters.
    """

    outcome: str
    first: int
    last: int
    difference: Interval


def detour(outcome: str, base: np.ndarray, other: np.ndarray) -> Detour | None:
    """Return where an outcome surely goes beyond its end, by more than is too small.

    `base` and `other` are its weekly values in the same worlds, (worlds, weeks). A
    quarter counts where the difference in it, and what it has more of that than the
    last half year, both surely exceed the smallest difference that matters: so where
    it is larger than at the end, or of the other sign, but not where it is on its way
    there. None where no quarter does, or the outcome is not one of the last half year.
    """
    one = OUTCOMES[outcome]
    quarters = (base.shape[1] - LAST_WEEKS) // QUARTER
    if one.summary not in OF_LAST_WEEKS or quarters < 1:
        return None
    apart = other - base
    end = mean_known(apart[:, -LAST_WEEKS:], 1)
    shape = (len(base), quarters, QUARTER)
    way = mean_known(apart[:, : quarters * QUARTER].reshape(shape), 2)
    found = simultaneous_intervals(way)
    beyond = simultaneous_intervals(way - end[:, None])
    size = one.smallest_difference
    sizes = {
        k: abs(x.estimate)
        for k, (x, more) in enumerate(zip(found, beyond, strict=True))
        if _surely(x, size) and _surely(x, size) == _surely(more, size)
    }
    if not sizes:
        return None
    k = max(sizes, key=lambda quarter: sizes[quarter])
    return Detour(outcome, k * QUARTER, (k + 1) * QUARTER - 1, found[k])


def _surely(difference: Interval, smallest: float) -> int:
    """Return the sign of what is surely larger than what is too small, else 0."""
    if not difference.known:
        return 0
    return int(difference.low > smallest) - int(difference.high < -smallest)


def on_the_way(found: "Detour", language: str = "en") -> str:
    """Return in a sentence where an outcome went otherwise before the end.

    It follows the sentence about the scenario, which it calls `it`.
    """
    outcome = find(found.outcome)
    return say(
        "on_the_way",
        language,
        first=number(found.first, language),
        last=number(found.last, language),
        clause=clause(found.difference, outcome, language),
    )
