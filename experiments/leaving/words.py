"""The words of leavings, in English and Dutch."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return the table of words: key -> language -> text."""
    path = Path(__file__).with_name("words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def said(key: str, language: str, **values: str) -> str:
    """Return the text stored under `key`, with `values` filled in."""
    return words()[key][language].format(**values)
