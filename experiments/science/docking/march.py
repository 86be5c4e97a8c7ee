"""March (1991): a code and its people learn from one another, by the model's rules.

`weigh_voices`, `adopt_code`, `socialise` and `commit` are those of `simulation.rules`.
What is March's own, actions and scores, is in `march_steps.py`. Details that his paper
omits follow Christensen's note, as in M. Workiewicz's replication: a belief of 0 acts
by the flip of a coin, actions decide who is superior to the code, beliefs move one step
at a time, and people learn from the code of the period before.
"""

from dataclasses import dataclass

import numpy as np

from experiments.science.docking.beliefs import (
    change_world,
    draw_beliefs,
    draw_reality,
    lanes,
)
from experiments.science.docking.march_steps import (
    act,
    let_better_speak,
    note,
    score_code,
    settled,
)
from simulation.chance import stream_key
from simulation.compiled import entry, rule
from simulation.rules.results import commit
from simulation.rules.strategy import adopt_code, socialise, weigh_voices
from simulation.state import (
    BALLOT_PLANES,
    BELIEF_PLANES,
    FIRM,
    PARAMETER,
    PERSON,
    STRATEGY_PLANES,
    STRUCTURE_RECORD,
    records,
)
from simulation.whole_numbers import checks_numbers

PEOPLE, DIMENSIONS = 50, 30
LONGEST = 1000
"""Periods after which a run that has not settled is cut off."""


@dataclass(frozen=True)
class MarchSetting:
    """Setting of one point of March's figures: probabilities per period, 0 to 1.

    `fast` is the share of people who are socialised with `p1_fast` instead of `p1`.
    `periods` 0 runs until nothing can be learned any more.
    """

    p1: float
    p2: float = 0.5
    p3: float = 0.0
    p4: float = 0.0
    fast: float = 0.0
    p1_fast: float = 0.9
    periods: int = 0


@rule
def live(
    beliefs,
    actions,
    strategy,
    market,
    earned,
    people,
    firm,
    structure,
    parameters,
    ballot,
    used,
    p1,
    p2,
    p3,
    p4,
    fast,
    path,
):
    """Run until the path is full or nothing can be learned; return the periods."""
    key = firm[0].key
    draw_reality(market, used, key)
    for i in range(people.shape[0]):
        draw_beliefs(beliefs, i, used, key, 0)
    note(beliefs, strategy, market, used, fast, path, 0)
    for period in range(1, path.shape[0]):
        change_world(beliefs, market, used, p3, p4, key, period)
        score_code(strategy, earned, market)
        if p3 + p4 == 0.0 and settled(beliefs, strategy, earned, market, used):
            return period - 1
        act(beliefs, actions, earned, market, used, key, period)
        let_better_speak(people, earned)
        weigh_voices(actions, people, 0, parameters[0].evidence_limit, ballot)
        for i in range(people.shape[0]):
            socialise(beliefs, strategy, 0, i, p1[i], key, period, i, parameters)
        adopt_code(strategy, ballot, 0, p2, 1.0, key, period)
        for i in range(people.shape[0]):
            commit(beliefs, market, strategy, people, i, firm, structure)
        note(beliefs, strategy, market, used, fast, path, period)
    return path.shape[0] - 1


@checks_numbers
def run(setting: MarchSetting, seed: int, replicate: int) -> tuple[np.ndarray, int]:
    """Return the path of knowledge, float[periods + 1, columns], and periods run.

    If the run settled before the end of the path, its last row is repeated.
    """
    path = np.zeros(((setting.periods or LONGEST) + 1, 4))
    rates = np.full(PEOPLE, setting.p1)
    quick = round(setting.fast * PEOPLE)
    rates[:quick] = setting.p1_fast
    arrays = (*_state(seed, replicate), rates)
    numbers = (setting.p2, setting.p3, setting.p4, quick, path)
    lived = entry(live, *arrays, *numbers)(*arrays, *numbers)
    path[lived:] = path[lived]
    return path, lived


def _state(seed: int, replicate: int) -> tuple:
    people = records(PERSON, PEOPLE)
    firm = records(FIRM, 1)
    firm.key = stream_key(seed, replicate)
    return (
        np.zeros((PEOPLE, BELIEF_PLANES, 1), np.uint64),
        np.zeros((PEOPLE, 2, 1), np.uint64),
        np.zeros((STRATEGY_PLANES, 1), np.uint64),
        np.zeros((1, 1), np.uint64),
        np.zeros(PEOPLE + 1),
        people,
        firm,
        records(STRUCTURE_RECORD, 1),
        _parameters(),
        np.zeros((2, BALLOT_PLANES), np.uint64),
        lanes(DIMENSIONS),
    )


def _parameters() -> np.ndarray:
    """Return parameters under which evidence is on March's scale of -1, 0 and 1."""
    parameters = records(PARAMETER, 1)
    parameters.evidence_heard = 1.0
    parameters.evidence_limit = parameters.heard_limit = 1.0
    return parameters
