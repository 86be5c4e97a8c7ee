"""Study files: what to simulate, how often, how precisely, and what to show.

title = "Which frame?"
scenarios = ["baseline", "detail"]      # shipped names or files, the base first
replicates = 40
weeks = 104                             # else those of the scenarios
seed = 1
outcomes = ["lead_quality", "burnout"]  # to show; all are kept

[precision]              # replicate on until differences are known this well
most_replicates = 400
half_widths = { lead_quality = 0.02 }   # else the smallest that matter

[design]                 # organisations made from the base
kind = "grid"            # or another of `designs.KINDS`
points = 64              # for kinds that are drawn
seed = 1
levers = { mandate = ["assigned", "decides"] }
structure = { testing_hours = [0, 4] }
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from experiments.designs import DRAWN, KINDS, MOST_POINTS, TABLES, factors_of
from experiments.errors import InputError
from simulation.outcomes import OUTCOMES
from simulation.scenario import Resolved, ScenarioError, read, vary
from simulation.scenario_errors import Problem, choices, nearest, shown
from simulation.tables import PARAMETERS, STRUCTURE, lever_table
from simulation.toml_positions import position_of, positions

SHIPPED = Path(__file__).parent / "studies"
LARGEST_FILE = 1_000_000
KEYS: Mapping[str, type] = {
    "title": str,
    "question": str,
    "scenarios": list,
    "replicates": int,
    "weeks": int,
    "seed": int,
    "outcomes": list,
    "precision": dict,
    "design": dict,
}
PRECISION: Mapping[str, type] = {"most_replicates": int, "half_widths": dict}
DESIGN: Mapping[str, type] = {
    "kind": str,
    "points": int,
    "seed": int,
    **dict.fromkeys(TABLES, dict),
}
NAMED = {list: "an array", dict: "a table", str: "a text", int: "a whole number"}


class StudyError(InputError):
    """A study file cannot be used; the message has every mistake, one a line."""


@dataclass(frozen=True)
class Precision:
    """How well paired differences are to be known, and after how many worlds to stop.

    `half_widths` by outcome, in the outcome's own unit.
    """

    half_widths: Mapping[str, float]
    most_replicates: int


@dataclass(frozen=True)
class Study:
    """What a study file asks for: scenarios, the base first, and how often."""

    name: str
    title: str
    question: str
    scenarios: tuple[Resolved, ...]
    points: tuple[Mapping[str, Any], ...]
    replicates: int
    weeks: int | None
    seed: int
    outcomes: tuple[str, ...] | None
    precision: Precision | None


def shipped_studies() -> tuple[str, ...]:
    """Return the names of the studies that ship."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def read_study(name: str | os.PathLike) -> Study:
    """Return the study of a file or of a shipped name.

    Raises `StudyError` with every mistake in the file, `ScenarioError` with those of
    its scenarios.
    """
    path = _locate(name)
    try:
        text = path.read_bytes()[: LARGEST_FILE + 1].decode()
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise StudyError(f"{path}: not UTF-8 text (byte {error.start})") from None
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{path}: not TOML: {error}") from None
    except OSError as error:
        raise StudyError(f"{path}: cannot be read: {error.strerror}") from None
    return _Reading(path, data, positions(text)).study()


def _locate(name: str | os.PathLike) -> Path:
    if isinstance(name, str) and name in shipped_studies():
        return SHIPPED / f"{name}.toml"
    path = Path(name)
    if not path.is_file():
        near = nearest(path.stem, shipped_studies())
        hint = f"; did you mean {near}?" if near else ""
        raise StudyError(
            f"{path}: no such study file; those that ship:"
            f" {', '.join(shipped_studies())}{hint}"
        )
    if path.stat().st_size > LARGEST_FILE:
        raise StudyError(f"{path}: larger than {LARGEST_FILE:,} bytes")
    return path


class _Reading:
    """One reading of a study file; collects every mistake."""

    def __init__(self, path: Path, data: Mapping[str, Any], places: Mapping) -> None:
        self.path = path
        self.data = data
        self.places = places
        self.problems: list[Problem] = []

    def wrong(self, loc: tuple, wrong: str, got: Any = None, **more: str) -> None:
        line, column = position_of(self.places, loc)
        key = ".".join(str(part) for part in loc)
        told = "" if got is None else shown(got)
        near, allowed = more.get("nearest", ""), more.get("allowed", "")
        problem = Problem(wrong, key, told, allowed, near, str(self.path), line, column)
        self.problems.append(problem)

    def study(self) -> Study:
        self.typed((), self.data, KEYS)
        precision = self.precision()
        outcomes = self.outcomes()
        replicates = self.whole("replicates", 20, 1, 100_000)
        seed = self.whole("seed", 1, 0, 2**63 - 1)
        weeks = self.whole("weeks", 0, 1, 5_200) or None
        scenarios = self.scenarios()
        points = self.points()
        self.end()
        made, told = self.designed(scenarios[0], points)
        self.end()
        title = str(self.data.get("title") or self.path.stem)
        return Study(
            name=self.path.stem,
            title=title,
            question=str(self.data.get("question", "")),
            scenarios=(*scenarios, *made),
            points=(*({} for _ in scenarios), *told),
            replicates=replicates,
            weeks=weeks,
            seed=seed,
            outcomes=outcomes,
            precision=precision,
        )

    def end(self) -> None:
        if self.problems:
            raise StudyError("\n".join(str(x) for x in dict.fromkeys(self.problems)))

    def typed(self, loc: tuple, table: Mapping, known: Mapping[str, type]) -> None:
        """Note keys that are unknown, or hold something of another kind."""
        for key, value in table.items():
            if key not in known:
                near = nearest(key, known)
                allowed = choices(known)
                self.wrong(
                    (*loc, key), "unknown key", value, allowed=allowed, nearest=near
                )
            elif not isinstance(value, known[key]) or isinstance(value, bool):
                self.wrong((*loc, key), f"must be {NAMED[known[key]]}", value)

    def table(self, name: str, known: Mapping[str, type]) -> dict[str, Any]:
        """Return a table of the file, its keys checked."""
        found = self.data.get(name, {})
        if not isinstance(found, dict):
            return {}
        self.typed((name,), found, known)
        kept = {k: x for k, x in found.items() if k in known}
        return {k: x for k, x in kept.items() if isinstance(x, known[k])}

    def whole(self, name: str, usual: int, low: int, high: int, into: str = "") -> int:
        table = self.data.get(into, {}) if into else self.data
        value = table.get(name, usual) if isinstance(table, dict) else usual
        if name in table and type(value) is int and not low <= value <= high:
            loc = (into, name) if into else (name,)
            self.wrong(loc, "out of range", value, allowed=f"{low} to {high}")
        return value if type(value) is int else usual

    def outcomes(self) -> tuple[str, ...] | None:
        named = self.data.get("outcomes")
        if not isinstance(named, list):
            return None
        for k, name in enumerate(named):
            self.known(("outcomes", k), name, OUTCOMES, "unknown outcome")
        return tuple(str(name) for name in named) or None

    def known(self, loc: tuple, name: Any, names: Any, wrong: str) -> bool:
        if isinstance(name, str) and name in names:
            return True
        self.wrong(loc, wrong, name, nearest=nearest(name, names))
        return False

    def precision(self) -> Precision | None:
        if "precision" not in self.data:
            return None
        table = self.table("precision", PRECISION)
        widths = {
            name: outcome.smallest_difference
            for name, outcome in OUTCOMES.items()
            if outcome.headline
        }
        for name, width in table.get("half_widths", {}).items():
            loc = ("precision", "half_widths", name)
            if self.known(loc, name, OUTCOMES, "unknown outcome"):
                if isinstance(width, bool) or not isinstance(width, int | float):
                    self.wrong(loc, "must be a number", width)
                elif not 0 < width < float("inf"):
                    self.wrong(loc, "out of range", width, allowed="above 0")
                else:
                    widths[name] = float(width)
        most = self.whole("most_replicates", 400, 2, 100_000, "precision")
        return Precision(MappingProxyType(widths), most)

    def scenarios(self) -> list[Resolved]:
        named = self.data.get("scenarios")
        if not isinstance(named, list) or not named:
            self.wrong(("scenarios",), "name one scenario or more, the base first")
            return []
        found: list[Resolved] = []
        for k, name in enumerate(named):
            if not isinstance(name, str):
                self.wrong(("scenarios", k), "must be a text", name)
                continue
            file = self.path.parent / name
            try:
                one = read(file if file.is_file() else name)
            except ScenarioError as error:
                self.problems += error.problems
                continue
            if any(one.name == other.name for other in found):
                self.wrong(("scenarios", k), "named twice", name)
            found.append(one)
        return found

    def points(self) -> list[dict[str, dict[str, Any]]]:
        if "design" not in self.data:
            return []
        table = self.table("design", DESIGN)
        kind = table.get("kind")
        if kind not in KINDS:
            near, allowed = nearest(kind, KINDS), choices(KINDS)
            self.wrong(
                ("design", "kind"), "unknown kind", kind, allowed=allowed, nearest=near
            )
        for name in TABLES:
            self.factors(name, table.get(name, {}))
        points = self.whole("points", 0, 1, MOST_POINTS, "design")
        seed = self.whole("seed", 1, 0, 2**63 - 1, "design")
        if kind in DRAWN and not points:
            self.wrong(("design",), f'a design of kind "{kind}" needs points')
        factors = factors_of(table)
        if kind in KINDS and kind != "mixed" and not factors:
            self.wrong(
                ("design",), "name what varies in levers, structure or parameters"
            )
        if self.problems or kind not in KINDS:
            return []
        size = 1
        for factor in factors if kind == "grid" else ():
            size *= len(factor[2])
        if size > MOST_POINTS:
            allowed = f"at most {MOST_POINTS:,}"
            self.wrong(("design",), "too many combinations", size, allowed=allowed)
            return []
        try:
            return KINDS[kind](factors, points, seed)
        except InputError as error:
            self.wrong(("design",), str(error))
            return []

    def factors(self, table: str, factors: Mapping[str, Any]) -> None:
        names: Any = {"structure": STRUCTURE, "parameters": PARAMETERS}.get(table)
        for name, values in factors.items():
            loc = ("design", table, name)
            known = lever_table() if names is None else names
            if not self.known(loc, name, known, f"unknown name in {table}"):
                continue
            if not isinstance(values, list) or not values:
                self.wrong(loc, "must be an array of values", values)
                continue
            for k, value in enumerate(values):
                self.level((*loc, k), table, name, value)

    def level(self, loc: tuple, table: str, name: str, value: Any) -> None:
        """Check one value of a factor against its settings or its range."""
        if table == "levers":
            settings = lever_table()[name].settings
            if value not in settings:
                near, allowed = nearest(value, settings), choices(settings)
                self.wrong(loc, "unknown setting", value, allowed=allowed, nearest=near)
            return
        row = (STRUCTURE if table == "structure" else PARAMETERS)[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(loc, "must be a number", value)
        elif not row.low <= value <= row.high:
            allowed = f"{row.low:g} to {row.high:g} {row.unit}"
            self.wrong(loc, "out of range", value, allowed=allowed)

    def designed(
        self, base: Resolved, points: Sequence[Mapping]
    ) -> tuple[list[Resolved], list[Mapping]]:
        """Return the scenarios of the points that differ from the base."""
        made: list[Resolved] = []
        digits = len(str(len(points)))
        for k, point in enumerate(points, 1):
            try:
                made.append(vary(base, f"{base.name}-{k:0{digits}}", **point))
            except ScenarioError as error:
                self.problems += error.problems
        return made, list(points)
