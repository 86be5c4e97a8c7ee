"""Tables as CSV or Parquet files, written by DuckDB without holding them in memory."""

import os
from pathlib import Path
from typing import Any

from experiments.errors import InputError, as_os_error, output_told
from simulation.whole_files import check_file

FORMATS = {
    ".csv": "(format csv, header)",
    ".parquet": "(format parquet, compression zstd)",
}


def check_table_file(output: str | os.PathLike) -> Path:
    """Return the path; `InputError` for another kind of file, or without a folder."""
    file = Path(output)
    with output_told(file):
        check_file(file)
        folder = file.absolute().parent
    if file.suffix not in FORMATS:
        allowed = " or ".join(FORMATS)
        raise InputError(f"{file}: the file must end in {allowed}")
    if not folder.is_dir():
        raise InputError(f"{file}: there is no such folder")
    return file


def copy_to(file: Path, query: str, **tables: Any) -> int:
    """Write the rows of a query, over tables by name, in order; return their number."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = true")
        for name, table in tables.items():
            connection.register(name, table)
        form = FORMATS[file.suffix]
        try:
            told = connection.execute(f"copy ({query}) to {quoted(file)} {form}")
        except duckdb.IOException as error:
            raise as_os_error(error) from error
        (rows,) = told.fetchone() or (0,)
    return rows


def quoted(file: str | os.PathLike) -> str:
    """Return the name of a file as a text of SQL."""
    name = str(file).replace("'", "''")
    return f"'{name}'"
