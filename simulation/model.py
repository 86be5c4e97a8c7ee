"""The organisation as a Mesa model: the week, person by person.

This is the model to read and to extend. Its agents call the rules, which hold the
equations; the table `simulation.week.WEEK` holds the order of the week.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import partial
from operator import attrgetter
from typing import Any, Self

import mesa
import numpy as np

from simulation.agents import Person
from simulation.agents.roles import ROLE_AGENTS
from simulation.binding import bind_week
from simulation.founding import found
from simulation.input_errors import InputError
from simulation.outcomes import SERIES_COLUMNS, SERIES_RECORD
from simulation.runs import Run
from simulation.scenario_unknown import in_world
from simulation.scenario_values import ResolvedScenario
from simulation.state import DEPARTMENTS, LAYERS, ROLES, SALES
from simulation.week import EVERYONE, LEADERS, ORGANISATION, SALES_PEOPLE, WEEK
from simulation.whole_numbers import checks_numbers


class Organisation(mesa.Model):
    """An organisation that lives week by week.

    `scenario` is a resolved scenario. `seed` (0 to 2**63 - 1) and `replicate` name the
    world: two scenarios with the same pair share market, people and random draws.
    `agents` maps role names to subclasses of the role's agent. Raises `InputError` for
    a seed or replicate out of range or an unknown role, and the errors of people and
    graph files.

    >>> from simulation.scenario import read
    >>> model = Organisation(read("baseline"), seed=1)
    >>> model.step()
    >>> model.week
    -51
    """

    scenario: Any = None
    """The resolved scenario: a plain attribute in place of Mesa 3.5's property."""

    @checks_numbers
    def __init__(
        self,
        scenario: ResolvedScenario,
        seed: int = 1,
        replicate: int = 0,
        agents: Mapping[str, type[Person]] | None = None,
    ) -> None:
        super().__init__(rng=0)
        scenario = in_world(scenario, seed, replicate)
        self.scenario = scenario
        self.seed_of_world = seed
        self.replicate = replicate
        self._kinds = checked_kinds(agents or {})
        self.chart, self.state = found(scenario, seed, replicate)
        self.rules = bind_week(self.state)
        self._seat_agents()
        self._recorded: list[np.ndarray] = []
        self.datacollector = _collector()
        self.collecting = False
        self.interventions: dict[str, Callable[[Organisation], None]] = {}

    def _seat_agents(self) -> None:
        """Give every seat its agent, in the order of seats."""
        self._people: list[Person] = []
        for index, seat in enumerate(self.chart.seats):
            kind = self._kinds[seat.role]
            self._people.append(kind(self, index, seat.name))
        self.groups = {
            EVERYONE: self.agents,
            LEADERS: self.agents.select(lambda p: p.last_report > p.first_report),
            SALES_PEOPLE: self.agents.select(lambda p: p.role == SALES),
        }

    def person(self, index: int) -> Person:
        """Return the agent of the seat at `index`."""
        return self._people[index]

    @property
    def week(self) -> int:
        """The number of the coming week; weeks below 0 are the warm-up."""
        return int(self.state.firm.week[0])

    @property
    def graph(self):
        """The communication graph now: people, ties and contact hours this week.

        A networkx graph. Its nodes have name, role, department, team and burnout score;
        its edges have layer, hours and trust.
        """
        return communication_graph(self)

    def step(self) -> None:
        """Simulate one week: the phases of `WEEK`, in order."""
        for who, what, _ in WEEK:
            if who == ORGANISATION:
                getattr(self.rules, what)()
            else:
                self.groups[who].do(what)
            if what in self.interventions:
                self.interventions[what](self)
        self._record()

    def _record(self) -> None:
        """Keep the week's record, and let Mesa collect data if `collecting` is on."""
        if self.week >= 0:
            self._recorded.append(self.state.row.copy())
        if self.collecting:
            self.datacollector.collect(self)
        self.state.firm.week[0] += 1

    @checks_numbers
    def run(self, until: int | None = None) -> np.recarray:
        """Simulate up to week `until` (default: the horizon), warm-up first.

        Returns the weekly records from week 0 on, of shape (weeks,).
        """
        end = self.scenario.weeks if until is None else until
        while self.week < end:
            self.step()
        return self.series

    @property
    def series(self) -> np.recarray:
        """The weekly records so far, from week 0 on."""
        if not self._recorded:
            return np.zeros(0, SERIES_RECORD).view(np.recarray)
        return np.concatenate(self._recorded).view(np.recarray)

    def fork(self) -> Self:
        """Return an organisation with the same past that goes on independently.

        It is a copy, except that no data have been collected of it yet.
        """
        twin = copy.deepcopy(self, {id(self.datacollector): _collector()})
        twin.collecting = False
        return twin

    def __copy__(self) -> Self:
        """Return a deep copy: a copy that shared arrays would change the original."""
        return copy.deepcopy(self)

    def __deepcopy__(self, memo: dict) -> Self:
        """Return a copy that behaves as the original and shares nothing that changes.

        Its agents and rules work on the copy's own arrays.
        """
        memo |= {id(fixed): fixed for fixed in (self.scenario, self.chart)}
        twin = object.__new__(type(self))
        memo[id(self)] = twin
        twin.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return twin

    def shock(self, real: bool = True) -> None:
        """Flip a quarter of all wishes at the start of the coming week.

        If `real` is false, the same choices are only marked, for comparison.
        """
        self.state.firm.shock_week[0] = self.week
        self.state.firm.shock_is_real[0] = int(real)


PANEL = (
    "status",
    "team",
    "hours_total",
    "backlog",
    "control",
    "support",
    "demands",
    "clarity",
    "ownership",
    "motivation",
    "fatigue",
    "exhaustion",
    "score",
    "right",
    "wrong",
    "unknown",
    "tenure",
    "performance",
)
"""Fields that Mesa's DataCollector keeps of each person, if `collecting` is on."""


def _collector() -> mesa.DataCollector:
    """Return the DataCollector of series and panel."""
    return mesa.DataCollector(
        model_reporters={name: _reporter(name) for name in SERIES_COLUMNS},
        agent_reporters={name: attrgetter(name) for name in ("name", *PANEL)},
    )


def _reporter(name: str) -> partial:
    """Return the reporter of a column: a partial, as lambdas cannot be pickled."""
    return partial(_recorded, name)


def _recorded(name: str, model: Organisation) -> float:
    return model.state.row[name][0].item()


def checked_kinds(agents: Mapping[str, type[Person]]) -> dict[str, type[Person]]:
    """Return the agent class of each role; `InputError` for wrong roles or classes."""
    problems = [
        f"agents: unknown role {role!r}; allowed: {', '.join(ROLE_AGENTS)}"
        for role in agents
        if role not in ROLE_AGENTS
    ]
    problems += [
        f"agents: {role} = {kind!r} is no subclass of {ROLE_AGENTS[role].__name__}"
        for role, kind in agents.items()
        if role in ROLE_AGENTS
        and not (isinstance(kind, type) and issubclass(kind, ROLE_AGENTS[role]))
    ]
    if problems:
        raise InputError("\n".join(problems))
    return {**ROLE_AGENTS, **agents}


def communication_graph(model: Organisation):
    """Return who meets whom this week as a networkx graph of seats."""
    import networkx as nx

    from simulation.rules.work import tie_hours

    state = model.state
    graph = nx.Graph()
    for person in model._people:
        graph.add_node(
            person.name,
            role=ROLES[person.role],
            department=DEPARTMENTS[person.department],
            team=person.team,
            score=person.score,
            ownership=person.ownership,
        )
    for t, tie in enumerate(state.ties):
        h = tie_hours(state.people, state.ties, state.hours, t)
        if h > 0:
            a, b = model.person(int(tie.a)).name, model.person(int(tie.b)).name
            graph.add_edge(
                a, b, layer=LAYERS[tie.layer], hours=float(h), trust=float(tie.trust)
            )
    return graph


@checks_numbers
def simulate(
    scenario: ResolvedScenario,
    seed: int = 1,
    replicate: int = 0,
    probe_week: int | None = 52,
    agents: Mapping[str, type[Person]] | None = None,
) -> Run:
    """Run one world of a scenario to its horizon, with a paired probe run.

    The probe starts at `probe_week`; there is none if that is None or beyond the
    horizon. Raises the errors of `Organisation`.
    """
    model = Organisation(scenario, seed, replicate, agents)
    probe = None
    if probe_week is not None and probe_week < scenario.weeks:
        model.run(until=probe_week)
        twin: Any = model.fork()
        twin.shock()
        model.shock(real=False)
        probe = np.asarray(twin.run())
    else:
        probe_week = None
    return Run(np.asarray(model.run()), probe, probe_week)
