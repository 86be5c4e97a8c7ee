"""Names of files and folders that every file system accepts."""

import hashlib
import re
from collections.abc import Sequence

from simulation.characters import one_line

LONGEST = 120
"""Bytes of a name before its ending; file systems take at most 255 with it."""
DIGITS = 8
FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
"""Letters that names of files cannot have on some system."""


def short_name(*names: str, longest: int = LONGEST) -> str:
    """Return names joined by -vs-; if that is too long, cut and with a hash added.

    Characters that some system does not allow become hyphens.

    >>> short_name("assigned", "owned"), short_name("a/b: c")
    ('assigned-vs-owned', 'a-b- c')
    >>> len(short_name("a" * 300)), short_name("é" * 200) == short_name("é" * 201)
    (120, False)
    """
    joined = "-vs-".join(names)
    whole = FORBIDDEN.sub("-", one_line(joined)).rstrip(". ") or "-"
    content = joined.encode(errors="surrogateescape")
    if len(whole.encode()) <= longest:
        return whole
    digest = hashlib.sha256(content).hexdigest()[:DIGITS]
    cut = whole.encode()[: longest - DIGITS - 1].decode(errors="ignore")
    return f"{cut.rstrip()}-{digest}"


def few_names(names: Sequence[str], most: int) -> str:
    """Return names as `short_name` does; of more than `most`, one and a count."""
    if len(names) > most:
        return short_name(names[0], f"{len(names) - 1}-others")
    return short_name(*names)
