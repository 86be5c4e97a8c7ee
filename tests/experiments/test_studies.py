"""Study files, designs, and studies carried out: resumed, extended, precise."""

import json
from itertools import combinations

import duckdb
import numpy as np
import pandas as pd
import pytest

from experiments import designs, studying
from experiments.command_line import call
from experiments.comparison import compare
from experiments.errors import InputError
from experiments.panels import write_panel
from experiments.store import Store
from experiments.study_files import StudyError, read_study, shipped_studies
from experiments.studying import carry_out, left_of, plan_of, replicates_of
from simulation.model import Organisation
from simulation.scenario import read, vary

TWO = (
    ("levers", "mandate", ("executes", "decides")),
    ("structure", "testing_hours", (0.0, 4.0)),
)


def study_of(folder, text):
    """Return the study that a text in a file describes."""
    file = folder / "mine.toml"
    file.write_text(text)
    return read_study(file)


def mistakes(folder, text):
    """Return the lines of the error that a study file gives."""
    with pytest.raises(StudyError) as caught:
        study_of(folder, text)
    return str(caught.value).splitlines()


@pytest.mark.parametrize("name", shipped_studies())
def test_shipped_studies_are_sound(name):
    """Every study that ships names scenarios that exist and settings that there are."""
    study = read_study(name)
    assert len(study.scenarios) >= 2 and study.question.endswith("?")


def test_every_mistake_is_told_at_once(tmp_path):
    """Wrong keys, kinds, ranges and names: all of them, with line and nearest name."""
    lines = mistakes(
        tmp_path,
        """
titel = "x"
scenarios = ["baseline", "ownd"]
replicates = 0
weeks = "many"
outcomes = ["lead_qualty"]
[precision]
half_widths = { burnout = -1, lead_quality = "x" }
[design]
kind = "gird"
levers = { mandat = ["executes"], steering = ["detial"], testing = "room" }
structure = { testing_hours = [0, 400] }
""",
    )
    text = "\n".join(lines)
    for part in (
        "mine.toml:2:1: titel: unknown key",
        "did you mean title?",
        "ownd",
        "replicates: out of range (got 0); allowed 1 to 100000",
        "weeks: must be a whole number",
        "did you mean lead_quality?",
        "precision.half_widths.burnout: out of range",
        "precision.half_widths.lead_quality: must be a number",
        "did you mean grid?",
        "did you mean mandate?",
        "did you mean detail?",
        "design.levers.testing: must be an array",
        "design.structure.testing_hours.1: out of range (got 400)",
    ):
        assert part in text, part


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scenarios = []", "name one scenario or more"),
        ('scenarios = ["baseline", "baseline"]', "named twice"),
        ('scenarios = ["baseline"]\n[design]\nkind = "sobol"', "needs points"),
        ('scenarios = ["baseline"]\n[design]\nkind = "grid"', "name what varies"),
        (
            'scenarios = ["baseline"]\n[design]\nkind = "fractional"\n'
            'levers = { steering = ["direction", "detail", "absent"] }',
            "takes two values",
        ),
        ("scenarios = [", "not TOML"),
    ],
)
def test_studies_that_cannot_be(tmp_path, text, message):
    """What a study cannot do without is asked for."""
    assert message in "\n".join(mistakes(tmp_path, text))


def test_a_grid_has_every_combination():
    """All combinations, each once."""
    points = designs.grid(TWO, 0, 0)
    assert len(points) == 4
    assert {json.dumps(p) for p in points} == {
        json.dumps({"levers": {"mandate": m}, "structure": {"testing_hours": t}})
        for m in TWO[0][2]
        for t in TWO[1][2]
    }


def test_one_at_a_time_moves_one():
    """Each point differs in one factor from the base."""
    points = designs.one_at_a_time(TWO, 0, 0)
    assert len(points) == 4
    assert all(len(p) == 1 and len(next(iter(p.values()))) == 1 for p in points)


@pytest.mark.parametrize("count", [2, 3, 5, 7, 8, 11])
def test_a_fractional_design_has_resolution_iv(count):
    """Main effects are orthogonal to each other and to every pair of factors."""
    factors = [("structure", f"x{k}", (-1, 1)) for k in range(count)]
    points = designs.fractional(factors, 0, 0)
    table = np.array([[p["structure"][f[1]] for f in factors] for p in points])
    assert len(table) <= 4 * count
    for k in range(count):
        assert table[:, k].sum() == 0
        for i, j in combinations(range(count), 2):
            assert (table[:, k] * table[:, i] * table[:, j]).sum() == 0
            if k == i:
                assert (table[:, i] * table[:, j]).sum() == 0


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_drawn_designs_fill_their_ranges(kind):
    """Every sixteenth of a range is met; settings are met evenly; seeds repeat."""
    make = designs.KINDS[kind]
    points = make(TWO, 64, 5)
    hours = np.array([p["structure"]["testing_hours"] for p in points])
    assert (np.histogram(hours, 16, (0, 4))[0] > 0).all()
    decides = sum(p["levers"]["mandate"] == "decides" for p in points)
    assert abs(decides - 32) <= 1
    assert points == make(TWO, 64, 5) != make(TWO, 64, 6)


def test_a_mixed_population_draws_every_lever():
    """Without factors, each organisation has all levers, contexts left out."""
    points = designs.mixed(designs.every_lever(), 200, 1)
    assert all("phase" not in p["levers"] for p in points)
    steering = [p["levers"]["steering"] for p in points]
    assert {steering.count(x) > 40 for x in ("direction", "detail", "absent")} == {True}


def test_a_study_gives_what_compare_gives(tmp_path):
    """The same scenarios, worlds and weeks: the same numbers to the last bit."""
    study = study_of(
        tmp_path,
        'scenarios = ["assigned", "owned"]\nreplicates = 3\nweeks = 9\nseed = 5\n',
    )
    store = Store(tmp_path / "store")
    studied = carry_out(study, store)
    compared = compare("assigned", "owned", replicates=3, weeks=9, seed=5)
    pd.testing.assert_frame_equal(studied.summaries, compared.runs.summaries())
    runs = replicates_of(studied, store)
    assert runs.series.tobytes() == compared.runs.series.tobytes()
    assert runs.probes.tobytes() == compared.runs.probes.tobytes()


def test_an_interrupted_study_goes_on(tmp_path, monkeypatch):
    """Ctrl-C keeps what is finished, balanced; the same study then does the rest."""
    study = study_of(
        tmp_path, 'scenarios = ["assigned", "owned"]\nreplicates = 8\nweeks = 9\n'
    )
    store = Store(tmp_path / "store")
    real = studying.results_of

    def interrupted(*arguments):
        for k, one in enumerate(real(*arguments)):
            if k == 9:
                raise KeyboardInterrupt
            yield one

    monkeypatch.setattr(studying, "results_of", interrupted)
    part = carry_out(study, store)
    assert part.interrupted and len(part.worlds) in (3, 4)
    monkeypatch.undo()
    assert left_of(plan_of(study, store), store, 8).done == 9
    whole = carry_out(study, store)
    through = carry_out(study, Store(tmp_path / "other"))
    assert not whole.interrupted
    pd.testing.assert_frame_equal(whole.summaries, through.summaries)


def test_a_failing_run_is_kept_and_the_rest_goes_on(tmp_path, monkeypatch):
    """Its world is left out, its traceback stays; when it runs, the failure is gone."""
    study = study_of(tmp_path, 'scenarios = ["assigned"]\nreplicates = 4\nweeks = 9\n')
    store = Store(tmp_path / "store")
    from simulation.ensemble import worlds

    real = worlds.live_world

    def failing(job, stopped=lambda: False):
        if job.replicate == 2:
            raise RuntimeError("the sky fell")
        return real(job, stopped)

    monkeypatch.setattr(worlds, "live_world", failing)
    studied = carry_out(study, store)
    assert studied.worlds == (0, 1, 3)
    (failure,) = studied.failures
    assert failure.replicate == 2 and "the sky fell" in failure.traceback
    monkeypatch.undo()
    again = carry_out(study, store)
    assert again.worlds == (0, 1, 2, 3) and not again.failures


def test_precision_is_reached_and_held(tmp_path):
    """Worlds are added until every half-width is small enough, and was just before."""
    study = study_of(
        tmp_path,
        """
scenarios = ["assigned", "owned"]
replicates = 10
weeks = 30
[precision]
most_replicates = 90
half_widths = { lead_quality = 0.008, burnout = 0.03, learning_speed = 1000 }
""",
    )
    studied = carry_out(study, Store(tmp_path / "store"))
    n = len(studied.worlds)
    assert 10 < n < 90 and set(studied.reached.values()) == {n}
    table = studied.convergence
    quality = table[table["outcome"] == "lead_quality"].set_index("worlds")
    assert (quality.loc[n - 5 :, "half_width"] <= 0.008).all()
    assert (quality.loc[:10, "half_width"] > 0.008).any()


def test_precision_that_is_not_reached_tells_how_much_it_takes(tmp_path, capsys):
    """At the cap the study stops and says how many worlds would do."""
    (tmp_path / "mine.toml").write_text(
        'scenarios = ["assigned", "owned"]\nreplicates = 10\nweeks = 30\n'
        "[precision]\nmost_replicates = 12\nhalf_widths = { lead_quality = 0.001 }\n"
    )
    out, store = str(tmp_path / "out"), str(tmp_path / "store")
    assert (
        call(["study", str(tmp_path / "mine.toml"), "--store", store, "--output", out])
        == 0
    )
    told = " ".join(capsys.readouterr().out.split())
    assert "To know differences in lead quality as well as asked, about" in told
    assert "there are 12" in told
    assert (tmp_path / "out" / "convergence.csv").exists()


def test_a_design_is_listed_with_its_points(tmp_path, capsys):
    """Many organisations give a list by outcome, a table of points, and differences."""
    (tmp_path / "mine.toml").write_text(
        'scenarios = ["baseline"]\nreplicates = 3\nweeks = 12\n[design]\n'
        'kind = "grid"\nlevers = { mandate = ["executes", "decides"], '
        'steering = ["direction", "detail", "absent"] }\n'
        "structure = { testing_hours = [0, 4] }\n"
    )
    out, store = tmp_path / "out", str(tmp_path / "store")
    args = ["study", str(tmp_path / "mine.toml"), "--store", store]
    assert call([*args, "--output", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    points = pd.read_csv(out / "points.csv")
    assert len(points) == 12 and len(told["study"]["scenarios"]) == 13
    differences = pd.read_csv(out / "differences.csv")
    assert set(differences["scenario"]) == set(points["scenario"])
    same = points[
        (points["levers.mandate"] == "executes")
        & (points["levers.steering"] == "direction")
        & (points["structure.testing_hours"] == 0)
    ]["scenario"].item()
    quality = differences[differences["outcome"] == "lead_quality"]
    assert quality.set_index("scenario").loc[same, "difference"] == 0.0


def test_commands_of_the_store(tmp_path, capsys):
    """What is left, what is there, one run made again, a study forgotten."""
    file, store = str(tmp_path / "mine.toml"), str(tmp_path / "store")
    (tmp_path / "mine.toml").write_text(
        'scenarios = ["assigned", "owned"]\nreplicates = 2\nweeks = 9\n'
    )
    assert call(["study", file, "--store", store, "--left"]) == 0
    assert "0 runs are there, 4 are left" in capsys.readouterr().out
    out = str(tmp_path / "out")
    assert call(["study", file, "--store", store, "--output", out]) == 0
    capsys.readouterr()
    assert call(["results", "--store", store]) == 0
    assert "mine: 2 scenarios, 4 runs" in capsys.readouterr().out
    assert call(["results", "show", "mine", "--store", store, "--json"]) == 0
    runs = json.loads(capsys.readouterr().out)["runs"]
    assert len(runs) == 4
    assert call(["reproduce", runs[2]["id"], "--store", store]) == 0
    assert "the same in every number" in capsys.readouterr().out
    assert call(["results", "show", "mien", "--store", store]) == 2
    assert "did you mean mine?" in capsys.readouterr().err
    assert call(["results", "prune", "mine", "--store", store]) == 0
    assert call(["study", "nothing.toml", "--store", store]) == 2


def test_the_panel_is_tidy(tmp_path):
    """One row for each world, week and person, with what agents on Mesa have."""
    what = vary(read("baseline"), "short", run={"weeks": 5, "warm_up_weeks": 3})
    file = tmp_path / "people.parquet"
    rows = write_panel(what, ["score", "status"], file, replicates=3, threads=2)
    table = duckdb.sql(f"select * from '{file}'").df()
    mesa = Organisation(what, 1, 2)
    mesa.run()
    people = len(mesa.state.people)
    assert rows == len(table) == 3 * 5 * people
    last = table[(table["replicate"] == 2) & (table["week"] == 4)]
    assert last["person"].tolist() == [p.name for p in mesa.agents]
    assert last["score"].tolist() == [p.score for p in mesa.agents]
    assert table["status"].dtype == np.int64


def test_panels_that_cannot_be(tmp_path):
    """Another kind of file, no folder, unknown fields: told before anything runs."""
    what = read("baseline")
    with pytest.raises(InputError, match=r"must end in \.csv or \.parquet"):
        write_panel(what, ["score"], tmp_path / "people.xlsx")
    with pytest.raises(InputError, match="no such folder"):
        write_panel(what, ["score"], tmp_path / "no" / "people.csv")
    with pytest.raises(InputError, match="did you mean score"):
        write_panel(what, ["scor"], tmp_path / "people.csv")
    assert list(tmp_path.iterdir()) == []
