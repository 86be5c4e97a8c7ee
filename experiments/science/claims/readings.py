"""Outcomes of claims that are not in the weekly records but read from the state.

Each function takes the state at the end of a week and returns a numerator and a
denominator for that week; `readings.toml` describes them.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from simulation.outcomes import TEXTS, Outcome
from simulation.state import (
    COMMUNICATION,
    COMMUNICATION_DOMAIN,
    EXECUTED,
    KNOWN,
    MARKETING,
    VACANT,
    VALUE,
    WANTED,
)

STALE_WEEKS = 26
RARE = 3
"""One maker in so many counts as holding rare skill."""
QUARTER = 13


@dataclass(frozen=True)
class Reading:
    """How an outcome is read: a pair of numbers per week, and which weeks count."""

    outcome: Outcome
    read: Callable[[Any], tuple[float, float]]
    all_weeks: bool
    per_year: bool


def stale_items(state: Any) -> tuple[float, float]:
    """Return the number of choices last changed over half a year ago, and of all."""
    there = state.choices["exists"] == 1
    age = week_of(state) - state.choices["launched"]
    return float((there & (age > STALE_WEEKS)).sum()), float(there.sum())


def output(state: Any) -> tuple[float, float]:
    """Return the deliverables of makers, and the number of makers."""
    people = state.people
    there = makers(state)
    return float(people["deliverables"][there].sum()), float(there.sum())


def launches_on_initiative(state: Any) -> tuple[float, float]:
    """Return the number of choices launched this week on own initiative, and 1."""
    choices = state.choices
    live = (choices["exists"] == 1) & (choices["launched"] == week_of(state))
    return float((live & (choices["initiative"] == 1)).sum()), 1.0


def improving_in_bad_quarters(state: Any) -> tuple[float, float]:
    """Return makers' hours spent on improving, and all their hours.

    `bad_quarters` decides afterwards which weeks count.
    """
    people, there = state.people, makers(state)
    names = ("hours_items", "hours_testing", "hours_training", "hours_writing")
    hours = sum(people[name][there].sum() for name in names)
    return float(hours), float(people["hours_total"][there].sum())


def skill_used(state: Any) -> tuple[float, float]:
    """Return makers' hours of own work and contract hours, both weighted by skill."""
    people, there = state.people, makers(state)
    skill = state.skill[np.arange(len(people)), people["domain"]][there]
    busy = (people["hours_routine"] + people["hours_items"])[there]
    return float((skill * busy).sum()), float((skill * people["contract"][there]).sum())


def communication_fit(state: Any) -> tuple[float, float]:
    """Return the number of communication choices that fit the market, and of all.

    What the market wants of a choice depends on what its mates in the journey show.
    """
    choices = state.choices
    [at] = np.nonzero(
        (choices["exists"] == 1) & (choices["domain"] == COMMUNICATION_DOMAIN)
    )
    right = _lanes(state.market[WANTED], at) == _lanes(state.market[EXECUTED], at)
    return float(right.sum()), float(len(at))


def strategy_adopted(state: Any) -> tuple[float, float]:
    """Return the number of choices whose executor agrees with the strategy, and of all.

    All: the choices about which the strategy holds a value. Agree: the executor
    believes that value.
    """
    choices, code = state.choices, state.strategy
    [at] = np.nonzero(choices["exists"] == 1)
    at = at[_lanes(code[KNOWN], at)]
    words = state.beliefs[choices["executor"][at], :, at >> 6]
    known, value = (_lane(words[:, plane], at) for plane in (KNOWN, VALUE))
    agree = known & (value == _lanes(code[VALUE], at))
    return float(agree.sum()), float(len(at))


def exchanges_understood(state: Any) -> tuple[float, float]:
    """Return understanding summed over exchanges, and the number of exchanges.

    Exchanges are the active ties between marketing and communication.
    """
    ties, home = state.ties, state.people["own_department"]
    pair = np.stack([home[ties["a"]], home[ties["b"]]])
    across = (pair == MARKETING).any(0) & (pair == COMMUNICATION).any(0)
    live = across & (ties["active"] == 1)
    return float(ties["understood"][live].sum()), float(live.sum())


def leaving_of_rare_skill(state: Any) -> tuple[float, float]:
    """Return the number of rare-skill makers who give notice this week, and of all.

    Rare: the third of internal makers who hold the largest share of all internal
    makers' skill in their own field; equal shares go by seat.
    """
    people = state.people
    [at] = np.nonzero(makers(state) & (people["external"] == 0))
    domain = people["domain"][at]
    skill = state.skill[at, domain]
    together = np.bincount(domain, skill, state.skill.shape[1])[domain]
    rare = at[np.argsort(-skill / together, kind="stable")][: -(-len(at) // RARE)]
    return float((people["leaving"][rare] == 1).sum()), float(len(rare))


def bad_quarters(leads: np.ndarray) -> np.ndarray:
    """Return a mask of the weeks in bad quarters, bool (weeks,).

    A quarter is bad if the one before it had fewer leads than the one before that; the
    first two quarters are never bad. `leads` are those of each week from week 0 on.
    """
    whole = len(leads) // QUARTER
    quarters = leads[: whole * QUARTER].reshape(whole, QUARTER).sum(1)
    bad = np.zeros(len(leads), bool)
    for q in range(2, whole + 1):
        if quarters[q - 1] < quarters[q - 2]:
            bad[q * QUARTER : (q + 1) * QUARTER] = True
    return bad


def makers(state: Any) -> np.ndarray:
    """Return a mask of the filled seats of makers, bool (people,)."""
    return (state.people["maker"] == 1) & (state.people["status"] != VACANT)


def week_of(state: Any) -> int:
    """Return the week that has just ended; the state already holds the next one."""
    return int(state.firm["week"][0]) - 1


def _lanes(words: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the bits of 64-lane words at some choices."""
    return _lane(words[at >> 6], at)


def _lane(words: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the bit of each choice from its own word."""
    return (words >> (at & 63).astype(np.uint64)) & np.uint64(1) == 1


READERS = (
    *(stale_items, output, launches_on_initiative, improving_in_bad_quarters),
    *(skill_used, communication_fit, exchanges_understood, leaving_of_rare_skill),
    strategy_adopted,
)


@cache
def reading_table() -> Mapping[str, Reading]:
    """Return the readings that claims may be about, by name."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)
    by_name = {read.__name__: read for read in READERS}
    return MappingProxyType(
        {name: _reading(name, rows[name], by_name[name]) for name in rows}
    )


def _reading(
    name: str, row: Mapping[str, Any], read: Callable[[Any], tuple[float, float]]
) -> Reading:
    texts = {key: MappingProxyType(row[key]) for key in TEXTS}
    outcome = Outcome(
        id=name,
        group="claims",
        **texts,
        unit_one=MappingProxyType(row.get("unit_one", row["unit"])),
        display=row["display"],
        good=row["good"],
        smallest_difference=float(row["smallest_difference"]),
        numerator=(),
        denominator=(),
        trailing=1,
        weekly_label=texts["label"],
        weekly_unit=texts["unit"],
        weekly_display=row["display"],
        summary="reading",
        headline=False,
        always_with=(),
        repeats=None,
        plural=(),
    )
    return Reading(outcome, read, row["over"] == "all", row.get("per_year", False))
