"""Head counts, people tables and graphs become seats, lines, choices and journeys."""

from collections import Counter
from itertools import combinations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import FEW, NO_HEADS, lived, scenario

from simulation.head_counts import LEAST_FOR_A_LEADER, room_for
from simulation.model import Organisation
from simulation.organisation import draw_chart, seats_from_counts
from simulation.people_table import PeopleError
from simulation.scenario import ScenarioError, read, resolve, scenario_from
from simulation.state import CHANNELS, DOMAINS, LANES, THEMES

counts = st.fixed_dictionaries({name: st.integers(0, 30) for name in NO_HEADS}).filter(
    lambda heads: sum(heads.values()) >= 3
)


@settings(max_examples=40)
@given(counts, st.integers(2, 12))
def test_leaders_come_on_top_of_the_head_counts(heads, span):
    """Everyone has one line to one top, and nobody leads more than the span allows."""
    seats = draw_chart(scenario(heads, organisation={"span_of_control": span})).seats
    names = [seat.name for seat in seats]
    assert len(set(names)) == len(names)
    assert [seat.key for seat in seats] == sorted(seat.key for seat in seats)
    assert sum(seat.role != "leader" for seat in seats) == sum(heads.values())
    assert sum(seat.role == "external" for seat in seats) == heads["externals"]
    manager = {seat.name: seat.manager for seat in seats}
    assert [name for name, m in manager.items() if m is None] == ["management-1"]
    by_name = {seat.name: seat for seat in seats}
    lines = Counter(manager.values())
    for name, size in lines.items():
        if name not in (None, "management-1"):
            assert by_name[name].role == "leader" and size <= span
    for name in names:
        above, steps = name, 0
        while manager[above] is not None:
            above, steps = manager[above], steps + 1
            assert steps < len(names)
    for department in ("marketing", "sales", "product"):
        own = [s for s in seats if s.department == department]
        heads_of = [s for s in own if s.role != "leader"]
        leads = [s for s in own if s.role == "leader" and s.manager == "management-1"]
        assert len(leads) == (len(heads_of) >= LEAST_FOR_A_LEADER)


@pytest.mark.parametrize("people", [1, 3, 4, 5, 33, 4097])
def test_room_for_leaders_is_enough(people):
    """Also with a span of two, where every level of leaders has one to spare."""
    heads = dict.fromkeys(NO_HEADS, people)
    plan = scenario(heads, organisation={"span_of_control": 2}).organisation
    assert len(seats_from_counts(plan)[0]) <= room_for(np.array(list(heads.values())))


@settings(max_examples=40)
@given(counts, st.integers(2, 8), st.sampled_from((0.1, 0.8, 1.6, 5.0)))
def test_choices_are_owned_once_and_bundled_evenly(heads, size, each):
    """Lanes tell domain and ordinal, executors work there, journeys have like sizes."""
    work = {"bundle_size": size, "choices_per_person": each}
    chart = draw_chart(scenario(heads, organisation=work))
    seats = {seat.name: seat for seat in chart.seats}
    lanes = [choice.lane for choice in chart.choices]
    assert len(set(lanes)) == len(lanes)
    ordinals = Counter()
    for choice in chart.choices:
        assert DOMAINS[choice.lane % LANES] == choice.domain
        ordinals[choice.domain] = max(ordinals[choice.domain], choice.lane // LANES + 1)
        executor = seats[choice.executor]
        home = "marketing" if choice.domain in CHANNELS else choice.domain
        assert executor.department == home and executor.role != "leader"
        assert choice.theme == choice.bundle % THEMES
    assert sum(ordinals.values()) == len(lanes)
    sizes = Counter(choice.bundle for choice in chart.choices)
    assert sorted(sizes) == list(range(len(sizes)))
    assert (
        max(sizes.values()) <= size and max(sizes.values()) - min(sizes.values()) <= 1
    )
    if heads["marketeers"] or heads["externals"]:
        assert set(CHANNELS) <= set(ordinals)


@pytest.mark.parametrize("group", sorted(NO_HEADS))
def test_one_more_person_moves_no_choice(group):
    """Adding a person adds choices and keeps the lane and domain of all others."""
    heads = {**FEW, "hr": 1, "customer_success": 1, "externals": 1}
    before = draw_chart(scenario(heads)).choices
    after = draw_chart(scenario({**heads, group: heads[group] + 1})).choices
    places = {(choice.lane, choice.domain) for choice in before}
    assert places <= {(choice.lane, choice.domain) for choice in after}


def test_one_more_person_keeps_most_journeys():
    """One colleague more, late in the list, leaves most items with the same others."""
    heads = {"marketeers": 12, "communicators": 4, "sales": 8, "product": 3, "hr": 2}
    together = []
    for finance in (2, 3):
        journeys = {}
        for choice in draw_chart(scenario({**heads, "finance": finance})).choices:
            journeys.setdefault(choice.bundle, set()).add(choice.lane)
        together.append({lane: j - {lane} for j in journeys.values() for lane in j})
    before, after = together
    kept = [lane for lane in before if before[lane] <= after[lane]]
    assert len(kept) > 0.8 * len(before)


def test_one_more_person_moves_a_few_executors():
    """A marketeer more takes over choices of one channel only."""
    before, after = (
        {
            choice.lane: choice
            for choice in draw_chart(scenario({"marketeers": n, "sales": 2})).choices
        }
        for n in (12, 13)
    )
    moved = {
        before[k].domain for k in before if before[k].executor != after[k].executor
    }
    assert moved <= {CHANNELS[12 % len(CHANNELS)]}


@pytest.mark.parametrize(
    ("heads", "seats"),
    [
        ({"marketeers": 1, "sales": 1, "product": 1}, 4),
        ({"marketeers": 3}, 4),
        ({"externals": 3}, 4),
        ({"hr": 3}, 4),
        ({"communicators": 3}, 4),
        ({"sales": 4}, 6),
    ],
)
def test_three_people_are_an_organisation(heads, seats):
    """The smallest organisations of any kind of people live by all laws."""
    model, laws = lived(scenario(heads, weeks=30, warm_up=4))
    assert len(model.agents) == seats
    assert laws.broken == {}


def test_two_people_are_none():
    """Fewer than three people are refused before anything is built."""
    with pytest.raises(ScenarioError, match="too few people"):
        scenario({"marketeers": 2})


def test_a_hundred_and_fifty_people():
    """A large organisation has levels of leaders and lives by all laws."""
    model, laws = lived(read("large_base"), until=4)
    people = model.state.people
    assert 100 <= len(people) <= 250 and len(set(people.leader)) > 12
    assert len(model.state.choices) >= 128
    assert laws.broken == {}


PEOPLE = """name,role,team,manager,hours
Ann,CEO,,,40
Bea,CMO,,Ann,36
Cas,marketeer,Noord,Bea,32
Dia,marketeer,Noord,Bea,36
Eva,communicatie,,Ann,24
Fil,sales,,Ann,36
Gus,sales,,Ann,36
Han,finance,,Ann,16
Ian,marketeer,Zuid,Cas,36
"""


@pytest.fixture
def people_file(tmp_path):
    """Write the table of nine people, and return its path."""
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def from_files(weeks=8, warm_up=2, levers=None, **files):
    """Return the resolved scenario of people and network files."""
    named = {key: str(path) for key, path in files.items()}
    run = {"weeks": weeks, "warm_up_weeks": warm_up}
    data = {
        "organisation": named,
        "run": run,
        "levers": levers or {},
        "as_is": "baseline",
    }
    return resolve(scenario_from(data, "files"))


@pytest.mark.parametrize(
    "levers", [{}, {"communication": "matrix", "steering": "detail"}]
)
def test_a_people_table_lives(people_file, levers):
    """People of a table keep hours, team and manager, and live by all laws."""
    model, laws = lived(from_files(people=people_file, levers=levers))
    assert laws.broken == {}
    people = {p.name: p for p in model.agents}
    assert len(people) == 9 and people["Eva"].contract == 24
    assert people["Ian"].leader_agent is people["Cas"]
    assert people["Cas"].team == people["Dia"].team != people["Ian"].team
    assert people["Fil"].own_items and people["Han"].own_items


def test_a_manager_of_any_title_leads(people_file):
    """Whoever is named as manager gives hours to the line, whatever the title."""
    model = Organisation(from_files(people=people_file))
    model.run()
    cas = next(p for p in model.agents if p.name == "Cas")
    assert cas.role != 0 and cas.talk_each > 0 and cas.review_hours > 0


EDGES = "source,target,hours\nAnn,Bea,2\nBea,Cas,3\nCas,Dia,1.5\nCas,Ian,1\nFil,Gus,4\n"


def test_a_table_and_a_graph_live_together(people_file, tmp_path):
    """Imported hours are the contact; who has no tie, or lives apart, lives on."""
    (tmp_path / "edges.csv").write_text(EDGES, encoding="utf-8")
    what = from_files(people=people_file, network=tmp_path / "edges.csv")
    _, laws = lived(what)
    assert laws.broken == {}
    graph = Organisation(what).graph
    assert graph.nodes["Han"]["department"] == "finance"
    assert graph.degree("Han") == 0 and not networkx.is_connected(graph)
    assert graph.edges["Bea", "Cas"]["hours"] == pytest.approx(3)
    assert graph.edges["Fil", "Gus"]["layer"] == "imported"
    assert graph.number_of_edges() == 5


def test_a_graph_like_a_real_department_lives(tmp_path):
    """A graph of 61 people in groups, as GraphML without a table, lives by all laws."""
    graph = networkx.relaxed_caveman_graph(6, 10, 0.2, seed=3)
    graph.add_edge(60, 0)
    graph.remove_edges_from(list(networkx.selfloop_edges(graph)))
    graph = networkx.relabel_nodes(graph, {n: f"U{n}" for n in graph})
    networkx.write_graphml(graph, tmp_path / "aucs.graphml")
    model, laws = lived(from_files(weeks=8, network=tmp_path / "aucs.graphml"))
    assert laws.broken == {}
    assert len(model.agents) == 61
    assert {f"U{n}" for n in range(61)} == {p.name for p in model.agents}
    imported = Organisation(model.scenario).graph
    assert {frozenset(e) for e in imported.edges} == {frozenset(e) for e in graph.edges}
    assert {p.department for p in model.agents} >= {1, 2, 3}


def test_a_graph_in_two_halves_lives(tmp_path):
    """Two cliques without a bridge live by all laws and never meet each other."""
    graph = networkx.disjoint_union(
        networkx.complete_graph(8), networkx.complete_graph(7)
    )
    graph = networkx.relabel_nodes(graph, {n: f"P{n:02}" for n in graph})
    networkx.write_gexf(graph, tmp_path / "halves.gexf")
    model, laws = lived(from_files(network=tmp_path / "halves.gexf"))
    assert laws.broken == {}
    met = {
        frozenset((t.a, t.b))
        for t, h in zip(model.state.ties, model.state.hours[0], strict=True)
        if h
    }
    index = {p.name: p.index for p in model.agents}
    halves = [[index[f"P{n:02}"] for n in half] for half in (range(8), range(8, 15))]
    pairs = {frozenset(pair) for half in halves for pair in combinations(half, 2)}
    assert met == pairs and np.isfinite(model.series.market_fit).all()


def test_people_who_execute_nothing(tmp_path):
    """A table of management only is refused, with what it needs."""
    path = tmp_path / "people.csv"
    path.write_text(
        "name,role,team,manager,hours\nA,ceo,,,36\nB,coo,,A,36\nC,cto,,A,36\n",
        encoding="utf-8",
    )
    with pytest.raises(PeopleError, match="nobody executes anything"):
        Organisation(from_files(people=path))
