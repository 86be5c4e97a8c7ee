"""The result of one simulated world."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Run:
    """One simulated world: its weekly records and those of its probe, if one was run.

    The probe is the same run until `shock_week`, when a quarter of the wishes flips.
    `panel[weeks, n]` are records of people week by week, if asked for.
    """

    series: np.ndarray
    probe: np.ndarray | None
    shock_week: int | None
    panel: np.ndarray | None = None
