"""Reading the design of a study file, and making its organisations."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from experiments.errors import InputError
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
from experiments.run.table_reading import TableReading
from simulation.scenario import ResolvedScenario, ScenarioError, vary
from simulation.scenario_errors import choices, nearest
from simulation.tables import PARAMETERS, STRUCTURE, lever_table

MOST_VALUES = 1_000
"""Values of a factor of a design."""
LONGEST_TITLE = 60
"""Letters up to which what a point sets is its organisation's title."""
DESIGN: Mapping[str, type] = {
    "kind": str,
    "points": int,
    "seed": int,
    **dict.fromkeys(TABLES, dict),
}


class DesignReading:
    """The reading of the table `design` of a study file, which notes mistakes.

    `kind` and `factors` are those of the design, once its points are read.
    """

    def __init__(self, file: TableReading) -> None:
        self.file = file
        self.kind = ""
        self.factors: list[Factor] = []

    def wrong(self, loc: tuple, wrong: str, got: Any = None, **more: str) -> None:
        """Note a mistake at a place in the design."""
        self.file.wrong(("design", *loc), wrong, got, **more)

    def points(self) -> list[Point]:
        """Return the points of the design; none if there is no design, or mistakes."""
        if "design" not in self.file.data:
            return []
        table = self.file.table("design", DESIGN)
        kind = table.get("kind")
        if kind not in KINDS:
            near, allowed = nearest(kind, KINDS), choices(KINDS)
            self.wrong(("kind",), "unknown kind", kind, allowed=allowed, nearest=near)
        self.kind = str(kind)
        for name in TABLES:
            self.check_factors(name, table.get(name, {}))
        points = self.file.whole("points", 0, 1, MOST_POINTS, "design")
        seed = self.file.whole("seed", 1, 0, 2**63 - 1, "design")
        if kind in DRAWN and not points:
            self.wrong((), f'a design of kind "{kind}" needs points')
        if kind == "sobol" and points & (points - 1):
            above = 1 << points.bit_length()
            allowed = f"a power of two, such as {above // 2} or {above}"
            loc = ("points",)
            self.wrong(loc, "unbalanced for a Sobol sequence", points, allowed=allowed)
        if kind in KINDS and kind != "mixed" and not any(map(table.get, TABLES)):
            self.wrong((), "name what varies in levers, structure or parameters")
        if self.file.problems or kind not in KINDS:
            return []
        self.factors = factors = factors_of(table) or every_lever()
        size = 1
        for factor in factors if kind == "grid" else ():
            size *= len(factor[2])
        if size > MOST_POINTS:
            allowed = f"at most {MOST_POINTS:,}"
            self.wrong((), "too many combinations", size, allowed=allowed)
            return []
        try:
            return KINDS[kind](factors, points, seed)
        except InputError as error:
            self.wrong((), str(error))
            return []

    def check_factors(self, table: str, factors: Mapping[str, Any]) -> None:
        """Note factors that are unknown, or whose values are not allowed."""
        names: Any = {"structure": STRUCTURE, "parameters": PARAMETERS}.get(table)
        for name, values in factors.items():
            loc = (table, name)
            known = lever_table() if names is None else names
            if not self.file.known(
                ("design", *loc), name, known, f"unknown name in {table}"
            ):
                continue
            if not isinstance(values, list) or not values:
                self.wrong(loc, "must be an array of values", values)
                continue
            if len(values) > MOST_VALUES:
                allowed = f"at most {MOST_VALUES:,}"
                self.wrong(loc, "has too many values", len(values), allowed=allowed)
                continue
            for k, value in enumerate(values):
                self.check_level((*loc, k), table, name, value)
            if any(value in values[:k] for k, value in enumerate(values)):
                self.wrong(loc, "has a value twice", values)
            elif self.is_drawn((table, name, tuple(values))) and not (
                values[0] < values[1]
            ):
                self.wrong(loc, "must be a range, the lower end first", values)

    def check_level(self, loc: tuple, table: str, name: str, value: Any) -> None:
        """Check one value of a factor against its settings or its range."""
        if table == "levers":
            settings = lever_table()[name].settings
            if not isinstance(value, str) or value not in settings:
                near, allowed = self.file.nearest(value, settings), choices(settings)
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
                self.file.problems += error.problems
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
