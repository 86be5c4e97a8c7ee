"""Comparisons: paired, in words, and whole on disk."""

import json
from dataclasses import replace

import fake_simulation as fake
import numpy as np
import pandas as pd
import pytest

from experiments.compare.answers import as_text
from experiments.compare.reading import chosen_outcomes
from experiments.errors import InputError
from experiments.run import relearning
from experiments.run.relearning import share_unended
from experiments.show.folder import staged
from experiments.words import phrases
from orgsim import compare, overview, save
from simulation.outcomes import HEADLINES, OUTCOMES
from simulation.scenario import vary

FILES = {
    "answer.txt",
    "summary.csv",
    "differences.csv",
    "weekly.csv.gz",
    "manifest.json",
    "differences.txt",
    "trajectories.csv",
    "trajectories.txt",
    "over_time.csv",
    "over_time.txt",
} | {
    f"{a}.{b}"
    for a in ("differences", "over_time", "trajectories")
    for b in ("svg", "png", "pdf")
}


@pytest.fixture(scope="module")
def folder(comparison, tmp_path_factory):
    """A comparison on disk."""
    return save(comparison, tmp_path_factory.mktemp("results") / "a-vs-b")


def test_a_comparison_says_how_much_is_not_known(assigned):
    """One remark counts what the scenarios leave open, each thing once."""
    unknown = {"levers": {"mandate": ["executes", "decides"]}}
    one = vary(assigned, "one", unknown=unknown)
    two = vary(one, "two", unknown={"structure": {"team_hours": [1, 3]}})
    for names, said in (
        ((one, assigned), "One thing is not known; each simulated world draws it."),
        ((one, two), "2 things are not known; each simulated world draws them."),
    ):
        found = compare(*names, replicates=3, workers=1, simulate=fake.simulate)
        assert said in found.remarks("en")
        assert any("niet bekend" in remark for remark in found.remarks("nl"))


def test_differences_are_paired(comparison):
    """The difference is the mean of differences within worlds, B minus A."""
    values = comparison.runs.summaries()["lead_quality"]
    apart = values["owned"] - values["assigned"]
    found = comparison.differences("lead_quality")[0]
    assert found.estimate == pytest.approx(apart.mean())
    assert found.low < found.estimate < found.high


def test_a_scenario_equals_itself(assigned):
    """Against a copy of itself every known difference is exactly zero."""
    twin = type(assigned)(**{**vars(assigned), "name": "twin"})
    same = compare(assigned, twin, replicates=3, workers=1, simulate=fake.simulate)
    known = [x.difference.estimate for found in same.results.values() for x in found]
    assert {x for x in known if np.isfinite(x)} == {0.0}


def test_the_answer_names_both_and_every_headline(comparison):
    """The first sentence says what changes, by how much and how sure."""
    sentence = comparison.answer()[0]
    assert sentence.startswith("Owning the work raises lead quality by 1")
    for name in HEADLINES:
        assert OUTCOMES[name].in_sentence["en"] in sentence
    assert "Simulation, not forecast" in comparison.remarks()[0]


def test_dutch_throughout(comparison):
    """The Dutch answer has Dutch words and decimals."""
    text = as_text(comparison, "nl")
    assert text.startswith("Eigenaarschap verhoogt de leadkwaliteit met 1")
    assert "Simulatie, geen voorspelling" in text.replace("\n", " ")


def test_several_are_ranked_with_intervals_that_hold_together(three):
    """With three scenarios there is a ranking, and intervals are simultaneous."""
    answer = three.answer()
    assert len(answer) == 2 + len(HEADLINES)
    assert "Of three scenarios, Owning the work comes out best" in answer[2]
    assert three.differences("burnout")[0].method == "sidak"
    assert len(three.table()) == 2 * len(OUTCOMES)


def test_more_worlds_are_advised_where_they_would_tell(comparison, assigned, owned):
    """Where a headline is unclear, the answer says how many worlds would do."""
    few = compare(assigned, owned, replicates=2, workers=1, simulate=fake.simulate)
    assert any("worlds settle it" in remark for remark in few.remarks())


def test_sizes_that_differ_are_told(comparison):
    """Organisations of different size may be compared, and the reader is told."""
    runs = comparison.runs
    series = runs.series.copy()
    series["seats"][1] = 60
    remarks = replace(runs, series=series).remarks()
    assert remarks == [
        "The organisations differ in size: Responsibility assigned has 40 seats and"
        " Owning the work has 60 seats."
    ]


def test_every_file_is_there(folder):
    """A saved comparison has tables, pictures, data, captions and a manifest."""
    assert {path.name for path in folder.iterdir()} == FILES


def test_tables_hold_all_outcomes(folder, comparison):
    """The files hold every outcome and week, not just what is shown."""
    summary = pd.read_csv(folder / "summary.csv")
    assert set(summary["outcome"]) == set(OUTCOMES)
    assert len(summary) == 2 * 12 * len(OUTCOMES)
    assert len(pd.read_csv(folder / "weekly.csv.gz")) == 2 * 12 * 80
    assert set(pd.read_csv(folder / "differences.csv")["outcome"]) == set(OUTCOMES)


def test_the_manifest_says_how_to_make_it_again(folder):
    """Versions, seed, worlds and every resolved number are in the manifest."""
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["seed"] == 1 and manifest["worlds"] == list(range(12))
    assert len(manifest["software"]["model_version"]) == 16
    stages = manifest["scenarios"][1]["resolved"]["stages"]
    assert stages[-1]["structure"]["testing_hours"] == 3


def test_the_same_runs_give_the_same_bytes(folder, comparison, tmp_path):
    """Everything but the manifest, which tells the time, is the same byte for byte."""
    again = save(comparison, tmp_path)
    for name in sorted(FILES - {"manifest.json"}):
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


def test_other_files_are_left_alone(tmp_path):
    """What a user put in the folder stays; what fails half-way leaves nothing."""
    (tmp_path / "notes.md").write_text("mine")
    with pytest.raises(InputError, match="disk full"), staged(tmp_path) as aside:
        (aside / "answer.txt").write_text("half")
        raise OSError("disk full")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.md"]


def test_one_scenario_is_described(assigned, tmp_path):
    """A single scenario has levels with intervals and bands, and its own files."""
    one = overview(assigned, replicates=4, workers=1, simulate=fake.simulate)
    assert one.answer()[0].startswith("Responsibility assigned ends with lead")
    assert "80% of worlds" in as_text(one)
    names = {path.name for path in save(one, tmp_path, "nl", "jasss").iterdir()}
    assert {"levels.csv", "trajectories.svg"} <= names
    assert "differences.csv" not in names


def test_chosen_outcomes(assigned, owned):
    """Chosen outcomes are shown and spoken of; an unknown one has a near name."""
    chosen = ("ownership", "clarity")
    made = compare(
        assigned,
        owned,
        replicates=3,
        outcomes=chosen,
        workers=1,
        simulate=fake.simulate,
    )
    assert made.headlines == chosen
    assert "ownership" in made.answer()[0]
    with pytest.raises(InputError, match="did you mean burnout"):
        chosen_outcomes(["burnot"])


def test_wrong_input_is_refused(assigned):
    """One scenario, or one twice, cannot be compared."""
    with pytest.raises(InputError, match="two scenarios"):
        compare(assigned)
    with pytest.raises(InputError, match="named twice"):
        compare(assigned, assigned)


@pytest.mark.parametrize("language", phrases.LANGUAGES)
def test_no_line_of_text_is_too_wide(comparison, three, language):
    """Prose fits 88 columns; tables may be wider but not by much."""
    for study in (comparison, three):
        assert max(map(len, as_text(study, language).splitlines())) <= 120


def test_another_past_is_told(assigned):
    """Scenarios that differ before week 0 are compared with a warning, others not."""
    past = {"steering": "detail"}
    was = vary(assigned, "was", as_is="self", levers=past)
    freed = vary(was, "freed", levers={"steering": "direction"})
    study = compare(assigned, freed, replicates=3, workers=1, simulate=fake.simulate)
    assert "was another organisation than" in study.answer()[0]
    assert "steering = detail" in study.answer()[0]
    same = compare(was, freed, replicates=3, workers=1, simulate=fake.simulate)
    assert "another organisation" not in same.answer()[0]


def test_times_to_relearn_that_few_worlds_saw_end_are_not_told(assigned, owned):
    """Of runs that end soon after the shift the time is unknown, not their length."""
    found = compare(assigned, owned, replicates=8, weeks=16)
    (difference,) = found.differences("learning_speed")
    assert difference.n == 0
    told = as_text(found)
    assert "relearn after a market shift: not known from these runs" in told
    assert "it ends 7 weeks after the market shift" in told.replace("\n", " ")
    assert "8 weeks" not in told.split("Time to relearn")[1].splitlines()[0]


def test_runs_that_end_before_some_relearned_say_so(assigned, owned):
    """A share of worlds that is not small is told, with what its time counts as."""
    found = compare(assigned, owned, replicates=16, weeks=60)
    share = share_unended(found.runs.summaries(), found.runs.observed)
    assert 0.1 < share < 0.5
    told = as_text(found).replace("\n", " ")
    assert f"In {share:.0%} of the simulated worlds less than half was" in told
    assert "counts as 29 weeks" in told
    longer = compare(assigned, owned, replicates=16).runs
    assert share_unended(longer.summaries(), longer.observed) < share


@pytest.mark.parametrize("weeks, told", [(60, ["29 weeks"]), (104, []), (None, [])])
def test_short_runs_tell_what_they_say_of_times_to_relearn(weeks, told):
    """Of runs that are shorter than usual: what longer times count as."""
    said = relearning.short_runs(weeks, "en")
    assert [x for x in told if x in said[0]] == told if told else not said
