"""Rebuild an organisation with relabelled people, other streams and other turns."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from experiments.science.audit.turns import live_in_order, week_in
from simulation.chance import stream_key, uniform
from simulation.ensemble import Job, run_worlds
from simulation.founding import Founder
from simulation.measures import summarise
from simulation.organisation import Chart, Seat, draw_chart
from simulation.purposes import RELABELLED
from simulation.runs import Run
from simulation.scenario import ResolvedScenario


@dataclass(frozen=True)
class _Relabelled(Seat):
    """A seat with another key."""

    dealt: int = 0

    @property
    def key(self) -> int:
        """The 32-bit address that was dealt to the seat."""
        return self.dealt


def relabelled_chart(scenario: ResolvedScenario, relabelled: int) -> Chart:
    """Return the chart with the keys of seats dealt out by permutation `relabelled`."""
    chart = draw_chart(scenario)
    if not relabelled:
        return chart
    keys = [seat.key for seat in chart.seats]
    stream = stream_key(relabelled, 0)
    order = np.argsort([uniform(stream, RELABELLED, 0, key, 0) for key in keys])
    seats = [
        _Relabelled(**vars(seat), dealt=keys[at])
        for seat, at in zip(chart.seats, order, strict=True)
    ]
    seats.sort(key=lambda seat: (seat.key, seat.name))
    return replace(chart, seats=tuple(seats))


def other_seed(seed: int, stream: int) -> int:
    """Return the seed of another stream: a hash of both, 0 to 2**63 - 1."""
    if not stream:
        return seed
    digest = hashlib.blake2b(f"{seed} {stream}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


@dataclass(frozen=True)
class Worlds:
    """The worlds of an audit, simulated in one order of turns."""

    founder: Founder
    seed: int
    replicates: Sequence[int]
    probe_week: int | None
    order: str

    def summaries(
        self, outcomes: Sequence[str] | None, workers: int
    ) -> dict[str, np.ndarray]:
        """Return each outcome of each world; re-raise the error of a failed world."""
        live = self._in_seats if self.order == "seats" else self._in_order
        runs = live(workers)
        series = np.stack([run.series for run in runs])
        found = [run.probe for run in runs if run.probe is not None]
        probes = np.stack(found) if found else None
        values = summarise(series, probes, outcomes, shock_week=self.probe_week)
        return {name: np.asarray(value) for name, value in values.items()}

    def _in_seats(self, workers: int) -> list[Run]:
        weeks = self.founder.scenario.weeks
        jobs = [
            Job(self.founder, self.seed, r, weeks, self.probe_week)
            for r in self.replicates
        ]
        found: dict[int, Run] = {}
        for k, run in run_worlds(jobs, workers):
            if isinstance(run, Exception):
                raise run
            found[k] = run
        return [found[k] for k in range(len(jobs))]

    def _in_order(self, workers: int) -> list[Run]:
        week = week_in(self.order)

        def lived(replicate: int) -> Run:
            return live_in_order(
                self.founder, self.seed, replicate, self.probe_week, week
            )

        with ThreadPoolExecutor(workers) as threads:
            return list(threads.map(lived, self.replicates))
