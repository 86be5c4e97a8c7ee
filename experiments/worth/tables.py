"""What is worth finding out, in tables and rows of numbers."""

from collections.abc import Iterator

import pandas as pd

from experiments.show.document import Table
from experiments.statistics.verdicts import Verdict, worlds_to_settle
from experiments.words.numerals import (
    change,
    percent,
    say,
    signed_text,
    size_and_ends,
)
from experiments.worth.finding import AnswerWorth, ChoiceWorth, OutcomeWorth
from experiments.worth.text import MOST_SHOWN, shown_gain, values_told


def summary_table(
    found: ChoiceWorth, language: str = "en", most: int = MOST_SHOWN
) -> Table:
    """Return a row for each question that may pay, and a column for each outcome.

    Only the first `most` questions are shown; the numbers have all of them.
    """
    ranked = [x for x in found.ranked if x.verdict != Verdict.NONE][:most]
    rows = [
        (
            one.question.words[language],
            *(
                _cell(found.by(x.outcome.id, one.question.name), language)
                for x in found.outcomes
            ),
        )
        for one in ranked
    ]
    heads = [x.outcome.label[language] for x in found.outcomes]
    return Table(
        "worth",
        say("find_out_table", language),
        (say("find_out_head_question", language), *heads),
        tuple(rows),
        numbers_of(found, language),
        say("find_out_note", language),
    )


def _cell(one: AnswerWorth, language: str) -> str:
    if not one.pays:
        return say(f"find_out_verdict_{one.verdict}", language)
    gain = shown_gain(one.gain, one.outcome)
    size, _ = size_and_ends(gain, one.outcome, language)
    signed = signed_text(size, gain.estimate)
    share = percent(one.changed, language)
    return say("find_out_cell", language, gain=signed, share=share)


def outcome_table(found: ChoiceWorth, one: OutcomeWorth, language: str = "en") -> Table:
    """Return a row for each question that may pay: what its answer is worth."""
    keys = ("question", "changed", "gain", "verdict", "flips")
    rows = tuple(
        (
            answer.question.words[language],
            percent(answer.changed, language),
            change(shown_gain(answer.gain, one.outcome), one.outcome, language),
            say(f"find_out_verdict_{answer.verdict}", language),
            "; ".join(_flips_shown(found, answer, language)),
        )
        for answer in one.answers[:MOST_SHOWN]
        if answer.verdict != Verdict.NONE
    )
    data = numbers_of(found, language)
    return Table(
        f"worth-{one.outcome.id}",
        one.outcome.label[language],
        tuple(say(f"find_out_head_{key}", language) for key in keys),
        rows,
        data[data["outcome"] == one.outcome.id],
    )


def _flips_shown(found: ChoiceWorth, one: AnswerWorth, language: str) -> Iterator[str]:
    """Yield the option that is better and at which values, where that is sure."""
    for flip in one.flips if one.pays else ():
        told = values_told(flip, language)
        values = " ".join(told[key] for key in ("name", "values") if key in told)
        option = found.scenarios[flip.option].title[language]
        yield say("find_out_flip", language, option=option, values=values)


def numbers_of(found: ChoiceWorth, language: str = "en") -> pd.DataFrame:
    """Return a row for each outcome and question, with gains above zero if better."""
    return pd.DataFrame(
        [
            {
                "outcome": one.outcome.id,
                "question": answer.question.words[language],
                "unknowns": " ".join(answer.question.unknowns),
                "best": one.best.name,
                "changed": answer.changed,
                **answer.gain.columns("gain"),
                "verdict": str(answer.verdict),
                "worlds_to_settle": worlds_to_settle(
                    answer.gain, one.outcome.smallest_difference
                ),
                "gain_of_all": one.together.high if one.together else None,
                "gain_with_chance": one.perfect,
                "worlds": answer.gain.n,
            }
            for one in found.outcomes
            for answer in one.answers
        ]
    )


def flips_table(found: ChoiceWorth) -> pd.DataFrame:
    """Return a row for each value or range at which another option is better."""
    return pd.DataFrame(
        [
            {
                "outcome": one.outcome.id,
                "unknown": flip.unknown,
                "best": one.best.name,
                "better": found.scenarios[flip.option].name,
                "settings": " ".join(map(str, flip.settings)),
                "low": flip.low,
                "high": flip.high,
                "share": flip.share,
                "verdict": str(answer.verdict),
            }
            for one in found.outcomes
            for answer in one.answers
            for flip in answer.flips
        ]
    )
