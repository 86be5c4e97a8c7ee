"""Scenario discovery: boxes of factor values in which a policy fails.

A shallow decision tree (Breiman et al., 1984) is fitted to half of the points, pruned
by cross-validation, and gives boxes. The other half estimates the share of all failing
points inside a box (coverage) and the share of a box that fails (density; Bryant &
Lempert, 2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import hypergeom

from experiments.explore.factors import Factor
from experiments.statistics.intervals import LEVEL, Interval, share_interval

DEPTH = 3
FOLDS = 5
FEWEST = 10
"""Below so many points that fail, or that do not, on a half, no box is sought."""
SMALLEST_LEAF = 0.04
"""The smallest box, as a share of the points that find it."""


@dataclass(frozen=True)
class Limit:
    """A factor above `low` and at most `high`, or at one of `settings`."""

    factor: str
    low: float
    high: float
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Box:
    """Limits in the order of the tree, with estimates from the other half of points.

    `coverage` is the share of the failing points that lie inside, `density` the share
    of the points inside that fail, `mass` the share of all points that lie inside.
    """

    limits: tuple[Limit, ...]
    coverage: Interval
    density: Interval
    mass: float


@dataclass(frozen=True)
class BoxSearch:
    """The share of points that fail, and the confirmed boxes, if any.

    `sought` is false if too few points fail, or too few do not. `important` are the
    factors that the tree uses, the most important first.
    """

    share: Interval
    boxes: tuple[Box, ...]
    sought: bool
    important: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Column:
    """A column of the tree's input: a number, or whether a lever has a setting."""

    factor: Factor
    setting: str = ""


def discovered(
    factors: Sequence[Factor], points: np.ndarray, fails: np.ndarray, seed: int = 0
) -> BoxSearch:
    """Return the boxes in which points (N, factors), from 0 to 1, fail: bool (N,).

    A box is kept if more points of the other half fail in it than by chance, at a level
    for all boxes together (Bonferroni).
    """
    n = len(fails)
    whole = _share(int(fails.sum()), n)
    order = np.random.default_rng(seed).permutation(n)
    finds, tells = order[: n // 2], order[n // 2 :]
    few = min(fails[finds].sum(), (~fails[finds]).sum(), fails[tells].sum())
    if few < FEWEST:
        return BoxSearch(whole, (), False)
    columns = _columns(factors)
    seen = np.column_stack([_seen(c, factors, points) for c in columns])
    tree = _pruned(seen[finds], fails[finds], seed)
    boxes = [_limits(tree, node, columns) for node in _dense(tree)]
    told = [_box(x, factors, points[tells], fails[tells], len(boxes)) for x in boxes]
    kept = sorted((box for box in told if box), key=lambda x: -x.coverage.estimate)
    weights = tree.feature_importances_
    first = [k for k in np.argsort(-weights, kind="stable") if weights[k] > 0]
    important = tuple(dict.fromkeys(columns[k].factor.name for k in first))
    return BoxSearch(whole, tuple(kept), True, important)


def inside(
    limits: Sequence[Limit], factors: Sequence[Factor], points: np.ndarray
) -> np.ndarray:
    """Return which points (N, factors), from 0 to 1, lie within all limits."""
    places = {factor.name: k for k, factor in enumerate(factors)}
    held = np.ones(len(points), bool)
    for limit in limits:
        factor, column = factors[places[limit.factor]], points[:, places[limit.factor]]
        values = np.array([factor.at(float(u)) for u in column])
        if limit.settings:
            held &= np.isin(values, limit.settings)
        else:
            held &= (values > limit.low) & (values <= limit.high)
    return held


def _columns(factors: Sequence[Factor]) -> list[_Column]:
    columns = []
    for factor in factors:
        if factor.settings:
            # Of two settings one column is enough; the other would repeat it.
            shown = factor.settings[len(factor.settings) == 2 :]
            columns += [_Column(factor, setting) for setting in shown]
        else:
            columns.append(_Column(factor))
    return columns


def _seen(column: _Column, factors: Sequence[Factor], points: np.ndarray) -> np.ndarray:
    drawn = points[:, list(factors).index(column.factor)]
    values = [column.factor.at(float(u)) for u in drawn]
    if column.setting:
        return np.array([float(value == column.setting) for value in values])
    return np.array(values, float)


def _pruned(seen: np.ndarray, fails: np.ndarray, seed: int) -> Any:
    """Return a tree, pruned to predict best the failing of points left out.

    It is the smallest tree within a standard error of the best (Breiman et al., 1984)
    by cross-validated squared error of its shares (Brier, 1950).
    """
    from sklearn.model_selection import StratifiedKFold
    from sklearn.tree import DecisionTreeClassifier

    leaf = max(FEWEST // 2, int(SMALLEST_LEAF * len(fails)))

    def tree(alpha: float = 0.0) -> Any:
        return DecisionTreeClassifier(
            max_depth=DEPTH, min_samples_leaf=leaf, ccp_alpha=alpha, random_state=seed
        )

    alphas = tree().cost_complexity_pruning_path(seen, fails).ccp_alphas
    alphas = np.sqrt(np.maximum(alphas[:-1], 0) * np.maximum(alphas[1:], 0))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    errors = np.zeros((len(alphas), len(fails)))
    for first, left in folds.split(seen, fails):
        for k, alpha in enumerate(alphas):
            grown = tree(alpha).fit(seen[first], fails[first])
            errors[k, left] = (grown.predict_proba(seen[left])[:, 1] - fails[left]) ** 2
    share = fails.mean()
    errors = np.vstack((errors, (share - fails) ** 2))  # no tree at all
    means = errors.mean(1)
    best = int(means.argmin())
    doubt = errors[best].std(ddof=1) / np.sqrt(len(fails))
    chosen = np.flatnonzero(means <= means[best] + doubt).max()
    steps = [*alphas, 1.0]
    return tree(float(steps[chosen])).fit(seen, fails)


def _dense(tree: Any) -> list[int]:
    """Return the highest nodes whose leaves all fail more often than all points do."""
    grown = tree.tree_
    shares = grown.value[:, 0, -1]

    def dense(node: int) -> list[int]:
        left, right = grown.children_left[node], grown.children_right[node]
        if left < 0:
            return [node] if shares[node] > shares[0] else []
        rows = [*dense(left), *dense(right)]
        return [node] if {left, right} <= set(rows) and node else rows

    return dense(0)


def _limits(tree: Any, node: int, columns: Sequence[_Column]) -> tuple[Limit, ...]:
    """Return the limits on the path from the root of a tree to a node."""
    grown = tree.tree_
    steps: list[tuple[_Column, float, bool]] = []
    while node:
        lefts = np.flatnonzero(grown.children_left == node)
        parent = int(
            lefts[0] if len(lefts) else np.flatnonzero(grown.children_right == node)[0]
        )
        column = columns[grown.feature[parent]]
        steps.append((column, float(grown.threshold[parent]), bool(len(lefts))))
        node = parent
    limits: dict[str, Limit] = {}
    for column, at, is_left in reversed(steps):
        factor = column.factor
        old = limits.get(
            factor.name, Limit(factor.name, -np.inf, np.inf, factor.settings)
        )
        limits[factor.name] = _narrowed(old, column.setting, at, is_left)
    return tuple(limits.values())


def _narrowed(old: Limit, setting: str, at: float, is_left: bool) -> Limit:
    if setting:
        rest = tuple(x for x in old.settings if (x == setting) != is_left)
        return Limit(old.factor, old.low, old.high, rest)
    if is_left:
        return Limit(old.factor, old.low, min(old.high, at))
    return Limit(old.factor, max(old.low, at), old.high)


def _box(
    limits: tuple[Limit, ...],
    factors: Sequence[Factor],
    points: np.ndarray,
    fails: np.ndarray,
    boxes: int,
) -> Box | None:
    """Return a box with estimates from these points, or None if not confirmed."""
    there = inside(limits, factors, points)
    both = int((there & fails).sum())
    chance = hypergeom.sf(both - 1, len(fails), int(fails.sum()), int(there.sum()))
    if chance > (1 - LEVEL) / boxes:
        return None
    coverage, density = _share(both, int(fails.sum())), _share(both, int(there.sum()))
    return Box(limits, coverage, density, float(there.mean()))


def _share(count: int, of: int) -> Interval:
    """Return a share with Wilson's interval."""
    share = count / of
    low, high = share_interval(count, of)
    spread = float(np.sqrt(share * (1 - share)))
    return Interval(share, low, high, LEVEL, of, 0, spread, "wilson")
