"""A document as lines of text: per section, sentences and then tables."""

from collections.abc import Iterator

from experiments.show.document import Document, Table
from experiments.words.layout import aligned, wrapped

INDENT = "    "


def as_text(document: Document) -> str:
    """Return all sections as text for a terminal or a file, without their titles.

    A table row that holds only its name is a heading of the rows below it.
    """
    return "\n\n".join(_parts(document))


def _parts(document: Document) -> Iterator[str]:
    for section in document.sections:
        yield from (_paragraph(sentence) for sentence in section.sentences)
        yield from (table_text(table) for table in section.tables)


def _paragraph(text: str) -> str:
    """Return a wrapped paragraph; all lines after the first are indented."""
    first, *others = text.split("\n")
    indent = INDENT if others else ""
    lines = [wrapped(first, indent), *(wrapped(INDENT + x, INDENT) for x in others)]
    return "\n".join(lines)


def table_text(table: Table) -> str:
    """Return a table in aligned columns, with its note below."""
    rows = [row if any(row[1:]) else row[:1] for row in table.rows]
    lines = aligned([table.columns, *rows])
    return f"{lines}\n{wrapped(table.note)}" if table.note else lines
