"""What scenario files leave open in their own [unknown] tables, as factors.

Factors keep the name that they have there (`levers.mandate`). Their values apply at the
place of that file in the chain: a later file can still set them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from experiments.explore.factors import Factor
from simulation.scenario import ResolvedScenario
from simulation.scenario_draws import TABLES, Drawn, is_switch, middle, row_of
from simulation.scenario_resolution import parameters_of, stages_of
from simulation.scenario_values import SETS

DRAWS = "draws"
"""The factor that chooses a row of a scenario's own table of draws."""


def left_open(scenarios: Sequence[ResolvedScenario]) -> list[Factor]:
    """Return the factors in the [unknown] of scenarios; a table of draws is one."""
    factors: dict[str, Factor] = {}
    for one in (x.unknown for x in scenarios if x.unknown):
        drawn = {name for draws in one.draws for name in draws.columns}
        for address, values in one.settings.items():
            if address not in drawn:
                factors[address] = _open(address, values)
        if drawn:
            factors[DRAWS] = Factor(DRAWS)
    return list(factors.values())


def names_left_open(scenarios: Sequence[ResolvedScenario]) -> set[str]:
    """Return the bare names of the levers and numbers that scenarios leave open."""
    addresses = [
        address for x in scenarios if x.unknown for address in x.unknown.settings
    ]
    return {address.partition(".")[2] for address in addresses}


def _open(address: str, values: Sequence) -> Factor:
    table, _, name = address.partition(".")
    if table == "levers":
        return Factor(address, settings=tuple(values))
    if is_switch(row_of(table, name)):
        return Factor(address, settings=("0", "1"))
    return Factor(address, *values)


def filled_in(
    scenario: ResolvedScenario, point: Mapping[str, float | str]
) -> ResolvedScenario:
    """Return a scenario with all that it leaves open set as at a point.

    What the point lacks is set to the middle.
    """
    if scenario.unknown is None:
        return scenario
    chain = scenario.unknown.scenario

    def draw(written: Mapping[str, Any]) -> Drawn:
        return _drawn(written.get("unknown", {}), middle(written), point)

    parameters, sources = parameters_of(chain, draw)
    return replace(
        scenario,
        stages=tuple(stages_of(chain, scenario.warm_up_weeks, draw)),
        parameters=parameters,
        parameter_sources=sources,
        unknown=None,
    )


def _drawn(
    unknown: Mapping[str, Any], usual: Drawn, point: Mapping[str, float | str]
) -> Drawn:
    """Return the values that replace one file's [unknown] at a point."""
    tables = {table: dict(usual.get(table, {})) for table in (*TABLES, SETS)}
    if DRAWS in unknown and DRAWS in point:
        draws = unknown[DRAWS]
        last = len(draws.rows) - 1
        row = draws.rows[min(last, int(float(point[DRAWS]) * len(draws.rows)))]
        for column, value in zip(draws.columns, row, strict=True):
            table, _, name = column.partition(".")
            tables[table][name] = value
    for table in TABLES:
        for name in unknown.get(table, {}):
            if (value := point.get(f"{table}.{name}")) is not None:
                tables[table][name] = value if table == "levers" else float(value)
    return tables
