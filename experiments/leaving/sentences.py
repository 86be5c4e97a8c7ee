"""What is said of leavings: who costs most, what goes along, what softens it."""

from experiments.leaving.holdings import HELD
from experiments.leaving.ranking import Felt, LeavingRanking
from experiments.leaving.words import said
from experiments.statistics.paired import good_sign
from experiments.statistics.verdicts import Verdict, verdict_on
from experiments.words import phrases
from experiments.words.numerals import (
    change,
    decimals_of,
    decimals_told,
    number,
    size_and_ends,
    size_of,
    size_that_matters,
)
from simulation.outcomes import OUTCOMES, Outcome

MOST_NAMES = 3
"""Seats that a sentence names besides the first."""


def called(ranking: LeavingRanking, unit: int, language: str) -> str:
    """Return how a sentence calls a unit: a seat, or somebody of a group."""
    one = ranking.units[unit]
    text = one.title(language)
    return text if one.node else said("somebody", language, group=text)


def most_harmful(ranking: LeavingRanking, name: str, language: str) -> str:
    """Return a sentence or two on whose leaving costs most of an outcome."""
    outcome = OUTCOMES[name]
    what = outcome.label[language]
    matters = size_that_matters(outcome, language)
    hurting = ranking.hurting(name)
    if not hurting:
        units = range(len(ranking.units))
        open_ = sum(ranking.verdict(name, k) == Verdict.UNCLEAR for k in units)
        numbers = {"n": number(open_, language), "of": number(len(units), language)}
        key = "nothing_sure" if open_ else "nothing"
        return said(key, language, what=what, matters=matters, **numbers)
    first = hurting[0]
    effect = ranking.effects(name)[first]
    higher = effect.estimate > 0
    size, ends = size_and_ends(effect.size, outcome, language)
    slight = ranking.verdict(name, first) == Verdict.SLIGHT
    text = said(
        "most",
        language,
        what=what,
        first=called(ranking, first, language),
        size=size,
        ends=ends,
        way=phrases.way(higher, outcome, language),
        small=said("small", language, matters=matters) if slight else "",
        felt=_felt(ranking, name, first, language),
    )
    others = [x for x in ranking.alike(name) if x in hurting[1:]]
    if not others:
        return text
    titles = [called(ranking, k, language) for k in others]
    names = phrases.names(phrases.cut_list(titles, language, MOST_NAMES), language)
    return f"{text} {said('alike', language, others=names)}"


def _felt(ranking: LeavingRanking, name: str, unit: int, language: str) -> str:
    felt = ranking.felt(name, unit)
    if felt is None or felt.weeks == 0:
        return ""
    design = ranking.found.design
    rest = design.organisation.weeks - design.week
    key = "felt_long" if felt.weeks is None else "felt"
    weeks = rest if felt.weeks is None else felt.weeks
    return said(key, language, weeks=number(weeks, language))


def weeks_felt(felt: Felt | None, ranking: LeavingRanking, language: str) -> str:
    """Return the weeks that a loss is felt, as a cell of a table."""
    if felt is None:
        return "–"
    if felt.weeks is None:
        design = ranking.found.design
        rest = design.organisation.weeks - design.week
        return said("over", language, weeks=number(rest, language))
    return number(felt.weeks, language)


def knowledge(ranking: LeavingRanking, unit: int, language: str) -> str:
    """Return a sentence on what goes along with whoever leaves a unit."""
    held = dict(zip(HELD, ranking.held(unit), strict=True))
    return said(
        "knowledge",
        language,
        first=called(ranking, unit, language),
        beliefs=number(held["beliefs"], language),
        own=number(held["own"], language, decimals_of(held["own"])),
        alone=number(held["alone"], language, decimals_of(held["alone"])),
    )


def bridging(ranking: LeavingRanking, unit: int, language: str) -> str:
    """Return a sentence on the leaving of the unit that bridges most."""
    sure = (Verdict.CLEAR, Verdict.SLIGHT)
    effects = [
        phrases.effect(ranking.effects(x)[unit], OUTCOMES[x], language)
        for x in ranking.outcomes
        if ranking.verdict(x, unit) in sure
    ]
    key = "bridge" if effects else "bridge_nothing"
    first = called(ranking, unit, language)
    return said(key, language, first=first, effects=phrases.names(effects, language))


def softening(ranking: LeavingRanking, language: str) -> list[str]:
    """Return sentences on the moves that surely change a loss."""
    sentences = []
    for m, move in enumerate(ranking.moves):
        for unit, name in ranking.losses:
            outcome, apart = OUTCOMES[name], ranking.softened(m, name, unit).apart
            verdict = verdict_on(apart, outcome.smallest_difference)
            if verdict not in (Verdict.CLEAR, Verdict.SLIGHT):
                continue
            less = good_sign(outcome.good) * apart.estimate > 0
            word = said(f"softens_{'less' if less else 'more'}", language)
            if verdict == Verdict.SLIGHT:
                word = phrases.say("slightly", language, word=word)
            sentences.append(
                said(
                    "softens",
                    language,
                    move=move.words(language),
                    first=called(ranking, unit, language),
                    word=word,
                    what=outcome.in_sentence[language],
                    change=change(apart, outcome, language),
                )
            )
    if sentences or not ranking.moves:
        return sentences
    moves = [f"“{move.words(language)}”" for move in ranking.moves]
    return [said("softens_nothing", language, moves=phrases.names(moves, language))]


def worst_text(felt: Felt | None, outcome: Outcome, language: str) -> str:
    """Return the largest loss of a period, as a cell of a table."""
    if felt is None or not felt.worst.known:
        return "–"
    worst = felt.worst
    return size_of(worst.estimate, outcome, language, decimals_told(worst, outcome))
