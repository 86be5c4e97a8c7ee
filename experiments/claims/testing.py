"""Claims put to the test: over organisations, parameter sets, and by cutting paths.

Everything is kept as it comes, so that a test goes on where it stopped.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.claims import Claim, claims, verdicts
from experiments.claims.verdicts import Verdict
from experiments.claims.worlds import drawn, lived, moved, shipped
from experiments.errors import InputError
from experiments.evidence.calibration import hypercube
from experiments.evidence.sets import calibrated_sets
from experiments.intervals import Interval, t_interval
from experiments.kept import Kept, Row, work_through
from experiments.paths import share_through
from experiments.progress import Progress
from experiments.signs import by_construction
from simulation.scenario_errors import nearest
from simulation.whole_numbers import check_fields, checks_numbers

SETS = 64
ORGANISATIONS = 12
MOST_CALIBRATED = 24
SHIPPED_WORLDS = 32
AT_VALUES = 64
"""Organisations in which a claim is tested at the values of the table."""
CUT_WORLDS = 12


@dataclass(frozen=True)
class Asked:
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
class Tested:
    """A claim and what came of it.

    `shipped` is the effect, as claimed, between the scenarios that ship, `at_values`
    that in the mixed population, both at the values of the table. `through` is the
    share of the shipped effect that runs through the claim's path, None where that
    effect is too small to tell, and for comparative and joint claims.
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
        hints = [(name, nearest(name, list(known))) for name in wrong]
        raise InputError(
            "\n".join(
                f"unknown claim {name!r}" + (f"; did you mean {near}?" if near else "")
                for name, near in hints
            )
        )
    return tuple(known[name] for name in dict.fromkeys(names)) or tuple(known.values())


@checks_numbers
def put_to_the_test(
    names: Sequence[str],
    folder: Path,
    asked: Asked | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[Tested, ...]:
    """Return what came of claims, all where none is named.

    Raises `InputError` for unknown claims.
    """
    asked = asked or Asked()
    wanted = chosen(names)
    rows = rows_of(wanted, folder, asked, workers, progress)
    return tuple(_tested(claim, rows, asked) for claim in wanted)


def rows_of(
    wanted: Sequence[Claim],
    folder: Path,
    asked: Asked,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Mapping[str, Row]:
    """Return everything that claims are judged by: a row for each set, and more."""
    kept = Kept(folder, "claims", _row, asdict(asked))
    calls: dict[str, tuple] = {}
    for claim in wanted:
        calls |= _calls(claim, asked)
    if asked.usual:
        calls |= {f"{one.id}/shipped": (one.id, asked.seed) for one in wanted}
        at_values: tuple = ({}, 0, AT_VALUES, AT_VALUES, asked.seed)
        calls |= {f"{one.id}/values": (one.id, *at_values) for one in wanted}
        plain = [one for one in wanted if not (one.than or one.parts)]
        calls |= {f"{one.id}/path": (one.id, asked.seed) for one in plain}
    named = {name: (name.rpartition("/")[2], *call) for name, call in calls.items()}
    return work_through(kept, named, workers, progress)


def all_sets(asked: Asked) -> list[Mapping[str, float]]:
    """Return the hypercube of a test, then the sets that pass calibration.

    Under another rule the latter mean nothing, as they were found under ours.
    """
    beyond = calibrated_sets()[:MOST_CALIBRATED] if asked.calibrated else ()
    return [*hypercube(asked.sets, asked.seed), *beyond]


def _calls(claim: Claim, asked: Asked) -> dict[str, tuple]:
    """Return a call for each parameter set: hypercube first, then those calibrated."""
    sets = all_sets(asked)
    each, total = asked.organisations, len(sets) * asked.organisations
    return {
        f"{claim.id}/{s}": (
            claim.id,
            dict(one),
            s * each,
            each,
            total,
            asked.seed,
            asked.rule,
            asked.size,
        )
        for s, one in enumerate(sets)
    }


def _row(kind: str, *arguments: Any) -> Row:
    if kind == "shipped":
        return _shipped(*arguments)
    if kind == "path":
        return _path(*arguments)
    return lived(*arguments)


def _shipped(name: str, seed: int) -> Row:
    """Return outcomes of the scenarios that ship, a list for each world."""
    from experiments.runner import run

    [claim] = chosen([name])
    runs = run([shipped(x) for x in claim.scenarios], SHIPPED_WORLDS, seed, workers=1)
    table = runs.summaries([claim.outcome])[claim.outcome].to_numpy(float)
    values = table.reshape(len(claim.scenarios), -1).T
    return {"values": [[x if math.isfinite(x) else None for x in r] for r in values]}


def _path(name: str, seed: int) -> Row:
    """Return the share of the shipped effect that runs through the claim's path."""
    [claim] = chosen([name])
    path = "+".join(claim.path)
    share = share_through(
        path, claim.scenario, claim.base, claim.outcome, CUT_WORLDS, seed, workers=1
    )
    return {"share": asdict(share.share) if share.share else None}


def values_of(claim: Claim, rows: Mapping[str, Row], count: int) -> np.ndarray:
    """Return outcomes (sets, organisations, scenarios) of a claim, nan for none."""
    kept = [rows[f"{claim.id}/{s}"]["values"] for s in range(count)]
    return np.array(kept, dtype=float)


def _tested(claim: Claim, rows: Mapping[str, Row], asked: Asked) -> Tested:
    sets = hypercube(asked.sets, asked.seed)
    count = len(all_sets(asked))
    values = values_of(claim, rows, count)
    each = asked.organisations
    who = drawn(count * each, asked.seed, asked.size or claim.size)
    people = [who[s * each : (s + 1) * each] for s in range(len(sets))]
    here, beyond = values[: len(sets)], values[len(sets) :]
    verdict = verdicts.judge(claim, here, sets, people, beyond, moved(claim.scenarios))
    share = rows.get(f"{claim.id}/path", {"share": None})["share"]
    return Tested(
        claim,
        verdict,
        _effect(claim, rows.get(f"{claim.id}/shipped")),
        _effect(claim, rows.get(f"{claim.id}/values")),
        Interval(**share) if share else None,
        is_fixed(claim),
    )


def _effect(claim: Claim, row: Row | None) -> Interval:
    """Return the effect over the worlds of a row, unknown where there is none."""
    values = row["values"] if row else np.empty((0, len(claim.scenarios)))
    return t_interval(verdicts.effects(claim, np.array(values, dtype=float)))


def is_fixed(claim: Claim) -> bool:
    """Return whether the sign of a claim is fixed by construction."""
    base, scenario = (shipped(x).stages[-1] for x in (claim.base, claim.scenario))
    return bool(by_construction(base.levers, scenario.levers, claim.outcome))
