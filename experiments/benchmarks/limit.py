"""The limit: a kernel that only draws, exponentiates and moves memory.

An uncompiled run counts the draws and exponentials of a person-week of the baseline.
The kernel does as many for each person and week, with the model's own `uniform`,
`normal` and `exp`, reads all memory of the state once and writes people's records
once. It has no branches and follows no index.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any, NamedTuple

import numpy as np

from simulation.arithmetic import exp
from simulation.chance import normal, uniform
from simulation.compiled import entry, rule
from simulation.founding import State

COUNTED_WEEKS = 12


class Needs(NamedTuple):
    """The work of a person-week: numbers drawn, exponentials, words read and written.

    Words are of 8 bytes.
    """

    uniforms: int
    normals: int
    exponentials: int
    words_read: int
    words_written: int


@rule
def person_weeks(words, key, weeks, uniforms, normals, exponentials, written):
    """Do the work of a person-week for each row of `words[n, w]`, `weeks` times."""
    total = 0.0
    for week in range(weeks):
        for i in range(words.shape[0]):
            for k in range(uniforms):
                total += uniform(key, 7, week, i, k)
            for k in range(normals):
                total += normal(key, 8, week, i, k)
            for k in range(exponentials):
                total += exp(-0.1 * k - 1e-3 * i)
            seen = np.uint64(week)
            for k in range(words.shape[1]):
                seen ^= words[i, k]
            for k in range(written):
                words[i, k] += seen
    return total


class Kernel:
    """The kernel for the people of a state, to be run for some weeks."""

    def __init__(self, state: State, needs: Needs) -> None:
        shape = (len(state.people), needs.words_read)
        self._given = (np.zeros(shape, np.uint64), np.uint64(1))
        self._counts = (*needs[:3], needs.words_written)
        self._run = entry(person_weeks, *self._given, 0, *self._counts)

    def live(self, weeks: int) -> None:
        """Do the work of `weeks` weeks. Releases the GIL."""
        self._run(*self._given, weeks, *self._counts)


def needs_of(state: State, counts: dict[str, float]) -> Needs:
    """Return the work of a person-week of a state, given its `counts` of calls."""
    size = len(state.people)
    memory = sum(array.nbytes for array in vars(state).values())
    normals = round(counts["normals"])
    return Needs(
        round(counts["draws"]) - normals,
        normals,
        round(counts["exponentials"] + counts["logarithms"]),
        memory // 8 // size,
        state.people.nbytes // 8 // size,
    )


def counts_per_person_week() -> dict[str, float]:
    """Count draws and exponentials per person-week, in an uncompiled process."""
    code = "from experiments.benchmarks.limit import count; count()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "ORGSIM_UNCOMPILED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def count() -> None:
    """Print the numbers of calls per person-week of the baseline, as JSON."""
    from simulation import arithmetic, chance

    counted: Counter[str] = Counter()
    parts: tuple[tuple[str, Any, str], ...] = (
        ("draws", chance, "_two_words"),
        ("normals", chance, "normal_quantile"),
        ("exponentials", arithmetic, "_exp_near_zero"),
        ("logarithms", arithmetic, "_log_near_one"),
    )
    for what, module, name in parts:
        setattr(module, name, _counting(getattr(module, name), counted, what))
    from simulation.ensemble.live import Life, columns_of
    from simulation.founding import Founder
    from simulation.outcomes import SERIES_RECORD
    from simulation.scenario import read

    state = Founder(read("baseline")).found(1, 0)
    counted.clear()
    end = int(state.firm["week"][0]) + COUNTED_WEEKS
    nobody = np.zeros((0, 0, 0), np.int64)
    life = Life(state, np.zeros(0, SERIES_RECORD), columns_of(()), nobody)
    with np.errstate(all="ignore"):
        life.until(end)
    size = COUNTED_WEEKS * len(state.people)
    print(json.dumps({what: counted[what] / size for what, *_ in parts}))


def _counting(function: Any, counted: Counter[str], what: str) -> Any:
    def counting(*arguments: Any) -> Any:
        counted[what] += 1
        return function(*arguments)

    return counting
