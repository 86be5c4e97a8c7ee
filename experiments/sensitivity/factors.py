"""What is not known: parameters, structural numbers and levers, each to be drawn.

Every factor is drawn from 0 to 1. A number lies that far along its range; a lever has
the setting on whose equal part of 0 to 1 it falls.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import qmc

from experiments.errors import InputError
from experiments.evidence.calibration import unknown
from experiments.evidence.population import under
from simulation.scenario import Resolved
from simulation.scenario_errors import nearest
from simulation.scenario_values import Values
from simulation.tables import PARAMETERS, STRUCTURE, Lever, Number, lever_table

FROM_TABLE = "parameters.toml"
"""Source of a parameter that no scenario file sets."""
TIMES = 1.5
"""A structural number without a range of its own goes from 1/1.5 to 1.5 times it."""

Point = dict[str, float | str]
"""Name of a factor -> its number, or the setting of a lever."""


@dataclass(frozen=True)
class Factor:
    """Something that is not known: a number from `low` to `high`, or one of `settings`.

    >>> Factor("x", 2, 4).at(0.25), Factor("y", settings=("no", "yes")).at(0.5)
    (2.5, 'yes')
    """

    name: str
    low: float = 0.0
    high: float = 1.0
    settings: tuple[str, ...] = ()

    def at(self, u: float) -> float | str:
        """Return the value at `u`, from 0 to 1."""
        if self.settings:
            count = len(self.settings)
            # A third of three parts is where the second begins, also in floats.
            return self.settings[min(count - 1, int(u * count + 1e-9))]
        return self.low + u * (self.high - self.low)


def chosen(
    scenarios: Sequence[Resolved],
    names: Sequence[str] = (),
    structure: Sequence[str] = (),
    levers: bool = False,
) -> tuple[Factor, ...]:
    """Return what is drawn: parameters, structural numbers and levers, in this order.

    All unknown parameters where `names` has none. `structure` has names, or
    `name=low:high`. What a scenario sets itself is known: it is no factor by itself.
    Levers in whose numbers the scenarios differ, or which change on the way, are the
    question and stay. Raises `InputError` with all that is wrong.
    """
    wrong: list[str] = []
    factors = _parameters(scenarios, names, wrong)
    factors += [
        _structural(scenarios, text, wrong) for text in dict.fromkeys(structure)
    ]
    if levers:
        factors += [
            Factor(name, settings=tuple(lever.settings))
            for name, lever in lever_table().items()
            if _stays(scenarios, _numbers_of(lever))
        ]
    if wrong:
        raise InputError("\n".join(wrong))
    return tuple({factor.name: factor for factor in factors}.values())


def points_at(factors: Sequence[Factor], design: np.ndarray) -> list[Point]:
    """Return the points of a design (points, factors) with numbers from 0 to 1."""
    return [
        {
            factor.name: factor.at(float(u))
            for factor, u in zip(factors, row, strict=True)
        }
        for row in design
    ]


def hypercube(count: int, points: int, seed: int) -> np.ndarray:
    """Return a Latin hypercube (points, count) of numbers from 0 to 1."""
    return qmc.LatinHypercube(count, rng=np.random.default_rng(seed)).random(points)


def with_point(scenario: Resolved, point: Mapping[str, float | str]) -> Resolved:
    """Return a scenario at a point: the same numbers in all of its stages."""
    numbers: dict[str, float] = {}
    settings = {n: str(x) for n, x in point.items() if n in lever_table()}
    for name, setting in settings.items():
        numbers |= lever_table()[name].settings[setting]
    numbers |= {n: float(x) for n, x in point.items() if n in STRUCTURE}
    parameters = {n: float(x) for n, x in point.items() if n in PARAMETERS}
    stages = tuple(
        replace(
            stage,
            structure=Values({**stage.structure, **numbers}),
            levers=Values({**stage.levers, **settings}),
        )
        for stage in scenario.stages
    )
    return replace(under(scenario, parameters), stages=stages)


def _parameters(
    scenarios: Sequence[Resolved], names: Sequence[str], wrong: list[str]
) -> list[Factor]:
    known = unknown()
    written = {
        name
        for scenario in scenarios
        for name, source in scenario.parameter_sources.items()
        if source != FROM_TABLE
    }
    for name in names:
        if name not in known:
            wrong.append(_unknown("factors", name, known))
        elif name in written:
            wrong.append(f"factors: {name} is set by a scenario file, and so is known")
    free = [name for name in names or known if name in known and name not in written]
    return [Factor(name, *known[name]) for name in free]


def _structural(scenarios: Sequence[Resolved], text: str, wrong: list[str]) -> Factor:
    """Return the factor of `name` or `name=low:high`; add what is wrong to `wrong`."""
    name, _, ends = text.partition("=")
    if name not in STRUCTURE:
        wrong.append(_unknown("structure", name, STRUCTURE))
        return Factor(name)
    if not _stays(scenarios, {name}):
        wrong.append(
            f"structure: {name} differs between the scenarios or changes on the way: it"
            " is the question itself; name another number"
        )
    row = STRUCTURE[name]
    low, high = _around(row, scenarios[0].stages[-1].structure[name])
    if ends:
        try:
            low, high = (float(end) for end in ends.split(":"))
        except ValueError:
            low = high = float("nan")
    if not row.low <= low < high <= row.high:
        wrong.append(
            f"structure: got {text}; allowed: {name}=LOW:HIGH, LOW below HIGH, both"
            f" from {row.low:g} to {row.high:g}"
        )
    return Factor(name, low, high)


def _around(row: Number, value: float) -> tuple[float, float]:
    """Return the range around a value, within what is allowed; all of it around 0."""
    if value == 0:
        return row.low, row.high
    ends = sorted((value / TIMES, value * TIMES))
    return max(row.low, ends[0]), min(row.high, ends[1])


def _numbers_of(lever: Lever) -> set[str]:
    return {name for numbers in lever.settings.values() for name in numbers}


def _stays(scenarios: Sequence[Resolved], numbers: Iterable[str]) -> bool:
    """Return whether numbers are the same in all scenarios, at all times."""
    stages = [stage for scenario in scenarios for stage in scenario.stages]
    return all(
        stage.structure[name] == stages[0].structure[name]
        for name in numbers
        for stage in stages
    )


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    hint = f"; did you mean {near}?" if near else ""
    others = {
        "factors": "parameters with a plausible range (orgsim list --parameters)",
        "structure": "structural numbers (orgsim list --numbers)",
    }
    return f"{what}: got {name}; allowed: {others[what]}{hint}"
