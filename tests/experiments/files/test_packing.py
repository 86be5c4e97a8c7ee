"""Agents and functions of a script, a notebook or a function run in workers too."""

import importlib.util
import subprocess
import sys
import threading
from functools import partial

import fake_calls
import numpy as np
import own_agents
import pytest
from machine import ROOT

from experiments.errors import InputError
from experiments.files import packing
from experiments.run.runner import run
from experiments.run.workers import spread
from simulation.agents import Marketeer
from simulation.model import Organisation
from simulation.scenario import read, resolve, scenario_from

SMALL = resolve(scenario_from({"based_on": "baseline", "run": {"weeks": 5}}, "small"))

STUBBORN = """
class Stubborn(Marketeer):
    def learn(self):
        "Look at no results at all."
"""
GUARD = 'if __name__ == "__main__": '
SCRIPT = """
import sys
sys.path[:0] = [{root!r}]
from pathlib import Path
with open({ran!r}, "a") as file:
    file.write("x")
from experiments.run.runner import run
from simulation.agents import Marketeer
from simulation.scenario import read
DAYS = 2
def often(self):
    return self.model.week % DAYS == 0
{stubborn}
    def decide(self):
        if often(self):
            super().decide()

agents = {{"marketeer": Stubborn}}
{guard}found = run([read("baseline")], 2, weeks=3, workers=2, agents=agents)
{guard}print(found.series.tobytes().hex()[-64:], len(found.failures))
"""


def series(agents, workers):
    """Return the bytes of two worlds, with agents of one's own."""
    found = run([SMALL], 2, workers=workers, agents=agents)
    assert found.failures == ()
    return found.series.tobytes()


@pytest.mark.parametrize(
    ("how", "guard"),
    [("file", ""), ("file", GUARD), ("module", ""), ("module", GUARD), ("stdin", "")],
)
def test_agents_of_a_script(tmp_path, how, guard):
    """The class of a script, with what it refers to; the script runs once."""
    ran = tmp_path / "ran"
    script = tmp_path / "own_script.py"
    text = SCRIPT.format(root=str(ROOT), ran=str(ran), stubborn=STUBBORN, guard=guard)
    script.write_text(text)
    python = [sys.executable]
    command = {
        "file": [*python, str(script)],
        "module": [*python, "-m", "own_script"],
        "stdin": [*python, "-"],
    }[how]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        input=text if how == "stdin" else None,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert ran.read_text() == "x"
    told = done.stdout.split()
    here = {"Marketeer": Marketeer, "__name__": "elsewhere"}
    exec(text[text.index("DAYS = 2") : text.index("agents = ")], here)
    agents = {"marketeer": here["Stubborn"]}
    alone = run([read("baseline")], 2, weeks=3, workers=1, agents=agents)
    assert told == [alone.series.tobytes().hex()[-64:], "0"]


def test_agents_of_a_notebook_and_of_a_function():
    """Classes of executed text, of a function, of a closure, and made by `type`."""
    cell = {"Marketeer": Marketeer}
    exec(STUBBORN, cell)

    class Local(Marketeer):
        def learn(self):
            """Look at no results at all."""

    def made(skipped):
        class Closed(Marketeer):
            def learn(self):
                if not skipped:
                    super().learn()

        return Closed

    named = type("Made", (Marketeer,), {"learn": lambda self: None})
    kinds = (cell["Stubborn"], Local, made(True), named)
    [expected] = {series({"marketeer": kind}, 1) for kind in kinds}
    calls = [({"marketeer": kind}, 1) for kind in (*kinds, made(False))]
    *found, usual = [there for _, there in sorted(spread(series, calls, 2))]
    assert found == [expected] * len(kinds)
    assert usual == series({"marketeer": Marketeer}, 1)
    assert series({"marketeer": Local}, 2) == expected


def test_agents_of_a_module_that_is_on_no_path(tmp_path):
    """As notebooks' and plugins' modules are, that are loaded from a file."""
    file = tmp_path / "own_module.py"
    file.write_text("from simulation.agents import Marketeer\n" + STUBBORN)
    spec = importlib.util.spec_from_file_location("own_module", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["own_module"] = module
    try:
        spec.loader.exec_module(module)
        agents = {"marketeer": module.Stubborn}
        assert series(agents, 2) == series(agents, 1)
    finally:
        del sys.modules["own_module"]


def test_what_can_be_imported_goes_by_name():
    """Nothing of an importable module is copied into what workers get."""
    packed = packing.pack(partial(fake_calls.square, own_agents.IdleRep))
    assert b"IdleRep" in packed and b"Sell nothing" not in packed
    assert packing.unpack(packed).args == (own_agents.IdleRep,)


def test_lambdas_and_results_of_local_classes():
    """What a function of one's own gives comes back as what it is."""

    class Own:
        def __init__(self, value):
            self.value = value

    found = dict(spread(lambda x: Own(x + 1), [(1,), (2,)], 2))
    assert {k: x.value for k, x in found.items()} == {0: 2, 1: 3}
    assert all(type(x) is Own for x in found.values())
    simulate = partial(lambda run, *given, **named: run(*given, **named), shortened)
    both = [run([SMALL], 2, workers=w, simulate=simulate) for w in (1, 2)]
    np.testing.assert_array_equal(both[0].series, both[1].series)


def shortened(resolved, seed, replicate, probe_week):
    """Simulate with people."""
    from simulation.model import simulate

    return simulate(resolved, seed, replicate, probe_week)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("error", [ZeroDivisionError("one"), SystemExit(3)])
def test_an_agent_that_raises_is_told(workers, error):
    """Its run fails and is told with its traceback; others go on."""

    class Breaks(Marketeer):
        def learn(self):
            if self.model.replicate == 1 and self.model.week == 2:
                raise error
            super().learn()

    found = run([SMALL], 3, workers=workers, agents={"marketeer": Breaks})
    assert found.worlds == (0, 2)
    [failure] = found.failures
    assert (failure.stage, failure.replicate) == ("simulate", 1)
    assert repr(error) in failure.message and "in learn" in failure.traceback


def test_what_cannot_be_handed_on_is_told():
    """Before anything runs: why, and what can be done."""
    lock = threading.Lock()

    class Locked(Marketeer):
        def learn(self):
            with lock:
                super().learn()

    with pytest.raises(InputError, match=r"cannot be handed to another .*workers=1"):
        run([SMALL], 2, workers=2, agents={"marketeer": Locked})
    assert series({"marketeer": Locked}, 1) == series({"marketeer": Marketeer}, 1)


def test_what_a_worker_cannot_load_is_told():
    """A class that only this process can make."""

    class Picky:
        def __reduce__(self):
            return int, ("no number",)

    with pytest.raises(InputError, match=r"cannot load what is to run: ValueError"):
        dict(spread(fake_calls.square, [(Picky(),), (1,)], 2))


@pytest.mark.parametrize(
    ("agents", "told"),
    [
        ({"marketeers": Marketeer}, "unknown role 'marketeers'; allowed: leader"),
        ({"sales": Marketeer}, "sales = .* is no subclass of SalesRep"),
        ({"marketeer": Marketeer.learn}, "is no subclass of Marketeer"),
    ],
)
def test_agents_that_no_role_can_have_are_refused(agents, told):
    """Before anything runs, whether it would be here or in workers."""
    with pytest.raises(InputError, match=told):
        run([SMALL], 2, workers=2, agents=agents)
    with pytest.raises(InputError, match=told):
        Organisation(SMALL, agents=agents)
