"""A fit in words: what was pinned down, what not, and whether the data are possible."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.fit.own_data import figures
from experiments.fit.own_data.columns import COLUMNS
from experiments.fit.own_data.data import Data
from experiments.fit.own_data.fitted import (
    Fit,
    draws_table,
    statistics_table,
    unknowns_table,
    weekly_table,
)
from experiments.fit.own_data.posterior import held
from experiments.fit.own_data.scenario_file import DRAWS, SCENARIO, scenario_text
from experiments.fit.troubles import note_words
from experiments.show.document import Document, Section, Table
from experiments.show.parts import document, section
from experiments.statistics.small_groups import LEAST
from experiments.words.numerals import number, percent, say
from experiments.words.phrases import names

MOST_NAMES = 12
MOST_ROWS = 12


def document_of(fit: Fit, folder: Path, language: str = "en") -> Document:
    """Return a document: whether the model makes such data, and what they pin down.

    The fitted scenario goes with it, to be written into `folder`.
    """
    said = (*_rest(fit, language), *_notes(fit, language))
    tables = (*_outside(fit, language), *_pinned(fit, language))
    verdict = [_verdict(fit, language)]
    if not fit.pinned.any():
        verdict.append(say("fit_nothing_pinned", language))
    sections = (
        section(
            "answer",
            language,
            sentences=tuple(verdict),
            tables=tables,
            pictures=figures.pictures(fit, language),
        ),
        Section("rest", say("fit_rest", language), said),
    )
    return document(
        say("fit_document", language, scenario=fit.scenario.title[language]),
        say("fit_question", language),
        language,
        sections,
        numbers={
            DRAWS.removesuffix(".csv"): draws_table(fit),
            "unknowns": unknowns_table(fit),
            "statistics": statistics_table(fit),
            "weekly": weekly_table(fit),
        },
        facts=_facts(fit, folder),
        attachments={SCENARIO: scenario_text(fit, folder / SCENARIO)},
    )


def _facts(fit: Fit, folder: Path) -> dict[str, Any]:
    low, high = (fit.prior.values(x) for x in fit.posterior.interval())
    pinned = {
        name: [float(low[k]), float(high[k])]
        for k, name in enumerate(fit.prior.names)
        if fit.pinned[k]
    }
    return {
        "verdict": fit.check.verdict,
        "weeks": weeks_text(fit.data),
        "outside": int(fit.check.out.sum()),
        "pinned_down": pinned,
        "told": int(fit.learned.told.sum()),
        "unknown": len(fit.prior.names),
        "truths_held": held(fit.ranks) if fit.ranks.size else None,
        "scenario": str(folder / SCENARIO),
    }


def weeks_text(data: Data, language: str = "en") -> str:
    """Return a text on the weeks that were read from a file, with remarks."""
    one = data.calendar
    if one is None:
        return ""
    weekday = say("fit_weeks_any", language)
    if one.weekday is not None:
        weekday = say("fit_weekdays", language).split()[one.weekday]
    words = {"weeks": number(data.weeks, language), "weekday": weekday}
    seen = [note_words(note, language) for note in data.notes]
    texts = [
        say(f"fit_weeks_{one.kind}", language, first=one.first, last=one.last, **words),
        *(say(key, language, **values) for key, values in one.notes),
        *(f"{note[:1].upper()}{note[1:]}." for note in seen),
    ]
    return " ".join(texts)


def _verdict(fit: Fit, language: str) -> str:
    out, total = int(fit.check.out.sum()), len(fit.check.out)
    return say(
        f"fit_{fit.check.verdict}",
        language,
        scenario=fit.scenario.title[language],
        out=number(out, language),
        total=number(total, language),
        expected=number(0.1 * total, language),
    )


def _outside(fit: Fit, language: str) -> list[Table]:
    """Return a table of the statistics that lie outside the worlds of the posterior."""
    one = fit.check
    chosen = [k for k in np.argsort(-one.distance, kind="stable") if one.out[k]]
    if not chosen:
        return []
    head = (
        say("fit_outside", language),
        *_say_all(("fit_data", "fit_model"), language),
    )
    rows = tuple(_outside_row(fit, k, language) for k in chosen[:MOST_ROWS])
    return [Table("outside", head[0], head, rows, statistics_table(fit))]


def _outside_row(fit: Fit, k: int, language: str) -> tuple[str, ...]:
    one = fit.check
    statistic = one.statistics[k]
    label = f"{COLUMNS[statistic.column].label[language]}: " + say(
        f"fit_{statistic.kind}", language
    )
    ends = (one.low[k], one.high[k])
    star = "*" if one.beyond[k] else ""
    places = decimals((*ends, one.observed[k]))
    return (
        label + star,
        number(one.observed[k], language, places),
        _between(*ends, places, language),
    )


def _pinned(fit: Fit, language: str) -> list[Table]:
    """Return a table of pinned unknowns: before, after, and how much narrower."""
    order = _by_width(fit, fit.pinned)
    if not order:
        return []
    rows = tuple(_pinned_row(fit, k, language) for k in order)
    keys = ("fit_before", "fit_after", "fit_width")
    head = (say("fit_pinned", language), *_say_all(keys, language))
    return [Table("pinned", head[0], head, rows, unknowns_table(fit))]


def _pinned_row(fit: Fit, k: int, language: str) -> tuple[str, ...]:
    name = fit.prior.names[k].partition(".")[2]
    one = fit.prior.ranges[fit.prior.names[k]]
    shares = fit.posterior.shares[:, k]
    width = percent(float(fit.posterior.width()[k]), language)
    if one.settings:
        index, counts = np.unique(one.at(shares), return_counts=True)
        likely = str(one.value(index[counts.argmax()]))
        share = percent(float(counts.max() / counts.sum()), language)
        before = names([str(x) for x in one.settings], language, "or")
        return name, before, f"{likely} ({share})", width
    low, high = (float(one.at(x[k])) for x in fit.posterior.interval())
    places = decimals((low, high))
    before = _between(one.low, one.high, places, language)
    return name, before, _between(low, high, places, language), width


def _by_width(fit: Fit, which: np.ndarray) -> list[int]:
    order = np.argsort(fit.posterior.width(), kind="stable")
    return [int(k) for k in order if which[k]]


def _rest(fit: Fit, language: str) -> list[str]:
    """Return sentences: what is hardly told, what not, and how sure intervals are."""
    hardly = _by_width(fit, fit.learned.told & ~fit.pinned)
    named = [fit.prior.names[k].partition(".")[2] for k in hardly[:MOST_NAMES]]
    more = len(hardly) - len(named)
    if more:
        named.append(say("fit_more", language, n=number(more, language)))
    silent = int((~fit.learned.told).sum())
    texts = [say("fit_silent", language, n=number(silent, language))]
    if named:
        texts.insert(0, say("fit_hardly", language, names=names(named, language)))
    if fit.ranks.size:
        share = percent(held(fit.ranks), language)
        texts.append(say("fit_held", language, n=len(fit.ranks), share=share))
    return texts


def _notes(fit: Fit, language: str) -> list[str]:
    """Return sentences: what weakens the fit, and what its first week is."""
    read = weeks_text(fit.data, language)
    texts = [*filter(None, [read]), *(say(key, language) for key in fit.notes)]
    gaps = int(fit.data.missing[: fit.fitted].sum())
    empty = int(np.isnan(fit.data.table[:, : fit.fitted]).sum())
    if empty:
        counts = {"weeks": number(gaps, language), "cells": number(empty, language)}
        texts.append(say("fit_gaps", language, **counts))
    if fit.hidden:
        counts = {"cells": number(fit.hidden, language), "least": str(LEAST)}
        texts.append(say("fit_hidden", language, **counts))
    if fit.fitted < fit.data.weeks:
        inside, total = fit.within(fit.fitted, fit.data.weeks)
        share = percent(inside / total, language) if total else say("missing", language)
        texts.append(say("fit_held_out", language, share=share, n=total))
    changes = [stage.week for stage in fit.scenario.stages if stage.week >= 0]
    key = "fit_first_week_changes" if 0 in changes else "fit_first_week"
    texts.append(say(key, language, scenario=fit.scenario.title[language]))
    if fit.check.beyond.any():
        texts.append(say("fit_beyond", language))
    return [*texts, say("fit_not_forecast", language)]


def _say_all(keys: Sequence[str], language: str) -> list[str]:
    return [say(key, language) for key in keys]


def _between(low: float, high: float, places: int, language: str) -> str:
    ends = (number(low, language, places), number(high, language, places))
    return say("interval", language, low=ends[0], high=ends[1])


def decimals(values: Sequence[float]) -> int:
    """Return the decimals that tell values apart: two figures of their spread.

    At most three figures of the largest value.

    >>> [decimals(x) for x in ((0.00012, 0.00018), (12000, 45000), (4, 4.0001))]
    [6, -3, 2]
    """
    spread = max(values) - min(values) or abs(values[0])
    if not (spread > 0 and math.isfinite(spread)):
        return 0
    largest = max(abs(x) for x in values)
    finest = 2 - math.floor(math.log10(largest))
    return min(6, finest, 1 - math.floor(math.log10(spread)))
