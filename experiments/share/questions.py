"""The questions of a page: those asked, and those that ship, in groups."""

from functools import cache
from typing import Any

from experiments.advise.moves import lever_words
from experiments.errors import InputError
from experiments.scenario_files.description import shipped
from experiments.share.choices import PageChoice, as_is_of, choice_of
from simulation.outcomes import LANGUAGES
from simulation.scenario import ResolvedScenario, read

GROUPS = {
    "decides": ("mandate", "frame", "support"),
    "leads": ("steering", "leaders_ask", "evaluation", "strategy_shared"),
    "together": ("channels", "profiles", "communication", "champion", "boundaries"),
    "learns": ("kpis", "testing", "training", "anchoring", "strategy_work", "tools"),
    "sales": ("sales_partnership", "seat_at_the_table", "marketing_as", "budget"),
    "structure": ("departments", "marketing_staff", "hiring", "shared_tools"),
}
"""Groups of levers as the articles have them, in the order of the page."""
OWN = "own"
USUAL = "baseline"
"""The organisation on which most questions that ship are asked."""


def questions(
    base: ResolvedScenario, asked: list[ResolvedScenario]
) -> list[dict[str, Any]]:
    """Return the questions as plain JSON values, those `asked` first.

    One that is asked and in which nothing changes is no question, and is left out.
    Raises `InputError` for one that is asked and cannot be chosen on the page.
    """
    chosen = [(one, choice_of(one, base)) for one in asked]
    own = [_entry(*pair, OWN) for pair in chosen if pair[1].plan or pair[1].numbers]
    names = {one.name for one in asked}
    told = [one["choice"] for one in own]
    shipped = [one for one in _shipped_questions() if one["id"] not in names]
    return own + [one for one in shipped if one["choice"] not in told]


@cache
def _shipped_questions() -> tuple[dict[str, Any], ...]:
    """Return the questions that ship, in the order of groups."""
    usual, found = read(USUAL), []
    for row in shipped():
        scenario = read(row.name)
        try:
            choice = choice_of(scenario, usual)
        except InputError:  # of another size, or with numbers of its own
            continue
        if choice.plan:
            found.append(_entry(scenario, choice, _group(choice)))
    order = list(GROUPS)
    found.sort(key=lambda one: order.index(one["group"]))
    return tuple(found)


def _entry(
    scenario: ResolvedScenario, choice: PageChoice, group: str
) -> dict[str, Any]:
    return {
        "id": scenario.name,
        "group": group,
        "title": {x: scenario.title[x] for x in LANGUAGES},
        "question": {x: scenario.question[x] for x in LANGUAGES},
        "choice": choice.as_json(),
    }


def _group(choice: PageChoice) -> str:
    lever = choice.plan[0][1]
    return next((k for k, names in GROUPS.items() if lever in names), "structure")


def lever_groups() -> list[dict[str, Any]]:
    """Return the levers that have words, by group."""
    there = lever_words()
    return [
        {"group": group, "levers": [name for name in names if name in there]}
        for group, names in GROUPS.items()
    ]


def base_of(first: ResolvedScenario) -> ResolvedScenario:
    """Return the organisation of a page: the first scenario before anything changes."""
    return as_is_of(first)
