"""Worlds in which somebody leaves, beside the same worlds in which nobody is made to.

A world is simulated once up to the week of leaving; from there it goes on as it is, and
once more for each seat whose person leaves.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np

from experiments.files.progress import Progress
from experiments.leaving.holdings import HELD, held_by_seat
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
from simulation.scenario_unknown import founder_of
from simulation.state import VACANT

AT_A_TIME = 5
"""Worlds of one call."""
EVERY = 4
"""Weeks over which a difference over time is averaged."""
PROBED = "half_life_recovery"
"""The summary that needs a second run, in which the market shifts."""


@dataclass(frozen=True)
class LeavingDesign:
    """What to simulate: in `week`, the person of each of `seats` (indices) leaves.

    `outcomes` are measured over the half year from that week on, and learning speed
    after a market shift in that week.
    """

    organisation: ResolvedScenario
    week: int
    seats: tuple[int, ...]
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

    `lost[o]` (worlds, seats) are differences in outcome o, `over_time[o]` (worlds,
    seats, points) those in each period of `asked.points`; both are zero where the seat
    was vacant. `usual[o]` (worlds,) are the outcomes without. `held` (worlds, seats,
    `HELD`) is what each seat held.
    """

    asked: LeavingDesign
    lost: dict[str, np.ndarray]
    over_time: dict[str, np.ndarray]
    usual: dict[str, np.ndarray]
    held: np.ndarray


def live_leavings(
    asked: LeavingDesign,
    folder: Path,
    workers: int | None = None,
    progress: Progress | None = None,
) -> LeavingResult:
    """Simulate all leavings in all worlds; worlds cached in `folder` are read.

    Ctrl-C keeps the worlds so far.
    """
    kept = RowCache(folder, "leaving", lived, {"organisation": asked.organisation})
    calls = {
        f"{asked.seed}/{first}": (
            asked,
            first,
            min(asked.replicates, first + AT_A_TIME),
        )
        for first in range(0, asked.replicates, AT_A_TIME)
    }
    rows = work_through(kept, calls, workers, progress).values()
    values, over, held = (
        np.concatenate([np.array(row[name], float) for row in rows])
        for name in ("values", "over_time", "held")
    )
    apart, way = values[:, 1:] - values[:, :1], over[:, 1:] - over[:, :1]
    return LeavingResult(
        asked,
        {x: apart[..., k] for k, x in enumerate(asked.outcomes)},
        {x: way[..., k] for k, x in enumerate(asked.followed)},
        {x: values[:, 0, k] for k, x in enumerate(asked.outcomes)},
        held,
    )


def lived(asked: LeavingDesign, first: int, last: int) -> Row:
    """Simulate worlds `first` up to `last`; nobody made to go first, then each seat."""
    founder = founder_of(asked.organisation)
    worlds = [_World(asked, founder, k) for k in range(first, last)]
    told = [one.told() for one in worlds]
    names = ("values", "over_time", "held")
    return {
        name: as_json(np.stack(part))
        for name, part in zip(names, zip(*told, strict=True), strict=True)
    }


class _World:
    """One world as the week of leaving begins, and the weeks before it."""

    def __init__(self, asked: LeavingDesign, founder: Founder, replicate: int) -> None:
        self.asked, self.replicate = asked, replicate
        self.state: State = founder.found(asked.seed, replicate)
        self.before = np.zeros(asked.week, SERIES_RECORD)
        nobody = np.zeros((0, 0, 0), np.int64)
        Life(self.state, self.before, columns_of(()), nobody).until(asked.week)

    def told(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return outcomes and periods (1 + seats first), and what seats hold."""
        seats = list(self.asked.seats)
        usual = self._measured(self._run(()))
        rows = [usual]
        for seat in seats:
            vacant = self.state.people["status"][seat] == VACANT
            rows.append(usual if vacant else self._measured(self._run((seat,))))
        values, over_time = zip(*rows, strict=True)
        held = held_by_seat(self.state)
        holdings = np.stack([held[name][seats] for name in HELD], 1)
        return np.stack(values), np.stack(over_time), holdings

    def _run(self, seats: tuple[int, ...]) -> Run:
        """Let the world go on, without whoever has these seats."""
        asked = self.asked
        weeks = self.state.switch_weeks
        leaving = np.full(len(seats), asked.week), np.array(seats, np.int64)
        way = Way(
            self.state,
            np.arange(len(weeks)),
            weeks,
            dict(zip(LEAVING, leaving, strict=True)),
        )
        probed = any(OUTCOMES[x].summary == PROBED for x in asked.outcomes)
        probe = asked.week if probed else None
        one = cast(Founder, way)
        horizon = asked.organisation.weeks
        run = live_world(Job(one, asked.seed, self.replicate, horizon, probe))
        for series in (run.series, run.probe):
            if series is not None:
                series[: asked.week] = self.before
        return run

    def _measured(self, run: Run) -> tuple[np.ndarray, np.ndarray]:
        """Return outcomes (outcomes,) and, by period, (points, followed)."""
        asked = self.asked
        after = run.series[: asked.week + LAST_WEEKS]
        found = summarise(after, None, asked.outcomes)
        probed = [x for x in asked.outcomes if OUTCOMES[x].summary == PROBED]
        found |= summarise(run.series, run.probe, probed, shock_week=asked.week)
        whole = slice(asked.week, asked.week + EVERY * len(asked.points))
        shape = (len(asked.points), EVERY)
        periods = [
            mean_known(weekly(run.series, x)[whole].reshape(shape), 1)
            for x in asked.followed
        ]
        empty = np.zeros((len(asked.points), 0))
        values = np.array([found[x] for x in asked.outcomes])
        return values, np.stack(periods, 1) if periods else empty


def without_leavers(organisation: ResolvedScenario) -> ResolvedScenario:
    """Return an organisation in which nobody leaves by its own file's [[leave]]."""
    return replace(organisation, leavers=())
