"""Import of a communication graph: who talks with whom, from another tool's file.

Names are compared after trimming and Unicode normalisation. Ties have no direction:
all that a file lists for one pair and layer becomes one tie, with the largest hours
and the largest weight listed, because two people who each report a contact report the
same contact. Notes hold counts and line numbers but no names, so that they may be
written into results.
"""

import csv
import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

MOST_BYTES = 50_000_000
MOST_PEOPLE = 20_000
MOST_TIES = 2_000_000
MOST_HOURS = 60
UNNAMED_LAYER = "imported"

SHOWN = 100
NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
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


class FileError(ValueError):
    """All that is wrong with a file; `problems` holds one line of text for each."""

    def __init__(self, problems: Collection[str]):
        super().__init__(tuple(problems))

    @property
    def problems(self) -> tuple[str, ...]:
        return self.args[0]

    def __str__(self) -> str:
        more = len(self.problems) - SHOWN
        rest = (f"... and {more} more",) if more > 0 else ()
        return "\n".join(self.problems[:SHOWN] + rest)


class GraphError(FileError):
    """All that is wrong with a graph file."""


@dataclass(frozen=True)
class Edge:
    """A tie between two people, a < b, in one layer of contact.

    `hours` is contact hours a week (0 to 60); `weight` is a relative strength (0 or
    more) that the model scales; None where the file does not tell.
    """

    a: str
    b: str
    layer: str
    hours: float | None = None
    weight: float | None = None


@dataclass(frozen=True)
class CommunicationGraph:
    """People by name, sorted; their ties, sorted; and what is worth knowing of them."""

    names: tuple[str, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()


class _Listed(NamedTuple):
    """A tie as a file lists it."""

    line: int | None
    a: str
    b: str
    layer: object = None
    hours: object = None
    weight: object = None


@dataclass
class Findings:
    """Problems and notes gathered while `file` is read, to be reported all at once."""

    file: str
    problems: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def fault(self, line, what, received=None, allowed=None, known=()) -> None:
        """Add a problem: what, received, allowed and the nearest of the `known`."""
        text = f"{self.file}{f':{line}' if line else ''}: {what}"
        text += f"; received {received!r}" if received is not None else ""
        text += f"; allowed {allowed}" if allowed else ""
        close = received and len(self.problems) < SHOWN and nearest(received, known)
        text += f"; nearest {close!r}" if close else ""
        self.problems.append((line or 0, text))

    def raise_as(self, error: type[FileError]) -> None:
        """Raise `error` with all problems in the order of lines, if there are any."""
        if self.problems:
            ordered = sorted(self.problems, key=lambda problem: problem[0])
            raise error([text for _, text in ordered])

    def number(self, value, what: str, line: int | None, most=math.inf) -> float | None:
        """Return `value` as a number from 0 to `most`; None where empty or wrong."""
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        number = float(text.replace(",", ".")) if NUMBER.fullmatch(text) else math.nan
        if math.isfinite(number) and 0 <= number <= most:
            return number
        ends = "0 or more" if most == math.inf else f"0 to {most}"
        self.fault(line, what, text, f"a number, {ends}")
        return None


@dataclass
class _Draft(Findings):
    """What a file lists, before it is checked; `complete` if it lists all people."""

    people: list[tuple[int | None, str]] = field(default_factory=list)
    ties: list[_Listed] = field(default_factory=list)
    complete: bool = True


def read_graph(path: str | Path) -> CommunicationGraph:
    """Return the communication graph in the file at `path`.

    Formats by suffix: `.graphml`, `.gexf`, `.net` (Pajek), `.csv` (one tie a row, with
    header) and `.mpx` (multiplex, as in the uunet and multinet libraries); UTF-8 text,
    at most 50 MB, 20,000 people and 2,000,000 listed ties. Raises GraphError with all
    problems found.
    """
    draft = _Draft(str(path))
    text = read_text(path, tuple(READERS), GraphError)
    READERS[Path(path).suffix.lower()](text, draft)
    return _checked(draft)


def as_networkx(graph: CommunicationGraph):
    """Return the graph over all layers together as a `networkx.Graph` of names."""
    import networkx

    union = networkx.Graph()
    union.add_nodes_from(graph.names)
    union.add_edges_from((edge.a, edge.b) for edge in graph.edges)
    return union


def nearest(received: object, known: Collection[str], likeness=0.6) -> str | None:
    """Return the one of `known` most like `received`, whatever its case; or None."""
    folded = {name.casefold(): name for name in known}
    close = get_close_matches(str(received).casefold(), folded, 1, likeness)
    return folded[close[0]] if close else None


def clean_name(text: object) -> str:
    """Return `text` in Unicode normal form C, trimmed, with single spaces."""
    return unicodedata.normalize("NFC", " ".join(str(text).split()))


# --- any file of text -----------------------------------------------------------


def read_text(path: str | Path, suffixes: tuple[str, ...], error) -> str:
    """Return the UTF-8 text at `path`, without byte order mark; else raise `error`."""
    found = Findings(str(path))
    path = Path(path)
    _check_place(path, suffixes, found)
    data = b""
    if not found.problems:
        try:
            data = path.read_bytes()
        except OSError as problem:
            found.fault(None, f"cannot be read ({problem.strerror})")
    text = "" if found.problems else _decoded(data, found)
    found.raise_as(error)
    return text


def _check_place(path: Path, suffixes: tuple[str, ...], found: Findings) -> None:
    if path.is_dir():
        found.fault(None, "is a folder", allowed="a file")
    elif path.suffix.lower() not in suffixes:
        allowed = ", ".join(suffixes)
        found.fault(None, "unknown kind of file", path.suffix, allowed, suffixes)
    elif not path.exists():
        there = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        found.fault(None, "no such file", path.name, known=there)
    elif path.stat().st_size > MOST_BYTES:
        found.fault(None, "too large", path.stat().st_size, f"{MOST_BYTES} bytes")


def _decoded(data: bytes, found: Findings) -> str:
    text = ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        byte = f"byte 0x{data[problem.start]:02x}"
        found.fault(line, "is not UTF-8 text", byte, "UTF-8: save the file as such")
    if b"\0" in data:
        found.fault(None, "is binary, or text in UTF-16", allowed="text in UTF-8")
    elif not text.strip() and not found.problems:
        found.fault(None, "is empty")
    return text


# --- tables ---------------------------------------------------------------------


def read_table(
    text: str,
    columns: Mapping[str, tuple[str, ...]],
    needed: Collection[str],
    found: Findings,
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells by column of each row below the header in `text`.

    Cells are parted by whichever of comma, semicolon and tab the header holds most.
    `columns` gives the header words for each column, of which those `needed` must be
    there. Other columns are noted, and are a problem if they look like a misspelt one.
    Nothing is yielded below a header with problems.
    """
    rows = _rows(text, found)
    line, header = next(rows, (1, []))
    places = _header(line, header, columns, needed, found)
    for line, cells in () if found.problems else rows:
        if len(cells) > len(header):
            found.fault(line, "too many cells", len(cells), f"{len(header)}, as above")
        cells += [""] * (len(header) - len(cells))
        yield line, {key: cells[at].strip() for key, at in places.items()}


def _rows(text: str, found: Findings) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line and the cells of each row that is not blank."""
    top = next(line for line in text.splitlines() if line.strip())
    delimiter = max(",;\t", key=top.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = rows.line_num + 1
    except csv.Error as problem:
        found.fault(line, f"is not a table ({problem})")


def _header(line, cells, columns, needed, found: Findings) -> dict[str, int]:
    """Return the place of each column in the header `cells`."""
    words = {word: key for key, group in columns.items() for word in group}
    places: dict[str, int] = {}
    spare = []
    for at, cell in enumerate(cell.strip() for cell in cells):
        key = words.get(cell.casefold())
        if key in places:
            found.fault(line, f"second column for {key}", cell, "one")
        elif key:
            places[key] = at
        elif cell:
            spare.append(cell)
    missing = [key for key in columns if key not in places]
    for key in (key for key in missing if key in needed):
        allowed = " or ".join(columns[key])
        found.fault(line, f"no column {key}", ", ".join(cells), allowed, ())
    _check_spare(line, spare, [w for key in missing for w in columns[key]], found)
    return places


def _check_spare(line, spare, missing, found: Findings) -> None:
    for cell in spare:
        if nearest(cell, missing, 0.75):
            found.fault(line, "unknown column", cell, ", ".join(missing), missing)
        else:
            found.notes.append(f"column {cell!r} is not used")


def _read_csv(text: str, draft: _Draft) -> None:
    draft.complete = False
    for line, row in read_table(text, COLUMNS, ("a", "b"), draft):
        draft.ties.append(_Listed(line, **{"a": "", "b": ""} | row))


# --- XML ------------------------------------------------------------------------


def _read_xml(text: str, draft: _Draft) -> None:
    """Read GraphML or GEXF with networkx, after what it would accept unseen."""
    kind = "GEXF" if draft.file.lower().endswith(".gexf") else "GraphML"
    if unsafe := re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        line = text.count("\n", 0, unsafe.start()) + 1
        return draft.fault(line, "refused for safety", unsafe[0], "XML without it")
    if _too_many(text.count("<node "), text.count("<edge "), draft):
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


def _take_networkx(graph, draft: _Draft) -> None:
    labels = {
        node: data.get("label") or data.get("name") or node
        for node, data in graph.nodes(data=True)
    }
    draft.people = [(None, label) for label in labels.values()]
    for a, b, data in graph.edges(data=True):
        data = {str(key).casefold(): value for key, value in data.items()}
        rest = (data.get(key) for key in ("layer", "hours", "weight"))
        draft.ties.append(_Listed(None, labels[a], labels[b], *rest))


# --- sections of lines ----------------------------------------------------------


def _read_pajek(text: str, draft: _Draft) -> None:
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


def _open_pajek_section(line, section, words, labels, draft: _Draft) -> None:
    if section not in PAJEK_SECTIONS:
        allowed = ", ".join(f"*{name}" for name in PAJEK_SECTIONS)
        draft.fault(line, "unknown section", section, allowed, PAJEK_SECTIONS)
    elif section == "vertices":
        size = " ".join(words[1:])
        if not re.fullmatch(r"[0-9]{1,9}", size):
            draft.fault(line, "number of vertices", size, "one number")
        elif not _too_many(int(size), 0, draft):
            labels |= {str(n): str(n) for n in range(1, int(size) + 1)}


def _known_vertices(line, ends, labels, draft: _Draft) -> bool:
    for end in (end for end in ends if end not in labels):
        draft.fault(line, "unknown vertex", end, f"1 to {len(labels)}")
    return all(end in labels for end in ends)


def _add_pajek_tie(line, layer, words, labels, draft: _Draft) -> None:
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
        draft.ties.append(_Listed(line, a, b, layer, more.get("hours"), weight))


def _read_mpx(text: str, draft: _Draft) -> None:
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
        draft.ties.append(_Listed(line, a, b, layer, hours, weight))


def _attributes_of(layer: str, attributes: list[list[str]]) -> list[str]:
    """Return the names of a tie's values: those of its layer, then those of all."""
    local = [c[1] for c in attributes if len(c) > 2 and c[0] == layer.casefold()]
    return local + [c[0] for c in attributes if len(c) < 3]


def _mpx_sections(text: str, draft: _Draft) -> dict[str, list]:
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


# --- what was read, checked and merged --------------------------------------------


def _checked(draft: _Draft) -> CommunicationGraph:
    people = _people(draft)
    merged = {} if _too_many(0, len(draft.ties), draft) else _merged(draft, people)
    _too_many(len(people), 0, draft)
    if not merged and not draft.problems:
        draft.fault(None, "no ties between different people", allowed="one or more")
    draft.raise_as(GraphError)
    edges = tuple(Edge(*key, *merged[key]) for key in sorted(merged))
    graph = CommunicationGraph(tuple(sorted(people)), edges)
    return replace(graph, notes=tuple(draft.notes) + _shape_notes(graph))


def _people(draft: _Draft) -> set[str]:
    people: set[str] = set()
    for line, name in draft.people:
        name = clean_name(name)
        if not name:
            draft.fault(line, "empty name")
        elif name in people:
            draft.fault(line, "two people with one name", name, "different names")
        people.add(name)
    return people


def _merged(draft: _Draft, people: set[str]) -> dict[tuple[str, str, str], list]:
    """Return the largest hours and weight by pair and layer; add to `people`."""
    merged: dict[tuple[str, str, str], list] = {}
    loops, differing = [], set()
    for tie in draft.ties:
        a, b = sorted((clean_name(tie.a), clean_name(tie.b)))
        hours = draft.number(tie.hours, "hours", tie.line, MOST_HOURS)
        values = [hours, draft.number(tie.weight, "weight", tie.line)]
        if not _known_pair((a, b), tie.line, people, draft):
            continue
        if a == b:
            loops.append(tie.line)
            continue
        key = (a, b, clean_name(tie.layer or "") or UNNAMED_LAYER)
        before = merged.setdefault(key, values)
        if before != values:
            differing.add(key)
            merged[key] = [_larger(*two) for two in zip(before, values, strict=True)]
    _merge_notes(loops, len(differing), len(merged), draft)
    return merged


def _known_pair(pair, line, people: set[str], draft: _Draft) -> bool:
    for name in pair:
        if not name:
            draft.fault(line, "empty name", allowed="two names")
        elif draft.complete and name not in people:
            draft.fault(line, "tie of unknown person", name, known=people)
        else:
            people.add(name)
    return all(name in people for name in pair)


def _larger(one: float | None, other: float | None) -> float | None:
    return max((x for x in (one, other) if x is not None), default=None)


def _merge_notes(loops, differing: int, merged: int, draft: _Draft) -> None:
    listed = len(draft.ties) - len(loops)
    if loops:
        where = ", ".join(str(line) for line in loops[:SHOWN] if line)
        where = f" (lines {where})" if where else ""
        draft.notes.append(f"self-loops dropped: {len(loops)}{where}")
    if listed > merged:
        draft.notes.append(f"{listed} listed ties merged into {merged}")
    if differing:
        draft.notes.append(
            f"{differing} ties listed with different values: largest kept"
        )


def _shape_notes(graph: CommunicationGraph) -> tuple[str, ...]:
    import networkx

    union = as_networkx(graph)
    timed = sum(edge.hours is not None for edge in graph.edges)
    alone = networkx.number_of_isolates(union)
    parts = networkx.number_connected_components(union) - alone
    return tuple(
        text
        for worth, text in (
            (alone, f"people without ties: {alone}"),
            (parts > 1, f"groups without ties between them: {parts}"),
            (
                0 < timed < len(graph.edges),
                f"{timed} of {len(graph.edges)} ties have hours",
            ),
        )
        if worth
    )


def _too_many(people: int, ties: int, draft: Findings) -> bool:
    if people > MOST_PEOPLE:
        draft.fault(None, "too many people", people, f"at most {MOST_PEOPLE}")
    if ties > MOST_TIES:
        draft.fault(None, "too many ties", ties, f"at most {MOST_TIES}")
    return people > MOST_PEOPLE or ties > MOST_TIES


READERS = {
    ".csv": _read_csv,
    ".gexf": _read_xml,
    ".graphml": _read_xml,
    ".mpx": _read_mpx,
    ".net": _read_pajek,
}
