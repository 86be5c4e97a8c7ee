"""What pages share: their style, drawings in SVG, and one file with all of it.

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
    """Return one page that opens without network, with data in it that stay data.

    `template` has the places `__LANGUAGE__`, `__STYLE__`, `__DATA__` and `__SCRIPT__`.
    """
    parts = {
        "LANGUAGE": language,
        "STYLE": _together(styles),
        "DATA": embedded(data),
        "SCRIPT": _together(scripts),
    }
    return filled(template.read_text(encoding="utf-8"), parts)


def filled(template: str, parts: Mapping[str, str]) -> str:
    """Return a template with a part for each `__NAME__` that is one of the parts.

    What is filled in is not looked at again: a `__NAME__` in it stays as it is.

    >>> filled("__A__ and __B__", {"A": "__B__", "B": "b"})
    '__B__ and b'
    """
    names = "|".join(map(re.escape, parts))
    return re.sub(f"__({names})__", lambda found: parts[found[1]], template)


def embedded(data: Any) -> str:
    """Return data as JSON that may stand in a script: nothing in it is markup."""
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
    """Return the page that asks its server for styles and scripts, and for its data."""
    sheets = "".join(f'<link rel="stylesheet" href="{at}{name}">\n' for name in styles)
    calls = "".join(f'<script src="{at}{name}"></script>\n' for name in scripts)
    text = template.read_text(encoding="utf-8").replace("__DATA__", "null")
    text = text.replace("__LANGUAGE__", language)
    text = text.replace("<style>\n__STYLE__</style>\n", sheets)
    return text.replace("<script>\n__SCRIPT__</script>\n", calls)
