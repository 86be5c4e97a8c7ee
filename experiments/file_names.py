"""Names of files and folders that no file system refuses for their length."""

import hashlib
from collections.abc import Sequence

LONGEST = 120
"""Bytes of a name before its ending; file systems take at most 255 with it."""
DIGITS = 8


def short_name(*names: str, longest: int = LONGEST) -> str:
    """Return names joined by -vs-; where that is too long, cut and told apart.

    >>> short_name("assigned", "owned")
    'assigned-vs-owned'
    >>> len(short_name("a" * 300)), short_name("é" * 200) == short_name("é" * 201)
    (120, False)
    """
    whole = "-vs-".join(names)
    content = whole.encode(errors="surrogateescape")
    if len(content) <= longest:
        return whole
    digest = hashlib.sha256(content).hexdigest()[:DIGITS]
    cut = content[: longest - DIGITS - 1].decode(errors="ignore")
    return f"{cut}-{digest}"


def few_names(names: Sequence[str], most: int) -> str:
    """Return names as `short_name` does; of more than `most`, how many others."""
    if len(names) > most:
        return short_name(names[0], f"{len(names) - 1}-others")
    return short_name(*names)
