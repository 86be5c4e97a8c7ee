"""Paragraphs and columns of plain text."""

import re
import textwrap
from collections.abc import Sequence

from experiments.words.numerals import MINUS

WIDTH = 88
NUMBER = re.compile(rf"[+<>{MINUS}-]?\d")
"""How a number begins."""

Row = Sequence[str]


def wrapped(text: str, indent: str = "") -> str:
    """Return a paragraph in lines of at most `WIDTH` characters."""
    return textwrap.fill(text, WIDTH, break_on_hyphens=False, subsequent_indent=indent)


def aligned(lines: Sequence[Row]) -> str:
    """Return rows as text in columns: words to the left, numbers to the right.

    The first row has the names of the columns.

    >>> print(aligned([("", "n", "why"), ("a", "10", "so"), ("bb", "5", "thus")]))
         n  why
    a   10  so
    bb   5  thus
    """
    whole = [row for row in lines if len(row) > 1]
    columns = list(zip(*whole, strict=True))
    widths = [max(map(len, column)) for column in columns]
    right = [i > 0 and has_numbers(x[1:] or x) for i, x in enumerate(columns)]
    texts = [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=False)
        )
        for row in lines
    ]
    return "\n".join(text.rstrip() for text in texts)


def has_numbers(cells: Sequence[str]) -> bool:
    """Return whether all texts of a column that are not empty begin like numbers."""
    told = [cell for cell in cells if cell]
    return bool(told) and all(map(NUMBER.match, told))
