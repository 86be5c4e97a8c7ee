"""The week as one compiled function, composed out of the table `simulation.week.WEEK`.

The order of the week stands in that table and nowhere else. `week_source` is what it
comes to: a loop over weeks, in it a call for each rule of the organisation and a loop
over people for each phase of theirs.
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
"""What `live` is given beside the state: see `Life`."""
LOOPS = {
    EVERYONE: ["for i in range(people.shape[0]):"],
    LEADERS: [
        "for i in range(people.shape[0]):",
        "    if people[i].last_report == people[i].first_report:",
        "        continue",
    ],
    SALES_PEOPLE: ["for i in reps:"],
}
"""Over whom a phase goes, in the order of seats."""
SOURCE_NAME = "<the week, composed by simulation.ensemble.live>"


def week_source() -> str:
    """Return the source of `live`: weeks up to `until`, their records and panel."""
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
    """Return the lines of source in which `who` goes by some rules."""
    calls = [f"{rule.__name__}({', '.join(arguments(rule))})" for rule in rules]
    if who == ORGANISATION:
        return calls
    return [*LOOPS[who], *("    " + call for call in calls)]


def compose(source: str, **names: Any) -> Any:
    """Return the function `live` of a source, compiled; `names` are known to it."""
    known = {rule.__name__: rule for rule in RULES} | names
    known["__name__"] = __name__
    linecache.cache[SOURCE_NAME] = (len(source), None, source.splitlines(True), "")
    exec(compile(source, SOURCE_NAME, "exec"), known)
    return rule(known["live"], keep=True)


live: Any = compose(week_source())


class Life:
    """A state that lives on week by week, and what is recorded of it.

    `series[weeks]` gets the weekly records from week 0 on. `panel[weeks, n, fields]`
    gets those 64-bit words of people's records whose positions `columns` tells, as
    they are at the end of each week.
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
        """Live until `week` comes next. Releases the GIL."""
        self._live(*self._arrays, week, *self._records)


def compile_for(state: State) -> None:
    """Compile `live`, or load what was compiled before."""
    nobody = np.zeros((0, 0, 0), np.int64)
    Life(state, np.zeros(0, SERIES_RECORD), columns_of(()), nobody)


def columns_of(names: Sequence[str]) -> np.ndarray:
    """Return where these fields stand in the words of a person's record."""
    known = PERSON.names or ()
    return np.array([known.index(name) for name in names], np.int64)
