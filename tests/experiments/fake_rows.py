"""A model of a few lines that calibration is put to the test on."""

import os
from pathlib import Path

import numpy as np

NOTES = "ORGSIM_NOTES"
"""The variable that names a file in which each measurement leaves a line."""


def lively(parameters, organisations, seed):
    """Return three measures of eight parameters a to h, with a little chance.

    Rows are 0 at the table's values; their sets that pass lie in a corner of a, b, c.
    """
    _note(parameters)
    a, b, c = (parameters.get(name, 0.0) for name in "abc")
    key = [round(1e6 * x) & 0xFFFF for x in parameters.values()]
    chance = np.random.default_rng([seed, organisations, *key]).normal(0, 0.01, 4)
    return {
        "high": a + 0.3 * b + chance[0],
        "bent": b * b + 0.5 * c + chance[1],
        "low": c - 0.4 * a + chance[2],
        "against": -a + 0.2 * c + chance[3],
    }


def _note(parameters):
    if NOTES in os.environ:
        with Path(os.environ[NOTES]).open("a") as file:
            file.write(f"{sorted(parameters.items())}\n")


def partly(parameters, organisations, seed):
    """Return the same measures, and one that the model cannot give."""
    return {**lively(parameters, organisations, seed), "gone": float("nan")}


def named(parameters, organisations, seed):
    """Return one measure of a parameter of the model itself."""
    return {"x": parameters.get("talk_step", 0.4)}
