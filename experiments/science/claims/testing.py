"""Claims put to the test: over organisations, parameter sets, and by cutting paths.

Everything is kept as it comes, so that a test goes on where it stopped.
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
from experiments.science.claims.verdicts import Verdict
from experiments.science.claims.worlds import (
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
    """How a claim is tested: sets of parameters, organisations each, and worlds.

    Under another `rule`, and in organisations of another `size` than it is about, if
    given; under sets that pass calibration too, if `calibrated`.
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
        """Whether claims are tested as they stand."""
        return self.rule is None and self.size is None and self.calibrated


@dataclass(frozen=True)
class ClaimResult:
    """A claim and what came of it.

    `shipped` is the effect, as claimed, between its arms as written, `at_values` that
    in the mixed population, both at the values of the table. `through` is the share of
    the shipped effect that runs through the claim's path, None where that
    effect is too small to tell, and for claims that are more than a plain contrast.
    `fixed` says that the sign is there by construction: the verdict then does not count
    as support.
    """

    claim: Claim
    verdict: Verdict
    shipped: Interval
    at_values: Interval
    through: Interval | None
    fixed: bool

    @property
    def counts(self) -> bool:
        """Whether the verdict speaks for the claim and its sign is no construction."""
        return self.speaks and not self.fixed

    @property
    def speaks(self) -> bool:
        """Whether the verdict speaks for the claim."""
        return self.verdict.kind in ("supported", "only_when")


def chosen(names: Sequence[str]) -> tuple[Claim, ...]:
    """Return claims by name, all where none is named; `InputError` for unknown ones."""
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
    """Return what came of claims, all where none is named.

    Raises `InputError` for unknown claims.
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
    """Return everything that claims are judged by: a row for each set, and more.

    Claims with the same arms share their rows, by the name of the first of them. Set
    after set, as claims have worlds of a set in common.
    """
    kept = RowCache(folder, "claims", _row, asdict(asked))
    calls: dict[str, tuple] = {}
    groups = tuple(dict.fromkeys(sharing(claim) for claim in wanted))
    for s, parameters in enumerate(all_sets(asked)):
        calls |= {f"{x[0]}/{s}": _call(x, s, parameters, asked) for x in groups}
    if asked.usual:
        at_values: tuple = ({}, 0, AT_VALUES, AT_VALUES, asked.seed)
        calls |= {f"{names[0]}/values": (names, *at_values) for names in groups}
        calls |= {f"{names[0]}/shipped": (names, asked.seed) for names in groups}
        plain = [claim for claim in wanted if claim.plain]
        calls |= {f"{claim.id}/path": (claim.id, asked.seed) for claim in plain}
    named = {name: (name.rpartition("/")[2], *call) for name, call in calls.items()}
    return work_through(kept, named, workers, progress)


def all_sets(asked: ClaimTest) -> list[Mapping[str, float]]:
    """Return the hypercube of a test, then the sets that pass calibration.

    Under another rule the latter mean nothing, as they were found under ours.
    """
    beyond = calibrated_sets()[:MOST_CALIBRATED] if asked.calibrated else ()
    return [*hypercube(asked.sets, asked.seed), *beyond]


def _call(
    names: tuple[str, ...], s: int, parameters: Mapping[str, float], asked: ClaimTest
) -> tuple:
    """Return what tells a row of claims that share worlds under parameter set `s`."""
    each = asked.organisations
    total = len(all_sets(asked)) * each
    who = (s * each, each, total, asked.seed)
    return (names, dict(parameters), *who, asked.rule, asked.size)


def _row(kind: str, *arguments: Any) -> Row:
    if kind == "shipped":
        return _shipped(*arguments)
    if kind == "path":
        return _path(*arguments)
    return lived_together(*arguments)


def _shipped(names: Sequence[str], seed: int) -> Row:
    """Return outcomes of arms as they are written, a list for each world, by claim."""
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
    """Return outcomes (sets, organisations, scenarios) of a claim, nan for none."""
    return np.array([_values(claim, rows, str(s)) for s in range(count)], dtype=float)


def _values(claim: Claim, rows: Mapping[str, Row], kind: str) -> list:
    """Return the outcomes of a claim in a row that it shares, nothing without one."""
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
    """Return the effect over some worlds, unknown where there are none."""
    table = np.array(values or np.empty((0, len(claim.scenarios))), dtype=float)
    return t_interval(verdicts.effects(claim, table))


def is_fixed(claim: Claim) -> bool:
    """Return whether the sign of a claim is fixed by construction.

    That of an interaction, or of a loss beyond its share, is not: both effects have the
    same sign.
    """
    if claim.beside or claim.in_proportion:
        return False
    base, scenario = (shipped(x).stages[-1] for x in (claim.base, claim.scenario))
    return bool(by_construction(base.levers, scenario.levers, claim.outcome))
