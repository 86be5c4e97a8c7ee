"""A study shared out over processes: the same bytes, whoever dies on the way."""

import os
import signal
import threading

import machine
import pytest

from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.run import cluster
from experiments.run.living import Fault, Means, World, live
from experiments.run.store import Store
from experiments.run.study_files import read_study
from experiments.run.studying import carry_out, carry_out_part
from experiments.run.workers import WorkerDeath
from simulation.scenario import read, vary
from simulation.version import results_version

distributed = machine.library("distributed")
QUIET = Progress("", quiet=True)
VERSION = results_version()


@pytest.fixture(scope="module")
def local():
    """A scheduler with two worker processes on loopback, and its client."""
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
        ) as made,
        distributed.Client(made) as client,
    ):
        yield made, client


@pytest.fixture
def study(tmp_path):
    """A small study, read from a file."""
    file = tmp_path / "two.toml"
    file.write_text('scenarios = ["assigned", "owned"]\nreplicates = 12\nweeks = 9\n')
    return read_study(file)


def worlds_of(worlds=10, weeks=9):
    """Return some worlds of two scenarios."""
    plain = read("baseline")
    short = vary(plain, "short", run={"weeks": weeks})
    other = vary(plain, "other", run={"weeks": weeks}, levers={"mandate": "decides"})
    return [World(one, 1, r, 4) for r in range(worlds) for one in (short, other)]


def test_a_cluster_gives_the_same_bytes(local):
    """Every run comes once, and is what a thread of this process makes of it."""
    made, _ = local
    worlds = worlds_of()
    here = dict(live(worlds))
    there = dict(cluster.live_on(made.scheduler_address, worlds, QUIET))
    assert here.keys() == there.keys()
    for i, run in here.items():
        assert there[i].series.tobytes() == run.series.tobytes()
        assert there[i].probe.tobytes() == run.probe.tobytes()


def test_a_worker_killed_in_the_middle_costs_nothing(local):
    """Its worlds are lived again by another; all results are the same bytes."""
    made, client = local
    worlds = worlds_of(worlds=60, weeks=104)
    results = cluster.live_on(made.scheduler_address, worlds, QUIET)
    first = next(results)
    victim = next(iter(client.run(os.getpid).values()))
    os.kill(victim, signal.SIGKILL)
    there = dict([first, *results])
    here = dict(live(worlds))
    assert there.keys() == here.keys()
    assert not [x for x in there.values() if isinstance(x, Fault | WorkerDeath)]
    for i, run in here.items():
        assert there[i].series.tobytes() == run.series.tobytes()


def test_a_study_on_a_cluster_is_the_study(local, study, tmp_path):
    """The store has the same runs as one that was filled here."""
    made, _ = local
    means = Means(scheduler=made.scheduler_address)
    there = carry_out(study, Store(tmp_path / "there"), means)
    here = carry_out(study, Store(tmp_path / "here"))
    assert there.summaries.equals(here.summaries)


def test_a_world_that_fails_is_a_fault(monkeypatch):
    """What a worker could not do comes back with its traceback, the others run."""
    found = cluster.live_worlds(worlds_of(1)[0], [0, -1, 2], VERSION)
    assert isinstance(found[1], Fault) and "replicate" in found[1].message
    assert found[0].series.shape == found[2].series.shape == (9,)


def test_a_worker_of_another_version_is_refused(local, study, tmp_path, monkeypatch):
    """Its runs would be filed under a version that did not make them."""
    made, _ = local
    store = Store(tmp_path / "store")
    monkeypatch.setattr("simulation.version.results_version", lambda: "0" * 16)
    means = Means(scheduler=made.scheduler_address)
    with pytest.raises(InputError, match=r"another version.*install the same"):
        carry_out(study, store, means)
    assert not store.entries()


def test_a_world_that_kills_workers_costs_no_other(monkeypatch):
    """The worlds of its task are tried one by one; it alone is told as a failure."""
    real = cluster.live_worlds

    def poisoned(first, replicates, version):
        if 3 in replicates:
            os._exit(1)
        return real(first, replicates, version)

    monkeypatch.setattr(cluster, "live_worlds", poisoned)
    worlds = worlds_of(6)[::2]
    with distributed.dask.config.set({"distributed.scheduler.allowed-failures": 0}):
        found = dict(cluster.live_on("local", worlds, QUIET, 1))
    assert [i for i, one in found.items() if isinstance(one, WorkerDeath)] == [3]
    assert sorted(found) == list(range(6))


def test_a_scheduler_without_workers_is_told(monkeypatch):
    """Instead of waiting for ever."""
    monkeypatch.setattr(cluster, "SECONDS_FOR_WORKERS", 1)
    with (
        distributed.LocalCluster(
            n_workers=0, host="127.0.0.1", dashboard_address=None
        ) as made,
        pytest.raises(InputError, match=r"no workers; start some with dask worker"),
    ):
        list(cluster.live_on(made.scheduler_address, worlds_of(1), QUIET))


@pytest.fixture
def leaving():
    """A scheduler with a worker, which `close` takes away."""
    made = distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    )
    yield made
    made.close()


class Closing(Progress):
    """Takes a cluster away when the first run is kept."""

    def __init__(self, made):
        super().__init__("", quiet=True)
        self.made = made

    def __call__(self, done, total):
        if done:
            self.made.close()


def test_a_scheduler_that_goes_away_is_told(leaving, tmp_path):
    """What is finished is kept; no run is told as failed."""
    file = tmp_path / "many.toml"
    file.write_text('scenarios = ["assigned", "owned"]\nreplicates = 3000\n')
    store, means = Store(tmp_path / "store"), Means(scheduler=leaving.scheduler_address)
    with pytest.raises(InputError, match=r"it has gone.*the same command"):
        carry_out(read_study(file), store, means, Closing(leaving))
    assert store.entries() and not store.failures()


@pytest.mark.parametrize("step", ["_wait_for_workers", "_submitted", "_results"])
def test_a_scheduler_may_go_away_at_any_moment(leaving, monkeypatch, step):
    """The same is told, whether it goes before or after there is work."""
    real = getattr(cluster, step)

    def late(*arguments):
        leaving.close()
        return real(*arguments)

    monkeypatch.setattr(cluster, step, late)
    monkeypatch.setattr(cluster, "SECONDS_FOR_WORKERS", 1)
    with pytest.raises(InputError, match=r"it has gone.*the same command"):
        list(cluster.live_on(leaving.scheduler_address, worlds_of(), QUIET))


def test_no_scheduler_is_told(monkeypatch, study, tmp_path, capsys):
    """Where nothing answers the message says what to do, and nothing is lost."""
    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 1)
    with pytest.raises(InputError, match="nothing answers there"):
        list(cluster.live_on("tcp://127.0.0.1:9", worlds_of(1), QUIET))
    with pytest.raises(InputError, match="leave --engine out"):
        carry_out(study, Store(tmp_path), Means(engine="mesa", scheduler="local"))


def test_parts_share_a_study_out(study, tmp_path):
    """Three parts, in any order and at once, make the whole, each run once."""
    whole = carry_out(study, Store(tmp_path / "whole"))
    left = []
    threads = [
        threading.Thread(
            target=lambda i=i: left.append(
                carry_out_part(study, Store(tmp_path / "parts"), (i, 3))
            )
        )
        for i in (3, 1, 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = Store(tmp_path / "parts")
    assert min(one.to_do for one, _ in left) == 0
    rows = [
        e for index in store.shards.glob("*.json") for e in store._read_index(index)
    ]
    assert len(rows) == len({e.key.id for e in rows}) == 24
    assert carry_out(study, store).summaries.equals(whole.summaries)


@pytest.mark.parametrize("part", ["0/3", "4/3", "x", "1", "1/0"])
def test_parts_that_cannot_be(part, tmp_path, capsys):
    """A part that isn't one is refused."""
    args = ["study", "ownership", "--store", str(tmp_path), "--part", part]
    assert call(args) == 2
    assert "no part such as 3/16" in capsys.readouterr().err
