"""Writing answers as a scenario file, with the source of each value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from experiments.fit.interview.answer_files import said_in_both, toml
from experiments.fit.interview.questions import Answers, Question, groups, questions
from experiments.words.numerals import number, say
from simulation.scenario_values import DEFAULT_WORK, HEADS

BASE = "baseline"


@dataclass(frozen=True)
class Tally:
    """Numbers of questions answered, drawn in each world, and assumed."""

    answered: int
    drawn: int
    assumed: int


def tally(answers: Answers) -> Tally:
    """Count the questions by what became of them; a group counts as one question."""
    open_ones = {x.group: x for x in questions() if answers.get(x.id) is None}
    assumed = sum(1 for x in open_ones.values() if _default(x) is not None)
    count = len(open_ones)
    return Tally(len(groups()) - count, count - assumed, assumed)


def scenario_text(answers: Answers, language: str = "en") -> str:
    """Return the scenario file of today's organisation, commented in a language.

    Questions without an answer become unknowns: all settings that the question allows,
    or the usual range. Head counts and contract hours without an answer are assumed.
    """
    lines = [f"# {line}" for line in say("interview_head", language).splitlines()]
    lines += [
        f"title = {said_in_both('interview_title')}",
        f"question = {said_in_both('interview_asks')}",
        f"based_on = {toml(BASE)}",
        'as_is = "self"',
        *_table("[organisation]", _amounts("organisation", answers, language)),
        *_table("[levers]", _levers(answers, language)),
        *_table("[structure]", _amounts("structure", answers, language)),
        *_table("[unknown.levers]", _open_levers(answers, language), language),
        *_table("[unknown.structure]", _open_amounts(answers, language), language),
    ]
    return "\n".join(lines) + "\n"


def _table(head: str, lines: Iterable[str], language: str = "") -> list[str]:
    """Return the lines of a table with its head; none if it is empty.

    With a language, a comment in it says that the values are drawn.
    """
    body = list(lines)
    why = [f"# {say('interview_open', language)}"] if language else []
    return ["", *why, head, *body] if body else []


def _lines(
    question: Question, values: Mapping[str, object], why: str, language: str
) -> Iterable[str]:
    """Yield a question as a comment, and its values, each with its source `why`."""
    yield f"# {question.words[language]}"
    for name, value in values.items():
        line = f"{name} = {toml(value)}"
        yield f"{line:<32} # {why}" if why else line


def _amounts(table: str, answers: Answers, language: str) -> Iterable[str]:
    for question in questions():
        amount, given = question.amount, answers.get(question.id)
        if amount is None or amount.table != table:
            continue
        if given is not None:
            decimals = len(f"{given:g}".partition(".")[2])
            words = (
                f"{number(float(given), language, decimals)} {amount.unit[language]}"
            )
            why = say("interview_answered", language, answer=words)
            yield from _lines(question, {amount.name: given}, why, language)
        elif (default := _default(question)) is not None:
            why = say("interview_assumed", language)
            yield from _lines(question, {amount.name: default}, why, language)


def _default(question: Question) -> float | None:
    """Return the assumed value of a head count or of hours; None for others."""
    amount = question.amount
    if amount is None or amount.table != "organisation":
        return None
    return {**HEADS, **DEFAULT_WORK}[amount.name]


def _levers(answers: Answers, language: str) -> Iterable[str]:
    for question in questions():
        given = answers.get(question.id)
        if question.answers and given is not None:
            answer = question.answer(given)
            words = answer.words[language]
            why = say("interview_answered", language, answer=words)
            yield from _lines(question, answer.levers, why, language)


def _open_levers(answers: Answers, language: str) -> Iterable[str]:
    for question in questions():
        if question.answers and answers.get(question.id) is None:
            yield from _lines(question, question.settings(), "", language)


def _open_amounts(answers: Answers, language: str) -> Iterable[str]:
    for question in questions():
        amount = question.amount
        if amount and amount.usual and answers.get(question.id) is None:
            yield from _lines(question, {amount.name: amount.usual}, "", language)
