"""Shards: files of weekly rows of many runs, and how they are written."""

import os
import time
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from experiments.errors import as_os_error
from experiments.files.table_files import quoted
from experiments.run.store_files import store_errors, write_whole
from simulation.outcomes import SERIES_COLUMNS
from simulation.runs import Run
from simulation.whole_files import aside_folder, locked, wait_for_disk

RUNS_IN_FLIGHT = 256
SECONDS_IN_FLIGHT = 2.0


@dataclass(frozen=True)
class RunKey:
    """The identity of a run: id, scenario key, seed and replicate."""

    id: str
    scenario: str
    seed: int
    replicate: int


@dataclass(frozen=True)
class Entry:
    """A run in a shard: key, weeks, week of the shock, and place in the shard."""

    key: RunKey
    weeks: int
    shock_week: int | None
    shard: Path
    place: int

    @property
    def rows(self) -> int:
        """Number of rows of this run in the shard: its weeks, then its probe's."""
        after = 0 if self.shock_week is None else self.weeks - self.shock_week
        return self.weeks + after


@dataclass
class Writer:
    """Collects runs of a store, and writes a shard when there are many or time is up.

    `shards` is the folder for them in the store's own `folder`. A run that is added
    more than `SECONDS_IN_FLIGHT` after the last write is written at once, with all that
    were waiting.
    """

    folder: Path
    shards: Path
    acknowledged: int = 0
    _runs: list[tuple[RunKey, Run]] = field(default_factory=list)
    _since: float = field(default_factory=lambda: time.monotonic())

    def add(self, key: RunKey, run: Run) -> None:
        """Take a run; it counts as stored only when its shard has been written."""
        self._runs.append((key, run))
        old = time.monotonic() - self._since >= SECONDS_IN_FLIGHT
        if old or len(self._runs) >= RUNS_IN_FLIGHT:
            self.flush()

    def flush(self) -> None:
        """Write the waiting runs: the shard, then its index, each whole and on disk."""
        if not self._runs:
            return
        shard = self.shards / f"{uuid.uuid4().hex}.parquet"
        rows = [
            [*asdict(key).values(), len(run.series), run.shock_week]
            for key, run in self._runs
        ]
        with (
            store_errors(self.folder, self.acknowledged),
            aside_folder(self.shards) as aside,
        ):
            file = aside / "weeks.parquet"
            _write_weeks([run for _, run in self._runs], file)
            wait_for_disk(file)
            content = file.read_bytes()
            index = {"bytes": len(content), "crc32": zlib.crc32(content)}
            with locked(file):  # until the index is there: see `Store.sweep`
                os.replace(file, shard)
                write_whole(shard.with_suffix(".json"), {**index, "runs": rows})
        self.acknowledged += len(self._runs)
        self._runs = []
        self._since = time.monotonic()


def _write_weeks(runs: Sequence[Run], file: Path) -> None:
    """Write the weekly rows of runs, run by run; those of a probe from its shock on."""
    parts: list[np.ndarray] = []
    for run in runs:
        parts.append(run.series)
        parts.append(run.series[:0] if run.probe is None else _after_shock(run))
    lengths = np.array([len(part) for part in parts])
    rows = np.concatenate([_numbers(part) for part in parts])
    place = np.repeat(np.arange(len(parts), dtype=np.int32), lengths)
    columns: dict[str, np.ndarray] = {"run": place // 2, "probe": place % 2 == 1}
    columns |= zip(SERIES_COLUMNS, np.ascontiguousarray(rows.T), strict=True)
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("weeks", columns)
        form = "(format parquet, compression snappy, parquet_version v2)"
        try:
            connection.execute(f"copy weeks to {quoted(file)} {form}")
        except duckdb.IOException as error:
            raise as_os_error(error) from error


def _numbers(series: np.ndarray) -> np.ndarray:
    """Return records as a plain table of numbers, which is faster to concatenate."""
    return series.view(np.float64).reshape(len(series), len(SERIES_COLUMNS))


def _after_shock(run: Run) -> np.ndarray:
    assert run.probe is not None
    return run.probe[run.shock_week :]
