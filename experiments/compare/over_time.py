"""Detours: quarters in which an outcome differs from its value at the end.

Most outcomes are measured over the last half year, which hides what was worse (or
better) before.
"""

from dataclasses import dataclass

import numpy as np

from experiments.statistics.intervals import Interval, mean_known
from experiments.statistics.paired import simultaneous_intervals
from experiments.words import phrases
from experiments.words.numerals import number, say
from experiments.words.phrases import OF_LAST_WEEKS
from simulation.measures import LAST_WEEKS
from simulation.outcomes import OUTCOMES, find

QUARTER = 13
"""Weeks over which a difference on the way is averaged."""


@dataclass(frozen=True)
class Detour:
    """The quarter before the last half year in which a difference is largest.

    `first` and `last` are its weeks; `difference` is the difference in the outcome in
    that quarter, with an interval that holds simultaneously over all such quarters.
    """

    outcome: str
    first: int
    last: int
    difference: Interval


def detour(outcome: str, base: np.ndarray, other: np.ndarray) -> Detour | None:
    """Return the detour of an outcome, or None if no quarter counts as one.

    `base` and `other` are its weekly values in the same worlds, (worlds, weeks). A
    quarter counts if two differences both surely exceed the smallest difference that
    matters, with the same sign: the difference in that quarter, and its excess over
    the difference in the last half year. The quarter's difference is then larger than
    at the end, or of the other sign, and not merely on its way there. None also for an
    outcome that is not measured over the last half year.
    """
    one = OUTCOMES[outcome]
    quarters = (base.shape[1] - LAST_WEEKS) // QUARTER
    if one.summary not in OF_LAST_WEEKS or quarters < 1:
        return None
    apart = other - base
    end = mean_known(apart[:, -LAST_WEEKS:], 1)
    shape = (len(base), quarters, QUARTER)
    way = mean_known(apart[:, : quarters * QUARTER].reshape(shape), 2)
    intervals = simultaneous_intervals(way)
    beyond = simultaneous_intervals(way - end[:, None])
    size = one.smallest_difference
    sizes = {
        k: abs(x.estimate)
        for k, (x, more) in enumerate(zip(intervals, beyond, strict=True))
        if _surely(x, size) and _surely(x, size) == _surely(more, size)
    }
    if not sizes:
        return None
    k = max(sizes, key=lambda quarter: sizes[quarter])
    return Detour(outcome, k * QUARTER, (k + 1) * QUARTER - 1, intervals[k])


def _surely(difference: Interval, smallest: float) -> int:
    """Return the sign of a difference that surely exceeds the smallest one, else 0."""
    if not difference.known:
        return 0
    return int(difference.low > smallest) - int(difference.high < -smallest)


def on_the_way(found: "Detour", language: str = "en") -> str:
    """Return a sentence about a detour, with the outcome as its subject."""
    outcome, higher = find(found.outcome), found.difference.estimate > 0
    word = "otherwise"
    if outcome.good != "neutral":
        word = "better" if higher == (outcome.good == "higher") else "worse"
    size, ends = phrases.size_and_ends(found.difference.size, outcome, language)
    return say(
        "on_the_way",
        language,
        what=outcome.label[language],
        word=say(word, language),
        size=size,
        way=phrases.way(higher, outcome, language),
        interval=ends,
        first=number(found.first, language),
        last=number(found.last, language),
    )
