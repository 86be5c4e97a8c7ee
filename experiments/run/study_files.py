"""Study files: what to simulate, how often, how precisely, and what to show.

title = "Which frame?"                  # or { en = "...", nl = "..." }; question too
scenarios = ["baseline", "detail"]      # shipped names or files, the base first
replicates = 40
weeks = 104                             # else those of the scenarios
seed = 1
outcomes = ["lead_quality", "burnout"]  # to show; all are kept

[precision]              # replicate on until differences are known this well
most_replicates = 400
half_widths = { lead_quality = 0.02 }   # else what matters, of headline outcomes

[design]                 # organisations made from the base
kind = "grid"            # or another of `designs.KINDS`
points = 64              # for kinds that are drawn
seed = 1
levers = { mandate = ["assigned", "decides"] }
structure = { testing_hours = [0, 4] }
"""

import json
import os
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType, UnionType
from typing import Any

from experiments.errors import InputError, did_you_mean
from experiments.run.designs import (
    DRAWN,
    KINDS,
    MOST_POINTS,
    TABLES,
    Factor,
    Point,
    every_lever,
    factors_of,
    is_range,
)
from simulation.characters import fault_of, one_line
from simulation.outcomes import LANGUAGES, OUTCOMES
from simulation.regular_files import NO_FILE, content_of, unusable
from simulation.scenario import ResolvedScenario, ScenarioError, read, vary
from simulation.scenario_errors import (
    MOST_SHOWN,
    Problem,
    choices,
    lines_of,
    nearest,
    shown,
)
from simulation.scenario_schema import LONGEST_QUESTION, LONGEST_TEXT
from simulation.tables import PARAMETERS, STRUCTURE, lever_table
from simulation.toml_positions import LARGEST_TEXT, TooMuch, parse_toml, position_of
from simulation.whole_numbers import check_fields

SHIPPED = Path(__file__).parents[1] / "studies"
LARGEST_FILE = LARGEST_TEXT
MOST_SCENARIOS = 2_000
MOST_VALUES = 1_000
"""Values of a factor of a design."""
LONGEST_TITLE = 60
"""Letters up to which what a point sets is its organisation's title."""
WORDS = str | dict
"""A text for both languages, or one for each."""
KEYS: Mapping[str, type | UnionType] = {
    "title": WORDS,
    "question": WORDS,
    "scenarios": list,
    "replicates": int,
    "weeks": int,
    "seed": int,
    "outcomes": list,
    "precision": dict,
    "design": dict,
}
Kinds = Mapping[str, type | UnionType]
PRECISION: Mapping[str, type] = {"most_replicates": int, "half_widths": dict}
DESIGN: Mapping[str, type] = {
    "kind": str,
    "points": int,
    "seed": int,
    **dict.fromkeys(TABLES, dict),
}
NAMED = {
    list: "an array",
    dict: "a table",
    str: "a text",
    int: "a whole number",
    WORDS: "a text, or a table with one for en and one for nl",
}


class StudyError(InputError):
    """A study file cannot be used; the message has every mistake, one per line."""


@dataclass(frozen=True)
class Precision:
    """The precision asked of paired differences, and the most replicates to run for it.

    `half_widths` are by outcome, in the outcome's own unit.
    """

    half_widths: Mapping[str, float]
    most_replicates: int


@dataclass(frozen=True)
class Study:
    """The contents of a study file: scenarios, the base first, replicates and so on."""

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    scenarios: tuple[ResolvedScenario, ...]
    points: tuple[Point, ...]
    replicates: int
    weeks: int | None
    seed: int
    outcomes: tuple[str, ...] | None
    precision: Precision | None
    design: str = ""
    """The kind of design, if any."""
    factors: tuple[Factor, ...] = ()
    """What varies in it."""
    file: str = ""
    """The text of the study file."""
    left_out: int = 0
    """Points of the design that are organisations already there."""

    def __post_init__(self) -> None:
        check_fields(self)


def shipped_studies() -> tuple[str, ...]:
    """Return the names of the shipped studies."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def is_study_file(path: str | os.PathLike) -> bool:
    """Return whether a file is a study file, or cannot be read.

    A scenario file has neither of the keys `scenarios` and `design`.
    """
    try:
        data, _ = parse_toml(content_of(path, LARGEST_FILE).decode())
    except (OSError, ValueError):
        return True
    return "scenarios" in data or "design" in data


def read_study(name: str | os.PathLike) -> Study:
    """Return the study of a file or of a shipped name.

    Raises `StudyError` with every mistake in the file, `ScenarioError` with those of
    its scenarios.
    """
    path = _locate(name)
    try:
        text = content_of(path, LARGEST_FILE).decode()
        data, places = parse_toml(text)
    except UnicodeDecodeError as error:
        raise StudyError(f"{path}: not UTF-8 text (byte {error.start})") from None
    except tomllib.TOMLDecodeError as error:
        raise StudyError(f"{path}: not TOML: {error}") from None
    except TooMuch as error:
        raise StudyError(f"{path}: {error}") from None
    except ValueError:
        most = f"at most {sys.get_int_max_str_digits():,} digits in a number"
        raise StudyError(f"{path}: not TOML; allowed {most}") from None
    except OSError as error:
        raise StudyError(f"{path}: cannot be read: {error.strerror}") from None
    return replace(_Reading(path, data, places).study(), file=text)


def _locate(name: str | os.PathLike) -> Path:
    if isinstance(name, str) and name in shipped_studies():
        return SHIPPED / f"{name}.toml"
    path = Path(name)
    wrong = unusable(path, LARGEST_FILE)
    if wrong not in ("", NO_FILE):
        raise StudyError(f"{path}: {wrong}; allowed: a study file")
    if wrong:
        hint = did_you_mean(path.stem, shipped_studies())
        raise StudyError(
            f"{path}: no such study file; those that ship:"
            f" {', '.join(shipped_studies())}{hint}"
        )
    return path


class _Reading:
    """The reading of one study file; collects every mistake."""

    def __init__(self, path: Path, data: Mapping[str, Any], places: Mapping) -> None:
        self.path = path
        self.data = data
        self.places = places
        self.problems: list[Problem] = []
        self.kind = ""
        self.factors_drawn: list[Factor] = []

    def wrong(self, loc: tuple, wrong: str, got: Any = None, **more: str) -> None:
        line, column = position_of(self.places, loc)
        key = ".".join(str(part) for part in loc)
        told = "" if got is None else shown(got)
        near, allowed = more.get("nearest", ""), more.get("allowed", "")
        problem = Problem(wrong, key, told, allowed, near, str(self.path), line, column)
        self.problems.append(problem)

    def study(self) -> Study:
        self.typed((), self.data, KEYS)
        if fault := fault_of(self.path.stem):
            self.wrong((), f"its name {fault}", self.path.stem)
        title = self.words("title", self.path.stem, LONGEST_TEXT)
        question = self.words("question", "", LONGEST_QUESTION)
        precision = self.precision()
        outcomes = self.outcomes()
        replicates = self.whole("replicates", 20, 1, 100_000)
        seed = self.whole("seed", 1, 0, 2**63 - 1)
        weeks = self.whole("weeks", 0, 1, 5_200) or None
        scenarios = self.scenarios()
        points = self.points()
        self.fits(scenarios, points, precision, replicates)
        self.end()
        own, made, told = self.designed(scenarios[0], points)
        self.end()
        return Study(
            name=self.path.stem,
            title=title,
            question=question,
            scenarios=(*scenarios, *made),
            points=(own, *({} for _ in scenarios[1:]), *told),
            replicates=replicates,
            weeks=weeks,
            seed=seed,
            outcomes=outcomes,
            precision=precision,
            design=self.kind,
            factors=tuple(self.factors_drawn),
            left_out=len(points) - len(made),
        )

    def fits(
        self,
        scenarios: Sequence[ResolvedScenario],
        points: Sequence[Mapping],
        precision: Precision | None,
        replicates: int,
    ) -> None:
        """Note keys that do not go together."""
        if points and len(scenarios) > 1:
            self.wrong(
                ("scenarios",),
                "a design is made from one scenario",
                len(scenarios),
                allowed="1",
            )
        if precision is None:
            return
        if len(scenarios) == 1 and not points:
            self.wrong(
                ("precision",), "is of differences: name a second scenario or a design"
            )
        if precision.most_replicates < replicates:
            loc = ("precision", "most_replicates")
            allowed = f"at least the {replicates} replicates to begin with"
            self.wrong(loc, "too few", precision.most_replicates, allowed=allowed)

    def end(self) -> None:
        if self.problems:
            raise StudyError(lines_of(dict.fromkeys(self.problems)))

    def typed(self, loc: tuple, table: Mapping, known: Kinds) -> None:
        """Note keys that are unknown or have a value of the wrong type."""
        for key, value in table.items():
            if key not in known:
                near = self.nearest(key, known)
                allowed = choices(known)
                self.wrong(
                    (*loc, key), "unknown key", value, allowed=allowed, nearest=near
                )
            elif not isinstance(value, known[key]) or isinstance(value, bool):
                self.wrong((*loc, key), f"must be {NAMED[known[key]]}", value)

    def words(self, name: str, usual: str, most: int) -> Mapping[str, str]:
        """Return a text by language; a single text counts for every language."""
        written = self.data.get(name) or usual
        if not isinstance(written, dict):
            self.check_text((name,), written, most)
            return MappingProxyType(dict.fromkeys(LANGUAGES, one_line(str(written))))
        self.typed((name,), written, dict.fromkeys(LANGUAGES, str))
        for language in LANGUAGES:
            if language not in written:
                self.wrong((name,), f"has nothing in {language}")
            else:
                self.check_text((name, language), written[language], most)
        texts = {x: one_line(str(written.get(x, ""))) for x in LANGUAGES}
        return MappingProxyType(texts)

    def check_text(self, loc: tuple, text: Any, most: int) -> None:
        """Note a text with letters that no document can show, or too long a text."""
        if not isinstance(text, str) or (loc == ("question",) and not text):
            return
        if len(text) > most:
            allowed = f"at most {most} characters"
            self.wrong(loc, "is too long", text, allowed=allowed)
        elif fault := fault_of(text):
            self.wrong(loc, fault, text)

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
        table = table if isinstance(table, dict) else {}
        value = table.get(name, usual)
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
        self.wrong(loc, wrong, name, nearest=self.nearest(name, names))
        return False

    def nearest(self, name: Any, names: Iterable[str]) -> str:
        """Return the most similar name; nothing once no more mistakes are shown."""
        return nearest(name, names) if len(self.problems) < MOST_SHOWN else ""

    def precision(self) -> Precision | None:
        if "precision" not in self.data:
            return None
        table = self.table("precision", PRECISION)
        widths: dict[str, float] = {}
        for name, width in table.get("half_widths", {}).items():
            loc = ("precision", "half_widths", name)
            if self.known(loc, name, OUTCOMES, "unknown outcome"):
                if isinstance(width, bool) or not isinstance(width, int | float):
                    self.wrong(loc, "must be a number", width)
                elif OUTCOMES[name].display == "percent" and not 0 < width < 1:
                    allowed = "above 0 and below 1: 2 points are 0.02"
                    self.wrong(loc, "out of range", width, allowed=allowed)
                elif not 0 < width < float("inf"):
                    self.wrong(loc, "out of range", width, allowed="above 0")
                else:
                    widths[name] = float(width)
        most = self.whole("most_replicates", 400, 2, 100_000, "precision")
        usual = {
            name: outcome.smallest_difference
            for name, outcome in OUTCOMES.items()
            if outcome.headline
        }
        return Precision(MappingProxyType(widths or usual), most)

    def scenarios(self) -> list[ResolvedScenario]:
        named = self.data.get("scenarios")
        if not isinstance(named, list) or not named:
            self.wrong(("scenarios",), "name one scenario or more, the base first")
            return []
        if len(named) > MOST_SCENARIOS:
            allowed = f"at most {MOST_SCENARIOS:,}"
            self.wrong(("scenarios",), "too many", len(named), allowed=allowed)
            return []
        found: list[ResolvedScenario] = []
        for k, name in enumerate(named):
            if not isinstance(name, str):
                self.wrong(("scenarios", k), "must be a text", name)
                continue
            if name in named[:k]:
                self.wrong(("scenarios", k), "named twice", name)
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

    def points(self) -> list[Point]:
        if "design" not in self.data:
            return []
        table = self.table("design", DESIGN)
        kind = table.get("kind")
        if kind not in KINDS:
            near, allowed = nearest(kind, KINDS), choices(KINDS)
            self.wrong(
                ("design", "kind"), "unknown kind", kind, allowed=allowed, nearest=near
            )
        self.kind = str(kind)
        for name in TABLES:
            self.factors(name, table.get(name, {}))
        points = self.whole("points", 0, 1, MOST_POINTS, "design")
        seed = self.whole("seed", 1, 0, 2**63 - 1, "design")
        if kind in DRAWN and not points:
            self.wrong(("design",), f'a design of kind "{kind}" needs points')
        if kind == "sobol" and points & (points - 1):
            above = 1 << points.bit_length()
            allowed = f"a power of two, such as {above // 2} or {above}"
            loc = ("design", "points")
            self.wrong(loc, "unbalanced for a Sobol sequence", points, allowed=allowed)
        if kind in KINDS and kind != "mixed" and not any(map(table.get, TABLES)):
            self.wrong(
                ("design",), "name what varies in levers, structure or parameters"
            )
        if self.problems or kind not in KINDS:
            return []
        self.factors_drawn = factors = factors_of(table) or every_lever()
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
            if len(values) > MOST_VALUES:
                allowed = f"at most {MOST_VALUES:,}"
                self.wrong(loc, "has too many values", len(values), allowed=allowed)
                continue
            for k, value in enumerate(values):
                self.level((*loc, k), table, name, value)
            if any(value in values[:k] for k, value in enumerate(values)):
                self.wrong(loc, "has a value twice", values)
            elif self.is_drawn((table, name, tuple(values))) and not (
                values[0] < values[1]
            ):
                self.wrong(loc, "must be a range, the lower end first", values)

    def level(self, loc: tuple, table: str, name: str, value: Any) -> None:
        """Check one value of a factor against its settings or its range."""
        if table == "levers":
            settings = lever_table()[name].settings
            if not isinstance(value, str) or value not in settings:
                near, allowed = self.nearest(value, settings), choices(settings)
                self.wrong(loc, "unknown setting", value, allowed=allowed, nearest=near)
            return
        row = (STRUCTURE if table == "structure" else PARAMETERS)[name]
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(loc, "must be a number", value)
        elif not row.low <= value <= row.high:
            allowed = f"{row.low:g} to {row.high:g} {row.unit}"
            self.wrong(loc, "out of range", value, allowed=allowed)

    def is_drawn(self, factor: Factor) -> bool:
        """Return whether the values of a factor are the ends of a range drawn from."""
        numbers = all(isinstance(value, int | float) for value in factor[2])
        return self.kind in DRAWN and is_range(factor) and numbers

    def designed(
        self, base: ResolvedScenario, points: Sequence[Point]
    ) -> tuple[Point, list[ResolvedScenario], list[Point]]:
        """Return the base's point, the scenarios of the other points, and their points.

        The base's point is the one that equals the base, if there is one, else an empty
        one. Of points that are the same organisation only the first is kept.
        """
        own: Point = {}
        made: list[ResolvedScenario] = []
        told: list[Point] = []
        known = {identity(base)}
        digits = len(str(len(points)))
        for k, point in enumerate(points, 1):
            try:
                one = vary(base, f"{base.name}-{k:0{digits}}", **point)
            except ScenarioError as error:
                self.problems += error.problems
                continue
            if identity(one) not in known:
                known.add(identity(one))
                text = in_words(point)
                title = text if len(text) <= LONGEST_TITLE else one.name
                made.append(replace(one, title=dict.fromkeys(one.title, title)))
                told.append(point)
            elif identity(one) == identity(base):
                own = own or point
        return own, made, told


def identity(scenario: ResolvedScenario) -> str:
    """Return a key that is the same for scenarios that are the same organisation."""
    return json.dumps(scenario.canonical(), sort_keys=True)


def in_words(point: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the settings of a point of a design as text.

    >>> in_words({"levers": {"mandate": "decides"}, "structure": {"testing_hours": 4}})
    'mandate decides, testing hours 4'
    """
    settings = [
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
        for values in point.values()
        for name, value in values.items()
    ]
    return ", ".join(settings).replace("_", " ")
