"""What GraphML and GEXF have in common: graphs of nodes and edges with attributes.

Nodes that contain other nodes are groups, not people. If a file has several graphs, all
are read. Ties have no direction, so the types of edges do not matter.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulation.graph_drafts import (
    LONGEST_NAME,
    NAME,
    TIE,
    Draft,
    ListedTie,
    Member,
    in_lines,
    plain_word,
    too_long,
    too_many,
)

DEEPEST = 100
"""Deepest nesting of elements; a file with deeper nesting is refused."""
WORDS: dict[str, dict[str, tuple[str, ...]]] = {"nodes": {"name": NAME}, "edges": TIE}
PLACES = {
    kind: {
        word: (role, rank)
        for role, words in roles.items()
        for rank, word in enumerate(words)
    }
    for kind, roles in WORDS.items()
}
"""Role and rank of each word, of nodes and of edges."""
Attributes = dict[str, str]


class Unreadable(Exception):
    """Raised to stop reading a file; the reason is among the problems."""


@dataclass(slots=True)
class Item:
    """A node or an edge; `values` holds rank, word and value of each role."""

    kind: str
    line: int
    ends: tuple[str, ...]
    graph: int
    values: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    group: bool = False

    def value(self, role: str) -> str | None:
        """Return the value of a role, or None if the file gives none."""
        known = self.values.get(role)
        return known[2] if known else None

    @property
    def name(self) -> str:
        """The name of a node: its label, or its id if it has none."""
        return self.value("name") or self.ends[0]


@dataclass(slots=True)
class AttributeKey:
    """An attribute as declared: of nodes, edges or both, and its name."""

    kinds: tuple[str, ...]
    word: str


class GraphElements:
    """Reads the elements of a file one by one, as the parser meets them.

    `starts` and `ends` hold the method to call where an element begins and ends, by its
    name without the prefix of the format.
    """

    def __init__(self, prefix: str, parser, draft: Draft) -> None:
        self.prefix = f"{prefix}:" if prefix else ""
        self.parser = parser
        self.draft = draft
        self.open: list[str] = []
        self.items: list[Item] = []
        self.nodes: list[Item] = []
        self.edges: list[Item] = []
        self.graphs: list[str] = []
        self.keys: dict[tuple[str, str], AttributeKey] = {}
        self.key: AttributeKey | None = None
        self.defaults: dict[str, tuple[str, str]] = {}
        self.several: dict[str, set[int]] = {}
        self.text: list[str] = []
        self.text_depth = 0
        self.starts: dict[str, Callable[[Attributes], None]] = {
            "graph": self.start_graph,
            "node": self.start_node,
            "edge": self.start_edge,
            "default": lambda _: self.begin_text(),
        }
        self.ends: dict[str, Callable[[], None]] = {
            "node": self.end_node,
            "edge": self.end_edge,
            "default": self.end_default,
        }

    @property
    def line(self) -> int:
        """The line at which the parser is."""
        return self.parser.CurrentLineNumber

    # --- what the parser calls ----------------------------------------------------

    def start(self, tag: str, attributes: Attributes) -> None:
        """Read the start of an element."""
        name = tag.removeprefix(self.prefix)
        self.open.append(name)
        if len(self.open) > DEEPEST:
            allowed = f"at most {DEEPEST}"
            self.draft.fault(
                self.line, "too many elements in one another", None, allowed
            )
            raise Unreadable
        if begin := self.starts.get(name):
            begin(attributes)
        else:
            self.start_other(name, attributes)

    def end(self, tag: str) -> None:
        """Read the end of an element."""
        if finish := self.ends.get(tag.removeprefix(self.prefix)):
            finish()
        self.open.pop()

    def add_text(self, text: str) -> None:
        """Keep text that is directly inside the element that asked for it."""
        if self.text_depth == len(self.open):
            self.text.append(text)

    def begin_text(self) -> None:
        """Ask for the text of the element that begins here."""
        self.text, self.text_depth = [], len(self.open)

    def end_text(self) -> str:
        """Return the text of the element that ends here, if it was asked for."""
        if self.text_depth != len(self.open):
            return ""
        self.text_depth = 0
        return "".join(self.text).strip()

    # --- graphs, nodes, edges and their values -------------------------------------

    def declare(self, kinds: tuple[str, ...], id_: str, word: str) -> None:
        """Keep an attribute that the file declares."""
        self.key = AttributeKey(kinds, word[:LONGEST_NAME])
        for kind in kinds:
            self.keys.setdefault((kind, id_), self.key)

    def end_default(self) -> None:
        """Read the default of an attribute of edges."""
        text, key = self.end_text(), self.key
        place = PLACES["edges"].get(plain_word(key.word)) if key else None
        if key and place and text and "edges" in key.kinds:
            self.defaults.setdefault(place[0], (key.word, text))

    def start_graph(self, attributes: Attributes) -> None:
        """Read the start of a graph; inside a node it belongs to the outer graph."""
        if not self.items:
            self.graphs.append(attributes.get("id", ""))

    def start_node(self, attributes: Attributes) -> None:
        """Read the start of a node; if it lies in another node, that is a group."""
        if self.items:
            self.items[-1].group = True
        self.nodes.append(self.begin_item("nodes", ("id",), attributes))
        if too_many(len(self.nodes), 0, self.draft):
            raise Unreadable

    def end_node(self) -> None:
        """Read the end of a node."""
        self.items.pop()

    def start_edge(self, attributes: Attributes) -> None:
        """Read the start of an edge."""
        self.edges.append(self.begin_item("edges", ("source", "target"), attributes))
        if too_many(0, len(self.edges), self.draft):
            raise Unreadable

    def end_edge(self) -> None:
        """Read the end of an edge; values that it lacks take their defaults."""
        for role, (word, text) in self.defaults.items():
            if role not in self.items[-1].values:
                self.take(word, text)
        self.items.pop()

    def begin_item(
        self, kind: str, needed: tuple[str, ...], attributes: Attributes
    ) -> Item:
        """Return the node or edge that begins here, with its id or its two ends."""
        ends = tuple(attributes.get(name, "") for name in needed)
        for name, end in zip(needed, ends, strict=True):
            if not end:
                what = f"{kind.removesuffix('s')} without {name}"
                self.draft.fault(self.line, what, None, f'{name}="..."')
            elif too_long(self.line, end, self.draft):
                raise Unreadable
        item = Item(kind, self.line, ends, max(0, len(self.graphs) - 1))
        self.items.append(item)
        return item

    def start_other(self, name: str, attributes: Attributes) -> None:
        """Note an element that is not read, if it lies in a node or an edge."""
        if self.items and self.open[-2] in ("node", "edge"):
            self.draft.add_spare(self.items[-1].kind, name)

    def take(self, word: str, value: str) -> None:
        """Keep a value of the current node or edge, unless a better word gave one."""
        value = value.strip()
        if not value or not self.items:
            return
        item = self.items[-1]
        role, rank = PLACES[item.kind].get(plain_word(word), ("", 0))
        if not role:
            self.draft.add_spare(item.kind, word)
            return
        before = item.values.get(role)
        spare = ""
        if before is None:
            item.values[role] = (rank, word, value)
        elif rank == before[0]:
            item.values[role] = (rank, word, _larger(before[2], value))
            if value != before[2]:
                self.several.setdefault(role, set()).add(item.line)
        elif rank < before[0]:
            item.values[role], spare = (rank, word, value), before[1]
        else:
            spare = word
        if spare and plain_word(spare) != "id":
            self.draft.add_spare(item.kind, spare)

    # --- all that was read --------------------------------------------------------

    def finish(self) -> None:
        """Hand people and ties to the draft."""
        if not self.graphs:
            self.draft.fault(None, "no graph in it", None, "<graph> with nodes")
        known = self._nodes_by_id()
        graphs: dict[str, int] = {}
        for node in self.nodes:
            if not node.ends[0] or node.group:
                continue
            if graphs.setdefault(node.name, node.graph) == node.graph:
                self.draft.people.append(Member(node.line, node.name, node.ends[0]))
        self._note_nodes()
        self._add_ties(known)
        for role, lines in self.several.items():
            text = f"{role} given several times, the largest or first taken"
            self.draft.notes.append(f"{text}: {len(lines)}{in_lines(lines)}")
        if len(self.graphs) > 1:
            self.draft.notes.append(f"graphs in one file: {len(self.graphs)}, all read")

    def _nodes_by_id(self) -> dict[str, dict[int, Item]]:
        """Return the nodes by id, and by graph in the file."""
        known: dict[str, dict[int, Item]] = {}
        for node in self.nodes:
            id_ = node.ends[0]
            same = known.setdefault(id_, {})
            if id_ and node.graph in same:
                allowed = f"different ids; line {same[node.graph].line} has it too"
                self.draft.fault(node.line, "two nodes with one id", id_, allowed)
            same.setdefault(node.graph, node)
        return known

    def _note_nodes(self) -> None:
        groups = [node.line for node in self.nodes if node.group]
        people = [node for node in self.nodes if not node.group]
        bare = [node for node in people if "name" not in node.values]
        if groups:
            text = f"groups, which are no people: {len(groups)}{in_lines(groups)}"
            self.draft.notes.append(text)
        counted = all(re.fullmatch("n[0-9]+", node.ends[0]) for node in bare)
        if bare and (counted or len(bare) < len(people)):
            self.draft.notes.append(f"nodes without a label, named by id: {len(bare)}")

    def _add_ties(self, known: Mapping[str, Mapping[int, Item]]) -> None:
        of_groups = []
        several = len({edge.graph for edge in self.edges}) > 1
        for edge in self.edges:
            ends = [self._node_at(end, edge, known) for end in edge.ends]
            nodes = [node for node in ends if node]
            if len(nodes) < 2:
                continue
            if nodes[0].group or nodes[1].group:
                of_groups.append(edge.line)
                continue
            layer = edge.value("layer")
            if layer is None and several:
                layer = self.graphs[edge.graph] or f"graph {edge.graph + 1}"
            rest = (layer, edge.value("hours"), edge.value("weight"))
            a, b = (node.name for node in nodes)
            self.draft.ties.append(ListedTie(edge.line, a, b, *rest))
        if of_groups:
            where = in_lines(of_groups)
            self.draft.notes.append(
                f"ties of groups, not used: {len(of_groups)}{where}"
            )

    def _node_at(self, end: str, edge: Item, known) -> Item | None:
        """Return the node at an end of an edge: of the same graph, else of any."""
        if not end:
            return None
        if end not in known:
            what, allowed = "edge to unknown node", "the id of a node"
            self.draft.fault(edge.line, what, end, allowed, known)
            return None
        return known[end].get(edge.graph) or next(iter(known[end].values()))


def _larger(one: str, other: str) -> str:
    """Return the larger of two numbers in text; the first if one is no number."""
    try:
        return max(one, other, key=float)
    except ValueError:
        return one
