"""Closed streams, full disks, folders that go, and signals: no run is lost by them."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from machine import ROOT

from experiments.cli.command_line import call
from experiments.files.file_names import few_names, short_name
from experiments.files.whole_folders import differing

HERE = ROOT / "tests" / "experiments"
START = (
    f"import sys; sys.path[:0] = {[str(ROOT), str(HERE)]!r}\n"
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "from experiments.cli.command_line import main\n"
)
FAKE = "import fake_simulation; sys.modules['simulation.model'] = fake_simulation\n"
RUN = ["run", "baseline", "--replicates", "3", "--weeks", "30", "--engine", "mesa"]
RUN += ["--workers", "1"]
LONG = "a" * 300


def script(args, before=""):
    """Return the code of a process that runs the command line."""
    return f"{START}{before}sys.argv = {['orgsim', *args]!r}\nmain()\n"


def shell(line, folder, args=("list",), before="", **environment):
    """Run a line of shell in a folder, in which $ORGSIM is the command line."""
    code = folder / "code.py"
    code.write_text(script(list(args), before))
    set_to = {**os.environ, "ORGSIM": f"{sys.executable} {code}", **environment}
    words = ["bash", "-c", line]
    done = subprocess.run(words, cwd=folder, env=set_to, capture_output=True)
    done.stdout, done.stderr = (
        x.decode(errors="replace") for x in (done.stdout, done.stderr)
    )
    return done


STREAMS = {
    "$ORGSIM >&-": (2, "it is closed"),
    "$ORGSIM >/dev/full": (2, "No space left on device"),
    "$ORGSIM 2>&-": (0, ""),
    "$ORGSIM 2>/dev/full": (0, ""),
    "$ORGSIM <&-": (0, ""),
    "$ORGSIM >&- 2>&- <&-": (2, ""),
    "$ORGSIM >/dev/full 2>/dev/full": (2, ""),
    "$ORGSIM | head -1; exit ${PIPESTATUS[0]}": (0, ""),
    "$ORGSIM | true; exit ${PIPESTATUS[0]}": (0, ""),
    "$ORGSIM 2>&1 | true; exit ${PIPESTATUS[0]}": (0, ""),
}


@pytest.mark.parametrize("line", STREAMS)
def test_streams_that_cannot_be_written_are_told(tmp_path, line):
    """A closed or full output ends with 2 and a sentence; a reader may leave early."""
    code, message = STREAMS[line]
    done = shell(line, tmp_path)
    assert done.returncode == code, done.stderr
    assert message in done.stderr and "Traceback" not in done.stderr + done.stdout
    assert bool(done.stderr) == bool(message)
    if "2>" in line and "|" not in line and code == 0:
        assert done.stdout.startswith("Starting points")


@pytest.mark.parametrize(
    "line", ["$ORGSIM >/dev/full", "$ORGSIM >&-", "$ORGSIM | true"]
)
def test_a_run_that_cannot_be_printed_is_saved(tmp_path, line):
    """All files are there and belong together."""
    shell(line, tmp_path, [*RUN, "--output", "out"], FAKE)
    out = tmp_path / "out"
    assert (out / "levels.csv").exists() and differing(out) == {}
    assert "files" in json.loads((out / "manifest.json").read_text())


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_letters_that_an_encoding_lacks_become_marks(tmp_path, encoding):
    """Names with letters of another script are printed as far as that goes."""
    (tmp_path / "plan.toml").write_text(
        'title = "Zoë plans ≥ 3 \U0001f600"\nbased_on = "baseline"\n'
        "[structure]\ntesting_hours = 2\n",
        encoding="utf-8",
    )
    args = ["show", "plan.toml"]
    done = shell("$ORGSIM", tmp_path, args, PYTHONIOENCODING=encoding, LC_ALL="C")
    assert done.returncode == 0 and not done.stderr
    assert " plans " in done.stdout


def each_of(commands):
    """Return code that calls commands one after another and tells how each ended."""
    return (
        "import os\nfrom experiments.cli.command_line import call\n"
        f"for args in {commands!r}:\n"
        "    print('\\n>', *args, flush=True)\n"
        "    print(call(args), 'is the code', flush=True)\n"
        "os._exit(0)\n"
    )


def ends(done):
    """Return how each command of `each_of` ended: what it was, and all it said."""
    parts = [part.partition("\n") for part in done.stdout.split("\n> ")[1:]]
    return [(args, said) for args, _, said in parts]


def test_a_deleted_working_folder_is_told(tmp_path):
    """Before anything runs; what needs no folder works."""
    commands = [
        RUN,
        ["new", "mine"],
        ["study", "ownership", "--replicates", "1"],
        ["panel", "baseline", "--output", "p.csv"],
        ["report", "baseline", "--quick"],
        ["interview"],
    ]
    line = "mkdir gone; cd gone; rmdir ../gone; $ORGSIM 2>&1 </dev/null"
    done = shell(line, tmp_path, before=each_of([*commands, ["list"]]))
    *told, listed = ends(done)
    assert len(told) == len(commands) and listed[1].endswith("0 is the code\n")
    for args, said in told:
        assert "working folder has been deleted" in said, args
        assert said.endswith("2 is the code\n") and "Traceback" not in said, args


@pytest.mark.parametrize(
    "args",
    [
        ["run", LONG],
        ["run", f"{LONG}.toml"],
        ["run", "baseline", "--output", LONG],
        ["run", "baseline", "--output", f"x/{LONG}/y"],
        ["check", f"{LONG}.toml"],
        ["study", LONG],
        ["study", "ownership", "--store", LONG],
        ["report", LONG],
        ["report", "baseline", "--output", f"{LONG}.html"],
        ["panel", "baseline", "--output", f"{LONG}.csv"],
        ["panel", "--population", "2", "--output", f"{LONG[:245]}.csv"],
        ["new", LONG],
        ["interview", "--output", f"{LONG[:245]}.toml"],
        ["calibrate", f"{LONG}.csv"],
        ["results", "--store", LONG],
        ["graph", "baseline", "--output", LONG],
    ],
)
def test_names_that_are_too_long_are_told(tmp_path, monkeypatch, capsys, args):
    """Before anything runs, and nothing is left."""
    monkeypatch.chdir(tmp_path)
    assert call(args) == 2
    out, err = capsys.readouterr()
    assert "too long" in out + err or "no scenario of this name" in err
    assert list(tmp_path.iterdir()) == []


def test_names_of_files_are_cut_and_told_apart():
    """Whatever scenarios are called, and in whatever letters."""
    names = ["é" * 120, "é" * 121]
    assert len({short_name(*names, x) for x in "ab"}) == 2
    for text in (short_name(*names), few_names([*names, *"abc"], 4)):
        assert len(text.encode()) <= 120
    assert short_name("assigned", "owned") == "assigned-vs-owned"
    assert few_names(list("abcde"), 4) == "a-vs-4-others"


def disk(options, folder, args=("list",), before="", **environment):
    """Run the command line where `out` is a small disk of its own."""
    unshare = shutil.which("unshare")
    line = f"mkdir -p out; mount -t tmpfs {options} tmpfs out && touch mounted"
    line += "; $ORGSIM 2>err </dev/null; code=$?; ls -A out >files; exit $code"
    done = shell(f"{unshare} -rm bash -c '{line}'", folder, args, before, **environment)
    if unshare is None or not (folder / "mounted").exists():
        pytest.skip(f"no disk can be mounted here: {done.stderr}")
    return done


@pytest.mark.parametrize("options", ["-o size=32k", "-o ro"])
def test_a_disk_that_cannot_be_written_is_told_before_anything_runs(tmp_path, options):
    """A full disk and one for reading only; nothing is left on it."""
    commands = [
        [*RUN, "--output", "out"],
        [*RUN, "--output", "out/a/b"],
        ["panel", "baseline", "--output", "out/p.csv"],
        ["report", "baseline", "--quick", "--output", "out/page.html"],
        ["dock", "march", "--output", "out"],
        ["calibrate", "--output", "out/c"],
        ["interview", "--output", "out/self.toml"],
    ]
    before = "import os; os.dup2(1, 2)\n" + each_of(commands)
    wrong = "the disk is full" if "size" in options else "Read-only file system"
    told = ends(disk(options, tmp_path, before=before))
    assert len(told) == len(commands)
    for args, said in told:
        assert wrong in said and said.endswith("2 is the code\n"), (args, said)
        assert said.count("\n") == 2, (args, said)
    assert (tmp_path / "files").read_text() == ""


def test_results_for_which_a_disk_has_no_room_any_more_are_kept(tmp_path):
    """They go to a temporary folder, which is told; no part of them is on the disk."""
    before = FAKE + (
        "real = fake_simulation.simulate\n"
        "def filling(*args, **options):\n"
        "    open('out/film.mp4', 'wb').write(b'x' * 1_400_000)\n"
        "    return real(*args, **options)\n"
        "fake_simulation.simulate = filling\n"
    )
    (tmp_path / "tmp").mkdir()
    args = [*RUN, "--output", "out", "--json"]
    done = disk("-o size=1500k", tmp_path, args, before, TMPDIR=str(tmp_path / "tmp"))
    err = (tmp_path / "err").read_text()
    assert done.returncode == 1, err
    assert "the disk is full" in err and "instead" in err and "Traceback" not in err
    results = Path(json.loads(done.stdout)["results"])
    assert results.parent == tmp_path / "tmp" and differing(results) == {}
    assert (results / "trajectories.png").exists()
    assert (tmp_path / "files").read_text().split() == ["film.mp4"]


NINTH = """
import os
from experiments.run import runner
def ninth(result, seen=[], heard=runner.raise_wrong_input):
    seen.append(result)
    if len(seen) == 9:
        os.kill(os.getpid(), SIGNAL)
    return heard(result)
runner.raise_wrong_input = ninth
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signals_keep_what_is_finished(tmp_path, name):
    """As Ctrl-C does; the exit code tells which it was, and nothing is half written."""
    number = getattr(signal, name)
    before = FAKE + NINTH.replace("SIGNAL", str(int(number)))
    args = [*RUN, "--replicates", "500", "--output", "out", "--json"]
    (tmp_path / "tmp").mkdir()
    done = shell("$ORGSIM", tmp_path, args, before, TMPDIR=str(tmp_path / "tmp"))
    assert done.returncode == 128 + number, done.stderr
    told = json.loads(done.stdout)["manifest"]
    assert len(told["worlds"]) == 8 and told["worlds_asked"] == 500
    assert differing(tmp_path / "out") == {}
    assert {x.name for x in tmp_path.iterdir()} == {"code.py", "out", "tmp"}
    assert not list((tmp_path / "tmp").glob("*orgsim*"))


def test_a_study_that_is_ended_keeps_its_runs(tmp_path):
    """The same command goes on from there."""
    (tmp_path / "two.toml").write_text(
        'title = "Two"\nscenarios = ["assigned", "owned"]\nreplicates = 3\nweeks = 4\n'
    )
    before = (
        "import os\nfrom experiments.run import store\n"
        "def add(self, key, run, add=store.Writer.add, seen=[]):\n"
        "    add(self, key, run)\n"
        "    seen.append(key)\n"
        "    if len(seen) == 3: os.kill(os.getpid(), 15)\n"
        "store.Writer.add = add\n"
    )
    args = ["study", "two.toml", "--store", "store", "--output", "out", "--quiet"]
    done = shell("$ORGSIM", tmp_path, args, before)
    assert done.returncode == 143, done.stderr
    left = shell("$ORGSIM", tmp_path, [*args[:4], "--left", "--json"])
    assert json.loads(left.stdout) == {"done": 3, "left": 3}
    assert shell("$ORGSIM", tmp_path, args).returncode == 0


def python(code):
    """Run code in a process of its own and return how it ended."""
    words = [sys.executable, "-c", START + code]
    return subprocess.run(words, capture_output=True, text=True, timeout=120)


def test_a_second_signal_ends_at_once():
    """But for one that comes with the first, as `timeout` sends it."""
    code = (
        "import os\nfrom experiments.files import signals\nsignals.hear_signals()\n"
        "try:\n    os.kill(os.getpid(), signal.SIGTERM)\n"
        "except KeyboardInterrupt:\n"
        "    signals._first.seconds = float('inf')\n"  # no time has passed
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "    print('saving', signals.exit_code(), flush=True)\n"
        "    signals._first.seconds = 0.0\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "    print('never')\n"
    )
    done = python(code)
    assert done.stdout == "saving 143\n" and done.returncode == -signal.SIGHUP


def test_what_nohup_lets_be_ignored_is_ignored():
    """A closed terminal does not end what was started to outlive it."""
    code = (
        "import os\nfrom experiments.files import signals\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\nsignals.hear_signals()\n"
        "os.kill(os.getpid(), signal.SIGHUP)\nprint('lives')\n"
    )
    assert python(code).stdout == "lives\n"


@pytest.mark.slow
@pytest.mark.parametrize("alone", [True, False])
def test_compare_is_killed_at_each_rename(tmp_path, alone):
    """A folder of results is of one run, or tells that it is not; the next mends it."""
    args = ["compare", "assigned", "owned", *RUN[2:], "--output", "out"]
    out, seeds = tmp_path / "out", set()
    shell("$ORGSIM", tmp_path, args, FAKE)
    if not alone:
        (out / "notes.md").write_text("mine")
    for number in range(1, 100):
        kill = (
            "import os\nseen = []\n"
            "def look(event, args):\n"
            "    swap = event == 'ctypes.dlsym' and args[1] == 'renameat2'\n"
            "    if swap or event == 'os.rename':\n"
            "        seen.append(event)\n"
            f"        if len(seen) == {number}: os.kill(os.getpid(), 9)\n"
            "sys.addaudithook(look)\n"
        )
        seed = ["--seed", str(number + 1)]
        done = shell("exec $ORGSIM", tmp_path, [*args, *seed], FAKE + kill)
        if (out / "manifest.json").exists():
            assert differing(out) == {}
            seeds.add(json.loads((out / "manifest.json").read_text())["seed"])
        else:
            assert not alone and list(out.glob(".orgsim-ready-*"))
        if done.returncode != -signal.SIGKILL:
            break
    assert done.returncode == 0 and number > 3 and len(seeds) > 1
    assert alone or (out / "notes.md").read_text() == "mine"
    assert not [*tmp_path.glob(".orgsim-*"), *out.glob(".orgsim-*")]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_to_all_processes_of_a_command_is_quiet(tmp_path, name):
    """As a terminal or a job scheduler sends it; workers go, and none says a word."""
    code = (
        "import os\nimport fake_calls\nfrom experiments.files import signals\n"
        "from experiments.run import workers\n"
        "signals.hear_signals()\n"
        "try:\n"
        "    for k, _ in workers.spread(fake_calls.row_of, [(1,)] * 9999, 2):\n"
        f"        if k == 20: os.killpg(0, signal.{name})\n"
        "except KeyboardInterrupt:\n"
        "    print('stopped')\n"
    )
    words = [sys.executable, "-c", START + code]
    done = subprocess.run(words, capture_output=True, text=True, start_new_session=True)
    assert done.stdout == "stopped\n" and done.stderr == "" and done.returncode == 0
