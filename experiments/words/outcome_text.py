"""Values of outcomes as text: names with units, estimates with their intervals."""

import math
from typing import NamedTuple

from experiments.statistics.intervals import Interval
from experiments.statistics.paired import PairedComparison
from experiments.words import phrases
from experiments.words.numerals import on_one_grid, scale_of, signed_text
from simulation.outcomes import Outcome


def label(outcome: Outcome, language: str) -> str:
    """Return the name of an outcome with the unit of its values."""
    unit = outcome.unit[language]
    return f"{outcome.label[language]}, {unit}"


def value(interval: Interval, outcome: Outcome, language: str) -> str:
    """Return the estimate with the decimals of its interval; "" if not finite."""
    if not math.isfinite(interval.estimate):
        return ""
    places = phrases.decimals_told(interval, outcome)
    return phrases.number(interval.estimate * scale_of(outcome), language, places)


def with_ends(
    interval: Interval, outcome: Outcome, language: str, signed: bool = False
) -> str:
    """Return the estimate and, in brackets, both ends of its interval."""
    if not math.isfinite(interval.estimate):
        return ""
    shown = interval.estimate * scale_of(outcome)
    return _with_ends(shown, interval, outcome, language, signed)


def _with_ends(
    shown: float, interval: Interval, outcome: Outcome, language: str, signed: bool
) -> str:
    places = phrases.decimals_told(interval, outcome)
    mean = phrases.number(shown, language, places)
    if signed:
        mean = signed_text(mean, shown)
    if not interval.known:
        return mean
    low, high = (
        phrases.number(x * scale_of(outcome), language, places)
        for x in (interval.low, interval.high)
    )
    return f"{mean} ({phrases.say('interval', language, low=low, high=high)})"


class PairTexts(NamedTuple):
    """Two values and their difference as they are shown; they add up as they stand.

    `difference` has its interval in brackets. Texts are empty where not known.
    """

    a: str
    b: str
    difference: str


def pair_texts(
    one: PairedComparison, outcome: Outcome, language: str = "en"
) -> PairTexts:
    """Return the texts of a comparison, all with the decimals of the difference."""
    difference, times = one.difference, scale_of(outcome)
    if not math.isfinite(difference.estimate):
        return PairTexts("", "", "")
    places = phrases.decimals_told(difference, outcome)
    exact = [x.estimate * times for x in (one.a, one.b, difference)]
    a, b, apart = on_one_grid(exact[0], exact[1], exact[2], places)
    return PairTexts(
        phrases.number(a, language, places),
        phrases.number(b, language, places),
        _with_ends(apart, difference, outcome, language, signed=True),
    )
