"""The values of a resolved scenario, and how it differs from another, as plain data.

The command line and the pages decide how they are shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from simulation.scenario import (
    ResolvedScenario,
    Scenario,
    Stage,
    idle_levers,
    load,
    resolve,
    shipped_names,
)
from simulation.tables import lever_table

STARTING_POINTS = "starting_points"
SEVERAL = "several"
NUMBERS = "numbers"
OVER_TIME = "over_time"


@dataclass(frozen=True)
class ShippedScenario:
    """A shipped scenario: its name, words, and the group in which it is listed.

    `group` is the lever that it switches, or one of `starting_points`, `several`
    (levers), `numbers` (set directly) and `over_time`.
    """

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    group: str


def shipped() -> list[ShippedScenario]:
    """Return the shipped scenarios by group, in the order of the lever table."""
    order = [STARTING_POINTS, *lever_table(), SEVERAL, NUMBERS, OVER_TIME]
    scenarios = []
    for name in shipped_names():
        scenario = load(name)
        resolved = resolve(scenario)
        words = (resolved.title, resolved.question)
        scenarios.append(ShippedScenario(name, *words, _group(scenario)))
    return sorted(scenarios, key=lambda row: (order.index(row.group), row.name))


def _group(scenario: Scenario) -> str:
    levers = list(scenario.written.get("levers", ()))
    if scenario.written.keys() & {"changes", "leave"}:
        return OVER_TIME
    if scenario.base and len(levers) == 1:
        return levers[0]
    if scenario.base and levers:
        return SEVERAL
    return NUMBERS if "structure" in scenario.written else STARTING_POINTS


@dataclass(frozen=True)
class Difference:
    """A value in which a scenario differs from another, from `week` on.

    `table` is levers, structure, organisation, leave or parameters; `week` is None for
    a difference that already holds before the switch. In `leave`, `name` is who leaves.
    """

    week: int | None
    table: str
    name: str
    other: Any
    value: Any
    source: str


def base_of(resolved: ResolvedScenario) -> ResolvedScenario | None:
    """Return the resolved base of a scenario; None if it has no base."""
    scenario = resolved.scenario
    return resolve(scenario.base) if scenario and scenario.base else None


def differences(
    resolved: ResolvedScenario, other: ResolvedScenario
) -> list[Difference]:
    """Return the differences between `resolved` and `other`, by week.

    A value that stays different is listed once; one that becomes equal again is listed
    once more.
    """
    rows = [*_fixed_differences(resolved, other), *_leavers(resolved, other)]
    last: dict[tuple[str, str], tuple] = {}
    for week in _weeks(resolved, other):
        for row in _staged_differences(resolved, other, week):
            key, pair = (row.table, row.name), (row.other, row.value)
            before = last.get(key)
            if pair != before and (before or row.other != row.value):
                rows.append(row)
                last[key] = pair
    return rows


def _weeks(resolved: ResolvedScenario, other: ResolvedScenario) -> list[int | None]:
    stages = resolved.stages[1:] + other.stages[1:]
    return [None, *sorted({0} | {stage.week for stage in stages})]


def _staged_differences(
    resolved: ResolvedScenario, other: ResolvedScenario, week: int | None
) -> Iterator[Difference]:
    own, its = _stage(resolved, week), _stage(other, week)
    for name, setting in own.levers.items():
        yield Difference(week, "levers", name, its.levers[name], setting, "")
    for name, value in own.structure.items():
        source = own.sources[name]
        yield Difference(week, "structure", name, its.structure[name], value, source)


def _stage(resolved: ResolvedScenario, week: int | None) -> Stage:
    return resolved.stages[0] if week is None else resolved.at(week)


def _fixed_differences(
    resolved: ResolvedScenario, other: ResolvedScenario
) -> Iterator[Difference]:
    its = _organisation(other)
    for name, value in _organisation(resolved).items():
        if value != its[name]:
            yield Difference(None, "organisation", name, its[name], value, "")
    for name, value in resolved.parameters.items():
        if value != other.parameters[name]:
            source = resolved.parameter_sources[name]
            before = other.parameters[name]
            yield Difference(None, "parameters", name, before, value, source)


def _leavers(
    resolved: ResolvedScenario, other: ResolvedScenario
) -> Iterator[Difference]:
    """Yield who leaves in a week under one of two scenarios only."""
    every = sorted({*resolved.leavers, *other.leavers})
    for one in every:
        here, there = (
            ("leaves" if one in x.leavers else None) for x in (resolved, other)
        )
        if here != there:
            yield Difference(one.week, "leave", one.who, there, here, "")


def _organisation(resolved: ResolvedScenario) -> dict[str, Any]:
    files = {"people": resolved.people_file, "network": resolved.network_file}
    run = {"weeks": resolved.weeks, "warm_up_weeks": resolved.warm_up_weeks}
    texts = {name: str(path) if path else None for name, path in files.items()}
    return asdict(resolved.organisation) | texts | run


def description(
    resolved: ResolvedScenario, other: ResolvedScenario | None
) -> dict[str, Any]:
    """Return all values of a resolved scenario as plain JSON values.

    With its differences from `other`, if that is given.
    """
    scenario = resolved.scenario
    return {
        "name": resolved.name,
        "title": dict(resolved.title),
        "question": dict(resolved.question),
        "based_on": [link.name for link in scenario.chain[:-1]] if scenario else [],
        "as_is": scenario.as_is.name if scenario else None,
        "organisation": _organisation(resolved),
        "parameters": _sourced(resolved.parameters, resolved.parameter_sources),
        "stages": [_stage_description(stage) for stage in resolved.stages],
        "leave": [one._asdict() for one in resolved.leavers],
        "unknown": dict(resolved.unknown.settings) if resolved.unknown else {},
        "against": other.name if other else None,
        "differences": [asdict(x) for x in differences(resolved, other)]
        if other
        else [],
    }


def _stage_description(stage: Stage) -> dict[str, Any]:
    return {
        "week": stage.week,
        "levers": dict(stage.levers),
        "idle_levers": idle_levers(stage.structure),
        "structure": _sourced(stage.structure, stage.sources),
        "hours_per_person": stage.hours_per_person,
        "euros": stage.euros,
    }


def _sourced(values: Mapping[str, float], sources: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: {"value": value, "source": sources[name]}
        for name, value in values.items()
    }
