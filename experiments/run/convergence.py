"""How precise a study is after more and more worlds, and when it is precise enough."""

import pandas as pd

from experiments.run.study import Precision
from experiments.run.study_plans import StudyPlan
from experiments.statistics import paired
from simulation.outcomes import HEADLINES

FIRST_LOOK = 10
"""Worlds before precision is judged."""
LOOK_AHEAD = 5
"""Worlds over which the precision must have held (Hoad, Robinson & Davies 2010)."""


def convergence_of(plan: StudyPlan, summaries: pd.DataFrame) -> pd.DataFrame:
    """Return paired differences from the base, and their precision, after n worlds.

    There is a row for each outcome with a precision (without one: each headline
    outcome), other scenario and number of worlds: columns scenario, outcome, worlds,
    difference, half_width and sd, in the outcome's unit. Half-widths are of intervals
    that hold simultaneously over all scenarios.
    """
    rows = []
    base, *others = (scenario.name for scenario in plan.scenarios)
    precision = plan.study.precision
    level = paired.level_together(len(others))
    names = precision.half_widths if precision else HEADLINES
    for outcome in names:
        start = summaries.loc[base, outcome].to_numpy()
        for other in others:
            apart = summaries.loc[other, outcome].to_numpy() - start
            for n in _looks(len(apart)):
                interval = paired.t_interval(apart[:n], level)
                rows.append(
                    {
                        "scenario": other,
                        "outcome": outcome,
                        "worlds": n,
                        "difference": interval.estimate,
                        "half_width": (interval.high - interval.low) / 2,
                        "sd": interval.sd,
                    }
                )
    columns = ["scenario", "outcome", "worlds", "difference", "half_width", "sd"]
    return pd.DataFrame(rows, columns=columns)


def _looks(worlds: int) -> list[int]:
    """Return the numbers of worlds at which to look: a few early ones and the last."""
    early = {int(FIRST_LOOK * 1.2**k) for k in range(60)}
    last = set(range(max(2, worlds - LOOK_AHEAD), worlds + 1))
    return sorted(n for n in early | last if 2 <= n <= worlds)


def reached_of(
    precision: Precision | None, convergence: pd.DataFrame
) -> dict[str, int] | None:
    """Return by outcome the number of worlds if its precision is reached, else 0.

    It must hold for every scenario, after the last world and those just before it
    (`LOOK_AHEAD`), and after at least `FIRST_LOOK` worlds. None without a precision or
    a difference.
    """
    if precision is None or convergence.empty:
        return None
    worlds = int(convergence["worlds"].max())
    reached = {}
    for outcome, width in precision.half_widths.items():
        rows = convergence[convergence["outcome"] == outcome]
        last = rows[rows["worlds"] >= max(2, worlds - LOOK_AHEAD)]
        known = last["half_width"].notna() & (last["half_width"] <= width)
        reached[outcome] = worlds if worlds >= FIRST_LOOK and known.all() else 0
    return reached


def needed_of(precision: Precision, convergence: pd.DataFrame) -> dict[str, int]:
    """Return by outcome how many worlds its precision would take.

    Outcomes without a known standard deviation are left out.
    """
    worlds = convergence["worlds"].max()
    last = convergence[convergence["worlds"] == worlds]
    level = paired.level_together(last["scenario"].nunique())
    needed = {}
    for outcome, width in precision.half_widths.items():
        sds = last.loc[last["outcome"] == outcome, "sd"].dropna()
        if len(sds):
            needed[outcome] = paired.replicates_needed(float(sds.max()), width, level)
    return needed
