"""Answers as text: sentences first, then a table, then what a reader must know."""

from collections.abc import Sequence

from experiments.compare.comparison import Comparison
from experiments.compare.overview import Overview
from experiments.statistics import paired
from experiments.statistics.verdicts import Verdict, verdict_on
from experiments.words import phrases
from experiments.words.layout import Row, aligned, wrapped
from experiments.words.numerals import scale_of
from experiments.words.outcome_text import label, pair_texts, value, with_ends
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


MANY = 3
"""Scenarios beside the first from which on there is one table of all."""
COLUMNS = 3
"""Outcomes beside one another in that table."""


def _difference_tables(study: Comparison, language: str) -> list[str]:
    if len(study.others) >= MANY:
        return _table_of_all(study, language)
    tables = [_difference_table(study, i, language) for i in range(len(study.others))]
    note = phrases.say("table_note", language, base=study.base.name)
    return [*tables, wrapped(note)]


def _table_of_all(study: Comparison, language: str) -> list[str]:
    """Return tables with a row for each scenario and a column for each headline."""
    names = study.headlines
    parts = [names[k : k + COLUMNS] for k in range(0, len(names), COLUMNS)]
    tables = []
    for part in parts:
        heads = [label(OUTCOMES[name], language) for name in part]
        first = [study.results[name][0].a for name in part]
        levels = [
            value(level, OUTCOMES[name], language)
            for level, name in zip(first, part, strict=True)
        ]
        rows: list[Row] = [
            ("", *heads),
            (phrases.say("base_row", language, base=study.base.name), *levels),
        ]
        rows += [
            (other.name, *(marked(study, name, k, language) for name in part))
            for k, other in enumerate(study.others)
        ]
        tables.append(aligned(rows))
    note = phrases.say("table_of_all_note", language, base=study.base.name)
    return [*tables, wrapped(note)]


def marked(study: Comparison, name: str, index: int, language: str) -> str:
    """Return a difference, its interval and its verdict's mark; "" if it is unknown."""
    outcome, difference = OUTCOMES[name], study.differences(name)[index]
    said = verdict_on(difference, outcome.smallest_difference)
    text = with_ends(difference, outcome, language, signed=True)
    return f"{text} {VERDICT_MARKS[said]}" if text else ""


VERDICT_MARKS = {
    Verdict.CLEAR: "**",
    Verdict.SLIGHT: "* ",
    Verdict.NONE: "= ",
    Verdict.UNCLEAR: "? ",
}


def _difference_table(study: Comparison, index: int, language: str) -> str:
    other = study.others[index]
    keys = ("difference", "verdict")
    heads = [phrases.say(key, language) for key in keys]
    head = [phrases.say("outcome", language), study.base.name, other.name, *heads]
    rows = [
        _difference_row(study.results[name][index], OUTCOMES[name], language)
        for name in study.outcomes
    ]
    return aligned(grouped(head, rows, study.outcomes, language))


def _difference_row(
    comparison: paired.PairedComparison, outcome: Outcome, language: str
) -> Row:
    texts = pair_texts(comparison, outcome, language)
    return (
        label(outcome, language),
        *texts,
        phrases.judgement(comparison.difference, outcome, language),
    )


def _level_table(study: Overview, language: str) -> str:
    head = [phrases.say(key, language) for key in ("outcome", "mean", "band")]
    rows = [level_row(study, name, language) for name in study.outcomes]
    return aligned(grouped(head, rows, study.outcomes, language))


def level_row(study: Overview, name: str, language: str) -> tuple[str, str, str]:
    """Return an outcome's name, its mean with interval, and the band of worlds."""
    outcome, level, band = OUTCOMES[name], study.levels[name], study.bands[name]
    places = phrases.decimals_told(level, outcome)
    ends = [
        phrases.number(float(end) * scale_of(outcome), language, places)
        for end in (band.low, band.high)
    ]
    reach = phrases.say("interval", language, low=ends[0], high=ends[1])
    if level.n == 0:
        reach = phrases.say("missing", language)
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
