"""Changes to an organisation: levers moved to another setting, and when.

>>> [str(one) for one in moves_of(today("baseline"))][:2]
['mandate=decides', 'frame=absent']
"""

import shlex
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from experiments.errors import InputError, did_you_mean
from simulation.scenario import ResolvedScenario, read
from simulation.scenario_places import shipped_names
from simulation.scenario_values import Scenario, Stage, Values
from simulation.tables import lever_table
from simulation.whole_numbers import checks_numbers

QUARTER = 13
"""Weeks in a quarter."""


@dataclass(frozen=True)
class Move:
    """One lever moved to one of its settings, written `lever=setting`."""

    lever: str
    setting: str

    def __str__(self) -> str:
        return f"{self.lever}={self.setting}"

    def words(self, language: str = "en") -> str:
        """Return the situation after the move: `people decide about their own work`."""
        return lever_words()[self.lever][self.setting][language]


@dataclass(frozen=True)
class Plan:
    """Moves, each with its week counted from the start; without any, doing nothing."""

    name: str
    moves: tuple[tuple[int, Move], ...] = ()

    @classmethod
    @checks_numbers
    def at_once(cls, moves: Iterable[Move], week: int = 0) -> "Plan":
        """Return the plan in which all moves come in the same week."""
        chosen = tuple((week, move) for move in moves)
        return cls("+".join(str(move) for _, move in chosen) or "nothing", chosen)

    def on(self, organisation: ResolvedScenario) -> ResolvedScenario:
        """Return the organisation that goes this way from what it is today."""
        stages = [organisation.stages[0]]
        for week in sorted({week for week, _ in self.moves}):
            made = [move for when, move in self.moves if when == week]
            after = moved(stages[-1], made, efforts(organisation), week)
            if after is not None:
                stages.append(after)
        return replace(organisation, name=self.name, stages=tuple(stages))


@dataclass(frozen=True)
class Change:
    """What a scenario file changes in one week: levers in their order, then numbers."""

    week: int
    levers: tuple[Move, ...]
    structure: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class WrittenPlan:
    """A plan written as a scenario file: its changes from the same start."""

    name: str
    title: Mapping[str, str]
    changes: tuple[Change, ...]
    moves: tuple[tuple[int, Move], ...] = ()

    def on(self, organisation: ResolvedScenario) -> ResolvedScenario:
        """Return the organisation that goes this way from what it is today."""
        stages = [organisation.stages[0]]
        own = efforts(organisation)
        for change in self.changes:
            after = moved(
                stages[-1], change.levers, own, change.week, dict(change.structure)
            )
            if after is not None and len(stages) > 1 and stages[-1].week == after.week:
                before = stages.pop()
                after = replace(
                    after,
                    hours_per_person=before.hours_per_person + after.hours_per_person,
                    euros=before.euros + after.euros,
                )
            if after is not None:
                stages.append(after)
        return replace(organisation, name=self.name, stages=tuple(stages))


Way = Plan | WrittenPlan


def written(
    what: str | Path | ResolvedScenario, organisation: ResolvedScenario
) -> WrittenPlan:
    """Return the plan that a scenario file describes from an organisation's today.

    Raises `InputError` if the file is another organisation until week 0, or has other
    parameters.
    """
    scenario = what if isinstance(what, ResolvedScenario) else read(what)
    starts, there = organisation.canonical(), scenario.canonical()
    for told, one in ((starts, organisation), (there, scenario)):
        told["stages"] = told["stages"][0]["structure"]
        told["unknown"] = _open(one)
    differs = [key for key in there if starts.get(key) != there[key]]
    if differs or scenario.scenario is None:
        raise InputError(
            f"{scenario.name}: begins from another organisation than"
            f" {organisation.name} (other {', '.join(differs)}); write based_on and"
            f' as_is = "{organisation.name}", and what changes under [[changes]]'
        )
    return WrittenPlan(scenario.name, scenario.title, _changes_of(scenario.scenario))


def _open(scenario: ResolvedScenario) -> tuple:
    """Return the unknowns of an organisation in a form that can be compared."""
    if scenario.unknown is None:
        return ()
    digests = tuple(draws.digest for draws in scenario.unknown.tables)
    return tuple(sorted(scenario.unknown.settings.items())), digests


def _changes_of(scenario: Scenario) -> tuple[Change, ...]:
    """Return the changes of a file: its own settings in week 0, then dated ones."""
    own = [link for link in scenario.chain if link not in scenario.as_is.chain]
    rows = [{"week": 0, **link.written} for link in own]
    rows += sorted(scenario.changes(), key=lambda row: row["week"])
    return tuple(_change(row) for row in rows if "levers" in row or "structure" in row)


def _change(row: Mapping[str, Any]) -> Change:
    named = row.get("levers", {})
    levers = tuple(Move(x, named[x]) for x in lever_table() if x in named)
    numbers = {name: float(x) for name, x in row.get("structure", {}).items()}
    return Change(row["week"], levers, tuple(numbers.items()))


def setting_words(lever: str, setting: str, language: str = "en") -> str:
    """Return the words for a lever at a setting; empty if there are none."""
    return lever_words().get(lever, {}).get(setting, {}).get(language, "")


@cache
def lever_words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the words for levers and settings: lever -> setting -> language."""
    path = Path(__file__).with_name("lever_words.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def codes_of(language: str) -> dict[str, dict[str, str]]:
    """Return the meaning of the codes of levers and settings, by column of a table."""
    words = lever_words()
    names = {name: one["name"][language] for name, one in words.items()}
    settings = {
        f"{name}={setting}": said[language]
        for name, one in words.items()
        for setting, said in one.items()
        if setting != "name"
    }
    return {"lever": names, "factor": names, "setting": settings}


def check_order(scenario: str, moves: Sequence[str]) -> None:
    """Raise `InputError`, with the right order, if a move comes before the scenario."""
    later = [x for x in moves if x in shipped_names() or Path(x).suffix == ".toml"]
    if scenario.partition("=")[0] in lever_table() and later:
        rest = [scenario, *(x for x in moves if x != later[0])]
        meant = shlex.join([later[0], *rest])
        raise InputError(f"the scenario comes first, then moves: {meant}")


def today(what: str | Path | ResolvedScenario) -> ResolvedScenario:
    """Return an organisation as it is in week 0, as if it had always been so.

    The dated changes of the scenario are left out.
    """
    scenario = what if isinstance(what, ResolvedScenario) else read(what)
    now = scenario.at(0)
    first = replace(now, week=-scenario.warm_up_weeks, hours_per_person=0.0, euros=0.0)
    return replace(scenario, stages=(first,))


def moves_of(organisation: ResolvedScenario) -> tuple[Move, ...]:
    """Return every move that changes something, of all levers except contexts.

    Of a lever whose setting is unknown, every setting is a move.
    """
    now = organisation.stages[0]
    unknown = organisation.unknown.settings if organisation.unknown else {}
    return tuple(
        Move(lever.name, setting)
        for lever in lever_table().values()
        if not lever.context
        for setting, numbers in lever.settings.items()
        if f"levers.{lever.name}" in unknown
        or any(now.structure[name] != value for name, value in numbers.items())
    )


def moved(
    stage: Stage,
    moves: Sequence[Move],
    own: Mapping[str, Mapping[str, float]],
    week: int,
    numbers: Mapping[str, float] | None = None,
) -> Stage | None:
    """Return the stage after some moves, None if they change no number.

    `own` has efforts that replace those of the lever table; `numbers` are set after the
    moves.
    """
    structure, levers = dict(stage.structure), dict(stage.levers)
    hours = euros = 0.0
    for move in moves:
        lever = lever_table()[move.lever]
        setting = {n: float(x) for n, x in lever.settings[move.setting].items()}
        if all(structure[name] == value for name, value in setting.items()):
            continue
        structure |= setting
        levers[move.lever] = move.setting
        given = own.get(move.lever, {})
        hours += given.get("hours_per_person", lever.hours_per_person)
        euros += given.get("euros", lever.euros)
    structure |= numbers or {}
    if structure == dict(stage.structure):
        return None
    return Stage(week, Values(structure), stage.sources, Values(levers), hours, euros)


def efforts(organisation: ResolvedScenario) -> Mapping[str, Mapping[str, float]]:
    """Return the efforts in the organisation's own file, by lever."""
    return organisation.scenario.table("effort") if organisation.scenario else {}


def read_moves(
    texts: Sequence[str], organisation: ResolvedScenario, together: bool = True
) -> tuple[Move, ...]:
    """Return moves written `lever=setting`, or `lever` where it has two settings.

    Raises `InputError` with all mistakes: unknown levers and settings, moves that
    change nothing or are named twice, and, if moves are made `together`, two settings
    of one lever.
    """
    moves: list[Move] = []
    problems: list[str] = []
    for text in texts:
        move, problem = _read_move(text, organisation)
        if move is None:
            problems.append(f"{text}: {problem}")
        elif move in moves or (
            together and any(move.lever == one.lever for one in moves)
        ):
            problems.append(
                f"{text}: {move.lever} is named twice, and has one setting at a time"
            )
        else:
            moves.append(move)
    if problems:
        raise InputError("\n".join(problems))
    return tuple(moves)


def _read_move(text: str, organisation: ResolvedScenario) -> tuple[Move | None, str]:
    name, equals, setting = text.partition("=")
    levers = {x.name: x for x in lever_table().values() if not x.context}
    if name not in levers:
        hint = did_you_mean(name, levers) or "; orgsim list --levers tells them"
        return None, f"unknown lever {name!r}{hint}"
    settings = list(levers[name].settings)
    now = organisation.stages[0].levers[name]
    if not equals:
        others = [one for one in settings if one != now]
        if len(others) > 1:
            return None, f"has several settings; name one: {', '.join(others)}"
        setting = others[0]
    if setting not in settings:
        allowed = ", ".join(settings) + did_you_mean(setting, settings)
        return None, f"unknown setting {setting!r}; allowed: {allowed}"
    move = Move(name, setting)
    if move not in moves_of(organisation):
        return None, "changes nothing: so it is today"
    return move, ""
