"""Judge claims: effect size, certainty, share of parameter sets, and conditions.

Effects are signed so that positive values agree with the claim. They come from S
parameter sets with M organisations each, (S, M), in the outcome's unit.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.science.claims.ledger import AT_MOST, Claim
from experiments.science.claims.worlds import OrganisationDraw
from experiments.statistics.deciding import FEWEST, deciding
from experiments.statistics.intervals import Interval, t_interval, welch_interval
from experiments.statistics.shares import (
    SignShare,
    set_means,
    share_inside,
    share_of_sets,
    share_true,
)
from simulation.tables import lever_table

SURE = 0.99
"""Level at which a condition must hold in the half in which it was not found."""
VERDICTS = ("supported", "only_when", "not_supported", "contrary", "open")
REASONS = (
    *("too_small", "leans", "not_everywhere", "not_calibrated", "no_gain", "changes"),
    *("borderline", "uncertain_share", "uncertain"),
)
"""Why a claim is not supported (first row), or open (second)."""


@dataclass(frozen=True)
class Condition:
    """A condition under which a claim holds that does not hold everywhere.

    It is found in one half of the parameter sets; `inside` and `outside` are the mean
    effects in the other half. `side` is `above` or `below` the number `at`, or else a
    setting of a lever (`at` is None).
    """

    factor: str
    side: str
    at: float | None
    inside: Interval
    outside: Interval


@dataclass(frozen=True)
class ClaimVerdict:
    """The verdict on a claim: its kind, the effect as claimed, and supporting numbers.

    `why` is one of `REASONS`, empty if the claim holds or is contradicted. `holds` is
    the share of parameter sets in which the sign is as claimed. `calibrated` and
    `holds_calibrated` are the effect and the raw share among sets that pass
    calibration. `condition` says where the claim holds, if only there. `decided_by` are
    parameters whose rank correlation with the effect exceeds what chance gives the
    largest of all. `better` and `worse` are the shares of single organisations in which
    the effect exceeds the smallest difference that matters, as claimed and the other
    way. `gain` and `kept` belong to claims of no change: what there was to keep, and
    the share of it that was kept.
    """

    kind: str
    why: str
    effect: Interval
    holds: SignShare
    calibrated: Interval
    holds_calibrated: float
    condition: Condition | None
    decided_by: tuple[tuple[str, float], ...]
    better: float
    worse: float
    gain: Interval | None = None
    kept: float | None = None


def effects(claim: Claim, values: np.ndarray) -> np.ndarray:
    """Return effects (S, M), signed as claimed, from values (S, M, scenarios).

    An effect is scenario minus base. From it is subtracted: for a comparative claim,
    the rival's effect; for a joint claim, the sum of its parts' effects; for an
    interaction, the effect between the other two arms.
    """
    gained = values[..., 1:] - values[..., :1]
    effect = gained[..., 0]
    if claim.than:
        effect = effect - gained[..., 1]
    if claim.parts:
        effect = effect - gained[..., 1:].sum(-1)
    if claim.beside:
        effect = effect - (values[..., 3] - values[..., 2])
    return -effect if claim.direction in ("lowers", "does_not_raise") else effect


def judge(
    claim: Claim,
    values: np.ndarray,
    sets: Sequence[Mapping[str, float]],
    organisations: Sequence[Sequence[OrganisationDraw]],
    calibrated: np.ndarray,
    moved: Collection[str] = (),
    seed: int = 0,
) -> ClaimVerdict:
    """Return the verdict on a claim.

    `values` (S, M, scenarios) are outcomes over a hypercube of parameter sets.
    `organisations[s][m]` holds the people and levers drawn for each organisation.
    `calibrated` (C, M, scenarios) are outcomes under sets that pass calibration. Levers
    in `moved` cannot be conditions, as the claim's scenarios set them. `seed` is that
    of the resampling.
    """
    effect = effects(claim, values)
    means = set_means(effect)
    around = t_interval(means)
    under = effects(claim, calibrated)
    beyond = t_interval(set_means(under))
    holds = share_holding(claim, effect, seed)
    gain = gained(values) if claim.gained_over else None
    kind, why = _kind(claim, around, holds, beyond, gain)
    condition = None
    if kind != "supported" and claim.direction in ("raises", "lowers"):
        condition = find_condition(effect, sets, organisations, claim.smallest, moved)
        kind, why = ("only_when", "") if condition else (kind, why)
    return ClaimVerdict(
        kind,
        why,
        around,
        holds,
        beyond,
        share_inside(set_means(under) + _margin(claim), _within(claim)),
        condition,
        deciding(means, sets, seed),
        share_true(effect > claim.smallest, effect),
        share_true(effect < -claim.smallest, effect),
        gain,
        1 + around.estimate / gain.estimate if gain else None,
    )


def gained(values: np.ndarray) -> Interval:
    """Return the base minus `gained_over`, the last of the scenarios."""
    return t_interval(set_means(values[..., 0] - values[..., -1]))


def _kind(
    claim: Claim,
    around: Interval,
    holds: SignShare,
    calibrated: Interval,
    gain: Interval | None,
) -> tuple[str, str]:
    """Return the kind of verdict on a claim, and the reason."""
    size = claim.smallest
    if not around.known:
        return "open", "uncertain"
    if gain is not None:
        return _kept(size, around, holds, gain)
    if claim.direction in AT_MOST:
        return _no_worse(size, around, holds, calibrated)
    if around.low > 0 and around.estimate > size:
        return _robust(holds, calibrated, size)
    if around.high < 0:
        far = around.estimate < -size
        return ("contrary", "") if far else ("not_supported", "leans")
    if around.high > size:
        return "open", "borderline" if around.low > 0 else "uncertain"
    return "not_supported", "too_small"


def _robust(holds: SignShare, calibrated: Interval, size: float) -> tuple[str, str]:
    """Return kind and reason for an effect that is large enough on average."""
    if calibrated.known and not (calibrated.low > 0 and calibrated.estimate > size):
        return "not_supported", "not_calibrated"
    if holds.most is None:
        return "open", "uncertain_share"
    return ("supported", "") if holds.most else ("not_supported", "not_everywhere")


def _kept(
    size: float, around: Interval, holds: SignShare, gain: Interval
) -> tuple[str, str]:
    """Return kind and reason for a claim of no change: only a gain can be kept."""
    if not (gain.low > 0 and gain.estimate > size):
        return ("not_supported" if gain.high < size else "open"), "no_gain"
    if around.within(size):
        if holds.most is None:
            return "open", "uncertain_share"
        return ("supported", "") if holds.most else ("not_supported", "not_everywhere")
    far = around.low > size or around.high < -size
    return ("not_supported", "changes") if far else ("open", "borderline")


def _no_worse(
    size: float, around: Interval, holds: SignShare, calibrated: Interval
) -> tuple[str, str]:
    """Return kind and reason for a claim that an effect does not go the other way.

    The claim needs any effect the other way to be surely smaller than the smallest
    difference that matters (a test of non-inferiority).
    """
    if around.high < -size:
        return "contrary", ""
    if around.low <= -size:
        return "open", "uncertain"
    if calibrated.known and calibrated.low <= -size:
        return "not_supported", "not_calibrated"
    if holds.most is None:
        return "open", "uncertain_share"
    return ("supported", "") if holds.most else ("not_supported", "not_everywhere")


def share_holding(claim: Claim, effect: np.ndarray, seed: int = 0) -> SignShare:
    """Return the share of parameter sets in which the claim's sign holds.

    For claims of no change: the share within the smallest difference that matters. For
    claims that an effect does not go the other way: the share above minus that
    difference.
    """
    return share_of_sets(effect + _margin(claim), _within(claim), seed)


def _margin(claim: Claim) -> float:
    return claim.smallest if claim.direction in AT_MOST else 0.0


def _within(claim: Claim) -> float | None:
    return claim.smallest if claim.direction == "leaves_unchanged" else None


def find_condition(
    effect: np.ndarray,
    sets: Sequence[Mapping[str, float]],
    organisations: Sequence[Sequence[OrganisationDraw]],
    smallest: float,
    moved: Collection[str] = (),
) -> Condition | None:
    """Return the condition under which a claim holds, or None.

    Even-numbered parameter sets select the split that separates effects best. It counts
    only if, in the odd-numbered sets, it surely still separates them; the mean effect
    on the better side surely exceeds zero; and this mean exceeds the smallest
    difference that matters while that on the other side does not.
    """
    splits = _splits(sets, organisations, moved)
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
    if min(one.n, other.n) < FEWEST:
        return None
    there = one_value_a_set(effect, inside, second)
    elsewhere = one_value_a_set(effect, ~inside, second)
    sure = t_interval(there, SURE).low > 0 and _gap(there, elsewhere).low > 0
    if sure and one.estimate > smallest >= other.estimate:
        return Condition(name, side, at, one, other)
    return None


def _gap(there: np.ndarray, elsewhere: np.ndarray) -> Interval:
    """Return how much larger effects are where a condition holds, at level `SURE`.

    The difference is paired over the parameter sets that have organisations on both
    sides if these are at least `FEWEST`; else it is Welch's.
    """
    both = np.isfinite(there) & np.isfinite(elsewhere)
    if both.sum() >= FEWEST:
        return t_interval((there - elsewhere)[both], SURE)
    return welch_interval(elsewhere, there, SURE)


def _sides(
    effect: np.ndarray, inside: np.ndarray, rows: np.ndarray
) -> tuple[Interval, Interval]:
    """Return mean effects where a condition holds and where it does not.

    Each of the sets `rows` counts as one value, not one per organisation.
    """
    return (
        t_interval(one_value_a_set(effect, inside, rows)),
        t_interval(one_value_a_set(effect, ~inside, rows)),
    )


def one_value_a_set(
    effect: np.ndarray, inside: np.ndarray, rows: np.ndarray
) -> np.ndarray:
    """Return, for each set of `rows`, the mean effect of its organisations inside."""
    return set_means(np.where(inside[rows], effect[rows], np.nan))


def _splits(
    sets: Sequence[Mapping[str, float]],
    organisations: Sequence[Sequence[OrganisationDraw]],
    moved: Collection[str],
) -> list[tuple[str, str, float | None, np.ndarray]]:
    """Return every split: factor, side, threshold, and who is inside, bool (S, M)."""
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
        if name in moved:
            continue
        drawn = np.array([[one.levers[name] for one in row] for row in organisations])
        found += [(name, setting, None, drawn == setting) for setting in lever.settings]
        if len(lever.settings) > 2:
            found += [(name, f"not {s}", None, drawn != s) for s in lever.settings]
    return found
