"""One HTML file that runs the model: questions, levers, and answers from disk."""

from typing import Any

from simulation.scenario import ResolvedScenario, vary


def choice_base(scenario: ResolvedScenario) -> dict[str, Any]:
    """Return an organisation as it goes on if nothing changes, for `resolving.mjs`."""
    written = scenario.scenario
    today = scenario
    if written is not None:
        today = vary(scenario, as_is="self", changes=[])
    return {
        "structure": dict(today.stages[0].structure),
        "levers": dict(today.stages[0].levers),
        "effort": dict(written.table("effort")) if written else {},
        "warm_up_weeks": scenario.warm_up_weeks,
    }
