"""Calibration: find the plausible parameters that reproduce the published patterns.

The first wave measures all patterns at points of a Latin hypercube over all unknown
parameters. Each later wave measures points where emulators say that all patterns may
hold (matching.py). The result is not one lucky point but the share of the plausible
volume that passes, what the patterns say about parameters, and which patterns pull
against each other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.run.parameter_sets import even_points, scaled, unknown
from experiments.run.row_cache import Row, RowCache, work_through
from experiments.science.evidence.identified import ParameterNarrowing, identified
from experiments.science.evidence.matching import CUT, WeightedPoints, draw, match
from experiments.science.evidence.measuring import measured
from experiments.science.evidence.patterns import Pattern, of_use
from experiments.science.evidence.tension import Pull, pulls
from simulation.whole_numbers import check_fields

OTHERS = 3
"""Other populations in which the best points are measured again."""
BEST = 24
"""Most points that are measured again, and so most that ship."""
SPREAD = 2
"""Patterns more than the fewest that a set that ships may miss, if none meets all."""
RULED = 4_096
"""Points at which is looked what share is not ruled out."""


@dataclass(frozen=True)
class CalibrationProblem:
    """A search problem: find parameters within ranges that meet patterns.

    `measure(parameters, organisations, seed)` returns a value for each pattern's id.
    """

    ranges: Mapping[str, tuple[float, float]]
    patterns: tuple[Pattern, ...]
    measure: Callable[[Mapping[str, float], int, int], Row]

    def parameters(self, points: np.ndarray) -> list[dict[str, float]]:
        """Return the parameters at points of the unit cube, (N, d)."""
        return scaled(points, self.ranges)


@dataclass(frozen=True)
class CalibrationEffort:
    """Effort of a calibration: points per wave, waves, organisations, seed.

    Raises `InputError` below 8 points.
    """

    points: int = 300
    waves: int = 4
    organisations: int = 32
    seed: int = 1

    def __post_init__(self) -> None:
        check_fields(self)
        if self.points < 8:
            raise InputError(f"points: got {self.points}; at least 8 are needed")


@dataclass(frozen=True)
class Wave:
    """Points of the unit cube, (n, d), and the log of their density, (n,).

    `open_share` is the share of the cube that emulators do not rule out; 1 for the
    first wave.
    """

    points: np.ndarray
    log_density: np.ndarray
    open_share: float


@dataclass(frozen=True)
class Calibration:
    """All points, (N, parameters), their results, (N, patterns), and their waves.

    `now` has the patterns at the table's values, mean over populations. `again` has the
    patterns at the best points, mean over other populations, by point.
    """

    question: CalibrationProblem
    waves: tuple[Wave, ...]
    points: pd.DataFrame
    rows: pd.DataFrame
    wave: np.ndarray
    now: Mapping[str, float]
    again: pd.DataFrame

    @cached_property
    def measurable(self) -> tuple[Pattern, ...]:
        """Patterns that have a value at one point at least."""
        there = self.rows.notna().any()
        return tuple(one for one in self.question.patterns if there[one.id])

    @cached_property
    def passes(self) -> pd.DataFrame:
        """Whether each point lies inside each pattern's range, bool (N, patterns)."""
        return passing(self.rows, self.measurable)

    @property
    def whole(self) -> np.ndarray:
        """Whether each point meets all patterns, bool (N,)."""
        return self.passes.all(axis=1).to_numpy()

    @property
    def missed(self) -> np.ndarray:
        """Number of patterns that each point misses, (N,)."""
        return (~self.passes).sum(axis=1).to_numpy()

    @property
    def volume(self) -> float:
        """The share of the plausible volume that passes, estimated from the last wave.

        Each point that passes has weight one over its density (importance sampling).
        """
        last = self.wave == self.wave.max()
        log_density = np.concatenate([one.log_density for one in self.waves])
        return float((self.whole[last] * np.exp(-log_density[last])).mean())

    @cached_property
    def again_missed(self) -> pd.Series:
        """Number of patterns the best points miss in other populations, ascending."""
        missed = (~passing(self.again, self.measurable)).sum(axis=1)
        return missed.sort_values(kind="stable")

    @property
    def stable(self) -> list[int]:
        """The points that ship: those that meet all patterns in other populations.

        If there are none, those that miss the fewest or up to `SPREAD` more. Passing in
        the first population may be luck, as points were chosen for passing there.
        """
        missed = self.again_missed
        if not len(missed):
            return []
        least = missed.min()
        return list(missed.index[missed <= least + (SPREAD if least else 0)])

    @property
    def sets(self) -> pd.DataFrame:
        """The parameters of the points that ship."""
        return self.points.loc[self.stable]

    def misses(self, point: int) -> list[str]:
        """Return the patterns that a point misses in other populations."""
        held = passing(self.again.loc[[point]], self.measurable).iloc[0]
        return [str(name) for name in held.index[~held]]

    def never(self) -> list[str]:
        """Return the patterns that no point meets."""
        return [str(name) for name in self.passes if not self.passes[name].any()]

    def pulls(self) -> list[Pull]:
        """Return pairs of patterns that pull against each other, strongest first."""
        return pulls(self.passes, self.wave)

    def identified(self) -> list[ParameterNarrowing]:
        """Return how the patterns narrow down each parameter, most narrowed first."""
        first, last = self.wave == 0, self.wave == self.wave.max()
        if self.wave.max() == 0:
            last[:] = False
        even = pd.DataFrame(self.waves[-1].points, columns=list(self.points))
        return identified(
            self.points[first], self.passes[first], self.points[last], even
        )

    def table(self) -> pd.DataFrame:
        """Return one row per parameter: how the patterns narrow it down."""
        return pd.DataFrame(
            [{**asdict(x), "known": x.known} for x in self.identified()]
        )

    def hangs_on(self, pattern: str, most: int = 5) -> list[tuple[str, float]]:
        """Return the parameters that move a pattern most, with their rank correlations.

        At most `most` of them, over the points of the first wave; empty if the pattern
        has too few values.
        """
        there = self.rows[pattern].notna() & (self.wave == 0)
        if there.sum() < 3 or self.rows[pattern][there].nunique() < 2:
            return []
        y = rankdata(self.rows[pattern][there])
        found = {
            name: float(np.corrcoef(rankdata(self.points[name][there]), y)[0, 1])
            for name in self.points
        }
        return sorted(found.items(), key=lambda item: -abs(item[1]))[:most]


def usual(around: float = 1.0) -> CalibrationProblem:
    """Return this model's problem: all unknown parameters, all calibration patterns.

    `around` below 1 narrows the plausible ranges, as in `unknown`.
    """
    return CalibrationProblem(unknown(around), of_use("calibrate"), measured)


def passing(rows: pd.DataFrame, patterns: Sequence[Pattern]) -> pd.DataFrame:
    """Return whether each row lies inside the range of each pattern, bool."""
    found = {one.id: rows[one.id].map(one.holds) for one in patterns}
    return pd.DataFrame(found, index=rows.index).astype(bool)


def calibrate(
    folder: Path,
    effort: CalibrationEffort | None = None,
    question: CalibrationProblem | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Search for parameters that meet the patterns.

    Points and waves are cached in `folder`: an interrupted search resumes there.
    """
    search = _Search(
        folder, effort or CalibrationEffort(), question or usual(), workers, progress
    )
    return search.through()


class _Search:
    """A calibration in progress: cached results, and the points to measure next."""

    def __init__(
        self,
        folder: Path,
        effort: CalibrationEffort,
        question: CalibrationProblem,
        workers: int | None,
        progress: Progress | None,
    ) -> None:
        self.effort, self.question = effort, question
        self.workers, self.progress = workers, progress
        self.ids = [one.id for one in question.patterns]
        settings = {
            "effort": asdict(effort),
            "ranges": question.ranges,
            "patterns": [[one.id, one.range] for one in question.patterns],
        }
        self.kept = RowCache(folder, "points", question.measure, settings)
        self.drawn = RowCache(folder, "waves", question.measure, settings)

    def through(self) -> Calibration:
        """Run all waves, then measure the best points again."""
        size, seed = self.effort.organisations, self.effort.seed
        others = range(seed, seed + OTHERS + 1)
        now = self._measure({f"values/{n}": ({}, size, n) for n in others})
        between = self._between(now)
        waves: list[Wave] = []
        rows: list[pd.DataFrame] = []
        for number in range(self.effort.waves):
            wave = self._wave(number, waves, rows, between)
            sets = self.question.parameters(wave.points)
            calls = {f"{number}/{k}": (x, size, seed) for k, x in enumerate(sets)}
            waves.append(wave)
            rows.append(self._measure(calls))
        points = np.concatenate([one.points for one in waves])
        found = Calibration(
            self.question,
            tuple(waves),
            pd.DataFrame(self.question.parameters(points)),
            pd.concat(rows, ignore_index=True),
            np.repeat(np.arange(len(waves)), [len(one.points) for one in waves]),
            {name: float(x) for name, x in now.mean().items()},
            pd.DataFrame(columns=self.ids, dtype=float),
        )
        return self._again(found)

    def _measure(self, calls: Mapping[str, tuple]) -> pd.DataFrame:
        """Return the patterns that calls measure, one row per call."""
        rows = work_through(self.kept, calls, self.workers, self.progress)
        values = [[rows[name][one] for one in self.ids] for name in calls]
        return pd.DataFrame(values, columns=self.ids, dtype=float)

    def _between(self, now: pd.DataFrame) -> dict[str, float]:
        """Return the variance of each scaled pattern between populations."""
        found = self._scaled(now)
        return {
            name: float(np.var(x[np.isfinite(x)], ddof=1))
            if np.isfinite(x).sum() > 1
            else 0.0
            for name, x in found.items()
        }

    def _scaled(self, rows: pd.DataFrame) -> dict[str, np.ndarray]:
        patterns = self.question.patterns
        return {p.id: rows[p.id].map(p.scaled).to_numpy() for p in patterns}

    def _wave(
        self,
        number: int,
        waves: Sequence[Wave],
        rows: Sequence[pd.DataFrame],
        between: Mapping[str, float],
    ) -> Wave:
        """Return the points of a wave, from the cache or newly drawn."""
        name, asked = str(number), (number,)
        if not self.drawn.has(name, asked):
            wave = self._draw(number, waves, rows, between)
            plain = {
                "points": wave.points.tolist(),
                "log_density": wave.log_density.tolist(),
                "open_share": wave.open_share,
            }
            self.drawn.add(name, asked, plain)
        row = self.drawn.rows[name]
        density = np.array(row["log_density"])
        return Wave(np.array(row["points"]), density, row["open_share"])

    def _draw(
        self,
        number: int,
        waves: Sequence[Wave],
        rows: Sequence[pd.DataFrame],
        between: Mapping[str, float],
    ) -> Wave:
        count, dimensions = self.effort.points, len(self.question.ranges)
        seed = (self.effort.seed, number)
        if number == 0:
            even = even_points(count, dimensions, self.effort.seed)
            return Wave(even, np.zeros(count), 1.0)
        points = np.concatenate([one.points for one in waves])
        values = self._scaled(pd.concat(rows, ignore_index=True))
        known = {n: x for n, x in values.items() if np.isfinite(x).sum() > len(x) / 2}
        matching = match(points, known, between)
        found: WeightedPoints = draw(matching, count, dimensions, seed)
        anywhere = np.random.default_rng(seed).random((RULED, dimensions))
        left = (matching.implausibility(anywhere) <= CUT).all(axis=1)
        return Wave(found.points, found.log_density, float(left.mean()))

    def _again(self, found: Calibration) -> Calibration:
        """Measure the points that miss the fewest patterns in other populations."""
        count = min(BEST, max(2, self.effort.points // 8))
        best = np.argsort(found.missed, kind="stable")[:count]
        size, seed = self.effort.organisations, self.effort.seed
        sets = found.points.to_dict("records")
        calls = {
            f"again/{k}/{other}": (sets[k], size, seed + other)
            for k in best
            for other in range(1, OTHERS + 1)
        }
        means = self._measure(calls).groupby(np.repeat(best, OTHERS)).mean()
        return Calibration(
            found.question,
            found.waves,
            found.points,
            found.rows,
            found.wave,
            found.now,
            means.loc[best],
        )
