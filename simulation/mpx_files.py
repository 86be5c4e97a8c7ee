"""Reading of multiplex networks (`.mpx`), as of the uunet and multinet libraries."""

from simulation.graph_drafts import TIE, Draft, ListedTie, Member, plain_word

SECTIONS = (
    *("TYPE", "VERSION", "LAYERS", "ACTORS", "NODES", "VERTICES", "EDGES"),
    *("ACTOR ATTRIBUTES", "NODE ATTRIBUTES", "VERTEX ATTRIBUTES", "EDGE ATTRIBUTES"),
)
OF_NODES = ("ACTOR ATTRIBUTES", "NODE ATTRIBUTES", "VERTEX ATTRIBUTES")
Row = tuple[int, list[str]]


def read_mpx(text: str, draft: Draft) -> None:
    """Read actors and edges of all layers."""
    sections = _sections(text, draft)
    for line, cells in sections["TYPE"]:
        if cells != ["multiplex"]:
            allowed = "multiplex: in such a file both ends of a tie are in one layer"
            return draft.fault(line, "#TYPE", ",".join(cells), allowed)
    layers = [cells[0] for _, cells in sections["LAYERS"]]
    nodes = sections["NODES"] + sections["VERTICES"]
    listed = {cells[0]: Member(line, cells[0]) for line, cells in nodes}
    draft.people = [Member(line, cells[0]) for line, cells in sections["ACTORS"]]
    draft.complete = bool(draft.people)
    draft.people = draft.people or list(listed.values())
    attributes = [cells for _, cells in sections["EDGE ATTRIBUTES"]]
    _note_attributes(sections, draft)
    for line, cells in sections["EDGES"]:
        if len(cells) < 3:
            draft.fault(line, "tie", ",".join(cells), "actor,actor,layer[,values]")
            continue
        a, b, layer = cells[:3]
        if layers and layer not in layers:
            draft.fault(line, "unknown layer", layer, ", ".join(layers), layers)
        names = _attributes_of(layer, attributes)
        values = dict(zip(names, cells[3:], strict=False))
        draft.ties.append(
            ListedTie(
                line, a, b, layer, _value("hours", values), _value("weight", values)
            )
        )


def _value(role: str, values: dict[str, str]) -> str | None:
    """Return the value of a role: of the first of its words that has one; or None."""
    return next((values[word] for word in TIE[role] if word in values), None)


def _attributes_of(layer: str, attributes: list[list[str]]) -> list[str]:
    """Return the names of a tie's values: of its layer, then of all layers."""
    layer = layer.casefold()
    mine = [c[1] for c in attributes if len(c) > 2 and c[0].casefold() == layer]
    return [plain_word(x) for x in (*mine, *(c[0] for c in attributes if len(c) < 3))]


def _note_attributes(sections: dict[str, list[Row]], draft: Draft) -> None:
    for section in OF_NODES:
        for _, cells in sections[section]:
            draft.add_spare("nodes", cells[-2] if len(cells) > 1 else cells[0])
    for _, cells in sections["EDGE ATTRIBUTES"]:
        name = cells[1] if len(cells) > 2 else cells[0]
        if plain_word(name) not in (*TIE["hours"], *TIE["weight"]):
            draft.add_spare("edges", name)


def _sections(text: str, draft: Draft) -> dict[str, list[Row]]:
    """Return line number and cells of each row by section; by default, of edges."""
    sections: dict[str, list[Row]] = {name: [] for name in SECTIONS}
    section = "EDGES"
    for line, row in enumerate(text.splitlines(), 1):
        row = row.strip()
        if row.startswith("#"):
            title = row[1:].strip()
            known = [s for s in SECTIONS if f"{title.upper()} ".startswith(f"{s} ")]
            section = max(known, key=len, default="")
            row = title[len(section) :].strip()
            if not section:
                allowed = ", ".join(f"#{name}" for name in SECTIONS)
                draft.fault(line, "unknown section", title, allowed, SECTIONS)
        if row and section and not row.startswith("--"):
            sections[section].append((line, [cell.strip() for cell in row.split(",")]))
    return sections
