"""A store after kills, flipped bits and on disks that are only read."""

import os
import signal
from dataclasses import replace

import pytest
from kills import every_kill, in_child

from experiments.cli.command_line import call
from experiments.run import shards
from experiments.run.store import Store
from experiments.run.store_contents import study_told
from experiments.run.store_files import StoreError, read_checked, write_whole
from simulation.ensemble import simulate
from simulation.scenario import read

STUDY = 'title = "Two"\nscenarios = ["assigned", "owned"]\nreplicates = 2\nweeks = 4\n'


@pytest.fixture(scope="module")
def run():
    """A short run."""
    return simulate(replace(read("baseline"), weeks=4), 1, 0, 2)


def left_in(store):
    """Return what no whole shard needs: half-written files, shards without index."""
    shards = store.shards.glob("*.parquet")
    orphans = [x for x in shards if not x.with_suffix(".json").exists()]
    return [*store.folder.rglob(".orgsim-*"), *orphans]


def test_a_kill_at_any_moment_leaves_whole_shards_only(tmp_path, run, monkeypatch):
    """What was written before is there, and the next that opens the store sweeps."""
    monkeypatch.setattr(
        shards, "_write_weeks", lambda runs, file: file.write_bytes(b"x" * 99)
    )
    folder = tmp_path / "store"
    key = Store(folder).scenario_key(read("baseline"))
    numbers = iter(range(10**6))
    before, counts = [0], set()

    def start():
        before[0] = len(Store(folder).entries())
        assert not left_in(Store(folder))

    def write():
        store = Store(folder)
        with store.writer() as writer:
            writer.add(store.key(key, next(numbers), os.getpid(), 2), run)

    for _ in every_kill(start, write):
        there = Store(folder)
        more = len(there.entries()) - before[0]
        counts.add(more)
        assert more in (0, 1) and not there.damaged and not left_in(there)
    assert counts == {0, 1}


def test_a_living_writer_keeps_its_shard(tmp_path, run, monkeypatch):
    """Between shard and index another process opens the store and sweeps nothing."""
    folder = tmp_path / "store"
    store = Store(folder)
    key = store.key(store.scenario_key(read("baseline")), 1, 0, 2)
    ready, end = os.pipe()
    go, on = os.pipe()

    def slow(file, value, write=shards.write_whole):
        os.write(end, b"x")
        os.read(go, 1)
        write(file, value)

    def write():
        shards.write_whole = slow
        shards._write_weeks = lambda runs, file: file.write_bytes(b"x" * 99)
        with store.writer() as writer:
            writer.add(key, run)

    child = in_child(write)
    os.read(ready, 1)
    assert Store(folder).entries() == {} and len(left_in(store)) == 2
    os.write(on, b"x")
    os.waitpid(child, 0)
    assert list(Store(folder).entries()) == [key.id] and not left_in(store)


def test_any_changed_byte_of_an_index_is_noticed(tmp_path, run):
    """Each bit-flip is told as damage, or changes nothing of what is read."""
    store = Store(tmp_path / "store")
    key = store.key(store.scenario_key(read("baseline")), 1, 0, 2)
    with store.writer() as writer:
        writer.add(key, run)
    (index,) = store.shards.glob("*.json")
    whole, content = Store(store.folder).entries(), index.read_bytes()
    told = 0
    for k in range(len(content)):
        for bit in (1, 4, 64):
            changed = bytearray(content)
            changed[k] ^= bit
            index.write_bytes(changed)
            there = Store(store.folder, only_read=True)
            entries = there.entries()
            assert entries == ({} if there.damaged else whole)
            told += bool(there.damaged)
    assert told > len(content)
    index.write_bytes(content)
    assert Store(store.folder).entries() == whole


def test_indexes_of_older_stores_are_read(tmp_path):
    """They have no checksum; what is written has one, and is still JSON."""
    file = tmp_path / "index.json"
    file.write_text('{"bytes": 3, "runs": []}')
    assert read_checked(file) == {"bytes": 3, "runs": []}
    write_whole(file, {"bytes": 3, "runs": []})
    assert read_checked(file) == {"bytes": 3, "runs": []}
    file.write_text(file.read_text().replace("3", "4", 1))
    with pytest.raises(ValueError, match="have changed"):
        read_checked(file)


def test_a_damaged_study_is_told(tmp_path):
    """It is not taken for one that never was."""
    store = Store(tmp_path / "store")
    store.note_study("two", {"scenarios": {"a": "b"}, "seed": 1})
    file = store.folder / "studies" / "two.json"
    file.write_text(file.read_text().replace('"seed": 1', '"seed": 2'))
    with pytest.raises(StoreError, match="is damaged"):
        study_told(store, "two")


def tree(folder):
    """Return everything in a folder with its times."""
    return sorted((x, x.stat().st_mtime_ns) for x in folder.rglob("*"))


def test_what_is_left_is_told_without_writing(tmp_path, monkeypatch, capsys):
    """Where there is no store yet, where one is, and where it has less than asked."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.toml").write_text(STUDY)
    ask = ["study", "two.toml", "--store", "store", "--left"]
    assert call(ask) == 0
    assert capsys.readouterr().out == "0 runs are there, 4 are left.\n"
    assert [x.name for x in tmp_path.iterdir()] == ["two.toml"]
    assert call(["study", "two.toml", "--store", "store", "--quiet"]) == 0
    capsys.readouterr()
    before = tree(tmp_path)
    for module in ("store", "store_files"):
        monkeypatch.setattr(f"experiments.run.{module}.write_file", no_writing)
    assert call([*ask, "--replicates", "3"]) == 0
    assert capsys.readouterr().out == "4 runs are there, 2 are left.\n"
    assert call(["results", "--store", "store"]) == 0
    assert tree(tmp_path) == before


def no_writing(*_):
    """Stand in for what writes files."""
    raise AssertionError("nothing is to be written")


def test_a_report_needs_no_store_that_can_be_written(tmp_path, monkeypatch, capsys):
    """A study that is there is reported from a store for reading only."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.toml").write_text(STUDY)
    assert call(["study", "two.toml", "--store", "store", "--quiet"]) == 0
    real = Store.__init__

    def only_read(self, folder, only_read=False):
        if not only_read:
            raise StoreError("cannot be used")
        real(self, folder, only_read)

    monkeypatch.setattr(Store, "__init__", only_read)
    before = tree(tmp_path / "store")
    args = ["report", "two.toml", "--store", "store", "--quick", "--output", "p.html"]
    assert call(args) == 0
    assert (tmp_path / "p.html").exists() and tree(tmp_path / "store") == before


def test_damage_in_a_store_for_reading_only_is_told_and_left(tmp_path, run):
    """Its files stay as they are; who may write is to mend it."""
    store = Store(tmp_path / "store")
    key = store.key(store.scenario_key(read("baseline")), 1, 0, 2)
    with store.writer() as writer:
        writer.add(key, run)
    (shard,) = store.shards.glob("*.parquet")
    content = bytearray(shard.read_bytes())
    content[50] ^= 1
    shard.write_bytes(content)
    before = tree(store.folder)
    there = Store(store.folder, only_read=True)
    with pytest.raises(StoreError, match="damaged"):
        there.load(list(there.entries().values()), 4)
    assert there.damaged and tree(store.folder) == before


def test_a_writer_that_is_killed_for_real_is_swept(tmp_path, run):
    """SIGKILL while a shard is being written leaves nothing after the next opening."""
    folder = tmp_path / "store"
    store = Store(folder)
    key = store.key(store.scenario_key(read("baseline")), 1, 0, 2)

    def write():
        shards._write_weeks = lambda runs, file: os.kill(os.getpid(), signal.SIGKILL)
        with store.writer() as writer:
            writer.add(key, run)

    os.waitpid(in_child(write), 0)
    assert len(left_in(store)) == 1
    assert not left_in(Store(folder)) and Store(folder).entries() == {}
