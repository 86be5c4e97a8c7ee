"""The weekly records of a study as one tidy table, for other programs."""

import os

import numpy as np
import pandas as pd

from experiments.errors import output_told
from experiments.files.table_files import check_table_file, copy_to, quoted
from experiments.run.store import Store
from experiments.run.store_contents import entries_of, study_told
from experiments.run.store_files import StoreError
from simulation.outcomes import SERIES_COLUMNS
from simulation.whole_files import making, sweep


def export_weeks(
    store: Store, study: str, output: str | os.PathLike, probes: bool = False
) -> int:
    """Write one row per scenario, replicate and week; return the number of rows.

    Columns are scenario, replicate, week and the fields of weekly records. With
    `probes` the rows are those of the probe runs, which meet a market shock, from the
    shock on. Missing values are empty. Raises `InputError` for another kind of file or
    a missing folder, `StoreError` for an unknown study or one without runs.
    """
    file = check_table_file(output)
    weeks = study_told(store, study)["weeks"]
    found = [one for one in entries_of(store, study) if one[1].weeks >= weeks]
    if not found:
        raise StoreError(f"{study}: no run of {weeks} weeks is there yet")
    entries = [entry for _, entry in found]
    shards = store.check(entries)
    runs = {
        "shard": np.array([str(entry.shard) for entry in entries], object),
        "run": np.array([entry.place for entry in entries], np.int32),
        "scenario": np.array([name for name, _ in found], object),
        "replicate": np.array([entry.key.replicate for entry in entries], np.int64),
        "place": np.arange(len(found)),
    }
    columns = ", ".join(f"weeks.{x}" for x in SERIES_COLUMNS if x != "week")
    query = f"""
        select runs.scenario, runs.replicate, weeks.week::bigint as week, {columns}
        from read_parquet([{", ".join(map(quoted, shards))}], filename = true) as weeks
        join runs on runs.shard = weeks.filename and runs.run = weeks.run
        where weeks.probe = {probes} and weeks.week < {weeks}
        order by runs.place, weeks.week
    """
    sweep(file.parent)
    with output_told(file), making(file) as whole:
        return copy_to(whole, query, runs=pd.DataFrame(runs))
