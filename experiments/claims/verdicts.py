"""Verdicts on claims: how large, how sure, in which share of parameter sets, and when.

Effects are turned so that above zero is what the claim says. They come from S sets of
parameters with M organisations each, (S, M), in the outcome's unit.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr
from scipy.stats import rankdata

from experiments.claims import Claim
from experiments.claims.worlds import Drawn
from experiments.intervals import Interval, t_interval, welch_interval
from simulation.tables import lever_table

MOST = 0.9
"""Share of parameter sets in which the sign must hold."""
FEWEST = 12
"""Parameter sets on either side of a condition, in each half of the data."""
SURE = 0.99
"""Level at which a condition must hold in the half in which it was not found."""
SHUFFLES = 500
VERDICTS = ("supported", "only_when", "not_supported", "contrary", "too_small", "open")


@dataclass(frozen=True)
class Condition:
    """Where a claim holds though it does not everywhere, and where it does not.

    Found in one half of the parameter sets; `inside` and `outside` are mean effects in
    the other half. `side` is `above` or `below` for numbers (at `at`), else a setting.
    """

    factor: str
    side: str
    at: float | None
    inside: Interval
    outside: Interval


@dataclass(frozen=True)
class Verdict:
    """What came of a claim: its kind, the effect as claimed, and what goes with it.

    `holds` is the share of parameter sets in which the sign is as claimed, `plausible`
    that among sets that pass calibration. `condition` is where it holds, if only
    there. `decided_by` are parameters whose rank correlation with the effect exceeds
    what chance gives the largest of all.
    """

    kind: str
    effect: Interval
    holds: float
    plausible: float
    condition: Condition | None
    decided_by: tuple[tuple[str, float], ...]


def effects(claim: Claim, values: np.ndarray) -> np.ndarray:
    """Return effects (S, M), turned as claimed, from values (S, M, scenarios).

    Scenario minus base; for a comparative claim, minus what its rival does; for a joint
    one, minus what its parts do together.
    """
    gained = values[..., 1:] - values[..., :1]
    effect = gained[..., 0]
    if claim.than:
        effect = effect - gained[..., 1]
    if claim.parts:
        effect = effect - gained[..., 1:].sum(-1)
    return -effect if claim.direction == "lowers" else effect


def judge(
    claim: Claim,
    values: np.ndarray,
    sets: Sequence[Mapping[str, float]],
    organisations: Sequence[Sequence[Drawn]],
    calibrated: np.ndarray,
    seed: int = 0,
) -> Verdict:
    """Return the verdict on a claim.

    `values` (S, M, scenarios) are outcomes over a hypercube of parameter sets,
    `organisations[s][m]` what each organisation was drawn as, `calibrated` (C, M,
    scenarios) outcomes under sets that pass calibration.
    """
    effect = effects(claim, values)
    means = _mean(effect)
    around = t_interval(means)
    condition = None
    kind = _kind(claim, effect, around)
    if kind != "supported" and claim.direction != "leaves_unchanged":
        condition = find_condition(effect, sets, organisations, claim.smallest)
        kind = "only_when" if condition else kind
    decided = deciding(means, sets, seed)
    holds = share_holding(claim, effect)
    plausible = share_holding(claim, effects(claim, calibrated))
    return Verdict(kind, around, holds, plausible, condition, decided)


def _kind(claim: Claim, effect: np.ndarray, around: Interval) -> str:
    size = claim.smallest
    if not around.known:
        return "open"
    if claim.direction == "leaves_unchanged":
        if around.within(size):
            sure = share_holding(claim, effect) >= MOST
            return "supported" if sure else "not_supported"
        return "contrary" if around.low > size or around.high < -size else "open"
    if around.low > 0 and around.estimate > size:
        return "supported" if share_holding(claim, effect) >= MOST else "not_supported"
    if around.high < 0 and around.estimate < -size:
        return "contrary"
    if around.within(size):
        return "too_small"
    return "open" if around.high > size else "not_supported"


def share_holding(claim: Claim, effect: np.ndarray) -> float:
    """Return the share of parameter sets in which the claim's sign holds.

    Means over M organisations are noisy, so the share is that of a normal distribution
    whose spread between sets is what is left of their variance without the noise
    (random effects: DerSimonian & Laird 1986), and whose mean is known no better than
    its standard error. For claims of no change: the share within the smallest
    difference that matters.
    """
    means = _mean(effect)
    means = means[np.isfinite(means)]
    if len(means) < 2:
        return math.nan
    noise = _noise(effect)
    variance = float(means.var(ddof=1))
    between = math.sqrt(max(0.0, variance - noise) + variance / len(means))
    mean = float(means.mean())
    if claim.direction == "leaves_unchanged":
        ends = claim.smallest - mean, -claim.smallest - mean
        return float(_below(ends[0], between) - _below(ends[1], between))
    return float(_below(mean, between))


def _noise(effect: np.ndarray) -> float:
    """Return the variance of a set's mean that comes from its few organisations."""
    known = [row[np.isfinite(row)] for row in effect]
    errors = [row.var(ddof=1) / len(row) for row in known if len(row) > 1]
    return float(np.mean(errors)) if errors else 0.0


def _below(x: float, sd: float) -> float:
    return float(ndtr(x / sd)) if sd > 0 else float(x > 0)


def _mean(effect: np.ndarray) -> np.ndarray:
    """Return the mean over organisations of each set, nan where there is none."""
    there = np.isfinite(effect)
    total = np.where(there, effect, 0.0).sum(1)
    return np.divide(
        total, there.sum(1), np.full(len(effect), np.nan), where=there.any(1)
    )


def find_condition(
    effect: np.ndarray,
    sets: Sequence[Mapping[str, float]],
    organisations: Sequence[Sequence[Drawn]],
    smallest: float,
) -> Condition | None:
    """Return the condition under which a claim holds, None where none shows.

    The split of the even parameter sets that tells effects apart best is kept only if
    in the odd ones it still tells them apart, surely, and the mean effect on its better
    side alone exceeds zero, surely, and the smallest difference that matters.
    """
    splits = _splits(sets, organisations)
    first, second = np.arange(len(effect)) % 2 == 0, np.arange(len(effect)) % 2 == 1
    best, most = None, 0.0
    for name, side, at, inside in splits:
        one, other = _sides(effect, inside, first)
        if min(one.n, other.n) < FEWEST:
            continue
        apart = one.estimate - other.estimate
        error = math.hypot(one.sd / math.sqrt(one.n), other.sd / math.sqrt(other.n))
        t = apart / error if error > 0 else 0.0
        if t > most:
            best, most = (name, side, at, inside), t
    if best is None:
        return None
    name, side, at, inside = best
    one, other = _sides(effect, inside, second)
    there = one_value_a_set(effect, inside, second)
    elsewhere = one_value_a_set(effect, ~inside, second)
    sure = t_interval(there, SURE).low > 0 and _gap(there, elsewhere).low > 0
    if sure and one.estimate > smallest >= other.estimate:
        return Condition(name, side, at, one, other)
    return None


def _gap(there: np.ndarray, elsewhere: np.ndarray) -> Interval:
    """Return how much larger effects are where a condition holds, at `SURE`.

    Paired over parameter sets where sets have organisations on both sides.
    """
    both = np.isfinite(there) & np.isfinite(elsewhere)
    if both.sum() >= FEWEST:
        return t_interval((there - elsewhere)[both], SURE)
    return welch_interval(elsewhere, there, SURE)


def _sides(
    effect: np.ndarray, inside: np.ndarray, rows: np.ndarray
) -> tuple[Interval, Interval]:
    """Return mean effects where a condition holds and where not, over some sets.

    With one value for each set, so that its organisations do not count as many.
    """
    return (
        t_interval(one_value_a_set(effect, inside, rows)),
        t_interval(one_value_a_set(effect, ~inside, rows)),
    )


def one_value_a_set(
    effect: np.ndarray, inside: np.ndarray, rows: np.ndarray
) -> np.ndarray:
    """Return mean effects of some sets over those of their organisations inside."""
    return _mean(np.where(inside[rows], effect[rows], np.nan))


def _splits(
    sets: Sequence[Mapping[str, float]], organisations: Sequence[Sequence[Drawn]]
) -> list[tuple[str, str, float | None, np.ndarray]]:
    """Return every split: factor, side, where, and who is inside, (S, M)."""
    shape = (len(organisations), len(organisations[0]))
    people = np.array([[one.people for one in row] for row in organisations])
    numbers = {"people": people}
    for name in sets[0]:
        column = np.array([one[name] for one in sets])[:, None]
        numbers[name] = np.broadcast_to(column, shape)
    found: list[tuple[str, str, float | None, np.ndarray]] = []
    for name, values in numbers.items():
        at = float(np.median(values))
        found.append((name, "above", at, values > at))
        found.append((name, "below", at, values <= at))
    for name, lever in lever_table().items():
        drawn = np.array([[one.levers[name] for one in row] for row in organisations])
        found += [(name, setting, None, drawn == setting) for setting in lever.settings]
        if len(lever.settings) > 2:
            found += [(name, f"not {s}", None, drawn != s) for s in lever.settings]
    return found


def deciding(
    means: np.ndarray, sets: Sequence[Mapping[str, float]], seed: int = 0
) -> tuple[tuple[str, float], ...]:
    """Return the parameters that an effect hangs on, with their rank correlations.

    Kept are those beyond what the largest of all parameters reaches in 95 % of random
    orders of the sets (Westfall & Young 1993).
    """
    there = np.isfinite(means)
    names = list(sets[0])
    columns = np.array([[one[name] for name in names] for one in sets])[there]
    if len(columns) < FEWEST or not means[there].std() > 0:
        return ()
    ranks = _standard(np.apply_along_axis(rankdata, 0, columns))
    y = _standard(rankdata(means[there]))
    draw = np.random.default_rng(seed)
    shuffled = np.array([draw.permutation(y) for _ in range(SHUFFLES)])
    largest = abs(shuffled @ ranks / len(y)).max(1)
    chance = float(np.quantile(largest, 0.95))
    found = y @ ranks / len(y)
    order = np.argsort(-abs(found))
    return tuple((names[k], float(found[k])) for k in order if abs(found[k]) > chance)


def _standard(x: np.ndarray) -> np.ndarray:
    return (x - x.mean(0)) / x.std(0)
