"""What numbers of the model are called, and their values with units, in words."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from experiments.words.numerals import decimals_of, number, percent, say
from simulation.tables import PARAMETERS, STRUCTURE

SHARES = ("share", "0 to 1")
"""How units begin of numbers that are told as percentages."""


@cache
def _words() -> Mapping[str, Any]:
    path = Path(__file__).with_suffix(".toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def name_of(name: str, language: str = "en") -> str:
    """Return what a number is called; its own name with spaces if it has no words.

    >>> name_of("side_work_hours"), name_of("brand_decay", "nl")
    ('side work', 'hoe snel het merk vervaagt')
    """
    for table in ("structure", "organisation"):
        if name in _words()[table]:
            return _words()[table][name][language]
    if language == "nl" and name in _words()["parameters"]:
        return _words()["parameters"][name]
    if language == "en" and name in PARAMETERS:
        return PARAMETERS[name].meaning
    return name.replace("_", " ")


def value_of(name: str, value: Any, language: str = "en", bare: bool = False) -> str:
    """Return a value in words, without its unit if `bare`.

    >>> value_of("side_work_hours", 1.5), value_of("mixed_teams", 1.0, "nl")
    ('1.5 hours a week', '100%')
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "–" if value is None else str(value)
    unit = _unit(name)
    if unit == "0 or 1":
        return say("yes" if value else "no", language)
    if unit.startswith(SHARES):
        return percent(value, language)
    places = 0 if float(value).is_integer() else max(1, decimals_of(value))
    words = _words()["units"].get(unit)
    text = number(value, language, places)
    return text if bare or words is None else f"{text} {words[language]}"


def unit_of(name: str, language: str = "en") -> str:
    """Return the unit of a number in words; an empty text where it has none to tell.

    >>> unit_of("side_work_hours"), unit_of("mixed_teams")
    ('hours a week', '')
    """
    known = _words()["units"].get(_unit(name))
    return known[language] if known else ""


def _unit(name: str) -> str:
    known = STRUCTURE if name in STRUCTURE else PARAMETERS
    return known[name].unit if name in known else ""
