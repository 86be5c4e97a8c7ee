"""Which cells of the data may be shown: none that tell fewer than five people apart.

Weeks with nobody are hidden too, or they would tell when one of a few was away.
"""

import numpy as np

from experiments.fit.own_data.columns import COLUMNS, Column
from experiments.fit.own_data.data import Data
from experiments.statistics.small_groups import LEAST
from simulation.organisation import draw_chart
from simulation.scenario import ResolvedScenario

ROUNDING = 0.5
"""Shares are rounded, so heads that follow from them are whole within this."""


def shown_values(data: Data, scenario: ResolvedScenario) -> np.ndarray:
    """Return the cells of data as they may be shown, (columns, weeks).

    Nan are cells about health that count fewer than five people, or all but fewer than
    five. Shares are turned into people by the head count of the organisation.
    """
    rows = []
    for name, values in data.values.items():
        column = COLUMNS[name]
        if not column.personal:
            rows.append(values)
            continue
        heads = _heads(column, scenario)
        people = values * heads if column.denominator else values
        few = _is_few(people) | _is_few(heads - people)
        rows.append(np.where(few, np.nan, values))
    return np.stack(rows)


def _heads(column: Column, scenario: ResolvedScenario) -> int:
    """Return how many people of the organisation a column is about."""
    seats = [seat for seat in draw_chart(scenario).seats if seat.role != "external"]
    makers = "makers" in column.denominator
    return sum(seat.maker for seat in seats) if makers else len(seats)


def _is_few(people: np.ndarray) -> np.ndarray:
    return people < LEAST - ROUNDING
