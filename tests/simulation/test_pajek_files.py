"""Pajek's networks and projects: whole labels, every kind of tie, all networks."""

import pytest

from simulation.graph_files import Edge, read_graph


@pytest.fixture
def read(tmp_path):
    """Return a function that reads text as the graph file of a name."""

    def read_as(name, text):
        (tmp_path / name).write_bytes(text.encode())
        return read_graph(tmp_path / name)

    return read_as


def test_pajek_projects_and_second_networks(read):
    """Of a project all networks are read; partitions and vectors are noted."""
    one = '*Network lunch\n*Vertices 2\n1 "Ann"\n2 "Bob"\n*Edges\n1 2 4\n'
    two = '*Vertices 2\n1 "Bob"\n2 "Cor"\n*Arcs\n1 2 5\n'
    rest = "*Partition dept\n*Vertices 2\n1\n2\n*Vector age\n*Vertices 2\n30\n40\n"
    graph = read("g.paj", one + rest + two.replace("*V", "*Network work\n*V", 1))
    assert graph.edges == (
        Edge("Ann", "Bob", "lunch", None, 4.0),
        Edge("Bob", "Cor", "work", None, 5.0),
    )
    assert "not used of the file: *Partition, *Vector" in graph.notes
    assert read("g.net", one + two).names == ("Ann", "Bob", "Cor")


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("1 Ann de Wit", "Ann de Wit"),
        ("1 Ann de Wit 0.1 0.5 0.5", "Ann de Wit"),
        ("1 Ann de Wit 0.1 0.5 ellipse ic Red", "Ann de Wit"),
        ("1 Ann 100 200", "Ann"),
        ("1 Person 12", "Person 12"),
        ("1 Person 12 0.1 0.5", "Person 12"),
        ("1 Ann House", "Ann House"),
        ("1 Ann [1-5,8]", "Ann"),
        ("1 Ann box ic Red", "Ann"),
        ('1 "Ann de Wit" 0.1 0.5 ellipse', "Ann de Wit"),
        (r'1 "Ann \"Bo\" \\ Wit"', 'Ann "Bo" \\ Wit'),
        ('1 "Zo&#235;"', "Zoë"),
        ('1 ""', "1"),
        ("1", "1"),
    ],
)
def test_labels_of_pajek_are_whole(read, row, name):
    """With or without quotes, whatever is drawn; escapes are undone."""
    graph = read("g.net", f"*Vertices 2\r\n{row}\r\n2 Bob\r\n*Edges\r\n1 2\r\n")
    assert graph.names == tuple(sorted((name, "Bob")))
    unquoted = any("without quotes" in note for note in graph.notes)
    assert unquoted == (" " in name and '"' not in row)


@pytest.mark.parametrize(
    ("ties", "edges"),
    [
        ("*Edges\n1 2 c Blue\n2 3 1 w 3 c Red", {("A", "B"): None, ("B", "C"): 1.0}),
        ("*Arcs\n1 2 3 [1-4]\n3 2", {("A", "B"): 3.0, ("B", "C"): None}),
        ("*Arcslist\n1 2 3\n", {("A", "B"): None, ("A", "C"): None}),
        ("*Edgeslist\n2 1 3\n", {("A", "B"): None, ("B", "C"): None}),
        ("*Matrix\n0 2 0\n1 0 0\n0 3 0", {("A", "B"): 2.0, ("B", "C"): 3.0}),
        ("/* a comment */\n*arcs\n1 2 1\n", {("A", "B"): 1.0}),
    ],
)
def test_ties_of_pajek(read, ties, edges):
    """Lines, lists and matrices; what is drawn is no weight."""
    graph = read("g.net", f'*Vertices 3\n1 "A"\n2 "B"\n3 "C"\n{ties}\n')
    assert {(edge.a, edge.b): edge.weight for edge in graph.edges} == edges


def test_relations_of_pajek_without_a_name_stay_apart(read):
    """They are layers by their number, in the section or in the line."""
    text = "*Vertices 2\n*Arcs :1\n1 2 3\n*Arcs :2\n2 1 4\n*Edges\n3: 1 2 5\n"
    assert [(edge.layer, edge.weight) for edge in read("g.net", text).edges] == [
        ("relation 1", 3.0),
        ("relation 2", 4.0),
        ("relation 3", 5.0),
    ]
