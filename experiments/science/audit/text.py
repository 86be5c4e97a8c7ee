"""What becomes of effects under another implementation, as text and as files."""

import json
import math
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.compare import answers
from experiments.files.provenance import software
from experiments.files.table_files import write_csv
from experiments.files.whole_folders import write_manifest
from experiments.science.audit.robustness import (
    IMPLEMENTATIONS,
    VERDICTS,
    RebuiltEffect,
)
from experiments.show.folder import staged
from experiments.words import phrases
from experiments.words.layout import aligned, wrapped
from simulation.outcomes import find
from simulation.scenario import read

TOLD = ("raises", "lowers")


def as_text(found: Sequence[RebuiltEffect], language: str = "en") -> str:
    """Return sentences on each implementation, the table, and how to read it."""
    summary = [wrapped(line) for line in _summary(found, language)]
    note = wrapped(phrases.say("robustness_note", language, n=_worlds(found, language)))
    return "\n\n".join(["\n".join(summary), _table(found, language), note]) + "\n"


def _worlds(found: Sequence[RebuiltEffect], language: str) -> str:
    most = max((one.effect.n + one.effect.dropped for one in found), default=0)
    return phrases.number(most, language)


def _summary(found: Sequence[RebuiltEffect], language: str) -> list[str]:
    """Return one sentence for each implementation."""
    return [
        _sentence(name, [one for one in found if one.implementation == name], language)
        for name in IMPLEMENTATIONS
    ]


def _sentence(name: str, effects: Sequence[RebuiltEffect], language: str) -> str:
    label = phrases.say(f"robustness_{name}", language)
    if effects and all(one.equal for one in effects):
        n = str(len(effects))
        return phrases.say("robustness_equal", language, what=label, n=n)
    verdicts = [one.verdict for one in effects]
    counts = {name: str(verdicts.count(name)) for name in VERDICTS}
    told = [one for one in effects if _says(one)[0] in TOLD]
    kept = sum(_says(one)[0] == _says(one)[1] for one in told)
    turned = sum(set(_says(one)) == set(TOLD) for one in told)
    return phrases.say(
        "robustness_counts",
        language,
        what=label,
        told=str(len(told)),
        kept=str(kept),
        turned=str(turned),
        **counts,
    )


def _says(one: RebuiltEffect) -> tuple[str, str]:
    """Return what the effect says as it is, and rebuilt: `raises`, `lowers`, ..."""
    smallest = find(one.outcome).smallest_difference
    return phrases.verdict(one.effect, smallest), phrases.verdict(one.rebuilt, smallest)


def _table(found: Sequence[RebuiltEffect], language: str) -> str:
    """Return effects as they are and rebuilt, each with its verdict, by contrast."""
    heads = [
        "outcome",
        "robustness_as_is",
        *(f"robustness_{x}" for x in IMPLEMENTATIONS),
    ]
    rows: list[Sequence[str]] = [[phrases.say(head, language) for head in heads]]
    for (scenario, base), effects in groupby(found, lambda x: (x.scenario, x.base)):
        titles = {
            "scenario": _title(scenario, language),
            "base": _title(base, language),
        }
        rows.append((phrases.say("versus", language, **titles).upper(),))
        for _, same in groupby(effects, lambda x: x.outcome):
            rows.append(_row(list(same), language))
    return aligned(rows)


def _title(name: str, language: str) -> str:
    return read(name).title[language]


def _row(effects: Sequence[RebuiltEffect], language: str) -> list[str]:
    outcome = find(effects[0].outcome)
    plain = answers.with_ends(effects[0].effect, outcome, language, signed=True)
    rebuilt = [
        f"{answers.value(one.rebuilt, outcome, language)}"
        f" {phrases.say(f'robustness_{one.verdict}', language)}"
        for one in effects
    ]
    return [answers.label(outcome, language), plain, *rebuilt]


def table(found: Sequence[RebuiltEffect]) -> pd.DataFrame:
    """Return one row per effect and implementation: intervals, shift and verdict."""
    return pd.DataFrame([_flat(one) for one in found])


def _flat(one: RebuiltEffect) -> dict[str, Any]:
    says, says_rebuilt = _says(one)
    row: dict[str, Any] = {
        "scenario": one.scenario,
        "base": one.base,
        "outcome": one.outcome,
        "implementation": one.implementation,
    }
    for name in ("effect", "rebuilt", "shift"):
        interval = getattr(one, name)
        row[name] = interval.estimate
        row[f"{name}_low"], row[f"{name}_high"] = interval.low, interval.high
    return row | {
        "worlds": one.effect.n,
        "smallest_difference": find(one.outcome).smallest_difference,
        "equal_bits": one.equal,
        "verdict": one.verdict,
        "says": says,
        "says_rebuilt": says_rebuilt,
    }


def save(
    found: Sequence[RebuiltEffect], folder: Path, seed: int, language: str = "en"
) -> None:
    """Write answer, table of numbers and manifest into `folder`."""
    with staged(folder) as aside:
        (aside / "answer.txt").write_text(as_text(found, language), encoding="utf-8")
        write_csv(table(found), aside / "robustness.csv")
        manifest = {
            "seed": seed,
            "worlds": _worlds(found, "en"),
            "software": software(),
        }
        write_manifest(aside, manifest)


def as_json(found: Sequence[RebuiltEffect], folder: Path | None) -> str:
    """Return one JSON document with a row for each effect and implementation."""
    rows = [
        {key: _plain(value) for key, value in row.items()}
        for row in table(found).to_dict("records")
    ]
    place = str(folder) if folder else None
    return json.dumps({"effects": rows, "results": place}, allow_nan=False)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
