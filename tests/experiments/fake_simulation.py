"""A stand-in for the model, fast and harmless, that worker processes can import."""

import os
import signal
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments.errors import InputError
from simulation.outcomes import SERIES_RECORD


class Run(NamedTuple):
    """What `simulate` leaves."""

    series: np.ndarray
    probe: np.ndarray | None
    shock_week: int | None


def simulate(resolved, seed, replicate, probe_week=None):
    """Return random weekly records that the scenario's testing hours shift."""
    return _simulate(resolved, seed, replicate, probe_week)


def _simulate(resolved, seed, replicate, probe_week):
    hours = resolved.stages[-1].structure["testing_hours"]
    world = np.random.default_rng([seed, replicate]).normal(0, 0.05)
    draws = np.random.default_rng([seed, replicate, int(10 * hours)])
    shift = hours / 10 + draws.normal(0, 0.05)
    series = _records(resolved.weeks, world, draws, shift)
    if probe_week is None:
        return Run(series, None, None)
    probe = series.copy()
    since = np.arange(resolved.weeks - probe_week)
    speed = max(0.03 + shift / 20 + draws.normal(0, 0.01), 0.005)
    probe["shocked_wrong"][probe_week:] += 16 * np.exp(-since * speed)
    return Run(series, probe, probe_week)


def _records(weeks, world, draws, shift):
    series = np.zeros(weeks, SERIES_RECORD)
    age = np.minimum(np.arange(weeks) / 40, 1)
    for name in SERIES_RECORD.names:
        wiggle = draws.normal(0, 0.03, weeks)
        series[name] = 0.5 + 0.1 * world + wiggle + 0.3 * draws.normal() * shift * age
    noise = draws.normal(0, 0.1, weeks)
    good = 0.5 + world + 0.3 * noise + 0.4 * shift * age
    series["week"] = np.arange(weeks)
    series["leads_handed"] = 20 + 20 * world + 5 * noise
    series["leads_fitting"] = series["leads_handed"] * np.clip(good, 0, 1)
    series["makers"], series["employees"], series["seats"] = 16, 38, 40
    series["items"], series["stock_start"], series["stock_wrong"] = 64, 20, 20
    series["shocked_wrong"] = 2
    series["corrections"] = 1 + world + noise + shift * age
    series["corruptions"] = 0.3
    series["makers_complaints"] = 16 * np.clip(0.2 + world - 0.2 * shift * age, 0, 1)
    series["revenue"] = 90_000 + 200_000 * world + 10_000 * shift * age
    series["cost"] = 60_000 + 5_000 * noise
    return series


def failing_in_world_3(resolved, seed, replicate, probe_week=None):
    """Fail in one world."""
    if replicate == 3:
        raise ArithmeticError("the sky fell")
    return _simulate(resolved, seed, replicate, probe_week)


def failing(resolved, seed, replicate, probe_week=None):
    """Fail always."""
    raise ArithmeticError("the sky fell")


def deadly_in_world_2(resolved, seed, replicate, probe_week=None):
    """Kill the worker in one world, every time."""
    if replicate == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return _simulate(resolved, seed, replicate, probe_week)


def deadly_once(resolved, seed, replicate, probe_week=None):
    """Kill the worker in one world the first time; a file remembers that."""
    mark = Path(os.environ["ORGSIM_TEST_MARK"])
    if replicate == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return _simulate(resolved, seed, replicate, probe_week)


def endless(resolved, seed, replicate, probe_week=None):
    """Run until somebody ends it; a file tells which process does."""
    mark = Path(os.environ["ORGSIM_TEST_MARK"])
    mark.with_suffix(".new").write_text(str(os.getpid()))
    mark.with_suffix(".new").replace(mark)
    time.sleep(600)


def wrong_input(resolved, seed, replicate, probe_week=None):
    """Refuse what the user gave."""
    raise InputError("nobody here is called Jan")
