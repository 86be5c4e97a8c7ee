"""The verdict on a difference: one rule for every text, table, figure and page.

A verdict never rewards vagueness. An effect counts as clear only if its interval
excludes zero and its estimate is at least what matters; that there is no relevant
difference is said only where the whole interval lies within what matters.
"""

import math
from enum import StrEnum

from experiments.statistics.intervals import Interval

ENOUGH_TO_BE_SAME = 10
"""Worlds from which a difference that is the same in all of them is believed."""
SETTLED_SHARE = 0.5
"""An interval of a half-width of this share of what matters always has a verdict.

It then excludes zero or lies within what matters, whatever its estimate.
"""


class Verdict(StrEnum):
    """What can be said of a difference, given the smallest one that matters."""

    CLEAR = "clear"
    """The interval excludes zero, and the estimate is at least what matters."""
    SLIGHT = "slight"
    """The interval excludes zero, and the estimate is less than what matters."""
    NONE = "none"
    """The whole interval lies within what matters, and does not exclude zero."""
    UNCLEAR = "unclear"
    """All else; more worlds would tell."""


def verdict_on(difference: Interval, smallest: float) -> Verdict:
    """Return the verdict on a difference; `smallest` is what matters, in its unit.

    Unclear where the interval is not known, or where all of fewer than
    `ENOUGH_TO_BE_SAME` worlds give the same difference: the next may differ.

    >>> from experiments.statistics.intervals import t_interval
    >>> [str(verdict_on(t_interval([x, x + 2]), 3)) for x in (20, -1)]
    ['clear', 'unclear']
    """
    if not difference.known or _may_change(difference):
        return Verdict.UNCLEAR
    if not difference.spans_zero:
        large = abs(difference.estimate) >= smallest
        return Verdict.CLEAR if large else Verdict.SLIGHT
    return Verdict.NONE if difference.within(smallest) else Verdict.UNCLEAR


def _may_change(difference: Interval) -> bool:
    """Return whether too few worlds agree exactly for their interval to be believed."""
    return not difference.sd > 0 and difference.n < ENOUGH_TO_BE_SAME


def clear_sign(difference: Interval, smallest: float) -> int:
    """Return the sign of a clear difference, else 0."""
    if verdict_on(difference, smallest) != Verdict.CLEAR:
        return 0
    return 1 if difference.estimate > 0 else -1


def is_settled(difference: Interval, smallest: float) -> bool:
    """Return whether an interval is as narrow as what matters.

    Until then a verdict is provisional. The width alone decides, not the estimate, so
    that stopping here does not favour effects that happen to look large. Where no world
    has a value, more worlds have none either.
    """
    if difference.n == 0 and difference.dropped:
        return True
    if not difference.known or _may_change(difference):
        return False
    return difference.half_width <= SETTLED_SHARE * smallest


def worlds_to_settle(difference: Interval, smallest: float) -> int | None:
    """Return about how many worlds settle a verdict; None without an interval.

    Widths shrink with the square root of the number of worlds.
    """
    if not difference.known:
        return None
    ratio = difference.half_width / (SETTLED_SHARE * smallest)
    return max(ENOUGH_TO_BE_SAME, math.ceil(difference.n * ratio**2))
