"""The formats of graph files: what each lists of people and ties, not yet checked."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree import ElementTree

from simulation.text_files import Findings, read_table

MOST_PEOPLE = 20_000
MOST_TIES = 2_000_000
COLUMNS = {
    "a": ("a", "source", "from"),
    "b": ("b", "target", "to"),
    "layer": ("layer",),
    "hours": ("hours",),
    "weight": ("weight",),
}
MPX_SECTIONS = (
    *("TYPE", "VERSION", "LAYERS", "ACTORS", "NODES", "VERTICES", "EDGES"),
    *("ACTOR ATTRIBUTES", "NODE ATTRIBUTES", "VERTEX ATTRIBUTES", "EDGE ATTRIBUTES"),
)
PAJEK_SECTIONS = ("network", "vertices", "arcs", "edges")


class Listed(NamedTuple):
    """A tie as a file lists it."""

    line: int | None
    a: str
    b: str
    layer: object = None
    hours: object = None
    weight: object = None


@dataclass
class Draft(Findings):
    """What a file lists, before it is checked; `complete` if it lists all people."""

    people: list[tuple[int | None, str]] = field(default_factory=list)
    ties: list[Listed] = field(default_factory=list)
    complete: bool = True


def too_many(people: int, ties: int, draft: Findings) -> bool:
    """Return whether a file lists more than is taken, which is then a problem."""
    if people > MOST_PEOPLE:
        draft.fault(None, "too many people", people, f"at most {MOST_PEOPLE}")
    if ties > MOST_TIES:
        draft.fault(None, "too many ties", ties, f"at most {MOST_TIES}")
    return people > MOST_PEOPLE or ties > MOST_TIES


def _read_csv(text: str, draft: Draft) -> None:
    draft.complete = False
    for line, row in read_table(text, COLUMNS, ("a", "b"), draft):
        draft.ties.append(Listed(line, **{"a": "", "b": ""} | row))


# --- XML ------------------------------------------------------------------------


def _read_xml(text: str, draft: Draft) -> None:
    """Read GraphML or GEXF with networkx, after what it would accept unseen."""
    kind = "GEXF" if draft.file.lower().endswith(".gexf") else "GraphML"
    if unsafe := re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        line = text.count("\n", 0, unsafe.start()) + 1
        return draft.fault(line, "refused for safety", unsafe[0], "XML without it")
    if too_many(text.count("<node "), text.count("<edge "), draft):
        return None
    try:
        declared = Counter(_node_ids(text))
        graph = _parse(text, kind)
    except ElementTree.ParseError as problem:
        return draft.fault(problem.position[0], f"is not XML ({problem})")
    except Exception as problem:  # networkx raises what its parsing happens to hit
        hint = f"{kind} with one kind of edges and all keys declared"
        return draft.fault(None, f"cannot be read as {kind}", str(problem), hint)
    for name in [name for name, count in declared.items() if count > 1]:
        draft.fault(None, "two nodes with one id", name, "different ids")
    for name in [name for name in graph if str(name) not in declared]:
        draft.fault(None, "edge to unknown node", name, "declared ids", declared)
    _take_networkx(graph, draft)


def _node_ids(text: str) -> Iterator[str]:
    for _, element in ElementTree.iterparse(io.StringIO(text)):
        if element.tag.rpartition("}")[2] == "node":
            yield element.get("id", "")
        element.clear()


def _parse(text: str, kind: str):
    import networkx

    if kind == "GEXF":
        return networkx.read_gexf(io.StringIO(text))
    return networkx.parse_graphml(text, force_multigraph=True)


def _take_networkx(graph, draft: Draft) -> None:
    labels = {
        node: data.get("label") or data.get("name") or node
        for node, data in graph.nodes(data=True)
    }
    draft.people = [(None, label) for label in labels.values()]
    for a, b, data in graph.edges(data=True):
        data = {str(key).casefold(): value for key, value in data.items()}
        rest = (data.get(key) for key in ("layer", "hours", "weight"))
        draft.ties.append(Listed(None, labels[a], labels[b], *rest))


# --- sections of lines ----------------------------------------------------------


def _read_pajek(text: str, draft: Draft) -> None:
    """Read vertices, arcs and edges, which may have a relation: `*Arcs :1 "lunch"`."""
    labels: dict[str, str] = {}
    section, layer = "", None
    for line, row in enumerate(text.splitlines(), 1):
        words = [a or b for a, b in re.findall(r'"([^"]*)"|(\S+)', row)]
        if not words or words[0].startswith("%"):
            continue
        if words[0].startswith("*"):
            section = words[0][1:].casefold()
            layer = words[-1] if len(words) > 2 else None
            _open_pajek_section(line, section, words, labels, draft)
        elif section == "vertices" and _known_vertices(line, words[:1], labels, draft):
            labels[words[0]] = "".join(words[1:2]) or words[0]
        elif section in ("arcs", "edges"):
            _add_pajek_tie(line, layer, words, labels, draft)
    draft.people = [(None, label) for label in labels.values()]


def _open_pajek_section(line, section, words, labels, draft: Draft) -> None:
    if section not in PAJEK_SECTIONS:
        allowed = ", ".join(f"*{name}" for name in PAJEK_SECTIONS)
        draft.fault(line, "unknown section", section, allowed, PAJEK_SECTIONS)
    elif section == "vertices":
        size = " ".join(words[1:])
        if not re.fullmatch(r"[0-9]{1,9}", size):
            draft.fault(line, "number of vertices", size, "one number")
        elif not too_many(int(size), 0, draft):
            labels |= {str(n): str(n) for n in range(1, int(size) + 1)}


def _known_vertices(line, ends, labels, draft: Draft) -> bool:
    for end in (end for end in ends if end not in labels):
        draft.fault(line, "unknown vertex", end, f"1 to {len(labels)}")
    return all(end in labels for end in ends)


def _add_pajek_tie(line, layer, words, labels, draft: Draft) -> None:
    if len(words) < 2:
        draft.fault(line, "tie", words[0], "two vertices and a value")
    elif _known_vertices(line, words[:2], labels, draft):
        more = {
            key.casefold(): value
            for key, value in zip(words[3::2], words[4::2], strict=False)
        }
        a, b = (labels[end] for end in words[:2])
        weight = "".join(words[2:3])
        layer = more.get("layer", layer)
        draft.ties.append(Listed(line, a, b, layer, more.get("hours"), weight))


def _read_mpx(text: str, draft: Draft) -> None:
    sections = _mpx_sections(text, draft)
    for line, cells in sections["TYPE"]:
        if cells != ["multiplex"]:
            return draft.fault(line, "#TYPE", ",".join(cells), "multiplex")
    layers = [cells[0] for _, cells in sections["LAYERS"]]
    nodes = sections["NODES"] + sections["VERTICES"]
    listed = {cells[0]: (line, cells[0]) for line, cells in nodes}
    draft.people = [(line, cells[0]) for line, cells in sections["ACTORS"]]
    draft.complete = bool(draft.people)
    draft.people = draft.people or list(listed.values())
    attributes = [
        [cell.casefold() for cell in c] for _, c in sections["EDGE ATTRIBUTES"]
    ]
    for line, cells in sections["EDGES"]:
        if len(cells) < 3:
            draft.fault(line, "tie", ",".join(cells), "actor,actor,layer[,values]")
            continue
        if layers and cells[2] not in layers:
            draft.fault(line, "unknown layer", cells[2], ", ".join(layers), layers)
        values = dict(
            zip(_attributes_of(cells[2], attributes), cells[3:], strict=False)
        )
        a, b, layer = cells[:3]
        hours, weight = values.get("hours"), values.get("weight")
        draft.ties.append(Listed(line, a, b, layer, hours, weight))


def _attributes_of(layer: str, attributes: list[list[str]]) -> list[str]:
    """Return the names of a tie's values: those of its layer, then those of all."""
    local = [c[1] for c in attributes if len(c) > 2 and c[0] == layer.casefold()]
    return local + [c[0] for c in attributes if len(c) < 3]


def _mpx_sections(text: str, draft: Draft) -> dict[str, list]:
    """Return line number and cells of each row by section; without any, of edges."""
    sections: dict[str, list] = {name: [] for name in MPX_SECTIONS}
    section = "EDGES"
    for line, row in enumerate(text.splitlines(), 1):
        row = row.strip()
        if row.startswith("#"):
            title = row[1:].strip()
            known = [s for s in MPX_SECTIONS if f"{title.upper()} ".startswith(f"{s} ")]
            section = max(known, key=len, default="")
            row = title[len(section) :].strip()
            if not section:
                allowed = ", ".join(f"#{name}" for name in MPX_SECTIONS)
                draft.fault(line, "unknown section", title, allowed, MPX_SECTIONS)
        if row and section and not row.startswith("--"):
            sections[section].append((line, [cell.strip() for cell in row.split(",")]))
    return sections


READERS = {
    ".csv": _read_csv,
    ".gexf": _read_xml,
    ".graphml": _read_xml,
    ".mpx": _read_mpx,
    ".net": _read_pajek,
}
