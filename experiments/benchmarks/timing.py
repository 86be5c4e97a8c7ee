"""Worlds that are timed, the fastest of several rounds, and tables of times."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from simulation.ensemble.live import Life, columns_of
from simulation.founding import Founder
from simulation.organisation import draw_chart
from simulation.outcomes import SERIES_RECORD
from simulation.scenario import ResolvedScenario, read, vary

ROUNDS = 7


def fastest(calls: Sequence[Callable[[], Any]], rounds: int = ROUNDS) -> list[float]:
    """Return the shortest time of each call in seconds; `rounds` rounds, in turn."""
    seconds = np.full((rounds, len(calls)), np.inf)
    for r in range(rounds):
        for k, call in enumerate(calls):
            start = time.perf_counter()
            call()
            seconds[r, k] = time.perf_counter() - start
    return seconds.min(axis=0).tolist()


def timed(work: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    """Return the result of `work(*given)`, and the seconds that it took."""
    start = time.perf_counter()
    made = work(*given)
    return made, time.perf_counter() - start


class BenchmarkWorld:
    """A world that can be simulated from its start repeatedly."""

    def __init__(self, founder: Founder) -> None:
        self.founder = founder
        self.weeks = founder.scenario.weeks + founder.scenario.warm_up_weeks
        self.people = len(founder.chart.seats)
        self._start = founder.found(1, 0)
        self._series = np.zeros(founder.scenario.weeks, SERIES_RECORD)
        self.prepare()

    def prepare(self) -> None:
        """Go back to the start."""
        self.state = self._start.copy()
        nobody = np.zeros((len(self._series), 0, 0), np.int64)
        self.life = Life(self.state, self._series, columns_of(()), nobody)

    def live(self) -> None:
        """Simulate up to the horizon."""
        self.life.until(self.founder.scenario.weeks)

    def seconds(self, rounds: int = ROUNDS) -> float:
        """Return the seconds of the fastest round."""
        least = np.inf
        for _ in range(rounds):
            self.prepare()
            least = min(least, *fastest([self.live], 1))
        return least

    def nanoseconds(self, rounds: int = ROUNDS) -> float:
        """Return the nanoseconds per person-week of the fastest round."""
        return 1e9 * self.seconds(rounds) / (self.people * self.weeks)


def founder_of(size: int) -> Founder:
    """Return the founder of an organisation of about `size` people, group by group.

    Every organisation has the choices of 36 people, and about eight ties per person.
    """
    plan = read("baseline").organisation
    counts = {
        name: count
        for name, count in vars(plan).items()
        if isinstance(count, int) and name not in ("span_of_control", "bundle_size")
    }
    heads = sum(counts.values())
    base = vary(
        read("baseline"),
        organisation={"span_of_control": 4},
        structure={"informal_ties": 1},
        run={"warm_up_weeks": 0},
    )
    larger = {name: max(1, round(n * size / heads)) for name, n in counts.items() if n}
    each = plan.choices_per_person * heads / sum(larger.values())
    work = replace(base.organisation, **larger, choices_per_person=each)
    scenario: ResolvedScenario = replace(base, organisation=work)
    chart = draw_chart(scenario)
    groups = sorted(chart.seats, key=lambda s: (s.department, s.team, s.manager or ""))
    return Founder(scenario, replace(chart, seats=tuple(groups)))


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a heading and a Markdown table as lines."""
    ruler = ["---"] + ["---:"] * (len(head) - 1)
    listed = [head, ruler, *rows]
    return [f"## {title}", "", *(f"| {' | '.join(row)} |" for row in listed)]
