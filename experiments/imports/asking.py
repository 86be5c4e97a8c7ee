"""Asking about open points in a terminal, one after another."""

from collections.abc import Callable, Sequence

import click

from experiments.imports.mapping import ImportMapping, OpenPoint, named
from experiments.imports.words import said
from experiments.words.layout import wrapped
from experiments.words.numerals import number

Read = Callable[[], str]
"""Returns the next line that was typed; nothing at all at the end of the input."""


def ask(
    mapping: ImportMapping,
    points: Sequence[OpenPoint],
    read: Read,
    keep: Callable[[ImportMapping], None],
    language: str,
) -> ImportMapping:
    """Ask about each point; return the mapping with the answers.

    After a wrong answer the question is asked again. `keep` is called after every
    answer. At the end of the input the other points stay open.
    """
    for point in points:
        answer = _answer(point, read, language)
        if answer is None:
            return mapping
        is_work = point.key[0] in ("titles", "departments")
        said_so = named(str(answer)) if is_work else answer
        mapping = mapping.with_value(point.key, said_so)
        keep(mapping)
    return mapping


def _answer(point: OpenPoint, read: Read, language: str) -> str | float | None:
    """Return the answer to a point; None at the end of the input."""
    _show(point, language)
    while line := read():
        answer = point.understood(line)
        if answer is not None:
            return answer
        click.echo(said("ask_again", language, got=repr(line.strip())))
        click.echo("> ", nl=False)
    click.echo()
    return None


def _show(point: OpenPoint, language: str) -> None:
    click.echo("\n" + wrapped(point.question(language)))
    for place, answer in enumerate(point.shown(language), 1):
        click.echo(f"  {place:2}  {answer}")
    if not point.allowed:
        ends = {"low": point.low, "high": point.high}
        shown = {name: number(end, language, 1) for name, end in ends.items()}
        click.echo(f"  {said('ask_number', language, **shown)}")
    elif point.suggestion:
        near = point.suggested(language)
        click.echo(f"  {said('ask_choices', language, near=near)}")
    else:
        click.echo(f"  {said('ask_choices_none', language)}")
    click.echo("> ", nl=False)
