"""Organisations without their people: the same counts, and nobody in person.

Who sits where and who meets whom then follow from the model's template, so that the
numbers are those of another organisation of the same size.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from experiments.errors import InputError
from experiments.fit.interview.answer_files import in_both, toml
from simulation.name_keys import GROUPS
from simulation.organisation import MAKERS, draw_chart
from simulation.scenario import ResolvedScenario, Scenario, read, resolve, vary

PERSONAL = ("people", "network")
BASE = "baseline"


def heads_of(scenario: ResolvedScenario) -> dict[str, int]:
    """Return the number of people who lead nobody, by group of head counts."""
    groups = {department: group for group, department in MAKERS.items()}
    seats = draw_chart(scenario).seats
    managers = {seat.manager for seat in seats}
    counted = Counter(
        "externals"
        if seat.role == "external"
        else groups.get(seat.department, seat.department)
        for seat in seats
        if seat.role != "leader" and seat.name not in managers
    )
    return {group: counted[group] for group in GROUPS}


def without_people(
    scenario: ResolvedScenario, heads: Mapping[str, int]
) -> ResolvedScenario:
    """Return a scenario with head counts in place of people and network.

    Raises `InputError` for a scenario with [unknown], and for one with [[leave]], as
    head counts have no seat for whoever leaves.
    """
    if scenario.leavers:
        raise InputError(
            f"{scenario.name}: with [[leave]] people cannot be left out of a page"
        )
    if scenario.unknown is not None or scenario.scenario is None:
        raise InputError(
            f"{scenario.name}: with [unknown] people cannot be left out of a page"
        )
    return resolve(_bare(scenario.scenario, heads))


def _bare(scenario: Scenario, heads: Mapping[str, int]) -> Scenario:
    written = dict(scenario.written)
    organisation = written.get("organisation", {})
    if set(PERSONAL) & set(organisation):
        kept = {k: x for k, x in organisation.items() if k not in PERSONAL}
        written["organisation"] = kept | dict(heads)
    return replace(
        scenario,
        written=written,
        base=_bare(scenario.base, heads) if scenario.base else None,
        history=_bare(scenario.history, heads) if scenario.history else None,
    )


def organisation_text(base: ResolvedScenario) -> str:
    """Return an organisation of head counts as a scenario file that stands alone."""
    usual, now = read(BASE), base.stages[0]
    levers = _other(now.levers, usual.stages[0].levers)
    moved = vary(usual, as_is="self", changes=[], levers=levers).stages[0]
    assert base.scenario is not None
    tables: dict[str, Mapping[str, Any]] = {
        "organisation": _other(asdict(base.organisation), asdict(usual.organisation)),
        "levers": levers,
        "structure": _other(now.structure, moved.structure),
        "parameters": _other(base.parameters, usual.parameters),
        "run": {"weeks": base.weeks, "warm_up_weeks": base.warm_up_weeks},
    }
    efforts = base.scenario.table("effort")
    tables |= {f"effort.{name}": values for name, values in efforts.items()}
    named = {"title": base.title, "question": base.question}
    lines = [
        *(f"{key} = {in_both(x)}" for key, x in named.items() if all(x.values())),
        f"based_on = {toml(BASE)}",
        'as_is = "self"',
    ]
    for head, values in tables.items():
        rows = [f"{name} = {toml(value)}" for name, value in values.items()]
        lines += ["", f"[{head}]", *rows] if rows else []
    return "\n".join(lines) + "\n"


def _other(values: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    return {name: x for name, x in values.items() if usual[name] != x}
