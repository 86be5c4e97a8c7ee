"""Patterns and calibration as text and tables."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from experiments.science.evidence.calibration import OTHERS, Calibration
from experiments.science.evidence.freeze import frozen, is_frozen
from experiments.science.evidence.patterns import USES
from experiments.science.evidence.sets import as_draws
from experiments.science.evidence.validation import JudgedPattern
from experiments.show.document import Document, Section, Table
from experiments.show.parts import document, section
from experiments.statistics.intervals import share_interval
from experiments.words.numerals import number, percent, say
from experiments.words.phrases import names

MOST_NAMES = 12
MOST_PULLS = 10


def validation_document(
    found: Sequence[JudgedPattern],
    organisations: int,
    people: float,
    language: str = "en",
) -> Document:
    """Return tables of patterns by use, and how many lie inside their ranges."""
    numbers = as_table(found)
    tables = [_table(found, use, numbers, language) for use in USES]
    inside, total = _counts(found, "calibrate", language)
    counts = say(
        "pattern_counts",
        language,
        passed=inside,
        total=total,
        seeds=number(max((one.value.n for one in found), default=0), language),
        organisations=number(organisations, language),
        people=number(people, language),
    )
    inside, total = _counts(found, "predict", language)
    seen_passed, seen = _counts(found, "seen", language)
    predicted = say(
        "pattern_predicted",
        language,
        passed=inside,
        total=total,
        seen=seen,
        seen_passed=seen_passed,
    )
    note = f"{say('pattern_note', language)} {freeze_text(language)}"
    shown = tuple(table for table in tables if table.rows)
    return document(
        say("pattern_title", language),
        say("pattern_question", language),
        language,
        (
            Section("patterns", say("pattern_title", language), tables=shown),
            section("answer", language, sentences=(counts, predicted)),
            section("method", language, sentences=(note,)),
        ),
        numbers={"patterns": numbers},
    )


def _counts(found: Sequence[JudgedPattern], use: str, language: str) -> tuple[str, str]:
    """Return how many patterns of a use lie inside their range, and of how many."""
    ranged = [one for one in found if one.pattern.use == use]
    inside = sum(one.verdict == "inside" for one in ranged)
    return number(inside, language), number(len(ranged), language)


def freeze_text(language: str = "en") -> str:
    """Return a sentence on whether values and rules still match the freeze."""
    key = "pattern_frozen" if is_frozen() else "pattern_thawed"
    return say(key, language, date=str(frozen()["date"]))


def _table(
    found: Sequence[JudgedPattern], use: str, numbers: pd.DataFrame, language: str
) -> Table:
    rows = [_row(one, language) for one in found if one.pattern.use == use]
    keys = ("pattern_simulated", "pattern_range", "pattern_verdict")
    title = say(f"pattern_{use}", language)
    head = (title, *(say(key, language) for key in keys))
    shown = numbers[numbers["use"] == use] if len(numbers) else numbers
    return Table(f"patterns-{use}", title, head, tuple(rows), shown)


def _row(one: JudgedPattern, language: str) -> tuple[str, ...]:
    pattern, value = one.pattern, one.value
    label = pattern.label[language]
    if pattern.row:
        label = f"{pattern.row}. {label}"
    places = 0 if abs(value.estimate) >= 30 else 1 if abs(value.estimate) >= 10 else 3
    mean, low, high = (
        number(x, language, places) for x in (value.estimate, value.low, value.high)
    )
    simulated = f"{mean} ({say('interval', language, low=low, high=high)})"
    if not np.isfinite(value.estimate):
        simulated = say("pattern_unknown", language)
    reach = _ends(pattern.range, language) if pattern.range else ""
    verdict = say(f"pattern_{one.verdict}", language) if one.verdict else ""
    return label, simulated, reach, verdict


def _ends(ends: tuple[float, float], language: str) -> str:
    low, high = (f"{x:g}".replace(".", say("decimal", language)) for x in ends)
    return say("interval", language, low=low, high=high)


def as_table(found: Iterable[JudgedPattern]) -> pd.DataFrame:
    """Return a row for each pattern."""
    return pd.DataFrame([_table_row(one) for one in found])


def _table_row(one: JudgedPattern) -> dict:
    low, high = one.pattern.range or (np.nan, np.nan)
    return {
        "pattern": one.pattern.id,
        "row": one.pattern.row,
        "use": one.pattern.use,
        "range_low": low,
        "range_high": high,
        **one.value.columns("simulated"),
        "populations": one.value.n,
        "verdict": one.verdict,
        "source": one.pattern.source,
    }


def calibration_document(found: Calibration, language: str = "en") -> Document:
    """Return the calibration: patterns, sets, parameters and conflicting patterns."""
    waves = as_draws(found.points).assign(wave=found.wave, missed=found.missed)
    facts = {
        "passing": int(found.whole.sum()),
        "volume": found.volume,
        "fewest_missed": int(found.again_missed.iloc[0]),
        "sets": len(found.stable),
        "points": len(found.points),
        "never": found.never(),
        "pulls": [[one.one, one.other, one.r] for one in found.pulls()],
        "now": {k: x if np.isfinite(x) else None for k, x in found.now.items()},
    }
    return document(
        say("calibration_title", language),
        say("calibration_question", language),
        language,
        calibration_sections(found, language),
        numbers={
            "points": waves.join(found.rows),
            "calibrated_sets": as_draws(found.sets),
            "parameters": found.table(),
        },
        facts=facts,
    )


def calibration_sections(
    found: Calibration, language: str = "en"
) -> tuple[Section, ...]:
    """Return the passing points, by wave and by pattern, and the open questions."""
    said = tuple(text for text in _sentences(found, language) if text)
    tables = (_waves(found, language), _rows(found, language))
    volume = (_volume(found, language),)
    return (
        section("answer", language, sentences=volume, tables=tables),
        Section("open", say("calibration_open_title", language), said),
    )


def _volume(found: Calibration, language: str) -> str:
    """Return a sentence on the share of the plausible volume that passes."""
    first = found.wave == 0
    passing, n = int(found.whole[first].sum()), int(first.sum())
    ends = share_interval(passing, n)
    return say(
        "calibration_volume",
        language,
        count=number(passing, language),
        points=number(n, language),
        share=percent(passing / n, language, 1),
        low=percent(ends[0], language, 1),
        high=percent(ends[1], language, 1),
        all=number(int(found.whole.sum()), language),
        of=len(found.points),
        volume=f"{found.volume:.2g}".replace(".", say("decimal", language)),
    )


def _waves(found: Calibration, language: str) -> Table:
    """Return a row per wave: points, points that pass, patterns missed, open share."""
    keys = ("wave", "points", "passing", "missed", "least", "open")
    table = []
    for k, wave in enumerate(found.waves):
        here = found.wave == k
        missed = found.missed[here]
        table.append(
            (
                number(k + 1, language),
                number(int(here.sum()), language),
                number(int(found.whole[here].sum()), language),
                number(float(missed.mean()), language, 1),
                number(int(missed.min()), language),
                percent(wave.open_share, language, 1),
            )
        )
    heads = tuple(say(f"calibration_{key}", language) for key in keys)
    title = say("calibration_waves", language)
    return Table("waves", title, heads, tuple(table), as_shown(heads, table))


def as_shown(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> pd.DataFrame:
    """Return the displayed texts of a table as its data, if there are no others."""
    return pd.DataFrame([*rows], columns=[*heads])


def _rows(found: Calibration, language: str) -> Table:
    """Return a row per pattern: value now, range, share that meets it, parameters."""
    keys = ("simulated", "range")
    head = [say("pattern_calibrate", language)]
    head += [say(f"pattern_{key}", language) for key in keys]
    head += [say(f"calibration_{key}", language) for key in ("meet", "hangs")]
    table = []
    for one in found.question.patterns:
        share = (
            percent(float(found.passes[one.id].mean()), language, 1)
            if one.id in found.passes
            else say("pattern_unknown", language)
        )
        on = [
            f"{name} ({number(r, language, 2)})"
            for name, r in found.hangs_on(one.id, 3)
        ]
        now = found.now[one.id]
        table.append(
            (
                f"{one.row}. {one.label[language]}",
                number(now, language, 3) if np.isfinite(now) else "",
                _ends(one.range or (0, 0), language),
                share,
                ", ".join(on),
            )
        )
    return Table("rows", head[0], tuple(head), tuple(table), as_shown(head, table))


def _sentences(found: Calibration, language: str) -> Iterable[str]:
    labels = {one.id: one.label[language] for one in found.question.patterns}
    yield _known(found, language)
    never = [labels[name] for name in found.never()]
    if never:
        yield say("calibration_never", language, names="; ".join(never))
    for pull in found.pulls()[:MOST_PULLS]:
        yield say(
            "calibration_pull",
            language,
            one=labels[pull.one],
            other=labels[pull.other],
            r=number(pull.r, language, 2),
            together=number(pull.together, language),
            expected=number(pull.expected, language, 1),
        )
    yield _best(found, labels, language)
    yield freeze_text(language)


def _best(found: Calibration, labels: dict[str, str], language: str) -> str:
    """Return a sentence on the sets that ship and the patterns that the best misses."""
    stable = found.stable
    misses = [labels[name] for name in found.misses(stable[0])]
    least = int(found.again_missed.iloc[0])
    key = "calibration_sets" if least == 0 else "calibration_sets_miss"
    return say(
        key,
        language,
        n=len(stable),
        least=number(least, language),
        most=number(int(found.again_missed[stable].max()), language),
        others=number(OTHERS, language),
        names="; ".join(misses),
    )


def _known(found: Calibration, language: str) -> str:
    everyone = found.identified()
    known = [one.parameter for one in everyone if one.known]
    if not known:
        return say("calibration_nothing", language) if everyone else ""
    return say(
        "calibration_known",
        language,
        known=len(known),
        all=len(found.points.columns),
        names=names(known[:MOST_NAMES], language),
    )
