"""The explorer: an atlas as one HTML page that opens from disk, without a network."""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments.advise.atlas.combinations import KEPT, ROAD, Atlas
from experiments.advise.atlas.steps import Front
from experiments.advise.branching import EVERY
from experiments.advise.levers import RANKED
from experiments.advise.moves import lever_words
from experiments.browser import DRAWING, STYLE, whole_page
from experiments.statistics.intervals import half_widths, mean_known
from experiments.statistics.paired import level_together
from experiments.words.numerals import labels, number, say
from experiments.words.outcome_text import weekly_title
from experiments.words.phrases import not_known
from simulation.outcomes import HEADLINES, LANGUAGES, OUTCOMES, Outcome

TEMPLATE = Path(__file__).with_name("explorer.html")
SCRIPT = TEMPLATE.with_suffix(".js")
MOST_BYTES = 5_000_000
"""A page beyond this is made with fewer points in time."""
DRAWN = ("lead_quality", "burnout")
"""Outcomes of the picture of all combinations."""
SPARSEST = 8
ROOM = 60_000
"""Bytes of a page without its arrays."""
MISSING = 65535


def fits(moves: int, weeks: int) -> bool:
    """Return whether a page of so many moves is small enough, with points thinned."""
    each = 4 * len(KEPT) * 3 + 4 * moves * len(RANKED)
    bands = 2 * 3 * len(HEADLINES) * -(-(weeks // EVERY) // SPARSEST)
    return (each + bands) * 4 / 3 * (1 << moves) + ROOM < MOST_BYTES


def page(atlas: Atlas, found: Front, language: str = "en") -> str | None:
    """Return the page as text; None if no page of this atlas is small enough."""
    if not fits(len(atlas.moves), atlas.lived.asked.today.weeks):
        return None
    data = data_of(atlas, found, language)
    for every in (1, 2, 4, SPARSEST):
        told = data | _over_time(atlas, every)
        text = whole_page(TEMPLATE, told, scripts=[DRAWING, SCRIPT], styles=[STYLE])
        if len(text.encode()) <= MOST_BYTES:
            return text
    return None


def data_of(atlas: Atlas, found: Front, language: str = "en") -> dict[str, Any]:
    """Return the data of the page, with arrays packed as little-endian base64.

    `mean`, `gain` and `half` are (states, outcomes): means over worlds, paired
    differences from today, and half-widths of their 95 % intervals. `edge` (states,
    moves, ranked) has the half-widths of steps, simultaneous over the moves.
    """
    lived = atlas.lived
    values = lived.values
    gained = values - values[:1]
    asked = lived.asked
    return {
        "language": language,
        "title": dict(asked.today.title),
        "note": {x: note_of(atlas, x) for x in LANGUAGES},
        "words": {x: _words(x) for x in LANGUAGES},
        "moves": [_move(atlas, i) for i in range(len(atlas.moves))],
        "outcomes": [_outcome(OUTCOMES[name]) for name in KEPT],
        "headlines": [KEPT.index(name) for name in HEADLINES],
        "ranked": list(RANKED),
        "ranked_at": [KEPT.index(name) for name in RANKED],
        "traded": [KEPT.index(name) for name in DRAWN],
        "front": list(found.states),
        "mean": _packed(mean_known(values, 1)),
        "gain": _packed(mean_known(gained, 1)),
        "half": _packed(half_widths(gained, 1)),
        "edge": _packed(_edges(atlas)),
    }


def _over_time(atlas: Atlas, every: int) -> dict[str, Any]:
    """Return the outcomes over time, at one of `every` periods.

    `bands` (states, shown, points, 3) has the 10 % quantile, mean and 90 % quantile
    over worlds, coded from 0 to 65,534 over each outcome's range; 65,535 is missing.
    """
    lived = atlas.lived
    over_time = lived.over_time[:, :, ::every]
    shown, bands = _bands(over_time, lived.asked.shown)
    weeks = [week + 1 for week in list(lived.asked.points)[::every]]
    return {"shown": shown, "weeks": weeks, "bands": _packed(bands, "<u2")}


def _packed(array: np.ndarray, kind: str = "<f4") -> str:
    return base64.b64encode(np.ascontiguousarray(array, kind).tobytes()).decode()


def _edges(atlas: Atlas) -> np.ndarray:
    """Return half-widths of each step from each state, (states, moves, ranked)."""
    at = [KEPT.index(name) for name in RANKED]
    values = atlas.lived.values[..., at]
    states = np.arange(atlas.states)
    count = len(atlas.moves)
    level = level_together(count)
    found = [
        half_widths(values[states ^ 1 << i] - values, 1, level) for i in range(count)
    ]
    return np.stack(found, 1)


def _bands(
    over_time: np.ndarray, names: tuple[str, ...]
) -> tuple[list[dict[str, Any]], np.ndarray]:
    """Return the outcomes over time with their ranges, and their coded bands."""
    mean = mean_known(over_time, 1)
    ends = np.nanquantile(over_time, (0.1, 0.9), axis=1)
    bands = np.stack([ends[0], mean, ends[1]], -1).swapaxes(1, 2)
    told, coded = [], np.full(bands.shape, MISSING, np.uint16)
    for b, name in enumerate(names):
        there = np.isfinite(bands[:, b])
        low, high = (float(f(bands[:, b][there])) for f in (np.min, np.max))
        parts = (np.where(there, bands[:, b], low) - low) / (high - low or 1.0)
        coded[:, b] = np.where(there, np.round(parts * (MISSING - 1)), MISSING)
        told.append(
            {
                "outcome": KEPT.index(name),
                "range": [low, high],
                "title": {x: weekly_title(OUTCOMES[name], x) for x in LANGUAGES},
            }
        )
    return told, coded


def _outcome(outcome: Outcome) -> dict[str, Any]:
    percent = outcome.display == "percent"
    points = {x: say("points", x) if percent else outcome.unit[x] for x in LANGUAGES}
    return {
        "label": dict(outcome.label),
        "name": dict(outcome.in_sentence),
        "unit": dict(outcome.unit),
        "points": points,
        "point": {
            x: say("point", x) if percent else outcome.unit_one[x] for x in LANGUAGES
        },
        "scale": 100 if percent else 1,
        "weekly_scale": 100 if outcome.weekly_display == "percent" else 1,
        "good": outcome.good,
        "smallest": outcome.smallest_difference,
        "places": 1 if percent else 0 if outcome.display == "euros" else 2,
        "road": outcome.id in ROAD,
    }


def _move(atlas: Atlas, i: int) -> dict[str, Any]:
    move = atlas.moves[i]
    today = atlas.lived.asked.today
    now = lever_words()[move.lever][today.stages[0].levers[move.lever]]
    if today.unknown and f"levers.{move.lever}" in today.unknown.settings:
        now = {x: say("explorer_not_known", x) for x in LANGUAGES}
    return {
        "words": {x: move.words(x) for x in LANGUAGES},
        "today": {x: now[x] for x in LANGUAGES},
    }


def note_of(atlas: Atlas, language: str) -> str:
    asked = atlas.lived.asked
    text = say(
        "atlas_note",
        language,
        states=number(atlas.states, language),
        worlds=number(asked.replicates, language),
        weeks=number(asked.today.weeks, language),
        seed=str(asked.seed),
    )
    return " ".join([text, *not_known([asked.today], language)])


def _words(language: str) -> Mapping[str, str]:
    """Return the page's own words."""
    head = "explorer_"
    there = {key: texts[language] for key, texts in labels().items()}
    return {k.removeprefix(head): x for k, x in there.items() if k.startswith(head)}
