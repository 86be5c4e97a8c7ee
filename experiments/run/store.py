"""The store: a folder of runs, keyed by their contents and always whole.

The id of a run is a hash of all that can change it: the version of the model's results,
the resolved scenario without its names, seed, replicate and week of the probe's shock.
Runs are in shards, Parquet files of weekly rows, each with an index beside it. A shard
counts once its index exists, which is written last and renamed into place. A kill at
any moment therefore costs only the runs in flight: at most `RUNS_IN_FLIGHT`, and none
that ended later than `SECONDS_IN_FLIGHT` after the last write. Any number of processes
may write and read.

    store.json           the format
    scenarios/KEY.json   resolved scenarios; files/ holds their people and graph files
    runs/VERSION/*.parquet, *.json   shards and their indexes
    failures/ID.json     runs that failed, with stage and traceback
    studies/NAME.json    what was asked for
"""

import contextlib
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from experiments.errors import short_path
from experiments.files.table_files import quoted
from experiments.run.shards import Entry, RunKey, Writer
from experiments.run.store_files import (
    NOT_AS_WRITTEN,
    StoreError,
    read_checked,
    read_json,
    store_errors,
    write_whole,
)
from simulation.outcomes import SERIES_COLUMNS, SERIES_RECORD
from simulation.regular_files import content_of
from simulation.scenario import ResolvedScenario
from simulation.whole_files import left_over, sweep, write_file

STORE = Path("results") / "store"
"""Where runs are kept unless somebody says otherwise."""
FORMAT = 1
LARGEST_FORMAT = 10_000
SET_ASIDE = ".damaged"
"""End of the names of indexes whose shards turned out to be damaged."""


def digest(value: Any) -> str:
    """Return a hash, 24 hexadecimal digits, of a JSON value."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


class Store:
    """A folder of runs, created if it doesn't exist.

    Raises `StoreError` where the folder cannot be written or has another format. With
    `only_read` nothing is written, and the store must exist; otherwise files that
    killed writers left are removed.
    """

    def __init__(self, folder: str | os.PathLike, only_read: bool = False) -> None:
        from simulation.version import results_version

        self.folder = Path(folder)
        self.only_read = only_read
        self.version = results_version()
        self._indexes: dict[Path, list[Entry]] = {}
        self._checked: set[Path] = set()
        self.damaged: dict[Path, str] = {}
        if only_read:
            with store_errors(self.folder):
                there = (self.folder / "store.json").exists()
            if not there:
                raise StoreError(f"{short_path(self.folder)}: there is no store here")
            self._check_format()
            return
        with store_errors(self.folder):
            for name in ("scenarios", "files", "failures", "studies"):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
            self.shards.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=self.shards).close()
            self._check_format()
            self.sweep()

    def sweep(self) -> int:
        """Remove files that killed writers left half written; return their number."""
        removed = sum(sweep(folder) for folder in (self.folder, self.shards))
        for name in ("scenarios", "files", "failures", "studies"):
            removed += sweep(self.folder / name)
        for shard in self.shards.glob("*.parquet"):
            ends = (".json", SET_ASIDE)
            if any(shard.with_suffix(end).exists() for end in ends):
                continue
            # The writer holds the lock until the index exists, which is written last.
            with left_over(shard) as free:
                if free and not shard.with_suffix(".json").exists():
                    shard.unlink(missing_ok=True)
                    removed += 1
        return removed

    @property
    def shards(self) -> Path:
        """The folder of the shards of this version of the model."""
        return self.folder / "runs" / self.version

    def _check_format(self) -> None:
        file = self.folder / "store.json"
        if not file.exists():
            write_whole(file, {"format": FORMAT})
        with store_errors(self.folder):
            content_of(file, LARGEST_FORMAT)
        content = read_json(file)
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise StoreError(
                f"{file}: this is no store of format {FORMAT}; choose another --store"
            )

    # --- which run ---------------------------------------------------------------

    def scenario_key(self, scenario: ResolvedScenario) -> str:
        """Return the key of a resolved scenario, and store the scenario.

        With `only_read` nothing is stored.
        """
        canonical = scenario.canonical()
        key = digest(canonical)
        if self.only_read:
            return key
        file = self.folder / "scenarios" / f"{key}.json"
        known = read_json(file)
        if not isinstance(known, dict) or known.get("resolved") != canonical:
            files = {
                name: self._keep_file(path)
                for name in ("people_file", "network_file")
                if (path := getattr(scenario, name))
            }
            draws = scenario.unknown.tables if scenario.unknown else ()
            names = {
                "name": scenario.name,
                "title": dict(scenario.title),
                "question": dict(scenario.question),
            }
            if draws:
                names["draws"] = {x.digest: self._keep_file(x.path) for x in draws}
            write_whole(file, {**names, "files": files, "resolved": canonical})
        return key

    def _keep_file(self, path: Path) -> str:
        content = path.read_bytes()
        name = hashlib.sha256(content).hexdigest() + path.suffix.lower()
        with store_errors(self.folder):
            write_file(self.folder / "files" / name, content)
        return name

    def key(
        self, scenario: str, seed: int, replicate: int, probe: int | None
    ) -> RunKey:
        """Return the key of a run of the scenario whose key is `scenario`."""
        identity = digest([self.version, scenario, seed, replicate, probe])
        return RunKey(identity, scenario, seed, replicate)

    # --- what is there -----------------------------------------------------------

    def entries(self) -> dict[str, Entry]:
        """Return the stored runs by id; of two with the same id, the longer one.

        Shards that were cut off or changed are left out, and listed in `damaged`.
        """
        longest: dict[str, Entry] = {}
        for index in sorted(self.shards.glob("*.json")):
            for entry in self._runs_in(index):
                known = longest.get(entry.key.id)
                if known is None or known.weeks < entry.weeks:
                    longest[entry.key.id] = entry
        return longest

    def _runs_in(self, index: Path) -> list[Entry]:
        if index not in self._indexes:
            self._indexes[index] = self._read_index(index)
        return self._indexes[index]

    def _read_index(self, index: Path) -> list[Entry]:
        shard = index.with_suffix(".parquet")
        try:
            with store_errors(self.folder):
                content = read_checked(index)
                size = shard.stat().st_size
            if size != content["bytes"]:
                raise ValueError(f"{size:,} of {content['bytes']:,} bytes are there")
            return [
                Entry(RunKey(*row[:4]), row[4], row[5], shard, place)
                for place, row in enumerate(content["runs"])
            ]
        except StoreError:
            raise
        except (FileNotFoundError, *NOT_AS_WRITTEN) as error:
            self.damaged[shard] = str(error)
            return []

    def _set_aside(self, index: Path, why: str) -> None:
        """Ignore a damaged shard from now on; its files stay until `prune`."""
        self.damaged[index.with_suffix(".parquet")] = why
        self._indexes[index] = []
        if self.only_read:
            return
        with contextlib.suppress(FileNotFoundError), store_errors(self.folder):
            os.replace(index, index.with_suffix(SET_ASIDE))

    def other_versions(self) -> dict[str, int]:
        """Return the number of shards of other versions of the model, by version."""
        folders = sorted((self.folder / "runs").glob("*"))
        counts = {x.name: len(list(x.glob("*.json"))) for x in folders if x.is_dir()}
        return {name: n for name, n in counts.items() if n and name != self.version}

    def load(
        self, entries: Sequence[Entry], weeks: int
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Return series and probes of runs, (runs, weeks), in the order of `entries`.

        Probes are None if any run has none. Raises `StoreError` for a shard that cannot
        be read; one whose bytes have changed then counts as damaged.
        """
        columns, shocked = self.columns(entries, weeks, SERIES_COLUMNS, SERIES_COLUMNS)
        series = _records(columns, (len(entries), weeks))
        return series, None if shocked is None else _records(shocked, series.shape)

    def columns(
        self,
        entries: Sequence[Entry],
        weeks: int,
        names: Sequence[str],
        probe_names: Sequence[str] = (),
    ) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray] | None]:
        """Return some columns of series and of probes, each of shape (runs, weeks).

        Like `load`, but reads and holds less.
        """
        shards = self.check(entries)
        starts = self._first_rows(shards)
        first = np.array([starts[x.shard][x.place] for x in entries], np.int64)
        rows = self._query(shards, dict.fromkeys([*names, *probe_names]), starts)
        week = np.arange(weeks)
        at = first[:, None] + week
        series = {name: rows[name][at] for name in names}
        if any(entry.shock_week is None for entry in entries):
            return series, None
        shock = np.array([[entry.shock_week] for entry in entries], np.int64)
        longer = np.array([[entry.weeks] for entry in entries], np.int64) - shock
        at += np.where(week < shock, 0, longer)
        return series, {name: rows[name][at] for name in probe_names}

    def check(self, entries: Sequence[Entry]) -> list[Path]:
        """Return the shards of these runs; `StoreError` if the bytes of one changed."""
        shards = sorted({entry.shard for entry in entries})
        for shard in shards:
            self._check_bytes(shard)
        return shards

    def _first_rows(self, shards: Sequence[Path]) -> dict[Path, np.ndarray]:
        """Return the first row of each run, by shard, with the shards concatenated.

        Each array ends with the first row of the next shard.
        """
        starts, start = {}, 0
        for shard in shards:
            runs = self._runs_in(shard.with_suffix(".json"))
            ends = start + np.cumsum([0, *(run.rows for run in runs)])
            starts[shard], start = ends, int(ends[-1])
        return starts

    def _query(
        self,
        shards: Sequence[Path],
        names: Iterable[str],
        starts: Mapping[Path, np.ndarray],
    ) -> dict[str, np.ndarray]:
        import duckdb

        files = ", ".join(map(quoted, shards))
        wanted = f"select {', '.join(names)} from read_parquet([{files}])"
        try:
            with self._reader.cursor() as cursor:
                found = cursor.execute(wanted).fetchnumpy()
        except duckdb.Error as error:
            why = str(error).splitlines()[0]
            raise StoreError(f"{self.folder}: cannot be read: {why}") from error
        rows = {len(column) for column in found.values()}
        if rows != {starts[shards[-1]][-1]}:
            raise StoreError(f"{self.folder}: {rows} rows, not as the indexes say")
        # DuckDB reads nan as NULL, and returns NULL as masked.
        return {
            name: np.ma.filled(column, np.nan) if np.ma.isMA(column) else column
            for name, column in found.items()
        }

    @cached_property
    def _reader(self) -> Any:
        """The connection for all reading; a new one each time takes twice as long."""
        import duckdb

        return duckdb.connect()

    def _check_bytes(self, shard: Path) -> None:
        """Raise `StoreError` if the bytes of a shard changed; each is checked once."""
        if shard in self._checked:
            return
        index = shard.with_suffix(".json")
        try:
            with store_errors(self.folder):
                checksum = read_checked(index)["crc32"]
                content = shard.read_bytes()
            if zlib.crc32(content) != checksum:
                raise ValueError("its bytes have changed")
        except StoreError:
            raise
        except (FileNotFoundError, *NOT_AS_WRITTEN) as error:
            self._set_aside(index, str(error))
            raise StoreError(
                f"{shard}: damaged: {error}; it is left out from now on; run the same"
                " command again: its runs are made anew"
            ) from error
        self._checked.add(shard)

    # --- failures and studies ----------------------------------------------------

    def note_failure(
        self, key: RunKey, weeks: int, stage: str, message: str, trace: str
    ) -> None:
        """Record that a run of `weeks` weeks failed, and why."""
        record = {**asdict(key), "weeks": weeks, "version": self.version}
        record |= {"stage": stage, "message": message, "traceback": trace}
        write_whole(self.folder / "failures" / f"{key.id}.json", record)

    def failures(self) -> list[dict[str, Any]]:
        """Return the runs of this version that failed, unless completed since."""
        there = self.entries()
        files = sorted((self.folder / "failures").glob("*.json"))
        records = [read_json(file) for file in files]
        return [
            x
            for x in records
            if isinstance(x, dict)
            and x.get("version") == self.version
            and not (x["id"] in there and there[x["id"]].weeks >= x["weeks"])
        ]

    def studies(self) -> dict[str, dict[str, Any]]:
        """Return the records of studies, by the name of the study."""
        records = {}
        for file in sorted((self.folder / "studies").glob("*.json")):
            record = read_json(file)
            if isinstance(record, dict) and record.get("scenarios"):
                records[file.stem] = record
            elif file.exists():
                self.damaged[file] = "it is not as it was written"
        return records

    def note_study(self, name: str, told: Mapping[str, Any]) -> None:
        """Write the record of a study, in the place of any earlier one."""
        write_whole(self.folder / "studies" / f"{name}.json", dict(told))

    @contextmanager
    def writer(self) -> Iterator["Writer"]:
        """Give a writer; at the end, also by Ctrl-C, all runs it took are written."""
        writer = Writer(self.folder, self.shards)
        try:
            yield writer
        finally:
            writer.flush()


def _records(columns: Mapping[str, np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    records = np.empty(shape, SERIES_RECORD)
    for name, column in columns.items():
        records[name] = column
    return records
