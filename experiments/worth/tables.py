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
    worth: ChoiceWorth, language: str = "en", most: int = MOST_SHOWN
) -> Table:
    """Return a row for each question that may pay, and a column for each outcome.

    Only the first `most` questions are shown; the numbers have all of them.
    """
    ranked = [x for x in worth.ranked if x.verdict != Verdict.NONE][:most]
    rows = [
        (
            one.question.words[language],
            *(
                _cell(worth.by(x.outcome.id, one.question.name), language)
                for x in worth.outcomes
            ),
        )
        for one in ranked
    ]
    heads = [x.outcome.label[language] for x in worth.outcomes]
    return Table(
        "worth",
        say("find_out_table", language),
        (say("find_out_head_question", language), *heads),
        tuple(rows),
        numbers_of(worth, language),
        say("find_out_note", language),
    )


def _cell(answer: AnswerWorth, language: str) -> str:
    if not answer.pays:
        return say(f"find_out_verdict_{answer.verdict}", language)
    gain = shown_gain(answer.gain, answer.outcome)
    size, _ = size_and_ends(gain, answer.outcome, language)
    signed = signed_text(size, gain.estimate)
    share = percent(answer.changed, language)
    return say("find_out_cell", language, gain=signed, share=share)


def outcome_table(
    worth: ChoiceWorth, outcome_worth: OutcomeWorth, language: str = "en"
) -> Table:
    """Return a row for each question that may pay: what its answer is worth."""
    keys = ("question", "changed", "gain", "verdict", "flips")
    rows = tuple(
        (
            answer.question.words[language],
            percent(answer.changed, language),
            change(
                shown_gain(answer.gain, outcome_worth.outcome),
                outcome_worth.outcome,
                language,
            ),
            say(f"find_out_verdict_{answer.verdict}", language),
            "; ".join(_flips_shown(worth, answer, language)),
        )
        for answer in outcome_worth.answers[:MOST_SHOWN]
        if answer.verdict != Verdict.NONE
    )
    data = numbers_of(worth, language)
    return Table(
        f"worth-{outcome_worth.outcome.id}",
        outcome_worth.outcome.label[language],
        tuple(say(f"find_out_head_{key}", language) for key in keys),
        rows,
        data[data["outcome"] == outcome_worth.outcome.id],
    )


def _flips_shown(
    worth: ChoiceWorth, answer: AnswerWorth, language: str
) -> Iterator[str]:
    """Yield the option that is better and at which values, where that is sure."""
    for flip in answer.flips if answer.pays else ():
        told = values_told(flip, language)
        values = " ".join(told[key] for key in ("name", "values") if key in told)
        option = worth.scenarios[flip.option].title[language]
        yield say("find_out_flip", language, option=option, values=values)


def numbers_of(worth: ChoiceWorth, language: str = "en") -> pd.DataFrame:
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
            for one in worth.outcomes
            for answer in one.answers
        ]
    )


def flips_table(worth: ChoiceWorth) -> pd.DataFrame:
    """Return a row for each value or range at which another option is better."""
    return pd.DataFrame(
        [
            {
                "outcome": one.outcome.id,
                "unknown": flip.unknown,
                "best": one.best.name,
                "better": worth.scenarios[flip.option].name,
                "settings": " ".join(map(str, flip.settings)),
                "low": flip.low,
                "high": flip.high,
                "share": flip.share,
                "verdict": str(answer.verdict),
            }
            for one in worth.outcomes
            for answer in one.answers
            for flip in answer.flips
        ]
    )
