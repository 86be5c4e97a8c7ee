"""Validation: every published pattern beside the model's value.

Each pattern is measured in several mixed populations, one per seed. Those of the use
`predict` are evidence: their ranges were written down before they were measured. All
others were looked at while the model was built or calibrated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.run.row_cache import Row, RowCache, work_through
from experiments.science.evidence.measuring import measured
from experiments.science.evidence.patterns import Pattern, patterns
from experiments.statistics.intervals import Interval, t_interval
from simulation.whole_numbers import checks_numbers

SEEDS = 20
ORGANISATIONS = 60
LEVEL = 0.90
NARROW = 0.25
"""Half-width of the interval, of the range, that is narrow enough to judge."""


@dataclass(frozen=True)
class JudgedPattern:
    """A pattern and the model's value: mean over populations with its interval.

    `verdict` is `inside` or `outside` the range, `wide` if the estimate is inside but
    too uncertain to tell, and empty if the pattern has no range.
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
) -> tuple[JudgedPattern, ...]:
    """Return every pattern with the model's value over `seeds` populations.

    Results are cached in `folder`. Raises `InputError` below two populations.
    """
    if seeds < 2:
        raise InputError(f"seeds: got {seeds}; at least 2 are needed")
    numbers = range(first_seed, first_seed + seeds)
    kept = kept_in(folder, organisations)
    calls: dict[str, tuple] = {str(n): ({}, organisations, n) for n in numbers}
    rows = work_through(kept, calls, workers, progress)
    return tuple(judged(one, list(rows.values())) for one in patterns())


def seats_each(folder: Path, organisations: int) -> float:
    """Return the mean number of seats per organisation in the cached populations."""
    rows = kept_in(folder, organisations).rows.values()
    return float(np.mean([row["people"] for row in rows])) / organisations


def kept_in(folder: Path, organisations: int) -> RowCache:
    """Return the cache of a validation's rows."""
    return RowCache(folder, "patterns", measured, {"organisations": organisations})


def judged(pattern: Pattern, rows: Sequence[Row]) -> JudgedPattern:
    """Return a pattern with the mean over populations and its verdict.

    >>> from experiments.science.evidence.patterns import Pattern
    >>> one = Pattern("x", "calibrate", {}, range=(0.0, 1.0))
    >>> [judged(one, [{"x": a}, {"x": b}]).verdict for a, b in ((0.5, 0.51), (2, 2.1))]
    ['inside', 'outside']
    """
    value = t_interval(np.array([row[pattern.id] for row in rows], float), LEVEL)
    if pattern.range is None:
        return JudgedPattern(pattern, value, "")
    if not pattern.holds(value.estimate):
        return JudgedPattern(pattern, value, "outside")
    low, high = pattern.range
    narrow = value.half_width <= NARROW * (high - low)
    return JudgedPattern(pattern, value, "inside" if narrow else "wide")
