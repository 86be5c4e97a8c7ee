"""Validation: the model judged by published patterns, once, after the freeze.

Each pattern is measured in several mixed populations, one for each seed; a row passes
where the estimate lies inside its range and the half-width of the 90 % interval over
populations is at most a quarter of that range.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.errors import InputError
from experiments.evidence.measures import MEASURES
from experiments.evidence.patterns import Pattern, patterns
from experiments.evidence.people import people_of
from experiments.evidence.population import population
from experiments.evidence.worlds import (
    calm_weeks,
    department_graph,
    graph_statistics,
    marketing_stopped,
)
from experiments.intervals import Interval, t_interval
from experiments.kept import Kept, Row, work_through
from experiments.progress import Progress
from simulation.whole_numbers import checks_numbers

SEEDS = 20
ORGANISATIONS = 120
STOPPING = 40
WEEKS = 208
WARM_UP_WEEKS = 104
LEVEL = 0.90
NARROW = 0.25
"""Half-width of the interval, of the range, that is narrow enough to judge."""
GRAPHS = 8
"""Departments whose graphs are looked at, for each seed."""


@dataclass(frozen=True)
class Judged:
    """A pattern and what the model gives: mean over populations with its interval.

    `verdict` is `pass`, `fail` or `wide` (too uncertain to judge) for patterns that
    are held out, `inside` or `outside` for others with a range, else empty.
    """

    pattern: Pattern
    value: Interval
    verdict: str


@checks_numbers
def validate(
    folder: Path,
    seeds: int = SEEDS,
    organisations: int = ORGANISATIONS,
    first_seed: int = 1001,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[Judged, ...]:
    """Return every pattern with what the model gives over so many populations.

    What is in `folder` is not made again. Raises `InputError` below two populations.
    """
    if seeds < 2:
        raise InputError(f"seeds: got {seeds}; at least 2 are needed")
    numbers = range(first_seed, first_seed + seeds)
    kept = kept_in(folder, organisations)
    calls = {str(seed): (organisations, seed) for seed in numbers}
    rows = work_through(kept, calls, workers, progress)
    return tuple(judged(one, list(rows.values())) for one in patterns())


def seats_each(folder: Path, organisations: int) -> float:
    """Return the mean seats of an organisation in the populations that were judged."""
    rows = kept_in(folder, organisations).rows.values()
    return float(np.mean([row["people"] for row in rows])) / organisations


def kept_in(folder: Path, organisations: int) -> Kept:
    """Return the rows of a validation that are there."""
    return Kept(folder, "patterns", measured, {"organisations": organisations})


def measured(organisations: int, seed: int) -> Row:
    """Return every pattern in the mixed population of a seed, and how many people."""
    there = population(organisations, seed, WEEKS, WARM_UP_WEEKS)
    people = people_of(there, seed, workers=1)
    found: Row = {name: measure(people) for name, measure in MEASURES.items()}
    few = there[:: max(1, organisations // STOPPING)]
    found["marketing_stopped"] = marketing_stopped(few, seed, workers=1)
    found |= calm_weeks(few, seed)
    graphs = [graph_statistics(department_graph(seed, k)) for k in range(GRAPHS)]
    found |= {name: float(np.mean([g[name] for g in graphs])) for name in graphs[0]}
    return {**found, "people": people.size[0]}


def judged(pattern: Pattern, rows: Sequence[Row]) -> Judged:
    """Return a pattern with the mean over populations and its verdict.

    >>> from experiments.evidence.patterns import Pattern
    >>> one = Pattern("x", "held_out", {}, range=(0.0, 1.0))
    >>> [judged(one, [{"x": a}, {"x": b}]).verdict for a, b in ((0.5, 0.51), (2, 2.1))]
    ['pass', 'fail']
    """
    value = t_interval(np.array([row[pattern.id] for row in rows]), LEVEL)
    if pattern.range is None:
        return Judged(pattern, value, "")
    inside = pattern.holds(value.estimate)
    if pattern.use != "held_out":
        return Judged(pattern, value, "inside" if inside else "outside")
    low, high = pattern.range
    narrow = value.half_width <= NARROW * (high - low)
    return Judged(pattern, value, ("pass" if narrow else "wide") if inside else "fail")
