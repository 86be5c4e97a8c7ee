"""What is compared: scenarios and outcomes by their names, all mistakes at once."""

import os
from collections.abc import Iterable, Sequence
from typing import Any

from experiments.errors import InputError, is_wrong_input
from simulation.outcomes import HEADLINES, OUTCOMES, find
from simulation.scenario import ResolvedScenario, read

SIDE = (
    "fitting_leads",
    "accepted_share",
    "brand_consistency",
    "burnout_leave",
    "exhausted_exits",
    "ownership",
    "motivation",
    "clarity",
    "turnover",
    "initiative",
    "rework",
    "duplicate_work",
    "decision_weeks",
    "leader_queue_share",
    "knowledge_kept",
    "follow_up",
    "conversion",
    "revenue",
    "cost",
)
"""What tables show beside the headline outcomes; files hold all outcomes."""


def read_all(
    names: Sequence[str | os.PathLike | ResolvedScenario],
) -> list[ResolvedScenario]:
    """Return the resolved scenarios.

    Raises `InputError` with all mistakes in them, such as two of the same name.
    """
    scenarios: list[ResolvedScenario] = []
    problems: list[str] = []
    for name in names:
        try:
            one = name if isinstance(name, ResolvedScenario) else read(name)
        except Exception as error:
            if not is_wrong_input(error):
                raise
            problems.append(str(error))
            continue
        if any(one.name == other.name for other in scenarios):
            problems.append(f"{one.name}: named twice; give files other names")
        scenarios.append(one)
    if problems:
        raise InputError("\n".join(dict.fromkeys(problems)))
    return scenarios


def chosen_outcomes(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the outcomes to show: those named, or the headline and side outcomes.

    Raises `InputError` for unknown names.
    """
    if names is None:
        return tuple(name for name in OUTCOMES if name in HEADLINES + SIDE)
    if problems := wrong_outcomes(names):
        raise InputError("\n".join(problems))
    return tuple(dict.fromkeys(names))


def wrong_outcomes(names: Iterable[str]) -> list[str]:
    """Return a message for each name that is no outcome, with the nearest."""
    problems = []
    for name in names:
        try:
            find(name)
        except KeyError as error:
            problems.append(str(error.args[0]))
    return problems


def same_organisation(a: ResolvedScenario, b: ResolvedScenario) -> bool:
    """Return whether two scenarios give the same runs in every world.

    Scenario files that add nothing to their base are ignored in comparing unknowns.
    """
    return _without_idle_files(a) == _without_idle_files(b)


def _without_idle_files(scenario: ResolvedScenario) -> dict[str, Any]:
    values = scenario.canonical()
    if "unknown" in values:
        values["unknown"]["scenario"] = _said(values["unknown"]["scenario"])
    return values


def _said(link: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a chain of scenario files without those that add nothing to their base."""
    if link is None:
        return None
    base = _said(link["base"])
    idle = base is not None and link["history"] is None and not link["written"]
    return base if idle else link | {"base": base}
