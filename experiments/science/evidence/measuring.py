"""Measure all patterns at once in one mixed population under some parameters."""

from collections.abc import Mapping
from functools import lru_cache

from experiments.run.parameter_sets import under
from experiments.run.row_cache import Row
from experiments.science.evidence.measures import MEASURES
from experiments.science.evidence.people import people_of
from experiments.science.evidence.population import population
from experiments.science.evidence.worlds import (
    calm_weeks,
    department,
    learning_from_others,
    marketing,
)

WEEKS = 8 * 52
"""Weeks of the panel: a trend over eight years, and five years between two scores."""
WARM_UP_WEEKS = 104
SPENDING, LEARNING = 40, 16
RESTING = 12
"""Organisations of the population in which spending changes, learning is cut, or all
have a holiday."""
GRAPHS = 4
"""Departments whose graphs are looked at."""


def measured(parameters: Mapping[str, float], organisations: int, seed: int) -> Row:
    """Return every pattern, measured in a mixed population under parameters.

    Also returns the number of its people (`people`).
    """
    there = [under(one, parameters) for one in _organisations(organisations, seed)]
    people = people_of(there, seed, workers=1)
    found: Row = {name: measure(people) for name, measure in MEASURES.items()}
    found |= marketing(there[:SPENDING], people, seed, workers=1)
    found["learning_from_others"] = learning_from_others(
        there[:LEARNING], people, seed, workers=1
    )
    found |= calm_weeks(there[:RESTING], seed)
    found |= department(GRAPHS, seed, parameters)
    return {**found, "people": people.size[0]}


@lru_cache(maxsize=2)
def _organisations(count: int, seed: int) -> tuple:
    return population(count, seed, WEEKS, WARM_UP_WEEKS)
