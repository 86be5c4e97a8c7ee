"""Fang, Lee & Schilling (2010): learning in semi-isolated groups, by the model's rules.

`choose_exchanges`, `talk` (which polls those who are ahead and calls `adopt_majority`)
and `commit` are those of `simulation.rules`. Everything that the model adds to the
published rule is at its neutral value: every tie is active, trust, safety and overlap
are 1, there is no territory, and nobody passes on a picture of priorities. What is
Fang's own, payoffs and groups, is in `fang_steps.py` and `groups.py`.
"""

from dataclasses import dataclass

import numpy as np

from experiments.science.docking.beliefs import (
    change_world,
    draw_beliefs,
    draw_reality,
    lanes,
)
from experiments.science.docking.fang_steps import can_learn, exchange, score
from experiments.science.docking.groups import join
from simulation.chance import stream_key
from simulation.compiled import entry, rule
from simulation.rules.results import commit
from simulation.rules.talk import choose_exchanges
from simulation.state import (
    BALLOT_PLANES,
    BELIEF_PLANES,
    FIRM,
    LANES,
    PARAMETER,
    STRATEGY_PLANES,
    STRUCTURE_RECORD,
    records,
)
from simulation.whole_numbers import checks_numbers

LEARNING = 0.3
"""Probability of adopting a majority belief; recalled from the paper."""
LONGEST = 1000
"""Periods after which a run that has not settled is cut off."""


@dataclass(frozen=True)
class FangSetting:
    """Setting of one point of Fang's figures.

    There are `groups` groups of `size` people, and `dimensions` dimensions of reality.
    `beta` is the probability that a tie is rewired to another group; `p3` and `p4` are
    probabilities too, 0 to 1. Payoff comes in blocks of `s`
    dimensions; the last block may be smaller. Once every `every` periods, reality turns
    with `p4` and people leave with `p3`. `periods` 0 runs until nobody can learn any
    more.
    """

    beta: float
    s: int = 5
    p3: float = 0.0
    p4: float = 0.0
    every: int = 1
    groups: int = 40
    size: int = 7
    dimensions: int = 100
    periods: int = 0


@rule
def live(
    beliefs,
    strategy,
    market,
    earned,
    skill,
    right,
    people,
    ties,
    neighbours,
    firm,
    structure,
    parameters,
    ballot,
    used,
    s,
    dimensions,
    p3,
    p4,
    every,
    path,
):
    """Run until the path is full or nobody can learn; return the number of periods."""
    f = firm[0]
    draw_reality(market, used, f.key)
    for i in range(people.shape[0]):
        draw_beliefs(beliefs, i, used, f.key, 0)
    path[0] = score(beliefs, market, earned, right, s, dimensions)
    for period in range(1, path.shape[0]):
        f.week = period
        if period % every == 0:
            change_world(beliefs, market, used, p3, p4, f.key, period)
            score(beliefs, market, earned, right, s, dimensions)
        choose_exchanges(people, ties, skill, firm, parameters)
        if not exchange(
            people, ties, neighbours, beliefs, skill, earned, firm, parameters, ballot
        ):
            if p3 + p4 == 0.0 and not can_learn(
                people,
                ties,
                neighbours,
                beliefs,
                skill,
                earned,
                firm,
                parameters,
                ballot,
            ):
                return period - 1
        for i in range(people.shape[0]):
            commit(beliefs, market, strategy, people, i, firm, structure)
        path[period] = score(beliefs, market, earned, right, s, dimensions)
    return path.shape[0] - 1


@checks_numbers
def run(setting: FangSetting, seed: int, replicate: int) -> tuple[np.ndarray, int]:
    """Return the path of mean payoff, float[periods + 1], and the number of periods.

    If the run settled before the end of the path, its last value is repeated.
    """
    path = np.zeros((setting.periods or LONGEST) + 1)
    arrays = _state(setting, seed, replicate)
    numbers = (setting.s, setting.dimensions, setting.p3, setting.p4, setting.every)
    lived = entry(live, *arrays, *numbers, path)(*arrays, *numbers, path)
    path[lived:] = path[lived]
    return path, lived


def _state(setting: FangSetting, seed: int, replicate: int) -> tuple:
    key = stream_key(seed, replicate)
    used = lanes(setting.dimensions)
    people, ties, neighbours = join(setting.groups, setting.size, setting.beta, key)
    firm = records(FIRM, 1)
    firm.key = key
    n, words = len(people), len(used)
    return (
        np.zeros((n, BELIEF_PLANES, words), np.uint64),
        np.zeros((STRATEGY_PLANES, words), np.uint64),
        np.zeros((1, words), np.uint64),
        np.zeros(n),
        np.ones((n, LANES)),
        np.zeros((1, words), np.uint64),
        people,
        ties,
        neighbours,
        firm,
        records(STRUCTURE_RECORD, 1),
        _parameters(),
        np.zeros((2, BALLOT_PLANES), np.uint64),
        used,
    )


def _parameters() -> np.ndarray:
    """Return parameters that reduce `talk` to Fang's rule."""
    parameters = records(PARAMETER, 1)
    parameters.talk_step = LEARNING
    parameters.overlap_floor = 1.0
    parameters.evidence_limit = parameters.heard_limit = 1.0
    parameters.evidence_heard = 2.0
    return parameters
