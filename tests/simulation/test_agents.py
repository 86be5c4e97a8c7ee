"""The people are Mesa agents that one can select, collect, subclass and look at."""

import mesa
import networkx
import numpy as np
import pandas
import pytest
from worlds import FEW, differing, scenario

from simulation.agents import Leader, Marketeer, Person, SalesRep
from simulation.agents.roles import ROLE_AGENTS
from simulation.model import PANEL, Organisation, simulate
from simulation.outcomes import SERIES_COLUMNS
from simulation.state import (
    DEPARTMENTS,
    LAYERS,
    MARKETEER,
    PERSON,
    ROLES,
    SALES,
    VACANT,
    WORKING,
)

WHAT = scenario({**FEW, "marketeers": 6, "externals": 2})


@pytest.fixture
def model():
    """An organisation of about twenty people before its first week."""
    return Organisation(WHAT, 1)


def test_people_are_mesa_agents_of_their_role(model):
    """Each seat has one agent of its role's class, in the order of seats."""
    assert isinstance(model, mesa.Model)
    assert type(model.agents) is type(mesa.Model().agents)
    assert len(model.agents) == len(model.state.people) == len(model.chart.seats)
    for index, agent in enumerate(model.agents):
        assert isinstance(agent, mesa.Agent)
        assert type(agent) is ROLE_AGENTS[ROLES[agent.role]]
        assert agent.index == index and model.person(index) is agent
        assert agent.name == model.chart.seats[index].name
    assert {type(a) for a in model.agents} == set(ROLE_AGENTS.values())


def test_no_name_of_ours_hides_one_of_mesa(model):
    """Whichever Mesa is there; but for the step, and the scenario of Mesa 3.5."""
    bare = mesa.Model()
    agent = mesa.Agent(bare)
    of_people = {*PERSON.names, *vars(Person), *vars(model.person(0))}
    ours = {name for name in of_people if not name.startswith("__")}
    registered = {"model", "unique_id", "pos", "current_action", "_datasets"}
    assert ours & ({*dir(agent), *vars(agent)} - registered) == set()
    of_model = {*vars(type(model)), *(vars(model).keys() - vars(bare).keys())}
    ours = {name for name in of_model if not name.startswith("__")}
    signals = {"observables", "_class_subscribers"}  # what Mesa gives each class
    assert ours & {*dir(bare), *vars(bare)} - signals <= {"step", "scenario"}
    assert model.scenario == WHAT and model.fork().scenario == WHAT


def test_every_field_of_the_record_is_an_attribute(model):
    """Reading an attribute reads the record, and writing one writes it."""
    agent = model.person(3)
    for name in PERSON.names:
        assert hasattr(agent, name)
        if name != "leader_agent" and not callable(getattr(Person, name)):
            assert getattr(agent, name) == model.state.people[name][3].item()
    agent.motivation = 0.125
    assert model.state.people.motivation[3] == agent.record.motivation == 0.125
    agent.doing = 4
    assert model.state.people.doing[3] == 4


def test_no_phase_hides_a_field():
    """No method of a person has the name of a field, which it would hide."""
    hidden = [n for n in PERSON.names if not isinstance(getattr(Person, n), property)]
    assert hidden == []


def test_agent_sets_select_and_group(model):
    """Mesa's select, groupby, agg and get work on people and their attributes."""
    makers = model.agents.select(lambda p: p.maker == 1)
    assert {p.department_name for p in makers} == {"marketing", "communication"}
    roles = model.agents.groupby("role").count()
    expected = np.bincount(model.state.people.role)
    assert roles == {r: n for r, n in enumerate(expected) if n}
    assert model.agents.agg("contract", sum) == pytest.approx(
        model.state.people.contract.sum()
    )
    assert model.agents.select(agent_type=SalesRep).get("role") == [SALES, SALES]


def test_lines_and_items_as_seen_by_a_person(model):
    """A person knows the own leader, status, items and beliefs about them."""
    (top,) = [p for p in model.agents if p.leader_agent is None]
    assert isinstance(top, Leader) and top.index == model.state.firm.top[0]
    owned = [c for p in model.agents for c in p.own_items]
    assert sorted(owned) == np.flatnonzero(model.state.choices.exists == 1).tolist()
    someone = next(iter(model.agents.select(agent_type=Marketeer)))
    assert someone.working and not someone.vacant
    c = someone.own_items[0]
    for wanted in (True, False, True):
        someone.believe(c, wanted)
        someone.conclude()
        assert someone.belief(c) is wanted
    stranger = next(
        c for c in range(len(model.state.choices)) if model.state.choices.exists[c] == 0
    )
    assert someone.belief(stranger) is None
    someone.status = VACANT
    assert someone.vacant and not someone.working


def test_the_data_collector_collects_when_asked(model):
    """With `collecting` on, Mesa's data frames hold series and panel of each week."""
    model.run(until=2)
    model.collecting = True
    model.run(until=6)
    weeks = model.datacollector.get_model_vars_dataframe()
    assert list(weeks.columns) == list(SERIES_COLUMNS) and len(weeks) == 4
    for name in SERIES_COLUMNS:
        np.testing.assert_array_equal(weeks[name], model.series[name][2:], name)
    panel = model.datacollector.get_agent_vars_dataframe()
    assert isinstance(panel, pandas.DataFrame)
    assert set(panel.columns) == {"name", *PANEL}
    assert len(panel) == 4 * len(model.agents)
    last = panel.iloc[-len(model.agents) :]
    for name in PANEL:
        np.testing.assert_array_equal(
            last[name].to_numpy(float), model.state.people[name].astype(float), name
        )


def test_nothing_is_collected_unasked(model):
    """Collecting costs time, so nothing is collected by itself."""
    model.run(until=2)
    assert len(model.datacollector.get_model_vars_dataframe()) == 0


def test_a_fork_can_collect(model):
    """What can be collected of an organisation can be collected of its fork."""
    model.run(until=2)
    twin = model.fork()
    twin.collecting = True
    twin.run(until=4)
    assert len(twin.datacollector.get_model_vars_dataframe()) == 2


def test_collecting_changes_nothing():
    """A collected run gives the same state as one that is not."""
    plain, watched = Organisation(WHAT, 1), Organisation(WHAT, 1)
    watched.collecting = True
    plain.run()
    watched.run()
    assert differing(plain.state, watched.state) == []


class Unread(Marketeer):
    """Looks at no results at all."""

    def learn(self):
        """Look at nothing."""


class Picky(Marketeer):
    """Takes up the own item with the lowest number, in plain Python."""

    def decide(self):
        """Name the first own item that lies idle."""
        if self.working and self.doing < 0 and self.item_hours > 0:
            idle = [c for c in self.own_items if self.model.state.choices.stage[c] == 0]
            self.wish = min(idle, default=-1)


def test_a_subclass_that_learns_nothing():
    """Overriding `learn` runs, changes results, and leaves those people unread."""
    what = scenario({"marketeers": 6, "sales": 2}, weeks=30, warm_up=0)
    usual, other = (
        Organisation(what, 1),
        Organisation(what, 1, agents={"marketeer": Unread}),
    )
    assert {type(p) for p in other.agents if p.role == MARKETEER} == {Unread}
    untried = other.state.people.progress[0]
    assert usual.run().tobytes() != other.run().tobytes()
    marketeers = usual.state.people.role == MARKETEER
    stayed = other.state.people.generation[marketeers] == 0
    assert (other.state.people.progress[marketeers][stayed] == untried).all()
    assert (usual.state.people.progress[marketeers] != untried).any()


def test_a_subclass_that_decides_in_python():
    """Overriding `decide` runs, obeys the override, and changes only who has it."""
    what = scenario({"marketeers": 4, "sales": 2}, weeks=6, warm_up=0)
    model = Organisation(what, 1, agents={"marketeer": Picky})
    taken = {}

    def watch(model):
        for p in model.agents.select(agent_type=Picky):
            if p.doing >= 0:
                taken.setdefault(p.index, p.doing)

    model.interventions["decide"] = lambda m: None
    model.interventions["settle_wishes"] = watch
    model.run()
    assert taken and all(c == min(model.person(i).own_items) for i, c in taken.items())
    assert model.series.tobytes() != Organisation(what, 1).run().tobytes()


def test_simulate_takes_agents_along():
    """`simulate` hands its agents to the run and to the probe."""
    what = scenario({"marketeers": 6, "sales": 2}, weeks=30, warm_up=0)
    agents = {"marketeer": Unread}
    run = simulate(what, 1, probe_week=10, agents=agents)
    plain = simulate(what, 1, probe_week=10)
    alone = Organisation(what, 1, agents=agents).run()
    for name in set(alone.dtype.names) - {"shocked_wrong"}:
        np.testing.assert_array_equal(run.series[name], alone[name])
    assert run.probe.tobytes() != plain.probe.tobytes()


def test_wrong_agents_are_all_reported():
    """Unknown roles and classes of the wrong role are named at once."""
    wrong = {
        "marketer": Marketeer,
        "leader": Marketeer,
        "sales": 7,
        "marketeer": Unread,
    }
    with pytest.raises(ValueError) as caught:
        Organisation(WHAT, agents=wrong)
    lines = str(caught.value).splitlines()
    assert len(lines) == 3
    assert "marketer" in lines[0] and ", ".join(ROLE_AGENTS) in lines[0]
    assert "leader" in lines[1] and "Leader" in lines[1]
    assert "sales" in lines[2] and "SalesRep" in lines[2]


@pytest.mark.parametrize(("seed", "replicate"), [(-1, 0), (2**64, 0), (1, -1)])
def test_wrong_worlds_are_refused(seed, replicate):
    """Seeds and replicates out of range raise ValueError."""
    with pytest.raises(ValueError):
        Organisation(WHAT, seed, replicate)


def test_the_graph_shows_who_meets_whom(model):
    """`graph` has a node per seat and an edge per tie with contact this week."""
    model.run(until=2)
    graph = model.graph
    assert isinstance(graph, networkx.Graph)
    assert set(graph) == {p.name for p in model.agents}
    for p in model.agents:
        node = graph.nodes[p.name]
        assert node["role"] in ROLES and node["department"] in DEPARTMENTS
        assert 1 <= node["score"] <= 7 and 0 <= node["ownership"] <= 1
        if p.status != WORKING:
            assert graph.degree(p.name) == 0
    assert graph.number_of_edges() > len(graph)
    for _, _, edge in graph.edges(data=True):
        assert edge["hours"] > 0 and 0 <= edge["trust"] <= 1
        assert edge["layer"] in LAYERS
    meeting = {p.name: 0.0 for p in model.agents}
    for a, b, edge in graph.edges(data=True):
        meeting[a] += edge["hours"]
        meeting[b] += edge["hours"]
    for p in model.agents:
        if p.working:
            p.meet()
            limit = min(meeting[p.name], 0.6 * p.contract)
            assert p.hours_meeting == pytest.approx(limit)


def test_who_is_away_meets_nobody(model):
    """A person on leave has no edge in the graph of that week."""
    model.run(until=1)
    absent = max(model.agents, key=lambda p: model.graph.degree(p.name))
    assert model.graph.degree(absent.name) > 0
    absent.status = WORKING + 1
    assert model.graph.degree(absent.name) == 0


def test_mesas_own_chance_is_never_used(model):
    """No draw and no order comes from model.random or model.rng."""
    before = model.random.getstate(), model.rng.bit_generator.state
    model.run()
    assert (model.random.getstate(), model.rng.bit_generator.state) == before
