"""The page docs/outcomes.md, made from the registry of outcomes."""

from experiments.science.tables_page import markdown
from simulation.outcomes import OUTCOMES, Outcome

HEAD = """\
# Outcomes: what is measured, and how

A weekly value is the sum of the columns of the numerator over that of the denominator,
each summed over the trailing weeks named; a minus subtracts. Columns are those of the
weekly record ([ODD, 7.10](ODD.md#710-observe-the-weekly-record)). Where the
denominator is 0 the value is missing. *Matters from* is the smallest difference that
matters, in that unit and in the authors' judgement; percentages are shares of 1 in the
columns.

This page is made from `simulation/outcomes.toml` by `python -m documents`.
"""

SUMMARIES = """\
## How a series of weeks becomes one number

Weeks count from the switch to the scenario on.

- `ratio_last`, `ratio_all`: numerator over denominator, both summed over the last 26
  weeks, or over all weeks; without a denominator the mean of the numerator.
- `mean_last`, `mean_all`: the mean of the weekly values that are not missing.
- `total`: the sum over all weeks. `per_year`: 52 times `ratio_all`.
- `half_life_recovery`: weeks until half of what a market shock set wrong is set right.
  In a second run of the same world `shock_share` of all wishes flip in the shock week
  (52). In both runs those choices are marked that flip there and about which the
  executor was right. e(t) is `shocked_wrong` with the shock minus that without it, at
  the end of t weeks after the shock week. The half-life is the first t, interpolated
  linearly, with e(t) <= e(0) / 2. Where that does not come it is a lower bound: the
  weeks observed. Missing where e(0) <= 0.
- `half_life_change`: weeks until half of what was wrong at the change is set right.
  Each week a share (`corrections` - `corruptions`) / `stock_start` of it is; what is
  left is the product of one minus these shares, none below 0 (Kaplan & Meier 1958).
  The first time at which half is left, as above.
- `dip`: how far, in euros, margin summed from the change on falls below that of the
  paired run without the change, at the deepest.
- `payback`: weeks from the change until that sum is back at 0 for good, interpolated
  linearly; 0 where it never falls below, the weeks observed where it still is below.
"""


def page() -> str:
    """Return the page of outcomes as Markdown."""
    head = ("outcome", "unit", "good", "numerator", "denominator", "summary")
    rows = [_row(outcome) for outcome in OUTCOMES.values()]
    table = markdown((*head, "matters from", "what it is"), rows)
    return f"{HEAD}\n## Outcomes\n\n{table}\n{SUMMARIES}"


def _row(outcome: Outcome) -> list[str]:
    trailing = f" (trailing {outcome.trailing} weeks)" if outcome.trailing > 1 else ""
    headline = " **headline**" if outcome.headline else ""
    scale = 100 if outcome.display == "percent" else 1
    return [
        f"`{outcome.id}`{headline}",
        outcome.unit["en"],
        outcome.good,
        _columns(outcome.numerator) + trailing,
        _columns(outcome.denominator),
        f"`{outcome.summary}`",
        f"{scale * outcome.smallest_difference:g}",
        outcome.explanation["en"],
    ]


def _columns(names: tuple[str, ...]) -> str:
    """Return columns with their signs, for a cell."""
    parts = [f"- `{n[1:]}`" if n.startswith("-") else f"+ `{n}`" for n in names]
    return " ".join(parts).removeprefix("+ ")
