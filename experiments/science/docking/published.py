"""Published values and shapes of the docked models, with their sources."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

Place = tuple[str, str, float]
"""Panel, series and x of a point."""
FILE = Path(__file__).with_name("published.toml")


@dataclass(frozen=True)
class Value:
    """A published mean and the number of replicates behind it."""

    place: Place
    value: float
    replicates: int


@dataclass(frozen=True)
class Shape:
    """A published ordering: the point `more` lies above the point `less`."""

    more: Place
    less: Place
    text: Mapping[str, str]
    source: str
    obtained: str


def values(model: str) -> dict[Place, Value]:
    """Return the published values of a model, by place."""
    sheets = [sheet for sheet in _read()["values"] if sheet["model"] == model]
    found = [
        Value((sheet["panel"], series, x), value, sheet["replicates"])
        for sheet in sheets
        for series, column in sheet["series"].items()
        for x, value in zip(sheet["x"], column, strict=True)
    ]
    return {value.place: value for value in found}


def shapes(model: str) -> tuple[Shape, ...]:
    """Return the published shapes of a model."""
    return tuple(
        Shape(
            tuple(entry["more"]),
            tuple(entry["less"]),
            {language: entry[language] for language in ("en", "nl")},
            entry["source"],
            entry["obtained"],
        )
        for entry in _read()["shapes"]
        if entry["model"] == model
    )


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
