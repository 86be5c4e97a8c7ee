"""Leaving: how many leave, after how long, and whether the exhausted leave."""

from itertools import pairwise

import numpy as np
from scipy.stats import norm

from experiments.science.evidence.measures.panel import (
    YEAR,
    employed,
    mean_known,
    ratio,
    waves,
)
from experiments.science.evidence.people import People

NEW_WEEKS = 2 * YEAR
TENURES = 5
"""Years of tenure over which leaving is to fall, one by one."""


def leaving(people: People) -> float:
    """Return voluntary leavers a year, as a share of makers employed.

    Makers are the employees in marketing and communication.
    """
    here = employed(people) & people.maker[:, None]
    return ratio(YEAR * (people["leaving"] * here).sum(), here.sum())


def leaves_within(people: People, w: int, weeks: int = YEAR) -> np.ndarray:
    """Return, by seat, whether its person at week `w` gives notice within `weeks`."""
    span = slice(w, w + weeks)
    own = people["generation"][:, span] == people["generation"][:, w, None]
    return ((people["leaving"][:, span] > 0) & own).any(1)


def biserial(x: np.ndarray, event: np.ndarray) -> float:
    """Return the biserial r of x with a normal variable behind an event (Pearson 1909).

    It is the point-biserial r times the root of p (1 - p) over the normal density at
    the threshold. A rare event lowers the point-biserial r but not this one.
    """
    p = float(event.mean()) if len(event) else 0.0
    if not 0 < p < 1 or not x.std() > 0:
        return np.nan
    apart = x[event].mean() - x[~event].mean()
    return float(apart / x.std() * p * (1 - p) / norm.pdf(norm.ppf(p)))


def strain_leaving(people: People) -> float:
    """Return the biserial r of the score with leaving within the next year."""
    found = []
    for w in waves(people, 0, YEAR):
        here = employed(people)[:, w] & (people["leaving"][:, w] == 0)
        gone = leaves_within(people, w + 1)
        found.append(biserial(people["score"][here, w], gone[here]))
    return mean_known(found)


def _rate(people: People, of: np.ndarray) -> float:
    """Return leavers a week in the person-weeks `of`, bool (P, W)."""
    kept = employed(people) & of
    return ratio(((people["leaving"] > 0) & kept).sum(), kept.sum())


def leaving_by_tenure(people: People) -> float:
    """Return the rate of leaving in the first two years over the rate after them."""
    new = people["tenure"] < NEW_WEEKS
    return ratio(_rate(people, new), _rate(people, ~new))


def _falls(people: People) -> np.ndarray:
    """Return the rate of leaving in each year of tenure over the next year's rate."""
    year = people["tenure"] // YEAR
    rates = [_rate(people, year == k) for k in range(TENURES)]
    return np.array([ratio(a, b) for a, b in pairwise(rates)])


def leaving_falls(people: People) -> float:
    """Return the smallest of the four ratios of leaving between years of tenure."""
    return float(_falls(people).min())


def leaving_step(people: People) -> float:
    """Return the largest of the four ratios of leaving between years of tenure."""
    return float(_falls(people).max())
