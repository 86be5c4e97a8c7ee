"""Correlations among people, and how stable values are: patterns set beforehand.

The range of each was written down before it was first measured. Those with `use`
`predict` were first measured on the present version of the model, those with `seen` on
an earlier one.
"""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from scipy.stats import skew

from experiments.science.evidence.measures.leaving import biserial, leaves_within
from experiments.science.evidence.measures.panel import (
    QUARTER,
    YEAR,
    at_work,
    correlation,
    employed,
    mean_known,
    over_waves,
    quarter,
    ratio,
    same,
    waves,
)
from experiments.science.evidence.measures.strain import complains, sick_time
from experiments.science.evidence.measures.teams import icc, teams_of
from experiments.science.evidence.people import People
from simulation.state import ON_LEAVE, WORKING

MOST_ABSENT = 0.2
NEW = QUARTER
"""Weeks in which somebody is new."""
MEANS_OF_QUARTER = ("performance", "taken_over", "pressure")
"""Fields that vary from week to week; their mean over the quarter before is taken."""


def value(people: People, field: str, w: int) -> np.ndarray:
    """Return a field as a survey in week `w` sees it, (P,)."""
    if field in MEANS_OF_QUARTER:
        return quarter(people, field, w)
    if field == "overtime":
        return quarter(people, "hours_over", w) / people["contract"][:, w]
    return people[field][:, w]


def together(people: People, x: str, y: str) -> float:
    """Return r of two fields over people at work for a quarter, mean over waves."""

    def one(w: int) -> float:
        kept = at_work(people, w - QUARTER + 1, w)
        return correlation(value(people, x, w)[kept], value(people, y, w)[kept])

    return over_waves(people, one, QUARTER - 1)


def with_leaving(people: People, field: str) -> float:
    """Return the biserial r of a field with leaving within the next year."""
    found = []
    for w in waves(people, QUARTER - 1, YEAR):
        kept = at_work(people, w - QUARTER + 1, w) & (people["leaving"][:, w] == 0)
        gone = leaves_within(people, w + 1)
        found.append(biserial(value(people, field, w)[kept], gone[kept]))
    return mean_known(found)


def lasting(people: People, field: str, lag: int = YEAR) -> float:
    """Return r of a field with itself `lag` weeks later, at work at both times."""

    def one(w: int) -> float:
        kept = same(people, w, w + lag)
        kept &= (people["status"][:, [w, w + lag]] == WORKING).all(1)
        then = value(people, field, w + lag)
        return correlation(value(people, field, w)[kept], then[kept])

    return over_waves(people, one, QUARTER - 1, lag)


CORRELATES: Mapping[str, tuple[str, str]] = {
    "demands_score": ("demands", "score"),
    "clarity_score": ("clarity", "score"),
    "control_score": ("control", "score"),
    "support_score": ("support", "score"),
    "motivation_score": ("motivation", "score"),
    "motivation_performance": ("motivation", "performance"),
    "control_motivation": ("control", "motivation"),
    "support_motivation": ("support", "motivation"),
    "clarity_performance": ("clarity", "performance"),
    "pressure_performance": ("pressure", "performance"),
    "pressure_overtime": ("pressure", "overtime"),
    "ownership_motivation": ("ownership", "motivation"),
    "safety_taken_over": ("safety", "taken_over"),
    "tenure_performance": ("tenure", "performance"),
    "tenure_score": ("tenure", "score"),
    "clarity_motivation": ("clarity", "motivation"),
    "control_performance": ("control", "performance"),
    "support_performance": ("support", "performance"),
}
"""Pairs of fields of which r is taken, by the name of the pattern."""
LEAVERS: Mapping[str, str] = {
    "motivation_leaving": "motivation",
    "support_leaving": "support",
    "performance_leaving": "performance",
    "ownership_leaving": "ownership",
}
"""Fields of which the biserial r with leaving is taken, by the name of the pattern."""
LASTING: Mapping[str, str] = {
    "demands_lasting": "demands",
    "support_lasting": "support",
    "control_lasting": "control",
    "clarity_lasting": "clarity",
    "motivation_lasting": "motivation",
    "overtime_lasting": "overtime",
}
"""Fields whose r with themselves a year later is taken, by the name of the pattern."""


def _yearly_output(people: People, w: int) -> tuple[np.ndarray, np.ndarray]:
    """Return output in the year up to `w`, mean of weeks at work, and who had it."""
    span = slice(w - YEAR + 1, w + 1)
    working = people["status"][:, span] == WORKING
    done = np.where(working, people["performance"][:, span], 0.0).sum(1)
    kept = same(people, w - YEAR + 1, w) & (working.sum(1) >= YEAR // 2)
    return done / np.maximum(working.sum(1), 1), kept


def _performance_lasts(people: People, lag: int) -> float:
    def one(w: int) -> float:
        first, there = _yearly_output(people, w)
        then, still = _yearly_output(people, w + lag)
        kept = there & still & same(people, w, w + lag)
        return correlation(first[kept], then[kept])

    return over_waves(people, one, YEAR - 1, lag)


def performance_lasting(people: People) -> float:
    """Return r of a person's output in a year with that in the next."""
    return _performance_lasts(people, YEAR)


def performance_lasting_falls(people: People) -> float:
    """Return r of yearly output with the next year's minus r with the third year's."""
    return performance_lasting(people) - _performance_lasts(people, 3 * YEAR)


def performance_spread(people: People) -> float:
    """Return the coefficient of variation of yearly output between people of a role."""

    def one(w: int) -> float:
        done, kept = _yearly_output(people, w)
        parts = [done[kept & (people.role == role)] for role in np.unique(people.role)]
        parts = [x for x in parts if len(x) > 1 and x.mean() > 0]
        weights = [len(x) for x in parts]
        spreads = [x.std() / x.mean() for x in parts]
        return float(np.average(spreads, weights=weights)) if parts else np.nan

    return over_waves(people, one, YEAR - 1)


def performance_likeness(people: People) -> float:
    """Return ICC(1) of yearly output within teams."""

    def one(w: int) -> float:
        done, kept = _yearly_output(people, w)
        return icc(done[kept], teams_of(people, w)[kept])

    return over_waves(people, one, YEAR - 1)


def absence_lasting(people: People) -> float:
    """Return r of time ill in a year with that in the next, of those who stayed."""

    def one(w: int) -> float:
        kept = same(people, w - YEAR + 1, w + YEAR)
        years = [(w - YEAR + 1, w), (w + 1, w + YEAR)]
        first, then = (sick_time(people, *year)[kept] for year in years)
        return correlation(first, then)

    return over_waves(people, one, YEAR - 1, YEAR)


def absence_concentrated(people: People) -> float:
    """Return the share of all time ill in a year that falls to the most ill fifth."""

    def one(w: int) -> float:
        kept = same(people, w - YEAR + 1, w)
        ill = np.sort(sick_time(people, w - YEAR + 1, w)[kept])[::-1]
        return ratio(ill[: round(MOST_ABSENT * len(ill))].sum(), ill.sum())

    return over_waves(people, one, YEAR - 1)


def absence_score(people: People) -> float:
    """Return r of the score with time ill in the year after, of those at work then."""

    def one(w: int) -> float:
        kept = same(people, w, w + YEAR) & (people["status"][:, w] == WORKING)
        ill = sick_time(people, w + 1, w + YEAR)
        return correlation(people["score"][kept, w], ill[kept])

    return over_waves(people, one, 0, YEAR)


def absence_none(people: People) -> float:
    """Return the share of those who stayed all year who were never ill in it."""

    def one(w: int) -> float:
        kept = same(people, w - YEAR + 1, w)
        return ratio((sick_time(people, w - YEAR + 1, w)[kept] == 0).sum(), kept.sum())

    return over_waves(people, one, YEAR - 1)


def leave_incidence(people: People) -> float:
    """Return the number of burn-out leaves that begin per employee and year."""
    away, here = people["status"] == ON_LEAVE, employed(people)
    begins = away[:, 1:] & ~away[:, :-1] & here[:, 1:]
    return ratio(YEAR * begins.sum(), here[:, 1:].sum())


def leave_again(people: People) -> float:
    """Return the share of returns from burn-out that are followed by another leave.

    Within two years, of people who are still there then or who fell ill again.
    """
    away, generation = people["status"] == ON_LEAVE, people["generation"]
    again = total = 0
    for seat, w in np.argwhere(away[:, :-1] & ~away[:, 1:]):
        span = slice(w + 1, w + 1 + 2 * YEAR)
        own = generation[seat, span] == generation[seat, w]
        ill = bool((away[seat, span] & own).any())
        if ill or (own.size == 2 * YEAR and own[-1]):
            again, total = again + ill, total + 1
    return ratio(again, total)


def support_motivation_teams(people: People) -> float:
    """Return r of mean support with mean motivation over teams of three and more."""

    def one(w: int) -> float:
        kept = at_work(people, w, w)
        _, team = np.unique(teams_of(people, w)[kept], return_inverse=True)
        size = np.bincount(team)
        means = [
            np.bincount(team, people[name][kept, w]) / size
            for name in ("support", "motivation")
        ]
        return correlation(means[0][size > 2], means[1][size > 2])

    return over_waves(people, one)


def tenure_right(people: People) -> float:
    """Return r of tenure with the share of own items that makers are right about."""

    def one(w: int) -> float:
        kept = at_work(people, w, w) & people.maker
        right, wrong = people["right"][:, w], people["wrong"][:, w]
        items = right + wrong + people["unknown"][:, w]
        kept &= items > 0
        return correlation(people["tenure"][kept, w], right[kept] / items[kept])

    return over_waves(people, one)


def _complaints_after(people: People, before: bool) -> float:
    """Return the share with complaints a year after having them, or not, `before`."""
    over = complains(people)
    counts = np.zeros(2)
    for w in waves(people, 0, YEAR):
        kept = same(people, w, w + YEAR) & (over[:, w] == before)
        counts += over[kept, w + YEAR].sum(), kept.sum()
    return ratio(*counts)


def complaints_stay(people: People) -> float:
    """Return the share of people with complaints who have them a year later too."""
    return _complaints_after(people, True)


def complaints_new(people: People) -> float:
    """Return the share of people without complaints who have them a year later."""
    return _complaints_after(people, False)


def score_skewness(people: People) -> float:
    """Return the skewness of the score over employees."""

    def one(w: int) -> float:
        kept = employed(people)[:, w]
        return float(skew(people["score"][kept, w])) if kept.sum() > 2 else np.nan

    return over_waves(people, one)


def leaders_complaints(people: People) -> float:
    """Return the share of leaders with complaints over that of the others (a ratio)."""
    over, here = complains(people), employed(people)
    leads = (people.role == "leader")[:, None] & here
    return ratio(
        ratio(over[leads].sum(), leads.sum()),
        ratio(over[here & ~leads].sum(), (here & ~leads).sum()),
    )


def span_support(people: People) -> float:
    """Return r of the span of one's leader (people led) with one's support."""

    def one(w: int) -> float:
        kept = at_work(people, w - QUARTER + 1, w) & (people["leader"][:, w] >= 0)
        own = people.organisation * 100_000 + people["leader"][:, w]
        _, line = np.unique(own[kept], return_inverse=True)
        span = np.bincount(line)[line].astype(float)
        return correlation(span, people["support"][kept, w])

    return over_waves(people, one, QUARTER - 1)


def honeymoon(people: People) -> float:
    """Return the fall of newcomers' motivation in a year, in standard deviations (d).

    From a week in the first quarter of tenure to a year later, of the same people at
    work; the standard deviation is that of motivation over all people and weeks.
    """
    falls = []
    tenure = people["tenure"]
    for w in range(0, people.size[1] - YEAR, QUARTER):
        new = employed(people)[:, w] & (tenure[:, w] < NEW) & same(people, w, w + YEAR)
        new &= (people["status"][:, [w, w + YEAR]] == WORKING).all(1)
        first = people["motivation"][new, w]
        falls.extend(first - people["motivation"][new, w + YEAR])
    here = employed(people) & (people["status"] == WORKING)
    spread = people["motivation"][here].std() if here.any() else 0.0
    return ratio(float(np.mean(falls)), float(spread)) if falls else np.nan


def leaving_spreads(people: People) -> float:
    """Return the ratio of leaving in teams after somebody left to leaving in others.

    Leaving is the share of people who give notice in a quarter; in the numerator of
    those in whose team somebody did so in the quarter before, who do not count
    themselves. Over teams of three and more.
    """
    gone = (people["leaving"] > 0) & employed(people)
    started = gone & (np.diff(gone, axis=1, prepend=False) > 0)
    counts = np.zeros((2, 2))
    for w in range(QUARTER, people.size[1] - QUARTER, QUARTER):
        before = started[:, w - QUARTER : w].any(1)
        _, team = np.unique(teams_of(people, w), return_inverse=True)
        left = np.bincount(team, before)[team] > 0
        large = np.bincount(team)[team] > 2
        kept = employed(people)[:, w] & ~gone[:, w] & ~before & large
        then = started[:, w : w + QUARTER].any(1)
        for row, group in enumerate((kept & left, kept & ~left)):
            counts[row] += then[group].sum(), group.sum()
    return ratio(ratio(*counts[0]), ratio(*counts[1]))


MEASURES: dict[str, Callable[[People], float]] = {
    **{name: partial(together, x=x, y=y) for name, (x, y) in CORRELATES.items()},
    **{name: partial(with_leaving, field=field) for name, field in LEAVERS.items()},
    **{name: partial(lasting, field=field) for name, field in LASTING.items()},
    **{
        measure.__name__: measure
        for measure in (
            performance_lasting,
            performance_lasting_falls,
            performance_spread,
            performance_likeness,
            absence_lasting,
            absence_concentrated,
            absence_score,
            complaints_stay,
            complaints_new,
            score_skewness,
            leaders_complaints,
            span_support,
            honeymoon,
            leaving_spreads,
            absence_none,
            leave_incidence,
            leave_again,
            support_motivation_teams,
            tenure_right,
        )
    },
}
"""These measures, by the name under which `patterns.toml` calls them."""
