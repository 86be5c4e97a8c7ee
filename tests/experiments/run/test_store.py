"""The store: whole or not there, found again by what a run is, and never changed."""

import errno
import json
import os
import random
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import machine
import numpy as np
import pytest

import experiments
from experiments.run import shards
from experiments.run.reproducing import (
    find_run,
    first_difference,
    reproduce,
    scenario_of,
)
from experiments.run.store import Store
from experiments.run.store_contents import listed, prune, runs_of
from experiments.run.store_files import StoreError
from experiments.run.study_files import read_study
from experiments.run.study_plans import plan_of, remaining_of, with_replicates
from experiments.run.studying import carry_out
from simulation.ensemble import simulate
from simulation.scenario import read

ROOT = Path(experiments.__file__).parent.parent
STUDY = """
title = "Two"
scenarios = ["assigned", "owned"]
replicates = 4
weeks = 8
"""


@pytest.fixture
def study(tmp_path):
    """A small study, read from a file."""
    file = tmp_path / "two.toml"
    file.write_text(STUDY)
    return read_study(file)


def short(name="baseline", weeks=6):
    """Return a shipped scenario with a short horizon."""
    return replace(read(name), weeks=weeks)


def put(store, scenario, replicates, probe=3):
    """Put runs of a scenario into a store and return their keys."""
    key = store.scenario_key(scenario)
    keys = [store.key(key, 1, r, probe) for r in replicates]
    with store.writer() as writer:
        for one in keys:
            writer.add(one, simulate(scenario, 1, one.replicate, probe))
    return keys


def test_runs_come_back_as_they_went_in(tmp_path):
    """Series and probes are the same bytes, from another process's point of view."""
    what = short()
    keys = put(Store(tmp_path), what, range(3))
    there = Store(tmp_path).entries()
    assert set(there) == {key.id for key in keys}
    series, probes = Store(tmp_path).load([there[k.id] for k in keys[::-1]], 6)
    twice, _ = Store(tmp_path).load([there[keys[1].id]] * 2, 6)
    assert twice[0].tobytes() == twice[1].tobytes() == series[1].tobytes()
    for k, replicate in enumerate((2, 1, 0)):
        run = simulate(what, 1, replicate, 3)
        assert series[k].tobytes() == run.series.tobytes()
        assert probes[k].tobytes() == run.probe.tobytes()
        assert there[keys[replicate].id].shock_week == 3


def test_a_run_is_known_by_what_can_change_it(tmp_path):
    """Another number, seed, replicate or probe is another run; another title is not."""
    store = Store(tmp_path)
    what = short()
    key = store.scenario_key(what)
    assert store.scenario_key(replace(what, name="x", title={"en": "y"})) == key
    more = {**what.parameters, "talk_step": what.parameters["talk_step"] * 1.01}
    others = {
        store.scenario_key(replace(what, parameters=more)),
        store.scenario_key(short("owned")),
        store.scenario_key(replace(what, warm_up_weeks=51)),
    }
    assert len(others | {key}) == 4
    asked = [(1, 0, 3), (2, 0, 3), (1, 1, 3), (1, 0, 4)]
    assert len({store.key(key, *one).id for one in asked}) == 4


def test_a_longer_run_takes_the_place_of_a_shorter_one(tmp_path):
    """The first weeks of the longer run are those of the shorter one."""
    store = Store(tmp_path)
    (key,) = put(store, short(weeks=6), [0])
    put(store, short(weeks=9), [0])
    entry = store.entries()[key.id]
    assert entry.weeks == 9
    series, _ = store.load([entry], 6)
    assert series[0].tobytes() == simulate(short(weeks=6), 1, 0, 3).series.tobytes()


def test_a_shard_without_index_does_not_count(tmp_path):
    """What was killed between shard and index is not there; nothing else is lost."""
    store = Store(tmp_path)
    put(store, short(), [0])
    (kept,) = put(store, short(), [1])
    newest = max(store.shards.glob("*.json"), key=lambda x: x.stat().st_mtime_ns)
    assert json.loads(newest.read_text())["runs"][0][0] == kept.id
    newest.unlink()
    assert kept.id not in Store(tmp_path).entries()
    assert len(Store(tmp_path).entries()) == 1


@pytest.mark.parametrize("damage", ["cut", "empty", "index", "gone"])
def test_damage_is_told_and_its_runs_made_again(tmp_path, study, damage):
    """A cut shard or unreadable index is left out and told; its runs are made anew."""
    store = Store(tmp_path / "store")
    whole = carry_out(study, store)
    (shard,) = store.shards.glob("*.parquet")
    if damage == "cut":
        shard.write_bytes(shard.read_bytes()[:-20])
    elif damage == "empty":
        shard.write_bytes(b"")
    elif damage == "gone":
        shard.unlink()
    else:
        shard.with_suffix(".json").write_text("{")
    broken = Store(tmp_path / "store")
    assert remaining_of(plan_of(study, broken), broken, 4).to_do == 8
    assert list(broken.damaged) == [shard]
    again = carry_out(study, broken)
    assert again.summaries.equals(whole.summaries)
    assert prune(broken, None) >= 1 and not broken.damaged
    assert remaining_of(plan_of(study, broken), broken, 4).to_do == 0


@pytest.mark.parametrize("change", [slice(0, 9), slice(2000, 2001)])
def test_changed_bytes_are_noticed_when_read(tmp_path, study, change):
    """One changed byte is told, its shard left out, and its runs made anew."""
    whole = carry_out(study, Store(tmp_path / "store"))
    (shard,) = Store(tmp_path / "store").shards.glob("*.parquet")
    content = bytearray(shard.read_bytes())
    for k in range(change.start, change.stop):
        content[k] ^= 1
    shard.write_bytes(content)
    with pytest.raises(StoreError, match="run the same command again"):
        carry_out(study, Store(tmp_path / "store"))
    again = carry_out(study, Store(tmp_path / "store"))
    assert again.summaries.equals(whole.summaries)
    assert shard.exists() and prune(Store(tmp_path / "store"), None) == 2
    assert not shard.exists()


def test_writers_and_readers_at_once(tmp_path):
    """Several threads write the same and other runs while one reads: all is there."""
    what, seen, done = short(), [], threading.Event()

    def read_on():
        while not done.is_set():
            store = Store(tmp_path)
            there = list(store.entries().values())
            if there:
                seen.append(len(there))
                store.load(there, 6)

    Store(tmp_path)
    reader = threading.Thread(target=read_on)
    reader.start()
    numbers = [range(6), range(3, 9), range(6, 12)]
    writers = [
        threading.Thread(target=lambda x=x: put(Store(tmp_path), what, x))
        for x in numbers
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join()
    assert len(Store(tmp_path).entries()) == 12 and seen == sorted(seen)


def test_a_full_disk_says_what_to_do_and_loses_nothing(tmp_path, monkeypatch):
    """Where the disk is full, acknowledged runs are safe and the message says so."""
    store = Store(tmp_path)
    monkeypatch.setattr(shards, "RUNS_IN_FLIGHT", 2)
    key = store.scenario_key(short())
    real = shards._write_weeks

    def full(runs, file):
        if len(list(store.shards.glob("*.json"))) == 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(runs, file)

    monkeypatch.setattr(shards, "_write_weeks", full)
    message = r"disk is full.*again; 2 runs are safe"
    with pytest.raises(StoreError, match=message), store.writer() as writer:
        for r in range(4):
            writer.add(store.key(key, 1, r, 3), simulate(short(), 1, r, 3))
    assert len(Store(tmp_path).entries()) == 2
    monkeypatch.undo()
    put(store, short(), range(4))
    assert len(Store(tmp_path).entries()) == 4


def test_places_that_cannot_be_a_store_are_told(tmp_path):
    """A file in the way, or another format, ends with a message before any run."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="choose another --store"):
        Store(tmp_path / "file" / "store")
    Store(tmp_path / "new")
    (tmp_path / "new" / "store.json").write_text('{"format": 99}')
    with pytest.raises(StoreError, match="no store of format 1"):
        Store(tmp_path / "new")


def test_other_users_may_read_and_what_cannot_be_read_is_not_damaged(tmp_path, study):
    """Files have the rights that the umask leaves; unreadable is not damaged."""
    store = Store(tmp_path / "store")
    carry_out(study, store)
    plain = tmp_path / "plain"
    plain.touch()
    for file in store.folder.rglob("*"):
        if file.is_file():
            assert file.stat().st_mode == plain.stat().st_mode
    (index,) = store.shards.glob("*.json")
    index.unlink()
    index.mkdir()  # reading it fails, also for root
    with pytest.raises(StoreError, match=r"cannot be used \(Is a directory\)"):
        Store(store.folder).entries()
    assert index.with_suffix(".parquet").exists()


def test_a_store_is_read_where_it_cannot_be_written(tmp_path, study):
    """Reading makes nothing, and a folder without a store is told."""
    carry_out(study, Store(tmp_path / "store"))
    before = sorted(tmp_path.rglob("*"))
    there = Store(tmp_path / "store", only_read=True)
    assert len(runs_of(there, "two")) == 8 and sorted(tmp_path.rglob("*")) == before
    with pytest.raises(StoreError, match="no store here"):
        Store(tmp_path / "typo", only_read=True)
    assert not (tmp_path / "typo").exists()


def test_a_failure_of_a_longer_run_is_told(tmp_path):
    """Also where the shorter run is there; failures of other versions are not."""
    store = Store(tmp_path)
    (key,) = put(store, short(weeks=6), [0])
    store.note_failure(key, 9, "simulate", "too long", "")
    assert [x["message"] for x in store.failures()] == ["too long"]
    put(store, short(weeks=9), [0])
    assert store.failures() == []


def test_runs_of_another_version_are_not_used(tmp_path, study, monkeypatch):
    """Runs of another version of the model stay, are counted, and are not taken."""
    store = Store(tmp_path / "store")
    carry_out(study, store)
    monkeypatch.setattr("simulation.version.results_version", lambda: "0" * 16)
    newer = Store(tmp_path / "store")
    assert newer.entries() == {}
    assert newer.other_versions() == {store.version: 1}
    assert listed(newer)["other_versions"] == {store.version: 1}
    with pytest.raises(StoreError, match="other versions of the model"):
        find_run(newer, "abc")
    assert prune(newer, None) == 2 and newer.other_versions() == {}


def test_reproducing_compares_every_number(tmp_path, study):
    """A stored run comes out the same from both engines; a changed one does not."""
    store = Store(tmp_path / "store")
    carry_out(study, store)
    rows = runs_of(store, "two")
    assert len(rows) == 8
    for engine in (None, "mesa"):
        verdict = reproduce(store, rows[3]["id"][:9], engine)
        assert verdict.same and verdict.where == ""
    entry = find_run(store, rows[3]["id"])
    scenario, name = scenario_of(store, entry.key.scenario)
    assert name == "assigned" and scenario.canonical() == read("assigned").canonical()
    series, _ = store.load([entry], 8)
    other = series.copy()
    other["revenue"][0, 5] += 1.0
    assert first_difference(series[0], other[0]).startswith("week 5, revenue")
    with pytest.raises(StoreError, match="no run of this id"):
        find_run(store, "zz")
    with pytest.raises(StoreError, match="give more of the id"):
        find_run(store, "")


def test_what_is_not_known_is_kept_with_a_run(tmp_path):
    """A run with draws of a file comes out the same when the files are gone."""
    draws = tmp_path / "posterior.csv"
    rows = "".join(f"0.00{k},{'decides' if k % 2 else 'executes'}\n" for k in range(9))
    draws.write_text("parameters.quit_hazard,levers.mandate\n" + rows)
    file = tmp_path / "self.toml"
    file.write_text(
        'based_on = "baseline"\nas_is = "self"\n[run]\nweeks = 6\n[unknown]\n'
        'structure = { team_hours = [1, 3] }\ndraws = "posterior.csv"\n'
    )
    plan = tmp_path / "plan.toml"
    plan.write_text('based_on = "self.toml"\n[levers]\ntesting = "room"\n')
    store = Store(tmp_path / "store")
    keys = [*put(store, read(file), range(2)), *put(store, read(plan), range(2))]
    told = read(plan).canonical()
    for name in (draws, file, plan):
        name.unlink()
    scenario, _ = scenario_of(store, keys[-1].scenario)
    assert scenario.canonical() == told
    for key in keys:
        for engine in (None, "mesa"):
            assert reproduce(store, key.id, engine).same


def test_two_studies_of_one_name_are_told_apart(tmp_path, study):
    """More replicates extend; other scenarios under the same name are refused."""
    store = Store(tmp_path / "store")
    carry_out(study, store)
    longer = carry_out(with_replicates(study, 6), store)
    assert longer.worlds == (0, 1, 2, 3, 4, 5)
    other = replace(study, scenarios=study.scenarios[::-1])
    with pytest.raises(StoreError.__mro__[1], match="give the file another name"):
        carry_out(other, store)
    assert prune(store, "two") == 1
    assert len(carry_out(other, store).worlds) == 4


RUN = """
import sys
from experiments.run import shards
from experiments.cli.command_line import call
shards.RUNS_IN_FLIGHT = 20
sys.exit(call(["study", "two.toml", "--store", "store", "--output", "out", "--quiet"]))
"""


def killed_at_random(folder, draw):
    """Start the study, kill it soon after some new shards; tell whether it ran."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def shards():
        return len(list(folder.glob("store/runs/*/*.json")))

    enough = shards() + draw.randrange(4)
    machine.until(lambda: process.poll() is not None or shards() >= enough)
    time.sleep(draw.uniform(0, 0.1))  # any moment between two shards
    running = process.poll() is None
    process.kill()
    process.wait()
    return running


def stored_bytes(store):
    """Return the series of all runs by id."""
    there = store.entries()
    if not there:
        return {}
    entries = list(there.values())
    series, probes = store.load(entries, entries[0].weeks)
    return {
        entry.key.id: series[k].tobytes() + probes[k].tobytes()
        for k, entry in enumerate(entries)
    }


def kill_and_resume(tmp_path, kills, replicates):
    """Kill a study many times and resume it; compare with one that ran through."""
    draw = random.Random(7)
    text = STUDY.replace("replicates = 4", f"replicates = {replicates}")
    (tmp_path / "two.toml").write_text(text.replace("weeks = 8", "weeks = 60"))
    study = read_study(tmp_path / "two.toml")
    acknowledged: dict[str, bytes] = {}
    killed = 0
    for _ in range(kills):
        killed += killed_at_random(tmp_path, draw)
        store = Store(tmp_path / "store")
        now = stored_bytes(store)
        assert not store.damaged
        for identity, series in acknowledged.items():
            assert now[identity] == series
        acknowledged = now
    whole = carry_out(study, Store(tmp_path / "through"))
    resumed = carry_out(study, Store(tmp_path / "store"))
    assert resumed.summaries.equals(whole.summaries)
    through = stored_bytes(Store(tmp_path / "through"))
    assert stored_bytes(Store(tmp_path / "store")) == through
    return killed


def test_kill_9_loses_no_acknowledged_run(tmp_path):
    """Killed at random moments, a study has lost and changed nothing acknowledged."""
    assert kill_and_resume(tmp_path, 4, 400) >= 2


@pytest.mark.slow
def test_kill_9_a_hundred_times(tmp_path):
    """The same, a hundred times."""
    assert kill_and_resume(tmp_path, 100, 4000) >= 90


def test_a_run_after_a_pause_is_written_at_once(tmp_path, monkeypatch):
    """Runs that take long are not held back until the next."""
    store = Store(tmp_path)
    key = store.scenario_key(short())
    now = [100.0]
    monkeypatch.setattr(shards.time, "monotonic", lambda: now[0])
    with store.writer() as writer:
        now[0] += 1.0
        writer.add(store.key(key, 1, 0, 3), simulate(short(), 1, 0, 3))
        assert writer.acknowledged == 0
        now[0] += 1.5
        writer.add(store.key(key, 1, 1, 3), simulate(short(), 1, 1, 3))
        assert writer.acknowledged == 2
        now[0] += 5.0
        writer.add(store.key(key, 1, 2, 3), simulate(short(), 1, 2, 3))
        assert writer.acknowledged == 3


def test_time_does_not_hold_runs_back(tmp_path, monkeypatch):
    """Runs are acknowledged after a stated time, however few they are."""
    monkeypatch.setattr(shards, "SECONDS_IN_FLIGHT", 0.0)
    store = Store(tmp_path)
    key = store.scenario_key(short())
    with store.writer() as writer:
        writer.add(store.key(key, 1, 0, 3), simulate(short(), 1, 0, 3))
        assert writer.acknowledged == 1
        assert len(Store(tmp_path).entries()) == 1


@pytest.mark.parametrize("probe", [None, 20])
def test_nan_is_kept(tmp_path, probe):
    """What is not known (no decision this week) stays unknown."""
    store = Store(tmp_path)
    what = short("owned_without_capacity", weeks=60)
    keys = put(store, what, range(3), probe)
    series, probes = store.load([store.entries()[k.id] for k in keys], 60)
    runs = [simulate(what, 1, r, probe) for r in range(3)]
    made = np.stack([run.series for run in runs])
    assert np.isnan(made["decision_weeks_p90"]).any()
    assert_same(series, made)
    assert (probes is None) == (probe is None)
    if probe is not None:
        assert_same(probes, np.stack([run.probe for run in runs]))
    assert all(reproduce(store, key.id).same for key in keys)


def assert_same(stored, made):
    """Every number is the same, and nan where it was nan."""
    for name in made.dtype.names:
        assert np.array_equal(stored[name], made[name], equal_nan=True), name
