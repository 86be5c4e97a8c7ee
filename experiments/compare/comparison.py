"""Comparing scenarios with the first of them, over the same simulated worlds."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from experiments.compare.over_time import Detour, detour, on_the_way
from experiments.compare.reading import chosen_outcomes, read_all, same_organisation
from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.run.living import Agents, Simulate
from experiments.run.relearning import without_unended
from experiments.run.replicates import Replicates
from experiments.run.runner import run
from experiments.statistics import paired
from experiments.statistics.intervals import Interval
from experiments.statistics.verdicts import (
    clear_sign,
    is_settled,
    verdict_on,
    worlds_to_settle,
)
from experiments.words import phrases
from simulation.outcomes import HEADLINES, OUTCOMES
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

FEW_WORLDS = 20
"""Worlds of more than `MOST_SHOWN` scenarios beside the first."""
MOST_SHOWN = 20
"""Scenarios beside the first of which words, tables and figures show each."""
BEST_SHOWN = 4
"""Of more than that: those that are shown for each headline outcome."""


@dataclass(frozen=True)
class Comparison:
    """Scenarios compared with the first of them.

    `outcomes` are those that tables and figures show, in order; `runs` has all. A
    comparison that is part of a `whole` has the whole's intervals, which hold
    simultaneously over all of its scenarios.
    """

    runs: Replicates
    outcomes: tuple[str, ...]
    whole: "Comparison | None" = None

    @property
    def base(self) -> ResolvedScenario:
        """The scenario that the others are compared with."""
        return self.runs.scenarios[0]

    @property
    def others(self) -> tuple[ResolvedScenario, ...]:
        """The scenarios that are compared with the base."""
        return self.runs.scenarios[1:]

    @property
    def headlines(self) -> tuple[str, ...]:
        """Outcomes in the answer: the headline ones among `outcomes`, else all."""
        chosen = tuple(name for name in self.outcomes if name in HEADLINES)
        return chosen or self.outcomes

    @cached_property
    def shown(self) -> "Comparison":
        """The part that text, tables and figures show: all scenarios, or the best.

        Of more than `MOST_SHOWN`, the scenarios with the best means in each headline
        outcome are shown.
        """
        if len(self.others) <= MOST_SHOWN:
            return self
        best: set[int] = set()
        for name in self.headlines:
            sign = paired.good_sign(OUTCOMES[name].good)
            means = np.array([x.estimate for x in self.differences(name)])
            order = np.argsort(-sign * means, kind="stable")  # nan last
            best |= {int(i) + 1 for i in order[:BEST_SHOWN]}
        runs = self.runs.part([0, *sorted(best)])
        return Comparison(runs, self.outcomes, self)

    @cached_property
    def results(self) -> Mapping[str, tuple[paired.PairedComparison, ...]]:
        """Outcome id -> the statistics of each of the others against the first.

        With several others the intervals of the differences hold simultaneously.
        """
        if self.whole is not None:
            names = self.whole.runs.names[1:]
            at = [names.index(x.name) for x in self.others]
            all_of = self.whole.results
            return {name: tuple(all_of[name][i] for i in at) for name in OUTCOMES}
        return {name: self._compared(name) for name in OUTCOMES}

    @cached_property
    def _values(self) -> Mapping[str, np.ndarray]:
        """Outcome id -> its values, (worlds, scenarios)."""
        table = without_unended(self.runs.summaries(), self.runs.observed)
        shape = (len(self.runs.names), len(self.runs.worlds))
        return {x: table[x].to_numpy().reshape(shape).T.copy() for x in OUTCOMES}

    def _compared(self, name: str) -> tuple[paired.PairedComparison, ...]:
        outcome = OUTCOMES[name]
        base, *others = self._values[name].T
        comparisons = [paired.compare(base, x, outcome.good) for x in others]
        if len(comparisons) == 1:
            return tuple(comparisons)
        apart = np.stack([x - base for x in others], 1)
        together = paired.simultaneous_intervals(apart)
        pairs = zip(comparisons, together, strict=True)
        return tuple(replace(one, difference=interval) for one, interval in pairs)

    def differences(self, name: str) -> tuple[Interval, ...]:
        """Return the paired difference of each of the others in an outcome."""
        return tuple(one.difference for one in self.results[name])

    def answer(self, language: str = "en") -> list[str]:
        """Return the answer in sentences: on each of the others, and rankings.

        Rankings come last, or first where only the best scenarios are shown.
        """
        if self.whole is not None:
            return self.whole.answer(language)
        shown = self.shown
        each = [
            " ".join([shown._headline(i, language), *shown._on_the_way(i, language)])
            for i in range(len(shown.others))
        ]
        if len(self.others) < 2:
            return each
        rankings = self.rankings(language)
        return [*each, *rankings] if shown is self else [*rankings, *each]

    def rankings(self, language: str = "en") -> list[str]:
        """Return which scenario is best in each headline outcome, where that holds.

        Last, where only the best are shown, that this is so.
        """
        whole = self.whole or self
        said = [whole.sentence(name, language) for name in self.headlines]
        if whole.shown is not whole:
            said.append(whole._part_told(language))
        return [sentence for sentence in said if sentence]

    def _part_told(self, language: str) -> str:
        what = [OUTCOMES[name].in_sentence[language] for name in self.headlines]
        counts = {"shown": len(self.shown.others), "count": len(self.others)}
        best = phrases.say(f"number_{BEST_SHOWN}", language)
        listed = phrases.names(what, language)
        return phrases.say("part_shown", language, what=listed, best=best, **counts)

    def sentence(self, name: str, language: str = "en") -> str:
        """Return the sentence about one outcome; "" where a ranking would not hold."""
        if self.whole is not None:
            return self.whole.sentence(name, language)
        if len(self.others) > 1:
            return self._ranking(name, language) if self._ranking_agrees(name) else ""
        title = self.others[0].title[language]
        found = {name: self.differences(name)[0]}
        return phrases.headline(title, found, language, self.base.title[language])

    def _headline(self, index: int, language: str) -> str:
        title = self.others[index].title[language]
        if same_organisation(self.others[index], self.base):
            base = self.base.title[language]
            return phrases.say("same_organisation", language, scenario=title, base=base)
        found = {name: self.differences(name)[index] for name in self.headlines}
        return phrases.headline(title, found, language, self.base.title[language])

    @cached_property
    def detours(self) -> tuple[tuple[Detour | None, ...], ...]:
        """The detour, if any, of each headline outcome in each of the others."""
        detours_of = []
        for name in self.headlines:
            base, *others = self.runs.weekly(name)
            detours_of.append(tuple(detour(name, base, other) for other in others))
        return tuple(detours_of)

    def _on_the_way(self, index: int, language: str) -> list[str]:
        found = [each[index] for each in self.detours]
        sentences = [on_the_way(one, language) for one in found if one]
        return [*sentences, *self._other_past(index, language)]

    def _other_past(self, index: int, language: str) -> list[str]:
        """Return a sentence if the two had different structures before week 0."""
        other, base = self.others[index], self.base
        now, before = other.stages[0].levers, base.stages[0].levers
        differ = [name for name in now if now[name] != before[name]]
        if other.stages[0].structure == base.stages[0].structure:
            return []
        if not differ:
            what = phrases.say("past_numbers", language)
        else:
            what = phrases.names([f"{name} = {now[name]}" for name in differ], language)
        titles = {"scenario": other.title[language], "base": base.title[language]}
        return [phrases.say("other_past", language, what=what, **titles)]

    @cached_property
    def _known_best(self) -> dict[str, tuple[int, ...]]:
        return {}

    def _best(self, name: str) -> tuple[int, ...]:
        """Return the scenarios that may be the best in an outcome, best first."""
        if name not in self._known_best:
            one, values = OUTCOMES[name], self._values[name]
            size = one.smallest_difference
            group = paired.best_group(values, one.good, smallest=size)
            self._known_best[name] = group
        return self._known_best[name]

    def _ranking_agrees(self, name: str) -> bool:
        """Return whether a ranking agrees with the verdicts on the differences."""
        group = self._best(name)
        size = OUTCOMES[name].smallest_difference
        clear = [bool(clear_sign(x, size)) for x in self.differences(name)]
        if len(group) == len(self.runs.names):
            return not any(clear)
        if 0 in group:
            return not any(clear[i - 1] for i in group if i)
        return all(clear[i - 1] for i in group)

    def _ranking(self, name: str, language: str) -> str:
        group = self._best(name)
        titles = [scenario.title[language] for scenario in self.runs.scenarios]
        return phrases.ranking(titles, group, OUTCOMES[name], language)

    def remarks(self, language: str = "en") -> list[str]:
        """Return remarks that a reader needs beside the answer."""
        if self.whole is not None:
            return self.whole.remarks(language)
        name = self.headlines[0]
        remarks = [phrases.note(self.differences(name)[0], language)]
        window = phrases.of_last_weeks(self.headlines, self.runs.weeks, language)
        remarks += [window] if window else []
        if len(self.others) > 1:
            remarks.append(phrases.say("note_together", language))
        remarks += self.shown.runs.remarks(language)
        return remarks + self.more_worlds(language)

    def more_worlds(self, language: str) -> list[str]:
        """Return how many worlds settle the outcomes that are still provisional."""
        if self.whole is not None:
            return self.whole.more_worlds(language)
        said = []
        for name in self.headlines:
            size = OUTCOMES[name].smallest_difference
            open_ = [x for x in self.differences(name) if not is_settled(x, size)]
            needed = max((worlds_to_settle(x, size) or 0 for x in open_), default=0)
            if needed > len(self.runs.worlds):
                what = OUTCOMES[name].in_sentence[language]
                said.append(phrases.say("worlds_needed", language, what=what, n=needed))
        return said

    def table(self) -> pd.DataFrame:
        """Return one row per scenario and outcome: values, difference and interval."""
        rows = [
            {"scenario": scenario.name, "base": self.base.name, "outcome": name}
            | _flat(self.results[name][i], OUTCOMES[name].smallest_difference)
            for i, scenario in enumerate(self.others)
            for name in OUTCOMES
        ]
        return pd.DataFrame(rows)


def _flat(comparison: paired.PairedComparison, smallest: float) -> dict[str, Any]:
    difference = comparison.difference
    return {
        "base_mean": comparison.a.estimate,
        "base_low": comparison.a.low,
        "base_high": comparison.a.high,
        "base_sd_of_worlds": comparison.spread_a,
        "mean": comparison.b.estimate,
        "low": comparison.b.low,
        "high": comparison.b.high,
        "sd_of_worlds": comparison.spread_b,
        **difference.columns("difference"),
        "level": difference.level,
        "method": difference.method,
        "worlds": difference.n,
        "worlds_without_value": difference.dropped,
        **comparison.relative.columns("relative"),
        "share_better": comparison.share_better,
        "variance_reduction": comparison.variance_reduction,
        "verdict": str(verdict_on(difference, smallest)),
        "worlds_to_settle": worlds_to_settle(difference, smallest),
    }


@checks_numbers
def compare(
    *names: str | os.PathLike | ResolvedScenario,
    replicates: int | None = None,
    seed: int = 1,
    weeks: int | None = None,
    outcomes: Sequence[str] | None = None,
    workers: int | None = None,
    simulate: Simulate | None = None,
    progress: Progress | None = None,
    engine: str | None = None,
    agents: Agents | None = None,
) -> Comparison:
    """Compare scenarios, each a shipped name or a file, with the first of them.

    All run for `weeks` (by default those of the longest) in the same `replicates`
    worlds of `seed`; by default in as many as settle the verdicts on the headline
    outcomes, within limits (see `run_until_settled`), or, with more than `MOST_SHOWN`
    scenarios beside the first, in `FEW_WORLDS`. `outcomes` are those that tables and
    figures show; by default the headline and side outcomes. `agents` maps roles to
    custom agents, which run on Mesa. Raises `InputError` for wrong input before
    anything runs.
    """
    if len(names) < 2:
        raise InputError("compare needs two scenarios or more; for one there is run")
    shown = chosen_outcomes(outcomes)
    from experiments.compare.settling import run_until_settled

    options: dict[str, Any] = {
        "seed": seed,
        "weeks": weeks,
        "workers": workers,
        "simulate": simulate,
        "progress": progress,
        "engine": engine,
        "agents": agents,
    }
    scenarios = read_all(names)
    if replicates is None and len(scenarios) > MOST_SHOWN + 1:
        replicates = FEW_WORLDS
    if replicates is None:
        return Comparison(run_until_settled(scenarios, shown, **options), shown)
    return Comparison(run(scenarios, replicates, **options), shown)
