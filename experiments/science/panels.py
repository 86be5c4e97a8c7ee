"""People week by week as a tidy table, written block by block."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.errors import InputError, output_told
from experiments.files.table_files import check_table_file, copy_to, quoted
from experiments.files.whole_folders import together
from simulation.ensemble import Block, run_ensemble
from simulation.people_table import pseudonyms
from simulation.scenario import ResolvedScenario, read
from simulation.whole_files import check_file, making, sweep
from simulation.whole_numbers import checks_numbers

if TYPE_CHECKING:
    from experiments.files.progress import Progress
    from experiments.science.evidence.people import People

BATCH = 48
"""Organisations of a population whose people are held in memory at a time."""


@checks_numbers
def write_panel(
    scenario: str | os.PathLike | ResolvedScenario,
    fields: Sequence[str],
    output: str | os.PathLike,
    replicates: int = 5,
    seed: int = 1,
    threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    names: bool = False,
) -> int:
    """Write a row for each replicate, week and person; return the number of rows.

    Columns are replicate, week, person, role, department and the fields. People from
    the user's own table or graph get pseudonyms unless `names` is set. Raises
    `InputError` for an unknown kind of file, a folder that does not exist, or fields
    that people do not have. The file is written whole or not at all.
    """
    from simulation.organisation import draw_chart

    output = check_table_file(output)
    if not fields:
        raise InputError("fields: name one or more, such as score")
    what = scenario if isinstance(scenario, ResolvedScenario) else read(scenario)
    seats = draw_chart(what).seats
    stream = run_ensemble(
        what,
        replicates,
        seed,
        probe_week=None,
        panel=fields,
        threads=threads,
        progress=lambda done, total: progress and progress(done, total),
    )
    people = {
        "person": np.array(_called(what, [seat.name for seat in seats], names), object),
        "role": np.array([seat.role for seat in seats], object),
        "department": np.array([seat.department for seat in seats], object),
    }
    sweep(output.parent)
    with output_told(output), making(output) as whole:
        rows = 0
        try:
            for k, block in enumerate(stream):
                rows += _write_block(block, people, _part(whole, k))
        except ValueError as error:
            raise InputError(str(error)) from error
        _put_together(whole)
    return rows


def _part(whole: Path, number: int) -> Path:
    return whole.parent / f"part-{number:06}.parquet"


def _put_together(whole: Path) -> None:
    copy_to(whole, f"select * from {quoted(whole.parent / 'part-*.parquet')}")


def _called(scenario: ResolvedScenario, people: list[str], names: bool) -> list[str]:
    """Return the names to write: seats as they are, real people as pseudonyms."""
    real = scenario.people_file is not None or scenario.network_file is not None
    if names or not real:
        return people
    hidden = pseudonyms(people)
    return [hidden[name] for name in people]


@checks_numbers
def write_population(
    organisations: int,
    output: str | os.PathLike,
    weeks: int = 104,
    seed: int = 1,
    workers: int | None = None,
    progress: "Progress | None" = None,
) -> int:
    """Write the people of a mixed population week by week; return the number of rows.

    There is a row for each organisation, seat and week, with the fields `people.FIELDS`
    and the number of the top's priorities that a person holds (`named`). The
    organisations, with their settings and head counts, go into
    `<output>-organisations.csv` beside it. Raises `InputError` for an unknown kind of
    file or a folder that does not exist.
    """
    from experiments.files.table_files import write_csv
    from experiments.science.evidence.people import people_of
    from experiments.science.evidence.population import population

    output = check_table_file(output)
    there = population(organisations, seed, weeks)
    parts = [there[k : k + BATCH] for k in range(0, len(there), BATCH)]
    rows = done = 0
    with output_told(output), together(output.parent) as aside:
        beside = check_file(output.with_name(f"{output.stem}-organisations.csv"))
        write_csv(_organisations(there), aside / beside.name)
        with making(aside / check_file(output).name) as whole:
            for number, part in enumerate(parts):
                people = people_of(part, seed, done, workers=workers)
                rows += _write_people(people, done, _part(whole, number))
                done += len(part)
                if progress:
                    progress(done, len(there))
            _put_together(whole)
    return rows


def _write_people(people: "People", first: int, file: Path) -> int:
    """Write a batch of people whose first organisation is number `first`.

    Returns the number of rows.
    """
    import pandas as pd

    _, weeks = people.size
    fixed = {
        "organisation": people.organisation + first,
        "seat": people.seat,
        "role": people.role,
        "department": people.department,
        "maker": people.maker,
    }
    columns = {name: np.repeat(values, weeks) for name, values in fixed.items()}
    columns["week"] = np.tile(np.arange(weeks), len(people.seat))
    columns |= {name: values.ravel() for name, values in people.weeks.items()}
    return copy_to(file, "select * from weeks", weeks=pd.DataFrame(columns))


def _organisations(there: Sequence[ResolvedScenario]) -> Any:
    """Return a table of organisations: head counts, work and lever settings."""
    import pandas as pd

    return pd.DataFrame(
        [
            {"organisation": k, **vars(one.organisation), **one.stages[-1].levers}
            for k, one in enumerate(there)
        ]
    )


def _write_block(block: Block, people: dict[str, np.ndarray], file: Path) -> int:
    """Write the panel of a block and return its number of rows."""
    panel = block.panel
    assert panel is not None
    worlds, weeks, size = panel.shape
    columns = {
        "replicate": np.repeat(np.array(block.replicates, np.int64), weeks * size),
        "week": np.tile(np.repeat(np.arange(weeks), size), worlds),
        **{name: np.tile(values, worlds * weeks) for name, values in people.items()},
        **{
            name: np.ascontiguousarray(panel[name]).ravel()
            for name in panel.dtype.names or ()
        },
    }
    import pandas as pd

    return copy_to(file, "select * from weeks", weeks=pd.DataFrame(columns))
