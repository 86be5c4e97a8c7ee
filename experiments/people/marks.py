"""Widths of ties and sizes of nodes in pictures and on pages."""

import math

import numpy as np

from experiments.people.layout import RADIUS
from experiments.people.recorded import Node, Recording
from experiments.words.numerals import number, say

HOURS = {False: (0.1, 0.5, 1.0), True: (1.0, 5.0, 20.0)}
"""Contact hours a week from which ties are drawn thin, wider and widest: between
people, and between groups."""
WIDTHS = (0.25, 0.7, 1.6)
"""Of ties, times the width of lines in a style."""


def classes(hours: np.ndarray, grouped: bool) -> np.ndarray:
    """Return the width class of ties, 1 to 3; 0 for ties that are not drawn."""
    return np.searchsorted(HOURS[grouped], hours, side="right")


def size(node: Node) -> float:
    """Return the radius of a person or a group, in units of the layout.

    Larger groups have larger radii, up to 0.48.
    """
    if node.people == 1:
        return RADIUS
    return min(0.48, 0.2 + 0.02 * math.sqrt(node.people))


def explained(recording: Recording) -> list[str]:
    """Return the kinds of marks in a drawing, for its legend."""
    if recording.grouped:
        return ["group"]
    away = ["absent"] if recording.real else ["leave", "empty"]
    return ["person", "leader", "desk", *away]


def hours_told(k: int, grouped: bool, language: str) -> str:
    """Return the contact hours that lines of width `k` (0 to 2) stand for."""
    steps = HOURS[grouped]
    decimals = 0 if grouped else 1
    low = number(steps[k], language, decimals)
    if k == len(steps) - 1:
        return say("people_hours_from", language, low=low)
    high = number(steps[k + 1], language, decimals)
    return say("people_hours", language, low=low, high=high)
