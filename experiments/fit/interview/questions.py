"""Questions that anyone can answer about their own organisation, and the answers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from experiments.words.numerals import number, say
from simulation.outcomes import LANGUAGES
from simulation.scenario_errors import choices, nearest
from simulation.written_numbers import NO_NUMBER, readings

DONT_KNOW = "?"
Answers = Mapping[str, str | float | None]
"""Question -> key of the answer, or number; None where it is said not to be known."""


@dataclass(frozen=True)
class Answer:
    """An answer to a question: its words by language, and the levers that it sets."""

    key: str
    words: Mapping[str, str]
    levers: Mapping[str, str]


@dataclass(frozen=True)
class Amount:
    """The number that a question sets, its unit by language and its allowed range.

    `usual` is its range if it is unknown; None for a number that is then assumed.
    """

    table: str
    name: str
    unit: Mapping[str, str]
    low: float
    high: float
    usual: tuple[float, float] | None
    whole: bool


@dataclass(frozen=True)
class Question:
    """A question with `answers` to choose from, or an `amount`.

    Questions of one `group` count as one.
    """

    id: str
    group: str
    words: Mapping[str, str]
    answers: tuple[Answer, ...]
    amount: Amount | None

    def answer(self, key: str | float) -> Answer:
        """Return the answer with this key."""
        return next(answer for answer in self.answers if answer.key == key)

    def settings(self) -> dict[str, tuple[str, ...]]:
        """Return the levers that the answers set, each with all settings in them."""
        by_lever: dict[str, dict[str, None]] = {}
        for answer in self.answers:
            for lever, setting in answer.levers.items():
                by_lever.setdefault(lever, {})[setting] = None
        return {lever: tuple(settings) for lever, settings in by_lever.items()}


class NotUnderstood(Exception):
    """An invalid answer, with `allowed` answers and the `nearest`, perhaps empty."""

    def __init__(self, allowed: str, near: str) -> None:
        super().__init__(allowed)
        self.allowed, self.nearest = allowed, near


@cache
def questions() -> tuple[Question, ...]:
    """Return all questions in the order in which they are asked."""
    text = Path(__file__).with_name("questions.toml").read_text(encoding="utf-8")
    return tuple(_question(key, row) for key, row in tomllib.loads(text).items())


def groups() -> tuple[str, ...]:
    """Return the groups of questions, in order; most groups have one question."""
    return tuple(dict.fromkeys(question.group for question in questions()))


def _question(key: str, row: Mapping[str, Any]) -> Question:
    answers = tuple(
        Answer(name, _words(one), one["levers"])
        for name, one in row.get("answers", {}).items()
    )
    amount = _amount(row) if "sets" in row else None
    return Question(key, row.get("group", key), _words(row), answers, amount)


def _words(row: Mapping[str, Any]) -> dict[str, str]:
    return {language: row[language] for language in LANGUAGES}


def _amount(row: Mapping[str, Any]) -> Amount:
    table, _, name = row["sets"].partition(".")
    low, high = row["range"]
    usual = tuple(row["usual"]) if "usual" in row else None
    whole = row.get("whole", False)
    return Amount(table, name, row["unit"], low, high, usual, whole)


def understood(
    question: Question, received: object, language: str = "en"
) -> str | float | None:
    """Parse an answer; return its key or number, None for "don't know".

    A choice is given by its number from 1, its key, or the beginning of its words in
    any language; an amount by a number, with a point or a comma. Raises
    `NotUnderstood` with the allowed answers.
    """
    text = str(received).strip()
    unknown = {say("interview_dont_know", code).casefold() for code in LANGUAGES}
    if text in ("", DONT_KNOW) or text.casefold() in unknown:
        return None
    if question.amount is not None:
        return _number(question.amount, received, language)
    return _choice(question, text)


def _choice(question: Question, text: str) -> str:
    keys = [answer.key for answer in question.answers]
    if text in keys:
        return text
    if text.isdecimal() and 1 <= int(text) <= len(keys):
        return keys[int(text) - 1]
    phrases = {
        phrase.casefold(): answer.key
        for answer in question.answers
        for phrase in (answer.key, *answer.words.values())
    }
    meant = {key for phrase, key in phrases.items() if _begins(phrase, text.casefold())}
    if len(meant) == 1:
        return meant.pop()
    near = nearest(text.casefold(), phrases)
    raise NotUnderstood(choices([*keys, DONT_KNOW]), phrases[near] if near else "")


def _begins(phrase: str, text: str) -> bool:
    """Return whether a phrase begins with a text of whole words."""
    return phrase.startswith(text) and not phrase[len(text) :][:1].isalnum()


def _number(amount: Amount, received: object, language: str) -> float:
    try:
        one = readings(received)
    except OverflowError:  # a whole number that no float holds
        one = NO_NUMBER
    value = one.value("")
    whole = value is not None and (not amount.whole or value == int(value))
    if value is not None and whole and amount.low <= value <= amount.high:
        return int(value) if amount.whole else value
    ends = say(
        "interview_whole" if amount.whole else "interview_number",
        language,
        low=number(amount.low, language),
        high=number(amount.high, language),
    )
    if one.unclear:
        ends = say("interview_unclear", language, ends=ends)
    raise NotUnderstood(ends, "")
