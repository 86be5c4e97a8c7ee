"""Likeness within teams, and hours and strain in groups of several sizes."""

import numpy as np

from experiments.science.evidence.measures.panel import (
    QUARTER,
    YEAR,
    at_work,
    correlation,
    employed,
    over_waves,
    quarter,
)
from experiments.science.evidence.people import People
from simulation.state import WORKING

MANY_TEAMS = 10_000
"""More than the teams of an organisation."""
SMALLEST_UNIT = 4
"""Employees of a unit whose turnover is looked at."""


def teams_of(people: People, w: int) -> np.ndarray:
    """Return a team number per seat at week `w`, unique over all organisations."""
    return people.organisation * MANY_TEAMS + people["team"][:, w]


def likeness(people: People, field: str = "score") -> float:
    """Return ICC(1) of a field: how alike members of a team are (Bliese 2000)."""

    def one(w: int) -> float:
        kept = employed(people)[:, w]
        return icc(people[field][kept, w], teams_of(people, w)[kept])

    return over_waves(people, one)


def icc(values: np.ndarray, groups: np.ndarray) -> float:
    """Return the intraclass correlation ICC(1) of a one-way analysis of variance."""
    _, group = np.unique(groups, return_inverse=True)
    n = np.bincount(group)
    k, total = len(n), len(values)
    if k < 2 or total <= k or not values.std() > 0:
        return np.nan
    means = np.bincount(group, values) / n
    between = (n * (means - values.mean()) ** 2).sum() / (k - 1)
    within = ((values - means[group]) ** 2).sum() / (total - k)
    size = (total - (n**2).sum() / total) / (k - 1)
    return float((between - within) / (between + (size - 1) * within))


def likeness_of_support(people: People) -> float:
    """Return ICC(1) of support within teams."""
    return likeness(people, "support")


def groups_of(people: People, kept: np.ndarray, w: int, size: int) -> np.ndarray:
    """Return groups of `size` persons that belong together, (groups, size).

    Groups are formed within each organisation, in the order of departments and teams,
    as a researcher who combines teams would. People left over are left out.
    """
    who = np.flatnonzero(kept)
    place = (people.seat, people["team"][:, w], people.department, people.organisation)
    who = who[np.lexsort([x[who] for x in place])]
    found = []
    for organisation in np.unique(people.organisation[who]):
        inside = who[people.organisation[who] == organisation]
        whole = len(inside) // size * size
        found.append(inside[:whole].reshape(-1, size))
    return np.concatenate(found) if found else np.zeros((0, size), int)


def hours_score(people: People, size: int) -> float:
    """Return r of hours worked with the score, both means over groups of `size`.

    Hours are weekly overtime over contract hours, mean over the quarter up to the wave,
    of people at work in all of it. They are relative to the contract because full time
    differs between organisations here but not in the sources.
    """

    def one(w: int) -> float:
        kept = at_work(people, w - QUARTER + 1, w)
        over = quarter(people, "hours_over", w)
        hours, score = over / people["contract"][:, w], people["score"][:, w]
        groups = groups_of(people, kept, w, size)
        return correlation(hours[groups].mean(1), score[groups].mean(1))

    return over_waves(people, one, QUARTER - 1)


def hours_score_persons(people: People) -> float:
    """Return r of hours worked with the score, of persons."""
    return hours_score(people, 1)


def hours_score_six(people: People) -> float:
    """Return r of hours worked with the score, of groups of six."""
    return hours_score(people, 6)


def hours_score_ten(people: People) -> float:
    """Return r of hours worked with the score, of groups of ten."""
    return hours_score(people, 10)


def hours_score_twenty(people: People) -> float:
    """Return r of hours worked with the score, of groups of twenty."""
    return hours_score(people, 20)


def turnover_performance(people: People) -> float:
    """Return r of a team's turnover in a year with its performance in that year.

    Turnover is leavers over seats. Over teams of four and more, and all years (Park &
    Shaw 2013).
    """
    rates, means = [], []
    here = employed(people)
    for start in range(0, people.size[1] - YEAR + 1, YEAR):
        span = slice(start, start + YEAR)
        kept = here[:, start] & (people["team"][:, start] >= 0)
        _, unit = np.unique(teams_of(people, start)[kept], return_inverse=True)
        gone = (people["leaving"][kept, span] > 0) & here[kept, span]
        working = here[kept, span] & (people["status"][kept, span] == WORKING)
        done = np.where(working, people["performance"][kept, span], 0.0)
        seats = np.bincount(unit)
        weeks = np.bincount(unit, working.sum(1))
        large = (seats >= SMALLEST_UNIT) & (weeks > 0)
        rates.append((np.bincount(unit, gone.sum(1)) / seats)[large])
        means.append((np.bincount(unit, done.sum(1)) / np.maximum(weeks, 1))[large])
    if not rates:
        return np.nan
    return correlation(np.concatenate(rates), np.concatenate(means))
