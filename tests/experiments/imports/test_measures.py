"""Measures of a network against known answers, and who may be told apart."""

import networkx
import pytest
from machine import ROOT

from experiments.imports.document import import_document
from experiments.imports.mapping import ImportMapping
from experiments.imports.measures import (
    Bridge,
    averaged,
    bridges,
    ei_indices,
    groups_by_name,
    measure,
    shown_bridges,
)
from experiments.imports.meeting import template_networks
from experiments.imports.translating import read_import
from experiments.people.privacy import Group
from experiments.statistics.small_groups import LEAST
from simulation.people_table import PersonRow

GUIDES = ROOT / "docs" / "guides"
A, B = Group("marketing"), Group("sales")


def network(*ties):
    graph = networkx.Graph()
    for a, b, hours in ties:
        graph.add_edge(a, b, hours=hours)
    return graph


def test_everyone_goes_through_the_middle_of_a_star():
    """One broker, one overloaded, all ties single."""
    star = network(*((0, k, 1.0) for k in range(1, 11)))
    star.add_node(11)
    found = measure(star, dict.fromkeys(range(12), A))
    assert (found.brokers, found.overloaded, found.isolated) == (1, 1, 1)
    assert found.single == 10 and found.busiest == 0.5


def test_ei_index_is_that_of_krackhardt_and_stern():
    """By hand: 1 hour outside against 2 x 2 hours inside."""
    graph = network(("a", "b", 2.0), ("b", "c", 1.0), ("c", "d", 0.5))
    groups = {"a": A, "b": A, "c": B, "d": B}
    found = ei_indices(graph, groups)
    assert found[A] == pytest.approx((1 - 4) / 5)
    assert found[B] == pytest.approx((1 - 1) / 2)
    lonely = ei_indices(networkx.Graph(), {"e": A})
    assert lonely[A] is None


def test_bridges_have_hours_and_carriers():
    """Contact inside a group, and with people in none, is no bridge."""
    graph = network(("a", "c", 1.0), ("b", "c", 2.0), ("a", "b", 5.0), ("a", "z", 1.0))
    found = bridges(graph, {"a": A, "b": A, "c": B, "z": None})
    assert found == {(A, B): Bridge(3.0, 3)}


def test_a_bridge_of_few_is_never_hidden_alone():
    """Else its hours would follow from those of the others."""
    c = Group("hr")
    few, some, many = (A, B), (A, c), (B, c)
    found = {few: Bridge(1, 2), some: Bridge(2, 6), many: Bridge(3, 9)}
    assert shown_bridges(found) == {many}
    found[few] = Bridge(1, 5)
    assert shown_bridges(found) == {few, some, many}


def test_means_over_worlds_are_of_all_of_them():
    """A bridge that is missing in a world counts as no hours there."""
    groups = {"a": A, "b": A, "c": B}
    one = measure(network(("a", "b", 1.0), ("b", "c", 2.0)), groups)
    other = measure(network(("a", "b", 1.0), ("c", "d", 1.0)), {**groups, "d": B})
    found = averaged([one, other])
    assert found.bridges[A, B].hours == 1.0


def test_groups_below_five_are_pooled():
    """No group of the tables is smaller, nor the rest of a department or the whole."""
    people = [
        PersonRow(f"p{k}", "colleague", d, None, t, None, 36.0)
        for k, (d, t) in enumerate(
            [("marketing", "x")] * 6 + [("marketing", "y")] * 2 + [("hr", "hr")] * 3
        )
    ]
    groups = list(groups_by_name(people).values())
    assert all(groups.count(group) >= LEAST for group in groups)
    few = groups_by_name(people[:4])
    assert set(few.values()) == {None}


@pytest.fixture(scope="module")
def example():
    mapping = ImportMapping({("contacts", "kind"): "emails", ("contacts", "weeks"): 13})
    files = (GUIDES / "example_people.csv", GUIDES / "example_mails.csv")
    return read_import(*files, mapping)


def test_the_document_tells_the_network_beside_the_template(example):
    """In both languages, without names, with the rule by which mails became hours."""
    for language, rule in (("en", "5 minutes / 60 / 13 weeks"), ("nl", "13 weken")):
        document = import_document(example, language)
        sentences = " ".join(document.section("understood").sentences)
        assert rule in sentences
        tables = {x.name: x for x in document.section("network").tables}
        assert set(tables) == {"measures", "teams", "bridges"}
        assert {"ei_index", "template"} <= set(tables["teams"].data)
        everything = str(document)
        assert not any(person.name in everything for person in example.people)
        assert "network-people" not in document.numbers


def test_people_are_named_only_where_that_is_asked_for(example):
    """Then there is a table of measures by person."""
    document = import_document(example, "en", named=True)
    table = document.numbers["network-people"]
    assert len(table) == 45 and "Noor van Leeuwen" in set(table["name"])
    assert table["betweenness"].is_monotonic_decreasing


def test_the_template_is_of_the_same_people(example):
    """Its worlds differ in informal ties."""
    one, other, *_ = template_networks((example.people, None))
    assert set(one) == set(other) == {x.name for x in example.people}
    assert set(one.edges) != set(other.edges)
