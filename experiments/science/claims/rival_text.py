"""Effects of claims under other rules and without weights, as documents."""

from collections.abc import Sequence

import pandas as pd

from experiments.science.claims.alternatives import find_rule
from experiments.science.claims.shifts import Shift
from experiments.science.claims.testing import ClaimTest
from experiments.science.claims.text import effect_text
from experiments.science.claims.weights import ORGANISATIONS, Without, weights
from experiments.science.tables_page import markdown
from experiments.show.document import Document, Table
from experiments.show.parts import document, section
from experiments.words.numerals import number, percent, say
from experiments.words.phrases import names

MOST_WEIGHTS = 6
"""Weights told of each claim."""


def rules_document(
    found: Sequence[Shift], asked: ClaimTest, language: str = "en", suffix: str = ""
) -> Document:
    """Return effects of claims under each rule, in bold where they surely differ."""
    rules = list(dict.fromkeys(one.rule for one in found))
    labels = [find_rule(rule).label[language] for rule in rules]
    head = [say(key, language) for key in ("claims_name", "claims_ours")] + labels
    by = {(one.claim.id, one.rule): one for one in found}
    rows = []
    for claim in dict.fromkeys(one.claim.id for one in found):
        each = [by[claim, rule] for rule in rules]
        ours = effect_text(each[0].ours, each[0].claim.outcome, language)
        rows.append(
            [claim.replace("_", " "), ours, *(_shift(x, language) for x in each)]
        )
    note = say(
        "rules_note",
        language,
        sets=number(asked.sets, language),
        organisations=asked.organisations,
    )
    numbers = rules_table(found, asked)
    return _document("rules", head, rows, numbers, note, language, suffix)


def _document(
    name: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: pd.DataFrame,
    note: str,
    language: str,
    suffix: str,
) -> Document:
    """Return one table as a document, and as a page in Markdown."""
    title = say(f"{name}_title", language)
    shown = tuple(tuple(row) for row in rows)
    table = Table(name, title, tuple(head), shown, numbers, note)
    answer = section("answer", language, tables=(table,))
    page = f"{markdown(head, rows)}\n{note}\n"
    return document(
        title,
        say("claims_question", language),
        language,
        (answer,),
        numbers={f"{name}{suffix}": numbers},
        attachments={f"{name}{suffix}.md": page},
        name=f"{name}{suffix}",
    )


def _shift(one: Shift, language: str) -> str:
    effect = effect_text(one.effect, one.claim.outcome, language)
    text = effect.partition(" (")[0] if not one.differs else f"**{effect}**"
    shift = effect_text(one.shift, one.claim.outcome, language)
    return f"{text}; {say('rules_shift', language, shift=shift)}"


def rules_table(found: Sequence[Shift], asked: ClaimTest) -> pd.DataFrame:
    """Return a row for each claim and rule: effects in the outcome's unit."""
    rows = [
        {
            "claim": one.claim.id,
            "rule": one.rule,
            "outcome": one.claim.outcome,
            "smallest": one.claim.smallest,
            **one.ours.columns("ours"),
            **one.effect.columns("effect"),
            **one.shift.columns("shift"),
            "differs": one.differs,
            "matters": one.matters,
            "sets": asked.sets,
            "organisations": asked.organisations,
            "seed": asked.seed,
        }
        for one in found
    ]
    return pd.DataFrame(rows)


def weights_document(
    found: Sequence[Without], language: str = "en", suffix: str = ""
) -> Document:
    """Return, for each claim, the weights that surely carry part of it, largest first.

    At most `MOST_WEIGHTS` weights are named for each claim.
    """
    keys = ("claims_name", "claims_ours", "weights_gone")
    rows = []
    for name in dict.fromkeys(one.claim.id for one in found):
        each = [one for one in found if one.claim.id == name]
        claim = each[0].claim
        told = [
            f"{one.parameter} ({percent(one.left, language)})"
            for one in each
            if one.sure
        ]
        ours = effect_text(each[0].ours, claim.outcome, language)
        listed = names(told[:MOST_WEIGHTS], language) or say("weights_none", language)
        rows.append([claim.id.replace("_", " "), ours, listed])
    note = say(
        "weights_note",
        language,
        weights=len(weights()),
        organisations=number(ORGANISATIONS, language),
        most=number(MOST_WEIGHTS, language),
    )
    head = [say(key, language) for key in keys]
    numbers = weights_table(found)
    return _document("weights", head, rows, numbers, note, language, suffix)


def weights_table(found: Sequence[Without]) -> pd.DataFrame:
    """Return a row for each claim and weight."""
    rows = [
        {
            "claim": one.claim.id,
            "parameter": one.parameter,
            "outcome": one.claim.outcome,
            **one.ours.columns("ours"),
            **one.effect.columns("effect"),
            **one.shift.columns("shift"),
            "left": one.left,
            "sure": one.sure,
        }
        for one in found
    ]
    return pd.DataFrame(rows)
