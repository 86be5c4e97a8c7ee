"""Fang, Lee & Schilling (2010) in plain numpy, from its description, no rule of ours.

Nobody has a limit of ties here.
"""

import numpy as np


def run(rng, beta, s, groups, size, m, periods, p3=0.0, p4=0.0, p=0.3):
    """Return the mean payoff per period as a share of the highest."""
    n = groups * size
    linked = _ties(rng, beta, groups, size)
    reality = rng.choice([-1, 1], m)
    beliefs = rng.integers(-1, 2, (n, m))
    path = [_payoff(beliefs, reality, s).mean() / m]
    for _ in range(periods):
        reality = np.where(rng.random(m) < p4, -reality, reality)
        leaves = rng.random(n) < p3
        beliefs[leaves] = rng.integers(-1, 2, (leaves.sum(), m))
        payoff = _payoff(beliefs, reality, s)
        superior = linked & (payoff[None, :] > payoff[:, None])
        majority = np.sign(superior.astype(int) @ beliefs)
        adopts = (majority != 0) & (rng.random((n, m)) < p)
        beliefs = np.where(adopts, majority, beliefs)
        path.append(_payoff(beliefs, reality, s).mean() / m)
    return np.array(path)


def _payoff(beliefs, reality, s):
    right = beliefs == reality
    blocks = [right[:, k : k + s] for k in range(0, right.shape[1], s)]
    return sum(block.all(axis=1) * block.shape[1] for block in blocks)


def _ties(rng, beta, groups, size):
    group = np.repeat(np.arange(groups), size)
    linked = group[:, None] == group
    np.fill_diagonal(linked, False)
    for a, b in np.argwhere(np.triu(linked)):
        if rng.random() < beta:
            stays, leaves = (a, b) if rng.random() < 0.5 else (b, a)
            free = np.flatnonzero((group != group[stays]) & ~linked[stays])
            other = rng.choice(free)
            linked[stays, leaves] = linked[leaves, stays] = False
            linked[stays, other] = linked[other, stays] = True
    return linked
