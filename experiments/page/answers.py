"""Answers from the worlds of an as-is and a to-be: sentences, a table and bands.

The statistics are those of `experiments.compare.comparison`, so that the command line
gives the same answer for the same worlds.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.compare.comparison import SIDE, same_organisation
from experiments.compare.over_time import detour, on_the_way
from experiments.page.runs import PairedRuns
from experiments.statistics import paired
from experiments.statistics.intervals import Interval
from experiments.statistics.paired import outcome_band
from experiments.statistics.verdicts import clear_sign
from experiments.words import phrases
from experiments.words.numerals import percent, say
from experiments.words.outcome_text import label, pair_texts, weekly_title
from simulation.outcomes import HEADLINES, LANGUAGES, OUTCOMES, Outcome
from simulation.scenario import ResolvedScenario

SHOWN = tuple(name for name in OUTCOMES if name in (*HEADLINES, *SIDE))
"""Outcomes of the table, as `orgsim compare` shows them."""
SMOOTH_WEEKS = 4
"""Weeks up to each over which a mean is drawn, as in `experiments.compare.drawing`."""
SETTLED = 8
"""The week from which rates over a trailing span fill their axis: before it, few weeks
make wild numbers."""
FIGURES = 5
"""Figures of the numbers that are drawn."""


def compared(run: PairedRuns, worlds: int) -> dict[str, paired.PairedComparison]:
    """Return paired comparisons of to-be with as-is in the first worlds, by outcome."""
    values = run.values(worlds)
    found = {}
    for k, (name, outcome) in enumerate(OUTCOMES.items()):
        if name in SHOWN:
            pair = values[0, :, k], values[1, :, k]
            found[name] = paired.compare(*pair, outcome.good)
    return found


def answer_of(run: PairedRuns, worlds: int) -> dict[str, Any]:
    """Return the page's answer after this number of worlds, as plain JSON values."""
    found = compared(run, worlds)
    told = {x: found[x].difference for x in HEADLINES}
    over_time = run.over_time(worlds)
    return {
        "worlds": worlds,
        "sentence": {x: _sentences(run, told, over_time, x) for x in LANGUAGES},
        "note": {x: _note(told[HEADLINES[0]], run, x) for x in LANGUAGES},
        "table": [_row(OUTCOMES[name], found[name]) for name in SHOWN],
        "panels": _panels(over_time),
        "marks": list(_marks(run.scenarios[1])),
    }


def _sentences(
    run: PairedRuns, told: Mapping[str, Interval], over_time: np.ndarray, language: str
) -> str:
    """Return the answer, and sentences on outcomes that differ before the end."""
    answer = sentence(run.scenarios, told, language)
    found = [detour(*way) for way in zip(told, *over_time, strict=True)]
    return " ".join([answer, *(on_the_way(x, language) for x in found if x)])


def sentence(
    scenarios: tuple[ResolvedScenario, ResolvedScenario],
    told: Mapping[str, Interval],
    language: str,
) -> str:
    """Return the answer in one sentence, as in `Comparison.answer`."""
    base, other = scenarios
    titles = base.title[language], other.title[language]
    if same_organisation(other, base):
        key = "same_organisation"
        return phrases.say(key, language, scenario=titles[1], base=titles[0])
    return phrases.headline(titles[1], told, language, titles[0])


def _note(difference: Interval, run: PairedRuns, language: str) -> str:
    window = phrases.of_last_weeks(HEADLINES, run.scenarios[0].weeks, language)
    remarks = [*filter(None, [phrases.note(difference, language), window])]
    return " ".join([*remarks, *phrases.not_known(run.scenarios, language)])


def _row(outcome: Outcome, one: paired.PairedComparison) -> dict[str, Any]:
    judged = math.isfinite(one.share_better) and outcome.good != "neutral"
    texts = {x: pair_texts(one, outcome, x) for x in LANGUAGES}
    return {
        "outcome": outcome.id,
        "group": {x: say(f"group_{outcome.group}", x) for x in LANGUAGES},
        "label": {x: label(outcome, x) for x in LANGUAGES},
        "explanation": dict(outcome.explanation),
        "as_is": {x: texts[x].a for x in LANGUAGES},
        "to_be": {x: texts[x].b for x in LANGUAGES},
        "difference": {x: texts[x].difference for x in LANGUAGES},
        "better": {
            x: percent(one.share_better, x) if judged else "" for x in LANGUAGES
        },
        "side": _side(one.difference, outcome),
    }


def _side(difference: Interval, outcome: Outcome) -> str:
    """Return `good` or `bad` for a clear difference, else an empty text."""
    sign = clear_sign(difference, outcome.smallest_difference)
    if not sign or outcome.good == "neutral":
        return ""
    return "good" if sign == paired.good_sign(outcome.good) else "bad"


def _panels(over_time: np.ndarray) -> list[dict[str, Any]]:
    """Return bands of the headline outcomes by week: 10 %, mean and 90 % of worlds."""
    panels = []
    for k, name in enumerate(HEADLINES):
        outcome = OUTCOMES[name]
        drawn = over_time[:, k] if outcome.trailing > 1 else trailing(over_time[:, k])
        bands = [outcome_band(side) for side in drawn]
        lines = [[_rounded(x) for x in (b.low, b.mean, b.high)] for b in bands]
        first = SETTLED - 1 if outcome.trailing > 1 else 0
        panels.append(
            {
                "outcome": name,
                "title": {x: weekly_title(outcome, x) for x in LANGUAGES},
                "scale": 100 if outcome.weekly_display == "percent" else 1,
                "range": _span(bands, first),
                "bands": lines,
            }
        )
    return panels


def _span(bands: list[Any], first: int) -> list[float]:
    """Return the lowest and highest value of bands from week index `first` on.

    All weeks count if the bands are shorter; 0 and 1 if there are no values.
    """
    ends = np.array([[b.low, b.high, b.mean] for b in bands])
    late = ends[..., first:] if first < ends.shape[-1] else ends
    there = late[np.isfinite(late)]
    return [float(there.min()), float(there.max())] if len(there) else [0.0, 1.0]


def trailing(values: np.ndarray) -> np.ndarray:
    """Return trailing means over `SMOOTH_WEEKS` weeks of (..., weeks), ignoring nan."""
    there = np.isfinite(values)
    sums = [
        np.cumsum(np.pad(x, [(0, 0)] * (x.ndim - 1) + [(SMOOTH_WEEKS, 0)]), -1)
        for x in (np.where(there, values, 0.0), there.astype(float))
    ]
    total, count = (x[..., SMOOTH_WEEKS:] - x[..., :-SMOOTH_WEEKS] for x in sums)
    return np.divide(total, count, np.full(total.shape, np.nan), where=count > 0)


def _rounded(values: np.ndarray) -> list[float | None]:
    return [
        float(f"{x:.{FIGURES}g}") if math.isfinite(x) else None for x in values.tolist()
    ]


def _marks(to_be: ResolvedScenario) -> tuple[int, ...]:
    """Return the weeks after week 0 in which the to-be changes."""
    return tuple(x.week for x in to_be.stages if 0 < x.week < to_be.weeks)


def people(scenario: ResolvedScenario) -> int:
    """Return the number of people in an organisation, leaders included."""
    from simulation.organisation import draw_chart

    return len(draw_chart(scenario).seats)
