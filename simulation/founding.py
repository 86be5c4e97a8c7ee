"""Turn a resolved scenario into the arrays of records that rules work on.

All that is computed here is computed by rules, in this order: `draw_seats` (from
head counts), `deal_choices`, `place_people`, `list_meetings`, `sort_meetings`,
`add_meetings`, `group_people` and `set_up_firm` once for all worlds; `draw_informal`,
`sort_picks`, `join_ties`, `list_neighbours` and `draw_start` for each. Python only
makes room for their results, as `webassembly/founding.mjs` does in JavaScript. Where
their size is not known before, a rule is called twice: without room it counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from simulation import chance
from simulation.arithmetic import shares_kept
from simulation.binding import arguments
from simulation.compiled import call
from simulation.contact import contact_by_version
from simulation.informal_ties import InformalTies
from simulation.leaving import by_bridging, dated_seats
from simulation.network import Ties
from simulation.organisation import Chart, draw_chart
from simulation.outcomes import SERIES_RECORD
from simulation.places import Places, set_up_firm
from simulation.rules.founding import draw_start
from simulation.scenario_values import ResolvedScenario, Stage
from simulation.state import (
    BALLOT_PLANES,
    BELIEF_PLANES,
    COMMUNICATION_DOMAIN,
    DOMAINS,
    FIRM,
    KEPT,
    LEAD,
    LEADS_KEPT_WEEKS,
    LONGEST_WAIT,
    MARKET_ROWS,
    PARAMETER,
    SALES,
    STRATEGY_PLANES,
    STRUCTURE_RECORD,
    THEMES,
    records,
)


@dataclass(frozen=True)
class State:
    """The whole state of an organisation, as arrays: n people, E ties, V versions.

    `hours[V, E]` are contact hours a week by version. `beliefs[n, 17, W]`, `market` and
    `strategy` hold one bit per choice in W 64-bit words. `skill[n, 12]` is by domain,
    `enacted[n, 16]` and `scores[n, 16]` are by theme. `own`, `reports` and `mates` are
    flat lists; records of people and choices hold the ranges that are theirs. Whoever
    has the seat `leave_seats[k]` leaves in week `leave_weeks[k]`.
    """

    people: np.recarray
    choices: np.recarray
    ties: np.recarray
    hours: np.ndarray
    neighbours: np.recarray
    leads: np.recarray
    firm: np.recarray
    parameters: np.recarray
    structure: np.recarray
    beliefs: np.ndarray
    market: np.ndarray
    strategy: np.ndarray
    skill: np.ndarray
    enacted: np.ndarray
    scores: np.ndarray
    own: np.ndarray
    mates: np.ndarray
    reports: np.ndarray
    reps: np.ndarray
    channel_items: np.ndarray
    switch_weeks: np.ndarray
    leave_weeks: np.ndarray
    leave_seats: np.ndarray
    row: np.recarray
    ballot: np.ndarray
    waits: np.ndarray

    def copy(self) -> "State":
        """Return a copy that shares no array with this state."""
        return State(**{f.name: getattr(self, f.name).copy() for f in fields(self)})

    def __copy__(self) -> "State":
        return self.copy()

    def __deepcopy__(self, memo: dict) -> "State":
        return self.copy()


class Founder:
    """Founds the worlds of one scenario; what they have in common is made only once.

    Threads may share one founder. Without a `chart`, it is drawn from the scenario.
    Raises `PeopleError` and `GraphError` for files that cannot be used, and
    `ScenarioError` where somebody leaves who is not there.
    """

    def __init__(self, scenario: ResolvedScenario, chart: Chart | None = None) -> None:
        self.scenario = scenario
        self.chart = chart or draw_chart(scenario)
        structure = structure_records(scenario.stages)
        parameters = parameter_record(scenario.parameters)
        places = Places(self.chart, scenario.parameters["team_size"])
        contact = contact_by_version(places, structure, parameters)
        informal = None
        if not places.imported:
            informal = InformalTies(places, structure, parameters, *contact[:2])
        self._ties = Ties(contact, structure, parameters, informal)
        self._common = _common(scenario, places, structure, parameters)
        self._common |= self.leaving(scenario)

    @cached_property
    def bridging(self) -> list[int]:
        """The indices of all seats, who bridges most in the as-is first."""
        return by_bridging(len(self.chart.seats), self._ties.contact)

    def leaving(self, scenario: ResolvedScenario) -> dict[str, np.ndarray]:
        """Return who leaves when under a scenario with the same as-is: `dated_seats`.

        Raises its errors.
        """
        return dated_seats(scenario, self.chart, lambda: self.bridging)

    def found(self, seed: int, replicate: int) -> State:
        """Return the state of a world before the warm-up.

        Raises ValueError for seeds or replicates out of range.
        """
        key = chance.stream_key(seed, replicate)
        arrays = {name: array.copy() for name, array in self._common.items()}
        arrays["firm"]["key"] = key
        ties, hours, neighbours = self._ties.found(key, arrays["people"])
        state = State(ties=ties, hours=hours, neighbours=neighbours, **arrays)
        call(draw_start, *(getattr(state, name) for name in arguments(draw_start)))
        return state


def found(scenario: ResolvedScenario, seed: int, replicate: int) -> tuple[Chart, State]:
    """Return the chart of an organisation and its state before the warm-up.

    Raises the errors of `Founder` and of its `found`.
    """
    founder = Founder(scenario)
    return founder.chart, founder.found(seed, replicate)


def parameter_record(parameters: Mapping[str, float]) -> np.recarray:
    """Return the record of parameters, with the share left of all that fades weekly."""
    weeks = np.array([parameters[f"{name}_weeks"] for name in KEPT], float)
    shares = np.empty(len(KEPT))
    call(shares_kept, weeks, shares)
    kept = (f"keep_{name}" for name in KEPT)
    return _filled(PARAMETER, [{**parameters, **dict(zip(kept, shares, strict=True))}])


def structure_records(stages: Sequence[Stage]) -> np.recarray:
    """Return the structural numbers of stages, and what the change to each takes."""
    rows = [
        {
            **stage.structure,
            "change_hours_per_person": stage.hours_per_person,
            "change_euros": stage.euros,
        }
        for stage in stages
    ]
    return _filled(STRUCTURE_RECORD, rows)


def _filled(dtype: np.dtype, rows: Sequence[Mapping[str, float]]) -> np.recarray:
    """Return records of floats filled from mappings by field name."""
    names = dtype.names or ()
    table = np.array([[row.get(name, 0.0) for name in names] for row in rows], float)
    return table.view(dtype)[:, 0].view(np.recarray)


def _common(
    scenario: ResolvedScenario,
    places: Places,
    structure: np.recarray,
    parameters: np.recarray,
) -> dict[str, Any]:
    """Return all arrays of a state but the ties, before anything is drawn."""
    choices, people = places.choices, places.people
    firm = records(FIRM, 1)
    firm["week"] = -scenario.warm_up_weeks
    call(
        set_up_firm,
        *(places.seats, choices, places.mates, places.rosters),
        *(firm, structure, parameters),
    )
    words, size = len(choices) // 64, len(people)
    expected = scenario.parameters["prospects_per_item"] * int(firm.channel_items[0])
    return {
        "people": people,
        "choices": choices,
        "leads": records(LEAD, max(64, int(2 * LEADS_KEPT_WEEKS * expected))),
        "firm": firm,
        "parameters": parameters,
        "structure": structure,
        "beliefs": np.zeros((size, BELIEF_PLANES, words), np.uint64),
        "market": np.zeros((MARKET_ROWS, words), np.uint64),
        "strategy": np.zeros((STRATEGY_PLANES, words), np.uint64),
        "skill": np.zeros((size, len(DOMAINS))),
        "enacted": np.zeros((size, THEMES)),
        "scores": np.zeros((size, THEMES)),
        "own": places.own,
        "mates": places.mates,
        "reports": places.reports,
        "reps": np.flatnonzero(people["role"] == SALES),
        "channel_items": np.flatnonzero(
            (choices["exists"] == 1) & (choices["domain"] < COMMUNICATION_DOMAIN)
        ),
        "switch_weeks": np.array([stage.week for stage in scenario.stages], np.int64),
        "row": records(SERIES_RECORD, 1),
        "ballot": np.zeros((2, BALLOT_PLANES), np.uint64),
        "waits": np.zeros(LONGEST_WAIT, np.int64),
    }
