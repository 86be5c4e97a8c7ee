"""What one simulated world leaves."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Run:
    """One simulated world: its weekly records and those of its probe, if one was run.

    In the probe a quarter of the wishes flips at `shock_week`; until then it is the
    same run. `panel[weeks, n]` are records of people week by week, where asked for.
    """

    series: np.ndarray
    probe: np.ndarray | None
    shock_week: int | None
    panel: np.ndarray | None = None
