"""Find which weights, when set to zero, remove a claim's effect.

These are the assumptions that would have to be untrue for the claim to fail.

Plausible ranges of assumed weights hardly ever include zero, so no parameter set shows
whether a conclusion depends on such a weight. Here each weight is set to zero alone,
with all other parameters at the table's values, in the same organisations and worlds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.files.progress import Progress
from experiments.run.parameter_sets import unknown
from experiments.run.row_cache import Row, RowCache, work_through
from experiments.science.claims import Claim, verdicts
from experiments.science.claims.testing import chosen
from experiments.science.claims.worlds import PopulationPart, lived
from experiments.statistics.intervals import Interval, t_interval
from experiments.statistics.paired import level_together
from simulation.tables import PARAMETERS
from simulation.whole_numbers import checks_numbers

ORGANISATIONS = 24
VALUES = "values"


@dataclass(frozen=True)
class Without:
    """A claim without a weight: its effect as claimed, and the shift from `ours`.

    `ours` is the effect with the weight, in the same worlds. The intervals of `shift`
    hold jointly over all weights.
    """

    claim: Claim
    parameter: str
    ours: Interval
    effect: Interval
    shift: Interval

    @property
    def left(self) -> float:
        """The share of the effect that is left without the weight."""
        return self.effect.estimate / self.ours.estimate

    @property
    def sure(self) -> bool:
        """Whether the weight surely carries part of the effect."""
        return self.shift.high < 0


def weights() -> list[str]:
    """Return unknown parameters that may be 0 but whose plausible range excludes 0."""
    return [
        name
        for name, (low, high) in unknown().items()
        if PARAMETERS[name].low <= 0 <= PARAMETERS[name].high and not low <= 0 <= high
    ]


@checks_numbers
def without_weights(
    names: Sequence[str],
    folder: Path,
    seed: int = 1,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[Without, ...]:
    """Return each claim without each weight, weights that carry most of it first.

    Rows are cached in `folder`. Raises `InputError` for unknown claims.
    """
    wanted = chosen(names)
    settings = {"seed": seed, "organisations": ORGANISATIONS}
    kept = RowCache(folder, "weights", _row, settings)
    calls: dict[str, tuple] = {}
    for claim in wanted:
        for name, values in (VALUES, {}), *((w, {w: 0.0}) for w in weights()):
            calls[f"{claim.id}/{name}"] = (claim.id, values, seed, ORGANISATIONS)
    rows = work_through(kept, calls, workers, progress)
    found = [_without(claim, weight, rows) for claim in wanted for weight in weights()]
    return tuple(sorted(found, key=lambda one: (wanted.index(one.claim), one.left)))


def _row(claim: str, parameters: dict[str, float], seed: int, count: int) -> Row:
    return lived(claim, parameters, PopulationPart(0, count, count, seed))


def _without(claim: Claim, weight: str, rows: dict[str, Row]) -> Without:
    ours, theirs = (
        verdicts.effects(claim, np.array(rows[f"{claim.id}/{x}"]["values"], float))
        for x in (VALUES, weight)
    )
    level = level_together(len(weights()))
    return Without(
        claim,
        weight,
        t_interval(ours),
        t_interval(theirs),
        t_interval(theirs - ours, level),
    )
