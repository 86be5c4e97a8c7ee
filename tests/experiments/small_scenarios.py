"""Scenarios that differ in little, for tests."""

from simulation.scenario import resolve, scenario_from


def make_scenario(name, title, testing_hours, weeks=80, **tables):
    """Return a resolved scenario that differs in testing hours."""
    data = {
        "title": title,
        "question": "What if?",
        "structure": {"testing_hours": testing_hours},
        "run": {"weeks": weeks},
    }
    return resolve(scenario_from(data | tables, name))
