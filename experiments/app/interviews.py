"""The interview on the page: its questions, and the scenario file of answers."""

import tomllib
from collections.abc import Mapping
from typing import Any

from experiments.fit.interview.questions import NotUnderstood, questions, understood
from experiments.fit.interview.scenario_file import scenario_text
from experiments.fit.troubles import Problem, TranslatedError, error_of
from experiments.imports.plain_files import SCENARIO_FILE
from simulation.scenario import scenario_from


def interview_questions() -> list[dict[str, Any]]:
    """Return the questions as plain JSON values."""
    return [
        {
            "id": q.id,
            "words": dict(q.words),
            "answers": [{"key": a.key, "words": dict(a.words)} for a in q.answers],
            "amount": q.amount
            and {
                "unit": dict(q.amount.unit),
                "low": q.amount.low,
                "high": q.amount.high,
                "whole": q.amount.whole,
            },
        }
        for q in questions()
    ]


def interview_files(answers: Any, language: str) -> dict[str, str]:
    """Return the scenario file of answers; `TranslatedError` with all mistakes."""
    if not isinstance(answers, Mapping):
        raise error_of("interview_table")
    known = {question.id for question in questions()}
    found: dict[str, str | float | None] = {}
    problems: list[Problem] = [
        ("interview_unknown", {"id": str(x)[:60]})
        for x in sorted(answers.keys() - known)
    ]
    for question in questions():
        if question.id not in answers:
            continue
        given = answers[question.id]
        try:
            found[question.id] = understood(question, given, language)
        except NotUnderstood as error:
            values = {
                "question": question.words[language],
                "got": repr(str(given)[:60]),
            }
            problems.append(("interview_wrong", {**values, "allowed": error.allowed}))
    if problems:
        raise TranslatedError(*problems)
    text = scenario_text(found, language)
    scenario_from(tomllib.loads(text), SCENARIO_FILE)
    return {SCENARIO_FILE: text}
