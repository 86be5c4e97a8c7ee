"""Stand-ins for the model at a point: functions whose indices are known."""

import hashlib
import json
from functools import cache

import numpy as np

NOISE = 2.0
"""Standard deviation of chance in noisy stand-ins."""


def ishigami(question, point, worlds):
    """Ishigami & Homma (1990), a = 7, b = 0.1, of the first three factors."""
    x1, x2, x3 = _angles(point)
    value = np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)
    return _row(question, [[value] * len(worlds)])


def noisy_ishigami(question, point, worlds):
    """The same, and chance of each point and world: normal, sd `NOISE`."""
    x1, x2, x3 = _angles(point)
    value = np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)
    return _row(question, [[value + NOISE * _draw(point, k) for k in worlds]])


def only_chance(question, point, worlds):
    """Nothing but chance, of the point and the world."""
    return _row(question, [[_draw(point, k) for k in worlds]])


def with_lever(question, point, worlds):
    """A lever worth 0, 1 or 5 and a number that adds as much as it is, from 0 to 1."""
    setting = {"split": 0.0, "joined": 1.0, "spop": 5.0}[
        point.get("strategy_work", "split")
    ]
    value = setting + _unit(point)[0]
    return _row(question, [[value] * len(worlds)])


def paired(question, point, worlds):
    """The base is a large shared number, the other adds ten times the first factor."""
    u = _unit(point)
    base = [100 * u[1] + 50 * _draw({}, k) for k in worlds]
    return _row(question, [base, [x + 10 * u[0] for x in base]])


def _row(question, values):
    several = len(question.outcomes)
    return {"values": [[[x] * several for x in scenario] for scenario in values]}


def _unit(point):
    """Return how far the numbers of a point lie along their ranges; half without."""
    found = []
    for name, (low, high) in _ranges().items():
        found.append((point[name] - low) / (high - low) if name in point else 0.5)
    return found


@cache
def _ranges():
    from experiments.run.parameter_sets import unknown

    return {name: unknown()[name] for name in NAMES}


def _angles(point):
    return [np.pi * (2 * u - 1) for u in _unit(point)[:3]]


def _draw(point, world):
    """Return a standard normal draw of its own for each point and world."""
    text = json.dumps([point, world], sort_keys=True)
    digest = hashlib.sha256(text.encode()).digest()
    seed = int.from_bytes(digest[:8], "big")
    return float(np.random.default_rng(seed).standard_normal())


NAMES = ("visible_agrees", "prospects_per_item", "inbound_per_item", "spend_elasticity")


def boxed(question, point, worlds):
    """The other is better by 5 points, but far worse in one corner; a third by 1."""
    u = _unit(point)
    worse = u[0] > 0.6 and u[1] < 0.45
    base = [0.5 + 0.3 * _draw({}, k) for k in worlds]
    other = [x + (-0.2 if worse else 0.05) for x in base]
    return _row(question, [base, other, [x + 0.01 for x in base]])


def by_lever(question, point, worlds):
    """The other is worse where the strategy is not made together."""
    base = [0.5] * len(worlds)
    worse = point["strategy_work"] == "split"
    return _row(question, [base, [x - (0.1 if worse else 0.0) for x in base]])


def hopeless(question, point, worlds):
    """Whether the other is worse hangs on nothing that is drawn."""
    base = [0.5] * len(worlds)
    gap = -0.1 if _draw(point, -1) < -1 else 0.0
    return _row(question, [base, [x + gap for x in base]])
