"""Statistics of people that published patterns are about, measured on a panel.

All are read off as a survey would: from the questionnaire score, from employees (no
externals) who hold their seat at the time, on a wave in mid-panel or over all weeks.
Each takes `People` and returns a number, nan where there is nobody to measure.
"""

from collections.abc import Callable, Mapping

import numpy as np

from experiments.evidence.people import People
from simulation.state import ON_LEAVE, VACANT, WORKING
from simulation.tables import PARAMETERS

YEAR = 52
QUARTER = 13
WEEK_DAYS = 7
HIGH_PRESSURE, LOW_CONTROL = 0.40, 0.45
"""Shares of people in the groups that CBS (2012) compares."""
RAMPED = 0.925
"""Output of a newcomer, of peers', that counts as ramped up (90-95 %)."""
CAN_NAME = 3
"""Priorities that those who know the strategy can name (Sull et al. 2018)."""
NEW_WEEKS = 104

Measure = Callable[[People], float]


def employed(people: People) -> np.ndarray:
    """Return who is employed in which week, (P, W): no externals, no empty seats."""
    return (people["status"] != VACANT) & (people["external"] == 0)


def middle(people: People) -> int:
    """Return the week of the wave in mid-panel."""
    return people.size[1] // 2


def same(people: People, first: int, last: int) -> np.ndarray:
    """Return who is employed at both waves and is the same person."""
    here = employed(people)
    stayed = people["generation"][:, first] == people["generation"][:, last]
    return here[:, first] & here[:, last] & stayed


def at_work(people: People, first: int, last: int) -> np.ndarray:
    """Return who is the same employed person and at work from `first` to `last`."""
    working = (people["status"][:, first : last + 1] == WORKING).all(1)
    return same(people, first, last) & working


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Return Pearson's r; nan where either does not vary."""
    if len(x) < 3 or not (x.std() > 0 and y.std() > 0):
        return np.nan
    return float(np.corrcoef(x, y)[0, 1])


def _ratio(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom else np.nan


def complains(people: People) -> np.ndarray:
    """Return whose score is above the threshold of complaints, (P, W)."""
    return people["score"] > PARAMETERS["complaints_above"].value


def complaints(people: People) -> float:
    """Return the share of employees with burn-out complaints, mean of yearly waves."""
    waves = range(middle(people) % YEAR, people.size[1], YEAR)
    here, over = employed(people), complains(people)
    return float(np.mean([over[here[:, w], w].mean() for w in waves]))


def complaints_ratio(people: People, group: np.ndarray) -> float:
    """Return complaints within a group of employees over those of the rest."""
    w = middle(people)
    here, over = employed(people)[:, w], complains(people)[:, w]
    return _ratio(over[here & group].mean(), over[here & ~group].mean())


def pressure_ratio(people: People) -> float:
    """Return complaints at high over lower experienced work pressure (CBS 2012)."""
    w = middle(people)
    felt, here = people["demands"][:, w], employed(people)[:, w]
    return complaints_ratio(people, felt >= np.quantile(felt[here], 1 - HIGH_PRESSURE))


def control_ratio(people: People) -> float:
    """Return complaints at low over higher control of one's own work (CBS 2012)."""
    w = middle(people)
    felt, here = people["control"][:, w], employed(people)[:, w]
    return complaints_ratio(people, felt <= np.quantile(felt[here], LOW_CONTROL))


def retest(people: People, lag: int = QUARTER) -> float:
    """Return the correlation of the score with that `lag` weeks later."""
    found = []
    for w in range(0, people.size[1] - lag, QUARTER):
        kept, score = same(people, w, w + lag), people["score"]
        found.append(correlation(score[kept, w], score[kept, w + lag]))
    return float(np.mean(found)) if found else np.nan


def performance(people: People, w: int) -> np.ndarray:
    """Return the mean performance of each person over the quarter up to week `w`."""
    return people["performance"][:, w - QUARTER + 1 : w + 1].mean(1)


def strain_performance(people: People) -> float:
    """Return r of the score with performance over the quarter before."""
    w = middle(people)
    kept = at_work(people, w - QUARTER + 1, w)
    return correlation(people["score"][kept, w], performance(people, w)[kept])


def leaving(people: People) -> float:
    """Return voluntary leavers a year, of employees in marketing and communication."""
    here = employed(people) & people.maker[:, None]
    return _ratio(YEAR * (people["leaving"] * here).sum(), here.sum())


def leaves_within(people: People, w: int, weeks: int = YEAR) -> np.ndarray:
    """Return who of each seat's people at week `w` gives notice within `weeks`."""
    span = slice(w, w + weeks)
    own = people["generation"][:, span] == people["generation"][:, w, None]
    return ((people["leaving"][:, span] > 0) & own).any(1)


def strain_leaving(people: People) -> float:
    """Return r of the score with leaving within the year after."""
    waves = range(0, people.size[1] - YEAR, YEAR)
    found = []
    for w in waves:
        here = employed(people)[:, w] & (people["leaving"][:, w] == 0)
        gone = leaves_within(people, w + 1)
        found.append(correlation(people["score"][here, w], gone[here].astype(float)))
    return float(np.mean(found)) if found else np.nan


def spells(people: People) -> list[int]:
    """Return the lengths in weeks of burn-out leaves that began and ended in sight."""
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
    """Return the mean calendar days of a burn-out leave (of those seen whole)."""
    lengths = spells(people)
    return WEEK_DAYS * float(np.mean(lengths)) if lengths else np.nan


def ramp_weeks(people: People) -> float:
    """Return the tenure in weeks at which output reaches that of settled peers."""
    working = employed(people) & (people["status"] == WORKING)
    settled = working & (people["tenure"] > NEW_WEEKS)
    aim = RAMPED * people["productivity"][settled].mean()
    for tenure in range(1, YEAR):
        new = working & (people["tenure"] == tenure)
        if new.any() and people["productivity"][new].mean() >= aim:
            return float(tenure)
    return float(YEAR)


def pursued(people: People) -> float:
    """Return the share of marketing's leads that sales pursue, without partnership."""
    apart = [k for k, row in enumerate(people.levers) if not _partners(row)]
    series = people.series[apart]
    return _ratio(series["leads_pursued"].sum(), series["leads_handed"].sum())


def _partners(levers: Mapping[str, str]) -> bool:
    return levers["sales_partnership"] == "partners"


def absent_satisfaction(people: People) -> float:
    """Return r of absent leadership (against the others) with motivation."""
    w = middle(people)
    kept = at_work(people, w - QUARTER + 1, w) & (people["leader"][:, w] >= 0)
    absent = people.with_setting("steering", "absent")
    return correlation(absent[kept].astype(float), people["motivation"][kept, w])


def absent_performance(people: People) -> float:
    """Return r of absent leadership (against the others) with performance."""
    w = middle(people)
    kept = at_work(people, w - QUARTER + 1, w) & (people["leader"][:, w] >= 0)
    absent = people.with_setting("steering", "absent")
    return correlation(absent[kept].astype(float), performance(people, w)[kept])


def absent_mediated(people: People) -> float:
    """Return the share of absence's effect on strain through clarity and overload.

    1 - b / b0: b0 is the slope of the score on absence, b the same with clarity and
    pressure of work in the regression (Baron & Kenny 1986).
    """
    w = middle(people)
    kept = at_work(people, w - QUARTER + 1, w) & (people["leader"][:, w] >= 0)
    absent = people.with_setting("steering", "absent")[kept].astype(float)
    score = people["score"][kept, w]
    through = [people[name][kept, w] for name in ("clarity", "pressure")]
    total = slopes(score, [absent])[0]
    return 1 - _ratio(slopes(score, [absent, *through])[0], total)


def slopes(y: np.ndarray, columns: list[np.ndarray]) -> np.ndarray:
    """Return least-squares slopes of y on columns, besides an intercept."""
    matrix = np.column_stack([np.ones(len(y)), *columns])
    return np.linalg.lstsq(matrix, y, rcond=None)[0][1:]


def _detail(people: People, y: np.ndarray, w: int) -> float:
    """Return r of close control, against direction, with y, of those with a leader."""
    kept = at_work(people, w - QUARTER + 1, w) & (people["leader"][:, w] >= 0)
    kept &= ~people.with_setting("steering", "absent")
    close = people.with_setting("steering", "detail")
    return correlation(close[kept].astype(float), y[kept])


def detail_strain(people: People) -> float:
    """Return r of close control with the score (Siegel 2022)."""
    w = middle(people)
    return _detail(people, people["score"][:, w], w)


def detail_performance(people: People) -> float:
    """Return r of close control with performance (Ravid 2023)."""
    w = middle(people)
    return _detail(people, performance(people, w), w)


def stability_one_year(people: People) -> float:
    """Return the correlation of the score with that a year later."""
    return retest(people, YEAR)


def stability_two_years(people: People) -> float:
    """Return the correlation of the score with that two years later."""
    return retest(people, 2 * YEAR)


def cross_lagged(people: People, cause: str, effect: str, lag: int = YEAR) -> float:
    """Return the standardised slope of `effect` on `cause` a lag before.

    With `effect` at that time in the regression, as in a two-wave panel.
    """
    w = middle(people) - lag // 2
    kept = same(people, w, w + lag)
    kept &= (people["status"][:, [w, w + lag]] == WORKING).all(1)
    first = [_standard(people[name][kept, w]) for name in (cause, effect)]
    return float(slopes(_standard(people[effect][kept, w + lag]), first)[0])


def _standard(x: np.ndarray) -> np.ndarray:
    return (x - x.mean()) / x.std()


def stress_to_strain(people: People) -> float:
    """Return the yearly cross-lagged effect of demands on the score."""
    return cross_lagged(people, "demands", "score")


def strain_to_stress(people: People) -> float:
    """Return the yearly cross-lagged effect of the score on demands."""
    return cross_lagged(people, "score", "demands")


def likeness(people: People, field: str = "score") -> float:
    """Return ICC(1): how alike members of a team are (Bliese 2000)."""
    w = middle(people)
    kept = employed(people)[:, w]
    teams = people.organisation[kept] * 10_000 + people["team"][kept, w]
    return icc(people[field][kept, w], teams)


def icc(values: np.ndarray, groups: np.ndarray) -> float:
    """Return the intraclass correlation ICC(1) of a one-way analysis of variance."""
    _, group = np.unique(groups, return_inverse=True)
    n = np.bincount(group)
    k, total = len(n), len(values)
    means = np.bincount(group, values) / n
    between = (n * (means - values.mean()) ** 2).sum() / (k - 1)
    within = ((values - means[group]) ** 2).sum() / (total - k)
    size = (total - (n**2).sum() / total) / (k - 1)
    return float((between - within) / (between + (size - 1) * within))


def likeness_of_support(people: People) -> float:
    """Return ICC(1) of support within teams."""
    return likeness(people, "support")


def leaving_by_tenure(people: People) -> float:
    """Return the rate of leaving in the first two years over that after."""
    here, gone = employed(people), people["leaving"] > 0
    new = people["tenure"] < NEW_WEEKS
    young = _ratio(gone[here & new].sum(), (here & new).sum())
    return _ratio(young, _ratio(gone[here & ~new].sum(), (here & ~new).sum()))


def on_leave(people: People) -> float:
    """Return the share of employees on burn-out leave."""
    return _ratio(
        (people["status"] == ON_LEAVE)[employed(people)].sum(), employed(people).sum()
    )


def can_name(people: People) -> float:
    """Return the share of leaders who can name three of the top's priorities."""
    w = middle(people)
    kept = employed(people)[:, w] & (people.role == "leader")
    kept &= people["leader"][:, w] >= 0
    return float((people["named"][kept, w] >= CAN_NAME).mean())


def answered_within_hour(people: People) -> float:
    """Return the share of marketing's leads that sales answer within an hour."""
    handed = people.series["leads_handed"].sum()
    return _ratio(people["leads_within_hour"].sum(), handed)


def never_answered(people: People) -> float:
    """Return the share of marketing's leads that sales never answer."""
    series = people.series
    return 1 - _ratio(series["leads_answered"].sum(), series["leads_handed"].sum())


def answer_hours(people: People) -> float:
    """Return the mean hours until a lead is answered, of those that are."""
    return _ratio(people["answer_hours"].sum(), people["leads_answered"].sum())


def primary_duties(people: People) -> float:
    """Return the share of makers' hours on deliverables and items."""
    here = people.maker[:, None] & employed(people) & (people["status"] == WORKING)
    primary = people["hours_routine"] + people["hours_items"]
    return _ratio(primary[here].sum(), people["hours_total"][here].sum())


def job_features(people: People) -> float:
    """Return the share of the score's variance that demands, control, support tell."""
    w = middle(people)
    kept = at_work(people, w, w)
    y = people["score"][kept, w]
    names = ("demands", "control", "support", "clarity", "conflict")
    columns = [people[name][kept, w] for name in names]
    matrix = np.column_stack([np.ones(len(y)), *columns])
    left = y - matrix @ np.linalg.lstsq(matrix, y, rcond=None)[0]
    return float(1 - left.var() / y.var())


def demands_control(people: People) -> float:
    """Return r of demands with control."""
    w = middle(people)
    kept = at_work(people, w, w)
    return correlation(people["demands"][kept, w], people["control"][kept, w])


def learning_curve(people: People) -> float:
    """Return the fall of cost per output for each doubling of a newcomer's weeks.

    1 - 2^b, b the slope of log cost on log tenure over the first half year.
    """
    working = employed(people) & (people["status"] == WORKING)
    tenures = np.arange(1, YEAR // 2 + 1)
    means = [people["productivity"][working & (people["tenure"] == t)] for t in tenures]
    seen = [k for k, values in enumerate(means) if len(values)]
    cost = [-np.log(means[k].mean()) for k in seen]
    slope = slopes(np.array(cost), [np.log(tenures[seen])])[0]
    return float(1 - 2.0**slope)


MEASURES: Mapping[str, Measure] = {
    measure.__name__: measure
    for measure in (
        complaints,
        pressure_ratio,
        control_ratio,
        retest,
        strain_performance,
        leaving,
        strain_leaving,
        leave_days,
        ramp_weeks,
        pursued,
        absent_satisfaction,
        absent_performance,
        absent_mediated,
        detail_strain,
        detail_performance,
        stability_one_year,
        stability_two_years,
        stress_to_strain,
        strain_to_stress,
        likeness,
        likeness_of_support,
        leaving_by_tenure,
        on_leave,
        can_name,
        answered_within_hour,
        never_answered,
        answer_hours,
        primary_duties,
        job_features,
        demands_control,
        learning_curve,
    )
}
"""Measures of a panel, by the name under which `patterns.toml` calls them."""
