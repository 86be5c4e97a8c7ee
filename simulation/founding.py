"""From a resolved scenario to the arrays of records that rules work on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from simulation import chance
from simulation.arithmetic import exp
from simulation.binding import bind
from simulation.network import (
    Places,
    contact_by_version,
    journeys,
    mix_rank,
    second_rank,
)
from simulation.organisation import Chart, draw_chart
from simulation.outcomes import SERIES_RECORD
from simulation.rules import founding as rules
from simulation.rules.results import count_stock
from simulation.scenario_values import Resolved
from simulation.state import (
    BALLOT_PLANES,
    CHOICE,
    DEPARTMENTS,
    DOMAINS,
    FIRM,
    HISTORY,
    HISTORY_WEEKS,
    JOURNEY,
    KEPT,
    LANES,
    LEAD,
    LONGEST_WAIT,
    NEIGHBOUR,
    PARAMETER,
    PERSON,
    ROLES,
    STRUCTURE_RECORD,
    THEMES,
    TIE,
    records,
)

LEADS_KEPT_WEEKS = 12


@dataclass(frozen=True)
class State:
    """All that an organisation remembers, as arrays; n people, E ties, V versions.

    `hours[V, E]` are contact hours a week by version; `beliefs[n, 5, W]`, `market` and
    `strategy` hold one bit per choice in W 64-bit words; `skill[n, 12]` and
    `record[n + 1, 12]` go by domain (the last row of `record` is the strategy's);
    `enacted[n, 16]` and `scores[n, 16]` go by theme. `own`, `reports` and `mates` are
    flat lists into which records of people and choices point.
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
    record: np.ndarray
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
        """Return a state that remembers the same and shares nothing."""
        return State(**{f.name: getattr(self, f.name).copy() for f in fields(self)})


def found(scenario: Resolved, seed: int, replicate: int) -> tuple[Chart, State]:
    """Return the chart of an organisation and its state before the warm-up.

    Raises ValueError for seeds or replicates out of range, `PeopleError` and
    `GraphError` for files that cannot be used.
    """
    chart = draw_chart(scenario)
    key = chance.stream_key(seed, replicate)
    places = Places(chart, scenario.parameters["team_size"])
    state = _arrays(scenario, chart, places, key)
    _draw(state)
    return chart, state


def _arrays(scenario: Resolved, chart: Chart, places: Places, key) -> State:
    people = _people(chart, places)
    choices, own, mates = _choices(chart, places, people)
    ties, hours, neighbours = _ties(scenario, chart, places, people, key)
    words = choices.shape[0] // 64
    size = len(people)
    firm = _firm(scenario, chart, places, key)
    expected = scenario.parameters["prospects_per_item"] * firm.channel_items[0]
    return State(
        people=people,
        choices=choices,
        ties=ties,
        hours=hours,
        neighbours=neighbours,
        leads=records(LEAD, max(64, int(2 * LEADS_KEPT_WEEKS * expected))),
        firm=firm,
        parameters=_filled(PARAMETER, [_with_keeps(scenario.parameters)]),
        structure=_structures(scenario),
        beliefs=np.zeros((size, 5, words), np.uint64),
        market=np.zeros((HISTORY + 2 * HISTORY_WEEKS, words), np.uint64),
        strategy=np.zeros((6, words), np.uint64),
        skill=np.zeros((size, len(DOMAINS))),
        record=np.zeros((size + 1, len(DOMAINS))),
        enacted=np.zeros((size, THEMES)),
        scores=np.zeros((size, THEMES)),
        own=own,
        mates=mates,
        reports=_reports(people),
        reps=np.flatnonzero(people.role == ROLES.index("sales")).astype(np.int64),
        channel_items=np.flatnonzero(
            (choices.exists == 1) & (choices.domain < DOMAINS.index("communication"))
        ).astype(np.int64),
        switch_weeks=np.array([stage.week for stage in scenario.stages], np.int64),
        row=records(SERIES_RECORD, 1),
        ballot=np.zeros((2, BALLOT_PLANES), np.uint64),
        waits=np.zeros(LONGEST_WAIT, np.int64),
    )


def _with_keeps(parameters: Mapping[str, float]) -> dict[str, float]:
    """Return parameters with what is left after a week of what fades."""
    weeks = {name: parameters[f"{name}_weeks"] for name in KEPT}
    kept = {f"keep_{name}": exp(-1.0 / tau) for name, tau in weeks.items()}
    return {**parameters, **kept}


def _filled(dtype: np.dtype, rows: Sequence) -> np.recarray:
    """Return records filled from mappings by field name."""
    filled = records(dtype, len(rows))
    for name in dtype.names or ():
        filled[name] = [row.get(name, 0.0) for row in rows]
    return filled


def _structures(scenario: Resolved) -> np.recarray:
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
    people = records(PERSON, len(chart.seats))
    teams = _team_numbers(chart, places)
    for i, seat in enumerate(chart.seats):
        person = people[i]
        person.seat = seat.key
        person.role = ROLES.index(seat.role)
        person.own_department = DEPARTMENTS.index(seat.department)
        person.department = person.own_department
        person.domain = DOMAINS.index(seat.domain)
        person.contract = seat.hours
        person.maker = int(seat.maker)
        person.external = person.seat_external = int(seat.role == "external")
        person.leader_separate = places.leader[i]
        person.leader_integrated = _integrated_leader(places, i)
        person.team_channel, person.team_mixed = teams[i]
        person.mix_rank = mix_rank(places, i)
        person.second_rank = second_rank(places, i)
        person.project_leader = _project_leader(places, i)
    return people


def _team_numbers(chart: Chart, places: Places) -> list[tuple[int, ...]]:
    """Return for each person the numbers of the own team and of the mixed team."""
    names: dict[tuple, int] = {}
    mixed = {
        i: ("mixed", k)
        for k, team in enumerate(places.mixed_teams(places.marketing))
        for i in team
    }
    numbers = []
    for i, seat in enumerate(chart.seats):
        own = (seat.department, seat.team, places.leader[i])
        pair = (own, mixed.get(i, own))
        numbers.append(tuple(names.setdefault(team, len(names)) for team in pair))
    return numbers


def _integrated_leader(places: Places, i: int) -> int:
    """Return who leads person `i` where marketing and communication are one."""
    head, other = places.marketing_leader, places.communication_leader
    if head < 0 or places.seats[i].department != "communication":
        return places.leader[i]
    if i == other or places.leader[i] in (places.top, -1):
        return head
    return places.leader[i]


def _project_leader(places: Places, i: int) -> int:
    """Return the leader of the second line: that of the other discipline, or -1."""
    if second_rank(places, i) > 1.0:
        return -1
    other = places.communication_leader
    if places.seats[i].department == "communication":
        other = places.marketing_leader
    if other < 0:
        other = places.top
    return other if other not in (i, places.leader[i]) else -1


def _reports(people: np.recarray) -> np.ndarray:
    """List everyone's possible reports: own line, integrated line and second line."""
    flat: list[int] = []
    for i in range(len(people)):
        mine = (
            (people.leader_separate == i)
            | (people.leader_integrated == i)
            | (people.project_leader == i)
        )
        people.first_report[i] = len(flat)
        flat += np.flatnonzero(mine).tolist()
        people.last_report[i] = len(flat)
    return np.array(flat or [0], np.int64)


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


def _ties(scenario: Resolved, chart: Chart, places: Places, people, key):
    """Return ties, their hours by version, and each person's neighbours."""
    structures = [stage.structure for stage in scenario.stages]
    versions = contact_by_version(chart, places, structures, scenario.parameters, key)
    pairs = sorted(set().union(*versions, journeys(chart, places)))
    ties = records(TIE, max(1, len(pairs)))
    hours = np.zeros((len(versions), len(ties)))
    around: list[list[tuple[int, int]]] = [[] for _ in people]
    for t, (a, b) in enumerate(pairs):
        ties.a[t], ties.b[t] = a, b
        layers: dict[int, float] = {}
        for v, contact in enumerate(versions):
            found_layers = contact.get((a, b), {})
            hours[v, t] = sum(found_layers.values())
            for layer, h in found_layers.items():
                layers[layer] = layers.get(layer, 0.0) + h
        ties.layer[t] = max(layers, key=layers.__getitem__) if layers else JOURNEY
        around[a].append((b, t))
        around[b].append((a, t))
    ties.trust[:] = 0.7
    flat = [pair for listed in around for pair in listed]
    neighbours = records(NEIGHBOUR, max(1, len(flat)))
    if flat:
        neighbours.person[:], neighbours.tie[:] = np.array(flat, np.int64).T
    ends = np.cumsum([len(listed) for listed in around])
    people.first_tie[:] = ends - [len(listed) for listed in around]
    people.last_tie[:] = ends
    return ties, hours, neighbours


def _firm(scenario: Resolved, chart: Chart, places: Places, key) -> np.recarray:
    firm = records(FIRM, 1)
    one = firm[0]
    one.key = key
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


def _draw(state: State) -> None:
    """Draw the start: market, people, beliefs, strategy."""
    bind(rules.found_market, state)()
    for rule in (rules.found_person, rules.found_beliefs, rules.found_practice):
        bound = bind(rule, state)
        for i in range(len(state.people)):
            bound(i)
    bind(rules.found_strategy, state)()
    count = bind(count_stock, state)
    for i in range(len(state.people)):
        count(i)
