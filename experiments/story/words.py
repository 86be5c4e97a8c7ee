"""The words of stories, in English and Dutch."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from experiments.words.numerals import read_words, written

OPENING = "“‘("


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return the table of words: key -> language -> text."""
    return read_words(Path(__file__).with_name("words.toml"))


def said(key: str, language: str, **values: Any) -> str:
    """Return the text stored under `key`; whole numbers as the language writes them.

    Of one thing the text is that of `key_one`, where there is one; `n` counts.
    """
    if values.get("n") == 1 and f"{key}_one" in words():
        key = f"{key}_one"
    return words()[key][language].format(**written(values, language))


def begun(text: str) -> str:
    """Return a sentence with its first letter in capital.

    >>> begun("marketeer 3 leaves"), begun("“search 1” is done")
    ('Marketeer 3 leaves', '“Search 1” is done')
    """
    at = 1 if text[:1] in OPENING else 0
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]
