"""Paragraphs and columns of plain text."""

import textwrap
from collections.abc import Sequence

WIDTH = 88


Row = Sequence[str]


def wrapped(text: str, indent: str = "") -> str:
    """Return a paragraph in lines of at most `WIDTH` characters."""
    return textwrap.fill(text, WIDTH, break_on_hyphens=False, subsequent_indent=indent)


def aligned(lines: Sequence[Row]) -> str:
    """Return rows as text in columns: names to the left, numbers to the right.

    >>> print(aligned([("a", "10"), ("bb", "5")]))
    a   10
    bb   5
    """
    whole = [row for row in lines if len(row) > 1]
    widths = [max(len(cell) for cell in column) for column in zip(*whole, strict=True)]
    texts = [
        "  ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=False))
        )
        for row in lines
    ]
    return "\n".join(text.rstrip() for text in texts)
