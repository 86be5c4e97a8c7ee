"""Words from the table of labels, and numbers as each language writes them.

All words are in `labels.toml`, by key and then by language. Numbers are rounded to the
first figure of the half-width of their interval. Two values and their difference share
one grid, on which they add up. No locale is used.
"""

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from numbers import Integral
from pathlib import Path
from typing import Any

from experiments.statistics.intervals import Interval
from experiments.statistics.shares import SignShare
from simulation.outcomes import LANGUAGES, Outcome

CARRIED = 1.5
"""A half-width carries figures down to the power of ten that it holds this often."""
MOST_DECIMALS = 6
FEWEST_DECIMALS = -15
"""Rounding stops here at either side; numbers beyond are written out."""
FINEST = 1e-2
"""Figures below this share of the smallest difference that matters are not told."""
NOISE = 1e-9
"""Half-widths below this share of the number itself are what sums of floats leave."""
MINUS = "\u2212"
"""The sign before negative numbers, as wide as a plus; a hyphen is not."""


def read_words(*tables: Path) -> Mapping[str, Mapping[str, str]]:
    """Return the words in tables: key -> language -> text."""
    rows = (tomllib.loads(path.read_text(encoding="utf-8")) for path in tables)
    return {key: texts for table in rows for key, texts in table.items()}


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """Return the table of words that all rooms share."""
    return read_words(Path(__file__).with_name("labels.toml"))


def say(key: str, language: str = "en", **values: str | int) -> str:
    """Return the text stored under `key`; whole numbers as the language writes them."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not one of {', '.join(LANGUAGES)}")
    return labels()[key][language].format(**written(values, language))


def number(value: float, language: str = "en", decimals: int = 0) -> str:
    """Return a number as the language writes it.

    Negative numbers have a true minus sign. Negative `decimals` round to tens,
    hundreds, ...; nan and infinities are words.

    >>> number(1234.5, "en", 1), number(1234.5, "nl", 1), number(1234.5, "en", -2)
    ('1,234.5', '1.234,5', '1,200')
    """
    if math.isnan(value):
        return say("missing", language)
    if math.isinf(value):
        return (MINUS if value < 0 else "") + say("endless", language)
    text = f"{round(value, decimals):,.{max(decimals, 0)}f}"
    if float(text.replace(",", "")) == 0:
        text = text.removeprefix("-")
    points = {",": say("thousands", language), ".": say("decimal", language)}
    marks = points | {"-": MINUS}
    return "".join(marks.get(mark, mark) for mark in text)


def written(values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return values with whole numbers as texts, as the language writes them.

    A seed is a name and no amount: it is written as it is typed.

    >>> written({"worlds": 12_000, "seed": 12_345}, "en")
    {'worlds': '12,000', 'seed': '12345'}
    """
    whole = {name: int(x) for name, x in values.items() if isinstance(x, Integral)}
    texts = {name: number(x, language) for name, x in whole.items()}
    seed = {name: str(x) for name, x in whole.items() if name == "seed"}
    return {**values, **texts, **seed}


def percent(share: float, language: str = "en", decimals: int = 0) -> str:
    """Return a share, from 0 to 1, as a percentage.

    >>> percent(0.914), percent(0.0267, "nl", 1)
    ('91%', '2,7%')
    """
    text = number(100 * share, language, decimals)
    return text + "%" if math.isfinite(share) else text


def percent_between(low: float, high: float, language: str = "en") -> str:
    """Return the two ends of a share's interval as percentages.

    >>> percent_between(0.81, 0.99)
    '81% to 99%'
    """
    ends = (percent(low, language), percent(high, language))
    return say("interval", language, low=ends[0], high=ends[1])


def percent_and_ends(share: SignShare, language: str = "en") -> str:
    """Return a share of parameter sets with its interval.

    >>> from experiments.statistics.shares import SignShare
    >>> percent_and_ends(SignShare(0.9, 0.93, 0.85, 0.98))
    '93% (85% to 98%)'
    """
    ends = percent_between(share.low, share.high, language)
    return f"{percent(share.estimate, language)} ({ends})"


def decimals_carried(interval: Interval, scale: float = 1.0) -> int:
    """Return the decimals that show one figure of an interval's half-width.

    Two figures for half-widths below 1.5, 15, ...; `scale` multiplies the interval
    first (100 for percent). One decimal more where an end would round to zero though
    the interval excludes zero. Never more than six.
    """
    if not interval.known:
        return decimals_of(interval.estimate * scale)
    ends = (interval.low * scale, interval.high * scale)
    wide = ends[1] / 2 - ends[0] / 2
    if not wide > NOISE * abs(interval.estimate * scale):
        return decimals_of(interval.estimate * scale)
    decimals = _place(wide)
    hidden = not interval.spans_zero and any(round(x, decimals) == 0 for x in ends)
    return min(decimals + hidden, MOST_DECIMALS)


def decimals_told(interval: Interval, outcome: Outcome) -> int:
    """Return the decimals with which an interval of an outcome is written.

    They are those of `decimals_carried`, down to a hundredth of the smallest difference
    that matters; for a difference without an interval, those of what matters.
    """
    matters = outcome.smallest_difference * scale_of(outcome)
    noise = NOISE * abs(interval.estimate)
    if not interval.known or interval.half_width <= noise:
        return max(0, _place(matters))
    carried = decimals_carried(interval, scale_of(outcome))
    return min(carried, max(0, _place(FINEST * matters)))


def on_one_grid(a: float, b: float, difference: float, decimals: int) -> list[float]:
    """Return the three numbers rounded so that `b` - `a` = `difference` still holds.

    The difference is rounded to the nearest. Then `a` is rounded up or down, and `b`
    follows, so that the larger of the two rounding errors is as small as possible. All
    three are returned unrounded if one is not finite.

    >>> on_one_grid(0.44, 0.56, 0.12, 1)
    [0.4, 0.5, 0.1]
    """
    if not all(map(math.isfinite, (a, b, difference))):
        return [a, b, difference]
    unit = 10.0**-decimals
    step = round(difference / unit)
    below = math.floor(a / unit)

    def moved(whole: int) -> float:
        return max(abs(whole - a / unit), abs(whole + step - b / unit))

    whole = min((below, below + 1), key=moved)
    counts = (whole, whole + step, step)
    return [round(count * unit, max(decimals, 0)) for count in counts]


def _place(value: float) -> int:
    """Return the decimals that keep the first figure of a positive number.

    Two figures below 1.5 times a power of ten, where one is too coarse.
    """
    if math.isinf(value):
        return FEWEST_DECIMALS
    place = -math.floor(math.log10(value / CARRIED) + 1e-9)
    return max(FEWEST_DECIMALS, min(place, MOST_DECIMALS))


def decimals_of(value: float) -> int:
    """Return the decimals of a number without interval: two figures, none from 10."""
    if not math.isfinite(value) or abs(value) >= 10 or value == 0:
        return 0
    return max(0, min(1 - math.floor(math.log10(abs(value))), MOST_DECIMALS))


def quantity(
    value: float, outcome: Outcome, language: str = "en", decimals: int | None = None
) -> str:
    """Return a value of an outcome with its unit: `62%`, `12 leads a week`.

    Without `decimals` two figures are kept, and from 10 on whole units.
    """
    value = value * scale_of(outcome)
    text = number(value, language, decimals_of(value) if decimals is None else decimals)
    return _with_unit(text, outcome, language) if math.isfinite(value) else text


def scale_of(outcome: Outcome) -> float:
    """Return the factor by which values are multiplied to be shown: 100 for shares."""
    return 100.0 if outcome.display == "percent" else 1.0


def _with_unit(text: str, outcome: Outcome, language: str) -> str:
    unit = (outcome.unit_one if text.removeprefix(MINUS) == "1" else outcome.unit)[
        language
    ]
    return text + unit if unit.startswith("%") else f"{text} {unit}"


def level(interval: Interval, outcome: Outcome, language: str = "en") -> str:
    """Return the mean of an outcome with its interval: `51% (49 to 53)`.

    `unknown` where no world has a value.
    """
    if interval.n == 0:
        return say("missing", language)
    decimals = decimals_told(interval, outcome)
    value = quantity(interval.estimate, outcome, language, decimals)
    return f"{value} ({_ends(interval, scale_of(outcome), decimals, language)})"


def _ends(interval: Interval, scale: float, decimals: int, language: str) -> str:
    if not interval.known:
        return say("no_interval", language)
    low = number(interval.low * scale, language, decimals)
    high = number(interval.high * scale, language, decimals)
    return say("interval", language, low=low, high=high)


def change(difference: Interval, outcome: Outcome, language: str = "en") -> str:
    """Return a signed difference with its interval: `+11 points (9 to 13)`.

    Percent outcomes change in points, others in their unit.
    """
    size, ends = size_and_ends(difference, outcome, language)
    return f"{signed_text(size, difference.estimate)} ({ends})"


def signed_text(text: str, value: float) -> str:
    """Return the text of a value with a plus where it shows more than zero."""
    shown = any(figure in text for figure in "123456789")
    return f"+{text}" if value > 0 and shown else text


def size_and_ends(
    difference: Interval, outcome: Outcome, language: str = "en"
) -> tuple[str, str]:
    """Return the estimate with its unit, and the two ends of its interval."""
    scale, decimals = scale_of(outcome), decimals_told(difference, outcome)
    size = size_of(difference.estimate, outcome, language, decimals)
    return size, _ends(difference, scale, decimals, language)


def size_that_matters(outcome: Outcome, language: str = "en") -> str:
    """Return the smallest difference that matters, with its unit and all figures."""
    matters = outcome.smallest_difference
    places = len(f"{matters * scale_of(outcome):.6g}".partition(".")[2])
    return size_of(matters, outcome, language, places)


def size_of(
    difference: float, outcome: Outcome, language: str = "en", decimals: int = 0
) -> str:
    """Return a difference with its unit: points, or the outcome's own."""
    value = difference * scale_of(outcome)
    text = number(value, language, decimals)
    if not math.isfinite(value):
        return text
    if outcome.display == "percent":
        one = text.removeprefix(MINUS) == "1"
        return f"{text} {say('point' if one else 'points', language)}"
    return _with_unit(text, outcome, language)
