"""Parts of documents that all analyses have."""

from collections.abc import Sequence
from typing import Any

from experiments.show.document import Document, Section
from experiments.words.numerals import say


def section(name: str, language: str, **parts: Any) -> Section:
    """Return a section under the title that its name has in the table of words."""
    return Section(name, say(f"report_{name}", language), **parts)


def document(
    title: str, question: str, language: str, sections: Sequence[Section], **parts: Any
) -> Document:
    """Return a document of sections, without those that have nothing in them.

    Who runs the analysis adds how to get the same again.
    """
    there = tuple(one for one in sections if not one.empty)
    remark = say("report_remark", language)
    return Document(title, question, language, "", there, (), remark, **parts)
