"""Shifts of claims under other rules, in the same parameter sets and organisations.

Effects under another rule are paired set by set with those under the model's own rule,
so that a shift is not due to the luck of other organisations.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from experiments.files.progress import Progress
from experiments.science.claims import Claim, verdicts
from experiments.science.claims.alternatives import find_rule
from experiments.science.claims.testing import ClaimTest, chosen, rows_of, values_of
from experiments.statistics.intervals import Interval, t_interval
from experiments.statistics.shares import set_means
from simulation.whole_numbers import checks_numbers


@dataclass(frozen=True)
class Shift:
    """A claim under another rule: its effect there, and the shift from our effect.

    All effects are signed as claimed and are means over parameter sets. `ours` is the
    effect under the model's own rule in the same sets, organisations and worlds;
    `shift` is the paired difference, `effect` minus `ours`.
    """

    claim: Claim
    rule: str
    ours: Interval
    effect: Interval
    shift: Interval

    @property
    def differs(self) -> bool:
        """Whether the shift is sure and exceeds the claim's smallest difference."""
        return not self.shift.spans_zero and (
            abs(self.shift.estimate) > self.claim.smallest
        )

    @property
    def matters(self) -> bool:
        """Whether the effect under the other rule is sure and large enough."""
        return self.effect.low > 0 and self.effect.estimate > self.claim.smallest


@checks_numbers
def under_rules(
    names: Sequence[str],
    rules: Sequence[str],
    folder: Path,
    asked: ClaimTest,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[Shift, ...]:
    """Return the shift of each claim under each rule; no names means all claims.

    Rows are cached in `folder`. Raises `InputError` for unknown claims and rules.
    """
    wanted = chosen(names)
    known = [find_rule(rule).name for rule in rules]
    plain = replace(asked, rule=None, calibrated=False)
    here = _effects(wanted, folder, plain, workers, progress)
    found = []
    for rule in known:
        there = _effects(wanted, folder, replace(plain, rule=rule), workers, progress)
        for claim, ours, theirs in zip(wanted, here, there, strict=True):
            means = [set_means(x) for x in (ours, theirs, theirs - ours)]
            found.append(Shift(claim, rule, *(t_interval(x) for x in means)))
    return tuple(found)


def _effects(
    wanted: Sequence[Claim],
    folder: Path,
    asked: ClaimTest,
    workers: int | None,
    progress: Progress | None,
) -> list[np.ndarray]:
    """Return the effects of each claim, (S sets, M organisations)."""
    rows = rows_of(wanted, folder, asked, workers, progress)
    return [
        verdicts.effects(claim, values_of(claim, rows, asked.sets)) for claim in wanted
    ]
