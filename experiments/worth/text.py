"""What is worth finding out, in sentences."""

from collections.abc import Sequence

from experiments.advise.moves import setting_words
from experiments.statistics.information import FEWEST
from experiments.statistics.intervals import Interval
from experiments.statistics.paired import good_sign
from experiments.statistics.verdicts import Verdict, worlds_to_settle
from experiments.words.number_words import name_of, value_of
from experiments.words.numerals import (
    number,
    say,
    scale_of,
    size_and_ends,
    size_of,
    size_that_matters,
)
from experiments.words.phrases import cut_list, names, way
from experiments.worth.finding import AnswerWorth, ChoiceWorth
from experiments.worth.flips import FlippingValues
from simulation.outcomes import Outcome

MOST_NAMED = 3
"""Questions of which it is told in sentences that they are worth finding out."""
MOST_SHOWN = 20
"""Questions in a table, and in the list of those that need no answer."""


def finding(worth: ChoiceWorth, language: str = "en") -> str:
    """Return the question worth most as a headline, or that none is."""
    if not worth.ranked:
        return say("find_out_found_none", language)
    first = worth.ranked[0]
    key = {Verdict.CLEAR: "", Verdict.SLIGHT: "_little"}.get(
        first.verdict, f"_{first.verdict}"
    )
    question = first.question.words[language]
    return say(f"find_out_found{key}", language, question=question)


def sentences(worth: ChoiceWorth, language: str = "en") -> list[str]:
    """Return what is worth finding out, what is still unclear, and what would flip."""
    if not worth.outcomes:
        return [say("find_out_few", language, least=FEWEST)]
    if not worth.ranked:
        return [say("find_out_same", language)]
    paying = [one for one in worth.ranked if one.pays]
    unclear = [one for one in worth.ranked if one.verdict == Verdict.UNCLEAR]
    said = [_worth_told(one, language) for one in paying[:MOST_NAMED]]
    if unclear:
        said.append(_unclear_told(unclear, language))
    elif not paying:
        said.append(say("find_out_none", language))
    said += [x for one in paying[:MOST_NAMED] for x in flips_told(worth, one, language)]
    rest = len(worth.ranked) - len(paying) - len(unclear)
    if rest and rest < len(worth.ranked):
        said.append(say("find_out_others", language, n=number(rest, language)))
    return [*said, _best_told(worth, language)]


def rest_told(worth: ChoiceWorth, language: str = "en") -> str:
    """Return which questions need no answer before the choice; "" if there are none."""
    rest = [x for x in worth.ranked if x.verdict == Verdict.NONE]
    questions = [f"“{one.question.words[language]}”" for one in rest]
    if not questions:
        return ""
    listed = names(cut_list(questions, language, MOST_SHOWN), language)
    return say("find_out_rest", language, questions=listed)


def _worth_told(answer: AnswerWorth, language: str) -> str:
    outcome = answer.outcome
    higher = good_sign(outcome.good) > 0
    size, ends = size_and_ends(answer.gain, outcome, language)
    matters = size_that_matters(outcome, language)
    return say(
        f"find_out_{answer.verdict}",
        language,
        question=answer.question.words[language],
        n=_of_100(answer.changed, language),
        what=outcome.in_sentence[language],
        size=size,
        ends=ends,
        way=way(higher, outcome, language),
        **({"matters": matters} if answer.verdict == Verdict.SLIGHT else {}),
    )


def _of_100(share: float, language: str) -> str:
    return number(100 * share, language)


def _unclear_told(unclear: Sequence[AnswerWorth], language: str) -> str:
    needed = max(
        worlds_to_settle(one.gain, one.outcome.smallest_difference) or 0
        for one in unclear
    )
    questions = [f"“{one.question.words[language]}”" for one in unclear]
    return say(
        "find_out_unclear",
        language,
        questions=names(cut_list(questions, language, MOST_NAMED), language),
        n=number(needed, language),
    )


def _best_told(worth: ChoiceWorth, language: str) -> str:
    """Return which scenario is chosen by each outcome if nothing more is known."""
    whats: dict[str, list[str]] = {}
    for one in worth.outcomes:
        what = one.outcome.in_sentence[language]
        whats.setdefault(one.best.title[language], []).append(what)
    choices = [
        say("find_out_best_one", language, option=title, what=names(told, language))
        for title, told in whats.items()
    ]
    return say("find_out_best", language, choices=names(choices, language))


def flips_told(
    worth: ChoiceWorth, answer: AnswerWorth, language: str = "en"
) -> list[str]:
    """Return at which answers another option is better, a sentence for each option."""
    return [
        say(
            "find_out_flip_settings"
            if flip.unknown.startswith("levers.")
            else "find_out_flip_numbers",
            language,
            what=answer.outcome.in_sentence[language],
            option=worth.scenarios[flip.option].title[language],
            n=_of_100(flip.share, language),
            **values_told(flip, language),
        )
        for flip in answer.flips
    ]


def values_told(flip: FlippingValues, language: str) -> dict[str, str]:
    """Return the values of a flip in words, and of a number its name."""
    table, _, name = flip.unknown.partition(".")
    if table == "levers":
        settings = [
            setting_words(name, str(x), language) or str(x) for x in flip.settings
        ]
        return {"values": names(settings, language, "or")}
    return {"name": name_of(name, language), "values": _numbers_told(flip, language)}


def _numbers_told(flip: FlippingValues, language: str) -> str:
    name = flip.unknown.partition(".")[2]
    if flip.settings:
        values = [value_of(name, float(x), language) for x in flip.settings]
        return say("find_out_is", language, value=names(values, language, "or"))
    ends = {"low": flip.low, "high": flip.high}
    shown = {
        key: value_of(name, round(x, 1) if abs(x) >= 1 else x, language)
        for key, x in ends.items()
        if x is not None
    }
    key = "above" if flip.high is None else "below" if flip.low is None else "from_to"
    return say(f"find_out_{key}", language, **shown)


def shown_gain(gain: Interval, outcome: Outcome) -> Interval:
    """Return a gain as the difference it makes: below zero where less is better."""
    return gain.times(-1) if good_sign(outcome.good) < 0 else gain


def together_told(worth: ChoiceWorth, language: str = "en") -> str:
    """Return how much knowing all would bring at most; "" if it cannot be told."""
    gains = []
    for one in worth.outcomes:
        if one.together is not None:
            most = _size_of_end(one.together.high, one.outcome, language)
            gains.append(f"{one.outcome.in_sentence[language]} {most}")
    if not gains:
        return ""
    return say("find_out_together", language, gains=names(gains, language))


def _size_of_end(value: float, outcome: Outcome, language: str) -> str:
    places = 1 if scale_of(outcome) > 1 or outcome.smallest_difference < 10 else -3
    return size_of(value, outcome, language, places)


def note(worth: ChoiceWorth, language: str = "en") -> str:
    """Return a note on how gains were computed: worlds, seed and method."""
    return say("find_out_method", language, n=worth.worlds, seed=worth.seed)
