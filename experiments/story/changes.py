"""What changed in a phase of the week: arrays before and after it, read as events.

Each function takes a `Before` and the organisation after the phase, and yields events.
Nothing here writes to the organisation.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from experiments.story.events import Event
from simulation.model import Organisation
from simulation.state import (
    AT_GATE,
    EXECUTED,
    IDLE,
    IN_WORK,
    KNOWN,
    ON_LEAVE,
    OWN,
    VACANT,
    VALUE,
    WANTED,
    WISHED,
    WORKING,
    WRITTEN_KNOWN,
    WRITTEN_VALUE,
)

EXHAUSTED = 1.0
"""Exhaustion above which the model counts somebody who leaves as exhausted."""
SMALLEST = 1e-9
"""Changes of a budget up to this are what sums of floats leave."""


class Before(NamedTuple):
    """Copies of the arrays that events are read from, taken before a phase."""

    people: np.recarray
    choices: np.recarray
    leads: np.recarray
    firm: np.recarray
    beliefs: np.ndarray
    market: np.ndarray
    strategy: np.ndarray


def copy_of(state: Any) -> Before:
    """Return copies of the arrays of a state that events are read from."""
    return Before(*(getattr(state, name).copy() for name in Before._fields))


def bits(words: np.ndarray, items: int) -> np.ndarray:
    """Return the bits of words, uint64[..., W], as bool[..., items]."""
    as_bytes = np.ascontiguousarray(words).astype("<u8").view(np.uint8)
    return np.unpackbits(as_bytes, axis=-1, bitorder="little")[..., :items] > 0


def right_own(state: Any) -> np.ndarray:
    """Return which right beliefs people hold about own items, bool[n, items]."""
    held = state.beliefs[:, KNOWN] & state.beliefs[:, OWN]
    held &= ~(state.beliefs[:, VALUE] ^ state.market[WISHED])
    return bits(held, len(state.choices))


def known_by_makers(state: Any) -> frozenset[int]:
    """Return the items about which the person who executes them is right."""
    right, executors = right_own(state), state.choices.executor
    there = np.flatnonzero(state.choices.exists == 1)
    return frozenset(int(c) for c in there if right[executors[c], c])


def right_strategy(state: Any) -> np.ndarray:
    """Return about which items the strategy is right, bool[items]."""
    agrees = ~(state.strategy[VALUE] ^ state.market[WISHED])
    there = state.choices.exists == 1
    return bits(state.strategy[KNOWN] & agrees, len(there)) & there


def fitting(state: Any) -> np.ndarray:
    """Return which items are executed as customers want them, bool[items]."""
    agrees = ~(state.market[WANTED] ^ state.market[EXECUTED])
    return bits(agrees, len(state.choices)) & (state.choices.exists == 1)


def name_of(model: Organisation, seat: Any) -> str:
    """Return the name of a seat; empty for none."""
    return model.person(int(seat)).name if seat >= 0 else ""


def see_dated_change(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield the dated change that began, and the budget that changed with it."""
    version = int(model.state.firm.version[0])
    if version > before.firm.version[0]:
        yield _event(model, "change", value=version)
    yield from see_budget(before, model)


def see_budget(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield a change of the marketing budget; its value is the new one."""
    old, new = float(before.firm.budget[0]), float(model.state.firm.budget[0])
    if abs(new - old) > SMALLEST:
        reason = "raised" if new > old else "cut"
        yield _event(model, "budget", reason=reason, value=new)


def see_arrivals(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield who left and who joined.

    The value of `left` is the number of right beliefs about own items that are lost,
    as they are not written down; its reason is `exhausted` or `notice`, of externals
    with `external_` before it.
    """
    old, new = before.people, model.state.people
    known = right_own(before)
    written = before.strategy[WRITTEN_KNOWN]
    written = written & ~(before.strategy[WRITTEN_VALUE] ^ before.market[WISHED])
    lost = (known & ~bits(written, len(before.choices))).sum(-1)
    for i in np.flatnonzero((old.status != VACANT) & (new.status == VACANT)):
        reason = "exhausted" if old.exhaustion[i] > EXHAUSTED else "notice"
        if old.external[i]:
            reason = f"external_{reason}"
        who = name_of(model, i)
        yield _event(model, "left", who, reason=reason, value=int(lost[i]))
    for i in np.flatnonzero((old.status == VACANT) & (new.status != VACANT)):
        yield _event(model, "joined", name_of(model, i))


def see_wishes(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield the items of which customers changed their mind, then strategy events.

    The reason is what the executor believed. `outdated`: right before, wrong now;
    `vindicated`: wrong before, right now; `unknown`: no belief. The value is 1 if the
    item is executed as customers now want it, else 0.
    """
    state = model.state
    items = len(state.choices)
    flipped = bits(before.market[WISHED] ^ state.market[WISHED], items)
    was, fits = right_own(before), fitting(state)
    now = right_own(state)
    for c in np.flatnonzero(flipped & (state.choices.exists == 1)):
        i = int(state.choices.executor[c])
        reason = "outdated" if was[i, c] else "vindicated" if now[i, c] else "unknown"
        yield _event(
            model, "wish", name_of(model, i), "", int(c), reason, float(fits[c])
        )
    yield from see_strategy(before, model, "market")


def see_strategy(before: Before, model: Organisation, reason: str) -> Iterator[Event]:
    """Yield the items about which the strategy became right or wrong."""
    was, now = right_strategy(before), right_strategy(model.state)
    for c in np.flatnonzero(was != now):
        kind = "strategy_right" if now[c] else "strategy_wrong"
        yield _event(model, kind, item=int(c), reason=reason)


def see_priorities(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield which leaders state other priorities."""
    for i in np.flatnonzero(before.people.stated != model.state.people.stated):
        yield _event(model, "priorities", name_of(model, i))


def see_decisions(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield what leaders decided, with the weeks that it waited."""
    choices = model.state.choices
    for c in np.flatnonzero(_left_gate(before, choices)):
        reason = "overruled" if choices.overruled[c] else "approved"
        yield _decided(model, int(c), reason)


def see_going_ahead(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield what went ahead without an answer, and what was abandoned."""
    choices = model.state.choices
    for c in np.flatnonzero(_left_gate(before, choices)):
        yield _decided(model, int(c), "unanswered")
    stopped = (before.choices.stage == IN_WORK) & (choices.stage == IDLE)
    for c in np.flatnonzero(stopped):
        yield _event(model, "abandoned", name_of(model, choices.worker[c]), item=int(c))


def _left_gate(before: Before, choices: np.recarray) -> np.ndarray:
    there = (choices.exists == 1) & (before.choices.stage == AT_GATE)
    return there & (choices.stage != AT_GATE)


def _decided(model: Organisation, c: int, reason: str) -> Event:
    choice = model.state.choices[c]
    ends = (name_of(model, choice.decider), name_of(model, choice.worker))
    return _event(model, "decided", *ends, c, reason, float(choice.wait))


def see_starts(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield who took up which item: an own one, or one of somebody else."""
    choices = model.state.choices
    began = (before.choices.stage == IDLE) & (choices.stage == IN_WORK)
    for c in np.flatnonzero(began):
        reason = "initiative" if choices.initiative[c] else "own"
        ends = (name_of(model, choices.worker[c]), name_of(model, choices.executor[c]))
        yield _event(model, "started", *ends, int(c), reason)


def see_proposals(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield what was finished and waits for a leader from now on."""
    choices = model.state.choices
    handed_in = (before.choices.stage == IN_WORK) & (choices.stage == AT_GATE)
    for c in np.flatnonzero(handed_in):
        ends = (name_of(model, choices.worker[c]), name_of(model, choices.decider[c]))
        yield _event(model, "proposed", *ends, int(c))


def see_launches(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield what was launched this week; the value is 1 if that changed the item."""
    choices, fits = model.state.choices, fitting(model.state)
    for c in np.flatnonzero((choices.exists == 1) & (choices.launched == model.week)):
        reason = "fits" if fits[c] else "misfits"
        who = name_of(model, choices.worker[c])
        changed = float(choices.changed[c])
        yield _event(model, "launched", who, "", int(c), reason, changed)


def see_learning(before: Before, model: Organisation, reason: str) -> Iterator[Event]:
    """Yield who became right, or lost what was right, about which own item."""
    was, now = right_own(before), right_own(model.state)
    for i, c in zip(*np.nonzero(was != now), strict=True):
        kind = "learned" if now[i, c] else "misled"
        yield _event(model, kind, name_of(model, i), "", int(c), reason)


def see_strategy_heard(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield how many people heard the strategy; nothing if nobody did."""
    told = model.state.people.told
    heard = (told >= before.people.told) & (told > 0.0)
    if heard.any():
        yield _event(model, "strategy_heard", value=float(heard.sum()))


def see_desks(_: Before, model: Organisation) -> Iterator[Event]:
    """Yield how much waits for which leader, and who was ill for how many hours."""
    choices, people = model.state.choices, model.state.people
    waits = (choices.exists == 1) & (choices.stage == AT_GATE)
    for i, many in zip(
        *np.unique(choices.decider[waits], return_counts=True), strict=True
    ):
        yield _event(model, "waiting", name_of(model, i), value=float(many))
    for i in np.flatnonzero((people.hours_sick > 0) & (people.status != VACANT)):
        hours = float(people.hours_sick[i])
        yield _event(model, "sick", name_of(model, i), value=hours)


def see_leave(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield who falls ill with burn-out, for how many weeks, and who returns."""
    old, new = before.people.status, model.state.people.status
    for i in np.flatnonzero((old == WORKING) & (new == ON_LEAVE)):
        weeks = int(model.state.people.until[i]) - model.week
        yield _event(model, "ill", name_of(model, i), value=weeks)
    for i in np.flatnonzero((old == ON_LEAVE) & (new == WORKING)):
        yield _event(model, "returned", name_of(model, i))


def see_adoption(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield who works by a later dated change from next week on."""
    old, new = before.people.version, model.state.people.version
    for i in np.flatnonzero(new > old):
        yield _event(model, "adopted", name_of(model, i), value=int(new[i]))


def _event(
    model: Organisation,
    kind: str,
    who: str = "",
    other: str = "",
    item: int = -1,
    reason: str = "",
    value: float = 1.0,
) -> Event:
    """Return an event of this week; the observer fills in the phase."""
    return Event(model.week, "", kind, who, other, item, reason, float(value))
