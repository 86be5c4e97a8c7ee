"""What a stored result hangs on is found, and nothing else counts."""

import contextlib
import shutil
import subprocess
import sys
import tomllib

import pytest

from simulation import version
from simulation.version import PACKAGES, ROOT, Sources, results_version, version_of

RUNS = ("simulation.ensemble.worlds", "simulation.scenario_unknown")
CLAIMS = "experiments.science.claims.testing"
ROWS = (
    "experiments.advise.branching",
    CLAIMS,
    "experiments.science.claims.weights",
    "experiments.science.evidence.calibration",
    "experiments.science.evidence.measuring",
    "experiments.science.evidence.validation",
    "experiments.fit.own_data.worlds",
    "experiments.report.measured",
    "experiments.explore.points",
)
"""Modules whose functions make rows that are kept."""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A copy of all packages, to be changed and put back."""
    root = tmp_path_factory.mktemp("house")
    for name in PACKAGES:
        left_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, root / name, ignore=left_out)
    return root


@contextlib.contextmanager
def changed(file, edit):
    """Change a file for a while; `edit` is text to add, or (old, new)."""
    before = file.read_bytes()
    text = before.decode()
    if isinstance(edit, tuple):
        assert edit[0] in text, f"{file.name} does not hold {edit[0]!r}"
        text = text.replace(*edit)
    else:
        text += edit
    file.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        file.write_bytes(before)


def of(house, *starts):
    """Return the version of modules in a copy."""
    return Sources(house).version(*starts)


def test_a_copy_has_the_version_of_the_original(house):
    """Where the sources lie is no part of it."""
    assert of(house, *RUNS) == results_version() and len(results_version()) == 16
    assert {version_of(name) for name in ROWS} == {of(house, name) for name in ROWS}
    assert len({results_version(), *map(version_of, ROWS)}) == 1 + len(ROWS)


def test_every_module_in_the_closure_counts(house):
    """A change in what any of them means is another version, a comment is none."""
    plain = of(house, *RUNS)
    sources = [x for x in Sources(house).files(*RUNS) if x.endswith(".py")]
    assert len(sources) > 50
    for name in sources:
        with changed(house / name, '\n# why\n"""What the last constant is."""\n'):
            assert of(house, *RUNS) == plain, name
        with changed(house / name, "\nADDED = 1\n"):
            assert of(house, *RUNS) != plain, name


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("titles.py", "human resources, ", "human resources, people person, "),
        ("parameters.toml", "[strain_noise]\nvalue = ", "[strain_noise]\nvalue = 1"),
        ("levers.toml", "[mandate", "[mandated"),
    ],
)
def test_what_shapes_a_world_counts(house, file, old, new):
    """A new job title, another value, another lever."""
    plain = of(house, *RUNS)
    with changed(house / "simulation" / file, (old, new)):
        assert of(house, *RUNS) != plain


@pytest.mark.parametrize(
    "file",
    [
        "simulation/model.py",
        "simulation/scenario_loading.py",
        "simulation/scenario_schema.py",
        "experiments/compare/comparison.py",
        "experiments/words/labels.toml",
        "scenarios/baseline.toml",
        "experiments/science/evidence/frozen.toml",
    ],
)
def test_what_runs_do_not_use_does_not_count(house, file):
    """Nor does what a scenario says: it is told apart by its own contents."""
    plain = of(house, *RUNS)
    with changed(house / file, '\nadded = "1"\n'):
        assert of(house, *RUNS) == plain


@pytest.mark.parametrize(
    ("start", "file", "old", "new"),
    [
        ("experiments.report.measured", "report/analysis.py", "SETS = 32", "SETS = 8"),
        ("experiments.report.measured", "compare/causes.toml", "[", "[x"),
        ("experiments.report.measured", "run/replay.py", "NEVER", "NEVER_AT_ALL"),
        (CLAIMS, "science/claims/ledger.toml", "[", "[x"),
        (CLAIMS, "science/claims/ledger_2.toml", "[", "[x"),
        (CLAIMS, "science/claims/arms.toml", "[", "[x"),
        (CLAIMS, "science/claims/readings.toml", "[", "[x"),
        (
            CLAIMS,
            "science/evidence/calibrated_sets.csv",
            ",",
            ";",
        ),
        (
            "experiments.science.claims.weights",
            "science/evidence/population.toml",
            "[",
            "[x",
        ),
        (
            "experiments.science.evidence.validation",
            "science/evidence/measures/work.py",
            "def ",
            "def x",
        ),
        (
            "experiments.science.evidence.calibration",
            "science/evidence/patterns.toml",
            "[",
            "[x",
        ),
        ("experiments.fit.own_data.worlds", "fit/own_data/columns.toml", "[", "[x"),
        ("experiments.explore.points", "../simulation/measures.py", "0.5", "0.6"),
        ("experiments.advise.branching", "../simulation/outcomes.toml", "[", "[x"),
        (
            "experiments.science.evidence.calibration",
            "../scenarios/baseline.toml",
            "en",
            "em",
        ),
    ],
)
def test_rows_hang_on_what_measures_them(house, start, file, old, new):
    """Numbers of sets, tables beside the modules, and modules that those import."""
    plain, path = of(house, start), house / "experiments" / file
    with changed(path, (old, new)):
        assert of(house, start) != plain


def test_comments_in_tables_do_not_count(house):
    """What a TOML file says counts, not how it is laid out."""
    plain = of(house, *RUNS)
    with changed(house / "simulation" / "parameters.toml", "\n# why\n\n"):
        assert of(house, *RUNS) == plain


def test_how_modules_are_found(tmp_path):
    """By imports of every kind, with packages; not by those for type checkers only."""
    home = tmp_path / "simulation"
    (home / "deep").mkdir(parents=True)
    files = {
        "__init__.py": "",
        "start.py": (
            "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from simulation import types_only\n"
            "else:\n    import simulation.otherwise\n"
            "import numpy, json\n"
            "from . import beside\n"
            "def f():\n    from simulation.deep import inner as x\n"
            "    try:\n        import simulation.tried\n    except ImportError: pass\n"
            "class A:\n    def g(self): return (HERE / 'rows.csv')\n"
        ),
        "deep/__init__.py": "from ..above import x\nTABLE = F.with_suffix('.toml')\n",
        "deep/inner.py": "from .other import *\n",
        **{f"{x}.py": "" for x in ("beside", "otherwise", "tried", "types_only")},
        **{f"{x}.py": "" for x in ("deep/other", "above", "alone")},
        "rows.csv": "1",
        "deep/__init__.toml": "a = 1",
        "deep/inner.toml": "b = 1",
        "other.csv": "2",
    }
    for name, text in files.items():
        (home / name).write_text(text)
    found = {
        x.removeprefix("simulation/")
        for x in Sources(tmp_path).files("simulation.start")
    }
    assert found == set(files) - {
        "types_only.py",
        "alone.py",
        "deep/inner.toml",
        "other.csv",
    }
    with pytest.raises(ModuleNotFoundError, match=r"simulation\.gone"):
        Sources(tmp_path).version("simulation.gone")


def test_a_function_from_elsewhere_stands_for_its_file(tmp_path):
    """Functions that tests put in the place of the model have versions too."""
    assert version_of(test_how_modules_are_found) == version_of(changed)
    assert version_of(changed) != version_of("simulation.version")
    assert version_of(results_version) == version_of("simulation.version")


def test_the_packages_are_those_that_ship():
    """What is installed is what is searched."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    face = "orgsim.py"  # hands names on, and computes nothing
    assert wheel["only-include"] == [face, *version.PACKAGES]


WATCH = """
import sys
from pathlib import Path
root = Path({root!r})
opened = set()
def note(event, given):
    if event == "open" and isinstance(given[0], str) and not isinstance(given[1], int):
        path = Path(given[0])
        if path.is_relative_to(root) and "r" in (given[1] or "r"):
            opened.add(path.relative_to(root))
sys.addaudithook(note)
{act}
names = [x for x in sys.modules if x.partition(".")[0] in ("simulation", "experiments")]
from simulation.version import PACKAGES, Sources
data = (x for x in opened if x.parts[0] in PACKAGES and x.suffix not in (".py", ".pyc"))
used = {{x.as_posix() for x in data}}
files = (getattr(sys.modules[x], "__file__", None) for x in names)
used |= {{Path(x).relative_to(root).as_posix() for x in files if x}}
known = Sources(root).files(*{starts!r})
print(sorted(used - set(known)), len(used))
"""

ACTS = {
    RUNS: """
from simulation.ensemble.worlds import Job, live_world
from simulation.scenario_unknown import founder_of
founder = founder_of(resolved)
live_world(Job(founder, 1, 0, 4, 2))
""",
    ("experiments.explore.points",): """
from experiments.explore.points import lived, problem_of
lived(problem_of([read("owned")], ["burnout"], 2, 1, 4), {"parameters.rest": 0.5}, [0])
""",
    ("experiments.science.evidence.measuring",): """
from experiments.science.evidence import measuring
measuring.WEEKS = measuring.WARM_UP_WEEKS = 60
measuring.GRAPHS = 1
measuring.measured({}, 2, 1)
""",
    (CLAIMS,): """
from experiments.science.claims import claims, testing
testing.SHIPPED_WORLDS = testing.CUT_WORLDS = 2
name = claims()[0].id
testing._row("shipped", (name,), 1)
testing._row("path", name, 1)
testing._row("0", (name,), {}, testing.PopulationPart(0, 1, 1, 1))
testing.calibrated_sets()
""",
    ("experiments.science.claims.weights",): """
from experiments.science.claims import claims, weights
weights._row(claims()[0].id, {}, 1, 1)
""",
    ("experiments.fit.own_data.worlds",): """
from experiments.fit.own_data import worlds
worlds.lived(read("baseline"), [{"parameters.rest": 0.5}], 1, 0)
""",
    ("experiments.report.measured",): """
from dataclasses import replace
from experiments.report import measured
from experiments.compare.causes import path_table
base, other = (replace(read(x), weeks=8) for x in ("assigned", "owned"))
measured._row("levers", base, other, 1, 2)
measured._row("robustness", base, other, 1, 2)
measured.analysis.CUT_WORLDS = 1
for call in measured._cut_calls(base, other, 1):
    measured._row("why", *call)
""",
    ("experiments.advise.branching",): """
from experiments.advise import branching
from experiments.advise.moves import Move, Plan
plans = (Plan("nothing"), Plan.at_once([Move("mandate", "decides")]))
branching.live_plans(branching.BranchingDesign(read("baseline"), plans, 2), workers=1)
""",
}


@pytest.mark.slow
@pytest.mark.parametrize("starts", list(ACTS), ids=lambda starts: starts[0])
def test_whatever_is_used_was_found(starts):
    """Every module loaded and every file opened while a result is made counts in it."""
    act = ACTS[starts]
    # A scenario is resolved before a run: reading it is no part of the run.
    first = "from simulation.scenario import read\n" if "read(" in act else ""
    if starts == RUNS:
        first = (
            "import pickle\nfrom simulation.scenario_values import ResolvedScenario\n"
            f"resolved = pickle.loads({resolved_baseline()!r})\nopened.clear()\n"
        )
    code = WATCH.format(root=str(ROOT), act=first + act, starts=starts)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    missed, count = done.stdout.rsplit(" ", 1)
    assert missed == "[]" and int(count) > 30


def resolved_baseline():
    """Return the resolved baseline, pickled."""
    import pickle

    from simulation.scenario import read

    return pickle.dumps(read("baseline"))
