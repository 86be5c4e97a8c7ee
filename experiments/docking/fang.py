"""Fang, Lee & Schilling (2010): semi-isolated groups learn, by the model's own rules.

`choose_exchanges`, `talk` (which polls those who are ahead and lets `adopt_majority`
adopt) and `commit` are those of `simulation.rules`. All that the model adds to the
published rule is at its neutral value: every tie is active, trust, safety and overlap
are 1, there is no territory, and nobody's picture of priorities rubs off. What is
Fang's own stands here and in `groups.py`: payoffs, groups, turnover and turbulence.
"""

from dataclasses import dataclass

import numpy as np

from experiments.docking.beliefs import (
    LEAVES,
    draw_beliefs,
    draw_reality,
    lanes,
    turn_reality,
)
from experiments.docking.groups import join
from simulation.chance import stream_key, uniform
from simulation.compiled import entry, rule
from simulation.rules.bits import shows
from simulation.rules.results import commit
from simulation.rules.talk import choose_exchanges, talk
from simulation.state import (
    BALLOT_PLANES,
    FIRM,
    KNOWN,
    LANES,
    NEXT_KNOWN,
    NEXT_VALUE,
    PARAMETER,
    STRUCTURE_RECORD,
    VALUE,
    records,
)

LEARNING = 0.3
"""Probability of adopting a majority belief; recalled from the paper."""
LONGEST = 1000
"""Periods after which a run that has not settled is cut off."""


@dataclass(frozen=True)
class Setting:
    """One point of Fang's figures; `beta`, `p3` and `p4` are probabilities, 0 to 1.

    Payoff comes in blocks of `s` dimensions, the last of which may be smaller.
    Reality turns with `p4`, and people leave with `p3`, once every `every` periods.
    `periods` of 0 means until nobody can learn any more.
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
def payoff(right, s, dimensions):
    """Return the dimensions in blocks of `s` of which all are right; uint64[1, words].

    A block of s right dimensions pays s, any other 0 (s = 1: the number right).
    """
    total = 0
    for first in range(0, dimensions, s):
        last = min(first + s, dimensions)
        whole = True
        for c in range(first, last):
            whole = whole and shows(right, 0, c)
        if whole:
            total += last - first
    return total


@rule
def score(beliefs, market, record, right, s, dimensions):
    """Set everyone's record, the same in each domain, to the payoff; return the mean.

    The mean is a share of the highest payoff, 0 to 1.
    """
    total = 0.0
    for i in range(beliefs.shape[0]):
        for word in range(beliefs.shape[2]):
            wrong = beliefs[i, VALUE, word] ^ market[0, word]
            right[0, word] = beliefs[i, KNOWN, word] & ~wrong
        earned = payoff(right, s, dimensions)
        total += earned
        for d in range(record.shape[1]):
            record[i, d] = earned
    return total / (beliefs.shape[0] * dimensions)


@rule
def change_world(beliefs, market, used, p3, p4, key, period):
    """Let reality turn with p4 and people leave with p3 for newcomers at random."""
    if p4 > 0.0:
        turn_reality(market, used, p4, key, period)
    if p3 > 0.0:
        for i in range(beliefs.shape[0]):
            if uniform(key, LEAVES, period, i, 0) < p3:
                draw_beliefs(beliefs, i, used, key, period)


@rule
def exchange(people, ties, neighbours, beliefs, firm, parameters, ballot):
    """Let everyone talk; return whether anybody will think otherwise after it."""
    changes = False
    for i in range(people.shape[0]):
        talk(people, ties, neighbours, beliefs, i, firm, parameters, ballot)
        for word in range(beliefs.shape[2]):
            known = beliefs[i, KNOWN, word] ^ beliefs[i, NEXT_KNOWN, word]
            value = beliefs[i, VALUE, word] ^ beliefs[i, NEXT_VALUE, word]
            changes = changes or (known | value) != np.uint64(0)
    return changes


@rule
def can_learn(people, ties, neighbours, beliefs, firm, parameters, ballot):
    """Return whether anybody would change if majorities were adopted for certain."""
    step = parameters[0].talk_step
    parameters[0].talk_step = 1.0
    changes = exchange(people, ties, neighbours, beliefs, firm, parameters, ballot)
    parameters[0].talk_step = step
    for i in range(people.shape[0]):
        for word in range(beliefs.shape[2]):
            beliefs[i, NEXT_KNOWN, word] = beliefs[i, KNOWN, word]
            beliefs[i, NEXT_VALUE, word] = beliefs[i, VALUE, word]
    return changes


@rule
def live(
    beliefs,
    strategy,
    market,
    record,
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
    """Live until the path is full or nobody can learn; return the periods lived."""
    f = firm[0]
    draw_reality(market, used, f.key)
    for i in range(people.shape[0]):
        draw_beliefs(beliefs, i, used, f.key, 0)
    path[0] = score(beliefs, market, record, right, s, dimensions)
    for period in range(1, path.shape[0]):
        f.week = period
        if period % every == 0:
            change_world(beliefs, market, used, p3, p4, f.key, period)
            score(beliefs, market, record, right, s, dimensions)
        choose_exchanges(people, ties, skill, record, firm, parameters)
        if not exchange(people, ties, neighbours, beliefs, firm, parameters, ballot):
            if p3 + p4 == 0.0 and not can_learn(
                people, ties, neighbours, beliefs, firm, parameters, ballot
            ):
                return period - 1
        for i in range(people.shape[0]):
            commit(beliefs, market, strategy, people, i, firm, structure)
        path[period] = score(beliefs, market, record, right, s, dimensions)
    return path.shape[0] - 1


def run(setting: Setting, seed: int, replicate: int) -> tuple[np.ndarray, int]:
    """Return the path of mean payoff, float[periods + 1], and the periods lived.

    Where a run settled before its end, what was earned stays.
    """
    path = np.zeros((setting.periods or LONGEST) + 1)
    arrays = _state(setting, seed, replicate)
    numbers = (setting.s, setting.dimensions, setting.p3, setting.p4, setting.every)
    lived = entry(live, *arrays, *numbers, path)(*arrays, *numbers, path)
    path[lived:] = path[lived]
    return path, lived


def _state(setting: Setting, seed: int, replicate: int) -> tuple:
    key = stream_key(seed, replicate)
    used = lanes(setting.dimensions)
    people, ties, neighbours = join(setting.groups, setting.size, setting.beta, key)
    firm = records(FIRM, 1)
    firm.key = key
    n, words = len(people), len(used)
    return (
        np.zeros((n, 5, words), np.uint64),
        np.zeros((6, words), np.uint64),
        np.zeros((1, words), np.uint64),
        np.zeros((n, LANES)),
        np.ones((n, 1)),
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
    """Return parameters under which `talk` is Fang's rule and nothing else."""
    parameters = records(PARAMETER, 1)
    parameters.talk_step = LEARNING
    parameters.heeds_records = 1.0
    parameters.overlap_floor = 1.0
    return parameters
