"""The command line: what it prints, what it leaves, and how it ends."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import fake_simulation as fake
import machine
import pytest
from machine import ROOT

from experiments.cli.command_line import COMMANDS, call

HERE = ROOT / "tests" / "experiments"
HEAVY = ("numpy", "mesa", "pydantic", "matplotlib", "pandas", "numba", "scipy", "rich")


@pytest.fixture
def in_folder(tmp_path, monkeypatch):
    """An empty current folder, and the stand-in for the model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORGSIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setitem(sys.modules, "simulation.model", fake)
    return tmp_path


def orgsim(*args):
    """Run the command line in this process."""
    return call([*args, "--replicates", "3", "--workers", "1", "--weeks", "30"])


def python(code, **environment):
    """Start a Python process that runs `code` with the project on its path.

    It hears an interrupt also where tests run in the background, where it is ignored.
    """
    path = f"import sys; sys.path[:0] = {[str(ROOT), str(HERE)]!r}\n"
    path += "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    return subprocess.Popen(
        [sys.executable, "-c", path + code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("args", [["--help"], ["compare", "--help"], ["run", "-h"]])
def test_help_imports_nothing_heavy(args):
    """Help is instant because nothing slow is imported for it."""
    code = (
        "from experiments.cli.command_line import call\n"
        f"code = call({args!r})\n"
        f"print('HEAVY', [x for x in {HEAVY!r} if x in sys.modules], code)"
    )
    out, err = python(code).communicate(timeout=machine.PATIENCE)
    assert out.endswith("HEAVY [] 0\n"), out + err


def test_help_lists_every_command(capsys):
    """The list of commands says what each does, and each one has help."""
    assert call(["--help"]) == 0
    listed = capsys.readouterr().out
    for name, (_, text) in COMMANDS.items():
        assert name in listed and text in listed
        assert call([name, "--help"]) == 0


def test_version(capsys):
    """The version is that of the installed project."""
    assert call(["--version"]) == 0
    assert capsys.readouterr().out.startswith("orgsim ")


def test_compare_tells_and_leaves_results(in_folder, capsys):
    """The answer comes first, then the table, then where the results are."""
    assert orgsim("compare", "assigned", "testing_room") == 0
    out = capsys.readouterr().out
    assert "lead quality" in out.split("\n\n")[0]
    assert out.index("Verdict") < out.index("Simulation, not")
    assert out.rstrip().endswith(f"results/assigned-vs-testing_room{os.sep}")
    folder = in_folder / "results/assigned-vs-testing_room"
    assert (folder / "manifest.json").exists()
    assert (folder / "answer.txt").read_text().strip() in out


def test_run_tells_of_one_scenario(in_folder, capsys):
    """One scenario in Dutch, in a folder of one's own choice."""
    assert orgsim("run", "baseline", "--language", "nl", "--output", "mine") == 0
    assert "gesimuleerde werelden" in capsys.readouterr().out
    assert (in_folder / "mine/levels.csv").exists()
    assert not (in_folder / "results").exists()


def test_json_is_one_document(in_folder, capsys):
    """With --json standard output holds one JSON document and nothing else."""
    assert (
        orgsim("compare", "assigned", "owned", "--json", "--outcomes", "burnout") == 0
    )
    data = json.loads(capsys.readouterr().out)
    assert [row["outcome"] for row in data["outcomes"]] == ["burnout"]
    assert data["manifest"]["seed"] == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["comprae"], "did you mean compare?"),
        (["compare", "assigned"], "two scenarios or more"),
        (["compare"], "Missing argument"),
        (["compare", "assigned", "ownd"], "owned"),
        (["compare", "assigned", "assigned"], "named twice"),
        (["run", "baseline", "--replicates", "0"], "--replicates"),
        (["run", "baseline", "--replicats", "3"], "--replicates"),
        (["run", "baseline", "--weeks", "-4"], "--weeks"),
        (["run", "baseline", "--workers", "0"], "--workers"),
        (["run", "baseline", "--seed", "x"], "--seed"),
        (["run", "baseline", "--language", "fr"], "--language"),
        (["run", "baseline", "--outcomes", "burnot"], "did you mean burnout"),
        (["run", "baseline", "--outcomes", " , "], "name one outcome"),
        (["run", "no/such/file.toml"], "file.toml"),
        (["run", "baseline", "--output", "taken/here"], "cannot write"),
    ],
)
def test_wrong_input_ends_with_2(in_folder, capsys, args, message):
    """Wrong input is told on standard error; nothing runs and nothing is written."""
    (in_folder / "taken").write_text("a file")
    assert call(args) == 2
    out, err = capsys.readouterr()
    assert message in err and "Traceback" not in err and not out
    assert {path.name for path in in_folder.iterdir()} <= {"taken", "cache"}


def test_a_failure_ends_with_1(in_folder, capsys, monkeypatch):
    """An unexpected failure has a short message; --debug shows where it happened."""
    monkeypatch.setattr(fake, "simulate", fake.failing)
    assert orgsim("run", "baseline", "--engine", "mesa") == 1
    assert "--debug" in capsys.readouterr().err
    with pytest.raises(RuntimeError, match="the sky fell"):
        orgsim("run", "baseline", "--engine", "mesa", "--debug")


def test_some_failed_runs_end_with_1_after_all_else(in_folder, capsys, monkeypatch):
    """Failed runs are told one by one; the others are kept and reported."""
    monkeypatch.setattr(fake, "simulate", fake.failing_in_world_3)
    args = ["run", "baseline", "--replicates", "5", "--workers", "1", "--weeks", "30"]
    assert call([*args, "--engine", "mesa"]) == 1
    out, err = capsys.readouterr()
    assert "1 of 5 runs failed" in out and "replicate 3" in err
    assert (in_folder / "results/baseline/summary.csv").exists()


def test_a_bare_value_error_is_no_wrong_input(in_folder, capsys, monkeypatch):
    """A ValueError from inside is a fault of the software, not of the user."""

    def faulty(*_):
        raise ValueError("shapes do not match")

    monkeypatch.setattr("experiments.compare.comparison.run", faulty)
    assert orgsim("compare", "assigned", "owned") == 1


def wait_for(mark, process):
    """Wait until the file `mark` is there, and return what it says."""

    def there():
        assert process.poll() is None, process.communicate()
        return mark.exists()

    machine.until(there)
    return mark.read_text()


def test_interrupted_ends_with_130(tmp_path):
    """Ctrl-C ends the command with 130 and leaves nothing half-written."""
    code = (
        "import fake_simulation\n"
        "fake_simulation.simulate = fake_simulation.endless\n"
        "sys.modules['simulation.model'] = fake_simulation\n"
        "from experiments.cli.command_line import main\n"
        f"out = {str(tmp_path / 'out')!r}\n"
        "sys.argv = ['orgsim', 'run', 'baseline', '--workers', '1', '--output', out]\n"
        "sys.argv += ['--engine', 'mesa']\n"
        "main()"
    )
    mark = tmp_path / "mark"
    process = python(code, ORGSIM_TEST_MARK=str(mark))
    wait_for(mark, process)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=machine.PATIENCE)
    assert process.returncode == 130 and "Traceback" not in err
    assert not (tmp_path / "out").exists()


def test_interrupted_threads_keep_what_is_finished(tmp_path):
    """Ctrl-C stops the ensemble at once; worlds that are complete are reported."""
    code = (
        "import atexit\n"
        "from pathlib import Path\n"
        "from experiments.run import runner\n"
        "from experiments.cli.command_line import main\n"
        "from simulation.ensemble import worlds\n"
        "completed, live = runner.raise_wrong_input, worlds.live_world\n"
        "ended, begun = [], []\n"
        "def mark(result):\n"
        "    ended.append(completed(result))\n"
        "    if len(ended) == 9:\n"
        f"        Path({str(tmp_path / 'nine')!r}).touch()\n"
        "def counted(*job):\n"
        "    begun.append(job)\n"
        "    return live(*job)\n"
        "def interrupt(*_):\n"
        "    before = len(begun)\n"
        f"    after = Path({str(tmp_path / 'after')!r})\n"
        "    atexit.register(lambda: after.write_text(str(len(begun) - before)))\n"
        "    raise KeyboardInterrupt\n"
        "runner.raise_wrong_input, worlds.live_world = mark, counted\n"
        "signal.signal(signal.SIGINT, interrupt)\n"
        f"out = {str(tmp_path / 'out')!r}\n"
        "sys.argv = ['orgsim', 'compare', 'assigned', 'owned', '--output', out]\n"
        "sys.argv += ['--replicates', '4000', '--json']\n"
        "main()"
    )
    process = python(code)
    wait_for(tmp_path / "nine", process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=machine.PATIENCE)
    assert process.returncode == 130 and "Traceback" not in err
    assert int((tmp_path / "after").read_text()) < 100, "worlds were still being lived"
    told = json.loads(out)
    worlds = told["manifest"]["worlds"]
    assert len(worlds) >= 3 and told["manifest"]["worlds_asked"] == 4000
    assert any("Stopped after" in remark for remark in told["remarks"])
    assert (tmp_path / "out" / "summary.csv").exists()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_the_command(tmp_path, how):
    """No worker stays behind when the command is interrupted or killed."""
    code = (
        "import fake_simulation\n"
        "from experiments.run.workers import spread\n"
        "from types import SimpleNamespace as Some\n"
        "calls = [(Some(weeks=9), 1, r, 4) for r in range(4)]\n"
        "list(spread(fake_simulation.endless, calls, 2))"
    )
    mark = tmp_path / "mark"
    process = python(code, ORGSIM_TEST_MARK=str(mark))
    worker = int(wait_for(mark, process))
    process.send_signal(how)
    process.wait(timeout=machine.PATIENCE)
    machine.until(lambda: not is_running(worker))


def is_running(process_id):
    """Tell whether a process is there and not just waiting to be collected."""
    try:
        status = Path(f"/proc/{process_id}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
