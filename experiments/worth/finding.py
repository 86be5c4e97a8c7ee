"""What each open answer is worth to a choice between scenarios."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from experiments.errors import InputError
from experiments.run.replicates import Replicates
from experiments.statistics.information import (
    FEWEST,
    Gain,
    basis_of,
    gains,
    perfect_gain,
)
from experiments.statistics.intervals import Interval
from experiments.statistics.paired import good_sign, level_together
from experiments.statistics.verdicts import Verdict, verdict_on
from experiments.worth.flips import FlippingValues, flips_of
from experiments.worth.unknowns import OpenQuestion, drawn_values, open_questions
from simulation.outcomes import HEADLINES, Outcome, find
from simulation.scenario import ResolvedScenario

BY = (*HEADLINES, "margin")
"""The outcomes by which a choice is judged unless others are named."""
WORLDS_A_COLUMN = 4
"""Worlds for each column of a regression on all unknowns together, at least."""
ORDER = (Verdict.CLEAR, Verdict.SLIGHT, Verdict.UNCLEAR, Verdict.NONE)


@dataclass(frozen=True)
class AnswerWorth:
    """What the answer to one question is worth, by one outcome.

    `gain` is in the outcome's unit, never below zero: more is better, also where low
    values are good. `changed` is the share of worlds, 0 to 1, in which the answer
    changes the choice; `flips` are the values of unknowns at which it does.
    """

    question: OpenQuestion
    outcome: Outcome
    gain: Interval
    changed: float
    flips: tuple[FlippingValues, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether the gain is clear, slight, none or unclear."""
        return verdict_on(self.gain, self.outcome.smallest_difference)

    @property
    def pays(self) -> bool:
        """Whether knowing the answer surely improves the choice, be it slightly."""
        return self.verdict in (Verdict.CLEAR, Verdict.SLIGHT)

    @property
    def rank(self) -> tuple[int, float]:
        """What answers are sorted by: verdict, then gain as a share of what matters."""
        share = self.gain.estimate / self.outcome.smallest_difference
        return ORDER.index(self.verdict), -share


@dataclass(frozen=True)
class OutcomeWorth:
    """What answers are worth by one outcome, the one worth most first.

    `best` is the scenario of the best mean, chosen if nothing more is known; `together`
    is the gain of all answers at once, None if worlds are too few; `perfect` is the
    gain of knowing chance too, an upper bound. Gains are in the outcome's unit.
    """

    outcome: Outcome
    best: ResolvedScenario
    answers: tuple[AnswerWorth, ...]
    together: Interval | None
    perfect: float


@dataclass(frozen=True)
class ChoiceWorth:
    """What is worth finding out before choosing between scenarios."""

    scenarios: tuple[ResolvedScenario, ...]
    outcomes: tuple[OutcomeWorth, ...]
    worlds: int
    seed: int
    weeks: int

    @cached_property
    def ranked(self) -> tuple[AnswerWorth, ...]:
        """Each question by the outcome by which it is worth most, the best first."""
        best: dict[str, AnswerWorth] = {}
        for one in sorted((x for y in self.outcomes for x in y.answers), key=_rank):
            best.setdefault(one.question.name, one)
        return tuple(best.values())

    def by(self, outcome: str, question: str) -> AnswerWorth:
        """Return what a question's answer is worth by an outcome."""
        [measured] = [x for x in self.outcomes if x.outcome.id == outcome]
        return next(x for x in measured.answers if x.question.name == question)


def _rank(answer: AnswerWorth) -> tuple[int, float]:
    return answer.rank


def is_open(scenarios: Sequence[ResolvedScenario]) -> bool:
    """Return whether scenarios leave anything open in their own files."""
    return any(one.unknown and one.unknown.settings for one in scenarios)


def check_choice(scenarios: Sequence[ResolvedScenario], by: Sequence[str] = BY) -> None:
    """Raise `InputError` with all that keeps a choice from being judged."""
    wrong = []
    if len(scenarios) < 2:
        wrong.append(
            f"scenarios: got {len(scenarios)}; a choice is between two or more: what is"
            " today, and what may be done"
        )
    if not is_open(scenarios):
        names = ", ".join(one.name for one in scenarios)
        wrong.append(
            f"{names}: nothing is [unknown] in them, so there is nothing to find out;"
            " orgsim interview leaves open what you answer with ?, and orgsim discover"
            " asks which numbers of the model decide"
        )
    for name in by:
        if name not in judging(by):
            wrong.append(
                f"{name}: a choice is judged by outcomes of which more or less is"
                " better, and that every scenario has by itself; name another"
            )
    if wrong:
        raise InputError("\n".join(wrong))


def judging(outcomes: Sequence[str]) -> tuple[str, ...]:
    """Return the outcomes by which a choice can be judged, each once.

    Left out are those of which neither more nor less is better, and those that only a
    comparison has.
    """
    there = {name: find(name) for name in outcomes}
    return tuple(
        name
        for name, one in there.items()
        if one.good != "neutral" and one.needs != "baseline"
    )


def worth_of(runs: Replicates, by: Sequence[str] = BY) -> ChoiceWorth:
    """Return what is worth finding out before choosing between the scenarios of runs.

    Raises `InputError` for what `check_choice` refuses, and for too few worlds.
    """
    check_choice(runs.scenarios, by)
    if len(runs.worlds) < FEWEST:
        raise InputError(
            f"replicates: got {len(runs.worlds)} simulated worlds; it takes {FEWEST} to"
            " tell what is worth finding out"
        )
    drawn = drawn_values(runs.scenarios, runs.seed, runs.worlds)
    table = runs.summaries(by)
    shape = (len(runs.scenarios), len(runs.worlds))
    outcomes = [
        _by_outcome(
            find(name), table[name].to_numpy().reshape(shape).T, runs, drawn, by
        )
        for name in by
    ]
    by_outcome = tuple(one for one in outcomes if one is not None)
    return ChoiceWorth(
        runs.scenarios, by_outcome, len(runs.worlds), runs.seed, runs.weeks
    )


def _by_outcome(
    outcome: Outcome,
    values: np.ndarray,
    runs: Replicates,
    drawn: Mapping[str, np.ndarray],
    by: Sequence[str],
) -> OutcomeWorth | None:
    """Return what answers are worth by one outcome; None if too few worlds have it.

    `values` are (worlds, scenarios).
    """
    whole = np.isfinite(values).all(1)
    if whole.sum() < FEWEST:
        return None
    values = good_sign(outcome.good) * values[whole]
    drawn = {name: column[whole] for name, column in drawn.items()}
    questions = open_questions(tuple(drawn))
    groups = [[drawn[name] for name in one.unknowns] for one in questions]
    together = list(drawn.values())
    if len(questions) > 1 and _columns(together) * WORLDS_A_COLUMN <= len(values):
        groups.append(together)
    found = gains(values, groups, level_together(len(by)))
    best = int(values.mean(0).argmax())
    pairs = zip(questions, found, strict=False)
    answers = [_answer(one, outcome, gain, values, drawn) for one, gain in pairs]
    return OutcomeWorth(
        outcome,
        runs.scenarios[best],
        tuple(sorted(answers, key=_rank)),
        found[-1].interval if len(found) > len(questions) else None,
        perfect_gain(values),
    )


def _columns(together: Sequence[np.ndarray]) -> int:
    return basis_of(together).shape[1]


def _answer(
    question: OpenQuestion,
    outcome: Outcome,
    gain: Gain,
    values: np.ndarray,
    drawn: Mapping[str, np.ndarray],
) -> AnswerWorth:
    flips = [
        x for name in question.unknowns for x in flips_of(name, drawn[name], values)
    ]
    return AnswerWorth(question, outcome, gain.interval, gain.changed, tuple(flips))
