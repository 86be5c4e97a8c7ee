"""Turn a resolved scenario into the arrays of records that rules work on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from simulation import chance
from simulation.arithmetic import exp
from simulation.binding import arguments
from simulation.compiled import entry
from simulation.informal_ties import InformalTies
from simulation.network import Ties, contact_by_version, journeys
from simulation.organisation import Chart, draw_chart
from simulation.outcomes import SERIES_RECORD
from simulation.places import Places
from simulation.rules.founding import draw_start
from simulation.scenario_values import ResolvedScenario
from simulation.state import (
    BALLOT_PLANES,
    BELIEF_PLANES,
    CHOICE,
    DEPARTMENTS,
    DOMAINS,
    FIRM,
    KEPT,
    LANES,
    LEAD,
    LONGEST_WAIT,
    MARKET_ROWS,
    PARAMETER,
    PERSON,
    ROLES,
    STRATEGY_PLANES,
    STRUCTURE_RECORD,
    THEMES,
    records,
)

LEADS_KEPT_WEEKS = 12
NO_RANK = 2.0
"""Rank of people whom a share never includes: above every share."""


@dataclass(frozen=True)
class State:
    """The whole state of an organisation, as arrays: n people, E ties, V versions.

    `hours[V, E]` are contact hours a week by version. `beliefs[n, 17, W]`, `market` and
    `strategy` hold one bit per choice in W 64-bit words. `skill[n, 12]` is by domain,
    `enacted[n, 16]` and `scores[n, 16]` are by theme. `own`, `reports` and `mates` are
    flat lists; records of people and choices hold the ranges that are theirs.
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
    Raises `PeopleError` and `GraphError` for files that cannot be used.
    """

    def __init__(self, scenario: ResolvedScenario, chart: Chart | None = None) -> None:
        self.scenario = scenario
        self.chart = chart or draw_chart(scenario)
        places = Places(self.chart, scenario.parameters["team_size"])
        self._ties = _ties(scenario, self.chart, places)
        self._common = _common(scenario, self.chart, places)

    def found(self, seed: int, replicate: int) -> State:
        """Return the state of a world before the warm-up.

        Raises ValueError for seeds or replicates out of range.
        """
        key = chance.stream_key(seed, replicate)
        arrays = {name: array.copy() for name, array in self._common.items()}
        arrays["firm"]["key"] = key
        ties, hours, neighbours = self._ties.found(key, arrays["people"])
        state = State(ties=ties, hours=hours, neighbours=neighbours, **arrays)
        values = [getattr(state, name) for name in arguments(draw_start)]
        entry(draw_start, *values)(*values)
        return state


def found(scenario: ResolvedScenario, seed: int, replicate: int) -> tuple[Chart, State]:
    """Return the chart of an organisation and its state before the warm-up.

    Raises the errors of `Founder` and of its `found`.
    """
    founder = Founder(scenario)
    return founder.chart, founder.found(seed, replicate)


def _common(scenario: ResolvedScenario, chart: Chart, places: Places) -> dict[str, Any]:
    """Return all arrays of a state but the ties, before anything is drawn."""
    people = _people(chart, places)
    choices, own, mates = _choices(chart, places, people)
    words = choices.shape[0] // 64
    size = len(people)
    firm = _firm(scenario, chart, places)
    expected = scenario.parameters["prospects_per_item"] * int(firm.channel_items[0])
    return {
        "people": people,
        "choices": choices,
        "leads": records(LEAD, max(64, int(2 * LEADS_KEPT_WEEKS * expected))),
        "firm": firm,
        "parameters": _filled(PARAMETER, [_with_keeps(scenario.parameters)]),
        "structure": _structures(scenario),
        "beliefs": np.zeros((size, BELIEF_PLANES, words), np.uint64),
        "market": np.zeros((MARKET_ROWS, words), np.uint64),
        "strategy": np.zeros((STRATEGY_PLANES, words), np.uint64),
        "skill": np.zeros((size, len(DOMAINS))),
        "enacted": np.zeros((size, THEMES)),
        "scores": np.zeros((size, THEMES)),
        "own": own,
        "mates": mates,
        "reports": _reports(people),
        "reps": np.flatnonzero(people.role == ROLES.index("sales")).astype(np.int64),
        "channel_items": np.flatnonzero(
            (choices.exists == 1) & (choices.domain < DOMAINS.index("communication"))
        ).astype(np.int64),
        "switch_weeks": np.array([stage.week for stage in scenario.stages], np.int64),
        "row": records(SERIES_RECORD, 1),
        "ballot": np.zeros((2, BALLOT_PLANES), np.uint64),
        "waits": np.zeros(LONGEST_WAIT, np.int64),
    }


def _with_keeps(parameters: Mapping[str, float]) -> dict[str, float]:
    """Return the parameters, with the share left after a week of all that fades."""
    weeks = {name: parameters[f"{name}_weeks"] for name in KEPT}
    kept = {f"keep_{name}": exp(-1.0 / tau) for name, tau in weeks.items()}
    return {**parameters, **kept}


def _filled(dtype: np.dtype, rows: Sequence) -> np.recarray:
    """Return records filled from mappings by field name."""
    filled = records(dtype, len(rows))
    for name in dtype.names or ():
        filled[name] = [row.get(name, 0.0) for row in rows]
    return filled


def _structures(scenario: ResolvedScenario) -> np.recarray:
    rows = [
        {
            **stage.structure,
            "change_hours_per_person": stage.hours_per_person,
            "change_euros": stage.euros,
        }
        for stage in scenario.stages
    ]
    return _filled(STRUCTURE_RECORD, rows)


def _people(chart: Chart, places: Places) -> np.recarray:
    rows = []
    for i, seat in enumerate(chart.seats):
        department = DEPARTMENTS.index(seat.department)
        external = int(seat.role == "external")
        rows.append(
            {
                "seat": seat.key,
                "role": ROLES.index(seat.role),
                "own_department": department,
                "department": department,
                "domain": DOMAINS.index(seat.domain),
                "contract": seat.hours,
                "maker": int(seat.maker),
                "external": external,
                "seat_external": external,
                "leader_separate": places.leader[i],
                "leader_integrated": _integrated_leader(places, i),
                "team_channel": places.teams[i][0],
                "team_mixed": places.teams[i][1],
                "mix_rank": places.mix_ranks.get(i, NO_RANK),
                "second_rank": places.second_ranks.get(i, NO_RANK),
                "project_leader": _project_leader(places, i),
            }
        )
    return _filled(PERSON, rows)


def _integrated_leader(places: Places, i: int) -> int:
    """Return who leads person `i` if marketing and communication are one."""
    head, other = places.marketing_leader, places.communication_leader
    if head < 0 or places.seats[i].department != "communication":
        return places.leader[i]
    if i == other or places.leader[i] in (places.top, -1):
        return head
    return places.leader[i]


def _project_leader(places: Places, i: int) -> int:
    """Return the leader of the second line: that of the other discipline, or -1."""
    if i not in places.second_ranks:
        return -1
    other = places.communication_leader
    if places.seats[i].department == "communication":
        other = places.marketing_leader
    if other < 0:
        other = places.top
    return other if other not in (i, places.leader[i]) else -1


def _reports(people: np.recarray) -> np.ndarray:
    """Return all possible reports of everyone: own, integrated and second line.

    Sets in `people` where each leader's reports begin and end in the flat list.
    """
    lines: list[list[int]] = [[] for _ in people]
    names = ("leader_separate", "leader_integrated", "project_leader")
    columns = [people[name].tolist() for name in names]
    for j, leaders in enumerate(zip(*columns, strict=True)):
        for i in set(leaders) - {-1}:
            lines[i].append(j)
    ends = np.cumsum([len(line) for line in lines])
    people["last_report"] = ends
    people["first_report"] = ends - [len(line) for line in lines]
    return np.array([j for line in lines for j in line] or [0], np.int64)


def _choices(chart: Chart, places: Places, people: np.recarray):
    """Return records of choices by lane, and the flat lists of own items and mates."""
    lanes = max((choice.lane for choice in chart.choices), default=0) + 1
    slots = 64 * -(-max(lanes, LANES) // 64)
    choices = records(CHOICE, slots)
    choices.executor[:] = choices.worker[:] = -1
    bundles: dict[int, list[int]] = {}
    owned: dict[int, list[int]] = {}
    for choice in chart.choices:
        one = choices[choice.lane]
        one.exists = 1
        one.domain = DOMAINS.index(choice.domain)
        one.bundle = choice.bundle
        one.theme = choice.theme
        one.executor = places.index[choice.executor]
        bundles.setdefault(choice.bundle, []).append(choice.lane)
        owned.setdefault(one.executor, []).append(choice.lane)
    mates: list[int] = []
    for lanes_of_bundle in bundles.values():
        for lane in lanes_of_bundle:
            choices.first_mate[lane] = len(mates)
            choices.last_mate[lane] = len(mates) + len(lanes_of_bundle)
        mates += lanes_of_bundle
    own: list[int] = []
    for i in range(len(people)):
        people.first_choice[i] = len(own)
        own += owned.get(i, [])
        people.last_choice[i] = len(own)
    return choices, np.array(own or [0], np.int64), np.array(mates or [0], np.int64)


def _ties(scenario: ResolvedScenario, chart: Chart, places: Places) -> Ties:
    """Return the ties that the scenario's worlds have in common."""
    structures = [stage.structure for stage in scenario.stages]
    contact = contact_by_version(chart, places, structures, scenario.parameters)
    informal = None
    if chart.graph is None:
        informal = InformalTies(places, structures, scenario.parameters, contact[0])
    return Ties(len(chart.seats), contact, journeys(chart, places), informal)


def _firm(scenario: ResolvedScenario, chart: Chart, places: Places) -> np.recarray:
    firm = records(FIRM, 1)
    one = firm[0]
    one.week = -scenario.warm_up_weeks
    one.items = len(chart.choices)
    channels = DOMAINS[: DOMAINS.index("communication")]
    one.channel_items = sum(choice.domain in channels for choice in chart.choices)
    one.top = places.top
    one.champion = places.champion
    one.broker = places.broker
    one.themes = min(THEMES, len({choice.bundle for choice in chart.choices}))
    stated = scenario.parameters["stated_themes"] * one.themes / THEMES
    one.stated_size = max(1, round(stated))
    one.brand = 1.0
    one.budget = scenario.stages[0].structure["budget_level"]
    one.consistency = 0.5
    one.shock_week = -1_000_000
    return firm
