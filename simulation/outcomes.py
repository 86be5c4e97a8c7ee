"""The outcome registry, read from `outcomes.toml`, and the fields of weekly records.

Weekly records are structured float64 arrays with the fields `SERIES_COLUMNS`, of
shape (weeks,) for one replicate or (replicates, weeks) for many, from week 0 on.
All code that prints, plots or exports outcomes reads `OUTCOMES`.
"""

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

_COLUMNS = """
week prospects leads_handed leads_fitting leads_accepted leads_pursued leads_answered
leads_won inbound_won revenue cost brand budget brand_consistency market_fit bundle_fit
items stock_wrong shocked_wrong stock_start corrections corruptions strategy_right
strategy_known makers makers_complaints makers_score makers_on_leave employees
employees_complaints employees_score employees_on_leave exhausted_exits ownership
ownership_spread motivation motivation_spread clarity clarity_spread safety
safety_spread control demands support territory exhaustion fatigue hours_worked
hours_initiative hours_side hours_rework hours_duplicate hours_meeting hours_overtime
hours_testing initiative_items decisions decision_weeks decision_weeks_p90 waiting_items
hours_sick leader_hours leader_review_hours leavers joiners seats kept_beliefs
lost_beliefs change_reached change_cost
"""
SERIES_COLUMNS = tuple(_COLUMNS.split())
"""Fields of a weekly record, in order."""

SERIES_RECORD = np.dtype([(name, np.float64) for name in SERIES_COLUMNS])

LANGUAGES = ("en", "nl")
DISPLAYS = ("percent", "number", "euros", "weeks", "score")
GOOD = ("higher", "lower", "neutral")
SUMMARIES = (
    "ratio_last",
    "ratio_all",
    "mean_last",
    "mean_all",
    "total",
    "per_year",
    "half_life_recovery",
    "half_life_change",
    "dip",
    "payback",
)
NEEDS = {"half_life_recovery": "probe", "dip": "baseline", "payback": "baseline"}
TEXTS = ("label", "in_sentence", "explanation", "unit", "reason")
REQUIRED = (
    *TEXTS,
    "group",
    "display",
    "good",
    "smallest_difference",
    "weekly",
    "summary",
)


@dataclass(frozen=True)
class Outcome:
    """One outcome: what it is, how it is shown and how it is measured.

    Texts are mappings from language (`en`, `nl`) to words; `in_sentence` is the name
    in a sentence, with a verb in the plural in the languages `plural`. Values are in
    the outcome's own unit: shares from 0 to 1 if `display` is `percent`.
    `smallest_difference` is on the same scale. A weekly value is sum(numerator) /
    sum(denominator) over the `trailing` weeks up to that week; columns that start with
    a minus are subtracted; `weekly_label` is its name. `repeats` names the outcome that
    has the same summary, so that tables need not show both. `needs` is `probe` or
    `baseline` if the summary is defined on two paired series, else empty.
    """

    id: str
    group: str
    label: Mapping[str, str]
    in_sentence: Mapping[str, str]
    explanation: Mapping[str, str]
    unit: Mapping[str, str]
    unit_one: Mapping[str, str]
    display: str
    good: str
    smallest_difference: float
    reason: Mapping[str, str]
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    trailing: int
    weekly_label: Mapping[str, str]
    weekly_unit: Mapping[str, str]
    weekly_display: str
    summary: str
    headline: bool
    always_with: tuple[str, ...]
    repeats: str | None
    plural: tuple[str, ...]

    @property
    def needs(self) -> str:
        """The paired series the summary needs: `probe`, `baseline` or "" (none)."""
        return NEEDS.get(self.summary, "")


def find(outcome_id: str) -> Outcome:
    """Return the outcome with this id; KeyError with the nearest ids if unknown."""
    if outcome_id in OUTCOMES:
        return OUTCOMES[outcome_id]
    near = difflib.get_close_matches(outcome_id, OUTCOMES, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise KeyError(f"unknown outcome {outcome_id!r}{hint}")


def _outcome(name: str, row: dict) -> Outcome:
    measured = row["weekly"]
    texts = {key: MappingProxyType(row[key]) for key in TEXTS}
    return Outcome(
        id=name,
        group=row["group"],
        **texts,
        unit_one=MappingProxyType(row.get("unit_one", row["unit"])),
        display=row["display"],
        good=row["good"],
        smallest_difference=float(row["smallest_difference"]),
        numerator=tuple(measured["numerator"]),
        denominator=tuple(measured.get("denominator", ())),
        trailing=int(measured.get("trailing", 1)),
        weekly_label=MappingProxyType(row.get("weekly_label", row["label"])),
        weekly_unit=MappingProxyType(row.get("weekly_unit", row["unit"])),
        weekly_display=row.get("weekly_display", row["display"]),
        summary=row["summary"],
        headline=bool(row.get("headline", False)),
        always_with=tuple(row.get("always_with", ())),
        repeats=row.get("repeats"),
        plural=tuple(row.get("plural", ())),
    )


def read_outcomes(rows: dict) -> Mapping[str, Outcome]:
    """Return outcomes from the rows of a registry, in order.

    Raises one ValueError that lists every mistake.
    """
    mistakes = [text for name, row in rows.items() for text in _mistakes(name, row)]
    mistakes += [
        f"{name}: unknown outcome {other!r}"
        for name, row in rows.items()
        for other in [*row.get("always_with", ()), row.get("repeats", name)]
        if other not in rows
    ]
    if mistakes:
        raise ValueError("outcome registry:\n  " + "\n  ".join(mistakes))
    return MappingProxyType({name: _outcome(name, row) for name, row in rows.items()})


def _mistakes(name: str, row: dict) -> list[str]:
    missing = [key for key in REQUIRED if key not in row]
    if missing:
        return [f"{name}: without {', '.join(missing)}"]
    allowed = {"display": DISPLAYS, "good": GOOD, "summary": SUMMARIES}
    found = [
        f"{name}.{key}: {row[key]!r} is not one of {', '.join(values)}"
        for key, values in allowed.items()
        if row[key] not in values
    ]
    found += [
        f"{name}.plural: {language!r} is not one of {', '.join(LANGUAGES)}"
        for language in row.get("plural", ())
        if language not in LANGUAGES
    ]
    found += [
        f"{name}.{key}: without {language}"
        for key in TEXTS
        for language in LANGUAGES
        if not row[key].get(language)
    ]
    return found + [
        f"{name}.weekly: unknown column {column!r}"
        for part in ("numerator", "denominator")
        for column in row["weekly"].get(part, ())
        if column.removeprefix("-") not in SERIES_COLUMNS
    ]


OUTCOMES = read_outcomes(
    tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
)
"""Every outcome by its id, in the order in which they are shown."""

HEADLINES = tuple(name for name, outcome in OUTCOMES.items() if outcome.headline)
"""The outcomes that come first: lead quality, time to relearn and burnout."""


def shown(ids: Iterable[str]) -> tuple[str, ...]:
    """Return ids, each followed by those it is always shown with, without repeats.

    >>> shown(["lead_quality", "burnout"])
    ('lead_quality', 'fitting_leads', 'burnout')
    """
    pairs = ((name, *find(name).always_with) for name in ids)
    return tuple(dict.fromkeys(name for pair in pairs for name in pair))
