"""What a simulated world draws for the unknowns of a scenario.

A draw is a pure function of seed, replicate and the name of the unknown. So all
scenarios of a world that leave the same thing open draw the same value, and worlds can
be added or divided over machines in any way.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simulation.founding import Founder, State
from simulation.scenario_draws import (
    TABLES,
    Drawn,
    is_switch,
    read_draws,
    row_of,
    row_of_sets,
    unknown_of,
)
from simulation.scenario_files import TomlDocument
from simulation.scenario_resolution import parameters_of, stages_of
from simulation.scenario_values import SETS, ResolvedScenario, Scenario, Unknown
from simulation.whole_numbers import checks_numbers

ROW = "draws"


@checks_numbers
def in_world(resolved: ResolvedScenario, seed: int, replicate: int) -> ResolvedScenario:
    """Return the scenario as it is in one world, with all unknowns drawn.

    Settings of a lever are equally likely, a number is uniform between its ends, a
    switch is 0 or 1 with equal probability, and a table of draws gives one of its rows.
    Sets of parameters are taken in turn, one for each replicate. Returns `resolved`
    itself if nothing is unknown.
    """
    if resolved.unknown is None:
        return resolved
    world = _World(seed, replicate)
    scenario = resolved.unknown.scenario
    parameters, sources = parameters_of(scenario, world.draw)
    return replace(
        resolved,
        stages=tuple(stages_of(scenario, resolved.warm_up_weeks, world.draw)),
        parameters=parameters,
        parameter_sources=sources,
        unknown=None,
    )


@dataclass(frozen=True)
class _World:
    """The draws of one world, by name."""

    seed: int
    replicate: int

    def draw(self, written: Mapping[str, Any]) -> Drawn:
        """Return the values that replace what one file writes."""
        unknown = written.get("unknown", {})
        found: dict[str, dict[str, Any]] = {table: {} for table in TABLES}
        for table in TABLES:
            for name, values in unknown.get(table, {}).items():
                found[table][name] = self.value(table, name, values)
        if ROW in unknown:
            draws = unknown[ROW]
            row = draws.rows[self.index(ROW, len(draws.rows))]
            for column, value in zip(draws.columns, row, strict=True):
                table, _, name = column.partition(".")
                found[table][name] = value
        found[SETS] = row_of_sets(written, self.replicate)
        return found

    def value(self, table: str, name: str, values: list) -> Any:
        """Return one of the settings, or a number between the ends."""
        address = f"{table}.{name}"
        if table == "levers":
            return values[self.index(address, len(values))]
        low, high = values
        if low != high and is_switch(row_of(table, name)):
            return float(self.index(address, 2))
        return low + self.uniform(address) * (high - low)

    def index(self, address: str, count: int) -> int:
        """Return one of 0 .. count - 1, equally likely."""
        return int(self.uniform(address) * count)

    def uniform(self, address: str) -> float:
        """Return the uniform number of an address, in (0, 1): 52 bits of BLAKE2b."""
        text = f"{self.seed}/{self.replicate}/{address}"
        digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
        return ((int.from_bytes(digest, "little") >> 12) + 0.5) * 2.0**-52


class UnknownFounder(Founder):
    """Founds worlds that each draw the unknowns of their scenario."""

    def found(self, seed: int, replicate: int) -> State:
        """Return the state of a world before the warm-up, with its unknowns drawn."""
        drawn = in_world(self.scenario, seed, replicate)
        return Founder(drawn, self.chart).found(seed, replicate)


def founder_of(resolved: ResolvedScenario) -> Founder:
    """Return the founder of a scenario's worlds; raises the errors of `Founder`."""
    return Founder(resolved) if resolved.unknown is None else UnknownFounder(resolved)


def rebuilt(canonical: Mapping[str, Any], draws: Mapping[str, Path]) -> Unknown | None:
    """Return the unknowns from `Unknown.canonical` and the files of draws by digest."""
    return unknown_of(_chain(canonical["scenario"], draws))


def _chain(plain: Mapping[str, Any], draws: Mapping[str, Path]) -> Scenario:
    written = dict(plain["written"])
    unknown = written.get("unknown", {})
    if ROW in unknown:
        written["unknown"] = unknown | {ROW: read_draws(draws[unknown[ROW]])}
    if SETS in written:
        written[SETS] = read_draws(draws[written[SETS]])
    base, history = (
        _chain(plain[key], draws) if plain[key] else None for key in ("base", "history")
    )
    return Scenario("", TomlDocument("", {}), written, base, history)
