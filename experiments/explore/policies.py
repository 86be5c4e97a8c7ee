"""Policies over all uncertain factors: where they fail, and their regret."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.errors import InputError
from experiments.explore.boxes import BoxSearch, discovered
from experiments.explore.factors import Factor, hypercube, points_at
from experiments.explore.failing import Failing
from experiments.explore.points import Call, PointRuns, PointsProblem
from experiments.explore.regret import Regrets, regrets
from experiments.explore.sensing import TellCost
from simulation.outcomes import find
from simulation.whole_numbers import checks_numbers

FEWEST_POINTS = 40
"""Points below which nothing can be found on half and told on the other."""


@dataclass(frozen=True)
class Policy:
    """Where one policy fails.

    `fails` (points,) tells at which points it fails; `same` is the share of points at
    which both halves of the worlds agree on that.
    """

    name: str
    fails: np.ndarray
    found: BoxSearch
    same: float


@dataclass(frozen=True)
class Discovery:
    """The results of policies against a base, the first scenario of the question.

    `design` has the points (points, factors), from 0 to 1, without those `dropped`.
    `regret` is None if neither direction of the outcome is better, or fewer than two
    points have all values.
    """

    question: PointsProblem
    factors: tuple[Factor, ...]
    failing: Failing
    outcome: str
    design: np.ndarray
    policies: tuple[Policy, ...]
    regret: Regrets | None
    dropped: int


@checks_numbers
def discover(
    runs: PointRuns,
    factors: Sequence[Factor],
    failing: Failing,
    outcome: str,
    points: int = 400,
    tell_cost: TellCost | None = None,
) -> Discovery:
    """Find where the policies of a question fail and what regret they leave.

    The first scenario is the base; all are simulated in the same worlds at all points
    of a Latin hypercube. Raises `InputError` for too few points or no factors.
    """
    question = runs.question
    if points < FEWEST_POINTS:
        raise InputError(f"points: got {points}; at least {FEWEST_POINTS} are needed")
    factors = tuple(factors)
    if not factors:
        raise InputError("factors: there are none; name parameters that are not known")
    design = hypercube(len(factors), points, question.seed)
    calls = [Call(x, question.worlds) for x in points_at(factors, design)]
    if tell_cost:
        tell_cost(*runs.cost(calls))
    values = runs.values(calls)
    judged = values[..., question.outcomes.index(failing.outcome)]
    whole = np.isfinite(judged).all((1, 2))
    base, *others = np.moveaxis(judged[whole], 1, 0)
    names = [scenario.name for scenario in question.scenarios]
    policies = [
        _policy(name, factors, design[whole], failing, base, other, question.seed)
        for name, other in zip(names[1:], others, strict=True)
    ]
    good = find(outcome).good
    valued = values[..., question.outcomes.index(outcome)]
    regret = None
    if good != "neutral" and np.isfinite(valued).all((1, 2)).sum() > 1:
        regret = regrets(names, valued, good, question.seed)
    return Discovery(
        question,
        factors,
        failing,
        outcome,
        design[whole],
        tuple(policies),
        regret,
        int((~whole).sum()),
    )


def _policy(
    name: str,
    factors: tuple[Factor, ...],
    design: np.ndarray,
    failing: Failing,
    base: np.ndarray,
    other: np.ndarray,
    seed: int,
) -> Policy:
    if len(design) < FEWEST_POINTS:
        raise InputError(
            f"{name}: only {len(design)} points have a value of {failing.outcome};"
            f" at least {FEWEST_POINTS} are needed"
        )
    fails = failing.where(base, other)
    halves = [failing.where(base[:, k::2], other[:, k::2]) for k in (0, 1)]
    same = float((halves[0] == halves[1]).mean())
    return Policy(name, fails, discovered(factors, design, fails, seed), same)
