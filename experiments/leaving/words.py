"""The words of leavings, in English and Dutch."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from experiments.words.numerals import read_words, written


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return the table of words: key -> language -> text."""
    return read_words(Path(__file__).with_name("words.toml"))


def said(key: str, language: str, **values: str | int) -> str:
    """Return the text stored under `key`; whole numbers as the language writes them."""
    return words()[key][language].format(**written(values, language))
