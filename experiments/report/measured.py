"""Measurements that a report makes by runs of its own, cached so that they run once.

They are the paths of an effect, the share of each lever, and the robustness over
unknown parameters (`experiments.report.analysis`). Rows of one study are in one file;
an interrupted measurement resumes where it stopped.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.advise.moves import Move
from experiments.compare.causes import (
    PathShare,
    cut_calls,
    outcomes_cut,
    path_table,
    shares_of,
)
from experiments.compare.comparison import Comparison
from experiments.compare.reading import same_organisation
from experiments.files.progress import Progress
from experiments.report import analysis
from experiments.report.analysis import Robust
from experiments.run.row_cache import RowCache, work_through
from experiments.run.runner import to_one_horizon
from experiments.run.store import digest
from experiments.statistics.intervals import Interval
from experiments.statistics.shares import SignShare
from simulation.outcomes import HEADLINES
from simulation.scenario import ResolvedScenario
from simulation.whole_files import scratch_folder
from simulation.whole_numbers import checks_numbers

Row = dict[str, Any]


@dataclass(frozen=True)
class ReportMeasurements:
    """Measurements of each scenario against the base, by the scenario's name."""

    why: Mapping[str, tuple[PathShare, ...]]
    levers: Mapping[str, Mapping[str, Mapping[Move, Interval]]]
    robustness: Mapping[str, tuple[Robust, ...]]


@checks_numbers
def measure(
    study: Comparison,
    workers: int | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> ReportMeasurements:
    """Return the measurements of a study; run those that are not cached in `folder`.

    Without a folder nothing is cached.
    """
    if folder is None:
        with scratch_folder() as aside:
            return measure(study, workers, aside, progress)
    base, *_ = to_one_horizon(study.runs.scenarios, study.runs.weeks)
    others = to_one_horizon(different(study), study.runs.weeks)
    seed = study.runs.seed
    calls = {
        f"{one} {_key(other)}": call
        for other in others
        for one, call in _calls(base, other, seed).items()
    }
    settings = {"base": _key(base), "seed": seed, "weeks": study.runs.weeks}
    kept = RowCache(folder, "report", _row, settings)
    rows = work_through(kept, calls, workers, progress)
    why, levers, robust = {}, {}, {}
    for other in others:
        why[other.name] = _why(base, other, rows)
        levers[other.name] = _levers(rows[f"levers {_key(other)}"])
        robust[other.name] = _robustness(rows[f"robustness {_key(other)}"])
    return ReportMeasurements(why, levers, robust)


def different(study: Comparison) -> list[ResolvedScenario]:
    """Return the scenarios of a study whose organisation differs from the base."""
    return [x for x in study.others if not same_organisation(x, study.base)]


def _key(scenario: ResolvedScenario) -> str:
    return digest(scenario.canonical())


def _calls(
    base: ResolvedScenario, other: ResolvedScenario, seed: int
) -> dict[str, tuple]:
    """Return the calls of `_row` that one scenario needs, by name."""
    calls: dict[str, tuple] = {
        f"why {r}": ("why", *call)
        for r, call in enumerate(_cut_calls(base, other, seed))
    }
    calls["levers"] = ("levers", base, other, seed, analysis.LEVER_WORLDS)
    calls["robustness"] = ("robustness", base, other, seed, analysis.SETS)
    return calls


def _cut_calls(
    base: ResolvedScenario, other: ResolvedScenario, seed: int
) -> list[tuple]:
    if base.organisation != other.organisation:
        return []
    paths = tuple(path_table())
    return cut_calls(paths, other, base, HEADLINES, analysis.CUT_WORLDS, seed)


def _row(kind: str, *call: Any) -> Row:
    """Return the result of one call as plain JSON values."""
    if kind == "why":
        return {"values": outcomes_cut(*call).tolist()}
    base, other, seed, size = call
    if kind == "robustness":
        found = analysis.robustness(base, other, sets=size, seed=seed, workers=1)
        return {"robust": [asdict(one) for one in found]}
    shares = analysis.lever_shares(base, other, seed, workers=1, worlds=size)
    return {
        "shares": [
            [outcome, move.lever, move.setting, asdict(interval)]
            for outcome, by_move in shares.items()
            for move, interval in by_move.items()
        ]
    }


def _why(
    base: ResolvedScenario, other: ResolvedScenario, rows: Mapping[str, Row]
) -> tuple[PathShare, ...]:
    worlds = range(analysis.CUT_WORLDS)
    names = [f"why {r} {_key(other)}" for r in worlds]
    values = [rows[name]["values"] for name in names if name in rows]
    if not values:
        return ()
    found = shares_of(tuple(path_table()), HEADLINES, np.array(values, float))
    return analysis.why(found)


def _levers(row: Row) -> Mapping[str, Mapping[Move, Interval]]:
    found: dict[str, dict[Move, Interval]] = {}
    for outcome, lever, setting, interval in row["shares"]:
        found.setdefault(outcome, {})[Move(lever, setting)] = Interval(**interval)
    return found


def _robustness(row: Row) -> tuple[Robust, ...]:
    return tuple(
        Robust(
            one["outcome"],
            Interval(**one["effect"]),
            SignShare(**one["holds"]),
            tuple((name, r) for name, r in one["decided_by"]),
        )
        for one in row["robust"]
    )
