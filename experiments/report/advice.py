"""What to do, from the verdicts on the headline outcomes: the headline of an answer."""

from collections.abc import Sequence
from enum import StrEnum

from experiments.compare.comparison import Comparison
from experiments.compare.reading import same_organisation
from experiments.report.compared import moved
from experiments.statistics.intervals import Interval
from experiments.statistics.paired import good_sign
from experiments.statistics.verdicts import Verdict, clear_sign, verdict_on
from experiments.words import phrases
from experiments.words.numerals import say, size_and_ends
from simulation.outcomes import OUTCOMES, Outcome

MOST_WORDED = 2
"""Levers whose words fit into a headline."""


class Recommendation(StrEnum):
    """What to do with a scenario, in the order in which scenarios are told."""

    DO = "do"
    """A headline outcome is clearly better, and none is clearly worse."""
    WEIGH = "weigh"
    """Some are clearly better, others clearly worse."""
    EARLY = "early"
    """None is clearly better or worse, and some effect is still unclear."""
    NONE = "none"
    """All effects are known, and none is clear."""
    LEAVE = "leave"
    """Some are clearly worse, and none is clearly better."""


def advice_on(study: Comparison, index: int) -> Recommendation:
    """Return what to do with the scenario at `index` among the others."""
    if same_organisation(study.others[index], study.base):
        return Recommendation.NONE
    found = {name: study.differences(name)[index] for name in study.headlines}
    signs = {gain(x, OUTCOMES[name]) for name, x in found.items()}
    if 1 in signs:
        return Recommendation.WEIGH if -1 in signs else Recommendation.DO
    if -1 in signs:
        return Recommendation.LEAVE
    unclear = any(
        verdict_on(x, OUTCOMES[name].smallest_difference) == Verdict.UNCLEAR
        for name, x in found.items()
    )
    return Recommendation.EARLY if unclear else Recommendation.NONE


def gain(difference: Interval, outcome: Outcome) -> int:
    """Return 1 for a clearly better outcome, -1 for a clearly worse one, else 0."""
    if outcome.good == "neutral":
        return 0
    sign = clear_sign(difference, outcome.smallest_difference)
    return sign * int(good_sign(outcome.good))


def recommendation(study: Comparison, language: str) -> str:
    """Return what to do with the scenarios of a comparison, as a headline."""
    if len(study.others) > 1:
        return _of_several(study, language)
    advice = advice_on(study, 0)
    head = say(f"advice_{advice}", language, what=_what(study, language))
    return f"{head} {_effects(study, language)}".rstrip()


def _what(study: Comparison, language: str) -> str:
    """Return what is done in the words of levers; in the title's if they are many."""
    [other] = study.others
    moves = moved(study.base, other)
    if 0 < len(moves) <= MOST_WORDED:
        return phrases.names([move.words(language) for move in moves], language)
    return other.title[language]


def _effects(study: Comparison, language: str) -> str:
    """Return the effects on the headline outcomes: good ones, bad ones, the rest."""
    if same_organisation(study.others[0], study.base):
        return say("advice_same", language)
    found = {name: study.differences(name)[0] for name in study.headlines}
    gains = {name: gain(x, OUTCOMES[name]) for name, x in found.items()}
    by_verdict: dict[Verdict, list[str]] = {one: [] for one in Verdict}
    for name, x in found.items():
        by_verdict[verdict_on(x, OUTCOMES[name].smallest_difference)].append(name)
    clear = sorted(by_verdict[Verdict.CLEAR], key=lambda name: -gains[name])
    moves = [moved_by(found[name], OUTCOMES[name], language) for name in clear]
    told = [f"{phrases.names(moves, language)}."] if moves else []
    for verdict in (Verdict.SLIGHT, Verdict.NONE, Verdict.UNCLEAR):
        if names := by_verdict[verdict]:
            whats = [OUTCOMES[name].in_sentence[language] for name in names]
            whats_told = phrases.names(whats, language)
            told.append(say(f"also_{verdict}", language, whats=whats_told))
    text = " ".join(told)
    return f"{text[:1].upper()}{text[1:]}"


def moved_by(difference: Interval, outcome: Outcome, language: str) -> str:
    """Return a difference as a clause: `burnout is 2.5 points lower`."""
    higher = difference.estimate > 0
    size, _ = size_and_ends(difference.size, outcome, language)
    what, way = outcome.in_sentence[language], phrases.way(higher, outcome, language)
    key = "advice_moved" + ("_plural" if language in outcome.plural else "")
    return say(key, language, what=what, size=size, way=way)


def _of_several(study: Comparison, language: str) -> str:
    """Return which of several scenarios to do, to weigh, to leave."""
    by_advice: dict[Recommendation, list[str]] = {one: [] for one in Recommendation}
    for k in by_gain(study):
        by_advice[advice_on(study, k)].append(study.others[k].title[language])
    parts = [
        say(
            f"advice_{advice}",
            language,
            what=phrases.names(phrases.cut_list(titles, language), language),
        )
        for advice, titles in by_advice.items()
        if titles
    ]
    return " ".join(parts)


def by_gain(study: Comparison) -> Sequence[int]:
    """Return the indices of the others, those to do first."""
    order = list(Recommendation)
    places = range(len(study.others))
    return sorted(places, key=lambda k: order.index(advice_on(study, k)))
