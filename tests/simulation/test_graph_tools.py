"""Graph files as tools write them: who is a person, what is a tie, what is not used."""

import pytest

from simulation import graph_drafts
from simulation.graph_files import Edge, GraphError, read_graph

GRAPHML = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"{}>{}</graphml>'
YED = ' xmlns:y="http://www.yworks.com/xml/graphml"'
KEYS = '<key for="node" id="d6" yfiles.type="nodegraphics"/>'
GEXF = '<gexf xmlns="{}" version="1.3"><graph {}>{}</graph></gexf>'
SPACES = (
    "http://www.gexf.net/1.1draft",
    "http://www.gexf.net/1.2draft",
    "http://gexf.net/1.3",
    "http://www.gexf.net/1.3",
    "https://www.gexf.net/1.3",
    "",
)


def drawn(id_, label, kind="ShapeNode", more=""):
    """Return a node as yEd writes it."""
    text = f"<y:{kind}><y:NodeLabel>{label}<y:LabelModel/></y:NodeLabel></y:{kind}>"
    return f'<node id="{id_}"{more}><data key="d6">{text}</data></node>'


def group(id_, label, inside, kind="group"):
    """Return a group of nodes as yEd writes it."""
    text = f"<y:NodeLabel>{label}</y:NodeLabel>"
    text = f"<y:ProxyAutoBoundsNode><y:Realizers><y:GroupNode>{text}</y:GroupNode>"
    text += "</y:Realizers></y:ProxyAutoBoundsNode>"
    nested = f'<graph id="{id_}:" edgedefault="directed">{inside}</graph>'
    folder = f' yfiles.foldertype="{kind}"' if kind else ""
    return f'<node id="{id_}"{folder}><data key="d6">{text}</data>{nested}</node>'


def tie(a, b, more=""):
    return f'<edge source="{a}" target="{b}"{more}/>'


@pytest.fixture
def read(tmp_path):
    """Return a function that reads text as the graph file of a name."""

    def read_as(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_graph(tmp_path / name)

    return read_as


@pytest.fixture
def graphml(read):
    """Return a function that reads what is in a GraphML file."""
    return lambda inside, more="": read("g.graphml", GRAPHML.format(more, inside))


@pytest.fixture
def gexf(read):
    """Return a function that reads nodes and edges of a GEXF file."""

    def read_parts(nodes, edges, more="", above="", space=SPACES[2]):
        parts = f"{above}<nodes>{nodes}</nodes><edges>{edges}</edges>"
        return read("g.gexf", GEXF.format(space, more, parts))

    return read_parts


def people_of(*ids):
    return "".join(f'<node id="{id_}" label="{id_.upper()}"/>' for id_ in ids)


def pairs(graph):
    return [(edge.a, edge.b) for edge in graph.edges]


# --- groups -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["group", "folder", ""])
def test_groups_of_yed_are_no_people(graphml, kind):
    """Whether open or closed, in one another or empty, and ties of groups are noted."""
    inner = group("g0::g1", "Web", drawn("n0", "Ann") + drawn("n1", "Bob"), kind)
    nodes = group("g0", "Marketing", inner, kind) + drawn("n2", "Cor")
    nodes += group("g2", "Empty", "", kind)
    edges = tie("n0", "n1") + "\n" + tie("n1", "n2") + "\n" + tie("g0", "n2")
    graph = graphml(f"{KEYS}\n<graph>{nodes}\n{edges}</graph>", YED)
    assert graph.names == ("Ann", "Bob", "Cor")
    assert pairs(graph) == [("Ann", "Bob"), ("Bob", "Cor")]
    assert "groups, which are no people: 3 (lines 2)" in graph.notes
    assert "ties of groups, not used: 1 (lines 5)" in graph.notes


def test_nodes_in_a_node_make_it_a_group(graphml):
    """Also where the tool says nothing else, and ties stand in the inner graph."""
    inner = f'<graph><node id="a"/><node id="b"/>{tie("a", "b")}</graph>'
    graph = graphml(f'<graph><node id="team">{inner}</node></graph>')
    assert graph.names == ("a", "b")


@pytest.mark.parametrize(
    "nodes",
    [
        f'<node id="t" label="Team"><nodes>{people_of("a", "b")}</nodes></node>',
        '<node id="t" label="Team"/><node id="a" label="A" pid="t"/>'
        '<node id="b" label="B" pid="t"/>',
        '<node id="a" label="A"><parents><parent for="t"/></parents></node>'
        '<node id="b" label="B"/><node id="t" label="Team"/>',
    ],
)
def test_what_holds_nodes_in_gexf_is_a_group(gexf, nodes):
    """Nodes in nodes, pid and parents are three ways to say so."""
    graph = gexf(nodes + people_of("c"), tie("a", "b") + tie("b", "c"))
    assert graph.names == ("A", "B", "C")
    assert any(
        note.startswith("groups, which are no people: 1") for note in graph.notes
    )


# --- several graphs -----------------------------------------------------------------


def test_all_graphs_of_a_file_are_read(graphml):
    """People of one name are the same; each graph with ties is a layer."""
    one = f'<graph id="lunch"><node id="a"/><node id="b"/>{tie("a", "b")}</graph>'
    two = f'<graph><node id="b"/><node id="c"/>{tie("b", "c")}</graph>'
    graph = graphml(one + two)
    assert graph.names == ("a", "b", "c")
    assert [edge.layer for edge in graph.edges] == ["lunch", "graph 2"]
    assert "graphs in one file: 2, all read" in graph.notes


def test_ids_belong_to_their_graph(graphml):
    """Two graphs that number their nodes alike do not mix up people."""
    key = '<key id="l" for="node" attr.name="Label"/>'
    node = '<node id="{}"><data key="l">{}</data></node>'
    one = node.format("n0", "Ann") + node.format("n1", "Bob") + tie("n0", "n1")
    two = node.format("n0", "Cor") + node.format("n1", "Bob") + tie("n0", "n1")
    graph = graphml(f"{key}<graph>{one}</graph><graph>{two}</graph>")
    assert pairs(graph) == [("Ann", "Bob"), ("Bob", "Cor")]


# --- names, weights and what is not used --------------------------------------------


@pytest.mark.parametrize(
    ("key", "weight"),
    [("Label", "Edge Weight"), ("name", "WEIGHT"), ("Naam", "edge_weight")],
)
def test_attributes_are_known_whatever_their_case(graphml, key, weight):
    """NodeXL, visone and others write labels and weights in their own way."""
    keys = f'<key id="d3" for="node" attr.name="{key}" attr.type="string"/>'
    keys += f'<key id="d9" for="edge" attr.name="{weight}" attr.type="double"/>'
    keys += '<key id="d1" for="edge" attr.name="Relationship"/>'
    nodes = '<node id="0"><data key="d3">Ann</data></node>'
    nodes += '<node id="1"><data key="d3">Bob</data></node>'
    data = '<data key="d9">1234.125</data><data key="d1">Mentions</data>'
    edge = f'<edge source="0" target="1">{data}</edge>'
    graph = graphml(f"{keys}<graph>{nodes}{edge}</graph>")
    assert graph.edges == (Edge("Ann", "Bob", "imported", None, 1234.125),)
    assert graph.notes == ("not used of edges: Relationship",)


def test_labels_go_before_names_and_ids(graphml):
    """A label that is drawn goes before a name; what is left over is noted."""
    keys = KEYS + '<key id="n" for="node" attr.name="name"/>'
    keys += '<key id="i" for="node" attr.name="id"/>'
    ann = drawn("1", "Ann").replace("</node>", '<data key="n">x</data></node>')
    bob = '<node id="2"><data key="i">Bob</data></node>'
    graph = graphml(f"{keys}<graph>{ann}{bob}{tie('1', '2')}</graph>", YED)
    assert graph.names == ("Ann", "Bob")
    assert graph.notes == ("not used of nodes: name",)


def test_labels_of_yfiles_and_visone(graphml):
    """Labels stand in elements of other names, and prefixes do not matter."""
    yfiles = '<data key="l"><x:List><y:Label><y:Label.Text>Ann</y:Label.Text>'
    yfiles += "</y:Label></x:List></data>"
    visone = '<data key="d6"><v:shapeNode><y:NodeLabel>Bob\nde Wit</y:NodeLabel>'
    visone += "</v:shapeNode></data>"
    short = '<data key="l"><x:List><y:Label Text="Cor"/></x:List></data>'
    keys = KEYS + '<key id="l" for="node" attr.name="NodeLabels"/>'
    nodes = f'<node id="a">{yfiles}</node><node id="b">{visone}</node>'
    nodes += f'<node id="c">{short}</node>'
    edges = tie("a", "b") + tie("b", "c")
    graph = graphml(f"{keys}<graph>{nodes}{edges}</graph>", YED)
    assert graph.names == ("Ann", "Bob de Wit", "Cor")


def test_labels_that_are_drawn_on_edges_are_noted(graphml):
    """A number drawn on a line may be meant as its weight, which needs an attribute."""
    keys = KEYS + '<key for="edge" id="d10" yfiles.type="edgegraphics"/>'
    label = '<data key="d10"><y:PolyLineEdge><y:EdgeLabel>3<y:X/></y:EdgeLabel>'
    edge = f'<edge source="a" target="b">{label}</y:PolyLineEdge></data></edge>'
    nodes = drawn("a", "Ann") + drawn("b", "Bob")
    graph = graphml(f"{keys}<graph>{nodes}{edge}</graph>", YED)
    assert graph.edges == (Edge("Ann", "Bob", "imported"),)
    assert graph.notes == ("not used of edges: EdgeLabel, edgegraphics",)


def test_elements_with_a_prefix_are_read(read):
    """The format is told by the name of an element, not by its prefix."""
    inside = '<g:node id="a"/><g:node id="b"/><g:edge source="a" target="b"/>'
    text = f'<g:graphml xmlns:g="x"><g:graph>{inside}</g:graph></g:graphml>'
    assert read("g.graphml", text).names == ("a", "b")


def test_defaults_hold_where_an_edge_tells_nothing(graphml, gexf):
    """A declared attribute may have a default, which another value overrides."""
    keys = '<key id="w" for="edge" attr.name="weight"><default>2</default></key>'
    nodes = '<node id="a"/><node id="b"/><node id="c"/>'
    edge = '<edge source="b" target="c"><data key="w">5</data></edge>'
    graph = graphml(f"{keys}<graph>{nodes}{tie('a', 'b')}{edge}</graph>")
    assert [edge.weight for edge in graph.edges] == [2.0, 5.0]
    above = '<attributes class="edge"><attribute id="0" title="hours" type="float">'
    above += "<default>3.5</default></attribute></attributes>"
    graph = gexf(people_of("a", "b"), tie("a", "b"), above=above)
    assert graph.edges[0].hours == 3.5


def test_undeclared_attributes_go_by_their_key(graphml):
    """A file written by hand may leave out what it declares."""
    nodes = '<node id="a"><data key="d9">x</data></node><node id="b"/>'
    edge = '<edge source="a" target="b"><data key="weight">2</data></edge>'
    graph = graphml(f"<graph>{nodes}{edge}</graph>")
    assert (graph.edges[0].weight, graph.notes) == (2.0, ("not used of nodes: d9",))


def test_ports_and_hyperedges(graphml):
    """A hyperedge of two is a tie, one of more is noted; ports do not matter."""
    nodes = '<node id="a"><port name="p"/></node><node id="b"/><node id="c"/>'
    end = '<endpoint node="{}"/>'
    two = f"<hyperedge>{end.format('a')}{end.format('b')}</hyperedge>"
    three = f"<hyperedge>{''.join(map(end.format, 'abc'))}</hyperedge>"
    ports = tie("b", "c", ' sourceport="p" directed="true"')
    graph = graphml(f"<graph>{nodes}{two}\n{three}{ports}</graph>")
    assert pairs(graph) == [("a", "b"), ("b", "c")]
    assert "hyperedges of more than two, not used: 1 (lines 2)" in graph.notes
    assert "not used of nodes: port" in graph.notes


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("kind", ["mixed", "directed", "undirected", "mutual"])
def test_gexf_of_any_version_and_direction(gexf, space, kind):
    """Ties have no direction, so all types of edges are read, and mixed ones too."""
    edges = tie("a", "b", ' type="undirected" weight="2"')
    edges += tie("b", "c", ' type="directed"') + tie("c", "a", ' type="mutual"')
    more = f'defaultedgetype="{kind}"'
    graph = gexf(people_of("a", "b", "c"), edges, more, space=space)
    assert pairs(graph) == [("A", "B"), ("A", "C"), ("B", "C")]
    assert graph.edges[0].weight == 2.0


def test_gexf_lists_and_times_are_noted(gexf):
    """Any type of attribute is passed over; of weights in time the largest counts."""
    above = (
        '<attributes class="node"><attribute id="0" title="tags" type="liststring"/>'
    )
    above += '</attributes><attributes class="edge" mode="dynamic">'
    above += '<attribute id="0" title="Weight" type="float"/></attributes>'
    nodes = '<node id="a" label="A" start="1"><attvalues>'
    nodes += '<attvalue for="0" value="[x, y]"/></attvalues></node>'
    nodes += '<node id="b" label="B"><spells><spell start="1"/></spells></node>'
    values = '<attvalue for="0" value="9" end="2"/><attvalue for="0" value="10"/>'
    edge = f'<edge source="a" target="b"><attvalues>{values}</attvalues></edge>'
    graph = gexf(nodes, edge, 'mode="dynamic" timeformat="double"', above)
    assert graph.edges[0].weight == 10.0
    several = "weight given several times, the largest or first taken: 1 (lines 1)"
    assert graph.notes == (several, "not used of nodes: start, tags, spells")


def test_the_kind_of_a_gexf_edge_is_its_layer(gexf):
    """Parallel edges differ in their kind."""
    edges = tie("a", "b", ' kind="lunch"') + tie("a", "b", ' kind="work"')
    graph = gexf(people_of("a", "b"), edges)
    assert [edge.layer for edge in graph.edges] == ["lunch", "work"]


def test_many_attributes_make_one_note(graphml):
    """A file with hundreds of attributes names the first and counts the others."""
    keys = "".join(f'<key id="k{n}" for="node" attr.name="x{n}"/>' for n in range(300))
    data = "".join(f'<data key="k{n}">1</data>' for n in range(300))
    nodes = f'<node id="a">{data}</node><node id="b"/>'
    (note,) = graphml(f"{keys}<graph>{nodes}{tie('a', 'b')}</graph>").notes
    assert note.startswith("not used of nodes: x0, x1") and note.endswith("280 more")


# --- names --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["{}", "{}.0", "{}.00", "{}e0"])
def test_numbers_for_names_are_whole(read, name):
    """R and pandas write 1 as 1.0; a table of people has 1."""
    rows = "".join(f"{name.format(n)},{n + 1}\n" for n in range(1, 5))
    assert read("g.csv", "a,b\n" + rows).names == ("1", "2", "3", "4", "5")


def test_numbers_stay_where_some_names_are_none(read):
    """Version 1.0 is not 1; an identifier with zeros in front keeps them."""
    assert read("g.csv", "a,b\n1.0,Ann\n1.5,Ann\n").names == ("1.0", "1.5", "Ann")
    assert read("g.csv", "a,b\n1.0,1.5\n").names == ("1.0", "1.5")
    assert read("g.csv", "a,b\n0012,0007\n").names == ("0007", "0012")
    assert read("g.csv", "a,b\n1e+05,3\n").names == ("100000", "3")


def test_addresses_are_the_same_in_capitals(read):
    """One person, whichever row comes first; names in other capitals stay apart."""
    rows = ["Ann@x.org,bob@x.org,1", "ann@X.org,Bob@x.org,4", "ann@x.org,Ann,1"]
    for listed in (rows, rows[::-1]):
        graph = read("g.csv", "\n".join(["a,b,weight", *listed, "ann,Ann,1"]))
        assert graph.names == ("Ann", "Ann@x.org", "Bob@x.org", "ann")
        assert Edge("Ann@x.org", "Bob@x.org", "imported", None, 4.0) in graph.edges
        assert "addresses in other capitals, one person each: 2" in graph.notes
        assert "names that differ in capitals only, kept apart: 1" in graph.notes


def test_two_people_with_one_label_are_told_with_ids(graphml):
    """So that one can tell them apart in the tool; one address twice is one person."""
    nodes = "\n".join([drawn("4", "J. Smit"), drawn("7", "J. Smit"), drawn("8", "A")])
    with pytest.raises(GraphError, match=r"graphml:2: .*'4' on line 1 and '7' have it"):
        graphml(f"{KEYS}<graph>{nodes}{tie('4', '7')}</graph>", YED)
    nodes = nodes.replace("J. Smit", "j@x.org", 1).replace("J. Smit", "J@x.org")
    graph = graphml(f"{KEYS}<graph>{nodes}{tie('4', '8')}{tie('7', '8')}</graph>", YED)
    assert graph.names == ("A", "J@x.org")


# --- refusals ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("g.net", "*Vertices 5 3\n*Edges\n1 4\n", "g.net:1: two-mode network"),
        ("g.net", "*Vertices 2\n1 A\n1 B\n*Edges\n1 2\n", "g.net:3: vertex listed tw"),
        ("g.net", "1 2\n2 3\n", "g.net:1: no section; received '1 2'"),
        ("g.net", "*Vertices 2\n*Edges\n1 2 c\n", "g.net:3: tie; received 'c'"),
        ("g.net", "*Vertices 2\n*Matrix\n0 1 1\n", "allowed 2 rows of 2 values"),
        ("g.net", "*Edges\n1 2\n", "allowed *Vertices before it"),
        ("g.net", "*Vertices 2\n*Edges\n1 2 -1\n", "weight; received '-1'"),
        ("g.csv", "Id;Label\n1;Ann\n", "no column a"),
        ("g.csv", ",Ann,Bob\nAnn,0,1\nBob,1,0\n", "is a matrix of who with whom"),
        ("g.mpx", "#TYPE\nmultilayer\n", "g.mpx:2: #TYPE; received 'multilayer'"),
        ("g.gexf", "<svg><g/></svg>", "unknown first element; received 'svg'"),
        ("g.graphml", "<graphml><graph><node/></graph></graphml>", "without id"),
        ("g.graphml", "<a>" * 200, "unknown first element"),
        ("g.graphml", "<graphml>" * 200, "too many elements in one another"),
    ],
)
def test_what_is_needed_is_told(read, name, text, words):
    """A refusal names file and line, and says what would be right."""
    with pytest.raises(GraphError) as caught:
        read(name, text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "header",
    ["Van;Naar;Gewicht", "sender,receiver,Edge Weight", "Source,Target,Weight"],
)
def test_usual_heads_of_lists_of_ties(read, header):
    """English and Dutch, and as Gephi, NodeXL and logs of mail have them."""
    parted = ";" if ";" in header else ","
    graph = read("g.csv", f"{header}\n{parted.join(('Ann', 'Bob', '3'))}\n")
    assert graph.edges == (Edge("Ann", "Bob", "imported", None, 3.0),)


# --- limits -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["g.graphml", "g.gexf", "g.net", "g.csv", "g.mpx"])
def test_endless_names_are_refused(read, name):
    """A name of megabytes is told by its length, and not shown."""
    long = "x" * 3_000_000
    text = {
        "g.graphml": f'<graphml><graph><node id="{long}"/></graph></graphml>',
        "g.gexf": f'<gexf><graph><nodes><node id="{long}"/></nodes></graph></gexf>',
        "g.net": f"*Vertices 2\n1 {long}\n*Edges\n1 2\n",
        "g.csv": f"a,b\n{long[:50_000]},Ann\n",
        "g.mpx": f"{long},Ann,work\n",
    }[name]
    with pytest.raises(GraphError) as caught:
        read(name, text)
    assert len(str(caught.value)) < 2_000


def test_too_many_nodes_end_the_reading(graphml, monkeypatch):
    """The limit is told, and nothing after it is read."""
    monkeypatch.setattr(graph_drafts, "MOST_PEOPLE", 3)
    nodes = "".join(f'<node id="{n}"/>' for n in range(9))
    with pytest.raises(GraphError, match="people; received 4; allowed at most"):
        graphml(f"<graph>{nodes}<broken</graph>")


def test_a_gexf_label_that_repeats_the_id_gives_way_to_a_name(gexf):
    """As networkx writes nodes that are numbers and have a name."""
    above = '<attributes class="node"><attribute id="0" title="name" type="string"/>'
    nodes = "".join(
        f'<node id="{at}" label="{at}"><attvalues><attvalue for="0" value="{name}"/>'
        "</attvalues></node>"
        for at, name in enumerate(("Ann", "Bo"))
    )
    graph = gexf(nodes, tie("0", "1"), "", above + "</attributes>")
    assert graph.names == ("Ann", "Bo") and graph.notes == ()


def test_a_remark_that_yed_draws_is_no_person(graphml):
    """A note stands beside people, and has no ties."""
    note = "<y:UMLNoteNode><y:NodeLabel>red: sales</y:NodeLabel></y:UMLNoteNode>"
    nodes = '<node id="a"/><node id="b"/>' + tie("a", "b")
    nodes += f'<node id="x"><data key="d6">{note}</data></node>'
    graph = graphml(f'{KEYS}<graph edgedefault="undirected">{nodes}</graph>', YED)
    assert graph.names == ("a", "b")
    assert graph.notes == ("groups, which are no people: 1 (lines 1)",)


def test_ties_without_a_weight_among_others_are_noted(tmp_path):
    """R writes NA where it knows none."""
    path = tmp_path / "ties.csv"
    path.write_text("from,to,weight\nAnn,Bo,2.5\nBo,Cy,NA\n", encoding="utf-8")
    graph = read_graph(path)
    assert [edge.weight for edge in graph.edges] == [2.5, None]
    assert graph.notes == ("1 of 2 ties have weights",)
