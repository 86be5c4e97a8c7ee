"""How ties and nodes are drawn, in pictures and on pages: widths and sizes."""

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
    """Return how wide ties are drawn, 1 to 3, and 0 for those that are not."""
    return np.searchsorted(HOURS[grouped], hours, side="right")


def size(node: Node) -> float:
    """Return the radius of a person, or of a group: larger with more people."""
    if node.people == 1:
        return RADIUS
    return min(0.48, 0.2 + 0.02 * math.sqrt(node.people))


def explained(recording: Recording) -> list[str]:
    """Return the kinds of marks that stand in a drawing, for those who read it."""
    if recording.grouped:
        return ["group"]
    away = ["absent"] if recording.real else ["leave", "empty"]
    return ["person", "leader", "desk", *away]


def hours_told(k: int, grouped: bool, language: str) -> str:
    """Return which contact the lines of width `k` stand for."""
    steps = HOURS[grouped]
    decimals = 0 if grouped else 1
    low = number(steps[k], language, decimals)
    if k == len(steps) - 1:
        return say("people_hours_from", language, low=low)
    high = number(steps[k + 1], language, decimals)
    return say("people_hours", language, low=low, high=high)
