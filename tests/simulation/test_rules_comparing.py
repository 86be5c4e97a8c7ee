"""Before and after: what a change brought to its journey, and what blurs it."""

import numpy as np
from worlds import scenario

from simulation.binding import bind
from simulation.model import Organisation
from simulation.rules import comparing
from simulation.state import EXECUTED, WANTED

HEADS = {"marketeers": 8, "communicators": 3, "sales": 3, "product": 2}
WEEKS = 6


def verdicts(changed, noise, better=True):
    """Return the verdicts on items that became right (or wrong), with some others.

    `changed` items of each journey turn at once, the first for good or ill and the
    others the other way.
    """
    numbers = {"before_after_weeks": WEEKS, "before_after_noise": noise}
    found = []
    for seed in range(12):
        world = scenario(HEADS, parameters=numbers)
        state = Organisation(world, seed=seed).state
        compare = bind(comparing.compare_results, state)
        choices = state.choices
        there = np.flatnonzero(choices.exists == 1)
        firsts = []
        wanted, before = state.market[WANTED].copy(), state.market[EXECUTED]
        before[:] = wanted
        for bundle in np.unique(choices.bundle[there]):
            lanes = there[choices.bundle[there] == bundle][:changed]
            for k, c in enumerate(lanes):
                if (k == 0) == better:
                    before[c >> 6] ^= np.uint64(1) << np.uint64(c & 63)
            firsts.append(int(lanes[0]))
        compare()
        for bundle in np.unique(choices.bundle[there]):
            lanes = there[choices.bundle[there] == bundle][:changed]
            for c in lanes:
                before[c >> 6] ^= np.uint64(1) << np.uint64(c & 63)
                choices.changed[c] = 1
        for _ in range(WEEKS + 1):
            compare()
            state.firm.week[0] += 1
        found += choices.verdict[firsts].tolist()
    return np.array(found)


def test_a_change_for_the_better_shows():
    """Without chance, what set the journey right is seen as better, and the reverse."""
    assert (verdicts(1, 0.0) == comparing.BETTER).all()
    assert (verdicts(1, 0.0, better=False) == comparing.WORSE).all()


def test_other_changes_blur_it():
    """Where others of the journey change at once, the comparison says less."""
    alone = (verdicts(1, 0.2) == comparing.BETTER).mean()
    among = (verdicts(2, 0.2) == comparing.BETTER).mean()
    assert alone > among + 0.1


def test_nothing_is_compared_at_rest():
    """At zero weeks there is no verdict, whatever changes."""
    state = Organisation(scenario(HEADS)).state
    state.choices.changed = 1
    bind(comparing.compare_results, state)()
    assert (state.choices.verdict == comparing.NOTHING).all()
