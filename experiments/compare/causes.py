"""Cutting paths: how much of an effect runs through a path from lever to outcome.

A path is held at its values in the paired run of the baseline, week by week and person
by person; the share of the effect that then disappears runs through the path. Paths
share effects, so their shares need not add up to one.

>>> from experiments.compare.causes import share_through
>>> share_through("tests", "testing_room", "baseline", "wrong_stock")  # doctest: +SKIP
"""

import math
import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path as File
from types import MappingProxyType
from typing import Any

import numpy as np

from experiments.compare.reading import read_all
from experiments.errors import InputError, did_you_mean
from experiments.run.relearning import PROBE_WEEK
from experiments.run.replay import (
    FELT,
    Moment,
    Replay,
    is_field,
    live,
    place_of,
    recorder,
    replayer,
    together,
)
from experiments.run.runner import to_one_horizon
from experiments.run.workers import run_calls
from experiments.statistics import paired
from experiments.statistics.intervals import Interval, t_interval
from experiments.statistics.verdicts import clear_sign
from simulation.measures import summarise
from simulation.model import Organisation, Run
from simulation.outcomes import Outcome, find
from simulation.scenario import ResolvedScenario
from simulation.scenario_unknown import in_world
from simulation.whole_numbers import checks_numbers

TABLE = File(__file__).with_suffix(".toml")
Named = str | os.PathLike | ResolvedScenario


@dataclass(frozen=True)
class Path:
    """A path: name, label (en and nl), meaning, and the replay that cuts it."""

    name: str
    label: Mapping[str, str]
    meaning: str
    replay: Replay


@dataclass(frozen=True)
class PathShare:
    """How much of an effect on an outcome runs through a path.

    `effect` is scenario minus baseline, `left` the same with the path cut. `share` is
    1 - left / effect with its interval; None, with the reason in `why_not`, unless the
    effect exceeds the smallest difference that matters and its interval excludes zero.
    """

    path: str
    outcome: str
    effect: Interval
    left: Interval
    share: Interval | None
    why_not: str = ""


def read_paths(rows: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Path]:
    """Return the paths of a table's rows; ValueError for an invalid row."""
    return MappingProxyType({name: _path(name, row) for name, row in rows.items()})


@cache
def path_table() -> Mapping[str, Path]:
    """Return the shipped paths by name."""
    return read_paths(tomllib.loads(TABLE.read_text(encoding="utf-8")))


def _path(name: str, row: Mapping[str, Any]) -> Path:
    known = {"label", "meaning", "structure_in", "held", "lent", "felt"}
    wrong = sorted(row.keys() - known) + [
        x for x in row.get("felt", ()) if x not in FELT
    ]
    if wrong:
        raise ValueError(f"path {name}: unknown {', '.join(wrong)}")
    moments = [_held(entry) for entry in row.get("held", ())]
    for entry in row.get("lent", ()):
        moments.append(Moment(place_of(entry["in"]) - 1, tuple(entry["fields"]), True))
    wrong = [x for moment in moments for x in moment.fields if not is_field(x)]
    if wrong:
        raise ValueError(f"path {name}: the state has no {', '.join(wrong)}")
    phases = tuple(place_of(phase) for phase in row.get("structure_in", ()))
    replay = Replay(phases, tuple(moments), tuple(row.get("felt", ())))
    return Path(name, MappingProxyType(row["label"]), row["meaning"], replay)


def _held(entry: Mapping[str, Any]) -> Moment:
    if "before" in entry:
        return Moment(place_of(entry["before"]) - 1, tuple(entry["fields"]))
    return Moment(place_of(entry["after"]), tuple(entry["fields"]))


def find_path(name: str) -> Path:
    """Return the path of this name; InputError with the nearest name if unknown.

    Paths joined by + are cut together: `deciding+ownership`.
    """
    table = path_table()
    if "+" in name:
        return _joined(name, [find_path(part) for part in name.split("+")])
    if name in table:
        return table[name]
    hint = did_you_mean(name, table) or f"; there are {', '.join(table)}"
    raise InputError(f"unknown path {name!r}{hint}")


def _joined(name: str, parts: Sequence[Path]) -> Path:
    """Return one path that cuts all of these paths together."""
    label = {k: " + ".join(part.label[k] for part in parts) for k in parts[0].label}
    replays = [part.replay for part in parts]
    phases = tuple(dict.fromkeys(x for one in replays for x in one.structure_in))
    moments = tuple(x for one in replays for x in one.moments)
    felt = tuple(dict.fromkeys(x for one in replays for x in one.felt))
    meaning = "; ".join(part.meaning for part in parts)
    return Path(name, label, meaning, Replay(phases, moments, felt))


@checks_numbers
def cut(
    scenario: Named,
    baseline: Named,
    path: str,
    seed: int = 1,
    replicate: int = 0,
    probe_week: int | None = PROBE_WEEK,
) -> Run:
    """Simulate one world of a scenario with a path held at its values in the baseline.

    Raises InputError for an unknown path or two different organisations.
    """
    return cuts(scenario, baseline, (path,), seed, replicate, probe_week)[path]


@checks_numbers
def cuts(
    scenario: Named,
    baseline: Named,
    paths: Sequence[str],
    seed: int = 1,
    replicate: int = 0,
    probe_week: int | None = PROBE_WEEK,
) -> dict[str, Run]:
    """Return, for each path, one world of a scenario with that path cut, as `cut` does.

    The baseline runs only once.
    """
    replays = [find_path(name).replay for name in paths]
    pair = paired_scenarios(scenario, baseline)
    runs = _worlds(*pair, replays, seed, replicate, probe_week)
    return dict(zip(paths, runs[2:], strict=True))


def paired_scenarios(
    scenario: Named, baseline: Named
) -> tuple[ResolvedScenario, ResolvedScenario]:
    """Return both scenarios over one horizon, without their source files.

    Raises InputError for two different organisations.
    """
    both = to_one_horizon(read_all([scenario, baseline]))
    together(*both)
    return replace(both[0], scenario=None), replace(both[1], scenario=None)


def _worlds(
    scenario: ResolvedScenario,
    baseline: ResolvedScenario,
    replays: Sequence[Replay],
    seed: int,
    replicate: int,
    probe_week: int | None,
) -> list[Run]:
    """Simulate one world of the baseline, the scenario, and the scenario per replay."""
    scenario, baseline = (in_world(x, seed, replicate) for x in (scenario, baseline))
    script, tape = recorder(replays)
    probe_script, probe_tape = recorder(replays)
    base = Organisation(together(baseline, scenario), seed, replicate)
    runs = [live(base, probe_week, script, probe_script)]
    whole = together(scenario, baseline)
    runs.append(live(Organisation(whole, seed, replicate), probe_week))
    own = len(scenario.stages)
    for replay in replays:
        scripts = replayer(replay, tape, own), replayer(replay, probe_tape, own)
        runs.append(live(Organisation(whole, seed, replicate), probe_week, *scripts))
    return runs


def outcomes_cut(
    scenario: ResolvedScenario,
    baseline: ResolvedScenario,
    replays: Sequence[Replay],
    seed: int,
    replicate: int,
    probe_week: int | None,
    outcomes: Sequence[str],
) -> np.ndarray:
    """Return outcomes (2 + replays, outcomes) of baseline, scenario and each cut."""
    runs = _worlds(scenario, baseline, replays, seed, replicate, probe_week)
    base = runs[0].series
    rows = [
        summarise(
            run.series,
            run.probe,
            outcomes,
            baseline=None if run is runs[0] else base,
            shock_week=run.shock_week,
        )
        for run in runs
    ]
    return np.array([[row[name] for name in outcomes] for row in rows])


@checks_numbers
def shares(
    paths: Sequence[str],
    scenario: Named,
    baseline: Named,
    outcomes: Sequence[str],
    replicates: int = 20,
    seed: int = 1,
    workers: int | None = None,
) -> tuple[PathShare, ...]:
    """Return, for each path and outcome, the share of the effect that runs through it.

    Runs `replicates` paired worlds of the baseline, the scenario, and the scenario with
    each of the paths cut. Raises InputError for unknown paths, outcomes or scenarios.
    """
    if replicates < 2:
        raise InputError(f"replicates: got {replicates}; at least 2 are needed")
    calls = cut_calls(paths, scenario, baseline, outcomes, replicates, seed)
    values = np.full((replicates, 2 + len(paths), len(outcomes)), math.nan)
    for r, result in enumerate(run_calls(outcomes_cut, calls, workers)):
        if result is not None:
            values[r] = result
    return shares_of(paths, outcomes, values)


def cut_calls(
    paths: Sequence[str],
    scenario: Named,
    baseline: Named,
    outcomes: Sequence[str],
    replicates: int,
    seed: int,
) -> list[tuple]:
    """Return the arguments of `outcomes_cut` for each world."""
    replays = [find_path(name).replay for name in paths]
    checked = [checked_outcome(name) for name in outcomes]
    pair = paired_scenarios(scenario, baseline)
    probed = any(outcome.needs == "probe" for outcome in checked)
    probe_week = min(PROBE_WEEK, pair[0].weeks // 2) if probed else None
    return [(*pair, replays, seed, r, probe_week, outcomes) for r in range(replicates)]


def shares_of(
    paths: Sequence[str], outcomes: Sequence[str], values: np.ndarray
) -> tuple[PathShare, ...]:
    """Return the shares from outcome values of shape (worlds, 2 + paths, outcomes)."""
    return tuple(
        _share(path, outcome, values[:, 0, k], values[:, 1, k], values[:, 2 + p, k])
        for p, path in enumerate(paths)
        for k, outcome in enumerate(outcomes)
    )


@checks_numbers
def share_through(
    path: str,
    scenario: Named,
    baseline: Named,
    outcome: str,
    replicates: int = 20,
    seed: int = 1,
    workers: int | None = None,
) -> PathShare:
    """Return how much of a scenario's effect on an outcome runs through one path."""
    return shares((path,), scenario, baseline, (outcome,), replicates, seed, workers)[0]


def checked_outcome(name: str) -> Outcome:
    """Return the outcome of this id; InputError with the nearest id if unknown."""
    try:
        return find(name)
    except KeyError as error:
        raise InputError(str(error.args[0])) from None


def _share(
    path: str, outcome: str, base: np.ndarray, whole: np.ndarray, cut_off: np.ndarray
) -> PathShare:
    effect, remaining = whole - base, cut_off - base
    there = np.isfinite(effect) & np.isfinite(remaining)
    effect, remaining = effect[there], remaining[there]
    around = t_interval(effect)
    smallest = find(outcome).smallest_difference
    if sign := clear_sign(around, smallest):
        relative = paired.relative_difference(effect, remaining)
        share = relative.times(-sign)
        return PathShare(path, outcome, around, t_interval(remaining), share)
    why = f"the effect is not clear: {smallest:g} matters, and zero must be excluded"
    return PathShare(path, outcome, around, t_interval(remaining), None, why)
