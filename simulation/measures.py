"""How each outcome is measured on weekly records.

`outcomes.py` defines the outcomes; this module measures them. Weekly records are
structured float64 arrays with the fields `SERIES_COLUMNS`, from week 0 on, of shape
(weeks,) for one replicate or (replicates, weeks) for many. If only some fields are
needed, they may come as a mapping from field to array.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from simulation.outcomes import (
    HEADLINES,
    OUTCOMES,
    SERIES_COLUMNS,
    SERIES_RECORD,
    Outcome,
    find,
    shown,
)

__all__ = [
    "HEADLINES",
    "LAST_WEEKS",
    "OUTCOMES",
    "SERIES_COLUMNS",
    "SERIES_RECORD",
    "Outcome",
    "change_censored",
    "cumulative_margin",
    "dip_depth",
    "find",
    "half_life_at_change",
    "payback_weeks",
    "recovery_censored",
    "recovery_half_life",
    "shown",
    "summarise",
    "weekly",
]

WEEKS_A_YEAR = 52
LAST_WEEKS = 26
"""Weeks over which outcomes marked `_last` are summarised."""

Series = np.ndarray | Mapping[str, np.ndarray]
"""Weekly records, or a mapping with some of their fields."""

PROBE_FIELDS = ("shocked_wrong",)
"""Fields of a probe that summaries read."""
FIELDS = tuple(
    dict.fromkeys(
        [
            *("shocked_wrong", "corrections", "corruptions", "stock_start"),
            *(
                name.removeprefix("-")
                for outcome in OUTCOMES.values()
                for name in (*outcome.numerator, *outcome.denominator)
            ),
        ]
    )
)
"""Fields of a series that summaries read."""
MONEY_FIELDS = tuple(name.removeprefix("-") for name in OUTCOMES["margin"].numerator)
"""Fields of a baseline that summaries read."""


def weekly(series: Series, outcome_id: str) -> np.ndarray:
    """Return the weekly values of an outcome.

    The result has the shape of `series`, (weeks,) or (replicates, weeks), and is nan
    where the denominator is 0. Raises KeyError, with the nearest name, for an unknown
    id.
    """
    outcome = find(outcome_id)
    top = _trail(_total(series, outcome.numerator), outcome.trailing)
    if not outcome.denominator:
        return top
    return _ratio(top, _trail(_total(series, outcome.denominator), outcome.trailing))


def summarise(
    series: Series,
    probe: Series | None = None,
    outcomes: Iterable[str] | None = None,
    *,
    baseline: Series | None = None,
    shock_week: int | None = None,
    change_week: int = 0,
) -> dict[str, float]:
    """Return one number per outcome: id -> float, or (replicates,) for many.

    `probe` is the paired run with a market shock at `shock_week` (default: the first
    week in which the two runs differ). `baseline` is the paired run with which money is
    compared from `change_week` on. If a series that a summary needs is not given, the
    summary is nan, so that tables keep their shape. `outcomes` are the ids to return,
    in that order; if None, all, in the order of the registry.
    """
    pair = _Pair(probe, baseline, shock_week, change_week)
    ids = tuple(OUTCOMES) if outcomes is None else tuple(outcomes)
    found = {name: find(name) for name in ids}
    return {
        name: _plain(_SUMMARIES[outcome.summary](series, outcome, pair))
        for name, outcome in found.items()
    }


def recovery_half_life(series: Series, probe: Series, shock_week: int) -> np.ndarray:
    """Return the weeks until half of the extra wrong beliefs after a shock are right.

    `probe` is a paired run of the same replicates in which a quarter of the wishes
    flips at `shock_week`. Counted in both runs are wrong beliefs about the choices that
    flip and about which executors were right just before (`shocked_wrong`), as flips
    also make some wrong beliefs right. The extra stock e(t) = probe.shocked_wrong -
    series.shocked_wrong is read at the end of week t. Time counts from the end of the
    shock week, where e = e0, so that what is learned in that week is not credited. The
    half-life is the first time, interpolated linearly, at which e(t) <= e0 / 2. If that
    is not reached before the end, the result is censored: it is the number of weeks
    observed after the shock, a lower bound (`recovery_censored` tells which). It is nan
    if e0 <= 0, as the shock left nothing to recover from.
    """
    extra = _extra_stock(series, probe, shock_week)
    return _half_life(extra)


def recovery_censored(series: Series, probe: Series, shock_week: int) -> np.ndarray:
    """Return whether each recovery half-life is a lower bound; False where nan."""
    extra = _extra_stock(series, probe, shock_week)
    reached = (extra <= extra[..., :1] / 2).any(-1)
    return (extra[..., 0] > 0) & ~reached


def half_life_at_change(series: Series, change_week: int = 0) -> np.ndarray:
    """Return the weeks until half of what was wrong at the change is set right.

    Market moves and newcomers add to the stock of wrong beliefs, so its size does not
    show how long a wrong belief lasts. Each week people's own updates set a share
    (corrections - corruptions) / stock_start right. The share of the stock of
    `change_week` that survives is the product of one minus these shares (Kaplan &
    Meier, 1958); this assumes that old and new wrong beliefs are found equally fast.
    The half-life is the first time, interpolated linearly, at which half survives. It
    is censored at the end of the series (the weeks observed are returned), and nan if
    nothing was wrong.
    """
    return _half_life(_survival(series, change_week))


def change_censored(series: Series, change_week: int = 0) -> np.ndarray:
    """Return whether each half-life at the change is a lower bound."""
    survival = _survival(series, change_week)
    return (survival[..., 0] > 0) & ~(survival <= 0.5).any(-1)


def cumulative_margin(
    series: Series, baseline: Series, change_week: int = 0
) -> np.ndarray:
    """Return margin summed from `change_week` on, minus that of the paired baseline.

    In euros, of shape (..., weeks - change_week). The cost of the change is part of
    cost.
    """
    weeks = min(_shape(series)[-1], _shape(baseline)[-1])
    _check("change_week", change_week, weeks)
    ahead = weekly(series, "margin")[..., :weeks]
    ahead = ahead - weekly(baseline, "margin")[..., :weeks]
    return ahead[..., change_week:].cumsum(-1)


def dip_depth(series: Series, baseline: Series, change_week: int = 0) -> np.ndarray:
    """Return how far, in euros >= 0, cumulative margin falls below the baseline's."""
    ahead = cumulative_margin(series, baseline, change_week)
    return np.maximum(0.0, -ahead.min(-1))


def payback_weeks(series: Series, baseline: Series, change_week: int = 0) -> np.ndarray:
    """Return the weeks until the cumulative margin is back at the baseline's for good.

    Counted from the change, and interpolated linearly in the last week below. It is 0
    if the margin never falls below. If it is still below at the end, the result is the
    number of weeks observed, a lower bound.
    """
    ahead = cumulative_margin(series, baseline, change_week)
    start = np.zeros((*ahead.shape[:-1], 1))
    ahead = np.concatenate((start, ahead), -1)
    last = ahead.shape[-1] - 1
    below = ahead < 0
    week = np.where(below.any(-1), last - below[..., ::-1].argmax(-1), 0)
    step = _pick(ahead, np.minimum(week + 1, last)) - _pick(ahead, week)
    part = _ratio(-_pick(ahead, week), step)
    return np.where(week == 0, 0.0, np.where(week == last, last, week + part))


@dataclass(frozen=True)
class _Pair:
    """What summaries of two series need besides the series itself."""

    probe: Series | None
    baseline: Series | None
    shock_week: int | None
    change_week: int

    def week_of_shock(self, series: Series) -> int | None:
        if self.shock_week is not None or self.probe is None:
            return self.shock_week
        weeks = min(_shape(series)[-1], _shape(self.probe)[-1])
        there = _column(self.probe, "shocked_wrong")[..., :weeks]
        differs = there != _column(series, "shocked_wrong")[..., :weeks]
        differs = differs.reshape(-1, weeks).any(0)
        return int(differs.argmax()) if differs.any() else None


def _check(name: str, week: int, weeks: int) -> None:
    if not 0 <= week < weeks:
        raise ValueError(f"{name} is {week}; allowed: 0 to {weeks - 1}")


def _shape(series: Series) -> tuple[int, ...]:
    """Return the shape of a series, (weeks,) or (replicates, weeks)."""
    if isinstance(series, np.ndarray):
        return series.shape
    return np.shape(next(iter(series.values())))


def _column(series: Series, name: str) -> np.ndarray:
    return np.asarray(series[name], np.float64)


def _total(series: Series, columns: tuple[str, ...]) -> np.ndarray:
    parts = [
        -_column(series, name[1:]) if name.startswith("-") else _column(series, name)
        for name in columns
    ]
    return sum(parts[1:], parts[0])


def _trail(values: np.ndarray, weeks: int) -> np.ndarray:
    if weeks == 1:
        return values
    total = values.cumsum(-1)
    total[..., weeks:] -= total[..., :-weeks].copy()
    return total


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """Return top / bottom, nan where bottom is 0."""
    top, bottom = np.broadcast_arrays(top, bottom)
    return np.divide(top, bottom, np.full(top.shape, np.nan), where=bottom != 0)


def _mean(values: np.ndarray) -> np.ndarray:
    """Return the mean over weeks, missing ones left out; nan if all are missing."""
    there = np.isfinite(values)
    return _ratio(np.where(there, values, 0.0).sum(-1), there.sum(-1))


def _pick(values: np.ndarray, week: np.ndarray) -> np.ndarray:
    return np.take_along_axis(values, np.asarray(week)[..., None], -1)[..., 0]


def _half_life(left: np.ndarray) -> np.ndarray:
    """Return the time at which `left`, (..., weeks + 1), falls to half its first value.

    It is the first such time, interpolated linearly; the last week if there is none;
    nan if the first value is not above 0.
    """
    half = left[..., 0] / 2
    below = left <= half[..., None]
    last = left.shape[-1] - 1
    week = np.where(below.any(-1), below.argmax(-1), last)
    before = _pick(left, np.maximum(week - 1, 0))
    part = _ratio(before - half, before - _pick(left, week))
    crossed = np.where(below.any(-1), week - 1 + part, last)
    return np.where(left[..., 0] > 0, crossed, np.nan)


def _extra_stock(series: Series, probe: Series, shock_week: int) -> np.ndarray:
    weeks = min(_shape(series)[-1], _shape(probe)[-1])
    _check("shock_week", shock_week, weeks)
    there = _column(probe, "shocked_wrong")[..., shock_week:weeks]
    return there - _column(series, "shocked_wrong")[..., shock_week:weeks]


def _survival(series: Series, change_week: int) -> np.ndarray:
    own = _column(series, "corrections") - _column(series, "corruptions")
    stock = _column(series, "stock_start")
    _check("change_week", change_week, stock.shape[-1])
    share = np.nan_to_num(_ratio(own, stock))[..., change_week:]
    start = np.where(stock[..., change_week, None] > 0, 1.0, np.nan)
    left = np.maximum(0.0, 1.0 - share).cumprod(-1)
    return np.concatenate((start, start * left), -1)


def _over(series, outcome: Outcome, first: int | None) -> np.ndarray:
    """Return numerator over denominator (or over weeks), both summed from `first`."""
    top = _total(series, outcome.numerator)[..., first:]
    if not outcome.denominator:
        return _mean(top)
    return _ratio(top.sum(-1), _total(series, outcome.denominator)[..., first:].sum(-1))


def _missing(series: Series) -> np.ndarray:
    return np.full(_shape(series)[:-1], np.nan)


def _recovery(series, outcome: Outcome, pair: _Pair) -> np.ndarray:
    week = pair.week_of_shock(series)
    if pair.probe is None or week is None:
        return _missing(series)
    return recovery_half_life(series, pair.probe, week)


def _against_baseline(measure):
    def measured(series, outcome: Outcome, pair: _Pair) -> np.ndarray:
        if pair.baseline is None:
            return _missing(series)
        return measure(series, pair.baseline, pair.change_week)

    return measured


_SUMMARIES = {
    "ratio_last": lambda s, o, _: _over(s, o, -LAST_WEEKS),
    "ratio_all": lambda s, o, _: _over(s, o, None),
    "mean_last": lambda s, o, _: _mean(weekly(s, o.id)[..., -LAST_WEEKS:]),
    "mean_all": lambda s, o, _: _mean(weekly(s, o.id)),
    "total": lambda s, o, _: _total(s, o.numerator).sum(-1),
    "per_year": lambda s, o, _: WEEKS_A_YEAR * _over(s, o, None),
    "half_life_recovery": _recovery,
    "half_life_change": lambda s, o, pair: half_life_at_change(s, pair.change_week),
    "dip": _against_baseline(dip_depth),
    "payback": _against_baseline(payback_weeks),
}
"""Functions that turn a series into one number, by their name in `outcomes.toml`."""


def _plain(value: np.ndarray):
    return float(value) if np.ndim(value) == 0 else value
