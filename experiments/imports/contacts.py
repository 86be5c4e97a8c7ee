"""Who meets whom, from tables of ties, e-mails, meetings or a survey's answers.

Counts become hours a week by a rule that is stated with the results:

- an e-mail takes `minutes_per_message`, shared out over those who get it;
- a meeting takes its duration from each who is there, shared out over the others;
- an answer to "how often" takes the hours of the table `often` in `heads.toml`.

E-mails and meetings of a pair are added, whoever sent them. Of a tie or an answer that
both report, the larger counts.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from experiments.imports.columns import with_chosen
from experiments.imports.dates import read_dates
from experiments.imports.employees import Rows
from experiments.imports.heads import (
    CONTACTS,
    counted_as,
    guessed_columns,
    hours_of_often,
    is_head,
    plain_head,
    weeks_told,
)
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
NUMBER_AT_END = re.compile(r" \d+$")
Find = Callable[[str], set[int]]
"""Returns who is meant by a text, as lines of the table of people."""
Tie = tuple[int, int, str]
"""Two people, the smaller first, and the layer."""


@dataclass
class Contacts:
    """The ties of a network, with hours a week or weights.

    `outsiders` are names of nobody in the table of people, each with its first line;
    `crowds` are lines of messages or meetings of too many people; `capped` counts ties
    with more than the most hours. `weeks` and `minutes` are those of the rule; `spare`
    are heads of columns that are not used.
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
        found = _of_graph(path, find)
    else:
        sheet = read_sheet(path, CONTACTS)
        found = _of_sheet(sheet, find, mapping, troubles)
    if not found.points:
        _check_outsiders(found, str(path), mapping, troubles)
    return found


def _of_graph(path: Path, find: Find) -> Contacts:
    graph = read_graph(path)
    found = Contacts(rows=len(graph.edges), notes=graph.notes)
    called = {name: _known(name, 0, find, found) for name in graph.names}
    for edge in graph.edges:
        pair = called[edge.a] | called[edge.b]
        if called[edge.a] and called[edge.b] and len(pair) == 2:
            found.add(tuple(pair), edge.layer, edge.hours, edge.weight)
    return found


def _known(text: str, line: int, find: Find, found: Contacts) -> set[int]:
    """Return the one person that a text means, or nobody; note who is unknown."""
    who = find(text)
    if len(who) == 1:
        return who
    found.outsiders.setdefault(text, line)
    return set()


# --- tables ---------------------------------------------------------------------------


def _of_sheet(
    sheet: Sheet, find: Find, mapping: ImportMapping, troubles: Troubles
) -> Contacts:
    columns, several = contact_columns(sheet, mapping, troubles)
    found = Contacts(rows=len(sheet.rows), notes=sheet.notes)
    found.columns = {name: sheet.header[at] for name, at in columns.items()}
    if missing := [name for name in ("a", "b") if name not in columns]:
        if is_matrix(sheet):
            troubles.add(sheet.file, sheet.line, "matrix")
            return found
        heads = tuple(sheet.header)
        found.points += [
            OpenPoint(("contacts", "columns", name), "", heads) for name in missing
        ]
        return found
    used = {*columns.values(), *several}
    spare = [at for at, head in enumerate(sheet.header) if head and at not in used]
    found.spare = tuple(sheet.header[at] for at in spare)
    rows = Rows(sheet, columns)
    found.kind = mapping.get("contacts", "kind") or _kind(sheet, columns) or ""
    found.weeks = mapping.get("contacts", "weeks") or _weeks(rows)
    if mapping.get("contacts", "columns", "count") is None:
        found.points += _count_asked(found, sheet, spare)
    found.points += _open_points(found, [line for line, _ in sheet.rows])
    if found.points:
        return found
    if found.kind in COUNTED:
        _count(rows, several, find, mapping, troubles, found)
    else:
        _list(rows, several, find, troubles, found)
    return found


def _open_points(found: Contacts, lines: Sequence[int]) -> Iterator[OpenPoint]:
    """Yield what must be asked about counts: of what, and over how many weeks."""
    if not found.kind:
        yield OpenPoint(("contacts", "kind"), "emails", CONTACT_KINDS, tuple(lines))
    if found.weeks is None and found.kind in ("", *COUNTED):
        low, high = CONTACT_NUMBERS["weeks"]
        told = [weeks_told(head) for head in found.columns.values()]
        near = next((f"{weeks:g}" for weeks in told if weeks), "")
        yield OpenPoint(("contacts", "weeks"), near, (), tuple(lines), low, high)


def _count_asked(
    found: Contacts, sheet: Sheet, spare: Sequence[int]
) -> Iterator[OpenPoint]:
    """Yield which column has the counts, if none is known and one has numbers."""
    if found.kind not in COUNTED or {"count", "date", "minutes"} & set(found.columns):
        return
    numeric = [at for at in spare if _has_numbers([row[at] for _, row in sheet.rows])]
    if heads := tuple(sheet.header[at] for at in numeric):
        key = ("contacts", "columns", "count")
        yield OpenPoint(key, heads[0], (*heads, NO_COLUMN), (sheet.line,))


def _has_numbers(cells: Sequence[str]) -> bool:
    """Return whether a column has numbers, and nothing else."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and None not in numbers_of(filled)


def contact_columns(
    sheet: Sheet, mapping: ImportMapping, troubles: Troubles
) -> tuple[dict[str, int], list[int]]:
    """Return the column of each field, and all columns that name others."""
    chosen = mapping.columns("contacts", "columns")
    columns = guessed_columns(CONTACTS, sheet.header)
    columns = with_chosen(sheet, columns, chosen, troubles)
    bare = [NUMBER_AT_END.sub("", plain_head(head)) for head in sheet.header]
    numbered = [
        at
        for at, head in enumerate(bare)
        if head != plain_head(sheet.header[at]) and is_head(CONTACTS, head)
    ]
    if "a" not in columns and "b" not in columns and len(numbered) == 2:
        columns["a"], columns["b"] = numbered
    elif "a" in columns and "b" not in columns and numbered:
        columns["b"] = numbered[0]
    several = [x for x in numbered if x not in (columns.get("a"), columns.get("b"))]
    return columns, several


def is_matrix(sheet: Sheet) -> bool:
    """Return whether a table has the same names in its header and first column."""
    names = {plain(cells[0]) for _, cells in sheet.rows[:50]}
    return len(sheet.header) > 2 and names <= {plain(x) for x in sheet.header[1:]}


def _kind(sheet: Sheet, columns: Mapping[str, int]) -> str | None:
    """Return the kind of contacts that the heads of columns tell."""
    if "frequency" in columns:
        return "survey"
    if "hours" in columns or "weight" in columns:
        return "ties"
    counted = counted_as([head for head in sheet.header if head])
    if "minutes" in columns:
        return "meetings"
    if counted and {"count", "date"} & set(columns):
        return counted
    if "count" in columns:
        return None
    return counted or "survey"


def _weeks(rows: Rows) -> float | None:
    """Return the weeks that a table covers, by its dates or a column of weeks."""
    if "period" in rows.columns:
        weeks = [x for x in numbers_of(rows.column("period")) if x]
        return max(weeks, default=None)
    days = [x for x in read_dates(rows.column("date")) if x]
    if not days:
        return None
    return float(math.ceil(((max(days) - min(days)).days + 1) / 7))


def _people_in(text: str, line: int, find: Find, found: Contacts) -> list[int]:
    """Return the people that a cell names: one, or several with ; or , between."""
    parts = [text] if len(find(text)) == 1 else SEPARATORS.split(text)
    if len(parts) == 1 and "," in text and len(find(text)) != 1:
        pieces = [part.strip() for part in text.split(",")]
        if all("@" in x for x in pieces) or any(len(find(x)) == 1 for x in pieces):
            parts = pieces
    people: list[int] = []
    for part in filter(None, (x.strip() for x in parts)):
        people += _known(part, line, find, found)
    return list(dict.fromkeys(people))


def _ends(
    rows: Rows, several: Sequence[int], find: Find, found: Contacts
) -> Iterator[tuple[int, int, list[int], list[int]]]:
    """Yield number, line, and the people at both ends of each row."""
    for k, (line, row) in enumerate(rows.sheet.rows):
        others = [rows.cell(row, "b"), *(row[at] for at in several)]
        ones = _people_in(rows.cell(row, "a"), line, find, found)
        named = ";".join(x for x in others if x)
        yield k, line, ones, _people_in(named, line, find, found)


def _column(rows: Rows, name: str, troubles: Troubles) -> list[float | None]:
    """Return a column of numbers; report what is none."""
    cells = rows.column(name)
    values = numbers_of([cell or "-" for cell in cells])
    for (line, _), cell, value in zip(rows.sheet.rows, cells, values, strict=True):
        if (cell.strip(" -") and value is None) or (value is not None and value < 0):
            troubles.add(rows.sheet.file, line, "no_number", cell)
    return values


def _list(
    rows: Rows, several: Sequence[int], find: Find, troubles: Troubles, found: Contacts
) -> None:
    """Add the ties of a list, or of a survey's answers."""
    hours = _column(rows, "hours", troubles)
    minutes = _column(rows, "minutes", troubles)
    given = "weight" if "weight" in rows.columns else "count"
    weights = _column(rows, given, troubles)
    if found.kind == "survey":
        hours, weights = _often(rows, hours, weights, troubles)
    layers = rows.column("layer")
    for k, line, ones, others in _ends(rows, several, find, found):
        each = minutes[k]
        time = hours[k] if each is None else each / 60
        if time is not None and time > MOST_HOURS:
            text, file = f"{time:g}", rows.sheet.file
            troubles.add(file, line, "contact_hours", text, most=MOST_HOURS)
        for a in ones:
            for b in others:
                if a != b and (time is None or time > 0):
                    found.add((a, b), layers[k] or found.kind, time, weights[k])


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
    found: Contacts,
) -> None:
    """Add the hours a week of e-mails or meetings, summed for each pair."""
    usual = MINUTES_PER_MESSAGE if found.kind == "emails" else MINUTES_PER_MEETING
    named = "minutes_per_message" if found.kind == "emails" else "minutes_per_meeting"
    found.minutes = mapping.get("contacts", named) or usual
    counts = _column(rows, "count", troubles)
    minutes = _minutes(rows, counts, found, troubles)
    total: dict[tuple[int, int], float] = defaultdict(float)
    for k, line, ones, others in _ends(rows, several, find, found):
        hours = minutes[k] / 60 / (found.weeks or 1)
        if max(len(ones), len(others)) > MOST_RECIPIENTS:
            found.crowds.append(line)
        elif found.kind == "emails":
            there = [(a, b) for a in ones for b in others if a != b]
            for a, b in there:
                total[min(a, b), max(a, b)] += hours / len(there)
        else:
            people = sorted({*ones, *others})
            for pair in combinations(people, 2):
                total[pair] += hours / (len(people) - 1)
    for pair, hours in total.items():
        found.capped += hours > MOST_HOURS
        found.add(pair, found.kind, float(f"{min(hours, MOST_HOURS):.6g}"))
    found.ties = {tie: x for tie, x in found.ties.items() if x[0]}


def _minutes(
    rows: Rows,
    counts: Sequence[float | None],
    found: Contacts,
    troubles: Troubles,
) -> list[float]:
    """Return the minutes of each row: of all its messages, or of all its meetings."""
    usual = found.minutes or 0.0
    if found.kind == "emails":
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
    found: Contacts, file: str, mapping: ImportMapping, troubles: Troubles
) -> None:
    """Ask about names of nobody in a list of ties; of counts they are only noted."""
    if found.outsiders and not found.ties:
        some = ", ".join(list(found.outsiders)[:3])
        troubles.add(file, 0, "all_outsiders", some)
    elif found.outsiders and found.kind not in COUNTED:
        if mapping.get("contacts", "outsiders") != LEAVE_OUT:
            key, lines = ("contacts", "outsiders"), tuple(found.outsiders.values())
            found.points.append(OpenPoint(key, LEAVE_OUT, (LEAVE_OUT,), lines))
    elif not found.ties and not found.points and not troubles.problems:
        troubles.add(file, 0, "no_ties")
