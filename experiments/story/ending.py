"""How a world ended, beside the median of worlds."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.show.document import Table
from experiments.story.picking import OUTCOMES, WorldOutcomes
from experiments.story.telling import Teller
from experiments.words.numerals import quantity
from experiments.words.phrases import names
from simulation.outcomes import find

MIDDLE = (0.1, 0.9)
"""Quantiles between which the end of a world is not unusual."""


def ending(
    teller: Teller, worlds: WorldOutcomes, side: int, at: int, known: int
) -> list[str]:
    """Return how a world ended against the median of the first `known` worlds.

    `at` is its place among the worlds, `side` that of its scenario.
    """
    language = teller.language
    odd, sentences = [], []
    for name in OUTCOMES:
        values = worlds.of(name)[side]
        here, others = values[at], values[:known][np.isfinite(values[:known])]
        if not np.isfinite(here) or not len(others):
            continue
        outcome = find(name)
        low, middle, high = np.quantile(others, (MIDDLE[0], 0.5, MIDDLE[1]))
        texts = {
            "what": outcome.in_sentence[language],
            "here": quantity(here, outcome, language),
            "middle": quantity(middle, outcome, language),
        }
        if outcome.headline:
            sentences.append(teller.say("end_one", **texts))
        if not low <= here <= high:
            way = "end_low" if here < low else "end_high"
            odd.append(teller.say(way, **texts))
    if not sentences:
        return []
    first = teller.say("end", levels=names(sentences, language), worlds=known)
    if not odd:
        return [f"{first} {teller.say('end_usual')}"]
    return [f"{first} {teller.say('end_unusual', whats=names(odd, language))}"]


def ending_table(
    tellers: Sequence[Teller], worlds: WorldOutcomes, at: int, known: int
) -> Table:
    """Return the outcomes of a world beside the median and the middle of worlds."""
    language = tellers[0].language
    rows, data = [], []
    for side, teller in enumerate(tellers):
        for name in OUTCOMES:
            outcome, values = find(name), worlds.of(name)[side]
            here, others = values[at], values[:known]
            if not np.isfinite(others).any():
                continue
            low, middle, high = np.nanquantile(others, (MIDDLE[0], 0.5, MIDDLE[1]))
            ends = [quantity(x, outcome, language) for x in (here, middle, low, high)]
            place = teller.say("interval", low=ends[2], high=ends[3])
            title = teller.log.scenario.title[language]
            rows.append((outcome.label[language], title, *ends[:2], place))
            data.append(
                {
                    "outcome": name,
                    "scenario": teller.log.scenario.name,
                    "unit": outcome.unit[language],
                    "here": here,
                    "median": middle,
                    "low": low,
                    "high": high,
                }
            )
    first = tellers[0]
    heads = ("outcome", "scenario", "here", "median", "most")
    return Table(
        "ending",
        first.say("ending_title"),
        tuple(first.say(f"head_{name}") for name in heads),
        tuple(rows),
        pd.DataFrame(data),
        first.say("ending_note", worlds=known),
    )
