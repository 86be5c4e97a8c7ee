"""The freeze: the parameter values and rules with which the model was judged."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from experiments.science.evidence.population import BASE
from simulation.ensemble import simulate
from simulation.scenario import read, vary
from simulation.tables import PARAMETERS, lever_table

FROZEN = Path(__file__).with_name("frozen.toml")
WEEKS = 78
PROBE_WEEK = 39
SEED = 1


@cache
def frozen() -> Mapping[str, Any]:
    """Return the freeze: its date, and the hashes of values and results then."""
    return tomllib.loads(FROZEN.read_text(encoding="utf-8"))


def is_frozen() -> bool:
    """Return whether values and results of the rules still match the freeze."""
    now = {"values": values_hash(), "results": results_hash()}
    return all(frozen()[name] == value for name, value in now.items())


def values_hash() -> str:
    """Return a hash of all parameter values, 16 hexadecimal digits."""
    text = json.dumps({name: row.value for name, row in PARAMETERS.items()})
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@cache
def results_hash() -> str:
    """Return a hash of the results of the rules, 16 hexadecimal digits.

    It covers every byte of the weekly records, and of the probe's, of the base with
    each lever in turn at each of its settings.
    """
    whole = hashlib.sha256()
    for lever in lever_table().values():
        for setting in lever.settings:
            levers, run = {lever.name: setting}, {"weeks": WEEKS}
            found = simulate(
                vary(read(BASE), levers=levers, run=run), SEED, 0, PROBE_WEEK
            )
            for records in (found.series, found.probe):
                whole.update(b"" if records is None else records.tobytes())
    return whole.hexdigest()[:16]
