"""Values of outcomes as text: names with units, estimates with their intervals."""

import math

from experiments.statistics.intervals import Interval
from experiments.words import phrases
from simulation.outcomes import Outcome


def label(outcome: Outcome, language: str) -> str:
    """Return the name of an outcome with the unit of its values."""
    unit = outcome.unit[language]
    return f"{outcome.label[language]}, {unit}"


def weekly_title(outcome: Outcome, language: str) -> str:
    """Return the name of an outcome with the unit of its weekly values."""
    name = outcome.label[language].partition(":")[0]
    return f"{name} ({outcome.weekly_unit[language]})"


def scale(outcome: Outcome) -> float:
    """Return the factor by which values are multiplied to be shown: 100 for shares."""
    return 100.0 if outcome.display == "percent" else 1.0


def value(interval: Interval, outcome: Outcome, language: str) -> str:
    """Return the estimate with the decimals of its interval; "" if not finite."""
    if not math.isfinite(interval.estimate):
        return ""
    places = phrases.decimals_told(interval, outcome)
    return phrases.number(interval.estimate * scale(outcome), language, places)


def with_ends(
    interval: Interval, outcome: Outcome, language: str, signed: bool = False
) -> str:
    """Return the estimate and, in brackets, both ends of its interval."""
    if not interval.known:
        return value(interval, outcome, language)
    places = phrases.decimals_told(interval, outcome)
    mean, low, high = (
        phrases.number(x * scale(outcome), language, places)
        for x in (interval.estimate, interval.low, interval.high)
    )
    signed = signed and interval.estimate > 0 and any(x in mean for x in "123456789")
    sign = "+" if signed else ""
    ends = phrases.say("interval", language, low=low, high=high)
    return f"{sign}{mean} ({ends})"
