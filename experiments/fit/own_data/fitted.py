"""A complete fit: worlds, statistics, posterior and check."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.fit.own_data.checking import Check, beyond, check
from experiments.fit.own_data.columns import COLUMNS
from experiments.fit.own_data.data import FEW_WEEKS, FEWEST_WEEKS, Data
from experiments.fit.own_data.learning import FEWEST_DRAWS, LearnedRegression, learn
from experiments.fit.own_data.posterior import EDGES, Posterior, posterior, ranks
from experiments.fit.own_data.prior import Prior, Value, prior_of
from experiments.fit.own_data.privacy import shown_values
from experiments.fit.own_data.summaries import Statistic, summarise
from experiments.fit.own_data.worlds import worlds
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import check_fields, checks_numbers

NARROW = 0.8
"""A parameter counts as pinned down where its interval is at most so much of before."""
DIGITS = 6
MOST_WORLDS = 2**63


@dataclass(frozen=True)
class FitDesign:
    """How a scenario is fitted: draws of the prior, a seed, and the first weeks only.

    Without `weeks` all weeks of the data are fitted.
    """

    draws: int = 2000
    seed: int = 1
    weeks: int | None = None

    def __post_init__(self) -> None:
        check_fields(self)


USUAL = FitDesign()


@dataclass(frozen=True)
class Fit:
    """The results of a fit, with A worlds of the posterior over all weeks.

    `fitted` is the number of weeks that were fitted; later weeks were held out. `ranks`
    (tested, K) are those of known truths, see `posterior.ranks`. `predicted` (A,
    columns, weeks) has the columns of the data in the worlds of the posterior.
    """

    scenario: ResolvedScenario
    data: Data
    fitted: int
    prior: Prior
    design: FitDesign
    learned: LearnedRegression
    posterior: Posterior
    ranks: np.ndarray
    check: Check
    predicted: np.ndarray

    @property
    def pinned(self) -> np.ndarray:
        """Which unknowns the data pin down, (P,): surely told, and much narrower."""
        return self.learned.told & (self.posterior.width() <= NARROW)

    @cached_property
    def shown(self) -> np.ndarray:
        """The data as they may be shown, (columns, weeks): see `shown_values`."""
        return shown_values(self.data, self.scenario)

    @property
    def hidden(self) -> int:
        """How many cells are not shown."""
        return int((np.isfinite(self.data.table) & np.isnan(self.shown)).sum())

    @property
    def bands(self) -> tuple[np.ndarray, np.ndarray]:
        """Ends of the central 90 % of predicted values: two arrays (columns, weeks)."""
        low, high = np.nanquantile(self.predicted, EDGES, axis=0)
        return low, high

    def within(self, first: int, last: int) -> tuple[int, int]:
        """Return how many cells lie in the band, and how many there are.

        Of the weeks from `first` up to but not including `last`.
        """
        low, high = (x[:, first:last] for x in self.bands)
        cells = self.data.table[:, first:last]
        there = np.isfinite(cells)
        inside = there & (cells >= low) & (cells <= high)
        return int(inside.sum()), int(there.sum())

    @property
    def notes(self) -> tuple[str, ...]:
        """Weaknesses of the data, as keys of labels."""
        weeks = int((~self.data.missing[: self.fitted]).sum())
        return ("fit_few_weeks",) * (weeks < FEW_WEEKS)


@checks_numbers
def fit(
    data: Data,
    scenario: ResolvedScenario,
    folder: Path,
    design: FitDesign = USUAL,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Fit the unknowns of a scenario to data; worlds are cached in `folder`.

    The first week of the data is week 0 of the scenario. Statistics beyond all draws of
    the prior can't be fitted and are only reported. Raises `InputError` for too few
    draws or weeks, and for data out of reach of the scenario.
    """
    fitted, seed = _checked(data, design), design.seed
    scenario = replace(scenario, weeks=data.weeks)
    prior = prior_of(scenario, data.names)
    shares = prior.draw(design.draws, seed)
    columns = [list(COLUMNS).index(name) for name in data.names]
    lived = worlds(
        scenario, prior.named(shares), folder, "draws", seed, workers, progress
    )[:, columns]
    cells = np.isfinite(data.table)
    cells[:, fitted:] = False
    statistics, table = summarise(lived, cells, data.names)
    observed = summarise(data.table[None], cells, data.names)[1]
    statistics, table, observed = _varying(statistics, table, observed)
    use = ~beyond(observed[0], table)
    if not use.any():
        raise InputError(f"{data.file}: nothing in it is within reach of the scenario")
    learned = learn(shares, table[:, use], seed % 2**32)
    drawn = posterior(learned, learned.predict(observed[:, use])[0])
    again = worlds(
        scenario,
        prior.named(drawn.shares),
        folder,
        "predicted",
        (seed + 1) % MOST_WORLDS,
        workers,
        progress,
    )[:, columns]
    predicted = summarise(again, cells, data.names)
    places = [predicted[0].index(one) for one in statistics]
    checked = check(statistics, observed[0], predicted[1][:, places], table)
    return Fit(
        scenario,
        data,
        fitted,
        prior,
        design,
        learned,
        drawn,
        ranks(learned),
        checked,
        again,
    )


def _checked(data: Data, design: FitDesign) -> int:
    """Return the number of weeks to fit; raise InputError with all mistakes."""
    wrong = []
    if design.draws < FEWEST_DRAWS:
        wrong.append(f"draws: got {design.draws}; at least {FEWEST_DRAWS} are needed")
    fitted = data.weeks if design.weeks is None else design.weeks
    if not FEWEST_WEEKS <= fitted <= data.weeks:
        allowed = f"{FEWEST_WEEKS} to {data.weeks}, the weeks of {data.file}"
        wrong.append(f"weeks: got {fitted}; allowed {allowed}")
    elif int((~data.missing[:fitted]).sum()) < FEWEST_WEEKS:
        wrong.append(f"weeks: fewer than {FEWEST_WEEKS} of the {fitted} have any data")
    if wrong:
        raise InputError("\n".join(wrong))
    return fitted


def _varying(
    statistics: tuple[Statistic, ...], table: np.ndarray, observed: np.ndarray
) -> tuple[tuple[Statistic, ...], np.ndarray, np.ndarray]:
    """Leave out statistics that are undefined in the data or in all draws."""
    there = np.isfinite(observed[0]) & np.isfinite(table).any(0)
    chosen = tuple(one for one, good in zip(statistics, there, strict=True) if good)
    return chosen, table[:, there], observed[:, there]


def unknowns_table(fit: Fit) -> pd.DataFrame:
    """Return a row for each unknown: prior, posterior, and how much the data tell."""
    low, high = fit.posterior.interval()
    middle = np.median(fit.posterior.shares, axis=0)
    ends = [fit.prior.values(x) for x in (low, middle, high)]
    return pd.DataFrame(
        {
            "unknown": fit.prior.names,
            "prior_low": fit.prior.values(np.zeros(len(low))),
            "prior_high": fit.prior.values(np.ones(len(low))),
            "low": ends[0],
            "median": ends[1],
            "high": ends[2],
            "width_of_prior": fit.posterior.width(),
            "skill": fit.learned.skill,
            "told": fit.learned.told,
            "pinned_down": fit.pinned,
        }
    ).sort_values(["told", "skill"], ascending=False, kind="stable")


def draws_table(fit: Fit) -> pd.DataFrame:
    """Return the posterior as a table of draws for the `[unknown]` of a scenario."""
    rows = fit.prior.named(fit.posterior.shares)
    return pd.DataFrame([{n: _short(x) for n, x in row.items()} for row in rows])


def _short(value: Value) -> Value:
    return value if isinstance(value, str) else float(f"{value:.{DIGITS}g}")


def statistics_table(fit: Fit) -> pd.DataFrame:
    """Return a row for each statistic: the data among worlds of the posterior."""
    one = fit.check
    return pd.DataFrame(
        {
            "column": [x.column for x in one.statistics],
            "statistic": [x.kind for x in one.statistics],
            "data": one.observed,
            "low": one.low,
            "median": one.middle,
            "high": one.high,
            "share_below_data": one.position,
            "outside": one.out,
            "beyond_prior": one.beyond,
        }
    )


def weekly_table(fit: Fit) -> pd.DataFrame:
    """Return a row for each column and week: the data and the predictive band."""
    low, high = fit.bands
    middle = np.nanmedian(fit.predicted, axis=0)
    parts = []
    for k, name in enumerate(fit.data.names):
        part = {"week": range(fit.data.weeks), "data": fit.shown[k]}
        part |= {"low": low[k], "median": middle[k], "high": high[k]}
        parts.append(pd.DataFrame(part).assign(column=name))
    table = pd.concat(parts)
    table["fitted"] = table["week"] < fit.fitted
    return table[["column", "week", "data", "low", "median", "high", "fitted"]]
