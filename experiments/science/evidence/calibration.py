"""Calibration: which of the plausible parameters give what is known of organisations.

Points of a Latin hypercube over everything that is not known are measured on all
patterns, and then, wave after wave, points where emulators say that all patterns may
hold (matching.py). What is told is not one lucky point: which share of the plausible
volume passes, what the patterns say about parameters, and which of them pull against
each other.
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
    """What is searched for: parameters within ranges that meet patterns.

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
    """How much is done: waves of so many points each, in so many organisations."""

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
    """Points of the unit cube, (n, d), the log of their density, and what was left.

    `open_share` is the share of the cube that is not ruled out, as emulators say; of
    the first wave 1.
    """

    points: np.ndarray
    log_density: np.ndarray
    open_share: float


@dataclass(frozen=True)
class Calibration:
    """All points, (N, parameters), what each gives, (N, patterns), and its wave.

    `now` is what the values of the table give, on average over populations. `again` is
    what the best points give on average in other populations, by point.
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
        """Patterns that the model gives a value for, anywhere."""
        there = self.rows.notna().any()
        return tuple(one for one in self.question.patterns if there[one.id])

    @cached_property
    def passes(self) -> pd.DataFrame:
        """Which points lie inside the range of which pattern."""
        return passing(self.rows, self.measurable)

    @property
    def whole(self) -> np.ndarray:
        """Which points pass on all patterns."""
        return self.passes.all(axis=1).to_numpy()

    @property
    def missed(self) -> np.ndarray:
        """How many patterns each point misses."""
        return (~self.passes).sum(axis=1).to_numpy()

    @property
    def volume(self) -> float:
        """The share of the plausible volume that passes, from the last wave.

        Each point that passes stands for one over its density (importance sampling).
        """
        last = self.wave == self.wave.max()
        log_density = np.concatenate([one.log_density for one in self.waves])
        return float((self.whole[last] * np.exp(-log_density[last])).mean())

    @cached_property
    def again_missed(self) -> pd.Series:
        """How many patterns the best points miss in other populations, fewest first."""
        missed = (~passing(self.again, self.measurable)).sum(axis=1)
        return missed.sort_values(kind="stable")

    @property
    def stable(self) -> list[int]:
        """The points that ship: those that meet all patterns in other populations.

        Where none does, those that miss fewest, or nearly. Some pass in one population
        by luck: they were chosen because they pass there.
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
        """Return the patterns that pull against each other, most first."""
        return pulls(self.passes, self.wave)

    def identified(self) -> list[ParameterNarrowing]:
        """Return what the patterns say about each parameter, most first."""
        first, last = self.wave == 0, self.wave == self.wave.max()
        if self.wave.max() == 0:
            last[:] = False
        even = pd.DataFrame(self.waves[-1].points, columns=list(self.points))
        return identified(
            self.points[first], self.passes[first], self.points[last], even
        )

    def table(self) -> pd.DataFrame:
        """Return a row for each parameter: what the patterns say about it."""
        return pd.DataFrame(
            [{**asdict(x), "known": x.known} for x in self.identified()]
        )

    def hangs_on(self, pattern: str, most: int = 5) -> list[tuple[str, float]]:
        """Return the parameters that move a pattern most, with their rank r."""
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
    """Return the question of this model: all that is not known, all patterns."""
    return CalibrationProblem(unknown(around), of_use("calibrate"), measured)


def passing(rows: pd.DataFrame, patterns: Sequence[Pattern]) -> pd.DataFrame:
    """Return which rows lie inside the range of which pattern."""
    found = {one.id: rows[one.id].map(one.holds) for one in patterns}
    return pd.DataFrame(found, index=rows.index).astype(bool)


def calibrate(
    folder: Path,
    effort: CalibrationEffort | None = None,
    question: CalibrationProblem | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Search for parameters that meet the patterns; what is in `folder` is not redone.

    Work that was ended goes on where it was, points and waves alike.
    """
    search = _Search(
        folder, effort or CalibrationEffort(), question or usual(), workers, progress
    )
    return search.through()


class _Search:
    """One calibration on its way: what is kept, and what is to be measured next."""

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
        """Go through all waves, and measure the best points again."""
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
        """Return what calls give, a row for each."""
        rows = work_through(self.kept, calls, self.workers, self.progress)
        values = [[rows[name][one] for one in self.ids] for name in calls]
        return pd.DataFrame(values, columns=self.ids, dtype=float)

    def _between(self, now: pd.DataFrame) -> dict[str, float]:
        """Return how each pattern varies between populations, on its scale."""
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
        """Return the points of a wave; those that are kept are not drawn anew."""
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
        """Measure the points that miss fewest patterns in other populations."""
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
