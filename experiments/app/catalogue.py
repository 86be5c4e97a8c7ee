"""What the page can offer: words, organisations, levers and outcomes, as plain JSON."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from experiments.advice.levers import RANKED
from experiments.advice.moves import lever_words
from experiments.numerals import labels, say
from experiments.scenario_description import shipped
from simulation.measures import LAST_WEEKS
from simulation.outcomes import HEADLINES, LANGUAGES, OUTCOMES, Outcome
from simulation.scenario import Resolved, read
from simulation.tables import lever_table

HEADS = {
    "explorer_": "",
    "people_department_": "department_",
    "people_role_": "role_",
    "app_": "",
}
"""Beginnings of the keys of words that the page uses, and what it calls them."""
GROUPS = ("starting_points", "several", "numbers", "over_time")


@cache
def catalogue() -> Mapping[str, Any]:
    """Return all that does not hang on what was chosen."""
    return {
        "words": {x: words(x) for x in LANGUAGES},
        "levers": [_lever(name) for name in lever_words()],
        "organisations": [
            {"name": row.name, "title": dict(row.title), "group": _group(row.group)}
            for row in shipped()
        ],
        "groups": [GROUPS[0], "levers", *GROUPS[1:]],
        "outcomes": [_outcome_words(name) for name in RANKED],
        "panels": {name: _panel(OUTCOMES[name]) for name in HEADLINES},
        "last_weeks": LAST_WEEKS,
    }


def words(language: str) -> dict[str, str]:
    """Return the words of the page, its own before those it shares."""
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
    """Return what the page needs to write changes in an outcome."""
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
    """Return what a drawing over time is explained with.

    `last` tells whether the answer is a mean over the last weeks; of a time to recover
    the speed is drawn, so that up is good where fewer weeks are.
    """
    speed = outcome.summary == "half_life_recovery"
    return {
        "explanation": dict(outcome.explanation),
        "last": outcome.summary in ("ratio_last", "mean_last"),
        "up_is_good": (outcome.good == "higher") != speed,
    }


def organisation(resolved: Resolved, own: bool = False) -> dict[str, Any]:
    """Return where an organisation stands today: levers, what is not known, people."""
    from experiments.app.answers import people

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
    }


@cache
def shipped_organisation(name: str) -> dict[str, Any]:
    """Return where a shipped organisation stands today."""
    return organisation(read(name))
