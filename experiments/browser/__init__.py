"""What pages that compute share: tables, statistics, words and charts in JavaScript."""

import json
import re
from collections.abc import Mapping
from typing import Any


def filled(template: str, parts: Mapping[str, str]) -> str:
    """Return a template with each `__NAME__` that is in `parts` replaced by its part.

    Replacements are not searched again: a `__NAME__` in them stays as it is.

    >>> filled("__A__ and __B__", {"A": "__B__", "B": "b"})
    '__B__ and b'
    """
    names = "|".join(map(re.escape, parts))
    return re.sub(f"__({names})__", lambda found: parts[found[1]], template)


def embedded(data: Any) -> str:
    """Return data as JSON for a script element, in which nothing is markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
