"""Common parts of panel measures: who is asked, when, and statistics of two columns.

Everything is measured as in a survey: among employees (no externals) who hold their
seat at the time, in yearly waves. A value that nobody can give is nan.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from experiments.science.evidence.people import People
from simulation.state import VACANT, WORKING

YEAR = 52
QUARTER = 13


def employed(people: People) -> np.ndarray:
    """Return who is employed when, bool (P, W): no externals, no empty seats."""
    return (people["status"] != VACANT) & (people["external"] == 0)


def waves(people: People, before: int = 0, after: int = 0) -> range:
    """Return the weeks of yearly waves that have `before` and `after` weeks around."""
    return range(before, people.size[1] - after, YEAR)


def over_waves(
    people: People, one: Callable[[int], float], before: int = 0, after: int = 0
) -> float:
    """Return the mean of `one(week)` over yearly waves, ignoring nan."""
    return mean_known(one(w) for w in waves(people, before, after))


def mean_known(values: Iterable[float]) -> float:
    """Return the mean of the finite values, nan if there are none.

    >>> mean_known([1.0, np.nan, 2.0])
    1.5
    """
    known = [x for x in values if np.isfinite(x)]
    return float(np.mean(known)) if known else np.nan


def same(people: People, first: int, last: int) -> np.ndarray:
    """Return whose seat holds the same employed person in both weeks, (P,)."""
    here = employed(people)
    stayed = people["generation"][:, first] == people["generation"][:, last]
    return here[:, first] & here[:, last] & stayed


def at_work(people: People, first: int, last: int) -> np.ndarray:
    """Return who is the same employed person, at work from `first` to `last`, (P,)."""
    working = (people["status"][:, first : last + 1] == WORKING).all(1)
    return same(people, first, last) & working


def quarter(people: People, field: str, w: int) -> np.ndarray:
    """Return the mean of a field over the quarter up to week `w`, (P,)."""
    return people[field][:, w - QUARTER + 1 : w + 1].mean(1)


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Return Pearson's r; nan below three pairs or if either does not vary."""
    if len(x) < 3 or not (x.std() > 0 and y.std() > 0):
        return np.nan
    return float(np.corrcoef(x, y)[0, 1])


def slopes(y: np.ndarray, columns: Sequence[np.ndarray]) -> np.ndarray:
    """Return least-squares slopes of y on columns, with an intercept; nan if few."""
    matrix = np.column_stack([np.ones(len(y)), *columns])
    if len(y) <= matrix.shape[1] or not np.isfinite(matrix).all():
        return np.full(len(columns), np.nan)
    return np.linalg.lstsq(matrix, y, rcond=None)[0][1:]


def ratio(top: float, bottom: float) -> float:
    """Return top over bottom; nan if bottom is not above 0 or either is unknown."""
    return float(top / bottom) if bottom > 0 else np.nan
