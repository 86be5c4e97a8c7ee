"""What goes with whoever leaves a seat: knowledge, contact, leads in hand."""

from collections.abc import Mapping

import numpy as np

from simulation.founding import State
from simulation.state import (
    EXISTS,
    KNOWN,
    LEAD_WAITING,
    OWN,
    VACANT,
    VALUE,
    WISHED,
    WRITTEN_KNOWN,
    WRITTEN_VALUE,
)

HELD = ("seated", "beliefs", "own", "alone", "contact", "colleagues", "leads")
"""What is counted of each seat: see `held_by_seat`."""


def held_by_seat(state: State) -> Mapping[str, np.ndarray]:
    """Return what each seat holds as a week begins, (n,) each, by the names of `HELD`.

    `seated` is 1 where somebody has the seat. `beliefs` are right beliefs about items,
    `own` those of them about own items, `alone` those that nobody else holds and of
    which the written strategy does not say the same. `contact` is hours of contact in
    the last week, `colleagues` the number of people it was with. `leads` are leads in
    hand that wait for an answer.
    """
    right = _right(state.beliefs[:, KNOWN], state.beliefs[:, VALUE], state)
    written = _right(
        state.strategy[None, WRITTEN_KNOWN], state.strategy[None, WRITTEN_VALUE], state
    )
    alone = right & ~written & (right.sum(0) == 1)
    size, ties = len(state.people), state.ties
    ends = np.concatenate((ties["a"], ties["b"]))
    hours = np.tile(ties["contact"], 2)
    leads = state.leads[: int(state.firm["leads_listed"][0])]
    waiting = leads[(leads["stage"] == LEAD_WAITING) & (leads["rep"] >= 0)]
    counts = (
        state.people["status"] != VACANT,
        right.sum(1),
        (right & _bits(state.beliefs[:, OWN])).sum(1),
        alone.sum(1),
        np.bincount(ends, hours, size),
        np.bincount(ends, hours > 0, size),
        np.bincount(waiting["rep"], minlength=size),
    )
    return dict(zip(HELD, (np.asarray(x, float) for x in counts), strict=True))


def _right(known: np.ndarray, value: np.ndarray, state: State) -> np.ndarray:
    """Return which items are rightly known, (holders, items), from planes of bits."""
    wished = state.market[WISHED]
    return _bits(known & state.market[EXISTS] & ~(value ^ wished))


def _bits(planes: np.ndarray) -> np.ndarray:
    """Return the bits of words, (rows, words), as truth values (rows, items)."""
    return np.unpackbits(np.ascontiguousarray(planes).view(np.uint8), axis=1) == 1
