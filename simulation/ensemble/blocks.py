"""Run many worlds of one scenario, in blocks that fit into memory."""

import difflib
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.ensemble import worlds
from simulation.ensemble.worlds import Job, panel_dtype, run_worlds
from simulation.founding import Founder
from simulation.measures import summarise
from simulation.outcomes import SERIES_RECORD
from simulation.processors import available
from simulation.runs import Run
from simulation.scenario_unknown import founder_of, in_world
from simulation.scenario_values import ResolvedScenario
from simulation.state import PERSON
from simulation.whole_numbers import checks_numbers

SHARE_OF_MEMORY = 0.25
MOST_MEMORY = 1 << 30
UNKNOWN_MEMORY = 1 << 32


@dataclass(frozen=True)
class Block:
    """The results of R worlds of one scenario.

    `series[R, weeks]` are weekly records with the fields `SERIES_COLUMNS`. `probes` are
    those of the paired runs with a shock at `shock_week`, or None. `panel[R, weeks, n]`
    are people's records with the fields asked for, or None.
    """

    scenario: ResolvedScenario
    seed: int
    replicates: tuple[int, ...]
    series: np.ndarray
    probes: np.ndarray | None
    shock_week: int | None
    panel: np.ndarray | None

    def summaries(self, outcomes: Sequence[str] | None = None) -> dict[str, Any]:
        """Return each outcome of each world: id -> array of shape (R,)."""
        return summarise(self.series, self.probes, outcomes, shock_week=self.shock_week)


@checks_numbers
def simulate(
    scenario: ResolvedScenario,
    seed: int = 1,
    replicate: int = 0,
    probe_week: int | None = 52,
) -> Run:
    """Run one world of a scenario to its horizon, with a paired probe run.

    The result is that of `simulation.model.simulate`, byte for byte.
    """
    drawn = in_world(scenario, seed, replicate)
    return worlds.simulate(drawn, seed, replicate, probe_week)


@checks_numbers
def run_ensemble(
    scenario: ResolvedScenario,
    replicates: int | Sequence[int] = 100,
    seed: int = 1,
    *,
    probe_week: int | None = 52,
    panel: Sequence[str] = (),
    threads: int | None = None,
    memory: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Iterator[Block]:
    """Run many worlds of a scenario and yield them in blocks, in the order asked for.

    `replicates` is how many to run, or a sequence of their numbers. `panel` names
    fields of people to keep week by week. `threads` is the number of processors by
    default. A block takes at most `memory` bytes; the default is a quarter of the free
    memory, at most a GiB. Each week of a world takes 552 bytes, as much again for a
    probe, and 8 for each person and field of the panel. `progress(done, total)` is
    called after each world.

    Ctrl-C stops within a second: finished worlds are yielded as a last block, and then
    KeyboardInterrupt is raised. Raises ValueError for fields that people do not have,
    MemoryError if not even one world fits, and the error of a world that fails.

    >>> from simulation.scenario import read
    >>> blocks = run_ensemble(read("baseline"), replicates=2, threads=1)
    >>> [block.series.shape for block in blocks]
    [(2, 104)]
    """
    columns = _checked(panel)
    founder = founder_of(scenario)
    numbers = range(replicates) if isinstance(replicates, int) else tuple(replicates)
    size = _block_size(
        founder,
        columns,
        probe_week,
        memory or int(min(MOST_MEMORY, SHARE_OF_MEMORY * memory_left())),
    )
    total = len(numbers)
    for start in range(0, total, size):
        part = [
            Job(founder, seed, r, scenario.weeks, probe_week, columns)
            for r in numbers[start : start + size]
        ]
        runs = run_worlds(part, threads or available())
        for done, block in _lived(part, runs):
            if block is not None:
                yield block
            elif progress:
                progress(start + done, total)


def _lived(jobs: Sequence[Job], runs: Generator) -> Iterator[tuple[int, Block | None]]:
    """Yield the number of finished worlds after each world, and then their block.

    If interrupted, the block holds the worlds that are finished.
    """
    found: dict = {}
    interrupted: KeyboardInterrupt | None = None
    try:
        for k, run in runs:
            if isinstance(run, Exception):
                raise run
            found[k] = run
            yield len(found), None
    except KeyboardInterrupt as error:
        interrupted = error
    finally:
        runs.close()
    if found:
        yield len(found), _stacked(jobs, found)
    if interrupted:
        raise interrupted


def _stacked(jobs: Sequence[Job], found: dict) -> Block:
    order = sorted(found)
    runs = [found.pop(k) for k in order]
    first = runs[0]
    return Block(
        scenario=jobs[0].founder.scenario,
        seed=jobs[0].seed,
        replicates=tuple(jobs[k].replicate for k in order),
        series=np.stack([run.series for run in runs]),
        probes=None if first.probe is None else np.stack([r.probe for r in runs]),
        shock_week=first.shock_week,
        panel=None if first.panel is None else np.stack([r.panel for r in runs]),
    )


def _checked(panel: Sequence[str]) -> tuple[str, ...]:
    """Return the fields of a panel; ValueError with all that people do not have."""
    known = PERSON.names or ()
    problems = []
    for name in panel:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            problems.append(f"panel: people have no field {name!r}{hint}")
    if problems:
        raise ValueError("\n".join(problems))
    return tuple(dict.fromkeys(panel))


def _block_size(
    founder: Founder, columns: tuple[str, ...], probe_week: int | None, memory: int
) -> int:
    """Return the number of worlds that fit into a block; MemoryError if none does."""
    weeks = founder.scenario.weeks
    record = SERIES_RECORD.itemsize * (1 if probe_week is None else 2)
    people = len(founder.chart.seats) * panel_dtype(columns).itemsize if columns else 0
    # Twice, as single runs are still in memory while they are stacked into a block.
    world = 2 * weeks * (record + people)
    if world > memory:
        raise MemoryError(
            f"one world of {founder.scenario.name} takes {world:,} bytes, and"
            f" {memory:,} are allowed; ask for fewer weeks or fields of the panel, or"
            " allow more memory"
        )
    return memory // max(1, world)


def memory_left() -> int:
    """Return the free bytes of memory, as far as the system tells."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return UNKNOWN_MEMORY
