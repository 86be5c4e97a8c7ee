"""The formats of graph files, and the function that reads each of them."""

from collections.abc import Callable
from itertools import islice

from simulation.graph_drafts import MOST_TIES, TIE, Draft, ListedTie
from simulation.graph_xml import read_xml
from simulation.mpx_files import read_mpx
from simulation.pajek_files import read_pajek
from simulation.text_files import Findings, read_table, table_rows

ENDS = {
    "a": "a, source, from, van, sender, zender, afzender, ego, vertex 1, node 1",
    "b": "b, target, to, naar, receiver, recipient, ontvanger, alter, vertex 2, node 2",
}
"""Names of the columns that hold the two ends of a tie."""
COLUMNS = {key: tuple(words.split(", ")) for key, words in ENDS.items()} | TIE
MOST_MATRIX = 50
"""Rows that are read to tell whether a table is an adjacency matrix."""


def read_csv(text: str, draft: Draft) -> None:
    """Read a table with one tie a row."""
    draft.complete = False
    if _is_matrix(text):
        draft.fault(
            1,
            "is a matrix of who with whom",
            None,
            "one tie a row, below a header such as source,target,weight",
        )
        return
    for line, row in read_table(text, COLUMNS, ("a", "b"), draft, MOST_TIES):
        draft.ties.append(ListedTie(line, **{"a": "", "b": ""} | row))


def _is_matrix(text: str) -> bool:
    """Return whether a table is an adjacency matrix: same names in header and column 1.

    Names of the first column must all be in the header.
    """
    rows = table_rows(text, Findings(""))
    header = [cell.strip() for cell in next(rows, (1, []))[1]]
    if len(header) < 3 or header[0].casefold() in (*COLUMNS["a"], *COLUMNS["b"]):
        return False
    first = [cells[0].strip() for _, cells in islice(rows, MOST_MATRIX)]
    return bool(first) and set(first) <= set(header[1:])


READERS: dict[str, Callable[[str, Draft], None]] = {
    ".csv": read_csv,
    ".gexf": read_xml,
    ".graphml": read_xml,
    ".mpx": read_mpx,
    ".net": read_pajek,
    ".paj": read_pajek,
}
