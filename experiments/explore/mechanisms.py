"""The effect of each mechanism of the model, and how far levers can move outcomes.

A mechanism is removed by changing numbers only; the baseline with it is compared with
the baseline without it, in the same worlds.

>>> [one.name for one in mechanisms()][:2]
['own_results', 'before_after']
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.advise.moves import Move, Plan, moves_of, today
from experiments.files.progress import Progress
from experiments.run.living import Means, World, outcomes_of
from experiments.run.relearning import probe_week_of
from experiments.run.runner import to_one_horizon
from experiments.show.document import Document, Section, Table
from experiments.show.parts import document, section
from experiments.statistics.intervals import Interval, t_interval
from experiments.statistics.paired import good_sign
from experiments.words.numerals import change, level, say
from simulation.outcomes import HEADLINES, OUTCOMES
from simulation.scenario import ResolvedScenario, read, vary
from simulation.whole_numbers import checks_numbers

BASE = "baseline"
MEASURED = ("lead_quality", "market_fit", "learning_speed", "burnout", "margin")
OTHER_WORLDS = 1
"""What is added to the seed for the worlds in which what was chosen is measured."""
SHARE_TO_CHOOSE = 0.15
"""Part of the worlds in which moves are chosen."""


@dataclass(frozen=True)
class Mechanism:
    """A mechanism of the model, and the numbers that remove it."""

    name: str
    label: Mapping[str, str]
    structure: Mapping[str, float]
    parameters: Mapping[str, float]

    def taken_out(self, scenario: ResolvedScenario) -> ResolvedScenario:
        """Return a scenario without the mechanism."""
        chosen = {"structure": self.structure, "parameters": self.parameters}
        numbers: dict[str, Any] = {k: dict(x) for k, x in chosen.items() if x}
        return vary(scenario, f"without_{self.name}", **numbers)


@cache
def mechanisms() -> tuple[Mechanism, ...]:
    """Return the mechanisms of the table, in its order."""
    path = Path(__file__).with_name("mechanisms.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = []
    for name, row in table.items():
        parts = [table[part] for part in row.get("of", ())] or [row]
        kinds = ("structure", "parameters")
        merged = [{k: x for p in parts for k, x in p.get(y, {}).items()} for y in kinds]
        rows.append(Mechanism(name, row["label"], *merged))
    return tuple(rows)


@dataclass(frozen=True)
class Reach:
    """How far levers alone move an outcome from the baseline.

    `worst` and `best` are its values (worlds,) after the `moves` of either direction.
    Moves are chosen greedily, each time the one that takes the outcome furthest, in
    other worlds than those of the values.
    """

    outcome: str
    worst: np.ndarray
    best: np.ndarray
    moves: tuple[tuple[Move, ...], tuple[Move, ...]]


@dataclass(frozen=True)
class Worth:
    """Outcomes (worlds, outcomes) of the baseline, and `without` each mechanism.

    `reaches` are how far levers alone move outcomes.
    """

    replicates: int
    seed: int
    base: np.ndarray
    without: Mapping[str, np.ndarray]
    reaches: tuple[Reach, ...]

    def effect(self, name: str, outcome: str) -> Interval:
        """Return the effect of a mechanism on an outcome: with it minus without it."""
        k = MEASURED.index(outcome)
        return t_interval(self.base[:, k] - self.without[name][:, k])


@checks_numbers
def worth(
    replicates: int = 200,
    seed: int = 1,
    weeks: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Worth:
    """Simulate the baseline without each mechanism, and the reach of the levers."""
    [base] = to_one_horizon([today(BASE)], weeks)
    plain = read(BASE)
    means = Means(workers=workers)
    ways = [plain, *(one.taken_out(plain) for one in mechanisms())]
    outcomes = _lived(to_one_horizon(ways, weeks), replicates, seed, means, progress)
    names = [one.name for one in mechanisms()]
    without = dict(zip(names, outcomes[1:], strict=True))
    reaches = _reaches(base, replicates, seed, means, progress)
    return Worth(replicates, seed, outcomes[0], without, reaches)


def _lived(
    ways: Sequence[ResolvedScenario],
    replicates: int,
    seed: int,
    means: Means,
    progress: Progress | None = None,
) -> np.ndarray:
    """Simulate scenarios; return `MEASURED` outcomes, (ways, worlds, outcomes)."""
    week = probe_week_of(ways[0].weeks)
    worlds = [World(way, seed, r, week) for way in ways for r in range(replicates)]
    values = outcomes_of(worlds, MEASURED, means, progress)
    return values.reshape(len(ways), replicates, -1)


def _reaches(
    base: ResolvedScenario,
    replicates: int,
    seed: int,
    means: Means,
    progress: Progress | None,
) -> tuple[Reach, ...]:
    """Return how far levers alone move each headline outcome, for worse and better."""
    few = max(2, int(replicates * SHARE_TO_CHOOSE))
    known: dict[tuple[Move, ...], np.ndarray] = {}

    def means_of(each: Sequence[tuple[Move, ...]]) -> np.ndarray:
        """Return mean outcomes after moves, (moves, outcomes), each lived once."""
        new = [moves for moves in each if moves not in known]
        if new:
            plans = [Plan.at_once(moves).on(base) for moves in new]
            means_by_plan = _lived(plans, few, seed, means, progress).mean(1)
            known.update(zip(new, means_by_plan, strict=True))
        return np.array([known[moves] for moves in each])

    reaches = []
    for outcome in HEADLINES:
        good = good_sign(OUTCOMES[outcome].good)
        chosen = [
            _climb(moves_of(base), outcome, sign * good, means_of) for sign in (-1, 1)
        ]
        plans = [Plan.at_once(list(each)).on(base) for each in chosen]
        k = MEASURED.index(outcome)
        ends = _lived(plans, replicates, seed + OTHER_WORLDS, means)[:, :, k]
        reaches.append(Reach(outcome, ends[0], ends[1], (chosen[0], chosen[1])))
    return tuple(reaches)


def _climb(
    moves: Sequence[Move],
    outcome: str,
    sign: float,
    means_of: Callable[[Sequence[tuple[Move, ...]]], np.ndarray],
) -> tuple[Move, ...]:
    """Return moves that take an outcome up (sign 1) or down, the furthest step first.

    Until no move takes it further by a tenth of what matters.
    """
    k, least = MEASURED.index(outcome), 0.1 * OUTCOMES[outcome].smallest_difference
    made: tuple[Move, ...] = ()
    [start] = sign * means_of([made])[:, k]
    while True:
        levers = {move.lever for move in made}
        longer = [(*made, move) for move in moves if move.lever not in levers]
        if not longer:
            return made
        ends = sign * means_of(longer)[:, k]
        furthest = int(np.nanargmax(ends))
        if not ends[furthest] > start + least:
            return made
        made, start = longer[furthest], ends[furthest]


def document_of(worth: Worth, language: str = "en") -> Document:
    """Return a document with tables of mechanisms' effects and levers' reach."""
    note = say("worth_note", language, worlds=worth.replicates, seed=worth.seed)
    tables = (_mechanisms(worth, language), _reach(worth, language))
    return document(
        say("worth_title", language),
        say("worth_question", language),
        language,
        (
            section("answer", language, tables=tables[:1]),
            Section("reach", say("worth_reach", language), tables=tables[1:]),
            section("method", language, sentences=(note,)),
        ),
        numbers={table.name: table.data for table in tables},
    )


def _mechanisms(worth: Worth, language: str) -> Table:
    rows, data = [], []
    for one in mechanisms():
        effects = {name: worth.effect(one.name, name) for name in MEASURED}
        texts = [change(x, OUTCOMES[name], language) for name, x in effects.items()]
        rows.append((one.label[language], *texts))
        data += [
            {"mechanism": one.name, "outcome": name, **x.columns("effect")}
            for name, x in effects.items()
        ]
    labels = [OUTCOMES[x].label[language] for x in MEASURED]
    title = say("worth_title", language)
    heads = (say("worth_mechanism", language), *labels)
    return Table("mechanisms", title, heads, tuple(rows), pd.DataFrame(data))


def _reach(worth: Worth, language: str) -> Table:
    rows, data = [], []
    for one in worth.reaches:
        outcome = OUTCOMES[one.outcome]
        ends = [t_interval(values) for values in (one.worst, one.best)]
        texts = [level(x, outcome, language) for x in ends]
        rows.append((outcome.label[language], *texts))
        for end, interval, moves in zip(
            ("worst", "best"), ends, one.moves, strict=True
        ):
            settings = " ".join(map(str, moves))
            named = {"outcome": one.outcome, "end": end, "settings": settings}
            data.append({**named, **interval.columns("level")})
    title = say("worth_reach", language)
    keys = ("outcome", "worth_worst", "worth_best")
    heads = tuple(say(key, language) for key in keys)
    return Table("reach", title, heads, tuple(rows), pd.DataFrame(data))
