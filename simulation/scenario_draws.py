"""The unknowns of a scenario: its [unknown] read, checked and gathered.

Names include the table that they belong to: levers.mandate, structure.x, parameters.y.
A table of draws has such names as columns, and one row per draw.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any

from simulation import tables
from simulation.regular_files import unusable
from simulation.scenario_errors import (
    Problem,
    ScenarioError,
    choices,
    key_text,
    nearest,
    shown,
)
from simulation.scenario_files import LARGEST_TABLE, TomlDocument
from simulation.scenario_values import SETS, Draws, Scenario, Unknown, Values
from simulation.text_files import (
    FileError,
    Findings,
    read_content,
    read_table,
    table_rows,
    text_in,
)
from simulation.written_numbers import NumberRule, read_numbers

TABLES = ("levers", "structure", "parameters")
Drawn = Mapping[str, Mapping[str, Any]]
"""Table -> name -> the setting or number that replaces what the file writes."""


# --- the table of draws -----------------------------------------------------------


def read_draws(path: Path) -> Draws:
    """Return the draws in a CSV file; FileError with all mistakes, each with its line.

    Cells are separated by comma, semicolon or tab; no cell may be empty.
    """
    return _read_draws(path, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=16)
def _read_draws(path: Path, _changed: int) -> Draws:
    content = read_content(path, (".csv",), FileError)
    text = text_in(content, path, FileError)
    found = Findings(str(path))
    columns = _columns(text, found)
    found.raise_as(FileError)
    rows = list(read_table(text, {name: (name,) for name in columns}, (), found))
    if not rows and not found.problems:
        found.fault(None, "no draws below the header", allowed="one row for each")
    read = [_column(name, [(n, x[name]) for n, x in rows], found) for name in columns]
    found.raise_as(FileError)
    values = tuple(zip(*read, strict=True))
    return Draws(columns, values, path, hashlib.sha256(content).hexdigest())


def _columns(text: str, found: Findings) -> tuple[str, ...]:
    """Return the names in the header, in order; unknown names are faults."""
    rows = table_rows(text, found, lambda cell: cell.casefold() in _names())
    line, header = next(rows, (1, []))
    names = tuple(cell.strip().casefold() for cell in header)
    for name in names:
        if name not in _names():
            allowed = "levers.x, structure.x or parameters.x, named as in their tables"
            former = tables.former_numbers().get(name.partition(".")[2])
            if former:
                found.fault(line, "is of an earlier version", name, f"now: {former}")
            else:
                found.fault(line, "unknown column", name, allowed, _names())
    return names


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    rows = (tables.lever_table(), tables.STRUCTURE, tables.PARAMETERS)
    pairs = zip(TABLES, rows, strict=True)
    return tuple(f"{table}.{name}" for table, names in pairs for name in names)


def _column(
    column: str, cells: list[tuple[int, str]], found: Findings
) -> list[str] | list[float]:
    """Return a column of draws; every cell must hold a setting or number."""
    table, _, name = column.partition(".")
    if table == "levers":
        settings = list(tables.lever_table()[name].settings)
        for line, text in cells:
            if text not in settings:
                found.fault(line, column, text, choices(settings), settings)
        return [text for _, text in cells]
    row = row_of(table, name)
    allowed = "0 or 1" if is_switch(row) else f"{row.low:g} to {row.high:g}"
    rule = NumberRule(row.low, row.high, allowed, largest=row.high)
    values = read_numbers(cells, column, found, rule)
    for (line, text), value in zip(cells, values, strict=True):
        if not text or (is_switch(row) and value not in (None, 0, 1)):
            found.fault(line, column, text, allowed)
    return [value or 0.0 for value in values]


def row_of(table: str, name: str) -> tables.Number:
    """Return the row of a structural number or a parameter."""
    return (tables.STRUCTURE if table == "structure" else tables.PARAMETERS)[name]


def is_switch(row: tables.Number) -> bool:
    """Return whether a number can only be 0 or 1."""
    return row.unit == "0 or 1"


# --- checking -----------------------------------------------------------------------


def unknown_problems(
    document: TomlDocument, written: Mapping[str, Any]
) -> list[Problem]:
    """Return the problems of an [unknown] in which each key and value is allowed."""
    unknown = written.get("unknown", {})
    problems = list(_turned(document, unknown))
    if "draws" in unknown:
        problems += _draws_problems(document, unknown)
    elif "unknown" in written and not any(unknown.values()):
        place = document.place(("unknown",))
        few = not document.data["unknown"]
        allowed = f"{choices(TABLES)} with a name in it, or draws"
        problems += [Problem("is empty", "unknown", "", allowed, **place)] * few
    return problems


def _turned(document: TomlDocument, unknown: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each range with low above high or setting named twice."""
    for table, name, values in _written_ranges(unknown):
        loc = ("unknown", table, name)
        twice = table == "levers" and len(set(values)) < len(values)
        if twice or (table != "levers" and values[0] > values[1]):
            wrong = "names a setting twice" if twice else "low is above high"
            got = "[" + ", ".join(shown(value) for value in values) + "]"
            allowed = "each setting once" if twice else "[low, high], low <= high"
            place = document.place(loc)
            yield Problem(wrong, key_text(loc), got, allowed, **place)


def _draws_problems(
    document: TomlDocument, unknown: Mapping[str, Any]
) -> list[Problem]:
    loc = ("unknown", "draws")
    key, got, place = key_text(loc), shown(unknown["draws"]), document.place(loc)
    path = _path(document, unknown["draws"])
    if wrong := unusable(path, LARGEST_TABLE):
        folder = path.parent
        there = [x.name for x in folder.glob("*.csv")] if folder.is_dir() else []
        near = nearest(path.name, there)
        return [Problem(wrong, key, got, "a CSV file beside this file", near, **place)]
    try:
        columns = read_draws(path).columns
    except FileError as error:
        return [Problem(text) for text in error.problems]
    names = {f"{table}.{name}" for table, name, _ in _written_ranges(unknown)}
    wrong = "is unknown here and a column of the draws too"
    return [
        Problem(wrong, f"unknown.{name}", allowed="one of the two", **place)
        for name in sorted(names.intersection(columns))
    ]


def _path(document: TomlDocument, name: str) -> Path:
    return (document.path.parent if document.path else Path()) / name


def _written_ranges(unknown: Mapping[str, Any]) -> Iterator[tuple[str, str, list]]:
    for table in TABLES:
        for name, values in unknown.get(table, {}).items():
            yield table, name, values


# --- the unknowns of a chain --------------------------------------------------------


def with_draws(scenario: Scenario) -> Scenario:
    """Return a chain reduced to levers and numbers, with tables of draws read in.

    Raises `ScenarioError` if a table of draws can no longer be read.
    """
    return Scenario(
        scenario.name,
        TomlDocument(scenario.document.source, {}),
        _bare(scenario),
        with_draws(scenario.base) if scenario.base else None,
        with_draws(scenario.history) if scenario.history else None,
    )


KEPT = (*TABLES, "changes", "effort", "unknown", SETS)


def _bare(scenario: Scenario) -> dict[str, Any]:
    written: dict[str, Any] = {
        key: scenario.written[key] for key in KEPT if key in scenario.written
    }
    if "as_is" in scenario.written:
        written["as_is"] = "another" if scenario.history else "self"
    draws = written.get("unknown", {}).get("draws")
    if isinstance(draws, str):
        try:
            read = read_draws(_path(scenario.document, draws))
        except FileError as error:
            raise ScenarioError([Problem(text) for text in error.problems]) from error
        written["unknown"] = written["unknown"] | {"draws": read}
    return written


def unknown_of(bare: Scenario) -> Unknown | None:
    """Return the unknowns of a chain `with_draws`, or None if everything is known."""
    before = _settings(bare.as_is.chain)
    own = {name for name in before if not name.startswith("parameters.")}
    settings = {name: before[name] for name in own} | _settings(bare.chain)
    ordered = {name: settings[name] for name in _names() if name in settings}
    any_unknown = ordered or SETS in bare.chain[0].written
    return Unknown(Values(ordered), bare) if any_unknown else None


def over_sets(scenario: Scenario, sets: Draws) -> Scenario:
    """Return a chain whose worlds take sets of parameters in turn.

    World k takes row k of the table, starting again after the last row. A parameter
    that a file of the chain sets or leaves open keeps what that file says.
    """
    if scenario.base is not None:
        return replace(scenario, base=over_sets(scenario.base, sets))
    return replace(scenario, written={**scenario.written, SETS: sets})


def _settings(chain: Sequence[Scenario]) -> dict[str, tuple]:
    """Return what files of a chain leave open, unless a later file sets it."""
    found: dict[str, tuple] = {}
    for link in chain:
        named = {f"{t}.{name}" for t in TABLES for name in link.written.get(t, {})}
        found = {name: found[name] for name in found if name not in named}
        unknown = link.written.get("unknown", {})
        found |= {f"{t}.{name}": tuple(x) for t, name, x in _written_ranges(unknown)}
        if "draws" in unknown:
            draws = unknown["draws"]
            found |= {name: _ends(name, draws.column(name)) for name in draws.columns}
    return found


def _ends(column: str, values: Sequence[Any]) -> tuple:
    if column.startswith("levers."):
        return tuple(dict.fromkeys(values))
    return min(values), max(values)


def middle(written: Mapping[str, Any]) -> Drawn:
    """Return the median of every range and column of draws in the [unknown] of a file.

    There is none for levers, for switches, and for numbers that the file itself writes:
    these stay as written.
    """
    unknown = written.get("unknown", {})
    found: dict[str, dict[str, Any]] = {table: {} for table in TABLES}
    for table, name, values in _written_ranges(unknown):
        found[table][name] = values
    if "draws" in unknown:
        for column in unknown["draws"].columns:
            table, _, name = column.partition(".")
            found[table][name] = unknown["draws"].column(column)
    middles: dict[str, Mapping[str, Any]] = {
        table: {
            name: float(median(values))
            for name, values in found[table].items()
            if name not in written.get(table, {}) and not is_switch(row_of(table, name))
        }
        for table in ("structure", "parameters")
    }
    sets = written.get(SETS)
    columns = {name: sets.column(name) for name in sets.columns} if sets else {}
    middles[SETS] = {_name(x): float(median(row)) for x, row in columns.items()}
    return middles


def row_of_sets(written: Mapping[str, Any], replicate: int) -> dict[str, float]:
    """Return the parameters of a world's set, by name; empty without sets."""
    if SETS not in written:
        return {}
    sets = written[SETS]
    row = sets.rows[replicate % len(sets.rows)]
    return dict(zip(map(_name, sets.columns), row, strict=True))


def _name(column: str) -> str:
    return column.partition(".")[2]
