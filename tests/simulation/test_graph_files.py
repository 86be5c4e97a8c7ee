import pickle
import re
import string

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import graph_drafts, graph_formats, text_files
from simulation.graph_files import (
    CommunicationGraph,
    Edge,
    GraphError,
    as_networkx,
    read_graph,
)

MPX = """#TYPE
multiplex
#LAYERS
lunch,UNDIRECTED
work,DIRECTED
#ACTOR ATTRIBUTES
group,STRING
#EDGE ATTRIBUTES
work,rank,NUMERIC
hours,NUMERIC
#ACTORS
Ann,G1
Bob,G1
Cor,G2
-- a comment
#NODES
Ann,lunch
#EDGES
Ann,Bob,lunch,1.5
Bob,Ann,work,3,4
"""
GRAPHML = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="h" for="edge" attr.name="hours" attr.type="{type}"/>
<key id="l" for="node" attr.name="label" attr.type="string"/>
<graph edgedefault="undirected">
<node id="n1"><data key="l">{first}</data></node>
<node id="{second}"><data key="l">Bob</data></node>
<edge source="n1" target="{target}"><data key="h">{hours}</data></edge>
</graph></graphml>
"""
FINE = {
    "type": "string",
    "first": "Ann",
    "second": "n2",
    "target": "n2",
    "hours": "2",
}
WRITERS = {
    ".graphml": networkx.write_graphml,
    ".gexf": networkx.write_gexf,
    ".net": networkx.write_pajek,
}

name_texts = st.text(
    string.ascii_letters + string.digits + "éü", min_size=1, max_size=6
)


@st.composite
def drawn_graphs(draw):
    """Draw a networkx graph with texts as names and a tie of some hours."""
    names = draw(st.lists(name_texts, min_size=2, max_size=7, unique=True))
    pairs = [(a, b) for a in names for b in names if a < b]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))
    graph = draw(st.sampled_from((networkx.Graph, networkx.DiGraph)))()
    graph.add_nodes_from(names)
    for a, b in chosen:
        hours = draw(st.floats(0, 60, allow_subnormal=False))
        layer = draw(st.sampled_from(("lunch", "work")))
        graph.add_edge(a, b, hours=str(hours), layer=layer, weight=2.5)
    return graph


def expected(graph):
    return {
        Edge(*sorted((a, b)), d["layer"], float(d["hours"]), 2.5)
        for a, b, d in graph.edges(data=True)
    }


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a file of a name and reads it as a graph."""

    def read_as(name, content):
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")
        return read_graph(path)

    return read_as


@pytest.fixture
def refusal(read):
    """Return a function that gives the problems for which a file is refused."""

    def refuse(name, content):
        with pytest.raises(GraphError) as caught:
            read(name, content)
        return caught.value.problems

    return refuse


@pytest.mark.parametrize("suffix", WRITERS)
@settings(max_examples=40, deadline=None)
@given(graph=drawn_graphs())
def test_round_trip(suffix, graph, tmp_path_factory):
    """What networkx writes in a format reads back as the same people and ties."""
    path = tmp_path_factory.getbasetemp() / f"drawn{suffix}"
    WRITERS[suffix](graph, path)
    got = read_graph(path)
    assert got.names == tuple(sorted(graph))
    assert set(got.edges) == expected(graph)


def _spelled(value):
    """Return a value as text, a number not with three decimals: they'd be thousands."""
    text = str(value)
    return f"{text}0" if re.fullmatch(r"[1-9]\d*\.\d{3}", text) else text


@settings(max_examples=40, deadline=None)
@given(graph=drawn_graphs(), parted=st.sampled_from(",;\t"))
def test_round_trip_of_a_table(graph, parted, tmp_path_factory):
    """A table parted by comma, semicolon or tab reads back as the same ties."""
    path = tmp_path_factory.getbasetemp() / "drawn.csv"
    rows = [("from", "to", "Layer", "hours", "weight")]
    rows += [(a, b, *d.values()) for a, b, d in graph.edges(data=True)]
    rows = [(a, b, *map(_spelled, rest)) for a, b, *rest in rows]
    order = [0, 1, 3, 2, 4]
    rows[1:] = [[row[at] for at in order] for row in rows[1:]]
    path.write_text("\n".join(parted.join(row) for row in rows), encoding="utf-8")
    assert set(read_graph(path).edges) == expected(graph)


@settings(max_examples=200, deadline=None)
@given(
    suffix=st.sampled_from(tuple(graph_formats.READERS)),
    data=st.one_of(
        st.binary(max_size=80),
        st.text('<>/*#,;\t\n"ab1 gexfnodevertices', max_size=120).map(str.encode),
    ),
)
def test_any_bytes_give_a_graph_or_a_graph_error(suffix, data, tmp_path_factory):
    """Whatever a file holds, nothing but a graph or a GraphError comes out."""
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(data)
    try:
        assert isinstance(read_graph(path), CommunicationGraph)
    except GraphError as error:
        assert all(text.startswith(str(path)) for text in error.problems)


def test_directions_and_repeats_merge_to_the_largest(read):
    """Both directions and repeats of a tie become one, with the largest hours."""
    graph = read("g.csv", "source,target,hours\nb,a,1\na,b,2\na,b,\n")
    assert graph.edges == (Edge("a", "b", "imported", 2.0),)
    assert "3 listed ties merged into 1" in graph.notes
    assert any("different values" in note for note in graph.notes)


def test_multigraph_merges_per_layer(tmp_path):
    """Parallel edges of a multigraph stay apart by layer and merge within it."""
    graph = networkx.MultiDiGraph()
    graph.add_edge("a", "b", layer="lunch", hours=1.0)
    graph.add_edge("b", "a", layer="lunch", hours=3.0)
    graph.add_edge("a", "b", layer="work", hours=2.0)
    networkx.write_graphml(graph, tmp_path / "g.graphml")
    edges = read_graph(tmp_path / "g.graphml").edges
    assert edges == (Edge("a", "b", "lunch", 3.0), Edge("a", "b", "work", 2.0))


def test_notes_tell_of_loops_and_lonely_people_without_names(read):
    """Self-loops, isolated people and separate groups are noted, without names."""
    text = "*Vertices 6\n1 Ann\n2 Bob\n3 Cor\n4 Dee\n5 Eve\n*Edges\n1 2\n3 4\n5 5\n"
    graph = read("g.net", text)
    assert graph.names == ("6", "Ann", "Bob", "Cor", "Dee", "Eve")
    assert graph.notes == (
        "self-loops dropped: 1 (lines 10)",
        "people without ties: 2",
        "groups without ties between them: 2",
    )


def test_semicolons_decimal_commas_and_byte_order_mark(read):
    """A table as a Dutch spreadsheet saves it is understood."""
    graph = read("g.csv", "\ufeffA;B;Hours;Id\nZoë ;Jan  de Wit;2,5;1\n")
    assert graph.edges == (Edge("Jan de Wit", "Zoë", "imported", 2.5),)
    assert "column 'Id' is not used" in graph.notes


def test_names_compare_after_unicode_normalisation(read):
    """A letter with its accent apart is the same name as with it attached."""
    graph = read("g.csv", "a,b\nZoe\u0308,Bob\nZo\u00eb,Cor\n")
    assert graph.names == ("Bob", "Cor", "Zo\u00eb")


def test_mpx(read):
    """Actors, layers and the values of a layer before those of all are read."""
    graph = read("g.mpx", MPX)
    assert graph.names == ("Ann", "Bob", "Cor")
    assert graph.edges == (
        Edge("Ann", "Bob", "lunch", 1.5),
        Edge("Ann", "Bob", "work", 4.0),
    )


def test_mpx_without_sections_is_a_list_of_ties(read):
    """A file of ties alone is read, as the library does."""
    graph = read("g.mpx", "Cor,Ann,work\r\nAnn,Bob,lunch\r\n")
    assert [(edge.a, edge.b) for edge in graph.edges] == [
        ("Ann", "Bob"),
        ("Ann", "Cor"),
    ]


def test_pajek_relations_become_layers(read):
    """Numbered relations of a Pajek file become layers; values become weights."""
    text = '*Network x\n*Vertices 2\n1 "Ann B" 0.1\n2 Bob\n% note\n'
    text += '*Arcs :1 "lunch"\n1 2 3\n*Arcs :2 "work"\n2 1 1\n'
    assert read("g.net", text).edges == (
        Edge("Ann B", "Bob", "lunch", None, 3.0),
        Edge("Ann B", "Bob", "work", None, 1.0),
    )


def test_labels_name_people(read):
    """A node with a label is known by that label, not by its identifier."""
    assert read("g.graphml", GRAPHML.format(**FINE)).names == ("Ann", "Bob")


def test_all_layers_together_as_networkx(read):
    """The union of layers holds every person and each pair once."""
    union = as_networkx(read("g.mpx", MPX))
    assert sorted(union) == ["Ann", "Bob", "Cor"]
    assert union.number_of_edges() == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("g.csv", "", "is empty"),
        ("g.csv", "\ufeff \n", "is empty"),
        ("g.csv", b"a,b\n\x00\x01", "is binary"),
        ("g.csv", b"a,b\nZo\xc3\xab,Zo\xeb\n", "g.csv:2: is not UTF-8 text"),
        ("g.graphmll", "x", "allowed .csv, .gexf, .graphml, .mpx, .net, .paj; nearest"),
        ("g.csv", "a,c\nx,y\n", "no column b"),
        ("g.csv", "sorce,target\nx,y\n", "nearest 'source'"),
        ("g.csv", "a,b,hour\nx,y,1\n", "nearest 'hours'"),
        ("g.csv", "a,source,b\nx,y,z\n", "second column for a"),
        ("g.csv", "a,b\nx,y,z\n", "too many cells"),
        ("g.csv", 'a,b\n"x,y\n', "is not a table"),
        ("g.csv", ";;\n", "no column a"),
        ("g.csv", "a,b\nx,\n", "g.csv:2: empty name"),
        ("g.csv", "a,b\n", "no ties"),
        ("g.csv", "a,b\nx,x\n", "no ties"),
        ("g.csv", "a,b,hours\nx,y,-1\n", "g.csv:2: hours; received '-1'"),
        (
            "g.csv",
            "a,b,hours\nx,y,much\n",
            "received 'much'; allowed a number, 0 to 60",
        ),
        ("g.csv", "a,b,hours\nx,y,60.5\n", "received '60.5'"),
        ("g.csv", "a,b,hours\nx,y,inf\n", "received 'inf'"),
        ("g.csv", "a,b,hours\nx,y,1_0\n", "received '1_0'"),
        ("g.csv", "a,b,weight\nx,y,-2\n", "weight; received '-2'"),
        ("g.csv", "a,b,weight\nx,y,1e999\n", "weight; received '1e999'"),
        (
            "g.net",
            "*Vertices 2\n1 Ann\n2 Ann\n*Edges\n1 2\n",
            "two people with one name",
        ),
        (
            "g.net",
            "*Vertices 2\n*Edges\n1 3\n",
            "g.net:3: unknown vertex; received '3'",
        ),
        ("g.net", "*Vertices 2\n*Edges\n1\n", "g.net:3: tie"),
        ("g.net", "*Vertices x\n*Edges\n1 2\n", "allowed one number"),
        ("g.net", "*Vertices 30000\n", "too many people; received 30000"),
        ("g.net", "*Vertices 2\n*Edge\n1 2\n", "nearest 'edges'"),
        ("g.mpx", MPX.replace("Bob,Ann", "Bbo,Ann"), "received 'Bbo'; nearest 'Bob'"),
        ("g.mpx", MPX.replace("Bob,Ann,work", "Bob,Ann,wrok"), "nearest 'work'"),
        ("g.mpx", MPX.replace("Cor,", "Ann,"), "g.mpx:14: two people with one name"),
        ("g.mpx", MPX.replace("#EDGES", "#EDGE"), "nearest 'EDGES'"),
        ("g.mpx", MPX.replace("multiplex", "multilayer"), "allowed multiplex"),
        ("g.mpx", "Ann,Bob\n", "g.mpx:1: tie; received 'Ann,Bob'"),
        ("g.graphml", "<graphml><b></graphml>", "g.graphml:1: is not XML"),
        ("g.graphml", "<graphml/>", "no graph in it"),
        ("g.gexf", "<gexf/>", "no graph in it"),
        ("g.graphml", "<!DOCTYPE x []>\n<a/>", "refused for safety"),
        ("g.gexf", '\n<!ENTITY a "b">\n<a/>', "g.gexf:2: refused for safety"),
    ],
)
def test_bad_files_are_refused_with_the_reason(name, content, words, refusal):
    """Each kind of bad file is refused with what, where, received and allowed."""
    assert words in "\n".join(refusal(name, content))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first": "Bob"}, "two people with one name; received 'Bob'"),
        ({"second": "n1"}, "two nodes with one id; received 'n1'"),
        ({"target": "n3"}, "edge to unknown node; received 'n3'"),
        ({"hours": "-2"}, "hours; received '-2'"),
        ({"type": "double", "hours": "x"}, "g.graphml:8: hours; received 'x'"),
        ({"type": "double", "hours": "inf"}, "hours; received 'inf'"),
    ],
)
def test_bad_graphml(change, words, refusal):
    """What a GraphML file gets wrong about nodes and hours is told, not merged away."""
    assert words in "\n".join(refusal("g.graphml", GRAPHML.format(**FINE | change)))


def test_all_problems_of_a_file_at_once_in_its_order(refusal):
    """One reading tells every problem of a file, in the order of its lines."""
    text = "a,b,hours\nx,y,-1\nx,,2\nx,z,70\nx,z,1,2\n"
    lines = [problem.split(".csv:")[1][0] for problem in refusal("g.csv", text)]
    assert lines == ["2", "3", "4", "5"]


def test_a_long_list_of_problems_is_cut_in_the_message_only(refusal):
    """The message shows a hundred problems and counts the rest; the error holds all."""
    text = "a,b,hours\n" + "x,y,-1\n" * 150
    with pytest.raises(GraphError, match="and 50 more"):
        raise GraphError(refusal("g.csv", text))


def test_errors_survive_pickling():
    """An error that crosses to another process keeps its problems."""
    error = pickle.loads(pickle.dumps(GraphError(["one", "two"])))
    assert error.problems == ("one", "two")
    assert str(error) == "one\ntwo"


def test_missing_file_and_folder(tmp_path):
    """A missing file is told with the nearest one there; a folder is no graph."""
    (tmp_path / "graph.csv").touch()
    with pytest.raises(GraphError, match=r"no such file.*nearest 'graph\.csv'"):
        read_graph(tmp_path / "grap.csv")
    with pytest.raises(GraphError, match="is a folder"):
        read_graph(tmp_path)
    with pytest.raises(GraphError, match="no such file"):
        read_graph(tmp_path / "nowhere" / "graph.csv")


@pytest.mark.parametrize(
    ("module", "limit", "words"),
    [
        (text_files, "MOST_BYTES", "too large"),
        (graph_drafts, "MOST_PEOPLE", "people"),
        (graph_drafts, "MOST_TIES", "ties"),
    ],
)
@pytest.mark.parametrize("name", ["g.csv", "g.graphml", "g.net", "g.mpx"])
def test_limits_of_size(module, limit, words, name, monkeypatch, refusal):
    """Files over the limits of bytes, people or ties are refused."""
    monkeypatch.setattr(module, limit, 0)
    content = {
        "g.csv": "a,b\nx,y\n",
        "g.graphml": GRAPHML.format(**FINE),
        "g.net": "*Vertices 2\n*Edges\n1 2\n",
        "g.mpx": MPX,
    }[name]
    assert words in "\n".join(refusal(name, content))
