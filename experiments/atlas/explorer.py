"""The explorer: an atlas as one page that opens from disk, without any network."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments.advice.moves import lever_words
from experiments.atlas.combinations import HEADLINES, KEPT, Atlas
from experiments.atlas.steps import front
from experiments.intervals import t_interval
from experiments.numerals import labels, say
from simulation.outcomes import LANGUAGES, OUTCOMES, Outcome

TEMPLATE = Path(__file__).with_name("explorer.html")
MOST_BYTES = 5_000_000
"""A page beyond this is made with fewer points in time."""
RANKED = (*HEADLINES, "margin")
"""Outcomes by which next steps are ranked."""
ROAD = ("change_cost", "dip_depth", "payback_weeks")
"""Outcomes that are of a change, not of a state."""
TRADED = ("lead_quality", "burnout")
MISSING = 65535


def page(atlas: Atlas, language: str = "en") -> str | None:
    """Return the page as text; None where no page of that atlas is small enough."""
    template = TEMPLATE.read_text(encoding="utf-8")
    for every in (1, 2, 4, 8):
        data = json.dumps(data_of(atlas, language, every), ensure_ascii=False)
        text = template.replace("__DATA__", data.replace("</", "<\\/"))
        if len(text.encode()) <= MOST_BYTES:
            return text
    return None


def data_of(atlas: Atlas, language: str = "en", every: int = 1) -> dict[str, Any]:
    """Return what the page shows, arrays packed as little-endian base64.

    `mean`, `gain` and `half` are (states, outcomes): means over worlds, paired
    differences from today, and half of their 95 % intervals. `edge` (states, moves,
    ranked) has half of the intervals of steps; `bands` (states, shown, points, 3) 10 %,
    mean and 90 % over worlds in 65,534 parts of each range, 65,535 where there is none.
    """
    lived = atlas.lived
    values = lived.values
    gained = values - values[:1]
    points = list(lived.asked.points)[::every]
    over_time = lived.over_time[:, :, ::every]
    shown, bands = _bands(over_time, lived.asked.shown)
    asked = lived.asked
    return {
        "language": language,
        "title": dict(asked.today.title),
        "note": {x: _note(atlas, x) for x in LANGUAGES},
        "words": {x: _words(x) for x in LANGUAGES},
        "moves": [_move(atlas, i) for i in range(len(atlas.moves))],
        "outcomes": [_outcome(OUTCOMES[name]) for name in KEPT],
        "headlines": [KEPT.index(name) for name in HEADLINES],
        "ranked": list(RANKED),
        "ranked_at": [KEPT.index(name) for name in RANKED],
        "traded": [KEPT.index(name) for name in TRADED],
        "shown": shown,
        "weeks": [week + 1 for week in points],
        "front": list(front(atlas).states),
        "mean": _packed(_mean(values)),
        "gain": _packed(_mean(gained)),
        "half": _packed(_half_widths(gained)),
        "edge": _packed(_edges(atlas)),
        "bands": _packed(bands, "<u2"),
    }


def _packed(array: np.ndarray, kind: str = "<f4") -> str:
    return base64.b64encode(np.ascontiguousarray(array, kind).tobytes()).decode()


def _mean(values: np.ndarray) -> np.ndarray:
    """Return means over worlds, (states, outcomes), without worlds that have none."""
    there = np.isfinite(values)
    total = np.where(there, values, 0.0).sum(1)
    none = np.full(total.shape, np.nan)
    return np.divide(total, there.sum(1), none, where=there.any(1))


def _half_widths(values: np.ndarray) -> np.ndarray:
    """Return half of the 95 % t interval over worlds of (states, worlds, outcomes)."""
    there = np.isfinite(values)
    n = there.sum(1)
    apart = np.where(there, values - _mean(values)[:, None], 0.0)
    squares = (apart**2).sum(1)
    none = np.full(squares.shape, np.nan)
    error = np.sqrt(np.divide(squares, (n - 1) * n, none, where=n > 1))
    worlds = values.shape[1]
    ones = np.zeros(worlds)
    ones[0] = worlds
    unit = t_interval(ones).half_width / np.sqrt(ones.var(ddof=1) / worlds)
    return error * unit


def _edges(atlas: Atlas) -> np.ndarray:
    """Return half of the interval of each step from each state, of ranked outcomes."""
    at = [KEPT.index(name) for name in RANKED]
    values = atlas.lived.values[..., at]
    states = np.arange(atlas.states)
    found = [
        _half_widths(values[states ^ 1 << i] - values) for i in range(len(atlas.moves))
    ]
    return np.stack(found, 1)


def _bands(
    over_time: np.ndarray, names: tuple[str, ...]
) -> tuple[list[dict[str, Any]], np.ndarray]:
    """Return what is shown over time, and its bands in parts of each range."""
    mean = _mean(over_time)
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
                "title": {x: _weekly_title(OUTCOMES[name], x) for x in LANGUAGES},
            }
        )
    return told, coded


def _weekly_title(outcome: Outcome, language: str) -> str:
    name = outcome.label[language].partition(":")[0]
    return f"{name} ({outcome.weekly_unit[language]})"


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
    now = atlas.lived.asked.today.stages[0].levers[move.lever]
    return {
        "words": {x: move.words(x) for x in LANGUAGES},
        "today": {x: lever_words()[move.lever][now][x] for x in LANGUAGES},
    }


def _note(atlas: Atlas, language: str) -> str:
    asked = atlas.lived.asked
    return say(
        "atlas_note",
        language,
        states=f"{atlas.states}",
        worlds=f"{asked.replicates}",
        weeks=f"{asked.today.weeks}",
        seed=f"{asked.seed}",
    )


def _words(language: str) -> Mapping[str, str]:
    """Return the page's own words."""
    head = "explorer_"
    there = {key: texts[language] for key, texts in labels().items()}
    return {k.removeprefix(head): x for k, x in there.items() if k.startswith(head)}
