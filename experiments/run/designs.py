"""Designs: which organisations a study looks at, made from a base by a few rules.

Every point is a mapping of tables of a scenario file (`levers`, `structure`,
`parameters`) to what differs from the base.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from scipy.linalg import hadamard
from scipy.stats import qmc

from experiments.errors import InputError
from simulation.tables import lever_table
from simulation.whole_numbers import checks_numbers

Point = dict[str, dict[str, Any]]
Factor = tuple[str, str, tuple]
"""Table, name, and what it can be: settings or numbers, or a range of numbers."""
TABLES = ("levers", "structure", "parameters")
MOST_POINTS = 10_000
"""Organisations of a design; each takes about 160 kB while it runs."""


def factors_of(design: Mapping[str, Any]) -> list[Factor]:
    """Return the factors that a design names, in its order."""
    return [
        (table, name, tuple(values))
        for table in TABLES
        for name, values in design.get(table, {}).items()
    ]


def grid(factors: Sequence[Factor], _: int, __: int) -> list[Point]:
    """Return every combination of the values of all factors."""
    return [_point(factors, row) for row in product(*(f[2] for f in factors))]


def one_at_a_time(factors: Sequence[Factor], _: int, __: int) -> list[Point]:
    """Return each value of each factor alone."""
    return [{table: {name: x}} for table, name, values in factors for x in values]


def fractional(factors: Sequence[Factor], _: int, __: int) -> list[Point]:
    """Return a two-level design of resolution IV: no main effect mixes with a pair.

    Columns of a Hadamard matrix, and their mirror image (foldover).
    """
    wrong = [name for _, name, values in factors if len(values) != 2]
    if wrong:
        raise InputError(
            f"design: fractional takes two values of each factor; not so: {wrong}"
        )
    size = 1
    while size < len(factors) + 1:
        size *= 2
    half = hadamard(size)[:, 1 : len(factors) + 1]
    rows = np.unique(np.concatenate([half, -half]), axis=0)
    return [
        _point(factors, [f[2][int(x > 0)] for f, x in zip(factors, row, strict=True)])
        for row in rows
    ]


@checks_numbers
def latin_hypercube(factors: Sequence[Factor], points: int, seed: int) -> list[Point]:
    """Return points spread evenly over the range of each factor."""
    sampler = qmc.LatinHypercube(len(factors), rng=np.random.default_rng(seed))
    return _spread(factors, sampler.random(points))


@checks_numbers
def sobol(factors: Sequence[Factor], points: int, seed: int) -> list[Point]:
    """Return the first points of a scrambled Sobol sequence; a power of two of them."""
    sampler = qmc.Sobol(len(factors), rng=np.random.default_rng(seed))
    return _spread(factors, sampler.random_base2(points.bit_length() - 1))


def every_lever() -> list[Factor]:
    """Return every lever of the organisation with its settings, contexts left out."""
    return [
        ("levers", name, tuple(lever.settings))
        for name, lever in lever_table().items()
        if not lever.context
    ]


@checks_numbers
def mixed(factors: Sequence[Factor], points: int, seed: int) -> list[Point]:
    """Return organisations at random: each factor at any of its settings."""
    draw = np.random.default_rng(seed)
    return _spread(factors, draw.random((points, len(factors))))


def _spread(factors: Sequence[Factor], unit: np.ndarray) -> list[Point]:
    """Return points for rows of numbers in 0-1: within ranges, or among settings."""
    return [
        _point(factors, [_at(f, u) for f, u in zip(factors, row, strict=True)])
        for row in unit
    ]


def is_range(factor: Factor) -> bool:
    """Return whether what is drawn of a factor lies between two numbers."""
    table, _, values = factor
    return table != "levers" and len(values) == 2


def _at(factor: Factor, u: float) -> Any:
    values = factor[2]
    if is_range(factor):
        low, high = values
        return float(low + u * (high - low))
    return values[min(len(values) - 1, int(u * len(values)))]


def _point(factors: Sequence[Factor], values: Sequence[Any]) -> Point:
    point: Point = {}
    for (table, name, _), value in zip(factors, values, strict=True):
        point.setdefault(table, {})[name] = value
    return point


KINDS: dict[str, Callable[[Sequence[Factor], int, int], list[Point]]] = {
    "grid": grid,
    "one_at_a_time": one_at_a_time,
    "fractional": fractional,
    "latin_hypercube": latin_hypercube,
    "sobol": sobol,
    "mixed": mixed,
}
DRAWN = ("latin_hypercube", "sobol", "mixed")
"""Kinds that need a number of points."""
