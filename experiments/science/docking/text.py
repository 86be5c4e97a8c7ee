"""Docked models as text: the published shapes, then the published numbers."""

import pandas as pd

from experiments.science.docking.docked import Docking
from experiments.words import phrases
from experiments.words.layout import aligned, wrapped

PLACES = 3


def as_text(docked: Docking, language: str = "en") -> str:
    """Return what a docked model gives beside what is published, as lines of text."""
    count = phrases.number(docked.replicates, language)
    cut_off = phrases.number(docked.cut_off, language)
    title = phrases.say(f"dock_title_{docked.model}", language)
    parts = [wrapped(title), aligned(_shape_rows(docked.shapes, language))]
    known = docked.points.dropna(subset="published")
    if known.empty:
        parts.append(wrapped(phrases.say("dock_no_numbers", language)))
    else:
        parts.append(aligned(_value_rows(known, language)))
    parts.append(wrapped(phrases.say("dock_note", language, n=count, cut=cut_off)))
    return "\n\n".join(parts) + "\n"


def _shape_rows(shapes: pd.DataFrame, language: str) -> list[tuple[str, ...]]:
    keys = ("dock_shape", "difference", "dock_agrees")
    head = tuple(phrases.say(key, language) for key in keys)
    rows = [
        (
            getattr(row, language),
            _with_ends(row.difference, row.low, row.high, language),
            phrases.say(f"dock_{row.agrees}", language),
        )
        for row in shapes.itertuples()
    ]
    return [head, *rows]


def _value_rows(points: pd.DataFrame, language: str) -> list[tuple[str, ...]]:
    keys = ("dock_point", "dock_ours", "dock_published", "dock_agrees")
    head = tuple(phrases.say(key, language) for key in keys)
    rows = [
        (
            _place(row.panel, row.series, row.x, language),
            _with_ends(row.mean, row.low, row.high, language),
            phrases.number(row.published, language, PLACES),
            phrases.say(f"dock_{row.agrees}", language),
        )
        for row in points.itertuples()
    ]
    return [head, *rows]


def _place(panel: str, series: str, x: float, language: str) -> str:
    value = phrases.number(float(series), language, 1)
    series = phrases.say(f"dock_series_{panel}", language, value=value)
    return phrases.say(
        f"dock_at_{panel}", language, series=series, x=phrases.number(x, language, 1)
    )


def _with_ends(mean: float, low: float, high: float, language: str) -> str:
    mean_text, *ends = (phrases.number(x, language, PLACES) for x in (mean, low, high))
    return (
        f"{mean_text} ({phrases.say('interval', language, low=ends[0], high=ends[1])})"
    )
