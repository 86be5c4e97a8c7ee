"""Reading of Pajek networks (`.net`) and projects (`.paj`).

Edges, arcs and matrices give ties. Partitions, vectors and the like are not used.
"""

import html
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from simulation.graph_drafts import (
    Draft,
    ListedTie,
    Member,
    in_lines,
    plain_word,
    too_many,
)

TIES = ("arcs", "edges", "arcslist", "edgeslist", "matrix")
LONGEST_LINE = 1_000_000
LONGEST_VERTEX = 5_000
"""Most letters of a vertex's line; a file with a longer one is refused."""
APART = ("partition", "vector", "permutation", "cluster", "hierarchy", "coordinates")
"""Sections of a project about vertices that are not used."""
SECTIONS = ("network", "vertices", *TIES)
SHAPE_WORDS = "ellipse box diamond triangle cross empty man woman house"
SHAPES = frozenset(SHAPE_WORDS.split())
DRAWING_WORDS = "s_size x_fact y_fact phi ic bc bw lc la lr lphi fos font hooks url"
DRAWING = frozenset(DRAWING_WORDS.split())
"""Words that say how a vertex is drawn; they end a label without quotes."""
WORD = re.compile(r'"((?:[^"\\]|\\.)*+)"|(\S+)')
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
TIMES = re.compile(r"\[[0-9,*-]*\]")
"""The time points at which a vertex or a line exists."""


class Word(NamedTuple):
    """A word of a line, and whether it stands in double quotes."""

    text: str
    quoted: bool


@dataclass
class _Pajek:
    """The state of reading: the current section and the vertices of its network."""

    draft: Draft
    section: str = ""
    apart: bool = False
    layer: str | None = None
    network: str = ""
    networks: int = 0
    labels: dict[str, str] = field(default_factory=dict)
    listed: dict[str, int] = field(default_factory=dict)
    row: int = 0
    """The number of the matrix's next row."""
    unquoted: list[int] = field(default_factory=list)
    spans: list[tuple[int, str]] = field(default_factory=list)
    """The number of ties before each network, and its name."""


def read_pajek(text: str, draft: Draft) -> None:
    """Read all networks of a file; the same name in two of them is the same person."""
    file = _Pajek(draft)
    for line, row in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if len(row) > (LONGEST_VERTEX if file.section == "vertices" else LONGEST_LINE):
            allowed = f"a vertex of {LONGEST_VERTEX}, or other line of {LONGEST_LINE}"
            draft.fault(line, f"line of {len(row)} letters", None, allowed)
            return
        words = words_of(row)
        if not words or row.lstrip().startswith(("%", "/*")):
            continue
        if words[0].text.startswith("*") and not words[0].quoted:
            _open_section(line, words, file)
        elif file.apart or file.section == "network":
            continue
        elif file.section == "vertices":
            _add_vertex(line, words, file)
        elif file.section in ("arcslist", "edgeslist"):
            _add_list(line, words, file)
        elif file.section == "matrix":
            _add_row(line, words, file)
        elif file.section in TIES:
            _add_tie(line, words, file)
        elif not file.section:
            allowed = "*Vertices and how many there are, above all others"
            draft.fault(line, "no section", row.strip()[:80], allowed)
            return
    _end_network(file)
    if file.networks > 1:
        _name_layers(file)
        draft.notes.append(f"graphs in one file: {file.networks}, all read")
    if file.unquoted:
        text = f"labels of several words without quotes: {len(file.unquoted)}"
        draft.notes.append(text + in_lines(file.unquoted))


def words_of(row: str) -> list[Word]:
    """Return the words of a line; a text in double quotes is one word."""
    if '"' not in row:
        return [Word(text, False) for text in row.split()]
    return [
        Word(html_free(found[1]), True) if found[2] is None else Word(found[2], False)
        for found in WORD.finditer(row)
    ]


def html_free(text: str) -> str:
    r"""Return a label with escapes of Pajek (`&#233;`) and igraph (`\"`) resolved."""
    text = re.sub(r'\\(["\\])', r"\1", text).replace("\\n", " ")
    return re.sub(r"&#\d{1,7};", lambda found: html.unescape(found[0]), text)


# --- sections ---------------------------------------------------------------------


def _open_section(line: int, words: list[Word], file: _Pajek) -> None:
    """Begin a section, such as `*Vertices 5` or `*Arcs :1 "lunch"`."""
    section = words[0].text[1:].casefold()
    rest = [word.text for word in words[1:]]
    if section in APART:
        file.apart = True
        file.draft.add_spare("the file", f"*{words[0].text[1:]}")
    elif section == "vertices" and file.apart:
        file.section = section
    elif section == "network":
        _end_network(file)
        file.section, file.network, file.apart = section, " ".join(rest), False
    elif section == "vertices":
        if file.section != "network":
            _end_network(file)
            file.network = ""
        file.section = section
        _open_vertices(line, rest, file)
    elif section in TIES:
        file.section, file.apart, file.row = section, False, 0
        file.layer = _layer(rest)
    else:
        allowed = ", ".join(f"*{name}" for name in SECTIONS)
        file.draft.fault(line, "unknown section", section, allowed, SECTIONS)
        file.section = "network"


def _layer(rest: list[str]) -> str | None:
    """Return the name of a relation, or its number if it has no name."""
    number, *name = " ".join(rest).replace(":", " ").split(None, 1) or [""]
    if name or not number:
        return " ".join(name) or None
    return f"relation {number}"


def _open_vertices(line: int, rest: list[str], file: _Pajek) -> None:
    size = " ".join(rest)
    numbers = [text for text in rest if re.fullmatch("[0-9]{1,9}", text)]
    if len(rest) == 2 and len(numbers) == 2:
        what = "two-mode network, with vertices of two kinds"
        allowed = "*Vertices with one number: in Pajek, Network, 2-Mode Network,"
        file.draft.fault(line, what, size, f"{allowed} 2-Mode to 1-Mode")
    if len(rest) not in (1, 2) or len(numbers) != len(rest):
        file.draft.fault(line, "number of vertices", size, "one number")
    elif not too_many(int(numbers[0]), 0, file.draft):
        file.labels = {str(n): str(n) for n in range(1, int(numbers[0]) + 1)}
        file.networks += 1
        name = file.network or f"graph {file.networks}"
        file.spans.append((len(file.draft.ties), name))


def _end_network(file: _Pajek) -> None:
    """Hand the people of a network to the draft, except those of earlier networks."""
    known = {member.name for member in file.draft.people} if file.networks > 1 else ()
    for number, label in file.labels.items():
        if label not in known:
            line = file.listed.get(number)
            file.draft.people.append(Member(line, label, number))
    file.labels, file.listed = {}, {}


def _name_layers(file: _Pajek) -> None:
    """Give ties without a layer the name of their network."""
    ends = [start for start, _ in file.spans[1:]] + [len(file.draft.ties)]
    for (start, name), end in zip(file.spans, ends, strict=True):
        for at in range(start, end):
            tie = file.draft.ties[at]
            if tie.layer is None:
                file.draft.ties[at] = tie._replace(layer=name)


# --- vertices -----------------------------------------------------------------------


def _add_vertex(line: int, words: list[Word], file: _Pajek) -> None:
    number, rest = words[0].text, words[1:]
    if not _are_vertices(line, words[:1], file):
        return
    if number in file.listed:
        allowed = f"once; line {file.listed[number]} has it too"
        file.draft.fault(line, "vertex listed twice", number, allowed)
        return
    file.listed[number] = line
    size = 1 if rest and rest[0].quoted else _label_size(rest)
    if size > 1:
        file.unquoted.append(line)
    label = " ".join(word.text for word in rest[:size])
    file.labels[number] = label or number
    for word in _attributes(rest[size:]):
        file.draft.add_spare("nodes", word)


def _label_size(words: list[Word]) -> int:
    """Return the number of words in a label without quotes.

    The label ends where only coordinates, a shape and words for drawing follow. If it
    is unclear which numbers are coordinates, those are that are written alike: all with
    a decimal point or all without.
    """
    ends = [at for at in range(1, len(words)) if _is_drawing(words[at:])]
    for at in ends:
        numbers = [x.text for x in words[at : at + 3] if NUMBER.fullmatch(x.text)]
        if len({"." in text for text in numbers}) < 2 or at == ends[-1]:
            return at
    return len(words)


def _is_drawing(words: list[Word]) -> bool:
    """Return whether words say only where and how a vertex is drawn."""
    texts = [word.text for word in words]
    numbers = 0
    while numbers < min(3, len(texts)) and NUMBER.fullmatch(texts[numbers]):
        numbers += 1
    rest = texts[numbers:]
    if numbers == 1 or not texts:
        return False
    if rest and rest[0].casefold() in SHAPES:
        return numbers > 0 or (rest[1:2] != [] and rest[1] in DRAWING)
    if rest and not TIMES.fullmatch(rest[0]):
        return rest[0] in DRAWING and len(rest) % 2 == 0
    return True


def _attributes(words: list[Word]) -> list[str]:
    """Return the names of the attributes of a vertex."""
    texts = [word.text for word in words if not TIMES.fullmatch(word.text)]
    start = 0
    while start < len(texts) and NUMBER.fullmatch(texts[start]):
        start += 1
    start += texts[start : start + 1] != [] and texts[start].casefold() in SHAPES
    times = ["times"] if len(texts) < len(words) else []
    return times + texts[start::2]


def _are_vertices(line: int, ends: list[Word], file: _Pajek) -> bool:
    wrong = [end.text for end in ends if end.text not in file.labels]
    for end in wrong:
        allowed = f"1 to {len(file.labels)}" if file.labels else "*Vertices before it"
        file.draft.fault(line, "unknown vertex", end[:80], allowed)
    return not wrong


# --- ties ---------------------------------------------------------------------------


def _add_tie(line: int, words: list[Word], file: _Pajek) -> None:
    """Add a line such as `1 2 3.5 c Blue`, or `1: 1 2` of a relation."""
    layer = file.layer
    if len(words) > 2 and re.fullmatch(r"\d+:", words[0].text):
        layer = f"relation {words[0].text[:-1]}"
        words = words[1:]
    if len(words) < 2:
        file.draft.fault(line, "tie", words[0].text[:80], "two vertices and a value")
        return
    if not _are_vertices(line, words[:2], file):
        return
    value, rest = None, words[2:]
    if rest and NUMBER.fullmatch(rest[0].text):
        value, rest = rest[0].text, rest[1:]
    more = _pairs(line, rest, file) if rest else {}
    a, b = (file.labels[word.text] for word in words[:2])
    hours = more.get("hours")
    _add(line, (a, b), more.get("layer", layer), hours, value, file)


def _pairs(line: int, words: list[Word], file: _Pajek) -> dict[str, str]:
    """Return hours and layer from `name value` pairs; note unused names."""
    timeless = [word for word in words if not TIMES.fullmatch(word.text)]
    if len(timeless) < len(words):
        file.draft.add_spare("edges", "times")
        words = timeless
    if len(words) % 2:
        allowed = "two vertices, a value, and names with a value each"
        file.draft.fault(line, "tie", words[-1].text[:80], allowed)
    texts = [word.text for word in words]
    more = {plain_word(x): y for x, y in zip(texts[::2], texts[1::2], strict=False)}
    for name in more:
        if name not in ("hours", "layer"):
            file.draft.add_spare("edges", name)
    return more


def _add_list(line: int, words: list[Word], file: _Pajek) -> None:
    """Add a line such as `1 2 5 7`: ties of the first vertex with each other one."""
    if len(words) < 2:
        allowed = "a vertex, and those that it is tied to"
        file.draft.fault(line, "ties", words[0].text[:80], allowed)
    elif _are_vertices(line, words, file):
        first, *others = (file.labels[word.text] for word in words)
        for other in others:
            _add(line, (first, other), file.layer, None, None, file)


def _add_row(line: int, words: list[Word], file: _Pajek) -> None:
    """Add a row of a matrix: one value for each vertex, where 0 means no tie."""
    file.row += 1
    size = len(file.labels)
    values = [word.text for word in words]
    if len(values) != size or file.row > size:
        received = f"row {file.row} of {len(values)} values"
        allowed = f"{size} rows of {size} values"
        file.draft.fault(line, "matrix", received, allowed)
        return
    if wrong := [text for text in values if not NUMBER.fullmatch(text)]:
        file.draft.fault(line, "matrix", wrong[0][:80], "numbers")
        return
    row = file.labels[str(file.row)]
    for label, value in zip(file.labels.values(), values, strict=True):
        if float(value):
            _add(line, (row, label), file.layer, None, value, file)


def _add(line, ends: tuple[str, str], layer, hours, value, file: _Pajek) -> None:
    file.draft.ties.append(ListedTie(line, *ends, layer, hours, value))
