"""Who meets whom, from tables of ties, e-mails, meetings or a survey's answers.

Counts become hours a week by a rule that is stated with the results:

- an e-mail takes `minutes_per_message`, shared out over those who get it;
- a meeting takes its duration from each who is there, shared out over the others;
- an answer to "how often" takes the hours of the table `often` in `heads.toml`.

E-mails and meetings of a pair are added, whoever sent them. Of a tie or an answer that
both report, the larger counts.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from experiments.imports.contact_columns import (
    contact_columns,
    is_matrix,
    kind_of,
    weeks_of,
)
from experiments.imports.employees import Rows
from experiments.imports.heads import CONTACTS, hours_of_often, weeks_told
from experiments.imports.mapping import (
    CONTACT_KINDS,
    CONTACT_NUMBERS,
    NO_COLUMN,
    ImportMapping,
    OpenPoint,
)
from experiments.imports.sheets import Sheet, read_sheet
from experiments.imports.vocabulary import LEAVE_OUT, plain
from experiments.imports.words import Troubles
from simulation.graph_files import MOST_HOURS, read_graph
from simulation.graph_formats import READERS
from simulation.written_numbers import numbers_of

MINUTES_PER_MESSAGE = 5.0
MINUTES_PER_MEETING = 30.0
"""What is taken for an e-mail, and for a meeting without a duration (assumptions)."""
MOST_RECIPIENTS = 20
"""A message to more people, or a meeting of more, is no contact and is left out."""
COUNTED = ("emails", "meetings")
IN_ALL = frozenset(("total", "totaal", "gesamt", "totale"))
SEPARATORS = re.compile(r"\s*[;|]\s*")
Find = Callable[[str], set[int]]
"""Returns who is meant by a text, as lines of the table of people."""
Tie = tuple[int, int, str]
"""Two people, the smaller first, and the layer."""


@dataclass
class Contacts:
    """The ties of a network, with hours a week or weights.

    `outsiders` are names of nobody in the table of people, each with its first line;
    `crowds` are lines of messages or meetings of too many people; `capped` counts ties
    with more than the most hours. `weeks` is the number of weeks that the file covers,
    `minutes` those of one e-mail or meeting; `spare` are heads of columns that are not
    used.
    """

    kind: str = "ties"
    weeks: float | None = None
    minutes: float | None = None
    rows: int = 0
    ties: dict[Tie, tuple[float | None, float | None]] = field(default_factory=dict)
    outsiders: dict[str, int] = field(default_factory=dict)
    crowds: list[int] = field(default_factory=list)
    capped: int = 0
    points: list[OpenPoint] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    spare: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def add(self, pair: Sequence[int], layer: str, hours, weight=None) -> None:
        """Add a tie; of one that is there already the larger values stay."""
        a, b = sorted(pair)
        before = self.ties.get((a, b, layer), (None, None))
        largest = [_larger(*x) for x in zip(before, (hours, weight), strict=True)]
        self.ties[a, b, layer] = (largest[0], largest[1])


def _larger(one: float | None, other: float | None) -> float | None:
    return max((x for x in (one, other) if x is not None), default=None)


def read_contacts(
    path: Path, find: Find, mapping: ImportMapping, troubles: Troubles
) -> Contacts:
    """Return the contacts in a file: a graph, or a table of ties or counts.

    Mistakes go to `troubles`; what must be asked is in the `points` of the result.
    """
    suffix = path.suffix.lower()
    if suffix in READERS and suffix != ".csv":
        contacts = _of_graph(path, find)
    else:
        sheet = read_sheet(path, CONTACTS)
        contacts = _of_sheet(sheet, find, mapping, troubles)
    if not contacts.points:
        _check_outsiders(contacts, str(path), mapping, troubles)
    return contacts


def _of_graph(path: Path, find: Find) -> Contacts:
    graph = read_graph(path)
    contacts = Contacts(rows=len(graph.edges), notes=graph.notes)
    called = {name: _known(name, 0, find, contacts) for name in graph.names}
    for edge in graph.edges:
        pair = called[edge.a] | called[edge.b]
        if called[edge.a] and called[edge.b] and len(pair) == 2:
            contacts.add(tuple(pair), edge.layer, edge.hours, edge.weight)
    return contacts


def _known(text: str, line: int, find: Find, contacts: Contacts) -> set[int]:
    """Return the one person that a text means, or nobody; note who is unknown."""
    who = find(text)
    if len(who) == 1:
        return who
    contacts.outsiders.setdefault(text, line)
    return set()


# --- tables ---------------------------------------------------------------------------


def _of_sheet(
    sheet: Sheet, find: Find, mapping: ImportMapping, troubles: Troubles
) -> Contacts:
    columns, several = contact_columns(sheet, mapping, troubles)
    contacts = Contacts(rows=len(sheet.rows), notes=sheet.notes)
    contacts.columns = {name: sheet.header[at] for name, at in columns.items()}
    if missing := [name for name in ("a", "b") if name not in columns]:
        if is_matrix(sheet):
            troubles.add(sheet.file, sheet.line, "matrix")
            return contacts
        heads = tuple(sheet.header)
        contacts.points += [
            OpenPoint(("contacts", "columns", name), "", heads) for name in missing
        ]
        return contacts
    used = {*columns.values(), *several}
    spare = [at for at, head in enumerate(sheet.header) if head and at not in used]
    contacts.spare = tuple(sheet.header[at] for at in spare)
    rows = Rows(sheet, columns)
    contacts.kind = mapping.get("contacts", "kind") or kind_of(sheet, columns) or ""
    contacts.weeks = mapping.get("contacts", "weeks") or weeks_of(rows)
    if mapping.get("contacts", "columns", "count") is None:
        contacts.points += _count_asked(contacts, sheet, spare)
    contacts.points += _open_points(contacts, [line for line, _ in sheet.rows])
    if contacts.points:
        return contacts
    if contacts.kind in COUNTED:
        _count(rows, several, find, mapping, troubles, contacts)
    else:
        _list(rows, several, find, troubles, contacts)
    return contacts


def _open_points(contacts: Contacts, lines: Sequence[int]) -> Iterator[OpenPoint]:
    """Yield what must be asked about counts: of what, and over how many weeks."""
    if not contacts.kind:
        yield OpenPoint(("contacts", "kind"), "emails", CONTACT_KINDS, tuple(lines))
    if contacts.weeks is None and contacts.kind in ("", *COUNTED):
        low, high = CONTACT_NUMBERS["weeks"]
        stated = [weeks_told(head) for head in contacts.columns.values()]
        near = next((f"{weeks:g}" for weeks in stated if weeks), "")
        yield OpenPoint(("contacts", "weeks"), near, (), tuple(lines), low, high)


def _count_asked(
    contacts: Contacts, sheet: Sheet, spare: Sequence[int]
) -> Iterator[OpenPoint]:
    """Yield which column has the counts, if none is known and one has numbers."""
    known = {"count", "date", "minutes"} & set(contacts.columns)
    if contacts.kind not in COUNTED or known:
        return
    numeric = [at for at in spare if _has_numbers([row[at] for _, row in sheet.rows])]
    if heads := tuple(sheet.header[at] for at in numeric):
        key = ("contacts", "columns", "count")
        yield OpenPoint(key, heads[0], (*heads, NO_COLUMN), (sheet.line,))


def _has_numbers(cells: Sequence[str]) -> bool:
    """Return whether a column has numbers, and nothing else."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and None not in numbers_of(filled)


def _people_in(text: str, line: int, find: Find, contacts: Contacts) -> list[int]:
    """Return the people that a cell names: one, or several with ; or , between."""
    parts = [text] if len(find(text)) == 1 else SEPARATORS.split(text)
    if len(parts) == 1 and "," in text and len(find(text)) != 1:
        pieces = [part.strip() for part in text.split(",")]
        if all("@" in x for x in pieces) or any(len(find(x)) == 1 for x in pieces):
            parts = pieces
    people: list[int] = []
    for part in filter(None, (x.strip() for x in parts)):
        people += _known(part, line, find, contacts)
    return list(dict.fromkeys(people))


def _ends(
    rows: Rows, several: Sequence[int], find: Find, contacts: Contacts
) -> Iterator[tuple[int, int, list[int], list[int]]]:
    """Yield number, line, and the people at both ends of each row."""
    for k, (line, row) in enumerate(rows.sheet.rows):
        others = [rows.cell(row, "b"), *(row[at] for at in several)]
        ones = _people_in(rows.cell(row, "a"), line, find, contacts)
        named = ";".join(x for x in others if x)
        yield k, line, ones, _people_in(named, line, find, contacts)


def _column(rows: Rows, name: str, troubles: Troubles) -> list[float | None]:
    """Return a column of numbers; report what is none."""
    cells = rows.column(name)
    values = numbers_of([cell or "-" for cell in cells])
    for (line, _), cell, value in zip(rows.sheet.rows, cells, values, strict=True):
        if (cell.strip(" -") and value is None) or (value is not None and value < 0):
            troubles.add(rows.sheet.file, line, "no_number", cell)
    return values


def _list(
    rows: Rows,
    several: Sequence[int],
    find: Find,
    troubles: Troubles,
    contacts: Contacts,
) -> None:
    """Add the ties of a list, or of a survey's answers."""
    hours = _column(rows, "hours", troubles)
    minutes = _column(rows, "minutes", troubles)
    given = "weight" if "weight" in rows.columns else "count"
    weights = _column(rows, given, troubles)
    if contacts.kind == "survey":
        hours, weights = _often(rows, hours, weights, troubles)
    layers = rows.column("layer")
    for k, line, ones, others in _ends(rows, several, find, contacts):
        each = minutes[k]
        time = hours[k] if each is None else each / 60
        if time is not None and time > MOST_HOURS:
            text, file = f"{time:g}", rows.sheet.file
            troubles.add(file, line, "contact_hours", text, most=MOST_HOURS)
        for a in ones:
            for b in others:
                if a != b and (time is None or time > 0):
                    contacts.add((a, b), layers[k] or contacts.kind, time, weights[k])


def _often(
    rows: Rows,
    hours: list[float | None],
    weights: list[float | None],
    troubles: Troubles,
) -> tuple[list[float | None], list[float | None]]:
    """Return hours and weights with what answers to "how often" stand for.

    An answer that is a number is a weight.
    """
    cells = rows.column("frequency")
    numbers = numbers_of(cells)
    known = hours_of_often()
    for k, (line, _) in enumerate(rows.sheet.rows):
        answer = plain(cells[k])
        if numbers[k] is not None:
            weights[k] = numbers[k]
        elif answer in known:
            hours[k] = known[answer]
        elif answer:
            allowed = ", ".join(list(known)[::6])
            values = {"allowed": allowed}
            troubles.add(rows.sheet.file, line, "often", cells[k], known, **values)
    return hours, weights


def _count(
    rows: Rows,
    several: Sequence[int],
    find: Find,
    mapping: ImportMapping,
    troubles: Troubles,
    contacts: Contacts,
) -> None:
    """Add the hours a week of e-mails or meetings, summed for each pair."""
    usual, named = MINUTES_PER_MEETING, "minutes_per_meeting"
    if contacts.kind == "emails":
        usual, named = MINUTES_PER_MESSAGE, "minutes_per_message"
    contacts.minutes = mapping.get("contacts", named) or usual
    counts = _column(rows, "count", troubles)
    minutes = _minutes(rows, counts, contacts, troubles)
    total: dict[tuple[int, int], float] = defaultdict(float)
    for k, line, ones, others in _ends(rows, several, find, contacts):
        hours = minutes[k] / 60 / (contacts.weeks or 1)
        if max(len(ones), len(others)) > MOST_RECIPIENTS:
            contacts.crowds.append(line)
        elif contacts.kind == "emails":
            there = [(a, b) for a in ones for b in others if a != b]
            for a, b in there:
                total[min(a, b), max(a, b)] += hours / len(there)
        else:
            people = sorted({*ones, *others})
            for pair in combinations(people, 2):
                total[pair] += hours / (len(people) - 1)
    for pair, hours in total.items():
        contacts.capped += hours > MOST_HOURS
        contacts.add(pair, contacts.kind, float(f"{min(hours, MOST_HOURS):.6g}"))
    contacts.ties = {tie: x for tie, x in contacts.ties.items() if x[0]}


def _minutes(
    rows: Rows,
    counts: Sequence[float | None],
    contacts: Contacts,
    troubles: Troubles,
) -> list[float]:
    """Return the minutes of each row: of all its messages, or of all its meetings."""
    usual = contacts.minutes or 0.0
    if contacts.kind == "emails":
        return [usual * (1.0 if n is None else n) for n in counts]
    hours = _column(rows, "hours", troubles)
    durations = _column(rows, "minutes", troubles)
    head = (
        rows.sheet.header[rows.columns["minutes"]] if "minutes" in rows.columns else ""
    )
    in_all = bool(IN_ALL & set(plain(head).split()))
    found_minutes = []
    for n, h, m in zip(counts, hours, durations, strict=True):
        each = m if m is not None else usual if h is None else h * 60
        found_minutes.append(each * (1.0 if n is None or in_all else n))
    return found_minutes


def _check_outsiders(
    contacts: Contacts, file: str, mapping: ImportMapping, troubles: Troubles
) -> None:
    """Ask about names of nobody in a list of ties; of counts they are only noted."""
    if contacts.outsiders and not contacts.ties:
        some = ", ".join(list(contacts.outsiders)[:3])
        troubles.add(file, 0, "all_outsiders", some)
    elif contacts.outsiders and contacts.kind not in COUNTED:
        if mapping.get("contacts", "outsiders") != LEAVE_OUT:
            key, lines = ("contacts", "outsiders"), tuple(contacts.outsiders.values())
            contacts.points.append(OpenPoint(key, LEAVE_OUT, (LEAVE_OUT,), lines))
    elif not contacts.ties and not contacts.points and not troubles.problems:
        troubles.add(file, 0, "no_ties")
