"""Sensitivity analysis: screening of all factors, then Sobol indices of those kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.errors import InputError
from experiments.explore.chance import Chance, chance, own_worlds
from experiments.explore.factors import Factor, hypercube, points_at
from experiments.explore.indices import Indices, decomposed, design
from experiments.explore.points import Call, PointRuns, PointsProblem
from experiments.explore.screening import (
    Screening,
    choose_factors,
    screened,
    trajectories,
)

TellCost = Callable[[int, float], None]
"""Hears how many runs are still to be lived, and about how many minutes they take."""


@dataclass(frozen=True)
class SamplingEffort:
    """Sizes of the samples: trajectories, factors kept, points, points for chance."""

    trajectories: int = 10
    keep: int = 8
    points: int = 128
    chance_points: int = 128


@dataclass(frozen=True)
class OutcomeSensitivity:
    """What decides one outcome: `screened` has all factors, `indices` those kept."""

    outcome: str
    screened: Screening
    indices: Indices
    chance: Chance

    @property
    def again(self) -> float:
        """The share of the kept factors that other trajectories would keep too."""
        return self.screened.kept_again(len(self.indices.names))

    @property
    def covered(self) -> float:
        """The variance over the kept factors as a share of that over all factors.

        At most 1; nan if the variance over all factors is not surely above zero.
        """
        whole = self.chance.unknown
        if not (whole.low > 0 and self.indices.known):
            return float("nan")
        return min(1.0, self.indices.variance.estimate / whole.estimate)


@dataclass(frozen=True)
class Sensitivity:
    """What decides each outcome of a question, with factors and sample sizes."""

    question: PointsProblem
    factors: tuple[Factor, ...]
    effort: SamplingEffort
    outcomes: tuple[OutcomeSensitivity, ...]


def sense(
    runs: PointRuns,
    factors: Sequence[Factor],
    effort: SamplingEffort = SamplingEffort(),
    tell_cost: TellCost | None = None,
) -> Sensitivity:
    """Find which factors decide the outcomes of one scenario, or a paired difference.

    With two scenarios in the question the difference is the second minus the first, in
    the same worlds. Raises `InputError` for invalid sample sizes or no factors.
    """
    question = runs.question
    factors, keep = tuple(factors), min(effort.keep, len(factors))
    _check(factors, effort)
    moves = trajectories(len(factors), effort.trajectories, question.seed)
    paths = [
        Call(point, question.worlds)
        for point in points_at(factors, moves.reshape(-1, len(factors)))
    ]
    spread = points_at(
        factors, hypercube(len(factors), effort.chance_points, question.seed)
    )
    worlds = own_worlds(effort.chance_points, question.replicates)
    alone = [Call(x, w) for x, w in zip(spread, worlds, strict=True)]
    if tell_cost:
        later = effort.points * (keep + 2) * question.replicates
        tell_cost(*runs.cost([*paths, *alone], later * len(question.scenarios)))
    values = _answers(runs, paths).reshape(*moves.shape[:2], question.replicates, -1)
    seen = [screened(factors, moves, values[..., k]) for k in range(values.shape[-1])]
    decisive = [factors[k] for k in choose_factors(seen, keep)]
    pairs = _answers(runs, alone)
    shares = _taken_apart(runs, decisive, effort.points)
    names = [factor.name for factor in decisive]
    sensitivities = [
        OutcomeSensitivity(
            name, seen[k], decomposed(names, shares[..., k]), chance(pairs[..., k])
        )
        for k, name in enumerate(question.outcomes)
    ]
    return Sensitivity(question, factors, effort, tuple(sensitivities))


def _taken_apart(runs: PointRuns, factors: Sequence[Factor], points: int) -> np.ndarray:
    """Simulate a Sobol design: (factors + 2, points, worlds, outcomes)."""
    drawn = design(len(factors), points, runs.question.seed)
    worlds = runs.question.worlds
    calls = [
        Call(x, worlds) for x in points_at(factors, drawn.reshape(-1, len(factors)))
    ]
    return _answers(runs, calls).reshape(*drawn.shape[:2], len(worlds), -1)


def _answers(runs: PointRuns, calls: Sequence[Call]) -> np.ndarray:
    """Return values (points, worlds, outcomes): of one, or second minus first."""
    values = runs.values(calls)
    return values[:, 1] - values[:, 0] if values.shape[1] == 2 else values[:, 0]


def _check(factors: Sequence[Factor], effort: SamplingEffort) -> None:
    wrong = []
    if not factors:
        wrong.append("factors: there are none; name parameters that are not known")
    if effort.trajectories < 2:
        wrong.append(f"trajectories: got {effort.trajectories}; at least 2 are needed")
    if effort.points < 8 or effort.points & (effort.points - 1):
        wrong.append(f"points: got {effort.points}; a power of two from 8 on is needed")
    if effort.keep < 1:
        wrong.append(f"keep: got {effort.keep}; at least 1 is needed")
    if wrong:
        raise InputError("\n".join(wrong))
