"""Study files, designs, and studies carried out: resumed, extended, precise."""

import json
import re
from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.cli.command_line import call
from experiments.compare import study_results
from experiments.compare.comparison import compare
from experiments.compare.effects import effects_of
from experiments.errors import InputError
from experiments.run import designs, studying
from experiments.run.exports import export_weeks
from experiments.run.store import Store
from experiments.run.store_contents import runs_of
from experiments.run.study_files import read_study, shipped_studies
from experiments.run.study_outcomes import replicates_of
from experiments.run.study_plans import Remaining, plan_of, remaining_of
from experiments.run.studying import carry_out
from experiments.run.table_reading import StudyError
from experiments.science import panels
from experiments.science.evidence.people import FIELDS, people_of
from experiments.science.evidence.population import population
from experiments.science.panels import write_panel
from experiments.statistics.intervals import Interval
from simulation.model import Organisation
from simulation.organisation import draw_chart
from simulation.outcomes import LANGUAGES
from simulation.scenario import read, vary

TWO = (
    ("levers", "mandate", ("executes", "decides")),
    ("structure", "testing_hours", (0.0, 4.0)),
)
KEY = ["organisation", "seat", "week"]
"""What tells rows of a panel of people apart."""


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


@pytest.mark.parametrize(
    ("title", "wrong"),
    [
        ('"Team \\uFFFE"', "title: holds what no document can hold: U+FFFE"),
        ('"  "', "title: is blank"),
        ('{ en = "a", nl = "\\u0007" }', "title.nl: must be one line without control"),
        (f'"{"x" * 301}"', "title: is too long"),
    ],
)
def test_a_title_is_one_that_documents_can_show(title, wrong, tmp_path):
    """As those of scenarios; what nobody sees is left out of others."""
    rest = '\nscenarios = ["baseline", "owned"]\n'
    (line,) = mistakes(tmp_path, f"title = {title}{rest}")
    assert f": {wrong}" in line and "mine.toml:1:" in line
    study = study_of(tmp_path, f'title = "so\\u00adft"{rest}')
    assert study.title["en"] == "soft"


@pytest.mark.parametrize("name", shipped_studies())
def test_shipped_studies_are_sound(name):
    """Every study that ships names scenarios that exist and settings that there are."""
    study = read_study(name)
    assert len(study.scenarios) >= 2
    for words in (study.title, study.question):
        assert set(words) == set(LANGUAGES) and words["en"] != words["nl"]
    assert all(text.endswith("?") for text in study.question.values())


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('title = { en = "A", de = "B" }', ["title.de: unknown key", "nothing in nl"]),
        ('question = { en = "A?", nl = 3 }', ["question.nl: must be a text"]),
        ("title = 3", ["must be a text, or a table"]),
    ],
)
def test_words_in_both_languages(tmp_path, words, told):
    """A title or question is one text, or one for each language."""
    found = "\n".join(mistakes(tmp_path, f'{words}\nscenarios = ["baseline"]'))
    for line in told:
        assert line in found
    ours = "title.en = 'A'\ntitle.nl = 'B'\nscenarios = ['baseline']"
    assert dict(study_of(tmp_path, ours).title) == {"en": "A", "nl": "B"}


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
        pytest.param(f"seed = {'9' * 5000}", "digits in a number", id="digits"),
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
    real = studying.live

    def interrupted(*arguments):
        for k, one in enumerate(real(*arguments)):
            if k == 9:
                raise KeyboardInterrupt
            yield one

    monkeypatch.setattr(studying, "live", interrupted)
    part = carry_out(study, store)
    assert part.interrupted and len(part.worlds) in (3, 4)
    monkeypatch.undo()
    assert remaining_of(plan_of(study, store), store, 8).done == 9
    whole = carry_out(study, store)
    through = carry_out(study, Store(tmp_path / "other"))
    assert not whole.interrupted
    pd.testing.assert_frame_equal(whole.summaries, through.summaries)


def test_ctrl_c_before_the_first_world_is_an_interruption(tmp_path, monkeypatch):
    """Nothing to report is no mistake of the user's."""
    study = study_of(tmp_path, 'scenarios = ["assigned", "owned"]\nweeks = 9\n')

    def interrupted(*arguments):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(studying, "live", interrupted)
    with pytest.raises(KeyboardInterrupt):
        carry_out(study, Store(tmp_path / "store"))


def test_two_names_of_one_organisation_are_one_run(tmp_path):
    """Nothing is there in an empty store, and each run is counted once."""
    text = 'scenarios = ["baseline", "direction"]\nreplicates = 3\nweeks = 9\n'
    study, store = study_of(tmp_path, text), Store(tmp_path / "store")
    assert remaining_of(plan_of(study, store), store, 3) == Remaining(0, 3, 3)
    assert carry_out(study, store).worlds == (0, 1, 2)


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
    assert "For intervals of lead quality as narrow as asked, about" in told
    assert "there are 12" in told
    assert (tmp_path / "out" / "convergence.csv").exists()


GRID = """
title = "Six"
question = "What does time to test do?"
scenarios = ["baseline"]
replicates = 4
weeks = 12
outcomes = ["testing", "burnout"]
[design]
kind = "grid"
levers = { mandate = ["executes", "decides"], steering = ["direction", "absent"] }
structure = { testing_hours = [0, 4] }
"""


def run_study(tmp_path, text, capsys):
    """Run a study by the command line; return its folder and what it says as JSON."""
    (tmp_path / "mine.toml").write_text(text)
    out, store = tmp_path / "out", str(tmp_path / "store")
    args = ["study", str(tmp_path / "mine.toml"), "--store", store]
    assert call([*args, "--output", str(out), "--json"]) == 0
    return out, json.loads(capsys.readouterr().out)


def test_a_grid_tells_its_main_effects(tmp_path, capsys):
    """In a balanced grid an effect is the difference of means, world by world."""
    out, told = run_study(tmp_path, GRID, capsys)
    points = pd.read_csv(out / "points.csv").set_index("scenario")
    assert len(points) == 8 and len(told["study"]["scenarios"]) == 8
    effects = pd.read_csv(out / "effects.csv")
    assert set(effects["factor"]) == {"mandate", "steering", "testing_hours"}
    table = pd.read_csv(out / "summary.csv").query("outcome == 'burnout'")
    wide = table.pivot(index="replicate", columns="scenario", values="value")
    high = points.index[points["structure.testing_hours"] == 4]
    low = points.index[points["structure.testing_hours"] == 0]
    by_world = wide[high].mean(axis=1) - wide[low].mean(axis=1)
    one = effects.query("factor == 'testing_hours' and outcome == 'burnout'").iloc[0]
    assert one["effect"] == pytest.approx(by_world.mean())
    half = (one["effect_high"] - one["effect_low"]) / 2
    level = (1 + 0.95 ** (1 / 3)) / 2
    reach = stats.t.ppf(level, 3) * by_world.std() / 2
    assert half == pytest.approx(reach)
    assert "testing hours 0 to 4" in told["answer"]
    assert told["answer"].startswith("Six\nWhat does time to test do?")
    assert (out / "effects.png").exists() and (out / "manifest.json").exists()
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["study"]["file"] == GRID


def test_a_design_on_what_is_not_known_says_so(tmp_path, capsys):
    """Its organisations share in each world what their base leaves open."""
    unknown = "[unknown]\nstructure = { side_work_hours = [0.5, 6] }\n"
    (tmp_path / "self.toml").write_text('as_is = "self"\n' + unknown)
    out, told = run_study(tmp_path, GRID.replace("baseline", "self.toml"), capsys)
    assert "One thing is not known; each simulated world draws it." in told["answer"]
    manifest = json.loads((out / "manifest.json").read_text())
    assert all("unknown" in x["resolved"] for x in manifest["scenarios"])


def test_many_scenarios_or_weeks_are_told_one_by_one(tmp_path, capsys, monkeypatch):
    """What does not fit in memory is not put together; an answer is there still."""
    text = 'scenarios = ["assigned", "owned"]\nreplicates = 3\nweeks = 9\n'
    monkeypatch.setattr(study_results, "MOST_COMPARED", 1)
    out, told = run_study(tmp_path, text, capsys)
    assert "each alone from Assigned work" in " ".join(told["answer"].split()) or (
        "Nothing here moves" in told["answer"]
    )
    table = pd.read_csv(out / "differences.csv")
    compared = compare("assigned", "owned", replicates=3, weeks=9)
    expected = compared.table().set_index("outcome")["difference_low"]
    found = table.set_index("outcome")["difference_low"]
    pd.testing.assert_series_equal(found, expected)


def test_lists_of_very_many_are_cut_with_a_word(monkeypatch):
    """What moves most comes first; how many more there are is told."""
    monkeypatch.setattr(study_results, "MOST_LISTED", 2)
    sure = [Interval(k, k - 0.5, k + 0.5, 0.95, 9, 0, 1.0, "t") for k in range(2, 6)]
    unsure = [Interval(0, -1, 1, 0.95, 9, 0, 1.0, "t")] * 4
    titles = [f"Title{k}" for k in range(8)]
    heads = {"base": "Base", "worlds": "9"}
    rows = [*sure, *unsure]
    text = study_results._moved(
        "revenue", titles, rows, "design_one_by_one", heads, "en"
    )
    named = re.findall(r"Title\d", text)
    assert named == ["Title3", "Title2", "Title4", "Title5"]
    assert "... and 2 more, which are in differences.csv" in text
    assert "Title4, Title5, two others" in " ".join(text.split())


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_effects_of_drawn_designs_are_those_put_in(tmp_path, kind):
    """Where outcomes are linear in the factors, effects are their coefficients."""
    study = study_of(
        tmp_path,
        f"""
scenarios = ["baseline"]
[design]
kind = "{kind}"
points = 16
levers = {{ steering = ["direction", "detail", "absent"] }}
structure = {{ testing_hours = [1, 3] }}
""",
    )
    points, put_in = study.points, {"direction": 0, "detail": 5, "absent": 7}
    values = np.zeros((len(points), 3))
    for k, point in enumerate(points):
        if point:
            hours = point["structure"]["testing_hours"]
            steering = point["levers"]["steering"]
            values[k] = 2 * hours + put_in[steering]
    values += np.array([0.0, 10.0, 20.0])
    values[3, 1] = np.nan
    fake = SimpleNamespace(
        plan=SimpleNamespace(study=study), by_scenario=lambda name: values
    )
    found = effects_of(fake)
    titles = [contrast.title for contrast in found.contrasts]
    assert titles == [
        "steering direction to detail",
        "steering direction to absent",
        "testing hours 1 to 3",
    ]
    means = [interval.estimate for interval in found.intervals["burnout"]]
    assert means == pytest.approx([5, 7, 4])
    few = replace(study, points=points[:2])
    fake = SimpleNamespace(plan=SimpleNamespace(study=few), by_scenario=None)
    assert effects_of(fake) is None


def test_a_design_has_each_organisation_once(tmp_path, capsys):
    """Copies of the base and of each other are left out, and told."""
    text = (
        'scenarios = ["baseline"]\nreplicates = 2\nweeks = 9\n[design]\n'
        'kind = "one_at_a_time"\nlevers = { mandate = ["executes", "decides"] }\n'
    )
    study = study_of(tmp_path, text)
    assert [x.name for x in study.scenarios] == ["baseline", "baseline-2"]
    assert study.scenarios[1].title["en"] == "mandate decides" and study.left_out == 1
    _, told = run_study(tmp_path, text, capsys)
    assert "already there, and count once: 1" in told["answer"]


WRONG = {
    'scenarios = ["baseline", "owned"]\n[design]\nkind = "grid"\n'
    "structure = { testing_hours = [0, 4] }": "a design is made from one scenario",
    'scenarios = ["baseline"]\n[precision]': "name a second scenario or a design",
    'scenarios = ["baseline", "owned"]\nreplicates = 30\n[precision]\n'
    "most_replicates = 20": "at least the 30 replicates",
    'scenarios = ["baseline", "owned"]\n[precision]\n'
    "half_widths = { lead_quality = 2 }": "2 points are 0.02",
    'scenarios = ["baseline"]\n[design]\nkind = "sobol"\npoints = 10\n'
    "structure = { testing_hours = [0, 4] }": "a power of two, such as 8 or 16",
    'scenarios = ["baseline"]\n[design]\nkind = "sobol"\npoints = 8\n'
    "structure = { testing_hours = [4, 0] }": "the lower end first",
    'scenarios = ["baseline"]\n[design]\nkind = "grid"\n'
    "structure = { testing_hours = [4, 4] }": "has a value twice",
}


KINDS = {
    'scenarios = ["baseline"]\ndesign = 3': "design: must be a table",
    'scenarios = ["baseline"]\nprecision = 3': "precision: must be a table",
    'scenarios = ["baseline"]\n[design]\nkind = "grid"\n'
    'levers = { mandate = [["executes"]] }': "unknown setting",
    'scenarios = ["baseline"]\n[design]\nkind = "grid"\n'
    "levers = { testing = 3 }": "must be an array of values (got 3)",
}
WRONG |= KINDS


@pytest.mark.parametrize("text", WRONG)
def test_what_cannot_be_had_is_told(tmp_path, text):
    """Settings that cannot be followed are mistakes, never left aside."""
    assert any(WRONG[text] in line for line in mistakes(tmp_path, text))


def test_looking_reserves_no_name_and_points_can_be_added(tmp_path):
    """Counting what is left notes nothing; more scenarios extend, fewer do not."""
    text = 'scenarios = ["assigned", "owned"]\nreplicates = 2\nweeks = 9\n'
    store = Store(tmp_path / "store")
    remaining_of(plan_of(study_of(tmp_path, text), store), store, 2)
    assert store.studies() == {}
    carry_out(study_of(tmp_path, text), store)
    more = study_of(tmp_path, text.replace('"owned"', '"owned", "detail"'))
    assert remaining_of(plan_of(more, store), store, 2).done == 4
    carry_out(more, store)
    with pytest.raises(InputError, match="with other scenarios"):
        plan_of(study_of(tmp_path, text), store)
    told = store.studies()["mine"]
    assert told["software"]["python"] and told["worlds"] == [0, 1]


def test_reported_numbers_are_reproduced(tmp_path, capsys):
    """A study's differences come out the same from new runs; a changed one does not."""
    text = 'scenarios = ["assigned", "owned", "detail"]\nreplicates = 3\nweeks = 9\n'
    run_study(tmp_path, text, capsys)
    store = str(tmp_path / "store")
    assert call(["reproduce", "mine", "--sample", "4", "--store", store]) == 0
    assert "4 of 4 runs are the same" in capsys.readouterr().out
    by_mesa = ("--engine", "mesa")
    for outcome, how in (
        ("burnout", ()),
        ("learning_speed", by_mesa),
        ("dip_depth", ()),
    ):
        what = f"mine/owned/{outcome}"
        assert call(["reproduce", what, "--store", store, *how]) == 0
    capsys.readouterr()
    assert call(["reproduce", "mine/owned/burnuot", "--store", store]) == 2
    assert "did you mean burnout?" in capsys.readouterr().err
    told = Store(store).studies()["mine"]
    told["reported"]["owned"]["burnout"][0] += 1e-12
    Store(store).note_study("mine", told)
    assert call(["reproduce", "mine/owned/burnout", "--store", store]) == 1
    file = tmp_path / "store" / "studies" / "mine.json"
    file.write_text(file.read_text().replace("detail", "detial"))
    assert call(["reproduce", "mine/owned/burnout", "--store", store]) == 2
    assert "is damaged" in capsys.readouterr().err


def test_a_study_is_exported_as_one_tidy_table(tmp_path, capsys):
    """Weekly rows of the study alone, in order, as CSV and Parquet, for xarray too."""
    text = 'scenarios = ["assigned", "owned"]\nreplicates = 3\nweeks = 9\n'
    run_study(tmp_path, text, capsys)
    store = Store(tmp_path / "store")
    other = tmp_path / "other.toml"
    other.write_text(text + "seed = 2\n")
    carry_out(read_study(other), store)
    for end in (".csv", ".parquet"):
        file = tmp_path / f"weeks{end}"
        args = ["results", "export", "mine", "--output", str(file)]
        assert call([*args, "--store", str(store.folder)]) == 0
        table = duckdb.sql(f"select * from '{file}'").df()
        runs = replicates_of(carry_out(study_of(tmp_path, text), store), store)
        weeks = pd.concat(runs.weekly_tables(), ignore_index=True)
        pd.testing.assert_frame_equal(table, weeks, check_dtype=False)
    grid = table.set_index(["scenario", "replicate", "week"]).to_xarray()
    assert dict(grid.sizes) == {"scenario": 2, "replicate": 3, "week": 9}
    assert call(["results", "export", "mine", "--store", str(store.folder)]) == 2
    assert len(runs_of(store, "mine")) == 6


def test_the_store_is_no_place_for_answers(tmp_path, capsys):
    """A study whose folder would be the store is refused before anything runs."""
    (tmp_path / "store.toml").write_text('scenarios = ["assigned"]\nreplicates = 1\n')
    args = ["study", str(tmp_path / "store.toml"), "--store", str(tmp_path / "x")]
    assert call([*args, "--output", str(tmp_path / "x")]) == 2
    assert "choose another --output" in capsys.readouterr().err


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
    with pytest.raises(InputError, match="name one or more"):
        write_panel(what, [], tmp_path / "people.csv")
    assert list(tmp_path.iterdir()) == []


def test_panels_of_real_people_have_pseudonyms(tmp_path):
    """Names of a people table are written only where they are asked for."""
    names = ["Ada Vos", "Bo Kok", "Cas Smit"]
    rows = "".join(f"{name},marketeer,team,,36\n" for name in names)
    (tmp_path / "people.csv").write_text(f"name,role,team,manager,hours\n{rows}")
    file = tmp_path / "own.toml"
    file.write_text(
        'title = "Own"\nbased_on = "baseline"\n[organisation]\npeople = "people.csv"\n'
    )
    told = {}
    for named in (False, True):
        output = tmp_path / f"{named}.csv"
        write_panel(file, ["score"], output, replicates=1, names=named)
        told[named] = output.read_text()
    assert not any(name in told[False] for name in names)
    assert all(name in told[True] for name in names) and "P01" in told[False]


def test_a_population_is_a_panel_too(tmp_path, capsys):
    """A row for each seat and week of each organisation, which stand beside it."""
    file = tmp_path / "x.parquet"
    args = ["panel", "--population", "10", "--weeks", "30", "--workers", "1"]
    assert call([*args, "--quiet", "--output", str(file)]) == 0
    there = population(10, 1, weeks=30)
    seats = sum(len(draw_chart(one).seats) for one in there)
    assert capsys.readouterr().out == f"{seats * 30:,} rows are in {file}\n"
    table = duckdb.sql(f"select * from '{file}'").df()
    assert len(table) == seats * 30 == len(table.drop_duplicates(KEY))
    lived = people_of(there, 1, workers=1)
    for name in (*FIELDS, "named"):
        assert table[name].tolist() == lived[name].ravel().tolist(), name
    assert table["seat"].tolist() == np.repeat(lived.seat, 30).tolist()
    assert table["week"].tolist() == list(range(30)) * seats
    beside = pd.read_csv(tmp_path / "x-organisations.csv", keep_default_na=False)
    for k, one in enumerate(there):
        row = beside.loc[k]
        assert row["organisation"] == k
        assert row["marketeers"] == one.organisation.marketeers
        assert {x: row[x] for x in lived.levers[k]} == dict(lived.levers[k])
    assert {x.name for x in tmp_path.iterdir()} == {file.name, "x-organisations.csv"}


def test_a_population_may_be_larger_than_memory(tmp_path, monkeypatch):
    """Written in batches it is the same table, with organisations numbered through."""
    files = [tmp_path / name for name in ("whole.csv", "parts.csv")]
    counts = []
    for file, batch in zip(files, (48, 2), strict=True):
        monkeypatch.setattr(panels, "BATCH", batch)
        counts.append(panels.write_population(5, file, 4, seed=3, workers=1))
    assert files[0].read_bytes() == files[1].read_bytes() and counts[0] == counts[1]
    assert set(pd.read_csv(files[1])["organisation"]) == set(range(5))


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "Name a scenario, or --population N"),
        (["owned", "--population", "3"], "one of the two"),
        (["owned", "--weeks", "9"], "--weeks goes with --population"),
        (["--population", "0"], "--population"),
        (["--population", "2", "--output", "people.xlsx"], "must end in .csv"),
    ],
)
def test_a_panel_is_of_a_scenario_or_a_population(tmp_path, capsys, args, message):
    """Neither, both, and what does not go together end with 2 and leave nothing."""
    output = ["--output", str(tmp_path / "x.csv")]
    assert call(["panel", *output, *args]) == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_nothing_is_left(tmp_path, monkeypatch):
    """DuckDB's and the system's words become what to do, for tables and answers."""
    from experiments.errors import as_os_error
    from experiments.show.folder import staged

    def full(*arguments, **tables):
        raise as_os_error(duckdb.IOException("IO Error: No space left on device"))

    monkeypatch.setattr(panels, "copy_to", full)
    what = vary(read("baseline"), "short", run={"weeks": 2, "warm_up_weeks": 1})
    with pytest.raises(InputError, match="disk is full; make room"):
        write_panel(what, ["score"], tmp_path / "people.csv", replicates=1)
    with pytest.raises(InputError, match="disk is full"), staged(tmp_path / "x"):
        full()
    assert list(tmp_path.rglob("*")) == []


def test_names_with_quotes_are_just_names(tmp_path):
    """Folders may have an apostrophe in their names."""
    folder = tmp_path / "it's"
    folder.mkdir()
    study = study_of(folder, 'scenarios = ["assigned"]\nreplicates = 2\nweeks = 5\n')
    store = Store(folder / "store")
    carry_out(study, store)
    assert export_weeks(store, "mine", folder / "weeks.csv") == 10
    what = vary(read("baseline"), "short", run={"weeks": 2, "warm_up_weeks": 1})
    assert write_panel(what, ["score"], folder / "people.csv", replicates=1) > 50
