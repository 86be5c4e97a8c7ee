"""Effects under other implementations, as a document."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from experiments.science.audit.robustness import (
    IMPLEMENTATIONS,
    VERDICTS,
    RebuiltEffect,
)
from experiments.show.document import Document, Table
from experiments.show.parts import document, section
from experiments.statistics.verdicts import clear_sign, verdict_on
from experiments.words import outcome_text, phrases
from simulation.outcomes import find
from simulation.scenario import read


def document_of(
    effects: Sequence[RebuiltEffect], seed: int, language: str = "en"
) -> Document:
    """Return sentences on each implementation, the table, and how to read it."""
    note = phrases.say("robustness_note", language, n=_worlds(effects, language))
    return document(
        phrases.say("robustness_title", language),
        phrases.say("robustness_question", language),
        language,
        (
            section(
                "answer",
                language,
                sentences=tuple(_summary(effects, language)),
                tables=(_table(effects, language),),
            ),
            section("method", language, sentences=(note,)),
        ),
        numbers={"robustness": table(effects)},
        facts={"seed": seed, "worlds": _worlds(effects, "en")},
    )


def _worlds(effects: Sequence[RebuiltEffect], language: str) -> str:
    most = max((one.effect.n + one.effect.dropped for one in effects), default=0)
    return phrases.number(most, language)


def _summary(effects: Sequence[RebuiltEffect], language: str) -> list[str]:
    """Return one sentence for each implementation."""
    return [
        _sentence(
            name, [one for one in effects if one.implementation == name], language
        )
        for name in IMPLEMENTATIONS
    ]


def _sentence(name: str, effects: Sequence[RebuiltEffect], language: str) -> str:
    label = phrases.say(f"robustness_{name}", language)
    if effects and all(one.equal for one in effects):
        n = str(len(effects))
        return phrases.say("robustness_equal", language, what=label, n=n)
    verdicts = [one.verdict for one in effects]
    counts = {name: str(verdicts.count(name)) for name in VERDICTS}
    signs = [_signs(one) for one in effects]
    told = [pair for pair in signs if pair[0]]
    kept = sum(plain == rebuilt for plain, rebuilt in told)
    turned = sum(plain == -rebuilt for plain, rebuilt in told)
    return phrases.say(
        "robustness_counts",
        language,
        what=label,
        told=str(len(told)),
        kept=str(kept),
        turned=str(turned),
        **counts,
    )


def _signs(effect: RebuiltEffect) -> tuple[int, int]:
    """Return the signs of the effect as is and rebuilt, 0 where it is not clear."""
    smallest = find(effect.outcome).smallest_difference
    return clear_sign(effect.effect, smallest), clear_sign(effect.rebuilt, smallest)


def _table(found: Sequence[RebuiltEffect], language: str) -> Table:
    """Return a table of effects as is and rebuilt, with verdicts, by contrast."""
    keys = [
        "outcome",
        "robustness_as_is",
        *(f"robustness_{x}" for x in IMPLEMENTATIONS),
    ]
    heads = tuple(phrases.say(key, language) for key in keys)
    rows: list[tuple[str, ...]] = []
    for (scenario, base), effects in groupby(found, lambda x: (x.scenario, x.base)):
        titles = {
            "scenario": _title(scenario, language),
            "base": _title(base, language),
        }
        group = phrases.say("versus", language, **titles).upper()
        rows.append((group, *[""] * (len(heads) - 1)))
        for _, same in groupby(effects, lambda x: x.outcome):
            rows.append(tuple(_row(list(same), language)))
    title = phrases.say("robustness_title", language)
    return Table("effects", title, heads, tuple(rows), table(found))


def _title(name: str, language: str) -> str:
    return read(name).title[language]


def _row(effects: Sequence[RebuiltEffect], language: str) -> list[str]:
    outcome = find(effects[0].outcome)
    plain = outcome_text.with_ends(effects[0].effect, outcome, language, signed=True)
    rebuilt = [
        f"{outcome_text.value(one.rebuilt, outcome, language)}"
        f" {phrases.say(f'robustness_{one.verdict}', language)}"
        for one in effects
    ]
    return [outcome_text.label(outcome, language), plain, *rebuilt]


def table(effects: Sequence[RebuiltEffect]) -> pd.DataFrame:
    """Return one row per effect and implementation: intervals, shift and verdict."""
    return pd.DataFrame([_flat(one) for one in effects])


def _flat(effect: RebuiltEffect) -> dict[str, Any]:
    smallest = find(effect.outcome).smallest_difference
    row: dict[str, Any] = {
        "scenario": effect.scenario,
        "base": effect.base,
        "outcome": effect.outcome,
        "implementation": effect.implementation,
    }
    for name in ("effect", "rebuilt", "shift"):
        interval = getattr(effect, name)
        row[name] = interval.estimate
        row[f"{name}_low"], row[f"{name}_high"] = interval.low, interval.high
    return row | {
        "worlds": effect.effect.n,
        "smallest_difference": smallest,
        "equal_bits": effect.equal,
        "verdict": effect.verdict,
        "effect_verdict": str(verdict_on(effect.effect, smallest)),
        "rebuilt_verdict": str(verdict_on(effect.rebuilt, smallest)),
    }
