"""A cache of rows on disk, so that a long job resumes where it stopped.

The cache is a file of JSON lines. Its name is a hash of all that can change the rows:
the version of the software that makes them, and the settings. A cached row counts for a
call only if it was made from the same arguments; files are compared by their contents.
A line that a kill cut off is skipped, and its row computed again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.errors import output_told
from experiments.files.progress import Progress
from experiments.run.workers import WorkerDeath, spread
from simulation.processors import available
from simulation.scenario_values import ResolvedScenario
from simulation.version import version_of

Row = dict[str, Any]


def fingerprint(value: Any) -> str:
    """Return a hash, 16 hexadecimal digits, of arguments: plain values or scenarios.

    Files at a path, also those of a scenario, are hashed by their contents.
    """
    return _hash(_text(value))


def fingerprints(calls: Mapping[str, tuple]) -> dict[str, str]:
    """Return the fingerprint of the arguments of each call, by name.

    An argument that is the same object in one call after another, such as a scenario,
    is read once.
    """
    last: dict[int, tuple[Any, str]] = {}
    found = {}
    for name, arguments in calls.items():
        for place, argument in enumerate(arguments):
            if place not in last or last[place][0] is not argument:
                last[place] = argument, _text(argument)
        texts = (last[place][1] for place in range(len(arguments)))
        found[name] = _hash(f"[{', '.join(texts)}]")
    return found


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _text(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, ResolvedScenario):
        return {"weeks": value.weeks} | value.canonical()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        named = {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        return {type(value).__name__: named}
    if isinstance(value, Path):
        return hashlib.sha256(value.read_bytes()).hexdigest()
    return value.tolist() if isinstance(value, np.generic | np.ndarray) else value


def as_json(values: np.ndarray) -> list:
    """Return an array as nested lists of floats, None where it is not finite."""
    plain = np.asarray(values, float).astype(object)
    plain[~np.isfinite(np.asarray(values, float))] = None
    return plain.tolist()


class RowCache:
    """Rows made by `function`, cached on disk; `rows` holds them by name.

    `made_of` has the fingerprint of the arguments of each.

    Rows of other settings, or of another version of the software that makes them, are
    in other files.
    """

    def __init__(
        self,
        folder: Path,
        what: str,
        function: Callable[..., Row],
        settings: Mapping[str, Any],
    ) -> None:
        self.function = function
        digest = fingerprint([version_of(function), settings])[:12]
        self.path = folder / f"{what}-{digest}.jsonl"
        self.rows: dict[str, Row] = {}
        self.made_of: dict[str, str] = {}
        for name, made_of, row in self._read():
            self.rows[name], self.made_of[name] = row, made_of

    def _read(self) -> Iterator[tuple[str, str, Row]]:
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                name, made_of, row = json.loads(line)
            except (ValueError, TypeError):
                continue
            yield name, made_of, row

    def has(self, name: str, arguments: tuple) -> bool:
        """Return whether a row of this name, made from these arguments, is cached."""
        return self.made_of.get(name) == fingerprint(arguments)

    def add(self, name: str, arguments: tuple, row: Row) -> None:
        """Append a row to the file; it has been handed to the system on return."""
        self.append(name, fingerprint(arguments), row)

    def append(self, name: str, made_of: str, row: Row) -> None:
        """Append a row, as `add` does, of arguments whose fingerprint is known."""
        with output_told(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as file:
                cut = file.tell() and file.seek(-1, 2) >= 0 and file.read() != b"\n"
                line = json.dumps([name, made_of, row]) + "\n"
                file.write((("\n" if cut else "") + line).encode())
        self.rows[name], self.made_of[name] = row, made_of


def work_through(
    cache: RowCache,
    calls: Mapping[str, tuple],
    workers: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Row]:
    """Return the row of every call by name, computing only those not in the cache.

    `cache` is the cache; its function returns a row of plain JSON values. A call that
    fails does not stop the others: a RuntimeError at the end names all that failed,
    and the rows of the others stay cached.
    """
    made_of = fingerprints(calls)
    names = [name for name in calls if cache.made_of.get(name) != made_of[name]]
    progress = progress or Progress("", quiet=True)
    done = len(calls) - len(names)
    progress(done, len(calls))
    todo: Sequence[tuple] = [(cache.function, *calls[name]) for name in names]
    failed = []
    for index, result in spread(_told, todo, workers or available(), True):
        if isinstance(result, WorkerDeath | str):
            text = result.message if isinstance(result, WorkerDeath) else result
            failed.append(f"{names[index]}: {text}")
        else:
            cache.append(names[index], made_of[names[index]], result)
        done += 1
        progress(done, len(calls))
    if failed:
        raise RuntimeError("\n".join(failed))
    return {name: cache.rows[name] for name in calls}


def _told(function: Callable[..., Row], *arguments: Any) -> "Row | str":
    """Return the row of a call, or the traceback if it failed."""
    import traceback

    try:
        return function(*arguments)
    except Exception as error:
        return "".join(traceback.format_exception(error))
