"""Import of a communication graph: who talks with whom, from another tool's file.

Names are compared after trimming and Unicode normalisation. Ties have no direction. All
entries for one pair and layer become one tie, with the largest hours and the largest
weight listed, because two people who each report a contact report the same contact.
Notes hold counts and line numbers but no names, so that they can be written into
results.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from simulation.graph_drafts import Draft, Member, in_lines, too_long, too_many
from simulation.graph_formats import READERS
from simulation.names import is_address, spellings
from simulation.text_files import FileError, clean_name, read_text
from simulation.written_numbers import NumberRule, read_numbers

MOST_HOURS = 60
UNNAMED_LAYER = "imported"
ALONE = "people without ties"


class GraphError(FileError):
    """A graph file cannot be used; holds all its problems."""


@dataclass(frozen=True)
class Edge:
    """A tie between two people, a < b, in one layer of contact.

    `hours` is contact hours a week (0 to 60). `weight` is a relative strength (0 or
    more) that the model scales. Each is None if the file does not give it.
    """

    a: str
    b: str
    layer: str
    hours: float | None = None
    weight: float | None = None


@dataclass(frozen=True)
class CommunicationGraph:
    """People by name, sorted; their ties, sorted; and notes for the user.

    `file` is the file they come from; `lines` gives the first line with each name.
    """

    names: tuple[str, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()
    file: str = field(default="graph", compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)


def read_graph(path: str | Path) -> CommunicationGraph:
    """Return the communication graph in the file at `path`.

    Formats by suffix: `.graphml`, `.gexf`, `.net` and `.paj` (Pajek), `.csv` (one tie a
    row, with header) and `.mpx` (multiplex, as in the uunet and multinet libraries);
    UTF-8 text, at most 50 MB, 20,000 people and 2,000,000 listed ties. Raises
    GraphError with all problems found.
    """
    draft = Draft(str(path))
    text = read_text(path, tuple(READERS), GraphError, draft)
    READERS[Path(path).suffix.lower()](text, draft)
    draft.note_spare()
    return _checked(draft)


def as_networkx(graph: CommunicationGraph):
    """Return the graph over all layers together as a `networkx.Graph` of names."""
    import networkx

    union = networkx.Graph()
    union.add_nodes_from(graph.names)
    union.add_edges_from((edge.a, edge.b) for edge in graph.edges)
    return union


# --- checking and merging what was read --------------------------------------------


def _checked(draft: Draft) -> CommunicationGraph:
    called = _called(draft)
    lines = _people(draft, called)
    merged = (
        {} if too_many(0, len(draft.ties), draft) else _merged(draft, called, lines)
    )
    too_many(len(lines), 0, draft)
    if not merged and not draft.problems:
        draft.fault(None, "no ties between different people", allowed="one or more")
    draft.raise_as(GraphError)
    edges = tuple(Edge(*key, *merged[key]) for key in sorted(merged))
    known = {name: line for name, line in lines.items() if line}
    graph = CommunicationGraph(tuple(sorted(lines)), edges, (), draft.file, known)
    return replace(graph, notes=tuple(draft.notes) + _shape_notes(graph))


def _called(draft: Draft) -> dict[object, str]:
    """Return the name for each text that names a person; note names that change."""
    texts: dict[object, None] = {member.name: None for member in draft.people}
    for tie in draft.ties:
        texts[tie.a] = texts[tie.b] = None
    called = spellings(texts)
    other = {clean_name(text): name for text, name in called.items()}
    other = {text: name for text, name in other.items() if text != name}
    mailboxes = {name for name in other.values() if is_address(name)}
    numbers = sum(not is_address(name) for name in other.values())
    if mailboxes:
        text = f"addresses in other capitals, one person each: {len(mailboxes)}"
        draft.notes.append(text)
    if numbers:
        draft.notes.append(f"numbers such as 1.0 that are names such as 1: {numbers}")
    names = set(called.values())
    apart = len(names) - len({name.casefold() for name in names})
    if apart:
        draft.notes.append(f"names that differ in capitals only, kept apart: {apart}")
    return called


def _people(draft: Draft, called: Mapping[object, str]) -> dict[str, int | None]:
    """Return the line of each person listed; only e-mail addresses may be repeated."""
    first: dict[str, Member] = {}
    for member in draft.people:
        name = called[member.name]
        before = first.setdefault(name, member)
        if not name:
            draft.fault(member.line, "empty name")
        elif too_long(member.line, name, draft) or before is member:
            continue
        elif not is_address(name):
            allowed = "different names"
            if member.id:
                has_it = f"{before.id!r} on line {before.line}"
                allowed += f"; {has_it} and {member.id!r} have it"
            draft.fault(member.line, "two people with one name", name, allowed)
    return {name: member.line for name, member in first.items()}


def _merged(
    draft: Draft, called: Mapping[object, str], lines: dict[str, int | None]
) -> dict[tuple[str, str, str], list]:
    """Return the largest hours and weight by pair and layer.

    Adds people who are named only in ties to `lines`.
    """
    merged: dict[tuple[str, str, str], list] = {}
    loops, differing = [], set()
    for tie, *values in zip(draft.ties, *_numbers(draft), strict=True):
        a, b = sorted((called[tie.a], called[tie.b]))
        if not _known_pair((a, b), tie.line, lines, draft):
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


def _numbers(draft: Draft) -> tuple[list[float | None], list[float | None]]:
    """Return hours and weight of all ties; only tables may have decimal commas."""
    mark = "" if Path(draft.file).suffix.lower() == ".csv" else "."
    rule = NumberRule(missing=True, mark=mark)
    hours = [(tie.line, tie.hours) for tie in draft.ties]
    weights = [(tie.line, tie.weight) for tie in draft.ties]
    return (
        read_numbers(hours, "hours", draft, rule._replace(most=MOST_HOURS)),
        read_numbers(weights, "weight", draft, rule),
    )


def _known_pair(pair, line, lines: dict[str, int | None], draft: Draft) -> bool:
    for name in pair:
        if not name:
            draft.fault(line, "empty name", allowed="two names")
        elif draft.complete and name not in lines:
            draft.fault(line, "tie of unknown person", name, known=lines)
        elif not too_long(line, name, draft):
            lines.setdefault(name, line)
    return all(name in lines for name in pair)


def _larger(one: float | None, other: float | None) -> float | None:
    return max((x for x in (one, other) if x is not None), default=None)


def _merge_notes(loops, differing: int, merged: int, draft: Draft) -> None:
    listed = len(draft.ties) - len(loops)
    if loops:
        draft.notes.append(f"self-loops dropped: {len(loops)}{in_lines(loops)}")
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
    weighed = sum(edge.weight is not None for edge in graph.edges)
    alone = networkx.number_of_isolates(union)
    parts = networkx.number_connected_components(union) - alone
    return tuple(
        text
        for worth, text in (
            (alone, f"{ALONE}: {alone}"),
            (parts > 1, f"groups without ties between them: {parts}"),
            (
                0 < timed < len(graph.edges),
                f"{timed} of {len(graph.edges)} ties have hours",
            ),
            (
                0 < weighed < len(graph.edges),
                f"{weighed} of {len(graph.edges)} ties have weights",
            ),
        )
        if worth
    )
