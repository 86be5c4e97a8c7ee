"""Evidence fades by its size, and what was right and goes is a corruption."""

import numpy as np
import pytest
from worlds import scenario

from simulation.binding import bind
from simulation.model import Organisation
from simulation.rules import forgetting
from simulation.state import (
    KNOWN,
    NEXT_KNOWN,
    OWN,
    SURE,
    SURE_DIGITS,
    VALUE,
    WISHED,
)

ALL = np.uint64(2**64 - 1)
NONE = np.uint64(0)


def sizes_after(size, chance, weeks):
    """Return the mean evidence of 64 lanes after one fading, over many weeks."""
    digits = [ALL if (size - 1) >> d & 1 else NONE for d in range(SURE_DIGITS)]
    total = 0
    for week in range(weeks):
        known, _, s0, s1, s2 = forgetting.fade(
            ALL, ALL, *digits, chance, np.uint64(9), 58, week, 3, 0
        )
        total += int(known).bit_count() + int(s0).bit_count()
        total += 2 * int(s1).bit_count() + 4 * int(s2).bit_count()
    return total / (64 * weeks)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_evidence_loses_its_size_times_the_chance(size):
    """Each step is as likely to go as any other, on average."""
    chance, weeks = 0.06, 400
    lost = size - sizes_after(size, chance, weeks)
    # At most four draws of a probability p each take a step: variance below 4 p.
    error = np.sqrt(4 * chance * size / (64 * weeks))
    assert abs(lost - chance * size) < 4 * error


def test_nothing_fades_without_a_chance():
    """Without forgetting evidence stays."""
    assert sizes_after(7, 0.0, 3) == 7


def test_the_pace_of_the_market_ages_what_is_known():
    """What is forgotten, and what people discount for drift, four weeks at once."""
    numbers = {"forgetting": 0.004, "news_ages": 0.5}
    state = Organisation(scenario(parameters=numbers)).state
    now = state.structure[0]
    expected = 4 * (0.004 + 0.5 * now.market_drift * now.market_turbulence)
    assert forgetting.fading(now, state.parameters) == pytest.approx(expected)


def test_right_beliefs_that_fade_are_corruptions():
    """What was right of own items and goes is counted; each has a week of its own."""
    state = Organisation(scenario(parameters={"forgetting": 0.05})).state
    own = state.beliefs[:, OWN]
    state.beliefs[:, [KNOWN, NEXT_KNOWN]] = own[:, None]
    state.beliefs[:, VALUE] = own & state.market[WISHED]
    state.beliefs[:, SURE : SURE + SURE_DIGITS] = NONE
    state.people.corruptions = 0
    forget = bind(forgetting.forget, state)
    seats = state.people.seat
    for i in range(len(seats)):
        forget(i)
    gone = np.bitwise_count(own & ~state.beliefs[:, KNOWN]).sum(1)
    assert (state.people.corruptions == gone).all()
    turn = (state.firm.week[0] + seats) % forgetting.EVERY == 0
    assert (gone[~turn] == 0).all() and gone[turn].sum() > 0
