"""Calibration: which of the plausible parameters give what is known of organisations.

Points of a Latin hypercube over everything that is not known, each measured in one and
the same mixed population on the patterns marked `calibrate`. What is told is not one
lucky point: which share of the plausible volume passes, and which parameters the
patterns say nothing about.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import qmc, rankdata

from experiments.errors import InputError
from experiments.evidence.measures import MEASURES
from experiments.evidence.patterns import of_use
from experiments.evidence.people import people_of
from experiments.evidence.population import population, under
from experiments.evidence.worlds import marketing_stopped
from experiments.kept import Kept, Row, work_through
from experiments.progress import Progress
from experiments.statistics import level_together
from simulation.tables import PARAMETERS
from simulation.whole_numbers import checks_numbers

WEEKS = 65
"""Weeks of the panel, and about the year after marketing stops."""
WARM_UP_WEEKS = 78
STOPPING = 16
"""Organisations of the population in which marketing stops."""
SHUFFLES = 1_000
FIELDS = ("generation", "status", "external", "score")
"""Fields of people that the patterns of calibration need."""
VALUES = "values"
"""Name of the point that holds the values of the table."""
OTHERS = 3
"""Other populations in which points that pass are measured again."""


@dataclass(frozen=True)
class Identified:
    """What a pattern says about a parameter: that one which says most.

    `distance` is the largest distance between the distribution of the points that pass
    on the pattern and that of all (Kolmogorov-Smirnov); `chance` is what the largest of
    all parameters and patterns reaches in 95 % of random choices of as many points.
    `low` and `high` hold 90 % of the points that pass.
    """

    parameter: str
    pattern: str
    distance: float
    chance: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether the patterns narrow the parameter down at all."""
        return self.distance > self.chance


@dataclass(frozen=True)
class Calibration:
    """Points, (N, parameters), what each gives, (N, patterns), and the table's values.

    `now` is what the values of the table give in the same population. `again` is what
    the points that pass give on average in other populations, by point.
    """

    points: pd.DataFrame
    rows: pd.DataFrame
    now: Mapping[str, float]
    again: pd.DataFrame

    @property
    def passes(self) -> pd.DataFrame:
        """Which points lie inside the range of which pattern."""
        return _passing(self.rows)

    @property
    def whole(self) -> np.ndarray:
        """Which points pass on all patterns."""
        return self.passes.all(axis=1).to_numpy()

    @property
    def stable(self) -> np.ndarray:
        """Which points that pass do so in other populations too, on all patterns.

        Some pass in one population by luck: they were chosen because they pass there.
        """
        again = _passing(self.again).all(axis=1)
        return np.isin(np.arange(len(self.rows)), again.index[again])

    def identified(self, seed: int = 0) -> list[Identified]:
        """Return what the patterns say about each parameter, most first."""
        found = [one for name in self.passes for one in _identified(self, name, seed)]
        best: dict[str, Identified] = {}
        for one in sorted(found, key=lambda one: one.distance - one.chance):
            best[one.parameter] = one
        return sorted(best.values(), key=lambda one: one.chance - one.distance)

    def table(self, seed: int = 0) -> pd.DataFrame:
        """Return a row for each parameter: what the patterns say about it."""
        rows = [{**asdict(x), "known": x.known} for x in self.identified(seed)]
        return pd.DataFrame(rows)

    def hangs_on(self, pattern: str, most: int = 5) -> list[tuple[str, float]]:
        """Return the parameters that move a pattern most, with their rank r."""
        there = self.rows[pattern].notna()
        y = rankdata(self.rows[pattern][there])
        found = {
            name: float(np.corrcoef(rankdata(self.points[name][there]), y)[0, 1])
            for name in self.points
        }
        return sorted(found.items(), key=lambda item: -abs(item[1]))[:most]


def unknown() -> dict[str, tuple[float, float]]:
    """Return the parameters that are not known, with their plausible ranges."""
    return {n: row.plausible for n, row in PARAMETERS.items() if row.plausible}


@checks_numbers
def hypercube(points: int, seed: int = 1) -> list[dict[str, float]]:
    """Return parameters at the points of a Latin hypercube over the plausible ranges.

    Raises `InputError` below two points.
    """
    if points < 2:
        raise InputError(f"points: got {points}; at least 2 are needed")
    ranges = unknown()
    low, high = np.array(list(ranges.values())).T
    sampler = qmc.LatinHypercube(len(ranges), rng=np.random.default_rng(seed))
    scaled = low + sampler.random(points) * (high - low)
    return [dict(zip(ranges, map(float, row), strict=True)) for row in scaled]


@checks_numbers
def calibrate(
    folder: Path,
    points: int = 600,
    organisations: int = 40,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Measure the patterns at every point; what is in `folder` is not made again."""
    sets = hypercube(points, seed)
    calls: dict[str, tuple] = {VALUES: ({}, organisations, seed)}
    calls |= {str(k): (one, organisations, seed) for k, one in enumerate(sets)}
    settings = {"organisations": organisations, "seed": seed, "points": points}
    kept = Kept(folder, "points", measured, settings)
    rows = work_through(kept, calls, workers, progress)
    now = rows.pop(VALUES)
    once = pd.DataFrame(list(rows.values()))
    whole = np.flatnonzero(_passing(once).all(axis=1))
    calls = {
        f"{k}/{other}": (sets[k], organisations, seed + other)
        for k in whole
        for other in range(1, OTHERS + 1)
    }
    more = work_through(kept, calls, workers, progress)
    again = pd.DataFrame(list(more.values()), columns=once.columns, dtype=float)
    again = again.groupby(np.repeat(whole, OTHERS)).mean()
    return Calibration(pd.DataFrame(sets), once, now, again)


def _passing(rows: pd.DataFrame) -> pd.DataFrame:
    """Return which rows lie inside the range of which pattern of calibration."""
    found = {p.id: rows[p.id].map(p.holds) for p in of_use("calibrate")}
    return pd.DataFrame(found).astype(bool)


def measured(parameters: Mapping[str, float], organisations: int, seed: int) -> Row:
    """Return what the patterns of calibration are in a population under parameters."""
    there = [under(one, parameters) for one in _organisations(organisations, seed)]
    people = people_of(there, seed, fields=FIELDS, workers=1)
    names = [p.id for p in of_use("calibrate") if p.id in MEASURES]
    found = {name: MEASURES[name](people) for name in names}
    few = there[:: max(1, len(there) // STOPPING)]
    return {**found, "marketing_stopped": marketing_stopped(few, seed, workers=1)}


@lru_cache(maxsize=2)
def _organisations(count: int, seed: int) -> tuple:
    return population(count, seed, WEEKS, WARM_UP_WEEKS)


def _identified(found: Calibration, pattern: str, seed: int) -> list[Identified]:
    """Compare points that pass on a pattern with all.

    Chance is the largest of all parameters, at a level for all patterns together.
    """
    n, kept = len(found.points), found.passes[pattern].to_numpy()
    passing = int(kept.sum())
    if not 1 < passing < n:
        return []
    ranks = np.argsort(np.argsort(found.points.to_numpy(), axis=0), axis=0)
    draw = np.random.default_rng(seed)
    largest = [
        _distances(ranks[draw.permutation(n)[:passing]], n).max()
        for _ in range(SHUFFLES)
    ]
    chance = float(np.quantile(largest, level_together(found.passes.shape[1])))
    distances = _distances(ranks[kept], n)
    ends = found.points[kept].quantile([0.05, 0.95]).to_numpy()
    return [
        Identified(name, pattern, float(distances[k]), chance, *map(float, ends[:, k]))
        for k, name in enumerate(found.points)
    ]


def _distances(ranks: np.ndarray, n: int) -> np.ndarray:
    """Return for each column how far its ranks, of n, are from evenly spread."""
    sorted_ranks = np.sort(ranks, axis=0)
    k = len(ranks)
    below = np.arange(k)[:, None] / k
    even = sorted_ranks / n
    return np.maximum(abs(even - below), abs(even - below - 1 / k)).max(0)


def share_interval(count: int, of: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share (Wilson 1927).

    >>> [round(x, 3) for x in share_interval(0, 100)]
    [0.0, 0.037]
    """
    z = 1.959964
    p = count / of
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * np.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, float(middle - reach)), min(1.0, float(middle + reach))
