"""Calls spread over processes: order, deaths, and scripts without a main guard."""

import subprocess
import sys
from multiprocessing.context import SpawnProcess

import fake_calls
import machine
import pytest
from machine import ROOT

from experiments.run.workers import WorkerDeath, spread

FAKES = ROOT / "tests" / "experiments"


@pytest.mark.parametrize("workers", [1, 2])
def test_every_call_gives_its_result(workers):
    """Each call is made once, whatever the number of workers."""
    calls = [(x,) for x in range(5)]
    found = dict(spread(fake_calls.square, calls, workers, first_alone=True))
    assert found == {0: 0, 1: 1, 2: 4, 3: 9, 4: 16}


def test_a_worker_that_dies_costs_nothing_else(tmp_path):
    """A worker killed from outside is replaced, and its call made again."""
    calls = [(x, str(tmp_path / "mark")) for x in range(6)]
    found = dict(spread(fake_calls.dies_once_at_3, calls, 2))
    assert found == {x: x for x in range(6)}


def test_calls_that_kill_are_told_from_those_beside_them():
    """Only the calls that kill their worker each time are given up."""
    found = dict(spread(fake_calls.dies_at_2_and_5, [(x,) for x in range(7)], 2))
    assert {x for x, result in found.items() if isinstance(result, WorkerDeath)} == {
        2,
        5,
    }
    assert [found[x] for x in (0, 1, 3, 4, 6)] == [0, 1, 3, 4, 6]


def test_a_worker_that_dies_while_another_starts_costs_nothing(monkeypatch):
    """The executor closes what a starting worker is to be given: start it again."""
    start, started = SpawnProcess.start, []

    def late(process):
        started.append(process)
        if len(started) == 2:
            started[0].kill()
            machine.until(lambda: process._args[0]._reader.closed)
        start(process)

    monkeypatch.setattr(SpawnProcess, "start", late)
    found = dict(spread(fake_calls.square, [(x,) for x in range(6)], 2))
    assert found == {x: x * x for x in range(6)} and len(started) > 2


def test_what_keeps_a_worker_from_starting_is_told(monkeypatch):
    """A machine that has no room for processes is no reason to try for ever."""

    def refused(process):
        raise BlockingIOError("no room")

    monkeypatch.setattr(SpawnProcess, "start", refused)
    with pytest.raises(BlockingIOError, match="no room"):
        list(spread(fake_calls.square, [(1,), (2,)], 2))


def test_a_script_needs_no_main_guard(tmp_path):
    """Workers don't run the script again that started them."""
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path[:0] = {[str(ROOT), str(FAKES)]!r}\n"
        "import fake_calls\n"
        "from experiments.run.workers import spread\n"
        "print(dict(spread(fake_calls.square, [(1,), (2,)], 2))[1])\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("4\n", 0), done.stderr
