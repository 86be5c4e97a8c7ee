"""Scenarios as choices on a page: levers of today, moves and numbers by week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from experiments.errors import InputError
from simulation.founding import Founder
from simulation.organisation import draw_chart
from simulation.scenario import ResolvedScenario, resolve, vary
from simulation.scenario_errors import ScenarioError, shown
from simulation.scenario_unknown import in_world
from simulation.scenario_values import Scenario, Stage

FRAME = (
    *("organisation", "parameters", "people_file", "network_file"),
    *("warm_up_weeks", "leavers"),
)
"""What all scenarios of a page have in common."""
AS_TODAY = frozenset(("title", "question", "changes", "run"))
"""What `as_is_of` may set anew in the scenario of a file."""
COMPARED_WORLDS = 5
"""Worlds in which two ways to draw what is unknown are compared."""
Row = tuple[int, str, Any]
"""A week, the name of a lever or number, and its setting or value."""


@dataclass(frozen=True)
class PageChoice:
    """What is chosen on a page, on top of an organisation.

    `levers` are settings of today by lever. `plan` are rows of week, lever and setting,
    `numbers` of week, structural number and value.
    """

    levers: Mapping[str, str]
    plan: tuple[Row, ...]
    numbers: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the choice as plain JSON values."""
        rows = {
            name: [list(row) for row in getattr(self, name)]
            for name in ("plan", "numbers")
        }
        return {"levers": dict(self.levers), **rows}

    def scenarios(
        self, base: ResolvedScenario
    ) -> tuple[ResolvedScenario, ResolvedScenario]:
        """Return the as-is and the to-be on an organisation, resolved.

        Raises `ScenarioError` with all mistakes.
        """
        as_is = vary(base, "as-is", as_is="self", changes=[], levers=dict(self.levers))
        dated: dict[int, dict[str, dict[str, Any]]] = {}
        for table, rows in (("levers", self.plan), ("structure", self.numbers)):
            for week, name, value in rows:
                dated.setdefault(week, {}).setdefault(table, {})[name] = value
        first = dated.pop(0, {})
        later = [{"week": week, **changes} for week, changes in sorted(dated.items())]
        return as_is, vary(as_is, "to-be", **first, changes=later)


def choice_base(scenario: ResolvedScenario) -> dict[str, Any]:
    """Return an organisation as it goes on if nothing changes, for `resolving.mjs`."""
    today = vary(scenario, as_is="self", changes=[])
    assert scenario.scenario is not None
    return {
        "structure": dict(today.stages[0].structure),
        "levers": dict(today.stages[0].levers),
        "effort": dict(scenario.scenario.table("effort")),
        "warm_up_weeks": scenario.warm_up_weeks,
    }


def as_is_of(scenario: ResolvedScenario) -> ResolvedScenario:
    """Return the scenario that holds before anything changes, with the same horizon."""
    assert scenario.scenario is not None
    as_is = scenario.scenario.as_is
    found = scenario if as_is is scenario.scenario else resolve(as_is)
    assert found.scenario is not None
    differences: dict[str, Any] = {}
    if found.scenario.changes():
        differences["changes"] = []
    if found.weeks != scenario.weeks:
        differences["run"] = {"weeks": scenario.weeks}
    if not differences:
        return found
    texts = {"title": dict(found.title), "question": dict(found.question)}
    words = {key: text for key, text in texts.items() if all(text.values())}
    return vary(found, found.name, **words, **differences)


def file_of(scenario: ResolvedScenario) -> Scenario:
    """Return an organisation as its file has it, with changes over time."""
    assert scenario.scenario is not None
    found = scenario.scenario
    while found.base is not None and found.document.path is None:
        if not AS_TODAY.issuperset(found.written):
            break
        found = found.base
    return found


def choice_of(scenario: ResolvedScenario, base: ResolvedScenario) -> PageChoice:
    """Return a scenario as a choice on an organisation.

    Raises `InputError` if it differs from it in more than levers and later numbers.
    """
    _check_frame(scenario, base)
    stages = scenario.stages
    today = vary(base, as_is="self", changes=[]).stages[0]
    levers = _differ(today.levers, stages[0].levers)
    plan = tuple(
        (max(0, stage.week), name, setting)
        for before, stage in pairwise(stages)
        for name, setting in _differ(before.levers, stage.levers).items()
    )
    chosen = PageChoice(levers, plan, ())
    try:
        found = chosen.scenarios(base)[1].stages
        numbers = tuple(_numbers(found, stages))
        chosen = PageChoice(levers, plan, numbers)
        found = chosen.scenarios(base)[1].stages
    except ScenarioError as error:
        raise InputError(f"{scenario.name}: {error}") from error
    rest = "which is all that a page can change"
    if [_key(x) for x in found] != [_key(x) for x in stages]:
        raise InputError(
            f"{scenario.name} differs from {base.name} in more than levers and dated"
            f" numbers, {rest}"
        )
    if _drawn(chosen.scenarios(base)[1]) != _drawn(scenario):
        raise InputError(
            f"{scenario.name} has other things that are unknown than {base.name};"
            f" only levers and dated numbers may differ, {rest}"
        )
    return chosen


def check_leavers(base: ResolvedScenario) -> None:
    """Raise `InputError` where a role or `bridge` says who leaves.

    On a page levers of today can be changed, and with them who bridges most.
    """
    chart = draw_chart(base)
    names = [seat.name for seat in chart.seats]
    if all(one.who in names for one in base.leavers):
        return
    meant = Founder(replace(base, unknown=None), chart).leaving(base)["leave_seats"]
    pairs = zip(base.leavers, meant.tolist(), strict=True)
    told = [f"{shown(x.who)} is {shown(names[i])} today" for x, i in pairs]
    raise InputError(
        f"{base.name}: [[leave]]: for a page write the name of the seat as who;"
        f" {', '.join(told)}"
    )


def _check_frame(scenario: ResolvedScenario, base: ResolvedScenario) -> None:
    """Raise `InputError` for another organisation, or other parameters."""
    other = [x for x in FRAME if getattr(scenario, x) != getattr(base, x)]
    if other:
        what = " and ".join(other).replace("leavers", "[[leave]]").replace("_", " ")
        hint = "; write [[leave]] in the as-is, and it holds for all of them"
        raise InputError(
            f"{scenario.name} has another {what} than {base.name}; on one page all"
            f" scenarios are of one organisation{hint if 'leavers' in other else ''}"
        )


def _differ(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in after.items() if before[name] != value}


def _numbers(found: Sequence[Stage], wanted: Sequence[Stage]) -> list[Row]:
    """Return the numbers that levers leave different, each with its week."""
    rows = []
    for stage in wanted[1:]:
        now = [one for one in found if one.week <= stage.week][-1]
        different = _differ(now.structure, stage.structure)
        rows += [(stage.week, name, value) for name, value in different.items()]
    return rows


def _key(stage: Stage) -> tuple:
    return stage.week, dict(stage.structure), stage.hours_per_person, stage.euros


def _drawn(scenario: ResolvedScenario) -> list[list[tuple]]:
    """Return what some worlds are like, with what is unknown drawn."""
    if scenario.unknown is None:
        return []
    worlds = [in_world(scenario, 1, k) for k in range(COMPARED_WORLDS)]
    return [[_key(x) for x in one.stages] for one in worlds]
