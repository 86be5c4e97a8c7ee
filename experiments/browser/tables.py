"""The tables that pages compute with, as plain JSON values: the same as Python's."""

from functools import cache
from typing import Any

from scipy.special import stdtrit

from experiments.statistics.intervals import LEVEL
from experiments.statistics.paired import level_together
from experiments.words.numerals import labels
from simulation.outcomes import LANGUAGES, SERIES_COLUMNS, Outcome
from simulation.tables import lever_table

MOST_WORLDS = 400
"""Worlds up to which pages have quantiles."""
TOGETHER = (1, 2, 3, 4, 6, 8, 10, 12, 14)
"""Numbers of intervals that hold simultaneously: scenarios, or quarters of a year."""
WORDS = (
    *("and", "thousands", "decimal", "missing", "endless", "point", "points"),
    *("interval", "raises", "lowers", "raises_weeks", "lowers_weeks", "slight"),
    *("no_difference_in", "unclear_between", "unclear_few", "scenario_does"),
    "effect_unknown",
    *("scenario_none", "scenario_unclear", "scenario_too_few", "better", "worse"),
    *("slightly", "different_higher", "different_lower", "longer", "shorter"),
    *("verdict_none", "verdict_unclear", "on_the_way", "otherwise"),
)
"""Keys of the words that `words.mjs` makes sentences of."""


def sentence_words() -> dict[str, dict[str, str]]:
    """Return the words of `words.mjs`: language -> key -> text."""
    return {x: {key: labels()[key][x] for key in WORDS} for x in LANGUAGES}


@cache
def quantiles() -> list[list[float] | None]:
    """Return Student's quantiles of 95 % intervals, by degrees of freedom from 1 on.

    One list for each number of simultaneous intervals, from 1 on; None for numbers
    that pages do not use.
    """
    return [
        _quantiles(k) if k in TOGETHER else None for k in range(1, TOGETHER[-1] + 1)
    ]


def _quantiles(together: int) -> list[float]:
    level = level_together(together, LEVEL)
    return [float(stdtrit(n, (1 + level) / 2)) for n in range(1, MOST_WORLDS)]


def outcome_entry(outcome: Outcome) -> dict[str, Any]:
    """Return all that pages need to measure and tell an outcome."""
    return {
        "id": outcome.id,
        "group": outcome.group,
        "label": dict(outcome.label),
        "in_sentence": dict(outcome.in_sentence),
        "explanation": dict(outcome.explanation),
        "unit": dict(outcome.unit),
        "unit_one": dict(outcome.unit_one),
        "display": outcome.display,
        "good": outcome.good,
        "smallest": outcome.smallest_difference,
        "numerator": list(outcome.numerator),
        "denominator": list(outcome.denominator),
        "trailing": outcome.trailing,
        "summary": outcome.summary,
    }


def lever_entries() -> list[dict[str, Any]]:
    """Return what each setting of each lever changes, in the order of the table."""
    return [
        {
            "name": lever.name,
            "context": lever.context,
            "hours_per_person": lever.hours_per_person,
            "euros": lever.euros,
            "settings": [
                {"name": name, "numbers": dict(numbers)}
                for name, numbers in lever.settings.items()
            ],
        }
        for lever in lever_table().values()
    ]


def series_columns() -> list[str]:
    """Return the fields of weekly records, in order."""
    return list(SERIES_COLUMNS)
