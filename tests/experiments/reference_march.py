"""March (1991) in plain numpy, written from its description and no rule of ours."""

import numpy as np


def run(rng, p1, p2, p3=0.0, p4=0.0, periods=1000, n=50, m=30):
    """Return the knowledge of the code per period; `p1` is a number or one each."""
    reality = rng.choice([-1, 1], m)
    beliefs = rng.integers(-1, 2, (n, m))
    code = np.zeros(m, int)
    p1 = np.broadcast_to(p1, n)[:, None]
    path = [0.0]
    for _ in range(periods):
        reality = np.where(rng.random(m) < p4, -reality, reality)
        leaves = rng.random(n) < p3
        beliefs[leaves] = rng.integers(-1, 2, (leaves.sum(), m))
        if p3 + p4 == 0 and _settled(beliefs, code, reality):
            break
        actions = np.where(beliefs == 0, rng.choice([-1, 1], (n, m)), beliefs)
        superior = actions @ reality > code @ reality
        moved = np.clip(beliefs + code, -1, 1)
        learns = (rng.random((n, m)) < p1) & (code != 0)
        lead = actions[superior].sum(axis=0)
        adopts = (lead != 0) & (np.sign(lead) != code)
        adopts &= rng.random(m) < 1 - (1 - p2) ** np.abs(lead)
        beliefs = np.where(learns, moved, beliefs)
        code = np.where(adopts, np.sign(lead), code)
        path.append(code @ reality / m)
    return np.array(path + [path[-1]] * (periods + 1 - len(path)))


def _settled(beliefs, code, reality):
    best = beliefs @ reality + (beliefs == 0).sum(axis=1)
    differs = (beliefs != code) & (code != 0)
    return not differs.any() and not (best > code @ reality).any()
