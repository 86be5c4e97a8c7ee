"""The page's catalogue of words, organisations, levers and outcomes, as plain JSON."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from experiments.advise.levers import RANKED
from experiments.advise.moves import lever_words
from experiments.page.asked import PageRequest
from experiments.page.loading import taken_apart
from experiments.scenario_files.description import OVER_TIME, shipped
from experiments.words.numerals import labels, say
from experiments.words.phrases import OF_LAST_WEEKS
from simulation.measures import LAST_WEEKS
from simulation.outcomes import HEADLINES, LANGUAGES, OUTCOMES, Outcome
from simulation.scenario import ResolvedScenario, read
from simulation.tables import lever_table

HEADS = {
    "explorer_": "",
    "people_department_": "department_",
    "people_role_": "role_",
    "app_": "",
}
"""Beginnings of the keys of words that the page uses, and what it calls them."""
GROUPS = ("starting_points", "several", "numbers", OVER_TIME)


@cache
def catalogue() -> Mapping[str, Any]:
    """Return everything that does not depend on the user's choices."""
    return {
        "words": {x: words(x) for x in LANGUAGES},
        "levers": [_lever(name) for name in lever_words()],
        "organisations": [
            {"name": row.name, "title": dict(row.title), "group": _group(row.group)}
            for row in shipped()
            if row.group != OVER_TIME or taken_apart(row.name)
        ],
        "groups": [GROUPS[0], "levers", *GROUPS[1:]],
        "outcomes": [_outcome_words(name) for name in RANKED],
        "panels": {name: _panel(OUTCOMES[name]) for name in HEADLINES},
        "last_weeks": LAST_WEEKS,
    }


def words(language: str) -> dict[str, str]:
    """Return the page's words by key; its own words override shared ones."""
    return {
        own + key.removeprefix(head): texts[language]
        for head, own in HEADS.items()
        for key, texts in labels().items()
        if key.startswith(head)
    }


def _group(group: str) -> str:
    return group if group in GROUPS else "levers"


def _lever(name: str) -> dict[str, Any]:
    texts = lever_words()[name]
    return {
        "name": name,
        "title": dict(texts["name"]),
        "settings": [
            {"name": setting, "words": dict(texts[setting])}
            for setting in lever_table()[name].settings
        ],
    }


def _outcome_words(name: str) -> dict[str, Any]:
    """Return the words and numbers with which the page writes changes of an outcome."""
    outcome = OUTCOMES[name]
    percent = outcome.display == "percent"
    return {
        "id": name,
        "label": dict(outcome.label),
        "points": {
            x: say("points", x) if percent else outcome.unit[x] for x in LANGUAGES
        },
        "point": {
            x: say("point", x) if percent else outcome.unit_one[x] for x in LANGUAGES
        },
        "scale": 100 if percent else 1,
        "good": outcome.good,
        "smallest": outcome.smallest_difference,
    }


def _panel(outcome: Outcome) -> dict[str, Any]:
    """Return the explanation of a chart over time.

    `last` says whether the answer is a mean over the last weeks. For a time to recover,
    the chart shows the speed, so that up is good where fewer weeks are good.
    """
    speed = outcome.summary == "half_life_recovery"
    return {
        "explanation": dict(outcome.explanation),
        "last": outcome.summary in OF_LAST_WEEKS,
        "up_is_good": (outcome.good == "higher") != speed,
    }


def organisation(resolved: ResolvedScenario, own: bool = False) -> dict[str, Any]:
    """Return an organisation as it is today: levers, unknowns, people; no plan.

    A lever that is not known is None; `open` counts all unknown settings.
    """
    from experiments.page.answers import people

    unknown = resolved.unknown.settings if resolved.unknown else {}
    now = resolved.at(0).levers
    return {
        "name": "own" if own else resolved.name,
        "title": dict(resolved.title),
        "question": dict(resolved.question),
        "levers": {
            name: None if f"levers.{name}" in unknown else now[name]
            for name in lever_words()
        },
        "open": len(unknown),
        "weeks": resolved.weeks,
        "people": people(resolved),
        "plan": [],
        "numbers": [],
    }


@cache
def shipped_organisation(name: str) -> dict[str, Any]:
    """Return a shipped organisation as it is today.

    If it has dated changes, this is its as-is, with the changes as its plan.
    """
    scenario = read(name)
    asked = taken_apart(name) if _is_dated(scenario) else None
    return _planned(scenario, asked) if asked else organisation(scenario)


def _is_dated(resolved: ResolvedScenario) -> bool:
    return resolved.scenario is not None and bool(resolved.scenario.changes())


def _planned(main: ResolvedScenario, asked: PageRequest) -> dict[str, Any]:
    """Return the as-is of a scenario, with the scenario's dated changes as its plan."""
    as_is = replace(read(asked.base), weeks=asked.weeks)
    told = {
        x: say("app_planned", x, title=main.title[x], question=main.question[x])
        for x in LANGUAGES
    }
    return organisation(as_is) | {
        "question": told,
        "plan": [[x.week, x.name, x.value] for x in asked.plan],
        "numbers": [[x.week, x.name, x.value] for x in asked.numbers],
    }
