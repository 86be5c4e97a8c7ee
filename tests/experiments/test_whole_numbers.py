"""Whole numbers from Python or numpy do everywhere; all else is refused at once."""

import ast
import json
from dataclasses import replace
from pathlib import Path

import fake_simulation
import numpy as np
import pytest

from experiments.compare import results as results_folder
from experiments.errors import InputError, is_wrong_input
from experiments.explore.points import PointsProblem
from experiments.run.runner import run
from experiments.run.store import Store
from experiments.run.study_files import read_study
from experiments.run.study_plans import with_replicates
from experiments.run.studying import carry_out
from experiments.science.claims.testing import ClaimTest
from orgsim import compare, overview
from simulation import model
from simulation.ensemble import Job, run_ensemble, run_worlds, simulate
from simulation.founding import Founder
from simulation.scenario import read, resolve, scenario_from, vary
from simulation.scenario_unknown import in_world
from simulation.version import ROOT
from simulation.whole_numbers import ALLOWED, check_fields, checks_numbers, whole

WRONG = (-1, None, 1.0, np.float64(1), True, np.True_, "1", 2**63, np.array([1]))
BASE = replace(read("baseline"), weeks=6)


@pytest.mark.parametrize("kind", [int, np.int8, np.int64, np.uint16, np.intp])
def test_whole_numbers_of_every_kind_become_plain(kind):
    """They are Python's own afterwards, so that they can be saved and hashed."""
    for name, low in (("seed", 0), ("replicates", 1), ("weeks", 5), ("workers", 2)):
        found = whole(name, kind(low))
        assert found == low and type(found) is int


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_what_is_no_seed_is_refused(value):
    """Before anything runs, with what was received and what is allowed."""

    def never(*arguments, **named):
        raise AssertionError("it ran")

    calls = (
        lambda: compare("assigned", "owned", seed=value, simulate=never),
        lambda: overview("owned", seed=value, simulate=never),
        lambda: run([BASE], 2, seed=value, simulate=never),
        lambda: run_ensemble(BASE, 2, seed=value),
        lambda: simulate(BASE, seed=value),
        lambda: model.simulate(BASE, seed=value),
        lambda: model.Organisation(BASE, seed=value),
        lambda: in_world(BASE, value, 0),
        lambda: PointsProblem((BASE,), ("burnout",), seed=value),
        lambda: ClaimTest(seed=value),
        lambda: Founder(BASE).found(value, 0),
    )
    for call in calls:
        with pytest.raises(InputError, match=r"^seed: must be a whole number") as told:
            call()
        assert f"got {value!r}" in str(told.value) and is_wrong_input(told.value)
        assert str(told.value).endswith("allowed 0 to 9223372036854775807")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("replicates", 0),
        ("replicates", 2.0),
        ("replicates", "20"),
        ("weeks", 0),
        ("weeks", 52.0),
        ("weeks", 5_201),
        ("workers", 0),
        ("workers", "2"),
        ("seed", np.float32(3)),
    ],
)
def test_other_numbers_are_refused_too(name, value):
    """Each by its own name, with what it may be."""
    low, high = ALLOWED[name]
    with pytest.raises(InputError) as told:
        compare("assigned", "owned", **{name: value})
    wanted = f"{name}: must be a whole number (got {value!r}); allowed {low} to {high}"
    assert str(told.value) == wanted


def test_all_mistakes_come_at_once():
    """One error names every number that is wrong, in the order of parameters."""
    with pytest.raises(InputError) as told:
        compare("assigned", "owned", weeks=1.5, seed=-1, replicates=0)
    names = [line.partition(":")[0] for line in str(told.value).splitlines()]
    assert names == ["replicates", "seed", "weeks"]


def test_numbers_from_numpy_run_and_are_saved(tmp_path):
    """The same as plain ones, up to and including the files of results."""
    plain = {"seed": 3, "replicates": 2, "weeks": 8, "workers": 1}
    kinds = (np.int64, np.int32, np.int16, np.uint8)
    given = {x: k(v) for k, (x, v) in zip(kinds, plain.items(), strict=True)}
    comparison, expected = (
        compare("assigned", "owned", simulate=fake_simulation.simulate, **numbers)
        for numbers in (given, plain)
    )
    assert comparison.answer() == expected.answer()
    saved = results_folder.save(comparison, tmp_path / "numpy")
    manifest = json.loads((saved / "manifest.json").read_text())
    assert (manifest["seed"], manifest["weeks"]) == (3, 8)


def test_engines_take_numbers_from_numpy():
    """Series are those of the plain numbers, byte for byte."""
    plain = simulate(BASE, 3, 1, 2).series.tobytes()
    three, one, two = np.int64(3), np.uint32(1), np.int8(2)
    assert simulate(BASE, three, one, two).series.tobytes() == plain
    assert model.simulate(BASE, three, one, two).series.tobytes() == plain
    [block] = run_ensemble(BASE, np.array([1]), three, probe_week=two, threads=one)
    assert block.series.tobytes() == plain and block.replicates == (1,)
    [block] = run_ensemble(BASE, np.int64(2), three, probe_week=two)
    assert block.series[1].tobytes() == plain
    job = Job(Founder(BASE), three, one, np.int64(6), two)
    assert dict(run_worlds([job]))[0].series.tobytes() == plain
    for wrong in ({"seed": 1.0}, {"weeks": 6.0}, {"probe_week": -1}):
        both = dict(run_worlds([job, job._replace(**wrong)]))
        assert both[0].series.tobytes() == plain and isinstance(both[1], InputError)


def test_scenarios_take_numbers_from_numpy():
    """What a scenario says may come from an array."""
    data = {"based_on": "baseline", "run": {"weeks": np.int64(9)}}
    plain = {"based_on": "baseline", "run": {"weeks": 9}}
    assert resolve(scenario_from(data)) == resolve(scenario_from(plain))
    numbers = np.array([3.0, 0.5])
    varied = vary(BASE, structure={"testing_hours": numbers[0]})
    assert varied == vary(BASE, structure={"testing_hours": 3.0})
    json.dumps(varied.canonical())


def test_studies_take_numbers_from_numpy(tmp_path):
    """A study can be extended with a number from an array, and is kept."""
    file = tmp_path / "two.toml"
    file.write_text('scenarios = ["assigned", "owned"]\nweeks = 6\nreplicates = 1\n')
    study = with_replicates(read_study(file), np.int64(2))
    study = replace(study, seed=np.uint8(4), weeks=np.int32(6))
    assert (type(study.seed), type(study.replicates)) == (int, int)
    done = carry_out(study, Store(tmp_path / "store"))
    assert done.worlds == (0, 1)
    for wrong in ({"seed": 1.0}, {"replicates": 0}, {"weeks": "6"}):
        with pytest.raises(InputError, match="must be a whole number"):
            replace(study, **wrong)


def test_every_entry_checks_its_numbers():
    """What takes a seed and how much to run is checked, or checks by what it makes."""
    entries = {"workers", "threads", "replicates", "probe_week"}
    inner = {
        "experiments/science/audit/auditing.py": {
            "audited"
        },  # all mistakes of all kinds
        "experiments/run/cluster.py": {"live_worlds"},  # called by a worker
        "experiments/run/living.py": {"model"},  # called by a worker
        "experiments/compare/causes.py": {"outcomes_cut", "cut_calls"},  # of `shares`
        "experiments/science/evidence/people.py": {"lives"},  # of `people_of`
    }
    bare = set()
    for file in [*ROOT.glob("simulation/**/*.py"), *ROOT.glob("experiments/**/*.py")]:
        name = file.relative_to(ROOT).as_posix()
        if name.startswith("experiments/cli/"):
            continue
        for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            given = {x.arg for x in (*node.args.args, *node.args.kwonlyargs)}
            marks = {getattr(x, "id", "") for x in node.decorator_list}
            if "seed" in given and given & entries and "checks_numbers" not in marks:
                if node.name not in inner.get(name, ()):
                    bare.add(f"{name}: {node.name}")
    assert bare == set()


def test_the_check_leaves_everything_else_alone():
    """Names, defaults, documents and other arguments stay what they are."""

    @checks_numbers
    def act(seed: int, weeks: int | None = None, points: str = "x", **more):
        """Act."""
        return seed, weeks, points, more

    assert act.__doc__ == "Act." and act.__name__ == "act"
    assert act(np.int64(1), points=2.5, rest=None) == (1, None, 2.5, {"rest": None})
    with pytest.raises(TypeError):
        act()
    with pytest.raises(InputError, match=r"^weeks"):
        act(1, 0)
    check_fields(PointsProblem((BASE,), ("burnout",)))
