"""Choosing the factors that are drawn, and setting a scenario to a point of them.

What a scenario file leaves open is always drawn. Every other factor has the same value
in all scenarios at all times.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from experiments.errors import InputError, did_you_mean
from experiments.explore.factors import Factor
from experiments.explore.left_open import filled_in, left_open, names_left_open
from experiments.run.parameter_sets import under, unknown
from simulation.scenario import ResolvedScenario
from simulation.scenario_values import Values
from simulation.tables import PARAMETERS, STRUCTURE, Lever, Number, lever_table

TIMES = 1.5
"""A structural number without a range of its own goes from 1/1.5 to 1.5 times it."""


def chosen(
    scenarios: Sequence[ResolvedScenario],
    names: Sequence[str] = (),
    structure: Sequence[str] = (),
    levers: bool = False,
) -> tuple[Factor, ...]:
    """Return the factors to draw: parameters, structural numbers and levers.

    In this order, after what the scenarios leave open themselves. Parameters are those
    in `names`, or all uncertain ones if it is empty, except those that a scenario sets.
    `structure` has names, or `name=low:high`. With `levers` every lever is a factor,
    except those in whose numbers the scenarios differ or which change over time: they
    are the question itself. Raises `InputError` with all mistakes.
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
    opened = names_left_open(scenarios)
    drawn = [*left_open(scenarios), *(x for x in factors if x.name not in opened)]
    return tuple({factor.name: factor for factor in drawn}.values())


def with_point(
    scenario: ResolvedScenario, point: Mapping[str, float | str]
) -> ResolvedScenario:
    """Return a scenario at a point, with all that it leaves open filled in."""
    scenario = filled_in(scenario, point)
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
    scenarios: Sequence[ResolvedScenario], names: Sequence[str], wrong: list[str]
) -> list[Factor]:
    known = unknown()
    written = {name for x in scenarios for name in x.written_parameters}
    for name in names:
        if name in names_left_open(scenarios):
            continue
        if name not in known:
            wrong.append(_unknown("factors", name, known))
        elif name in written:
            wrong.append(f"factors: {name} is set by a scenario file, and so is known")
    free = [name for name in names or known if name in known and name not in written]
    return [Factor(name, *known[name]) for name in free]


def _structural(
    scenarios: Sequence[ResolvedScenario], text: str, wrong: list[str]
) -> Factor:
    """Return the factor of `name` or `name=low:high`; add mistakes to `wrong`."""
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
    """Return a range around a value within the allowed one; around 0 all of that."""
    if value == 0:
        return row.low, row.high
    ends = sorted((value / TIMES, value * TIMES))
    return max(row.low, ends[0]), min(row.high, ends[1])


def _numbers_of(lever: Lever) -> set[str]:
    return {name for numbers in lever.settings.values() for name in numbers}


def _stays(scenarios: Sequence[ResolvedScenario], numbers: Iterable[str]) -> bool:
    """Return whether these numbers are the same in all scenarios at all times."""
    stages = [stage for scenario in scenarios for stage in scenario.stages]
    return all(
        stage.structure[name] == stages[0].structure[name]
        for name in numbers
        for stage in stages
    )


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    others = {
        "factors": "parameters with a plausible range (orgsim list --parameters)",
        "structure": "structural numbers (orgsim list --numbers)",
    }
    return f"{what}: got {name}; allowed: {others[what]}{did_you_mean(name, known)}"
