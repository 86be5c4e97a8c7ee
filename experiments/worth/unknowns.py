"""The unknowns of scenarios: what worlds drew for them, and which question tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.advise.moves import lever_words
from experiments.fit.interview.questions import Question, questions
from experiments.words.number_words import name_of
from simulation.outcomes import LANGUAGES
from simulation.scenario import ResolvedScenario
from simulation.scenario_unknown import in_world


@dataclass(frozen=True)
class OpenQuestion:
    """A question whose answer is not known, and the unknowns that it would tell.

    `name` is that of the question in the interview; of what the interview does not ask,
    that of the unknown, which the `words` then name. Unknowns are written as in
    [unknown]: levers.mandate.
    """

    name: str
    words: Mapping[str, str]
    unknowns: tuple[str, ...]


def open_questions(unknowns: Sequence[str]) -> tuple[OpenQuestion, ...]:
    """Return the questions that tell these unknowns, in the order of the interview.

    What the interview does not ask comes last.
    """
    found, unanswered = [], list(unknowns)
    for question in questions():
        told = tuple(x for x in _told_by(question) if x in unanswered)
        if told:
            found.append(OpenQuestion(question.id, question.words, told))
            unanswered = [x for x in unanswered if x not in told]
    found += [OpenQuestion(x, _names_of(x), (x,)) for x in unanswered]
    return tuple(found)


def _told_by(question: Question) -> tuple[str, ...]:
    levers = tuple(f"levers.{name}" for name in question.settings())
    amount = question.amount
    return levers if amount is None else (f"{amount.table}.{amount.name}",)


def _names_of(unknown: str) -> dict[str, str]:
    table, _, name = unknown.partition(".")
    if table == "levers":
        words = lever_words().get(name, {}).get("name", dict.fromkeys(LANGUAGES, name))
        return {x: words[x] for x in LANGUAGES}
    return {x: name_of(name, x) for x in LANGUAGES}


def drawn_values(
    scenarios: Sequence[ResolvedScenario], seed: int, worlds: Sequence[int]
) -> dict[str, np.ndarray]:
    """Return what each world drew for each unknown of any scenario, (worlds,).

    Settings of levers are texts. Unknowns of which all worlds drew the same are left
    out: there is nothing to find out.
    """
    found: dict[str, np.ndarray] = {}
    for one in scenarios:
        if one.unknown is None:
            continue
        lived = [in_world(one, seed, world) for world in worlds]
        for unknown in one.unknown.settings:
            if unknown not in found:
                values = _values(lived, unknown)
                if len(np.unique(values)) > 1:
                    found[unknown] = values
    return found


def _values(lived: Sequence[ResolvedScenario], unknown: str) -> np.ndarray:
    """Return an unknown's values in the first week in which worlds differ in it."""
    table, _, name = unknown.partition(".")
    if table == "parameters":
        return np.array([one.parameters[name] for one in lived])
    weeks = sorted({stage.week for one in lived for stage in one.stages})
    for week in weeks:
        values = np.array([getattr(one.at(week), table)[name] for one in lived])
        if len(np.unique(values)) > 1:
            break
    return values
