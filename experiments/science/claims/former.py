"""Verdicts on claims with the version before, kept beside the present verdicts.

`verdicts_1.csv` and `verdicts_2.csv` are `results/claims/claims.csv` as `orgsim claims`
wrote it with versions 1 and 2 of the model; those with version 2 are shown.
"""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from experiments.statistics.intervals import Interval


@dataclass(frozen=True)
class Former:
    """A verdict with an earlier version: kind, reason, and effect as claimed."""

    kind: str
    why: str
    effect: Interval


@cache
def former_verdicts() -> Mapping[str, Former]:
    """Return the verdicts with version 2, by claim."""
    path = Path(__file__).with_name("verdicts_2.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["claim"]: _former(row) for row in csv.DictReader(file)}
    return MappingProxyType(rows)


def _former(row: Mapping[str, str]) -> Former:
    middle, low, high = (
        float(row[name] or math.nan) for name in ("effect", "effect_low", "effect_high")
    )
    sets = int(row["sets"])
    return Former(
        row["verdict"], row["why"], Interval(middle, low, high, 0.95, sets, 0, 0.0, "t")
    )
