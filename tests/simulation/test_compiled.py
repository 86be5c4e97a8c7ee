"""Compiled rules and the cache that follows the sources."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from simulation import cache_folders, compiled, version
from simulation.compiled import entry, model_version, rule
from simulation.source_facts import meaning

SOURCES = Path(compiled.__file__).parent
CALLEE = """
from simulation.compiled import rule

@rule
def factor(x):
    return 2.0 * x
"""
CALLER = """
from simulation.compiled import rule
from simulation.callee import factor

@rule
def total(x):
    return factor(x) + 1.0
"""
REPORT = """
import json
from simulation import compiled
from simulation.caller import total
value = total(1.0)
stats = getattr(total, "stats", None)
print(json.dumps({
    "value": value,
    "version": compiled.model_version(),
    "folder": str(compiled.cache_folder()),
    "hits": sum(stats.cache_hits.values()) if stats else None,
}))
"""

needs_compiled = pytest.mark.skipif(
    compiled.UNCOMPILED, reason="rules are not compiled"
)


@pytest.fixture
def package(tmp_path):
    """A small model of two files beside a copy of compiled.py."""
    folder = tmp_path / "simulation"
    folder.mkdir()
    for source in version.Sources(SOURCES.parent).files("simulation.compiled"):
        shutil.copy(SOURCES.parent / source, folder)
    (folder / "__init__.py").touch()
    (folder / "callee.py").write_text(CALLEE)
    (folder / "caller.py").write_text(CALLER)
    return folder


def run(package, code=REPORT, **environment):
    """Run a report in a process of its own."""
    fixed = {"ORGSIM_CACHE": str(package.parent / "cache"), "ORGSIM_UNCOMPILED": ""}
    finished = subprocess.run(
        [sys.executable, "-c", code],
        cwd=package.parent,
        env={**os.environ, **fixed, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def test_cache_follows_the_sources(package):
    """An edited callee in another file recompiles; an edited comment does not."""
    first = run(package)
    assert (first["value"], first["hits"]) == (3.0, 0)

    commented = '"""A docstring."""\n# why\n' + CALLEE.replace(
        "return", '"""Another."""\n    return'
    )
    (package / "callee.py").write_text(commented)
    second = run(package)
    assert (second["value"], second["hits"]) == (3.0, 1)
    assert second["version"] == first["version"]

    (package / "callee.py").write_text(CALLEE.replace("2.0", "5.0"))
    third = run(package)
    assert (third["value"], third["hits"]) == (6.0, 0)
    assert third["version"] != first["version"]


def test_edit_after_import_is_not_kept(package):
    """What was compiled from sources edited after import is not stored or loaded."""
    edit = "\nfrom pathlib import Path\nPath('simulation/callee.py').write_text('#')\n"
    code = REPORT.replace("\nvalue", edit + "value")
    report = run(package, code)
    assert report["value"] == 3.0
    assert list(Path(report["folder"]).iterdir()) == []


@needs_compiled
@pytest.mark.parametrize("damage", ["cut", "empty", "one byte"])
def test_a_damaged_file_is_compiled_anew(package, damage):
    """A file of the cache that was cut off or changed is noticed and replaced."""
    folder = Path(run(package)["folder"])
    (file,) = folder.glob("*.nbc")
    whole = file.read_bytes()
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    file.write_bytes({"cut": whole[:-9], "empty": b"", "one byte": changed}[damage])
    again = run(package)
    assert (again["value"], again["hits"]) == (3.0, 0)
    assert run(package)["hits"] == 1


@needs_compiled
def test_killed_and_concurrent_compiles_leave_a_good_cache(package):
    """Whoever is killed while compiling, others load or compile what is right."""
    environment = {"ORGSIM_CACHE": str(package.parent / "cache")}
    for delay in (0.3, 0.6, 0.8, 1.0):
        many = [
            subprocess.Popen(
                [sys.executable, "-c", REPORT],
                cwd=package.parent,
                env={**os.environ, "ORGSIM_UNCOMPILED": "", **environment},
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(3)
        ]
        time.sleep(delay)
        many[0].kill()
        told = [json.loads(one.communicate()[0]) for one in many[1:]]
        many[0].communicate()
        assert [one["value"] for one in told] == [3.0, 3.0]
    report = run(package)
    assert (report["value"], report["hits"]) == (3.0, 1)
    names = [path.name for path in Path(report["folder"]).glob("*.nbc")]
    assert len(names) == 1


def test_cache_folder_that_cannot_be_written(package):
    """Without a writable folder rules compile in a temporary one that is removed."""
    report = run(package, ORGSIM_CACHE=str(package / "callee.py" / "below"))
    assert report["value"] == 3.0
    assert not Path(report["folder"]).exists()


def test_uncompiled_environment(package):
    """With ORGSIM_UNCOMPILED=1 rules are plain functions of the same version."""
    code = REPORT.replace("value = total(1.0)", "value = compiled.entry(total)(1.0)")
    report = run(package, code, ORGSIM_UNCOMPILED="1")
    assert (report["value"], report["hits"]) == (3.0, None)


def test_meaning_ignores_comments_docstrings_and_layout():
    """Comments, docstrings and layout are no part of a source's meaning."""
    plain = meaning(b"def f(x):\n    return x\n")
    dressed = b'"""Module."""\n\n\ndef f(x):  # why\n    """Doc."""\n    return (x)\n'
    assert meaning(dressed) == plain
    assert meaning(b"def f(x):\n    return -x\n") != plain
    assert meaning(b"def f(:") == b"def f(:"


@needs_compiled
@pytest.mark.parametrize(
    ("file", "keeps"), [("compiling", True), ("code_files", False)]
)
def test_another_numba_compiles_as_plain_numba_does(package, file, keeps):
    """Where its insides are not those that were tried: the same values, slowly."""
    (package / f"{file}.py").write_text("from numba import no_such_name\n")
    first, second = (run(package) for _ in range(2))
    assert first["value"] == second["value"] == 3.0
    assert (second["hits"] > 0) == keeps


CONSTANT = "Constant(value=' a')"


def test_meaning_is_the_same_from_every_python():
    """It is told by what is written, not by what a version of Python knows of."""
    source = b"class A(B):\n    def f(self, *, y=None):\n        return f'{y!r:>{y}} a'"
    name = "Name(id='y' ctx=Load())"
    spec = ["Constant(value='>')", f"FormattedValue(value={name} conversion=-1)"]
    shown = f"FormattedValue(value={name} conversion=114 format_spec=JoinedStr({spec}))"
    value = f"JoinedStr({[shown, CONSTANT]})"
    arguments = (
        "arguments(args=[arg(arg='self')] kwonlyargs=[arg(arg='y')]"
        " kw_defaults=[Constant()])"
    )
    body = f"body=[FunctionDef(name='f' args={arguments} body=[Return(value={value})])]"
    base = "Name(id='B' ctx=Load())"
    whole = f"Module(body=[ClassDef(name='A' bases=[{base}] {body})])"
    assert meaning(source).decode() == whole
    assert meaning(b"x = ['', 1]") != meaning(b"x = [1]")
    assert meaning(b"def f[T](x):\n    pass") != meaning(b"def f(x):\n    pass")


def test_version_is_short_hexadecimal():
    """The version is sixteen hexadecimal digits."""
    assert len(model_version()) == 16
    int(model_version(), 16)


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [
        ("linux", "XDG_CACHE_HOME", Path("place/orgsim")),
        ("win32", "LOCALAPPDATA", Path("place/orgsim")),
        ("darwin", "ANY", Path.home() / "Library/Caches/orgsim"),
    ],
)
def test_cache_root_of_each_platform(monkeypatch, platform, variable, expected):
    """Each platform's own cache folder is used unless ORGSIM_CACHE names another."""
    monkeypatch.delenv("ORGSIM_CACHE", raising=False)
    monkeypatch.setattr(cache_folders.sys, "platform", platform)
    monkeypatch.setenv(variable, "place")
    assert cache_folders.cache_root() == expected
    monkeypatch.setenv("ORGSIM_CACHE", "chosen")
    assert cache_folders.cache_root() == Path("chosen")


@rule
def raise_scores(people, i, amount):
    """Add to the score of person i; return the new score."""
    people[i].score += amount
    return people[i].score


@needs_compiled
def test_entry_is_the_compiled_function():
    """entry gives the machine code for the types of the examples, once for each."""
    people = np.zeros(3, [("seat", np.int64), ("score", np.float64)]).view(np.recarray)
    fast = entry(raise_scores, people, 0, 1.0)
    assert entry(raise_scores, people, 2, 3.0) is fast
    assert type(fast).__name__ == "builtin_function_or_method"
    assert fast(people, 1, 0.5) == 0.5
    assert raise_scores.py_func(people, 1, 0.5) == 1.0
    assert people.score.tolist() == [0.0, 1.0, 0.0]


@needs_compiled
def test_division_follows_numpy():
    """Division by zero gives inf instead of an error."""
    assert rule(lambda x: 1.0 / x)(0.0) == np.inf
