"""Which world a story tells, why, and in which others the answer fails, in words."""

from experiments.story.parting import matters
from experiments.story.picking import (
    FAILING,
    WorldOutcomes,
    claimed,
    failing_world,
    failures,
    median_world,
)
from experiments.story.request import StoryRequest
from experiments.story.words import said
from experiments.words.phrases import names
from simulation.outcomes import HEADLINES, find

MOST_LISTED = 10
"""Worlds in which an answer fails that are listed by number."""


def picked(
    request: StoryRequest, worlds: WorldOutcomes, language: str
) -> tuple[int, str]:
    """Return the world to tell, and a sentence on why it is this one."""
    place = {"seed": str(request.seed), "worlds": worlds.count}
    whats = names([find(x).in_sentence[language] for x in HEADLINES], language)
    if isinstance(request.world, int):
        values = place | {"world": str(request.world)}
        return request.world, said("pick_number", language, **values)
    if request.world == FAILING:
        world, name = failing_world(worlds)
        first, second = (f"“{one.title[language]}”" for one in request.scenarios)
        values = place | {"world": str(world), "first": first, "second": second}
        many = len(failures(worlds)[name])
        outcome = find(name)
        values |= {
            "what": outcome.in_sentence[language],
            "matters": matters(outcome, language),
        }
        text = said("pick_failing", language, n=many, **values)
        key = "pick_claimed" if name in claimed(worlds) else "pick_unclaimed"
        return world, f"{text} {said(key, language)}"
    world = median_world(worlds)
    values = place | {"world": str(world), "whats": whats}
    return world, said("pick_median", language, **values)


def fails(worlds: WorldOutcomes, language: str) -> list[str]:
    """Return in which worlds the answer fails, by outcome; nothing for one scenario."""
    if len(worlds.scenarios) < 2:
        return []
    texts = []
    first, second = (f"“{one.title[language]}”" for one in worlds.scenarios)
    for name, there in failures(worlds).items():
        outcome = find(name)
        values = {
            "what": outcome.in_sentence[language],
            "worlds": worlds.count,
            "matters": matters(outcome, language),
            "first": first,
            "second": second,
        }
        if not there:
            texts.append(said("failing_list_none", language, **values))
            continue
        listed = [str(x) for x in sorted(there)[:MOST_LISTED]]
        more = len(there) - MOST_LISTED
        listed += [said("others", language, n=more)] if more > 0 else []
        text = names(listed, language)
        texts.append(said("failing_list", language, n=len(there), list=text, **values))
    return texts
