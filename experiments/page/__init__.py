"""What pages share: their style, drawings in SVG, and one file with all of it.

The explorer of an atlas and the what-if page draw with the same script and style; their
data are embedded in the page, or served.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

STYLE = Path(__file__).with_name("page.css")
DRAWING = Path(__file__).with_name("drawing.js")


def whole_page(
    template: Path, data: Any, scripts: Sequence[Path], styles: Sequence[Path]
) -> str:
    """Return one page that opens without network, with data in it that stay data.

    `template` has the places `__STYLE__`, `__DATA__` and `__SCRIPT__`.
    """
    told = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    parts = {"STYLE": _together(styles), "SCRIPT": _together(scripts)}
    text = template.read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace(f"__{name}__", part)
    return text.replace("__DATA__", told)


def _together(files: Sequence[Path]) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in files)


def served_page(
    template: Path, scripts: Sequence[str], styles: Sequence[str], at: str = "/files/"
) -> str:
    """Return the page that asks its server for styles and scripts, and for its data."""
    sheets = "".join(f'<link rel="stylesheet" href="{at}{name}">\n' for name in styles)
    calls = "".join(f'<script src="{at}{name}"></script>\n' for name in scripts)
    text = template.read_text(encoding="utf-8").replace("__DATA__", "null")
    text = text.replace("<style>\n__STYLE__</style>\n", sheets)
    return text.replace("<script>\n__SCRIPT__</script>\n", calls)
