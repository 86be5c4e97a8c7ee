"""The words of stories, in English and Dutch."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from experiments.words.numerals import number

OPENING = "“‘("


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return the table of words: key -> language -> text."""
    path = Path(__file__).with_name("words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def said(key: str, language: str, **values: Any) -> str:
    """Return the text stored under `key`; whole numbers as the language writes them.

    Of one thing the text is that of `key_one`, where there is one; `n` counts.
    """
    if values.get("n") == 1 and f"{key}_one" in words():
        key = f"{key}_one"
    texts = {
        name: number(x, language) if isinstance(x, int) else x
        for name, x in values.items()
    }
    return words()[key][language].format(**texts)


def begun(text: str) -> str:
    """Return a sentence with its first letter in capital.

    >>> begun("marketeer 3 leaves"), begun("“search 1” is done")
    ('Marketeer 3 leaves', '“Search 1” is done')
    """
    at = 1 if text[:1] in OPENING else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]
