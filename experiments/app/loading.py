"""Read scenario files that a page sends.

A file may name shipped scenarios and files that come with it, and nothing else on this
machine.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from experiments.fit.troubles import Problem, TranslatedError, error_of
from experiments.share.choices import as_is_of
from simulation.organisation import draw_chart
from simulation.scenario import ResolvedScenario, read, shipped_names
from simulation.scenario_errors import nearest
from simulation.toml_positions import parse_toml

MOST_WEEKS = 520
MOST_PEOPLE = 2_000
"""More than these are for the command line, which has more time."""


def main_scenario(files: Mapping[str, str], folder: Path) -> ResolvedScenario:
    """Return the scenario, among files by name, that no other builds on.

    The files are written into `folder`, which must be empty. Raises `InputError` or
    `ScenarioError` with all mistakes.
    """
    problems = [x for name in files for x in _outside(name, files)]
    if problems:
        raise TranslatedError(*problems)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    main = read(folder / _main_of(files))
    if main.weeks > MOST_WEEKS:
        raise error_of("load_long", weeks=main.weeks, most=MOST_WEEKS)
    for one in (main, as_is_of(main)):
        if (size := len(draw_chart(one).seats)) > MOST_PEOPLE:
            raise error_of("too_many_people", n=size, most=MOST_PEOPLE)
    return main


def _outside(name: str, files: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each file that a scenario names but that was not sent."""
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
    named = [(key, data.get(key)) for key in ("based_on", "as_is")]
    tables = {"organisation": ("people", "network"), "unknown": ("draws",)}
    for table, keys in tables.items():
        inner = data.get(table)
        if isinstance(inner, Mapping):
            named += [(f"{table}.{key}", inner.get(key)) for key in keys]
    yield from ((key, value) for key, value in named if isinstance(value, str))


def _main_of(files: Mapping[str, str]) -> str:
    """Return the name of the scenario that no other builds on; refuse several."""
    scenarios = [name for name in files if name.endswith(".toml")]
    used = {value for name in scenarios for _, value in _named(files[name])}
    tops = [name for name in scenarios if name not in used] or scenarios
    if len(tops) > 1:
        raise error_of("load_several", names=", ".join(tops))
    return tops[0]


def files_below(name: str, files: Mapping[str, str]) -> dict[str, str]:
    """Return a file with all those that it builds on or names, from files by name."""
    found: dict[str, str] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in files and one not in found:
            found[one] = files[one]
            waiting += [value for _, value in _named(files[one])]
    return found
