"""Parameter sets over the plausible ranges, and scenarios under them."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from experiments.errors import InputError, did_you_mean
from simulation.scenario import ResolvedScenario
from simulation.scenario_values import Values
from simulation.tables import PARAMETERS
from simulation.whole_numbers import checks_numbers


def unknown(around: float = 1.0) -> dict[str, tuple[float, float]]:
    """Return the uncertain parameters with their plausible ranges, (low, high).

    With `around` below 1 a range spans that share of the plausible range, half of it on
    either side of the parameter's value, cut off at the ends of the plausible range.
    """
    ranges = {}
    for name, row in PARAMETERS.items():
        if row.plausible:
            low, high = row.plausible
            reach = around * (high - low) / 2 if around < 1.0 else high - low
            ranges[name] = (max(low, row.value - reach), min(high, row.value + reach))
    return ranges


@checks_numbers
def hypercube(points: int, seed: int = 1) -> list[dict[str, float]]:
    """Return parameter sets of a Latin hypercube over the plausible ranges.

    Raises `InputError` below two points.
    """
    if points < 2:
        raise InputError(f"points: got {points}; at least 2 are needed")
    ranges = unknown()
    return scaled(even_points(points, len(ranges), seed), ranges)


def under(
    scenario: ResolvedScenario, parameters: Mapping[str, float]
) -> ResolvedScenario:
    """Return the scenario with some parameters of the equations replaced.

    Raises `InputError` for parameters that the model doesn't have.
    """
    wrong = sorted(parameters.keys() - scenario.parameters.keys())
    if wrong:
        hints = [(name, did_you_mean(name, scenario.parameters)) for name in wrong]
        raise InputError(
            "\n".join(f"unknown parameter {name!r}{hint}" for name, hint in hints)
        )
    values = Values({**scenario.parameters, **parameters})
    return replace(scenario, parameters=values)


def even_points(points: int, dimensions: int, seed: int) -> np.ndarray:
    """Return points of a Latin hypercube in the unit cube, (points, dimensions)."""
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(dimensions, rng=np.random.default_rng(seed))
    return sampler.random(points)


def scaled(
    points: np.ndarray, ranges: Mapping[str, tuple[float, float]]
) -> list[dict[str, float]]:
    """Return parameter sets: points of the unit cube, (N, d), scaled to `ranges`."""
    low, high = np.array(list(ranges.values())).T
    values = low + points * (high - low)
    return [dict(zip(ranges, map(float, row), strict=True)) for row in values]
