"""What the ways of working are that a story lays side by side, in the words of levers.

A lever that no scenario sets otherwise than another is not told.
"""

from collections.abc import Iterator, Mapping, Sequence

from experiments.advise.moves import setting_words
from experiments.story.telling import Teller
from experiments.story.words import begun
from experiments.words.phrases import names
from simulation.scenario import ResolvedScenario

HALF = 0.5
MOST_LEVERS = 5
"""Settings that are told of a way of working; the others are counted."""


def ways(tellers: Sequence[Teller]) -> list[str]:
    """Return a sentence on the way of working of each scenario, and how both begin."""
    sentences = [_way(teller, _settings(tellers, teller)) for teller in tellers]
    if len(tellers) == 1:
        return sentences
    as_is = [dict(x.log.scenario.stages[0].levers) for x in tellers]
    key = "ways_same_start" if as_is[0] == as_is[1] else "ways_other_start"
    return [*sentences, tellers[0].say(key)]


def _last(scenario: ResolvedScenario) -> Mapping[str, str]:
    return scenario.stages[-1].levers


def _settings(tellers: Sequence[Teller], teller: Teller) -> list[str]:
    """Return the levers whose setting tells a way of working from the other.

    Of one scenario: those that are otherwise than in its own past, or all that are
    otherwise than the first setting where it never changes.
    """
    own = _last(teller.log.scenario)
    others = [_last(x.log.scenario) for x in tellers if x is not teller]
    if not others:
        others = [teller.log.scenario.stages[0].levers]
    return [x for x in own if any(other.get(x) != own[x] for other in others)]


def _way(teller: Teller, levers: Sequence[str]) -> str:
    """Return a way of working as a sentence; its question where no lever tells it."""
    scenario, language = teller.log.scenario, teller.language
    clauses = [
        text for x in levers if (text := setting_words(x, _last(scenario)[x], language))
    ]
    if not clauses:
        question = scenario.question[language]
        return teller.say("way_question", title=teller.title, question=question)
    more = len(clauses) - MOST_LEVERS
    if more > 1:
        clauses = [*clauses[:MOST_LEVERS], teller.say("way_more", n=more)]
    listed = names(clauses, language)
    return " ".join(
        (teller.say("way_levers", title=teller.title, told=listed), *_when(teller))
    )


def _when(teller: Teller) -> Iterator[str]:
    """Yield from when a way of working holds, if it begins within the story."""
    stages = teller.log.scenario.stages[1:]
    if not stages:
        return
    weeks = [str(max(0, x.week)) for x in stages]
    half = next(
        (k for k, x in enumerate(teller.log.series.change_reached) if x >= HALF), None
    )
    text = teller.say("way_begins", n=len(weeks), weeks=names(weeks, teller.language))
    if half is not None and len(stages) == 1:
        text += teller.say("way_half", week=str(half))
    yield begun(text) + "."
