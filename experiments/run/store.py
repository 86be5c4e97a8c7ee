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
import errno
import hashlib
import json
import os
import re
import tempfile
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from experiments.errors import InputError, as_os_error, short_path
from experiments.files.table_files import quoted
from simulation.outcomes import SERIES_COLUMNS, SERIES_RECORD
from simulation.regular_files import content_of
from simulation.runs import Run
from simulation.scenario import ResolvedScenario
from simulation.whole_files import (
    aside_folder,
    left_over,
    locked,
    sweep,
    wait_for_disk,
    write_file,
)

STORE = Path("results") / "store"
"""Where runs are kept unless somebody says otherwise."""
FORMAT = 1
LARGEST_FORMAT = 10_000
RUNS_IN_FLIGHT = 256
SECONDS_IN_FLIGHT = 2.0
CHECKSUM = re.compile(', "checksum": "([0-9a-f]+)"}$')
"""How a JSON file of the store ends; it is of what is before, and the last brace."""
SET_ASIDE = ".damaged"
"""End of the names of indexes whose shards turned out to be damaged."""


_NOT_AS_WRITTEN = (ValueError, KeyError, TypeError, IndexError)
"""What reading a file raises that is not as it was written."""


class StoreError(InputError):
    """A store cannot be used as asked; the message says what to do."""


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
            with _told(self.folder):
                there = (self.folder / "store.json").exists()
            if not there:
                raise StoreError(f"{short_path(self.folder)}: there is no store here")
            self._check_format()
            return
        with _told(self.folder):
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
        with _told(self.folder):
            content_of(file, LARGEST_FORMAT)
        found = read_json(file)
        if not isinstance(found, dict) or found.get("format") != FORMAT:
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
        with _told(self.folder):
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
        found: dict[str, Entry] = {}
        for index in sorted(self.shards.glob("*.json")):
            for entry in self._runs_in(index):
                known = found.get(entry.key.id)
                if known is None or known.weeks < entry.weeks:
                    found[entry.key.id] = entry
        return found

    def _runs_in(self, index: Path) -> list[Entry]:
        if index not in self._indexes:
            self._indexes[index] = self._read_index(index)
        return self._indexes[index]

    def _read_index(self, index: Path) -> list[Entry]:
        shard = index.with_suffix(".parquet")
        try:
            with _told(self.folder):
                told = read_checked(index)
                size = shard.stat().st_size
            if size != told["bytes"]:
                raise ValueError(f"{size:,} of {told['bytes']:,} bytes are there")
            return [
                Entry(RunKey(*row[:4]), row[4], row[5], shard, place)
                for place, row in enumerate(told["runs"])
            ]
        except StoreError:
            raise
        except (FileNotFoundError, *_NOT_AS_WRITTEN) as error:
            self.damaged[shard] = str(error)
            return []

    def _set_aside(self, index: Path, why: str) -> None:
        """Ignore a damaged shard from now on; its files stay until `prune`."""
        self.damaged[index.with_suffix(".parquet")] = why
        self._indexes[index] = []
        if self.only_read:
            return
        with contextlib.suppress(FileNotFoundError), _told(self.folder):
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
        found = self._query(shards, dict.fromkeys([*names, *probe_names]), starts)
        week = np.arange(weeks)
        at = first[:, None] + week
        series = {name: found[name][at] for name in names}
        if any(entry.shock_week is None for entry in entries):
            return series, None
        shock = np.array([[entry.shock_week] for entry in entries], np.int64)
        longer = np.array([[entry.weeks] for entry in entries], np.int64) - shock
        at += np.where(week < shock, 0, longer)
        return series, {name: found[name][at] for name in probe_names}

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
            with _told(self.folder):
                told = read_checked(index)["crc32"]
                content = shard.read_bytes()
            if zlib.crc32(content) != told:
                raise ValueError("its bytes have changed")
        except StoreError:
            raise
        except (FileNotFoundError, *_NOT_AS_WRITTEN) as error:
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
        told = {**asdict(key), "weeks": weeks, "version": self.version}
        told |= {"stage": stage, "message": message, "traceback": trace}
        write_whole(self.folder / "failures" / f"{key.id}.json", told)

    def failures(self) -> list[dict[str, Any]]:
        """Return the runs of this version that failed, unless completed since."""
        there = self.entries()
        files = sorted((self.folder / "failures").glob("*.json"))
        told = [read_json(file) for file in files]
        return [
            x
            for x in told
            if isinstance(x, dict)
            and x.get("version") == self.version
            and not (x["id"] in there and there[x["id"]].weeks >= x["weeks"])
        ]

    def studies(self) -> dict[str, dict[str, Any]]:
        """Return the records of studies, by the name of the study."""
        found = {}
        for file in sorted((self.folder / "studies").glob("*.json")):
            told = read_json(file)
            if isinstance(told, dict) and told.get("scenarios"):
                found[file.stem] = told
            elif file.exists():
                self.damaged[file] = "it is not as it was written"
        return found

    def note_study(self, name: str, told: Mapping[str, Any]) -> None:
        """Write the record of a study, in the place of any earlier one."""
        write_whole(self.folder / "studies" / f"{name}.json", dict(told))

    @contextmanager
    def writer(self) -> Iterator["Writer"]:
        """Give a writer; at the end, also by Ctrl-C, all runs it took are written."""
        writer = Writer(self)
        try:
            yield writer
        finally:
            writer.flush()


@dataclass
class Writer:
    """Collects runs, and writes them as a shard when there are many or time is up.

    A run that is added more than `SECONDS_IN_FLIGHT` after the last write is written at
    once, with all that were waiting.
    """

    store: Store
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
        shard = self.store.shards / f"{uuid.uuid4().hex}.parquet"
        rows = [
            [*asdict(key).values(), len(run.series), run.shock_week]
            for key, run in self._runs
        ]
        with (
            _told(self.store.folder, self.acknowledged),
            aside_folder(self.store.shards) as aside,
        ):
            file = aside / "weeks.parquet"
            _write_weeks([run for _, run in self._runs], file)
            wait_for_disk(file)
            content = file.read_bytes()
            told = {"bytes": len(content), "crc32": zlib.crc32(content)}
            with locked(file):  # until the index is there: see `Store.sweep`
                os.replace(file, shard)
                write_whole(shard.with_suffix(".json"), {**told, "runs": rows})
        self.acknowledged += len(self._runs)
        self._runs = []
        self._since = time.monotonic()


def _records(columns: Mapping[str, np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    records = np.empty(shape, SERIES_RECORD)
    for name, column in columns.items():
        records[name] = column
    return records


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


def read_json(file: Path) -> Any:
    """Return the value in a JSON file, or None if it cannot be read or has changed."""
    try:
        return read_checked(file)
    except (OSError, ValueError):
        return None


def read_checked(file: Path) -> Any:
    """Return the value in a JSON file; ValueError if it does not match its checksum.

    Files of old stores have no checksum.
    """
    text = file.read_text(encoding="utf-8")
    if found := CHECKSUM.search(text):
        text = text[: found.start()] + "}"
        if found[1] != _checksum(text):
            raise ValueError("its bytes have changed")
    return json.loads(text)


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def write_whole(file: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON file with a checksum, atomically: wholly or not at all."""
    text = json.dumps(value, allow_nan=False)
    checked = f'{text[:-1]}, "checksum": "{_checksum(text)}"}}'
    with _told(file.parent):
        write_file(file, checked)


@contextmanager
def _told(folder: Path, acknowledged: int = 0) -> Iterator[None]:
    """Turn system errors about files into `StoreError`s that say what to do.

    FileNotFoundError passes unchanged.
    """
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        safe = f"; {acknowledged:,} runs are safe" if acknowledged else ""
        if error.errno == errno.ENOSPC:
            what = "the disk is full; make room and run the same command again"
        else:
            what = f"cannot be used ({error.strerror}); choose another --store"
        raise StoreError(f"{short_path(folder)}: {what}{safe}") from error
