"""When the market shifts, and times to relearn of runs that end too soon after it.

Where less than half is relearned when the run ends, the time is censored: it is the
number of weeks observed after the shift, a lower bound
(`simulation.measures.recovery_half_life`). Its world is called unended here.
"""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from experiments.words import numerals, phrases
from simulation.outcomes import OUTCOMES

PROBE_WEEK = 52
"""Week of the standard shock in the probe run; half the horizon in shorter runs."""
FEW, MANY = 0.1, 0.5
"""Shares of worlds that may end before half is relearned: without a word about it, as
they move the mean by less than what matters, and with a time to relearn at all."""
TIMES = tuple(x for x, one in OUTCOMES.items() if one.summary == "half_life_recovery")
"""Outcomes that need a second run, in which the market shifts."""


def probe_week_of(weeks: int) -> int | None:
    """Return the week of the shock in runs of `weeks` weeks; None in a run of one."""
    return min(PROBE_WEEK, weeks // 2) or None


def share_unended(table: pd.DataFrame, observed: int | None) -> float:
    """Return the share of worlds that are unended, 0 to 1: the largest of a scenario.

    `table` has a row for each scenario and replicate, and outcomes as columns;
    `observed` is the number of weeks after the market shift. 0 where it is None (no
    shift).
    """
    if observed is None:
        return 0.0
    unended = table[TIMES[0]] >= observed
    return float(unended.groupby(level="scenario").mean().max())


def without_unended(table: pd.DataFrame, observed: int | None) -> pd.DataFrame:
    """Return `table` with times to relearn of nan where `known_times` gives nan."""
    if share_unended(table, observed) < MANY:
        return table
    by_scenario = table[list(TIMES)].groupby(level="scenario")
    return table.assign(**by_scenario.transform(known_times, observed))


def known_times(times: ArrayLike, observed: int | None) -> np.ndarray:
    """Return a scenario's times in weeks; all nan if half or more are unended."""
    times = np.asarray(times, float)
    if observed is None or (times >= observed).mean() < MANY:
        return times
    return np.full(times.shape, np.nan)


def remarks_on(share: float, observed: int | None, language: str) -> list[str]:
    """Return a remark on a share of unended worlds; none up to `FEW`."""
    if share <= FEW or observed is None:
        return []
    key = "not_relearned" if share < MANY else "relearning_unknown"
    shown = {
        "share": numerals.percent(share, language),
        "weeks": phrases.number(observed, language),
    }
    return [phrases.say(key, language, **shown)]


def short_runs(weeks: int | None, language: str) -> list[str]:
    """Return a remark on times to relearn in runs of `weeks`; none if long enough.

    Runs are long enough from twice `PROBE_WEEK` weeks on.
    """
    if weeks is None or not 1 < weeks < 2 * PROBE_WEEK:
        return []
    observed = weeks - (probe_week_of(weeks) or 0) - 1
    shown = {"runs": weeks, "weeks": observed}
    return [phrases.say("short_runs", language, **shown)]
