"""Rows that are kept as they come, so that long work goes on where it stopped.

A file of JSON lines named after what can change its rows: another version of the
model, other settings or other parameters make another file. A line that was cut off
by a kill is left out, and its row made again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.errors import output_told
from experiments.progress import Progress
from experiments.workers import Died, available, spread

Row = dict[str, Any]


class Kept:
    """Rows by name, on disk: `rows` are those that are there, `add` adds one."""

    def __init__(self, folder: Path, what: str, settings: Mapping[str, Any]) -> None:
        text = json.dumps(settings, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        self.path = folder / f"{what}-{digest}.jsonl"
        self.rows: dict[str, Row] = dict(self._read())

    def _read(self) -> Iterator[tuple[str, Row]]:
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                name, row = json.loads(line)
            except (ValueError, TypeError):
                continue
            yield name, row

    def add(self, name: str, row: Row) -> None:
        """Keep a row; it has been handed to the system when this returns."""
        with output_told(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as file:
                cut = file.tell() and file.seek(-1, 2) >= 0 and file.read() != b"\n"
                text = ("\n" if cut else "") + json.dumps([name, row]) + "\n"
                file.write(text.encode())
        self.rows[name] = row


def work_through(
    kept: Kept,
    function: Callable[..., Row],
    calls: Mapping[str, tuple],
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Row]:
    """Return the row of every call by name, making only those that aren't kept.

    `function` is importable and returns a row of plain JSON values. A call that fails
    does not stop the others: RuntimeError names all that failed at the end, and what
    was made stays kept.
    """
    names = [name for name in calls if name not in kept.rows]
    progress = progress or Progress("", quiet=True)
    done = len(calls) - len(names)
    progress(done, len(calls))
    todo: Sequence[tuple] = [(function, *calls[name]) for name in names]
    failed = []
    for index, result in spread(_told, todo, workers or available(), True):
        if isinstance(result, Died | str):
            text = result.message if isinstance(result, Died) else result
            failed.append(f"{names[index]}: {text}")
        else:
            kept.add(names[index], result)
        done += 1
        progress(done, len(calls))
    if failed:
        raise RuntimeError("\n".join(failed))
    return {name: kept.rows[name] for name in calls}


def _told(function: Callable[..., Row], *arguments: Any) -> "Row | str":
    """Return a row, or how making it failed."""
    import traceback

    try:
        return function(*arguments)
    except Exception as error:
        return "".join(traceback.format_exception(error))
