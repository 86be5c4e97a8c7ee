"""Tables on standard output: by rich on a terminal, plain text where piped."""

import sys
from collections.abc import Sequence

import click


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], indent: int = 0
) -> None:
    """Print rows under column headings; every cell as it is, without markup."""
    texts = [[str(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _print_rich(columns, texts, indent)
        return
    for line in plain_lines([list(columns), *texts] if any(columns) else texts):
        click.echo(" " * indent + line)


def plain_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines of text with aligned columns."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _print_rich(
    columns: Sequence[str], rows: Sequence[Sequence[str]], indent: int
) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=any(columns), pad_edge=False)
    for index, column in enumerate(columns):
        names = all(" " not in row[index] or len(row[index]) < 14 for row in rows)
        table.add_column(Text(column), no_wrap=names, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(Padding(table, (0, 0, 0, indent)))
