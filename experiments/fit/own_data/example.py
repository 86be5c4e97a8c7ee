"""Example data of a simulated organisation, so that the truth is known.

`python -m experiments.fit.own_data.example` writes both files again, with the same
bytes.
"""

import csv
from pathlib import Path

import numpy as np

from experiments.fit.own_data.columns import COLUMNS
from experiments.fit.own_data.prior import Value, prior_of
from experiments.fit.own_data.worlds import placed
from simulation.scenario import read
from simulation.scenario_places import SHIPPED

EXAMPLE = SHIPPED / "example_data.csv"
TRUTH = SHIPPED / "example_truth.csv"
EXAMPLES = ("example", "example_data")
"""What the shipped file may be called, from anywhere."""
SCENARIO = "baseline"
SEED = 20260302
REPLICATE = 1_000_001
WEEKS = 104
NAMES = (
    "leads",
    "accepted_leads",
    "won_deals",
    "revenue",
    "head_count",
    "leavers",
    "sick_people",
    "burnout_share",
    "decision_weeks",
)
SURVEY_WEEKS = tuple(range(6, WEEKS, 26))
CLOSED_WEEKS = (21, 22, 73, 74)
"""Weeks that nobody wrote down, as in holidays."""
DIGITS = {"revenue": 0, "burnout_share": 3, "decision_weeks": 1}


def truth() -> dict[str, Value]:
    """Return the true values of the example's unknowns: the first draw of its seed."""
    prior = prior_of(read(SCENARIO), NAMES)
    return prior.named(prior.draw(1, SEED))[0]


def rows() -> list[list[str]]:
    """Return the lines of the example, the header first."""
    from simulation.ensemble import simulate

    scenario = placed(read(SCENARIO), truth())
    series = simulate(scenario, SEED, REPLICATE, probe_week=None).series[:WEEKS]
    values = {name: COLUMNS[name].of(series) for name in NAMES}
    open_weeks = [week for week in range(WEEKS) if week not in CLOSED_WEEKS]
    lines = [
        [str(w + 1), *(_cell(n, values[n][w], w) for n in NAMES)] for w in open_weeks
    ]
    return [["week", *NAMES], *lines]


def _cell(name: str, value: float, week: int) -> str:
    is_asked = name != "burnout_share" or week in SURVEY_WEEKS
    return f"{value:.{DIGITS.get(name, 0)}f}" if is_asked and np.isfinite(value) else ""


def write(folder: Path) -> None:
    """Write the data and their truth into `folder`."""
    _write(folder / EXAMPLE.name, rows())
    values = [[name, f"{float(value):.6g}"] for name, value in truth().items()]
    _write(folder / TRUTH.name, [["unknown", "value"], *values])


def _write(path: Path, lines: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


if __name__ == "__main__":
    write(SHIPPED)
