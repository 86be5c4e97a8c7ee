"""Scenarios: what an organisation is, what is switched on, and when.

A scenario file is TOML, data only. It says what differs from the scenario it is
`based_on`. `read` loads the chain of files, checks it as a whole and resolves it to the
numbers that rules read:

>>> read("owned").stages[-1].structure["items_decided_by_executor"]
0.9
>>> changed = vary(read("owned"), structure={"testing_hours": 3})
>>> changed.stages[-1].sources["testing_hours"]
'owned*: [structure]'
"""

import os
from collections.abc import Mapping
from typing import Any, TypeVar

from simulation.scenario_errors import Problem, ScenarioError
from simulation.scenario_loading import load, scenario_from
from simulation.scenario_places import shipped_names
from simulation.scenario_resolution import idle_levers, resolve
from simulation.scenario_values import (
    OrganisationSize,
    ResolvedScenario,
    Scenario,
    Stage,
)

__all__ = [
    "OrganisationSize",
    "Problem",
    "ResolvedScenario",
    "Scenario",
    "ScenarioError",
    "Stage",
    "idle_levers",
    "json_schema",
    "load",
    "read",
    "resolve",
    "scenario_from",
    "shipped_names",
    "vary",
]

Varied = TypeVar("Varied", Scenario, ResolvedScenario)


def read(name: str | os.PathLike) -> ResolvedScenario:
    """Return the resolved scenario of a file or of a shipped scenario's name.

    Raises `ScenarioError` with every mistake in it and in the files it builds on.
    """
    return resolve(load(name))


def vary(what: Varied, name: str | None = None, **differences: Any) -> Varied:
    """Return a scenario based on `what`; resolved if `what` is resolved.

    Each keyword is a key of a scenario file: `vary(x, levers={"mandate": "decides"},
    structure={"testing_hours": 3})`. Raises `ScenarioError` with every mistake.
    """
    if isinstance(what, ResolvedScenario):
        if what.scenario is None:
            raise ScenarioError([Problem("has no scenario to vary", source=what.name)])
        return resolve(vary(what.scenario, name, **differences))
    return scenario_from(differences, name or f"{what.name}*", what)


def json_schema() -> Mapping[str, Any]:
    """Return the JSON schema of scenario files, for editors that check and complete."""
    from simulation import scenario_schema

    return scenario_schema.json_schema()
