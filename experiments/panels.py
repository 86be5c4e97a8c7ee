"""People week by week as a tidy table, written block by block."""

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from experiments.errors import InputError, output_told
from experiments.table_files import check_table_file, copy_to, quoted
from simulation.ensemble import Block, run_ensemble
from simulation.scenario import Resolved, read


def write_panel(
    scenario: str | os.PathLike | Resolved,
    fields: Sequence[str],
    output: str | os.PathLike,
    replicates: int = 5,
    seed: int = 1,
    threads: int | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> int:
    """Write a row for each replicate, week and person; return the number of rows.

    Columns are replicate, week, person, role, department and the fields. Raises
    `InputError` for another kind of file, a folder that isn't there or fields that
    people don't have. The file is there whole or not at all.
    """
    from simulation.organisation import draw_chart

    output = check_table_file(output)
    if not fields:
        raise InputError("fields: name one or more, such as score")
    what = scenario if isinstance(scenario, Resolved) else read(scenario)
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
        "person": np.array([seat.name for seat in seats], object),
        "role": np.array([seat.role for seat in seats], object),
        "department": np.array([seat.department for seat in seats], object),
    }
    with (
        output_told(output),
        tempfile.TemporaryDirectory(dir=output.absolute().parent) as aside,
    ):
        rows = 0
        try:
            for k, block in enumerate(stream):
                part = Path(aside) / f"{k:06}.parquet"
                rows += _write_block(block, people, part)
        except ValueError as error:
            raise InputError(str(error)) from error
        whole = Path(aside) / f"whole{output.suffix}"
        copy_to(whole, f"select * from {quoted(Path(aside) / '*.parquet')}")
        shutil.move(whole, output)
    return rows


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
