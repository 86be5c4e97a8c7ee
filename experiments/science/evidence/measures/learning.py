"""Learning: newcomers, costs that fall with practice, and what colleagues pass on."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from experiments.science.evidence.measures.panel import (
    YEAR,
    correlation,
    employed,
    over_waves,
    ratio,
    same,
)
from experiments.science.evidence.measures.teams import teams_of
from experiments.science.evidence.people import People
from simulation.state import WORKING

RAMPED = 0.90
"""Output of a newcomer, of peers', that counts as ramped up."""
SETTLED = 2 * YEAR
MONTH = 4
PRACTICE = 2 * YEAR
"""Weeks of a newcomer over which costs are followed."""


def ramp_weeks(people: People) -> float:
    """Return the tenure in weeks at which output reaches 90 % of settled peers'.

    Newcomers are pooled, over a month around each week; at most a year.
    """
    working = employed(people) & (people["status"] == WORKING)
    settled = working & (people["tenure"] > SETTLED)
    if not settled.any():
        return np.nan
    aim = RAMPED * people["productivity"][settled].mean()
    new = working & (people["tenure"] < YEAR + MONTH)
    tenure = people["tenure"][new].astype(int)
    counts = np.bincount(tenure, minlength=YEAR + MONTH)
    totals = np.bincount(tenure, people["productivity"][new], YEAR + MONTH)
    for week in range(1, YEAR):
        near = slice(max(1, week - MONTH // 2), week + MONTH // 2 + 1)
        if counts[near].sum() and totals[near].sum() >= aim * counts[near].sum():
            return float(week)
    return float(YEAR)


def newcomers(people: People) -> Iterator[tuple[int, int, int]]:
    """Yield seat, first week and end week (exclusive) of people who joined in view.

    They are employees who do not lead, followed for two years at most.
    """
    here = employed(people) & (people.role != "leader")[:, None]
    for seat in np.flatnonzero(here.any(1)):
        generation = people["generation"][seat]
        starts = [*(np.flatnonzero(np.diff(generation)) + 1), len(generation)]
        for start, end in pairwise(starts):
            weeks = start + np.flatnonzero(here[seat, start:end])
            if len(weeks):
                first = int(weeks[0])
                yield int(seat), first, min(int(weeks[-1]) + 1, first + PRACTICE)


def cost_per_doubling(people: People) -> float:
    """Return the factor on hours per deliverable with each doubling of own work.

    It is e^b, with b the slope, within persons and by month, of log cost on the base-2
    log of all that a newcomer has delivered (Dutton & Thomas 1984).
    """
    xs, ys = [], []
    hours = people["hours_routine"] + people["hours_over"]
    for seat, first, last in newcomers(people):
        months = (last - first) // MONTH
        span = slice(first, first + months * MONTH)
        done = people["deliverables"][seat, span].reshape(-1, MONTH).sum(1)
        cost = hours[seat, span].reshape(-1, MONTH).sum(1)
        before = np.cumsum(done) - done / 2
        seen = (done > 0) & (cost > 0)
        if seen.sum() > 2:
            x, y = np.log2(before[seen]), np.log(cost[seen] / done[seen])
            xs.append(x - x.mean())
            ys.append(y - y.mean())
    if not xs:
        return np.nan
    x, y = np.concatenate(xs), np.concatenate(ys)
    spread = float((x * x).sum())
    return float(np.exp((x * y).sum() / spread)) if spread > 0 else np.nan


def _taken_over(people: People, w: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what each seat took over from colleagues in the year up to `w`.

    In beliefs a week, with a mask of the makers who were there at both ends of it.
    """
    kept = same(people, w - YEAR + 1, w) & people.maker
    return people["taken_over"][:, w - YEAR + 1 : w + 1].mean(1), kept


def breadth_taken_over(people: People) -> float:
    """Return r of breadth within people with what they take over from colleagues.

    Makers with a broad profile are compared with those with one speciality (Bunderson &
    Sutcliffe 2002).
    """
    broad = people.with_setting("profiles", "t_shaped").astype(float)

    def one(w: int) -> float:
        taken, kept = _taken_over(people, w)
        return correlation(broad[kept], taken[kept])

    return over_waves(people, one, YEAR - 1)


def diversity_taken_over(people: People) -> float:
    """Return r of the diversity of specialists in a team with what is taken over.

    Diversity is Blau's: the probability that two makers of the team differ in domain.
    Over teams of three and more in organisations of specialists.
    """
    specialists = people.with_setting("profiles", "specialist")

    def one(w: int) -> float:
        taken, kept = _taken_over(people, w)
        kept &= specialists
        _, team = np.unique(teams_of(people, w)[kept], return_inverse=True)
        size = np.bincount(team)
        domain = people["domain"][kept, w].astype(int)
        shares = np.zeros((len(size), domain.max(initial=0) + 1))
        np.add.at(shares, (team, domain), 1.0)
        blau = 1 - ((shares / size[:, None]) ** 2).sum(1)
        means = np.bincount(team, taken[kept]) / size
        return correlation(blau[size >= 3], means[size >= 3])

    return over_waves(people, one, YEAR - 1)


def errors_of_experience(people: People) -> float:
    """Return the wrong share of beliefs after four years over that of newcomers.

    Beliefs of makers on their own items; newcomers have less than half a year of
    tenure.
    """
    kept = employed(people) & people.maker[:, None]
    shares = []
    for first, last in ((4 * YEAR, None), (0, YEAR // 2)):
        there = kept & (people["tenure"] >= first)
        if last is not None:
            there &= people["tenure"] < last
        wrong, right = people["wrong"][there].sum(), people["right"][there].sum()
        shares.append(ratio(wrong, wrong + right))
    return ratio(*shares)
