"""GEXF 1.0 to 1.3, also with nested nodes, or nodes that name their parent."""

from simulation.graph_drafts import Draft
from simulation.graph_elements import Attributes, GraphElements

KINDS = {"node": ("nodes",), "edge": ("edges",)}
"""The classes of attributes."""
USED = {
    "nodes": {"id", "label", "pid"},
    "edges": {"id", "source", "target", "type", "weight", "kind"},
}
"""Attributes of elements that are read or may be ignored without a note."""


class Gexf(GraphElements):
    """Reads the elements of GEXF."""

    def __init__(self, prefix: str, parser, draft: Draft) -> None:
        super().__init__(prefix, parser, draft)
        self.kinds: tuple[str, ...] = ()
        self.parents: set[str] = set()
        self.starts |= {
            "attributes": self.start_attributes,
            "attribute": self.start_attribute,
            "attvalue": self.start_value,
            "parent": lambda attributes: self.parents.add(attributes.get("for", "")),
        }
        ignored = ("attvalues", "nodes", "edges", "parents")
        self.starts |= dict.fromkeys(ignored, lambda _: None)

    def start_attributes(self, attributes: Attributes) -> None:
        """Read whether attributes of nodes or of edges are declared."""
        self.kinds = KINDS.get(attributes.get("class", ""), ())

    def start_attribute(self, attributes: Attributes) -> None:
        """Read the declaration of an attribute."""
        id_ = attributes.get("id", "")
        self.declare(self.kinds, id_, attributes.get("title") or id_)

    def start_value(self, attributes: Attributes) -> None:
        """Read a value of a node or an edge."""
        if self.items:
            id_ = attributes.get("for") or attributes.get("id") or ""
            key = self.keys.get((self.items[-1].kind, id_))
            self.take(key.word if key else id_, attributes.get("value", ""))

    def start_node(self, attributes: Attributes) -> None:
        """Read the start of a node, its label and its parent.

        A label that repeats the id, as networkx writes it, ranks below a name.
        """
        super().start_node(attributes)
        label, id_ = attributes.get("label", ""), attributes.get("id", "")
        self.take("id" if label == id_ else "label", label)
        if (parent := attributes.get("pid", "")) != id_:
            self.parents.add(parent)
        self._note_rest(attributes)

    def start_edge(self, attributes: Attributes) -> None:
        """Read the start of an edge and its weight; its kind is its layer."""
        super().start_edge(attributes)
        self.take("weight", attributes.get("weight", ""))
        self.take("layer", attributes.get("kind", ""))
        self._note_rest(attributes)

    def _note_rest(self, attributes: Attributes) -> None:
        kind = self.items[-1].kind
        for name, value in attributes.items():
            if value and name not in USED[kind]:
                self.draft.add_spare(kind, name)

    def finish(self) -> None:
        """Hand people and ties to the draft; nodes named as parents are groups."""
        for node in self.nodes:
            node.group |= node.ends[0] in self.parents
        super().finish()
