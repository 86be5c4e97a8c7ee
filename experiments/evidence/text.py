"""Patterns and calibration as text and tables."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from experiments.answers import aligned, wrapped
from experiments.evidence.calibration import (
    OTHERS,
    Calibration,
    share_interval,
)
from experiments.evidence.freeze import frozen, is_frozen
from experiments.evidence.patterns import USES, of_use
from experiments.evidence.validation import Judged
from experiments.numerals import number, percent, say
from experiments.words import names

MOST_NAMES = 12
ORDER = ("held_out", "calibrate", "seen", "verify", "design", "report")
assert set(ORDER) == set(USES)


def as_text(
    found: Sequence[Judged], organisations: int, people: float, language: str = "en"
) -> str:
    """Return patterns as a table by use, why some fail, and how many pass."""
    tables = [_table(found, use, language) for use in ORDER]
    held = [one for one in found if one.pattern.use == "held_out"]
    whys = [_why(one, language) for one in held if one.verdict == "fail"]
    counts = say(
        "pattern_counts",
        language,
        passed=number(sum(one.verdict == "pass" for one in held), language),
        total=number(len(held), language),
        seeds=number(held[0].value.n if held else 0, language),
        organisations=number(organisations, language),
        people=number(people, language),
    )
    note = f"{say('pattern_note', language)} {freeze_text(language)}"
    parts = [*tables, *(wrapped(x) for x in whys if x), wrapped(counts), wrapped(note)]
    return "\n\n".join(part for part in parts if part)


def freeze_text(language: str = "en") -> str:
    """Return whether values and rules are those of the freeze, in a sentence."""
    key = "pattern_frozen" if is_frozen() else "pattern_thawed"
    return say(key, language, date=str(frozen()["date"]))


def _table(found: Sequence[Judged], use: str, language: str) -> str:
    rows = [_row(one, language) for one in found if one.pattern.use == use]
    if not rows:
        return ""
    keys = ("pattern_simulated", "pattern_range", "pattern_verdict")
    head = (say(f"pattern_{use}", language), *(say(k, language) for k in keys))
    return aligned([head, *rows])


def _row(one: Judged, language: str) -> tuple[str, ...]:
    pattern, value = one.pattern, one.value
    label = pattern.label[language]
    if pattern.row:
        label = f"{pattern.row}. {label}"
    places = 0 if abs(value.estimate) >= 30 else 1 if abs(value.estimate) >= 10 else 3
    mean, low, high = (
        number(x, language, places) for x in (value.estimate, value.low, value.high)
    )
    simulated = f"{mean} ({say('interval', language, low=low, high=high)})"
    reach = _ends(pattern.range, language) if pattern.range else ""
    verdict = say(f"pattern_{one.verdict}", language) if one.verdict else ""
    return label, simulated, reach, verdict


def _ends(ends: tuple[float, float], language: str) -> str:
    low, high = (f"{x:g}".replace(".", say("decimal", language)) for x in ends)
    return say("interval", language, low=low, high=high)


def _why(one: Judged, language: str) -> str:
    why = one.pattern.why
    if not why:
        return ""
    label = one.pattern.label[language]
    return say("pattern_why", language, pattern=label, why=why[language])


def as_table(found: Iterable[Judged]) -> pd.DataFrame:
    """Return a row for each pattern."""
    return pd.DataFrame([_table_row(one) for one in found])


def _table_row(one: Judged) -> dict:
    low, high = one.pattern.range or (np.nan, np.nan)
    return {
        "pattern": one.pattern.id,
        "row": one.pattern.row,
        "use": one.pattern.use,
        "range_low": low,
        "range_high": high,
        "simulated": one.value.estimate,
        "simulated_low": one.value.low,
        "simulated_high": one.value.high,
        "populations": one.value.n,
        "verdict": one.verdict,
        "source": one.pattern.source,
    }


def calibration_text(found: Calibration, language: str = "en") -> str:
    """Return what calibration says: volume, what is known, what patterns hang on."""
    passing, n = int(found.whole.sum()), len(found.points)
    ends = share_interval(passing, n)
    volume = say(
        "calibration_volume",
        language,
        count=number(passing, language),
        points=number(n, language),
        share=percent(passing / n, language, 1),
        low=percent(ends[0], language, 1),
        high=percent(ends[1], language, 1),
        stable=number(int(found.stable.sum()), language),
        others=number(OTHERS, language),
    )
    lines = [volume, _now(found, language), _known(found, language)]
    lines += [_hangs(found, pattern, language) for pattern in found.passes]
    lines.append(freeze_text(language))
    return "\n".join(wrapped(line) for line in lines if line)


def _now(found: Calibration, language: str) -> str:
    rows = of_use("calibrate")
    met = all(pattern.holds(found.now[pattern.id]) for pattern in rows)
    told = [
        f"{pattern.id} {number(found.now[pattern.id], language, 3)}"
        f" ({_ends(pattern.range or (0, 0), language)})"
        for pattern in rows
    ]
    key = "calibration_now" if met else "calibration_now_not"
    return say(key, language, met=names(told, language))


def _known(found: Calibration, language: str) -> str:
    everyone = found.identified()
    known = [one.parameter for one in everyone if one.known]
    if not known:
        return say("calibration_nothing", language) if everyone else ""
    return say(
        "calibration_known",
        language,
        known=number(len(known), language),
        all=number(len(everyone), language),
        names=names(known[:MOST_NAMES], language),
    )


def _hangs(found: Calibration, pattern: str, language: str) -> str:
    told = [f"{name} ({number(r, language, 2)})" for name, r in found.hangs_on(pattern)]
    share = percent(float(found.passes[pattern].mean()), language, 1)
    return say(
        "calibration_hangs",
        language,
        pattern=pattern,
        share=share,
        names=names(told, language),
    )
