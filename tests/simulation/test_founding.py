"""Founding as array code: the worlds that it founded when it was written plainly."""

import hashlib
import tomllib
from pathlib import Path

import numpy as np
import pytest
from random_charts import organised

from simulation.founding import Founder

FOUNDED = Path(__file__).parent / "founded.toml"
FIELDS = {
    "people": (
        *("seat", "role", "own_department", "domain", "contract", "maker"),
        *("seat_external", "leader_separate", "leader_integrated", "project_leader"),
        *("team_channel", "team_mixed", "mix_rank", "second_rank"),
        *("first_tie", "last_tie", "first_choice", "last_choice"),
        *("first_report", "last_report"),
    ),
    "choices": (
        *("exists", "domain", "bundle", "theme", "executor"),
        *("first_mate", "last_mate"),
    ),
    "ties": ("a", "b", "layer", "trust"),
    "neighbours": ("person", "tie"),
    "firm": (
        *("week", "items", "channel_items", "top", "champion", "broker", "themes"),
        *("stated_size", "brand", "consistency", "shock_week"),
    ),
}
"""Fields that founding sets; `draw_start` draws the others from the world's key."""
WHOLE = ("hours", "own", "mates", "reports", "reps", "channel_items")


def digest_of(state):
    """Return a hash of all that founding sets, byte for byte."""
    arrays = [getattr(state, name) for name in WHOLE]
    arrays += [getattr(state, of)[name] for of, names in FIELDS.items() for name in names]
    whole = hashlib.blake2b(digest_size=8)
    for array in arrays:
        whole.update(f"{array.shape} {array.dtype.str} ".encode())
        whole.update(np.ascontiguousarray(array).tobytes())
    return whole.hexdigest()


SAVED = tomllib.loads(FOUNDED.read_text(encoding="utf-8"))["founded"]


@pytest.mark.parametrize("number", range(0, len(SAVED), 10))
def test_the_same_worlds_as_before(number, tmp_path):
    """States of random organisations are those of the first, plain implementation."""
    for one in range(number, min(number + 10, len(SAVED))):
        founder = Founder(organised(one, tmp_path))
        assert digest_of(founder.found(one, 1)) == SAVED[one], one
