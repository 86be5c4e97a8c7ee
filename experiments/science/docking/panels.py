"""The settings behind the panels of a published model's figures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.science.docking import fang, march
from experiments.science.docking.march_steps import CODE, FAST, SLOW
from experiments.science.docking.published import Place

END = -1
RATES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)
TURNOVER = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3)
BETAS = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.0)
EARLY = 20
"""Period at which March's Figures 3 and 4 are read."""
SOME_BETAS = (0.0, 0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True)
class Point:
    """One point: a setting, and the period and column of its path to read."""

    panel: str
    series: str
    x: float
    setting: Any
    period: int = END
    column: int | None = None

    @property
    def place(self) -> Place:
        """The panel, series and x of this point."""
        return self.panel, self.series, float(self.x)

    def read(self, path: np.ndarray) -> float:
        """Return the value of this point in one run."""
        where = self.period if self.column is None else (self.period, self.column)
        return float(path[where])


def march_points() -> Iterator[Point]:
    """Yield the points of March's Figures 1 to 5."""
    for p2 in (0.1, 0.5, 0.9):
        for p1 in RATES:
            setting = march.MarchSetting(p1, p2)
            yield Point("rates", str(p2), p1, setting, END, CODE)
    for share in SHARES:
        yield from _mixed(share)
    for p1 in (0.1, 0.9):
        for p3 in TURNOVER:
            setting = march.MarchSetting(p1, p3=p3, periods=EARLY)
            yield Point("turnover", str(p1), p3, setting, EARLY, CODE)
    for p3 in (0.0, 0.1):
        setting = march.MarchSetting(0.5, p3=p3, p4=0.02, periods=100)
        for period in range(0, 101, 5):
            yield Point("turbulence", str(p3), period, setting, period, CODE)


def _mixed(share: float) -> Iterator[Point]:
    """Yield points of slow (0.1) and fast (0.9) learners mixed, and all at the mean."""
    mean = round(0.1 + 0.8 * share, 3)
    both, same = march.MarchSetting(0.1, fast=share), march.MarchSetting(mean)
    yield Point("mixed", "mixed", mean, both, END, CODE)
    yield Point("mixed", "same", mean, same, END, CODE)
    yield Point("learners", "slow", mean, both, EARLY, SLOW)
    yield Point("learners", "fast", mean, both, EARLY, FAST)


def fang_points() -> Iterator[Point]:
    """Yield points: equilibria by cross-links, paths over time, changing worlds."""
    for s in (1, 2, 3, 5):
        for beta in BETAS:
            yield Point("equilibrium", str(s), beta, fang.FangSetting(beta, s))
    for beta in (0.0, 0.1, 1.0):
        setting = fang.FangSetting(beta, 3)
        for period in range(0, 201, 5):
            yield Point("paths", str(beta), period, setting, period)
    for p3 in (0.001, 0.01):
        for beta in SOME_BETAS:
            setting = fang.FangSetting(beta, 3, p3=p3, periods=200)
            yield Point("newcomers", str(p3), beta, setting)
    for p4 in (0.02, 0.1):
        for beta in SOME_BETAS:
            setting = fang.FangSetting(beta, 3, p4=p4, every=50, periods=199)
            yield Point("dynamism", str(p4), beta, setting)


POINTS: dict[str, Callable[[], Iterator[Point]]] = {
    "march": march_points,
    "fang": fang_points,
}
RUN: dict[str, Callable[[Any, int, int], tuple[np.ndarray, int]]] = {
    "march": march.run,
    "fang": fang.run,
}
