"""Test claims over organisations and parameter sets, and by cutting causal paths.

Every row is cached as soon as it is done, so that a test resumes where it stopped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.compare.causes import share_through
from experiments.errors import InputError, did_you_mean
from experiments.files.progress import Progress
from experiments.run.parameter_sets import hypercube
from experiments.run.row_cache import Row, RowCache, work_through
from experiments.science.claims import Claim, claims, verdicts
from experiments.science.claims.verdicts import ClaimVerdict
from experiments.science.claims.worlds import (
    PopulationPart,
    drawn,
    lived_together,
    moved,
    outcomes_of,
    sharing,
    shipped,
)
from experiments.science.evidence.sets import calibrated_sets
from experiments.science.signs import by_construction
from experiments.statistics.intervals import Interval, t_interval
from simulation.whole_numbers import check_fields, checks_numbers

SETS = 40
ORGANISATIONS = 8
MOST_CALIBRATED = 24
SHIPPED_WORLDS = 32
AT_VALUES = 64
"""Organisations in which a claim is tested at the values of the table."""
CUT_WORLDS = 12


@dataclass(frozen=True)
class ClaimTest:
    """How claims are tested: number of parameter sets, organisations per set, seed.

    `rule` tests under another rule; `size` in organisations of another size than the
    claim is about; `calibrated` adds the sets that pass calibration.
    """

    sets: int = SETS
    organisations: int = ORGANISATIONS
    seed: int = 1
    rule: str | None = None
    size: str | None = None
    calibrated: bool = True

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def usual(self) -> bool:
        """Whether claims are tested as they stand, with calibrated sets too."""
        return self.rule is None and self.size is None and self.calibrated


@dataclass(frozen=True)
class ClaimResult:
    """A claim and its test result.

    `shipped` is the effect, as claimed, between its arms as written; `at_values` is the
    effect in the mixed population. Both hold at the values of the parameter table.
    `through` is the share of the shipped effect that runs through the claim's path;
    None if that effect is too small to tell, or if the claim is more than a plain
    contrast. `fixed` says that the sign holds by construction; the verdict then does
    not count as support.
    """

    claim: Claim
    verdict: ClaimVerdict
    shipped: Interval
    at_values: Interval
    through: Interval | None
    fixed: bool

    @property
    def counts(self) -> bool:
        """Whether the verdict supports the claim and its sign is not fixed."""
        return self.speaks and not self.fixed

    @property
    def speaks(self) -> bool:
        """Whether the verdict supports the claim, everywhere or under a condition."""
        return self.verdict.kind in ("supported", "only_when")


def chosen(names: Sequence[str]) -> tuple[Claim, ...]:
    """Return claims by name, all if none is named; raise `InputError` if unknown."""
    known = {claim.id: claim for claim in claims()}
    wrong = [name for name in names if name not in known]
    if wrong:
        hints = [(name, did_you_mean(name, known)) for name in wrong]
        raise InputError(
            "\n".join(f"unknown claim {name!r}{hint}" for name, hint in hints)
        )
    return tuple(known[name] for name in dict.fromkeys(names)) or tuple(known.values())


@checks_numbers
def put_to_the_test(
    names: Sequence[str],
    folder: Path,
    asked: ClaimTest | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[ClaimResult, ...]:
    """Return the test results of claims; no names means all claims.

    Rows are cached in `folder`. Raises `InputError` for unknown claims.
    """
    asked = asked or ClaimTest()
    wanted = chosen(names)
    rows = rows_of(wanted, folder, asked, workers, progress)
    return tuple(_tested(claim, rows, asked) for claim in wanted)


def rows_of(
    wanted: Sequence[Claim],
    folder: Path,
    asked: ClaimTest,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Row]:
    """Return the rows that claims are judged by: one per parameter set, and more.

    Claims with the same arms share rows, keyed by the first of these claims. Rows run
    set after set, as claims share the worlds of a set. A usual test also has rows
    `values` (table values), `shipped` (arms as written) and `path`.
    """
    kept = RowCache(folder, "claims", _row, asdict(asked))
    calls: dict[str, tuple] = {}
    groups = tuple(dict.fromkeys(sharing(claim) for claim in wanted))
    for s, parameters in enumerate(all_sets(asked)):
        calls |= {f"{x[0]}/{s}": _call(x, s, parameters, asked) for x in groups}
    if asked.usual:
        part = PopulationPart(0, AT_VALUES, AT_VALUES, asked.seed)
        calls |= {f"{names[0]}/values": (names, {}, part) for names in groups}
        calls |= {f"{names[0]}/shipped": (names, asked.seed) for names in groups}
        plain = [claim for claim in wanted if claim.plain]
        calls |= {f"{claim.id}/path": (claim.id, asked.seed) for claim in plain}
    named = {name: (name.rpartition("/")[2], *call) for name, call in calls.items()}
    return work_through(kept, named, workers, progress)


def all_sets(asked: ClaimTest) -> list[Mapping[str, float]]:
    """Return the hypercube of a test, then (if `calibrated`) the sets that pass.

    Sets that pass calibration were found under the model's own rules and mean nothing
    under another rule.
    """
    beyond = calibrated_sets()[:MOST_CALIBRATED] if asked.calibrated else ()
    return [*hypercube(asked.sets, asked.seed), *beyond]


def _call(
    names: tuple[str, ...], s: int, parameters: Mapping[str, float], asked: ClaimTest
) -> tuple:
    """Return the arguments of the row of claims that share worlds in set `s`."""
    each = asked.organisations
    part = PopulationPart(s * each, each, len(all_sets(asked)) * each, asked.seed)
    return (names, dict(parameters), part, asked.rule, asked.size)


def _row(kind: str, *arguments: Any) -> Row:
    if kind == "shipped":
        return _shipped(*arguments)
    if kind == "path":
        return _path(*arguments)
    return lived_together(*arguments)


def _shipped(names: Sequence[str], seed: int) -> Row:
    """Return outcomes of the arms as written: by claim, one list per world."""
    together = chosen(names)
    ways = {name: shipped(name) for name in together[0].scenarios}
    found = [outcomes_of(together, ways, seed, r) for r in range(SHIPPED_WORLDS)]
    return {"values": {name: [row[name] for row in found] for name in names}}


def _path(name: str, seed: int) -> Row:
    """Return the share of the shipped effect that runs through the claim's path."""
    [claim] = chosen([name])
    path = "+".join(claim.path)
    pair = shipped(claim.scenario), shipped(claim.base)
    share = share_through(path, *pair, claim.outcome, CUT_WORLDS, seed, workers=1)
    return {"share": asdict(share.share) if share.share else None}


def values_of(claim: Claim, rows: Mapping[str, Row], count: int) -> np.ndarray:
    """Return outcomes of a claim, (sets, organisations, scenarios); nan if missing."""
    return np.array([_values(claim, rows, str(s)) for s in range(count)], dtype=float)


def _values(claim: Claim, rows: Mapping[str, Row], kind: str) -> list:
    """Return the outcomes of a claim from its shared row; empty if there is no row."""
    row = rows.get(f"{sharing(claim)[0]}/{kind}")
    return row["values"][claim.id] if row else []


def _tested(claim: Claim, rows: Mapping[str, Row], asked: ClaimTest) -> ClaimResult:
    sets = hypercube(asked.sets, asked.seed)
    count = len(all_sets(asked))
    values = values_of(claim, rows, count)
    each = asked.organisations
    who = drawn(count * each, asked.seed, asked.size or claim.size)
    people = [who[s * each : (s + 1) * each] for s in range(len(sets))]
    here, beyond = values[: len(sets)], values[len(sets) :]
    verdict = verdicts.judge(claim, here, sets, people, beyond, moved(claim.scenarios))
    share = rows.get(f"{claim.id}/path", {"share": None})["share"]
    return ClaimResult(
        claim,
        verdict,
        _effect(claim, _values(claim, rows, "shipped")),
        _effect(claim, _values(claim, rows, "values")),
        Interval(**share) if share else None,
        is_fixed(claim),
    )


def _effect(claim: Claim, values: list) -> Interval:
    """Return the effect over some worlds; an unknown interval if there are none."""
    table = np.array(values or np.empty((0, len(claim.scenarios))), dtype=float)
    return t_interval(verdicts.effects(claim, table))


def is_fixed(claim: Claim) -> bool:
    """Return whether the sign of a claim is fixed by construction.

    The sign of an interaction, or of a loss beyond its share, is not: both effects
    that it compares have the same sign.
    """
    if claim.beside or claim.in_proportion:
        return False
    base, scenario = (shipped(x).stages[-1] for x in (claim.base, claim.scenario))
    return bool(by_construction(base.levers, scenario.levers, claim.outcome))
