"""Asking: one question at a time, with a way back."""

from collections.abc import Callable, Sequence
from string import ascii_lowercase

import click

from experiments.fit.interview.questions import (
    Answers,
    NotUnderstood,
    Question,
    groups,
    questions,
    understood,
)
from experiments.words.layout import wrapped
from experiments.words.numerals import number, say
from simulation.scenario_errors import shown

BACK = "b"
Read = Callable[[], str]
"""Returns the next line that was typed, without what is typed nothing at all."""


def ask(
    answers: dict[str, str | float | None],
    read: Read,
    keep: Callable[[Answers], None],
    language: str = "en",
) -> None:
    """Ask the questions that have no answer yet, and fill in `answers`.

    Enter or ? is "don't know", b goes back; after a wrong answer the question is asked
    again. `keep` is called after every answer. At the end of the input the rest stays
    unanswered.
    """
    todo = [question for question in questions() if question.id not in answers]
    if todo:
        click.echo(wrapped(say("interview_welcome", language)))
    at = 0
    while at < len(todo):
        _show(todo[at], language)
        line = read()
        if not line:
            click.echo()
            return
        if line.strip().casefold() == BACK:
            at = max(0, at - 1)
            continue
        try:
            answers[todo[at].id] = understood(todo[at], line, language)
        except NotUnderstood as error:
            click.echo(wrapped(_told(todo[at], line, error, language)))
            continue
        keep(answers)
        at += 1


def take(
    answers: dict[str, str | float | None], lines: Sequence[str], language: str = "en"
) -> list[str]:
    """Fill in answers from lines of a file or a pipe; return all mistakes.

    Each line answers the next question that has no answer yet; b goes back.
    """
    todo = [question for question in questions() if question.id not in answers]
    wrong = []
    at = 0
    for place, line in enumerate(lines, 1):
        if line.strip().casefold() == BACK:
            at = max(0, at - 1)
        elif at < len(todo):
            try:
                answers[todo[at].id] = understood(todo[at], line, language)
            except NotUnderstood as error:
                told = _told(todo[at], line, error, language)
                wrong.append(f"{place}: {todo[at].id}: {told}")
            at += 1
        elif line.strip():
            told = say("interview_too_many", language, got=shown(line.strip()))
            wrong.append(f"{place}: {told}")
    return wrong


def _show(question: Question, language: str) -> None:
    numbers = groups()
    parts = [x.id for x in questions() if x.group == question.group]
    part = ascii_lowercase[parts.index(question.id)] if len(parts) > 1 else ""
    head = say(
        "interview_question",
        language,
        n=number(numbers.index(question.group) + 1, language) + part,
        of=len(numbers),
    )
    click.echo("\n" + wrapped(f"{head} {question.words[language]}"))
    for place, answer in enumerate(question.answers, 1):
        click.echo(wrapped(f"  {place}  {answer.words[language]}", "     "))
    if amount := question.amount:
        ends = {"low": amount.low, "high": amount.high}
        limits = {name: number(end, language) for name, end in ends.items()}
        unit = amount.unit[language]
        click.echo("  " + say("interview_unit", language, unit=unit, **limits))
    click.echo("> ", nl=False)


def _told(question: Question, line: str, error: NotUnderstood, language: str) -> str:
    """Return a message: the wrong answer, the allowed ones, and the nearest one."""
    allowed, near = error.allowed, ""
    if question.answers:
        allowed = say("interview_whole", language, low="1", high=len(question.answers))
    if error.nearest:
        words = question.answer(error.nearest).words[language]
        near = say("interview_nearest", language, near=words)
    got = shown(line.strip())
    text = say("interview_wrong", language, got=got, allowed=allowed)
    return f"{text} {near}".strip()
