"""Load scenario files onto the page: check them, and split them into as-is and to-be.

A file may name shipped scenarios and files that are loaded with it, and nothing else on
this machine. Files that the page cannot represent exactly are refused.
"""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from experiments.advise.moves import Change, today, written
from experiments.errors import InputError
from experiments.fit.troubles import Problem, TranslatedError, told
from experiments.page.asked import DatedChange, PageRequest
from experiments.page.own import OWN, OWN_FILE
from experiments.page.whatif import AS_IS, MOST_WEEKS, TO_BE, scenarios_in
from simulation.organisation import draw_chart
from simulation.scenario import ResolvedScenario, Scenario, read, resolve, shipped_names
from simulation.scenario_errors import nearest
from simulation.toml_positions import parse_toml

SIMPLE = {"title", "question", "based_on", "as_is", "changes", "levers", "run"}
"""Tables of an as-is that the page can say itself."""
RESERVED = {OWN_FILE, f"{AS_IS}.toml", f"{TO_BE}.toml"}
"""Names of files that the page writes."""


def loaded(
    files: Mapping[str, str], folder: Path
) -> tuple[PageRequest, dict[str, bytes]]:
    """Return the request of scenario files, and the files of the user's organisation.

    `folder` must be empty. Raises `InputError` or `ScenarioError` with all mistakes.
    """
    problems = [x for name in files for x in _outside(name, files)]
    if problems:
        raise TranslatedError(*problems)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    main = read(folder / _main_of(files))
    draw_chart(main)
    scenario = main.scenario
    assert scenario is not None
    as_is = scenario.as_is
    base, levers = _base(as_is, files)
    own = _own(as_is if levers is None else as_is.base, files) if base == OWN else {}
    asked = _asked(main, base, levers or {})
    _check_same(asked, own, main, folder)
    return asked, own


@cache
def taken_apart(name: str) -> PageRequest | None:
    """Return a shipped scenario as a request: its as-is, and the changes to it.

    None if the page cannot represent it exactly.
    """
    main = read(name)
    assert main.scenario is not None
    try:
        asked = _asked(main, main.scenario.as_is.name, {})
        with tempfile.TemporaryDirectory() as folder:
            _check_same(asked, {}, main, Path(folder))
    except InputError:
        return None
    return asked


def _asked(main: ResolvedScenario, base: str, levers: Mapping[str, str]) -> PageRequest:
    """Return the request of a scenario on a base with some levers set."""
    assert main.scenario is not None
    changes = _changes(main, main.scenario.as_is)
    moves = [DatedChange(x.week, m.lever, m.setting) for x in changes for m in x.levers]
    numbers = [DatedChange(x.week, *pair) for x in changes for pair in x.structure]
    chosen = tuple(sorted(levers.items()))
    return PageRequest(base, chosen, tuple(moves), tuple(numbers), main.weeks)


def _outside(name: str, files: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each file that a scenario names but that was not loaded."""
    for key, value in _named(files[name]) if name.endswith(".toml") else ():
        bare = key in ("based_on", "as_is")
        if value in files or (bare and value in (*shipped_names(), "self")):
            continue
        near = nearest(value, [*files, *(shipped_names() if bare else ())])
        values = {"file": name, "where": key, "value": repr(value[:80]), "near": near}
        yield ("load_outside_near" if near else "load_outside"), values


def _named(text: str) -> Iterator[tuple[str, str]]:
    """Yield (key, file) for each file that a scenario names; nothing if not TOML."""
    try:
        data, _ = parse_toml(text)
    except ValueError:
        return
    found = [(key, data.get(key)) for key in ("based_on", "as_is")]
    tables = {"organisation": ("people", "network"), "unknown": ("draws",)}
    for table, keys in tables.items():
        inner = data.get(table)
        if isinstance(inner, Mapping):
            found += [(f"{table}.{key}", inner.get(key)) for key in keys]
    yield from ((key, value) for key, value in found if isinstance(value, str))


def _main_of(files: Mapping[str, str]) -> str:
    """Return the name of the scenario that no other builds on; refuse several."""
    scenarios = [name for name in files if name.endswith(".toml")]
    used = {value for name in scenarios for _, value in _named(files[name])}
    tops = [name for name in scenarios if name not in used] or scenarios
    if len(tops) > 1:
        raise told("load_several", names=", ".join(tops))
    return tops[0]


def _changes(main: ResolvedScenario, as_is: Scenario) -> tuple[Change, ...]:
    assert main.scenario is not None and main.scenario.document.path is not None
    if main.scenario is as_is:
        return ()
    return written(main.scenario.document.path, today(resolve(as_is))).changes


def _base(
    as_is: Scenario, files: Mapping[str, str]
) -> tuple[str, dict[str, str] | None]:
    """Return the base of an as-is and the levers set on it; None if it is the base."""
    if as_is.document.source not in files:
        return as_is.name, None
    own_words = set(as_is.written) <= SIMPLE and as_is.written.get("as_is") == "self"
    plain = own_words and not as_is.written.get("changes")
    base = as_is.base
    if plain and base is not None and not base.changes():
        levers = dict(as_is.written.get("levers", {}))
        if base.document.source not in files:
            return base.name, levers
        if base.document.source == OWN_FILE:
            return OWN, levers
    return OWN, None


def _own(base: Scenario | None, files: Mapping[str, str]) -> dict[str, bytes]:
    """Return files by name, the organisation's under the name that the page expects.

    Refuses an organisation based on a file whose name the page writes itself.
    """
    assert base is not None
    below = {x.document.source for x in base.chain if x is not base}
    if taken := sorted(below & RESERVED & set(files)):
        raise told("load_reserved", file=taken[0])
    found = {name: text.encode() for name, text in files.items()}
    return {**found, OWN_FILE: files[base.document.source].encode()}


def _check_same(
    asked: PageRequest, own: Mapping[str, bytes], main: ResolvedScenario, folder: Path
) -> None:
    """Refuse files that the page would not represent exactly, or that run too long."""
    if main.weeks > MOST_WEEKS:
        raise told("load_long", weeks=main.weeks, most=MOST_WEEKS)
    again = folder / "again"
    again.mkdir()
    for name, content in own.items():
        (again / name).write_bytes(content)
    _, to_be = scenarios_in(asked, again)
    if _told(to_be) != _told(replace(main, name=to_be.name)):
        raise told("load_inexact", file=main.name)


def _told(scenario: ResolvedScenario) -> Any:
    """Return all that can change a result, except tables of draws and spelling."""
    told = scenario.canonical()
    told["unknown"] = scenario.unknown.settings if scenario.unknown else None
    return told
