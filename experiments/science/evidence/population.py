"""A mixed population of organisations: levers and sizes drawn at realistic shares.

Published statistics of people and departments come from such mixes, so calibration,
validation and claims are measured in one. `population.toml` has the shares.

>>> [one] = population(1, seed=3)
>>> one.stages[-1].levers["mandate"] in ("executes", "decides")
True
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import norm, qmc

from experiments.run.parameter_sets import under
from simulation.scenario import ResolvedScenario, read, vary
from simulation.tables import lever_table
from simulation.whole_numbers import checks_numbers

BASE = "baseline"
TABLE = Path(__file__).with_suffix(".toml")


@cache
def table() -> Mapping[str, Any]:
    """Return the table of shares and sizes."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


@checks_numbers
def population(
    organisations: int,
    seed: int = 1,
    weeks: int = 104,
    warm_up_weeks: int = 104,
    parameters: Mapping[str, float] | None = None,
    size: str | None = None,
) -> tuple[ResolvedScenario, ...]:
    """Return random organisations, each its own as-is.

    They are drawn by a Latin hypercube over levers and sizes, so that few organisations
    already show every setting at its share. `parameters` replace the shipped values.
    `size` restricts to `small` or `large` organisations. Raises `InputError` below one
    organisation.
    """
    base = read(BASE)
    run = {"weeks": weeks, "warm_up_weeks": warm_up_weeks}
    found = [
        vary(base, f"organisation {k}", as_is="self", run=run, **drawn)
        for k, drawn in enumerate(draws(organisations, seed, size))
    ]
    return tuple(under(one, parameters or {}) for one in found)


def draws(
    organisations: int, seed: int, size: str | None = None
) -> list[dict[str, dict[str, Any]]]:
    """Return the draws for each organisation, as tables of a scenario file."""
    levers, heads, work = table()["levers"], _heads(), table()["size"]["work"]
    columns = 1 + len(heads) + len(work) + len(levers)
    sampler = qmc.LatinHypercube(columns, rng=np.random.default_rng(seed))
    rows = sampler.random(organisations)
    ends = table()["size"][size or "marketeers"]
    return [_drawn(row, levers, heads, work, ends) for row in rows]


def setting_at(lever: str, u: float) -> str:
    """Return the setting of a lever that a uniform number `u`, 0 to 1, selects."""
    shares = table()["levers"][lever]["shares"]
    ends = np.cumsum(list(shares.values()))
    return list(shares)[int(np.searchsorted(ends, u * ends[-1], "right"))]


def _heads() -> dict[str, float]:
    per = table()["size"]["per_marketeer"]
    return {name: share for name, share in per.items() if name != "spread"}


def _drawn(
    row: np.ndarray,
    levers: Mapping[str, Any],
    heads: Mapping[str, float],
    work: Mapping[str, Sequence],
    ends: Sequence[float],
) -> dict[str, dict[str, Any]]:
    u = iter(float(x) for x in row)
    organisation = _size(ends, next(u), [next(u) for _ in heads], heads)
    for name, allowed in work.items():
        organisation[name] = _within(name, allowed, next(u))
    chosen = {name: setting_at(name, next(u)) for name in levers}
    return {"organisation": organisation, "levers": chosen}


def _size(
    ends: Sequence[float], u: float, others: Sequence[float], heads: Mapping[str, float]
) -> dict[str, Any]:
    """Return head counts: marketeers log-uniform, others log-normal around a share."""
    low, high = ends
    spread = table()["size"]["per_marketeer"]["spread"]
    marketeers = round(low * (high / low) ** u)
    counts: dict[str, Any] = {"marketeers": marketeers}
    for (name, share), v in zip(heads.items(), others, strict=True):
        factor = float(np.exp(spread * norm.ppf(v)))
        least = 0 if name == "externals" else 1
        counts[name] = max(least, round(marketeers * share * factor))
    return counts


def _within(name: str, allowed: Sequence, u: float) -> Any:
    """Return a value of a kind of work, from a range or from a list."""
    if name == "choices_per_person":
        low, high = allowed
        return round(low + u * (high - low), 2)
    return allowed[min(len(allowed) - 1, int(u * len(allowed)))]


def unlisted() -> list[str]:
    """Return levers whose settings differ between the table of shares and the model.

    >>> unlisted()
    []
    """
    shares = {name: set(row["shares"]) for name, row in table()["levers"].items()}
    known = {name: set(lever.settings) for name, lever in lever_table().items()}
    return sorted(
        name
        for name in shares.keys() | known.keys()
        if shares.get(name) != known.get(name)
    )
