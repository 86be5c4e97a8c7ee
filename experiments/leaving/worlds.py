"""Worlds in which somebody leaves, beside the same worlds in which nobody is made to.

A world is simulated once up to the week of leaving; from there it goes on as it is, and
once more for each seat whose person leaves. Of seats that are told together only the
mean is kept, so that nothing on disk tells them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np

from experiments.advise.moves import today
from experiments.files.progress import Progress
from experiments.leaving.holdings import held_by_seat
from experiments.run.relearning import TIMES
from experiments.run.row_cache import Row, RowCache, as_json, work_through
from experiments.statistics.intervals import mean_known
from experiments.words.phrases import OF_LAST_WEEKS
from simulation.ensemble.branches import Way
from simulation.ensemble.live import Life, columns_of
from simulation.ensemble.worlds import Job, live_world
from simulation.founding import Founder, State
from simulation.leaving import LEAVING
from simulation.measures import LAST_WEEKS, summarise, weekly
from simulation.outcomes import OUTCOMES, SERIES_RECORD
from simulation.runs import Run
from simulation.scenario import ResolvedScenario
from simulation.scenario_unknown import founder_of, in_world
from simulation.state import VACANT

AT_A_TIME = 5
"""Worlds of one call."""
EVERY = 4
"""Weeks over which a difference over time is averaged."""


@dataclass(frozen=True)
class LeavingDesign:
    """What to simulate: in `week`, the person of each seat leaves, one at a time.

    `units` are groups of indices of seats that are told together. `outcomes` are
    measured over the half year from `week` on; learning speed is measured after a
    market shift in `week`.
    """

    organisation: ResolvedScenario
    week: int
    units: tuple[tuple[int, ...], ...]
    outcomes: tuple[str, ...]
    replicates: int
    seed: int = 1

    @property
    def points(self) -> range:
        """The first weeks of the periods over which differences are averaged."""
        return range(self.week, self.organisation.weeks - EVERY + 1, EVERY)

    @cached_property
    def followed(self) -> tuple[str, ...]:
        """The outcomes that are followed over time: those of the last weeks."""
        return tuple(x for x in self.outcomes if OUTCOMES[x].summary in OF_LAST_WEEKS)


@dataclass(frozen=True)
class LeavingResult:
    """What came of it: differences from the same world in which nobody was made to go.

    `lost[o]` (worlds, units) are differences in outcome o, `over_time[o]` (worlds,
    units, points) those in each period of `design.points`: means over the seats of a
    unit, zero for those that were vacant. `held` (worlds, units, `HELD`) is what the
    filled seats held on average, and the share of them that was filled.
    """

    design: LeavingDesign
    lost: dict[str, np.ndarray]
    over_time: dict[str, np.ndarray]
    held: np.ndarray


def live_leavings(
    design: LeavingDesign,
    folder: Path,
    workers: int | None = None,
    progress: Progress | None = None,
) -> LeavingResult:
    """Simulate all leavings in all worlds; worlds cached in `folder` are read.

    Ctrl-C keeps the worlds so far.
    """
    cache = RowCache(folder, "leaving", lived, {"organisation": design.organisation})
    calls = {
        f"{design.seed}/{first}": (
            design,
            first,
            min(design.replicates, first + AT_A_TIME),
        )
        for first in range(0, design.replicates, AT_A_TIME)
    }
    rows = work_through(cache, calls, workers, progress).values()
    values, over, held = (
        np.concatenate([np.array(row[name], float) for row in rows])
        for name in ("values", "over_time", "held")
    )
    apart, way = values[:, 1:] - values[:, :1], over[:, 1:] - over[:, :1]
    return LeavingResult(
        design,
        {x: apart[..., k] for k, x in enumerate(design.outcomes)},
        {x: way[..., k] for k, x in enumerate(design.followed)},
        held,
    )


def lived(design: LeavingDesign, first: int, last: int) -> Row:
    """Simulate worlds `first` up to `last`: nobody made to go, then each unit."""
    founder = founder_of(design.organisation)
    worlds = [
        _World(design, _in_world(design, founder, k), k) for k in range(first, last)
    ]
    rows = [one.results() for one in worlds]
    names = ("values", "over_time", "held")
    return {
        name: as_json(np.stack(part))
        for name, part in zip(names, zip(*rows, strict=True), strict=True)
    }


def _in_world(design: LeavingDesign, founder: Founder, replicate: int) -> Founder:
    """Return the founder of one world, with what is unknown drawn and always so."""
    organisation = design.organisation
    if organisation.unknown is None:
        return founder
    drawn = today(in_world(organisation, design.seed, replicate))
    return Founder(drawn, founder.chart)


class _World:
    """One world as the week of leaving begins, and the weeks before it."""

    def __init__(self, design: LeavingDesign, founder: Founder, replicate: int) -> None:
        self.design, self.replicate = design, replicate
        self.state: State = founder.found(design.seed, replicate)
        self.before = np.zeros(design.week, SERIES_RECORD)
        nobody = np.zeros((0, 0, 0), np.int64)
        Life(self.state, self.before, columns_of(()), nobody).until(design.week)

    def results(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return outcomes and periods (1 + units first), and what units hold."""
        usual = self._measured(self._run(()))
        rows = [usual, *(self._mean(unit, usual) for unit in self.design.units)]
        values, over_time = zip(*rows, strict=True)
        every = np.stack(list(held_by_seat(self.state).values()), 1)
        held = [_held(every[list(unit)]) for unit in self.design.units]
        return np.stack(values), np.stack(over_time), np.stack(held)

    def _mean(
        self, unit: Sequence[int], usual: tuple[np.ndarray, np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean outcomes and periods over the leavings of a unit's seats."""
        vacant = self.state.people["status"] == VACANT
        rows = [usual if vacant[k] else self._measured(self._run((k,))) for k in unit]
        values, over_time = zip(*rows, strict=True)
        return mean_known(np.stack(values), 0), mean_known(np.stack(over_time), 0)

    def _run(self, seats: tuple[int, ...]) -> Run:
        """Let the world go on, without whoever has these seats."""
        design = self.design
        weeks = self.state.switch_weeks
        leaving = np.full(len(seats), design.week), np.array(seats, np.int64)
        way = Way(
            self.state,
            np.arange(len(weeks)),
            weeks,
            dict(zip(LEAVING, leaving, strict=True)),
        )
        probed = any(x in TIMES for x in design.outcomes)
        probe = design.week if probed else None
        one = cast(Founder, way)
        horizon = design.organisation.weeks
        run = live_world(Job(one, design.seed, self.replicate, horizon, probe))
        for series in (run.series, run.probe):
            if series is not None:
                series[: design.week] = self.before
        return run

    def _measured(self, run: Run) -> tuple[np.ndarray, np.ndarray]:
        """Return outcomes (outcomes,) and, by period, (points, followed)."""
        design = self.design
        after = run.series[: design.week + LAST_WEEKS]
        outcomes = summarise(after, None, design.outcomes)
        probed = [x for x in design.outcomes if x in TIMES]
        outcomes |= summarise(run.series, run.probe, probed, shock_week=design.week)
        whole = slice(design.week, design.week + EVERY * len(design.points))
        shape = (len(design.points), EVERY)
        periods = [
            mean_known(weekly(run.series, x)[whole].reshape(shape), 1)
            for x in design.followed
        ]
        empty = np.zeros((len(design.points), 0))
        values = np.array([outcomes[x] for x in design.outcomes])
        return values, np.stack(periods, 1) if periods else empty


def _held(seats: np.ndarray) -> np.ndarray:
    """Return the share of seats that are filled, and the means over these of `HELD`."""
    filled = seats[seats[:, 0] > 0]
    means = filled.mean(0) if len(filled) else np.full(seats.shape[1], np.nan)
    means[0] = seats[:, 0].mean()
    return means


def without_leavers(organisation: ResolvedScenario) -> ResolvedScenario:
    """Return an organisation in which nobody leaves by its own file's [[leave]]."""
    return replace(organisation, leavers=())
