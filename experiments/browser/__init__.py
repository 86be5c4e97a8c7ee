"""What HTML pages share: style, SVG drawings, and pages in one file.

The explorer of an atlas and the what-if page draw with the same script and style; their
data are embedded in the page, or served.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

STYLE = Path(__file__).with_name("page.css")
DRAWING = Path(__file__).with_name("drawing.js")


def whole_page(
    template: Path,
    data: Any,
    scripts: Sequence[Path],
    styles: Sequence[Path],
    language: str = "en",
) -> str:
    """Return a page, with all its data, that opens without a network.

    `template` has the placeholders `__LANGUAGE__`, `__STYLE__`, `__DATA__` and
    `__SCRIPT__`. The data cannot be taken for markup.
    """
    parts = {
        "LANGUAGE": language,
        "STYLE": _together(styles),
        "DATA": embedded(data),
        "SCRIPT": _together(scripts),
    }
    return filled(template.read_text(encoding="utf-8"), parts)


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


def _together(files: Sequence[Path]) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in files)


def served_page(
    template: Path,
    scripts: Sequence[str],
    styles: Sequence[str],
    language: str = "en",
    at: str = "/files/",
) -> str:
    """Return a page that requests its styles, scripts and data from its server."""
    sheets = "".join(f'<link rel="stylesheet" href="{at}{name}">\n' for name in styles)
    calls = "".join(f'<script src="{at}{name}"></script>\n' for name in scripts)
    text = template.read_text(encoding="utf-8").replace("__DATA__", "null")
    text = text.replace("__LANGUAGE__", language)
    text = text.replace("<style>\n__STYLE__</style>\n", sheets)
    return text.replace("<script>\n__SCRIPT__</script>\n", calls)
