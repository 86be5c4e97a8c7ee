"""Docked models as a document: the published shapes, then the published numbers."""

from collections.abc import Sequence

import pandas as pd

from experiments.science.docking import figures
from experiments.science.docking.docked import Docking
from experiments.show.document import Document, Section, Table
from experiments.show.parts import document
from experiments.words import phrases

PLACES = 3


def document_of(dockings: Sequence[Docking], language: str = "en") -> Document:
    """Return the results of docked models beside the published ones."""
    numbers, facts = {}, {}
    for docked in dockings:
        numbers[f"{docked.model}-points"] = docked.points
        numbers[f"{docked.model}-shapes"] = docked.shapes
        facts[docked.model] = {
            "replicates": docked.replicates,
            "seed": docked.seed,
            "cut_off": docked.cut_off,
        }
    return document(
        phrases.say("dock_title", language),
        phrases.say("dock_question", language),
        language,
        [_model(docked, docked is dockings[0], language) for docked in dockings],
        numbers=numbers,
        facts=facts,
    )


def _model(docked: Docking, first: bool, language: str) -> Section:
    cut_off = phrases.number(docked.cut_off, language)
    title = phrases.say(f"dock_title_{docked.model}", language)
    note = phrases.say("dock_note", language, n=docked.replicates, cut=cut_off)
    name, shapes = docked.model, docked.shapes
    tables = [_table(f"{name}-shapes", _shape_rows(shapes, language), shapes, note)]
    known = docked.points.dropna(subset="published")
    said: tuple[str, ...] = (title,)
    if known.empty:
        said += (phrases.say("dock_no_numbers", language),)
    else:
        rows = _value_rows(known, language)
        tables.append(_table(f"{name}-points", rows, docked.points, ""))
    picture = figures.picture(docked, language)
    section_name = "answer" if first else name
    return Section(section_name, title, said, tuple(tables), (picture,))


def _table(
    name: str, rows: Sequence[tuple[str, ...]], data: pd.DataFrame, note: str
) -> Table:
    head, *others = rows
    return Table(name, head[0], head, tuple(others), data, note)


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
