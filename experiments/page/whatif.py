"""Requests of the page as two equivalent scenario files, as-is and to-be.

The as-is is an organisation as it is today, with some levers set. The to-be adds moves
to it, each in a week. Everything that the page shows comes from reading these files.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.fit.interview.answer_files import in_both, said_in_both, toml
from experiments.fit.troubles import Problem, TranslatedError, told
from experiments.page.asked import DatedChange, PageRequest
from experiments.page.deciding import as_is_words, to_be_words
from experiments.page.own import OWN, OWN_FILE
from simulation.scenario import ResolvedScenario, read
from simulation.scenario_errors import nearest
from simulation.scenario_places import shipped_names

AS_IS, TO_BE = "as-is", "to-be"
MOST_WORLDS = 1_000
MOST_WEEKS = 520
MOST_MOVES = 200
KEYS = ("base", "levers", "plan", "numbers", "weeks", "seed", "worlds")


def asked_of(data: Any) -> PageRequest:
    """Return the request in JSON from the page; raise `TranslatedError` with mistakes.

    Levers, settings and numbers are checked when the scenario files are read.
    """
    if not isinstance(data, Mapping):
        raise told("asked_table")
    problems: list[Problem] = [_unknown_key(key) for key in data if key not in KEYS]
    base = data.get("base", "baseline")
    if base != OWN and base not in shipped_names():
        near = nearest(base, shipped_names())
        key = "asked_base_near" if near else "asked_base"
        problems.append((key, {"base": _short(base), "near": near or ""}))
    levers = data.get("levers", {})
    if not _is_texts(levers):
        problems.append(("asked_levers", {}))
        levers = {}
    plan = _dated("plan", data.get("plan", []), str, problems)
    numbers = _dated("numbers", data.get("numbers", []), float, problems)
    limits = {"weeks": (4, MOST_WEEKS), "seed": (0, 2**53), "worlds": (2, MOST_WORLDS)}
    whole = {
        name: _whole(name, data.get(name, getattr(PageRequest, name)), ends, problems)
        for name, ends in limits.items()
    }
    if problems:
        raise TranslatedError(*problems)
    return PageRequest(base, tuple(sorted(levers.items())), plan, numbers, **whole)


def _unknown_key(key: str) -> Problem:
    near = nearest(key, KEYS)
    values = {"name": _short(key), "near": near or "", "allowed": ", ".join(KEYS)}
    return ("asked_key_near" if near else "asked_key"), values


def _short(value: object) -> str:
    return repr(str(value)[:60])


def _is_texts(value: Any) -> bool:
    known = isinstance(value, Mapping)
    return known and all(isinstance(x, str) for x in value.values())


def _whole(
    name: str, value: Any, ends: tuple[int, int], problems: list[Problem]
) -> int:
    low, high = ends
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    got = {"name": name, "value": _short(value)}
    problems.append(("asked_whole", {**got, "low": low, "high": high}))
    return low


def _dated(
    name: str, rows: Any, kind: type, problems: list[Problem]
) -> tuple[DatedChange, ...]:
    """Return the changes in rows of [week, name, value], in order of week and name."""
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        problems.append(("asked_list", {"name": name}))
        return ()
    if len(rows) > MOST_MOVES:
        problems.append(
            ("asked_many", {"name": name, "n": len(rows), "most": MOST_MOVES})
        )
        return ()
    found = [_one(f"{name}[{k}]", row, kind, problems) for k, row in enumerate(rows)]
    return tuple(sorted((x for x in found if x), key=lambda x: (x.week, x.name)))


def _one(
    where: str, row: Any, kind: type, problems: list[Problem]
) -> DatedChange | None:
    if isinstance(row, list) and len(row) == 3:
        week, name, value = row
        if kind is float and type(value) is int:
            value = float(value)
        dated = type(week) is int and 0 <= week < MOST_WEEKS
        finite = not isinstance(value, float) or math.isfinite(value)
        if dated and isinstance(name, str) and isinstance(value, kind) and finite:
            return DatedChange(week, name, value)  # type: ignore[arg-type]
    problems.append(("asked_row", {"where": where, "value": _short(row)}))
    return None


def as_is_text(asked: PageRequest, base: ResolvedScenario) -> str:
    """Return the scenario file of the as-is."""
    named = OWN_FILE if asked.base == OWN else asked.base
    dated = base.scenario is not None and bool(base.scenario.changes())
    lines = [
        f"title = {said_in_both('app_as_is_title')}",
        f"question = {in_both(as_is_words(asked, base))}",
        f"based_on = {toml(named)}",
        'as_is = "self"',
        *(["changes = []"] if dated else []),
        *_table("levers", dict(asked.levers)),
        *_table("run", {"weeks": asked.weeks}),
    ]
    return "\n".join(lines) + "\n"


def to_be_text(asked: PageRequest, base: ResolvedScenario) -> str:
    """Return the scenario file of the to-be, which is based on the as-is."""
    lines = [
        f"title = {said_in_both('app_to_be_title')}",
        f"question = {in_both(to_be_words(asked, base))}",
        f"based_on = {toml(f'{AS_IS}.toml')}",
        *_changes(asked),
    ]
    return "\n".join(lines) + "\n"


def _table(head: str, values: Mapping[str, Any]) -> list[str]:
    rows = [f"{_key(name)} = {toml(value)}" for name, value in values.items()]
    return ["", f"[{head}]", *rows] if rows else []


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("_", "").isalnum()
    return name if bare else json.dumps(name)


def _changes(asked: PageRequest) -> Iterator[str]:
    """Yield the lines of changes: those in week 0 first, then week by week."""
    weeks = sorted({x.week for x in (*asked.plan, *asked.numbers)})
    for week in weeks:
        levers = {x.name: x.value for x in asked.plan if x.week == week}
        numbers = {x.name: x.value for x in asked.numbers if x.week == week}
        if week == 0:
            yield from _table("levers", levers)
            yield from _table("structure", numbers)
            continue
        yield from ("", "[[changes]]", f"week = {week}")
        for head, values in (("levers", levers), ("structure", numbers)):
            inner = ", ".join(f"{_key(n)} = {toml(x)}" for n, x in values.items())
            yield from [f"{head} = {{ {inner} }}"] * bool(values)


def scenarios_in(
    asked: PageRequest, folder: Path
) -> tuple[ResolvedScenario, ResolvedScenario]:
    """Write as-is and to-be into a folder with all other files, and read them.

    Raises `ScenarioError` with every mistake.
    """
    base = read(folder / OWN_FILE) if asked.base == OWN else read(asked.base)
    files = [folder / f"{name}.toml" for name in (AS_IS, TO_BE)]
    files[0].write_text(as_is_text(asked, base), encoding="utf-8")
    files[1].write_text(to_be_text(asked, base), encoding="utf-8")
    to_be = read(files[1])  # first, as its errors include those of the as-is
    return read(files[0]), to_be
