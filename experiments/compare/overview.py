"""One scenario over time, and its outcomes at the end."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from experiments.compare.reading import chosen_outcomes, read_all
from experiments.files.progress import Progress
from experiments.run.living import Agents, Simulate
from experiments.run.relearning import without_unended
from experiments.run.replicates import Replicates
from experiments.run.runner import run
from experiments.statistics.intervals import Interval, mean_interval
from experiments.statistics.paired import Band, outcome_band
from experiments.words import phrases
from simulation.outcomes import HEADLINES, OUTCOMES
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

WORLDS = 100
"""Worlds of one scenario: enough for the band that holds 80 % of them."""


@dataclass(frozen=True)
class Overview:
    """One scenario in many worlds; `outcomes` are those in tables and figures."""

    runs: Replicates
    outcomes: tuple[str, ...]

    @property
    def scenario(self) -> ResolvedScenario:
        """The scenario."""
        return self.runs.scenarios[0]

    @cached_property
    def levels(self) -> Mapping[str, Interval]:
        """Outcome id -> mean over worlds with its interval."""
        return {name: mean_interval(self._values[name]) for name in OUTCOMES}

    @cached_property
    def bands(self) -> Mapping[str, Band]:
        """Outcome id -> the band that holds 80 % of the worlds."""
        return {name: outcome_band(self._values[name].to_numpy()) for name in OUTCOMES}

    @cached_property
    def _values(self) -> pd.DataFrame:
        return without_unended(self.runs.summaries(), self.runs.observed)

    def answer(self, language: str = "en") -> list[str]:
        """Return the outcomes of the scenario at the end, in one sentence."""
        chosen = [name for name in self.outcomes if name in HEADLINES] or self.outcomes
        levels = {name: self.levels[name] for name in chosen}
        return [phrases.describe(self.scenario.title[language], levels, language)]

    def remarks(self, language: str = "en") -> list[str]:
        """Return remarks that a reader needs beside the answer."""
        note = phrases.note(self.levels[self.outcomes[0]], language)
        window = phrases.of_last_weeks(self.outcomes, self.runs.weeks, language)
        return [*filter(None, [note, window]), *self.runs.remarks(language)]

    def table(self) -> pd.DataFrame:
        """Return one row per outcome: mean with interval, and the band of worlds."""
        rows = [
            {
                "scenario": self.scenario.name,
                "outcome": name,
                "mean": level.estimate,
                "low": level.low,
                "high": level.high,
                "level": level.level,
                "method": level.method,
                "worlds": level.n,
                "worlds_without_value": level.dropped,
                "sd_of_worlds": level.sd,
                "world_10": float(self.bands[name].low),
                "world_90": float(self.bands[name].high),
            }
            for name, level in self.levels.items()
        ]
        return pd.DataFrame(rows)


@checks_numbers
def overview(
    name: str | os.PathLike | ResolvedScenario,
    replicates: int | None = None,
    seed: int = 1,
    weeks: int | None = None,
    outcomes: Sequence[str] | None = None,
    workers: int | None = None,
    simulate: Simulate | None = None,
    progress: Progress | None = None,
    engine: str | None = None,
    agents: Agents | None = None,
) -> Overview:
    """Run one scenario, a shipped name or a file, in `replicates` worlds of `seed`.

    By default in `WORLDS` worlds, for the weeks of the scenario. The other arguments
    are those of `compare`. Raises `InputError` for wrong input before anything runs.
    """
    shown = chosen_outcomes(outcomes)
    scenarios = read_all([name])
    worlds = WORLDS if replicates is None else replicates
    runs = run(
        scenarios, worlds, seed, weeks, workers, simulate, progress, engine, agents
    )
    return Overview(runs, shown)
