"""Recording a run and replaying part of it in another: how a path is cut.

Both runs are founded with the ways of working of both scenarios. Their arrays then have
the same shape, and people in one run can work, for a phase, by the other's structure.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from experiments.errors import InputError
from simulation.model import Organisation, Run
from simulation.scenario import ResolvedScenario
from simulation.state import (
    CHOICE,
    EXECUTED,
    FIRM,
    NEXT_SURE,
    OWN,
    PERSON,
    SURE_DIGITS,
    TIE,
)
from simulation.week import WEEK
from simulation.whole_numbers import checks_numbers

NEVER = 10**9
"""A week that does not come: when the other scenario's ways of working apply."""
RECORDS = {"people": PERSON, "choices": CHOICE, "ties": TIE, "firm": FIRM}
OWN_ONES = "beliefs.own"
OF_BELIEFS = [k for k in range(NEXT_SURE + SURE_DIGITS) if k != OWN]
"""Planes of what people hold and how sure they are of it."""
PHASES = tuple(phase.what for phase in WEEK)
VERSIONS = ("people.version", "firm.version")
FELT = {
    "demands": ("demands", "felt_demands", "demands_spread"),
    "control": ("control", "felt_control", "control_spread"),
    "support": ("support", "felt_support", "support_spread"),
    "clarity": ("clarity", "felt_demands", "demands_spread"),
}
"""What strain adds up: its field, and the personal term that is added to its sum."""

Action = Callable[[Organisation], None]
Tape = dict[tuple[int, int, str], np.ndarray]
"""What was recorded, by week, place in the week and field."""


@dataclass(frozen=True)
class Moment:
    """Fields of the state that get their recorded values when phase number `at` ends.

    They keep these or, if `lent`, get their own values back after the next phase.
    """

    at: int
    fields: tuple[str, ...]
    lent: bool = False


@dataclass(frozen=True)
class Replay:
    """What is replayed of a recorded run.

    `structure_in` are the numbers of phases in which people work by the structure of
    the recorded run, `moments` the fields that get recorded values, and `felt` the
    terms of strain (`FELT`) that are as recorded.
    """

    structure_in: tuple[int, ...] = ()
    moments: tuple[Moment, ...] = ()
    felt: tuple[str, ...] = ()

    @property
    def recorded(self) -> list[Moment]:
        """All moments that a recording must hold for this replay."""
        versions = [Moment(at - 1, VERSIONS) for at in self.structure_in]
        after = PHASES.index("strain")
        felt = [Moment(after, _fields_of(name)) for name in self.felt]
        return [*self.moments, *versions, *felt]


def place_of(phase: str) -> int:
    """Return the index of a phase in the week; ValueError unless it comes once."""
    if PHASES.count(phase) != 1:
        raise ValueError(f"phase {phase!r} comes {PHASES.count(phase)} times a week")
    return PHASES.index(phase)


def _fields_of(felt: str) -> tuple[str, ...]:
    extra = ("people.conflict",) if felt == "clarity" else ()
    return (f"people.{FELT[felt][0]}", *extra)


def together(scenario: ResolvedScenario, other: ResolvedScenario) -> ResolvedScenario:
    """Return `scenario` with the stages of `other` added, which never come into force.

    So the arrays of both have the same shape, and people can work by either structure.
    Raises InputError where the two differ in organisation, people, graph or warm-up.
    """
    for name in ("organisation", "people_file", "network_file", "warm_up_weeks"):
        if getattr(scenario, name) != getattr(other, name):
            raise InputError(
                f"{scenario.name} and {other.name} differ in {name}; a path can be cut"
                " only between runs of the same organisation"
            )
    unused = [replace(stage, week=NEVER) for stage in other.stages]
    return replace(scenario, stages=(*scenario.stages, *unused))


@checks_numbers
def live(
    model: Organisation,
    probe_week: int | None = None,
    script: "Script | None" = None,
    probe_script: "Script | None" = None,
) -> Run:
    """Simulate an organisation to its horizon, with a paired probe run from a week on.

    `script` acts after the phases of the run, `probe_script` after those of its probe.
    """
    _follow(model, script)
    if probe_week is None or probe_week >= model.scenario.weeks:
        return Run(np.asarray(model.run()), None, None)
    model.run(until=probe_week)
    _follow(model, None)  # don't fork the tape: it is long, and the probe has its own
    twin = model.fork()
    _follow(model, script)
    _follow(twin, probe_script)
    twin.shock()
    model.shock(real=False)
    probe = np.asarray(twin.run())
    return Run(np.asarray(model.run()), probe, probe_week)


def _follow(model: Organisation, script: "Script | None") -> None:
    model.interventions = dict.fromkeys(PHASES, script) if script else {}


@dataclass
class Script:
    """Actions on an organisation by place in the week; counts phases as they end."""

    actions: Mapping[int, Sequence[Action]]
    at: int = 0

    def __call__(self, model: Organisation) -> None:
        for act in self.actions.get(self.at, ()):
            act(model)
        self.at = (self.at + 1) % len(PHASES)


def recorder(replays: Sequence[Replay]) -> tuple[Script, Tape]:
    """Return a script that records all that these replays need, and its tape."""
    tape: Tape = {}
    fields: dict[int, set[str]] = defaultdict(set)
    for moment in (m for replay in replays for m in replay.recorded):
        fields[moment.at].update(moment.fields)
    actions = {at: [_recording(tape, at, names)] for at, names in fields.items()}
    return Script(actions), tape


def _recording(tape: Tape, at: int, fields: set[str]) -> Action:
    def record(model: Organisation) -> None:
        for name in fields:
            tape[model.week, at, name] = read_field(model.state, name)

    return record


def replayer(replay: Replay, tape: Tape, own_stages: int) -> Script:
    """Return a script that replays a tape in an organisation.

    Its first `own_stages` ways of working are its own; those of the recorded scenario
    come after them.
    """
    actions: dict[int, list[Action]] = defaultdict(list)
    for at in replay.structure_in:
        swap = _Swap(tape, at - 1, VERSIONS, own_stages)
        actions[at - 1].append(swap.lend)
        actions[at].append(swap.give_back)
    for moment in replay.moments:
        swap = _Swap(tape, moment.at, moment.fields)
        actions[moment.at].append(swap.lend)
        if moment.lent:
            actions[moment.at + 1].append(swap.give_back)
    if replay.felt:
        feeling = _Feeling(tape, replay.felt, PHASES.index("strain"))
        actions[feeling.at - 1].append(feeling.remember)
        actions[feeling.at].append(feeling.feel_again)
    return Script(actions)


@dataclass
class _Swap:
    """Fields that take on recorded values, and can be set back to their own."""

    tape: Tape
    at: int
    fields: tuple[str, ...]
    shift: int = 0
    mine: dict[str, np.ndarray] = field(default_factory=dict)

    def lend(self, model: Organisation) -> None:
        for name in self.fields:
            self.mine[name] = read_field(model.state, name)
            recorded = self.tape[model.week, self.at, name]
            write_field(
                model.state, name, recorded + self.shift if self.shift else recorded
            )

    def give_back(self, model: Organisation) -> None:
        for name in self.fields:
            write_field(model.state, name, self.mine[name])


@dataclass
class _Feeling:
    """Runs the rule of strain again, with some of its sums as they were recorded.

    The difference is added to the personal term of the same sum, and the rule runs once
    more, so that no equation is written down twice.
    """

    tape: Tape
    felt: tuple[str, ...]
    at: int
    clarity: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def remember(self, model: Organisation) -> None:
        self.clarity = read_field(model.state, "people.clarity")

    def feel_again(self, model: Organisation) -> None:
        people = model.state.people
        personal = {FELT[name][1] for name in self.felt}
        mine = {name: people[name].copy() for name in personal}
        for name in self.felt:
            _, term, spread = FELT[name]
            people[term] += self._missing(model, name) / _spread(model, spread)
        people["clarity"] = self.clarity
        model.groups["everyone"].do("strain")
        for name, values in mine.items():
            people[name] = values
        if "clarity" in self.felt:
            for name in _fields_of("clarity"):
                write_field(model.state, name, self.tape[model.week, self.at, name])

    def _missing(self, model: Organisation, name: str) -> np.ndarray:
        """Return by how much the recorded sum exceeds the present one, per person."""
        more = [
            self.tape[model.week, self.at, field] - read_field(model.state, field)
            for field in _fields_of(name)
        ]
        if name != "clarity":
            return more[0]
        p = model.state.parameters[0]
        return p.demands_conflict * more[1] - p.demands_unclear * more[0]


def _spread(model: Organisation, name: str) -> float:
    spread = float(model.state.parameters[name][0])
    if not spread > 0:
        raise InputError(
            f"parameter {name} is {spread}; to cut this path it must be > 0"
        )
    return spread


def read_field(state: Any, name: str) -> np.ndarray:
    """Return a copy of a field of the state: `people.clarity`, `skill`, ..."""
    if name == OWN_ONES:
        return state.beliefs[:, OF_BELIEFS].copy()
    return _view(state, name).copy()


def write_field(state: Any, name: str, values: np.ndarray) -> None:
    """Set a field of the state to `values`; of beliefs only those about own items."""
    if name == OWN_ONES:
        own = state.beliefs[:, OWN, None]
        others = state.beliefs[:, OF_BELIEFS] & ~own
        state.beliefs[:, OF_BELIEFS] = others | (values & own)
    else:
        _view(state, name)[...] = values


def is_field(name: str) -> bool:
    """Return whether the state has a field of that name."""
    array, _, part = name.partition(".")
    if array in RECORDS:
        return part in (RECORDS[array].names or ())
    return name in ("skill", "strategy", "market.executed", OWN_ONES)


def _view(state: Any, name: str) -> np.ndarray:
    array, _, part = name.partition(".")
    if name == "market.executed":
        return state.market[EXECUTED]
    whole = getattr(state, array)
    return np.asarray(whole[part]) if part else whole
