"""Answers as a TOML file, `question = "answer"`, written wholly or not at all."""

import json
from collections.abc import Mapping
from pathlib import Path

from experiments.errors import InputError, output_told
from experiments.fit.interview.questions import (
    DONT_KNOW,
    Answers,
    NotUnderstood,
    questions,
    understood,
)
from experiments.words.numerals import say
from simulation.outcomes import LANGUAGES
from simulation.regular_files import unusable
from simulation.scenario_errors import Problem, lines_of, nearest, shown
from simulation.scenario_files import (
    LARGEST_SCENARIO,
    TomlDocument,
    Unusable,
    read_toml,
)
from simulation.whole_files import sweep, write_file


def read_answers(path: Path, language: str = "en") -> dict[str, str | float | None]:
    """Return the answers in a file, without questions that it leaves out.

    Raises `InputError` with all mistakes, each with its line.
    """
    if wrong := unusable(path, LARGEST_SCENARIO):
        raise InputError(f"{path}: {wrong}")
    try:
        document = read_toml(path)
    except Unusable as failed:
        raise InputError(str(failed.problem)) from None
    known = {question.id: question for question in questions()}
    answers: dict[str, str | float | None] = {}
    problems = []
    for name, value in document.data.items():
        if name not in known:
            problems.append(_unknown(document, name, list(known)))
            continue
        try:
            answers[name] = understood(known[name], value, language)
        except NotUnderstood as error:
            problems.append(_wrong(document, name, value, error))
    if problems:
        raise InputError(lines_of(problems))
    return answers


def _unknown(document: TomlDocument, name: str, known: list[str]) -> Problem:
    allowed = f"the questions {', '.join(known)}"
    place = document.place((name,))
    return Problem("no such question", name, "", allowed, nearest(name, known), **place)


def _wrong(
    document: TomlDocument, name: str, value: object, error: NotUnderstood
) -> Problem:
    place = document.place((name,))
    near = shown(error.nearest) if error.nearest else ""
    return Problem("no answer", name, shown(value), error.allowed, near, **place)


def answers_text(answers: Answers, language: str) -> str:
    """Return answers as a file that `read_answers` reads, with their questions."""
    lines = [f"# {say('interview_kept_head', language)}"]
    for question in questions():
        if question.id in answers:
            given = answers[question.id]
            value = DONT_KNOW if given is None else given
            lines += [f"# {question.words[language]}", f"{question.id} = {toml(value)}"]
    return "\n".join(lines) + "\n"


def toml(value: object) -> str:
    """Return a text, a number or an array of them as TOML."""
    return json.dumps(value, ensure_ascii=False)


def in_both(words: Mapping[str, str]) -> str:
    """Return a text in both languages as TOML for a scenario file."""
    texts = ", ".join(f"{x} = {toml(words[x])}" for x in LANGUAGES)
    return f"{{ {texts} }}"


def said_in_both(key: str) -> str:
    """Return a text of the table of labels, in both languages, as `in_both` does."""
    return in_both({x: say(key, x) for x in LANGUAGES})


def write_whole(path: Path, text: str) -> None:
    """Write a file atomically; remove what a killed command left."""
    with output_told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.parent)
        write_file(path, text)
