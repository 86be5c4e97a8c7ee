"""The results of many runs of some scenarios."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from experiments.run import relearning
from experiments.words import phrases
from simulation.measures import summarise, weekly
from simulation.outcomes import SERIES_COLUMNS
from simulation.scenario import ResolvedScenario


@dataclass(frozen=True)
class Failure:
    """A failed run: scenario, replicate, stage, message and traceback.

    `stage` is `simulate`, or `worker` where the process that ran it died.
    """

    scenario: str
    replicate: int
    stage: str
    message: str
    traceback: str = ""


@dataclass(frozen=True)
class Replicates:
    """The runs of some scenarios over the same worlds.

    `series` and `probes` are weekly records of shape (scenarios, worlds, weeks), with
    the fields of `simulation.outcomes.SERIES_COLUMNS`. `worlds` are the replicates
    that every scenario completed, out of `asked`. `probes` is None without a shock.
    """

    scenarios: tuple[ResolvedScenario, ...]
    seed: int
    worlds: tuple[int, ...]
    series: np.ndarray
    probes: np.ndarray | None
    shock_week: int | None
    failures: tuple[Failure, ...]
    seconds: float
    asked: int = 0
    engine: str = "compiled"
    interrupted: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios, in order."""
        return tuple(scenario.name for scenario in self.scenarios)

    @property
    def weeks(self) -> int:
        """Number of weeks, counted from the switch, that every scenario ran."""
        return self.series.shape[-1]

    def part(self, indexes: Sequence[int]) -> "Replicates":
        """Return the runs of the scenarios at these indexes only."""
        return replace(
            self,
            scenarios=tuple(self.scenarios[i] for i in indexes),
            series=self.series[list(indexes)],
            probes=None if self.probes is None else self.probes[list(indexes)],
        )

    def summaries(self, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row per scenario and world, one column per outcome.

        The costs and returns of a change are measured against the first scenario.
        """
        tables = [self._summaries(i, outcomes) for i in range(len(self.scenarios))]
        return pd.concat(tables, keys=self.names, names=["scenario", "replicate"])

    def _summaries(self, index: int, outcomes: Sequence[str] | None) -> pd.DataFrame:
        values = summarise(
            self.series[index],
            None if self.probes is None else self.probes[index],
            outcomes,
            baseline=self.series[0] if index else None,
            shock_week=self.shock_week,
        )
        return pd.DataFrame(values, index=list(self.worlds))

    def tidy(self, outcomes: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row per scenario, world and outcome.

        Columns are scenario, replicate, outcome and value.
        """
        wide = self.summaries(outcomes).rename_axis(columns="outcome")
        return wide.stack(future_stack=True).rename("value").reset_index()

    def weekly(self, outcome: str) -> np.ndarray:
        """Return the weekly values of an outcome, (scenarios, worlds, weeks)."""
        return np.stack([weekly(series, outcome) for series in self.series])

    def weekly_tables(self) -> Iterator[pd.DataFrame]:
        """Yield one table per scenario, with a row per world and week.

        Columns are scenario, replicate, week and the fields of a weekly record.
        """
        fields = [name for name in SERIES_COLUMNS if name != "week"]
        for name, series in zip(self.names, self.series, strict=True):
            index = pd.MultiIndex.from_product(
                [[name], self.worlds, range(self.weeks)],
                names=["scenario", "replicate", "week"],
            )
            columns = {field: series[field].ravel() for field in fields}
            yield pd.DataFrame(columns, index=index).reset_index()

    def remarks(self, language: str = "en") -> list[str]:
        """Return remarks for the reader: unknowns, changes not reached, failures."""
        return [
            *phrases.not_known(self.scenarios, language),
            *self._not_reached(language),
            *self._not_relearned(language),
            *self._graphs(language),
            *self._sizes(language),
            *self._failed(language),
            *self._stopped(language),
        ]

    def _not_reached(self, language: str) -> list[str]:
        """Name the dated changes that fall after the horizon."""
        said = []
        for scenario in self.scenarios:
            late = [s.week for s in scenario.stages if s.week >= scenario.weeks]
            if late:
                weeks = phrases.names([str(week) for week in late], language)
                title = scenario.title[language]
                said.append(
                    phrases.say("not_reached", language, scenario=title, weeks=weeks)
                )
        return said

    @property
    def observed(self) -> int | None:
        """Weeks lived after the market shift, None if there is none."""
        return None if self.shock_week is None else self.weeks - self.shock_week - 1

    def _not_relearned(self, language: str) -> list[str]:
        """Tell where the run ends before half is relearned after the market shift."""
        times = self.summaries(relearning.TIMES)
        share = relearning.share_unended(times, self.observed)
        return relearning.remarks_on(share, self.observed, language)

    def _graphs(self, language: str) -> list[str]:
        """Return the notes about imported people and graphs."""
        from simulation.organisation import draw_chart

        said = []
        for scenario in self.scenarios:
            if scenario.network_file or scenario.people_file:
                for note in draw_chart(scenario).notes:
                    title = scenario.title[language]
                    said.append(
                        phrases.say("graph_note", language, scenario=title, note=note)
                    )
        return said

    def _sizes(self, language: str) -> list[str]:
        seats = [int(series["seats"][:, 0].mean()) for series in self.series]
        if len(set(seats)) == 1:
            return []
        counts = [
            phrases.say(
                "head_count",
                language,
                scenario=scenario.title[language],
                count=phrases.number(count, language),
            )
            for scenario, count in zip(self.scenarios, seats, strict=True)
        ]
        said = phrases.names(counts, language)
        return [phrases.say("head_counts", language, counts=said)]

    def _stopped(self, language: str) -> list[str]:
        if not self.interrupted:
            return []
        counts = {"done": len(self.worlds), "asked": self.asked}
        return [phrases.say("stopped_early", language, **counts)]

    def _failed(self, language: str) -> list[str]:
        if not self.failures:
            return []
        lost = len({failure.replicate for failure in self.failures})
        total = (len(self.worlds) + lost) * len(self.scenarios)
        values = {"count": len(self.failures), "total": total, "worlds": lost}
        return [phrases.say("runs_failed", language, **values)]


def joined(one: Replicates, more: Replicates) -> Replicates:
    """Return the runs of both as one; the same scenarios in other worlds."""
    probes = None
    if one.probes is not None and more.probes is not None:
        probes = np.concatenate([one.probes, more.probes], 1)
    return replace(
        one,
        worlds=one.worlds + more.worlds,
        series=np.concatenate([one.series, more.series], 1),
        probes=probes,
        failures=one.failures + more.failures,
        seconds=one.seconds + more.seconds,
        asked=one.asked + more.asked,
        interrupted=one.interrupted or more.interrupted,
    )
