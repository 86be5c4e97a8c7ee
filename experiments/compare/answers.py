"""Answers as text: sentences first, then a table, then what a reader must know."""

import math
from collections.abc import Sequence

from experiments.compare.comparison import Comparison
from experiments.compare.overview import Overview
from experiments.statistics import paired
from experiments.words import phrases
from experiments.words.layout import Row, aligned, wrapped
from experiments.words.outcome_text import label, scale, value, with_ends
from simulation.outcomes import OUTCOMES, Outcome


def as_text(study: Comparison | Overview, language: str = "en") -> str:
    """Return the whole answer as lines of text."""
    paragraphs = [wrapped(sentence) for sentence in study.answer(language)]
    if isinstance(study, Comparison):
        paragraphs += _difference_tables(study.shown, language)
    else:
        paragraphs.append(_level_table(study, language))
    notes = [wrapped(remark) for remark in study.remarks(language)]
    return "\n\n".join([*paragraphs, "\n".join(notes)]) + "\n"


def _difference_tables(study: Comparison, language: str) -> list[str]:
    tables = [_difference_table(study, i, language) for i in range(len(study.others))]
    note = phrases.say("table_note", language, base=study.base.name)
    return [*tables, wrapped(note)]


def _difference_table(study: Comparison, index: int, language: str) -> str:
    other = study.others[index]
    keys = ("difference", "share_better", "pairing")
    heads = [phrases.say(key, language) for key in keys]
    head = [phrases.say("outcome", language), study.base.name, other.name, *heads]
    rows = [
        _difference_row(study.results[name][index], OUTCOMES[name], language)
        for name in study.outcomes
    ]
    return aligned(grouped(head, rows, study.outcomes, language))


def _difference_row(
    one: paired.PairedComparison, outcome: Outcome, language: str
) -> Row:
    gain, better = one.variance_reduction, one.share_better
    judged = math.isfinite(better) and outcome.good != "neutral"
    return (
        label(outcome, language),
        value(one.a, outcome, language),
        value(one.b, outcome, language),
        with_ends(one.difference, outcome, language, signed=True),
        phrases.number(100 * better, language) + "%" if judged else "",
        _times(gain, language) if math.isfinite(gain) else "",
    )


def _times(gain: float, language: str) -> str:
    most = 1000.0
    if gain >= most:
        return f">{phrases.number(most, language)}x"
    return f"{phrases.number(gain, language, 1)}x"


def _level_table(study: Overview, language: str) -> str:
    head = [phrases.say(key, language) for key in ("outcome", "mean", "band")]
    rows = [level_row(study, name, language) for name in study.outcomes]
    return aligned(grouped(head, rows, study.outcomes, language))


def level_row(study: Overview, name: str, language: str) -> tuple[str, str, str]:
    """Return an outcome's name, its mean with interval, and the band of worlds."""
    outcome, level, band = OUTCOMES[name], study.levels[name], study.bands[name]
    places = phrases.decimals_told(level, outcome)
    ends = [
        phrases.number(float(end) * scale(outcome), language, places)
        for end in (band.low, band.high)
    ]
    reach = phrases.say("interval", language, low=ends[0], high=ends[1])
    return (label(outcome, language), with_ends(level, outcome, language), reach)


def grouped(
    head: Row, rows: Sequence[Row], outcomes: Sequence[str], language: str
) -> list[Row]:
    """Return the rows of a table under the names of their groups of outcomes."""
    lines: list[Row] = [head]
    last = ""
    for row, name in zip(rows, outcomes, strict=True):
        group = OUTCOMES[name].group
        if group != last:
            lines.append((phrases.say(f"group_{group}", language).upper(),))
        lines.append(row)
        last = group
    return lines
