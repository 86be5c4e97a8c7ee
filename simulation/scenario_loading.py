"""Load scenarios: a file, the files it is based on, and all mistakes in them."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulation.characters import fault_of
from simulation.regular_files import unusable
from simulation.scenario_errors import Problem, ScenarioError, choices, key_text, shown
from simulation.scenario_files import (
    LARGEST_TABLE,
    TomlDocument,
    Unusable,
    read_document,
)
from simulation.scenario_places import locate
from simulation.scenario_values import DEFAULT_RUN, HEADS, Scenario

LONGEST_CHAIN = 50
FEWEST_PEOPLE = 3
SELF = "self"


def load(name: str | os.PathLike) -> Scenario:
    """Return the scenario in a file, or the shipped one of that bare name.

    Raises `ScenarioError` with every mistake in it and in the files it builds on.
    """
    loading = _Loading()
    try:
        scenario = loading.chain(locate(name))
    except Unusable as failed:
        raise ScenarioError([failed.problem]) from None
    return loading.sound(scenario)


def scenario_from(
    data: Mapping[str, Any], name: str = "scenario", base: Scenario | None = None
) -> Scenario:
    """Return a scenario from a dictionary with the keys of a scenario file.

    Paths in it are relative to the current folder; `base` replaces `based_on`. Raises
    `ScenarioError` with every mistake.
    """
    if not isinstance(data, Mapping):
        raise ScenarioError([Problem("must be a table", got=shown(data), source=name)])
    loading = _Loading()
    document = TomlDocument(name, _plain(data))
    written = loading.checked(document)
    if base is None and (path := loading.file_named("based_on", document, written)):
        base = loading.chain(path)
    return loading.sound(loading.scenario(document, written, base))


class _Loading:
    """Loads one scenario, and collects the problems of all its files."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def sound(self, scenario: Scenario | None) -> Scenario:
        """Return `scenario` if it has no problem, else raise `ScenarioError`."""
        if scenario is not None:
            self.problems += _problems_of(scenario)
        if self.problems or scenario is None:
            raise ScenarioError(self.problems)
        return scenario

    def chain(self, start: Path, as_is: bool = True) -> Scenario | None:
        """Return the scenario in a file, linked to those it is based on."""
        found: list[tuple[TomlDocument, dict]] = []
        files: list[Path] = []
        path: Path | None = start
        while path and self.goes_on(files, path, found):
            files.append(path.resolve())
            try:
                document = read_document(path)
            except Unusable as failed:
                self.problems.append(failed.problem)
                break
            found.append((document, self.checked(document)))
            path = self.file_named("based_on", *found[-1])
        scenario = None
        for document, written in reversed(found):
            scenario = self.scenario(document, written, scenario, as_is)
        return scenario

    def goes_on(self, files: list[Path], path: Path, found: list) -> bool:
        """Return whether a chain may go on with `path`; if not, note the problem."""
        if path.resolve() in files:
            circle = [*files[files.index(path.resolve()) :], path]
            wrong = "goes round in a circle: " + " -> ".join(x.name for x in circle)
        elif len(files) == LONGEST_CHAIN:
            wrong = f"is based on more than {LONGEST_CHAIN} files in a row"
        else:
            return True
        place = found[-1][0].place(("based_on",))
        self.problems.append(Problem(wrong, "based_on", shown(path.name), **place))
        return False

    def checked(self, document: TomlDocument) -> dict:
        """Return the valid part of a document; collect the problems of the rest."""
        from simulation.scenario_checking import checked

        written, problems = checked(document)
        self.problems += problems
        return written

    def file_named(
        self, key: str, document: TomlDocument, written: dict
    ) -> Path | None:
        """Return the file that a document names under `key`; None if none is usable."""
        if key not in written or (key == "as_is" and written[key] == SELF):
            return None
        try:
            return locate(written[key], _folder(document))
        except Unusable as failed:
            place = document.place((key,))
            self.problems.append(replace(failed.problem, key=key, **place))
            return None

    def scenario(
        self,
        document: TomlDocument,
        written: dict,
        base: Scenario | None,
        as_is: bool = True,
    ) -> Scenario:
        """Return one scenario, with its own as-is if it names one."""
        path = self.file_named("as_is", document, written) if as_is else None
        own = document.path is None or path is None or not path.samefile(document.path)
        history = self.chain(path, as_is=False) if path and own else None
        name = document.path.stem if document.path else document.source
        if fault := fault_of(name):
            source = str(document.path or "scenario")
            wrong = Problem(f"its name {fault}", got=shown(name), source=source)
            self.problems.append(wrong)
        return Scenario(name, document, written, base, history)


def _folder(document: TomlDocument) -> Path:
    return document.path.parent if document.path else Path()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    is_scalar = getattr(value, "ndim", None) == 0  # a numpy scalar
    return value.item() if is_scalar else value


def _problems_of(scenario: Scenario) -> list[Problem]:
    """Return the problems of a chain as a whole, beyond those of single keys."""
    problems = [p for link in scenario.chain for p in _files(link) + _either_or(link)]
    return problems + _too_few(scenario) + _too_late(scenario)


def _known(scenario: Scenario, table: str) -> bool:
    """Return whether the whole chain was found and one table is valid in all of it."""
    return all(
        (link.base is not None or "based_on" not in link.document.data)
        and link.document.data.get(table) == link.written.get(table)
        for link in scenario.chain
    )


def _files(link: Scenario) -> list[Problem]:
    named = link.written.get("organisation", {})
    problems = []
    for key in ("people", "network"):
        loc = ("organisation", key)
        path = _folder(link.document) / named.get(key, "")
        wrong = key in named and unusable(path, LARGEST_TABLE)
        if wrong:
            place = link.document.place(loc)
            problems.append(Problem(wrong, key_text(loc), shown(named[key]), **place))
    return problems


def _either_or(link: Scenario) -> list[Problem]:
    named = link.written.get("organisation", {})
    heads = [key for key in HEADS if key in named]
    if "people" not in named or not heads:
        return []
    wrong = f"counts people whom the people table counts already ({', '.join(heads)})"
    place = link.document.place(("organisation", heads[0]))
    allowed = "head counts or people, not both"
    return [Problem(wrong, "organisation", "", allowed, "", **place)]


def _too_few(scenario: Scenario) -> list[Problem]:
    organisation = scenario.organisation()
    total = sum(organisation.get(key, default) for key, default in HEADS.items())
    enough = "people" in organisation or total >= FEWEST_PEOPLE
    if enough or not _known(scenario, "organisation"):
        return []
    place = scenario.last("organisation").document.place(("organisation",))
    wrong = "too few people"
    allowed = f"at least {FEWEST_PEOPLE} over {choices(HEADS).replace(' or ', ' and ')}"
    return [Problem(wrong, "organisation", str(total), allowed, "", **place)]


def _too_late(scenario: Scenario) -> list[Problem]:
    if not _known(scenario, "run"):
        return []
    weeks = {**DEFAULT_RUN, **scenario.table("run")}["weeks"]
    allowed = f"0 to {weeks - 1}, as run.weeks is {weeks}"
    problems = []
    dated = {"changes": scenario.changes(), "leave": scenario.leavers()}
    for table, rows in dated.items():
        document = scenario.last(table).document
        for index, row in enumerate(rows):
            if row["week"] >= weeks:
                loc = (table, index, "week")
                got, place = shown(row["week"]), document.place(loc)
                wrong, key = "is beyond the last week", key_text(loc)
                problems.append(Problem(wrong, key, got, allowed, "", **place))
    return problems
