"""When a policy fails: worse than the base, or beyond a threshold."""

import re
from dataclasses import dataclass

import numpy as np

from experiments.errors import InputError, did_you_mean
from simulation.outcomes import OUTCOMES, Outcome, find

_THRESHOLD = re.compile(r"\s*(\w+)\s*([<>])\s*(\S+)\s*")


@dataclass(frozen=True)
class Failing:
    """A policy fails where an outcome is `below` (or above) `at`.

    The value is that of the policy if `level`, else its difference from the base in the
    same worlds; `at` is in the outcome's own unit, shares from 0 to 1.
    """

    outcome: str
    at: float
    below: bool
    level: bool

    def where(self, base: np.ndarray, policy: np.ndarray) -> np.ndarray:
        """Return where a policy fails, bool (points,), by means over worlds.

        `base` and `policy` are values (points, worlds).
        """
        values = (policy if self.level else policy - base).mean(-1)
        return values < self.at if self.below else values > self.at


def worse(outcome: str, than: str | None = None) -> Failing:
    """Return the rule that a policy fails where it is worse by more than `than`.

    By default the smallest difference that matters. Raises `InputError` for an outcome
    of which neither direction is worse, and for an invalid size.
    """
    measure = _outcome("outcome", outcome)
    if measure.good == "neutral":
        raise InputError(
            f"outcome: of {outcome} neither more nor less is worse; say when it fails:"
            f' --fails "{outcome} > NUMBER"'
        )
    size = measure.smallest_difference
    if than is not None:
        size = _number("than", than, measure)
        if size < 0:
            raise InputError(f"than: got {than}; allowed: 0 or more")
    higher = measure.good == "higher"
    return Failing(outcome, -size if higher else size, higher, False)


def threshold(text: str) -> Failing:
    """Return the rule of a text such as `margin < 0` or `burnout > 15%`.

    Raises `InputError` for another text, or an unknown outcome, with the nearest one.
    """
    parts = _THRESHOLD.fullmatch(text)
    if parts is None:
        raise InputError(
            f'fails: got "{text}"; allowed: OUTCOME < NUMBER or OUTCOME > NUMBER, such'
            ' as "margin < 0" or "burnout > 15%"'
        )
    name, sign, number = parts.groups()
    measure = _outcome("fails", name)
    return Failing(name, _number("fails", number, measure), sign == "<", True)


def _outcome(where: str, name: str) -> Outcome:
    if name not in OUTCOMES:
        hint = did_you_mean(name, OUTCOMES)
        raise InputError(f"{where}: unknown outcome {name!r}{hint}")
    return find(name)


def _number(where: str, text: str, outcome: Outcome) -> float:
    """Return the number in a text; a share may be `15%` or `0.15`."""
    is_share = outcome.display == "percent"
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        value = np.nan
    if text.endswith("%"):
        value = value / 100 if is_share else np.nan
    if not np.isfinite(value) or (is_share and abs(value) > 1):
        allowed = "a share such as 0.15 or 15%" if is_share else "a number"
        raise InputError(
            f"{where}: got {text}; allowed: {allowed}, as {outcome.id} is measured"
        )
    return float(value)
