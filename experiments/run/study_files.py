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

import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, UnionType

from experiments.errors import did_you_mean
from experiments.run.design_reading import DesignReading
from experiments.run.study import Precision, Study
from experiments.run.table_reading import WORDS, StudyError, TableReading
from simulation.characters import fault_of
from simulation.outcomes import OUTCOMES
from simulation.regular_files import NO_FILE, content_of, unusable
from simulation.scenario import ResolvedScenario, ScenarioError, read
from simulation.scenario_schema import LONGEST_QUESTION, LONGEST_TEXT
from simulation.toml_positions import LARGEST_TEXT, TooMuch, parse_toml

SHIPPED = Path(__file__).parents[1] / "studies"
LARGEST_FILE = LARGEST_TEXT
MOST_SCENARIOS = 2_000
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
PRECISION: Mapping[str, type] = {"most_replicates": int, "half_widths": dict}


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
    return replace(StudyReading(path, data, places).study(), file=text)


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


class StudyReading(TableReading):
    """The reading of one study file: its keys, scenarios and precision."""

    def study(self) -> Study:
        """Return the study; `StudyError` with every mistake."""
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
        design = DesignReading(self)
        points = design.points()
        self.fits(scenarios, points, precision, replicates)
        self.end()
        own, made, told = design.designed(scenarios[0], points)
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
            design=design.kind,
            factors=tuple(design.factors),
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

    def outcomes(self) -> tuple[str, ...] | None:
        named = self.data.get("outcomes")
        if not isinstance(named, list):
            return None
        for k, name in enumerate(named):
            self.known(("outcomes", k), name, OUTCOMES, "unknown outcome")
        return tuple(str(name) for name in named) or None

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
