"""The page of `orgsim app`: that which runs the model, and tools that need Python."""

import base64
import hashlib
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from experiments.compare.reading import read_all
from experiments.share.building import PageTools, html_of, page_data
from experiments.share.questions import base_of, questions
from simulation.outcomes import LANGUAGES
from simulation.scenario import read, shipped_names

HERE = Path(__file__).parent
FIRST = ("assigned", "owned")
"""The scenarios that the page opens with."""
SEED = 1
MODULES = ("requests", "dialogs", "importing", "documents", "app")


def app_page(language: str) -> str:
    """Return the page, in a language."""
    scenarios = read_all(FIRST)
    base = base_of(scenarios[0])
    data = page_data(base, questions(base, scenarios), language, SEED)
    data["organisations"] = _others([one["id"] for one in data["questions"]])
    for x in LANGUAGES:
        data["words"][x] = {**data["words"][x], **tool_words()[x]}
    return html_of(data, language, _tools())


def _others(asked: list[str]) -> list[dict[str, Any]]:
    """Return what ships and is no question of the page, with its titles."""
    names = [name for name in shipped_names() if name not in asked]
    return [{"name": name, "title": dict(read(name).title)} for name in names]


@cache
def tool_words() -> dict[str, dict[str, str]]:
    """Return the words of the tools: language -> key -> text."""
    rows = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
    return {x: {key: texts[x] for key, texts in rows.items()} for x in LANGUAGES}


def _tools() -> PageTools:
    return PageTools(
        menu=(HERE / "menu.html").read_text(encoding="utf-8"),
        dialogs=(HERE / "dialogs.html").read_text(encoding="utf-8"),
        style=(HERE / "tools.css").read_text(encoding="utf-8"),
        modules=tuple(HERE / f"{name}.mjs" for name in MODULES),
    )


def policy(page: str) -> str:
    """Return a content security policy that runs only the scripts of a page."""
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in scripts
    ]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return (
        f"default-src 'none'; script-src {allowed} 'wasm-unsafe-eval' blob:;"
        " worker-src blob:; style-src 'unsafe-inline'; img-src data: blob:;"
        " connect-src 'self' blob:; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    )
