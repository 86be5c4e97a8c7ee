"""The week as one compiled function, composed from the table `simulation.week.WEEK`.

Only that table defines the order of the week. `week_source` returns the source of the
function: a loop over weeks that contains a call for each rule of the organisation, and
a loop over people for each of their phases.
"""

import linecache
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from simulation.binding import arguments
from simulation.compiled import entry, rule
from simulation.founding import State
from simulation.outcomes import SERIES_RECORD
from simulation.state import PERSON
from simulation.week import EVERYONE, LEADERS, ORGANISATION, RULES, SALES_PEOPLE, WEEK

STATE = tuple(field.name for field in fields(State))
RECORDING = ("until", "series", "words", "columns", "panel")
"""Arguments of `live` besides the state: see `Life`."""
LOOPS = {
    EVERYONE: ["for i in range(people.shape[0]):"],
    LEADERS: [
        "for i in range(people.shape[0]):",
        "    if people[i].last_report == people[i].first_report:",
        "        continue",
    ],
    SALES_PEOPLE: ["for i in reps:"],
}
"""Source of the loop over the people of a phase, in the order of seats."""
SOURCE_NAME = "<the week, composed by simulation.ensemble.live>"


def week_source() -> str:
    """Return the source of `live`: it runs weeks before `until` and records them."""
    lines = [f"def live({', '.join(STATE + RECORDING)}):"]
    lines += ["    while firm[0].week < until:"]
    for phase in WEEK:
        lines += [" " * 8 + line for line in phase_lines(phase.who, phase.rules)]
    lines += [
        "        week = firm[0].week",
        "        if week >= 0:",
        "            series[week] = row[0]",
        "            for i in range(panel.shape[1]):",
        "                for k in range(columns.shape[0]):",
        "                    panel[week, i, k] = words[i, columns[k]]",
        "        firm[0].week = week + 1",
    ]
    return "\n".join(lines) + "\n"


def phase_lines(who: str, rules: Sequence[Callable]) -> list[str]:
    """Return the lines of source that call some rules for `who`."""
    calls = [f"{rule.__name__}({', '.join(arguments(rule))})" for rule in rules]
    if who == ORGANISATION:
        return calls
    return [*LOOPS[who], *("    " + call for call in calls)]


def compose(source: str, **names: Any) -> Any:
    """Return the compiled function `live` of a source; it may use `names`."""
    known = {rule.__name__: rule for rule in RULES} | names
    known["__name__"] = __name__
    linecache.cache[SOURCE_NAME] = (len(source), None, source.splitlines(True), "")
    exec(compile(source, SOURCE_NAME, "exec"), known)
    return rule(known["live"], keep=True)


live: Any = compose(week_source())


class Life:
    """A state that is simulated week by week, and its records.

    Weekly records from week 0 on are written into `series[weeks]`. The 64-bit words at
    the positions `columns` of people's records are written into `panel[weeks, n,
    fields]`, as they are at the end of each week.
    """

    def __init__(
        self, state: State, series: np.ndarray, columns: np.ndarray, panel: np.ndarray
    ) -> None:
        self.state = state
        words = state.people.view(np.int64).reshape(len(state.people), -1)
        self._arrays = [getattr(state, name) for name in STATE]
        self._records = (series, words, columns, panel)
        self._live = entry(live, *self._arrays, 0, *self._records)

    def until(self, week: int) -> None:
        """Simulate up to, not including, `week`. Releases the GIL."""
        self._live(*self._arrays, week, *self._records)


def compile_for(state: State) -> None:
    """Compile `live`, or load its machine code from the cache."""
    nobody = np.zeros((0, 0, 0), np.int64)
    Life(state, np.zeros(0, SERIES_RECORD), columns_of(()), nobody)


def columns_of(names: Sequence[str]) -> np.ndarray:
    """Return the positions of these fields among the words of a person's record."""
    known = PERSON.names or ()
    return np.array([known.index(name) for name in names], np.int64)
