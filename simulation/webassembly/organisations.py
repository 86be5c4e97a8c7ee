"""What pages need to found an organisation: its seats, numbers and stages, as JSON."""

import base64
from dataclasses import asdict
from typing import Any

import numpy as np

from simulation.founding import Founder
from simulation.input_errors import InputError
from simulation.name_keys import GROUPS
from simulation.organisation import Chart, draw_chart
from simulation.scenario_values import ResolvedScenario


def organisation_of(scenario: ResolvedScenario) -> dict[str, Any]:
    """Return what the `Founder` of `founding.mjs` takes as an organisation.

    `heads` are head counts by group, if people come from them. If they come from files,
    `seats` has their records instead, and `edges` those of a graph. `leavers` are pairs
    of a week and the index of a seat. Raises `InputError` if something is unknown, and
    the errors of `Founder`.
    """
    if scenario.unknown is not None:
        names = ", ".join(scenario.unknown.settings)
        what = f" ({names})" if names else ""
        raise InputError(
            f"{scenario.name}: pages do not draw what is unknown{what}; give it a value"
        )
    chart = draw_chart(scenario)
    plan = asdict(scenario.organisation)
    heads = {group: plan.pop(group) for group in GROUPS}
    counted = scenario.people_file is None and scenario.network_file is None
    return {
        **plan,
        "heads": heads if counted else None,
        "seats": None if counted else _letters(chart.seating.seats),
        "edges": _letters(chart.seating.edges) if chart.graph else None,
        "parameters": dict(scenario.parameters),
        "warm_up_weeks": scenario.warm_up_weeks,
        "leavers": _leavers(scenario, chart),
    }


def _leavers(scenario: ResolvedScenario, chart: Chart) -> list[list[int]]:
    if not scenario.leavers:
        return []
    dated = Founder(scenario, chart).leaving(scenario)
    return np.column_stack(list(dated.values())).tolist()


def stages_of(scenario: ResolvedScenario) -> list[dict[str, Any]]:
    """Return the stages that the `Founder` of `founding.mjs` takes."""
    return [
        {
            "week": stage.week,
            "structure": dict(stage.structure),
            "hours": stage.hours_per_person,
            "euros": stage.euros,
        }
        for stage in scenario.stages
    ]


def _letters(records: np.ndarray) -> dict[str, Any]:
    """Return the shape of an array, and its bytes as base64."""
    text = base64.b64encode(records.tobytes()).decode()
    return {"shape": list(records.shape), "text": text}
