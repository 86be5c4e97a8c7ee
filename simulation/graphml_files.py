"""GraphML, also with the drawings of yEd, yFiles and visone."""

from simulation.graph_drafts import DRAWN, LONGEST_NAME, Draft, in_lines
from simulation.graph_elements import AttributeKey, Attributes, GraphElements

GROUPS = ("group", "folder")
"""Values of yEd's yfiles.foldertype for a node that contains others."""
DRAWN_GROUPS = ("GroupNode", "ProxyAutoBoundsNode", "TableNode", "UMLNoteNode")
"""Elements with which yEd draws nodes that contain others or hold remarks."""
DRAWN_LABELS = ("NodeLabel", "Label.Text")
EDGE_LABEL = "EdgeLabel"
KINDS = {"node": ("nodes",), "edge": ("edges",), "all": ("nodes", "edges")}
"""Kinds of elements that a key is for, by the value of its `for`."""


class GraphML(GraphElements):
    """Reads the elements of GraphML."""

    def __init__(self, prefix: str, parser, draft: Draft) -> None:
        super().__init__(prefix, parser, draft)
        self.data: list[AttributeKey] = []
        self.drawn = False
        self.hyperedge: list[str] = []
        self.large: list[int] = []
        self.starts |= {
            "key": self.start_key,
            "data": self.start_data,
            "hyperedge": self.start_hyperedge,
            "endpoint": self.start_endpoint,
        }
        self.ends |= {"data": self.end_data, "hyperedge": self.end_hyperedge}

    def start_key(self, attributes: Attributes) -> None:
        """Read the declaration of an attribute."""
        kinds = KINDS.get(attributes.get("for", "all"), ())
        id_ = attributes.get("id", "")
        drawn = [x for x in attributes.values() if x.endswith("graphics")]
        word = attributes.get("attr.name") or (drawn[0] if drawn else id_)
        self.declare(kinds, id_, word)

    def start_node(self, attributes: Attributes) -> None:
        """Read the start of a node, which yEd may mark as a group."""
        super().start_node(attributes)
        self.items[-1].group = attributes.get("yfiles.foldertype") in GROUPS

    def start_data(self, attributes: Attributes) -> None:
        """Read the start of a value."""
        id_ = attributes.get("key", "")
        kind = self.items[-1].kind if self.items else ""
        self.data.append(
            self.keys.get((kind, id_)) or AttributeKey((), id_[:LONGEST_NAME])
        )
        self.drawn = False
        self.begin_text()

    def end_data(self) -> None:
        """Read the end of a value of a node or an edge."""
        word, text = self.data.pop().word, self.end_text()
        if self.open[-2] not in ("node", "edge"):
            return
        if text:
            self.take(word, text)
        elif word.endswith("graphics") and not self.drawn:
            self.draft.add_spare(self.items[-1].kind, word)

    def start_other(self, name: str, attributes: Attributes) -> None:
        """Read the drawing of a node: its label, or that it is a group."""
        if not self.data or not self.items:
            super().start_other(name, attributes)
            return
        name = name.rpartition(":")[2]
        if self.items[-1].kind == "edges":
            if name == EDGE_LABEL:
                self.begin_text()
        elif name in DRAWN_GROUPS:
            self.items[-1].group = True
        elif name in DRAWN_LABELS:
            self.begin_text()
        elif name == "Label" and "Text" in attributes:
            self._take_drawn(attributes["Text"])

    def end(self, tag: str) -> None:
        """Read the end of an element, also of a label that a tool draws."""
        name = tag.rpartition(":")[2]
        if name in DRAWN_LABELS:
            self._take_drawn(self.end_text())
        elif name == EDGE_LABEL and self.end_text():
            self.draft.add_spare("edges", name)
        super().end(tag)

    def _take_drawn(self, label: str) -> None:
        """Keep the first label that is drawn on a node."""
        if label and not self.drawn:
            self.drawn = True
            self.take(DRAWN, label)

    def start_hyperedge(self, attributes: Attributes) -> None:
        """Read the start of a hyperedge: an edge between any number of nodes."""
        self.hyperedge = []

    def start_endpoint(self, attributes: Attributes) -> None:
        """Read one end of a hyperedge."""
        self.hyperedge.append(attributes.get("node", ""))

    def end_hyperedge(self) -> None:
        """Keep a hyperedge of two nodes as a tie, and the line of any other."""
        if len(self.hyperedge) == 2:
            a, b = self.hyperedge
            self.start_edge({"source": a, "target": b})
            self.end_edge()
        else:
            self.large.append(self.line)

    def finish(self) -> None:
        """Hand people and ties to the draft; note hyperedges that are no ties."""
        super().finish()
        if self.large:
            text = f"hyperedges of more than two, not used: {len(self.large)}"
            self.draft.notes.append(text + in_lines(self.large))
