"""Experimental designs: the organisations of a study, as changes to a base.

A point maps tables of a scenario file (`levers`, `structure`, `parameters`) to the
values in which it differs from the base.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

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
    """Return the factors of a design: table by table, each in the order of the file."""
    return [
        (table, name, tuple(values))
        for table in TABLES
        for name, values in design.get(table, {}).items()
    ]


def grid(factors: Sequence[Factor], _: int, __: int) -> list[Point]:
    """Return every combination of the values of all factors."""
    return [_point(factors, row) for row in product(*(f[2] for f in factors))]


def one_at_a_time(factors: Sequence[Factor], _: int, __: int) -> list[Point]:
    """Return one point for each value of each factor, with all else as in the base."""
    return [{table: {name: x}} for table, name, values in factors for x in values]


def fractional(factors: Sequence[Factor], _: int, __: int) -> list[Point]:
    """Return a two-level design of resolution IV.

    No main effect is aliased with a two-factor interaction. The design has columns of a
    Hadamard matrix, followed by their mirror image (foldover). Raises `InputError` if a
    factor does not have two values.
    """
    from scipy.linalg import hadamard

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
    """Return the points of a Latin hypercube: evenly spread over each factor."""
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(len(factors), rng=np.random.default_rng(seed))
    return _spread(factors, sampler.random(points))


@checks_numbers
def sobol(factors: Sequence[Factor], points: int, seed: int) -> list[Point]:
    """Return the first points of a scrambled Sobol sequence.

    Their number is `points` rounded down to a power of two.
    """
    from scipy.stats import qmc

    sampler = qmc.Sobol(len(factors), rng=np.random.default_rng(seed))
    return _spread(factors, sampler.random_base2(points.bit_length() - 1))


def every_lever() -> list[Factor]:
    """Return a factor for every lever with all its settings; contexts are left out."""
    return [
        ("levers", name, tuple(lever.settings))
        for name, lever in lever_table().items()
        if not lever.context
    ]


@checks_numbers
def mixed(factors: Sequence[Factor], points: int, seed: int) -> list[Point]:
    """Return random points: every value is drawn independently of the others."""
    draw = np.random.default_rng(seed)
    return _spread(factors, draw.random((points, len(factors))))


def _spread(factors: Sequence[Factor], unit: np.ndarray) -> list[Point]:
    """Return a point for each row of numbers in 0-1, (points, factors).

    A number is scaled to the factor's range, or picks one of its settings.
    """
    return [
        _point(factors, [_at(f, u) for f, u in zip(factors, row, strict=True)])
        for row in unit
    ]


def is_range(factor: Factor) -> bool:
    """Return whether a factor is drawn from a range between two numbers."""
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
