"""Run a published model with the model's own rules and compare it with publications.

Replicate k has the same draws in all settings, so that differences are paired.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.errors import InputError
from experiments.science.docking.panels import POINTS, RUN, Point
from experiments.science.docking.published import Place, Value, shapes, values
from experiments.statistics.intervals import LEVEL, t_interval
from simulation.whole_numbers import checks_numbers

MODELS = tuple(POINTS)
YES, NO, UNCLEAR = "yes", "no", "unclear"


@dataclass(frozen=True)
class Docking:
    """A docked model: its points, the published shapes, and how it was run.

    `points` has one row per point: panel, series, x, mean, low and high (95 % interval
    of the mean over replicates), published and agrees. `shapes` has one row per
    published shape: its text (en, nl), the paired difference with its 95 % interval,
    agrees, source and how it was obtained. `cut_off` is the number of runs that had not
    settled at their last period.
    """

    model: str
    replicates: int
    seed: int
    points: pd.DataFrame
    shapes: pd.DataFrame
    cut_off: int


@checks_numbers
def dock(
    model: str,
    replicates: int = 100,
    seed: int = 1,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> Docking:
    """Return a published model, `march` or `fang`, run with the model's own rules.

    Raises `InputError` for another model or fewer than two replicates.
    """
    if model not in MODELS:
        raise InputError(f"no model {model!r} to dock; known: {', '.join(MODELS)}")
    if replicates < 2:
        raise InputError(f"replicates: {replicates} are too few for an interval")
    samples, cut_off = _samples(model, replicates, seed, progress)
    return Docking(
        model,
        replicates,
        seed,
        _points(samples, values(model)),
        _shapes(samples, model),
        cut_off,
    )


def _samples(
    model: str, replicates: int, seed: int, progress: Callable[[int, int], object]
) -> tuple[dict[Place, np.ndarray], int]:
    """Return each point's values over replicates, and the number of runs cut off."""
    by_setting: dict[object, list[Point]] = {}
    samples: dict[Place, np.ndarray] = {}
    for point in POINTS[model]():
        by_setting.setdefault(point.setting, []).append(point)
        samples[point.place] = np.zeros(replicates)
    cut_off = 0
    for done, (setting, points) in enumerate(by_setting.items(), 1):
        runs = [RUN[model](setting, seed, k) for k in range(replicates)]
        for point in points:
            samples[point.place][:] = [point.read(path) for path, _ in runs]
        if not points[0].setting.periods:
            cut_off += sum(lived == len(path) - 1 for path, lived in runs)
        progress(done, len(by_setting))
    return samples, cut_off


def _points(
    samples: dict[Place, np.ndarray], published: dict[Place, Value]
) -> pd.DataFrame:
    level = LEVEL ** (1 / max(1, len(published)))
    rows = []
    for place, sample in samples.items():
        known = published.get(place)
        mean = t_interval(sample)
        row = [*place, mean.estimate, mean.low, mean.high]
        value = known.value if known else math.nan
        rows.append([*row, value, _agrees(sample, known, level)])
    columns = ["panel", "series", "x", "mean", "low", "high", "published", "agrees"]
    return pd.DataFrame(rows, columns=columns)


def _agrees(sample: np.ndarray, known: Value | None, level: float) -> str:
    """Return whether a published mean and ours can come from one distribution.

    Both are means over replicates. `level` holds jointly over all published points
    (Šidák).
    """
    if known is None:
        return ""
    ours = t_interval(sample, level)
    reach = ours.half_width * math.sqrt(1 + len(sample) / known.replicates)
    return YES if abs(ours.estimate - known.value) <= reach else NO


def _shapes(samples: dict[Place, np.ndarray], model: str) -> pd.DataFrame:
    rows = []
    for shape in shapes(model):
        more = t_interval(samples[shape.more] - samples[shape.less])
        agrees = YES if more.low > 0 else NO if more.high < 0 else UNCLEAR
        size = [more.estimate, more.low, more.high, agrees]
        rows.append([*shape.text.values(), *size, shape.source, shape.obtained])
    columns = ["en", "nl", "difference", "low", "high", "agrees", "source", "obtained"]
    return pd.DataFrame(rows, columns=columns)
