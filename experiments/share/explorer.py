"""The explorer of an atlas: the page that runs the model, with a map of combinations.

The map has the means of every combination that was simulated for the atlas; the page
itself lives the combination that is chosen, as it lives any other.
"""

import base64
from pathlib import Path
from typing import Any

import numpy as np

from experiments.advise.atlas.combinations import Atlas
from experiments.advise.atlas.steps import Front
from experiments.advise.moves import Move
from experiments.share.building import PageTools, html_of, page_data
from experiments.share.choices import PageChoice, as_is_of
from experiments.share.questions import OWN, questions
from experiments.statistics.intervals import mean_known
from experiments.statistics.paired import good_sign
from experiments.words.numerals import say
from experiments.words.phrases import names as joined
from simulation.outcomes import HEADLINES, LANGUAGES, OUTCOMES

MODULE = Path(__file__).with_name("map.mjs")
DRAWN = ("lead_quality", "burnout")
"""Outcomes of the map: across, and up."""


def explorer_page(atlas: Atlas, found: Front, language: str = "en") -> str:
    """Return the page of an atlas, which opens from disk, without a network."""
    base = as_is_of(atlas.lived.design.today)
    asked = [*_best(atlas), *questions(base, [])]
    data = page_data(base, asked, language, atlas.lived.design.seed)
    data["atlas"] = {
        "moves": [[move.lever, move.setting] for move in atlas.moves],
        "drawn": [[name, _packed(mean_known(atlas.of(name), 1))] for name in DRAWN],
        "front": list(found.states),
        "worlds": atlas.lived.design.replicates,
    }
    return html_of(data, language, PageTools(modules=(MODULE,)))


def _best(atlas: Atlas) -> list[dict[str, Any]]:
    """Return the combinations that are best for each headline outcome, as questions."""
    states: dict[int, list[str]] = {}
    for name in HEADLINES:
        means = good_sign(OUTCOMES[name].good) * mean_known(atlas.of(name), 1)
        states.setdefault(int(np.argmax(means)), []).append(name)
    return [
        _question(k, names, atlas.moves_in(state))
        for k, (state, names) in enumerate(states.items())
        if state
    ]


def _question(k: int, names: list[str], moves: list[Move]) -> dict[str, Any]:
    plan = tuple((0, move.lever, move.setting) for move in moves)
    outcomes = [OUTCOMES[name] for name in names]
    labels = {x: joined([one.in_sentence[x] for one in outcomes], x) for x in LANGUAGES}
    return {
        "id": f"best-{k}",
        "group": OWN,
        "title": {x: say("explorer_best", x, what=labels[x]) for x in LANGUAGES},
        "question": {x: say("explorer_question", x) for x in LANGUAGES},
        "choice": PageChoice({}, plan, ()).as_json(),
    }


def _packed(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()
