"""Correlates of absent leaders and close control, and who can name the strategy."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from experiments.science.evidence.measures.panel import (
    QUARTER,
    at_work,
    correlation,
    employed,
    over_waves,
    quarter,
    ratio,
    slopes,
)
from experiments.science.evidence.people import People

CAN_NAME = 3
"""Priorities that those who know the strategy can name (Sull et al. 2018)."""


def _led(people: People, w: int) -> np.ndarray:
    """Return who is at work during the whole quarter up to `w` and has a leader."""
    return at_work(people, w - QUARTER + 1, w) & (people["leader"][:, w] >= 0)


def _absent(people: People, field: str) -> float:
    """Return r of a field with absent leadership (against any other)."""
    absent = people.with_setting("steering", "absent")

    def one(w: int) -> float:
        kept = _led(people, w)
        return correlation(absent[kept].astype(float), _felt(people, field, w)[kept])

    return over_waves(people, one, QUARTER - 1)


def _felt(people: People, field: str, w: int) -> np.ndarray:
    """Return a field at week `w`; performance is the mean of the quarter up to `w`."""
    if field == "performance":
        return quarter(people, field, w)
    return people[field][:, w]


def absent_motivation(people: People) -> float:
    """Return r of absent leadership with motivation."""
    return _absent(people, "motivation")


def absent_strain(people: People) -> float:
    """Return r of absent leadership with the burn-out score."""
    return _absent(people, "score")


def absent_performance(people: People) -> float:
    """Return r of absent leadership with performance."""
    return _absent(people, "performance")


def absent_mediated(people: People) -> float:
    """Return the share of absence's effect on strain through clarity and overload.

    It is 1 - b / b0: b0 is the slope of the score on absence, b the same slope with
    clarity and pressure of work in the regression (Baron & Kenny 1986). Slopes are
    means over waves.
    """
    total = over_waves(people, lambda w: _slope(people, w, ()), QUARTER - 1)
    through = ("clarity", "pressure")
    left = over_waves(people, lambda w: _slope(people, w, through), QUARTER - 1)
    return 1 - left / total if total else np.nan


def _slope(people: People, w: int, through: tuple[str, ...]) -> float:
    kept = _led(people, w)
    absent = people.with_setting("steering", "absent")[kept].astype(float)
    columns = [absent, *(people[name][kept, w] for name in through)]
    return float(slopes(people["score"][kept, w], columns)[0])


def _detail(people: People, field: str) -> float:
    """Return r of a field with close control (against direction), of people led."""
    close = people.with_setting("steering", "detail")
    present = ~people.with_setting("steering", "absent")

    def one(w: int) -> float:
        kept = _led(people, w) & present
        return correlation(close[kept].astype(float), _felt(people, field, w)[kept])

    return over_waves(people, one, QUARTER - 1)


def detail_strain(people: People) -> float:
    """Return r of close control with the burn-out score (Siegel 2022)."""
    return _detail(people, "score")


def detail_performance(people: People) -> float:
    """Return r of close control with performance (Ravid 2023)."""
    return _detail(people, "performance")


def can_name(people: People, where: np.ndarray) -> Mapping[str, float]:
    """Return the shares of top, middle and staff who can name three priorities.

    The priorities are those that the top states now. `where`, (P,), selects people. The
    middle leads and is led; staff leads nobody and is led by the middle.
    """
    leads = people.role == "leader"

    def share(w: int, group: str) -> float:
        led = people["leader"][:, w] >= 0
        groups = {
            "top": leads & ~led,
            "middle": leads & led,
            "staff": ~leads & led & ~people["under_top"][:, w],
        }
        kept = employed(people)[:, w] & where & groups[group]
        return ratio((people["named"][kept, w] >= CAN_NAME).sum(), kept.sum())

    return {
        group: over_waves(people, partial(share, group=group))
        for group in ("top", "middle", "staff")
    }


def at_the_top_only(people: People) -> np.ndarray:
    """Return who works where the strategy is shared with neither makers nor others."""
    own = people.with_setting("strategy_shared", "top")
    return own & people.with_setting("departments", "without_strategy")


def can_name_falls(people: People) -> float:
    """Return the smallest fall of the `can_name` share from top to middle to staff.

    Over people where only the top knows the strategy.
    """
    found = can_name(people, at_the_top_only(people))
    return min(found["top"] - found["middle"], found["middle"] - found["staff"])


def can_name_staff(people: People) -> float:
    """Return the `can_name` share of staff where only the top knows the strategy."""
    return can_name(people, at_the_top_only(people))["staff"]


def can_name_middle(people: People) -> float:
    """Return the `can_name` share of the middle where the strategy is shared."""
    shared = people.with_setting("strategy_shared", "makers")
    return can_name(people, shared)["middle"]
