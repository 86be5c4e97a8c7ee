"""Helpers to make documents and sections, common to all analyses."""

from collections.abc import Sequence
from typing import Any

from experiments.show.document import Document, Section
from experiments.words.numerals import say


def section(name: str, language: str, **parts: Any) -> Section:
    """Return a section; its title is that of its name in the table of words."""
    return Section(name, say(f"report_{name}", language), **parts)


def document(
    title: str, question: str, language: str, sections: Sequence[Section], **parts: Any
) -> Document:
    """Return a document of the sections that are not empty.

    The caller adds the study and the commands that reproduce it.
    """
    there = tuple(one for one in sections if not one.empty)
    remark = say("report_remark", language)
    return Document(title, question, language, "", there, (), remark, **parts)
