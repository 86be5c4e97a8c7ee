"""Burn-out complaints: how many, whose, how lasting, and their correlates."""

import numpy as np

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
    slopes,
    waves,
)
from experiments.science.evidence.people import People
from simulation.state import ON_LEAVE, WORKING
from simulation.tables import PARAMETERS

HIGH_PRESSURE, LOW_CONTROL, LOW_SUPPORT = 0.40, 0.45, 0.10
"""Shares of people in the groups that surveys compare (CBS 2012)."""
LAGS = (QUARTER, YEAR, 2 * YEAR, 5 * YEAR)
"""Weeks between two questionnaires: 3, 12, 24 and 60 months."""
WEEK_DAYS = 7


def complains(people: People) -> np.ndarray:
    """Return whose score is above the threshold for complaints, bool (P, W)."""
    return people["score"] > PARAMETERS["complaints_above"].value


def complaints(people: People) -> float:
    """Return the share of employees with burn-out complaints, mean of yearly waves."""
    here, over = employed(people), complains(people)
    return over_waves(people, lambda w: _mean(over[here[:, w], w]))


def complaints_trend(people: People) -> float:
    """Return the yearly change of the share with complaints, over quarterly waves."""
    weeks = np.arange(0, people.size[1], QUARTER)
    here, over = employed(people), complains(people)
    shares = np.array([_mean(over[here[:, w], w]) for w in weeks])
    return float(slopes(shares, [weeks / YEAR])[0])


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else np.nan


def complaints_ratio(people: People, felt: np.ndarray, share: float) -> float:
    """Return the complaints of people low on `felt`, (P, W), over the others'.

    The low group is the lowest `share` of those at work. Yearly waves are pooled.
    """
    counts = np.zeros((2, 2))
    over = complains(people)
    for w in waves(people, QUARTER - 1):
        kept = employed(people)[:, w] & (people["status"][:, w] == WORKING)
        if kept.any():
            low = felt[:, w] <= np.quantile(felt[kept, w], share)
            for row, group in enumerate((kept & low, kept & ~low)):
                counts[row] += over[group, w].sum(), group.sum()
    (low_over, low_all), (high_over, high_all) = counts
    return ratio(ratio(low_over, low_all), ratio(high_over, high_all))


def pressure_ratio(people: People) -> float:
    """Return complaints at high over lower work pressure in the last quarter."""
    felt = _trailing(people["pressure"])
    return ratio(1.0, complaints_ratio(people, felt, 1 - HIGH_PRESSURE))


def demands_ratio(people: People) -> float:
    """Return complaints at high over lower demands, which include pressure."""
    return ratio(1.0, complaints_ratio(people, people["demands"], 1 - HIGH_PRESSURE))


def control_ratio(people: People) -> float:
    """Return complaints at low over higher control of one's own work (CBS 2012)."""
    return complaints_ratio(people, people["control"], LOW_CONTROL)


def support_ratio(people: People) -> float:
    """Return complaints of the tenth with least support over those of the others."""
    return complaints_ratio(people, people["support"], LOW_SUPPORT)


def _trailing(x: np.ndarray) -> np.ndarray:
    """Return the mean over each week and the twelve before it, as far as they exist."""
    total = np.cumsum(np.pad(x, ((0, 0), (1, 0))), axis=1)
    weeks = np.arange(x.shape[1])
    first = np.maximum(0, weeks - QUARTER + 1)
    return (total[:, weeks + 1] - total[:, first]) / (weeks + 1 - first)


def retest(people: People, lag: int) -> float:
    """Return the correlation of the score with the score `lag` weeks later."""
    found = []
    for w in range(0, people.size[1] - lag, QUARTER):
        kept, score = same(people, w, w + lag), people["score"]
        found.append(correlation(score[kept, w], score[kept, w + lag]))
    return mean_known(found)


def retest_quarter(people: People) -> float:
    """Return the correlation of the score with the score three months later."""
    return retest(people, LAGS[0])


def retest_year(people: People) -> float:
    """Return the correlation of the score with the score a year later."""
    return retest(people, LAGS[1])


def retest_two_years(people: People) -> float:
    """Return the correlation of the score with the score two years later."""
    return retest(people, LAGS[2])


def retest_five_years(people: People) -> float:
    """Return the correlation of the score with the score five years later."""
    return retest(people, LAGS[3])


def retest_falls(people: People) -> float:
    """Return the smallest fall of the retest correlation from one lag to the next."""
    found = np.array([retest(people, lag) for lag in LAGS])
    return float((found[:-1] - found[1:]).min())


def strain_performance(people: People) -> float:
    """Return r of the score with performance over the quarter before."""

    def one(w: int) -> float:
        kept = at_work(people, w - QUARTER + 1, w)
        done = quarter(people, "performance", w)
        return correlation(people["score"][kept, w], done[kept])

    return over_waves(people, one, QUARTER - 1)


def cross_lagged(people: People, cause: str, effect: str, lag: int = YEAR) -> float:
    """Return the standardised slope of `effect` on `cause` `lag` weeks earlier.

    The regression includes `effect` at the earlier time, as in a two-wave panel. Mean
    over yearly waves.
    """

    def one(w: int) -> float:
        kept = same(people, w, w + lag)
        kept &= (people["status"][:, [w, w + lag]] == WORKING).all(1)
        first = [_standard(people[name][kept, w]) for name in (cause, effect)]
        return float(slopes(_standard(people[effect][kept, w + lag]), first)[0])

    return over_waves(people, one, 0, lag)


def _standard(x: np.ndarray) -> np.ndarray:
    return (x - x.mean()) / x.std() if len(x) and x.std() > 0 else np.full(len(x), 0.0)


def stress_to_strain(people: People) -> float:
    """Return the yearly cross-lagged effect of demands on the score."""
    return cross_lagged(people, "demands", "score")


def strain_to_stress(people: People) -> float:
    """Return the yearly cross-lagged effect of the score on demands."""
    return cross_lagged(people, "score", "demands")


def strain_comes_first(people: People) -> float:
    """Return the yearly effect of strain on stress minus that of stress on strain."""
    return strain_to_stress(people) - stress_to_strain(people)


def sick_time(people: People, first: int, last: int) -> np.ndarray:
    """Return the share of time from `first` to `last` that each person was ill, (P,).

    Mean over weeks of hours of illness over contract hours; a week of leave counts as
    1.
    """
    span = slice(first, last + 1)
    away = people["status"][:, span] == ON_LEAVE
    contract = np.where(away, 1.0, np.maximum(people["hours_contract"][:, span], 1e-9))
    return np.where(away, 1.0, people["hours_sick"][:, span] / contract).mean(1)


def sick_ratio(people: People) -> float:
    """Return time ill in the last year of people with complaints over the others'."""
    totals = np.zeros((2, 2))
    for w in waves(people, YEAR - 1):
        kept = same(people, w - YEAR + 1, w)
        ill, over = sick_time(people, w - YEAR + 1, w), complains(people)[:, w]
        for row, group in enumerate((kept & over, kept & ~over)):
            totals[row] += ill[group].sum(), group.sum()
    return ratio(ratio(*totals[0]), ratio(*totals[1]))


def spells(people: People) -> list[int]:
    """Return the lengths, in weeks, of burn-out leaves that began and ended in view."""
    away = people["status"] == ON_LEAVE
    found = []
    for row in away[away.any(1)]:
        edges = np.flatnonzero(np.diff(row.astype(int)))
        starts = [e for e in edges if not row[e]]
        ends = [e for e in edges if row[e]]
        if ends and starts and ends[0] < starts[0]:
            ends = ends[1:]
        found += [int(b - a) for a, b in zip(starts, ends, strict=False)]
    return found


def leave_days(people: People) -> float:
    """Return the mean calendar days of burn-out leaves that are completely in view."""
    lengths = spells(people)
    return WEEK_DAYS * float(np.mean(lengths)) if lengths else np.nan


def on_leave(people: People) -> float:
    """Return the share of employees on burn-out leave."""
    here = employed(people)
    return ratio((people["status"] == ON_LEAVE)[here].sum(), here.sum())


def job_features(people: People) -> float:
    """Return R^2 of the score on demands, control, support, clarity and conflict."""
    names = ("demands", "control", "support", "clarity", "conflict")

    def one(w: int) -> float:
        kept = at_work(people, w, w)
        y = people["score"][kept, w]
        columns = [people[name][kept, w] for name in names]
        matrix = np.column_stack([np.ones(len(y)), *columns])
        left = y - matrix @ np.linalg.lstsq(matrix, y, rcond=None)[0]
        return 1 - ratio(left.var(), y.var())

    return over_waves(people, one)


def demands_control(people: People) -> float:
    """Return r of demands with control."""

    def one(w: int) -> float:
        kept = at_work(people, w, w)
        return correlation(people["demands"][kept, w], people["control"][kept, w])

    return over_waves(people, one)
