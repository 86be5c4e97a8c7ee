"""Writing tables as CSV or Parquet, so that no spreadsheet takes a text for a formula.

DuckDB writes tables that are too large for memory.
"""

import os
import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import InputError, as_os_error, output_told
from simulation.whole_files import check_file

if TYPE_CHECKING:
    import pandas as pd

FORMATS = {
    ".csv": "(format csv, header)",
    ".parquet": "(format parquet, compression zstd)",
}


BLANK = "[\\s\u00a0\u200b\u2060\u3000\ufeff]"
FORMULA = f"(^|[;\\t\\r\\n])({BLANK}*[-=+@＝＋－＠])|(^)([\\t\\r\\n])"
"""Where a spreadsheet would begin to work out a text, also after blanks.

One that parts cells by semicolons begins anew after each of them. As `NUMBER`, written
so that Python and DuckDB read it alike.
"""
NUMBER = r"\s*[+-]?[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?%?\s*"
"""What is wholly a number, in English or Dutch, and so no formula."""
APOSTROPHE = "'"
GZIP = 31
"""What tells zlib to write the head of a gzip file, without name and date."""


def not_a_formula(value: Any, mark: str = APOSTROPHE) -> Any:
    """Return the value; of a text, with a mark before what would be a formula.

    >>> not_a_formula("=1+1"), not_a_formula("-2+3+cmd|' /C calc'!A0")
    ("'=1+1", "'-2+3+cmd|' /C calc'!A0")
    >>> not_a_formula("a; @b"), not_a_formula("-0.5"), not_a_formula(3)
    ("a;' @b", '-0.5', 3)
    """
    if not isinstance(value, str) or re.fullmatch(NUMBER, value):
        return value
    return re.sub(FORMULA, rf"\1\3{mark}\2\4", value)


def write_csv(table: "pd.DataFrame | Iterable[pd.DataFrame]", path: Path) -> None:
    """Write a table as CSV, compressed if the name ends in .gz, without a date in it.

    A table in parts is written part by part, never whole in memory. A text that a
    spreadsheet would take for a formula gets an apostrophe.
    """
    parts = [table] if hasattr(table, "columns") else table
    packer = zlib.compressobj(9, zlib.DEFLATED, GZIP) if path.suffix == ".gz" else None
    with path.open("wb") as file:
        for k, part in enumerate(parts):
            text = _csv_of(part, header=not k).encode()
            file.write(packer.compress(text) if packer else text)
        if packer:
            file.write(packer.flush())


def _csv_of(table: "pd.DataFrame", header: bool) -> str:
    """Return rows as CSV without formulas."""
    texts = table.select_dtypes(["object", "string", "category"]).columns
    table = table.assign(**{name: table[name].map(_in_a_cell) for name in texts})
    table = table.rename(columns=not_a_formula)
    return table.to_csv(index=False, header=header, lineterminator="\n")


def _in_a_cell(value: Any) -> Any:
    """Return a value that is no formula and has no carriage return.

    pandas does not quote a carriage return, which would end the row.
    """
    if isinstance(value, str) and "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    return not_a_formula(value)


def check_table_file(output: str | os.PathLike) -> Path:
    """Return the path; `InputError` for another kind of file or a missing folder."""
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
    """Write the rows of a query in order; return their number.

    `tables` are the tables of the query by name.
    """
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = true")
        for name, table in tables.items():
            connection.register(name, table)
        form = FORMATS[file.suffix]
        if file.suffix == ".csv":
            query = _without_formulas(connection, query)
        try:
            result = connection.execute(f"copy ({query}) to {quoted(file)} {form}")
        except duckdb.IOException as error:
            raise as_os_error(error) from error
        (rows,) = result.fetchone() or (0,)
    return rows


def _without_formulas(connection: Any, query: str) -> str:
    """Return the query with `not_a_formula` applied to its texts."""
    shown = connection.sql(query)
    number, formula = quoted(f"({NUMBER})"), quoted(FORMULA)
    mark = quoted(rf"\1\3{APOSTROPHE}\2\4")
    columns = []
    for name, kind in zip(shown.columns, shown.types, strict=True):
        column = '"' + name.replace('"', '""') + '"'
        if str(kind) == "VARCHAR":
            marked = f"regexp_replace({column}, {formula}, {mark}, 'g')"
            exact = f"regexp_full_match({column}, {number})"
            column = f"case when {exact} then {column} else {marked} end as {column}"
        columns.append(column)
    return f"select {', '.join(columns)} from ({query})"


def quoted(text: str | os.PathLike) -> str:
    """Return a text, or the name of a file, as an SQL string literal."""
    safe = str(text).replace("'", "''")
    return f"'{safe}'"
