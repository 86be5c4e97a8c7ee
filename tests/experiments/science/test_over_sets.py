"""Answers over the sets of parameters that calibration leaves: world k under set k."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments.advise.moves import today
from experiments.cli.command_line import call
from experiments.compare.comparison import compare
from experiments.errors import InputError
from experiments.run.parameter_sets import under
from experiments.run.reproducing import scenario_of
from experiments.run.runner import run
from experiments.run.store import Store, digest
from experiments.science.evidence import sets
from experiments.words import phrases
from simulation.model import simulate as on_mesa
from simulation.outcomes import LANGUAGES
from simulation.scenario import read, vary
from simulation.scenario_draws import over_sets, read_draws
from simulation.scenario_resolution import resolve
from simulation.scenario_unknown import in_world
from simulation.tables import PARAMETERS

SHORT = {"run": {"weeks": 6, "warm_up_weeks": 4}}
VALUES = {"talk_step": [0.1, 0.2, 0.3], "strain_support": [0.4, 0.5, 0.6]}


@pytest.fixture(autouse=True)
def three_sets(tmp_path, monkeypatch):
    """Three sets of two parameters, in the place of those that ship."""
    file = tmp_path / "three.csv"
    pd.DataFrame(VALUES).add_prefix("parameters.").to_csv(file, index=False)
    monkeypatch.setattr(sets, "CALIBRATED", file)
    return file


def test_worlds_live_under_sets_in_turn():
    """World k takes set k mod n as a whole; all else is what the scenario says."""
    plain = read("owned")
    there = sets.over_sets(plain)
    for k in range(7):
        found = in_world(there, 5, k)
        row = {name: values[k % 3] for name, values in VALUES.items()}
        assert found.parameters == {**plain.parameters, **row}
        assert found.stages == plain.stages and found.weeks == plain.weeks
    assert {there.parameters[x] for x in VALUES} == {0.2, 0.5}  # in the middle
    assert there.unknown.settings == {} and len(there.unknown.sets.rows) == 3


def test_what_a_scenario_says_of_a_parameter_stands():
    """Its own number, and what it leaves open itself."""
    own = vary(read("baseline"), "own", parameters={"talk_step": 0.9})
    assert in_world(sets.over_sets(own), 1, 1).parameters["talk_step"] == 0.9
    unknown = {"parameters": {"talk_step": [0.7, 0.8]}}
    open_ = sets.over_sets(vary(read("baseline"), "open", unknown=unknown))
    found = in_world(open_, 1, 1).parameters
    assert 0.7 <= found["talk_step"] <= 0.8 and found["strain_support"] == 0.5
    assert list(open_.unknown.settings) == ["parameters.talk_step"]


def test_sets_stay_with_what_a_scenario_is_made_into():
    """Varied, and as an organisation is today."""
    there = sets.over_sets(read("owned"))
    changed = vary(there, "changed", levers={"testing": "room"})
    for one in (changed, today(changed)):
        assert in_world(one, 1, 2).parameters["talk_step"] == 0.3
    bare = resolve(over_sets(read("owned").scenario, read_draws(sets.CALIBRATED)))
    assert bare.unknown.sets == there.unknown.sets
    with pytest.raises(InputError, match="has no files"):
        sets.over_sets(replace(there, scenario=None))


def test_a_run_is_that_under_the_set():
    """Both engines; a world alone gives what it gives among others."""
    there = sets.over_sets(vary(read("baseline"), "short", **SHORT))
    found = run([there], 4, seed=3, workers=1)
    plain = vary(read("baseline"), "short", **SHORT)
    for k in (1, 3):
        row = {name: values[k % 3] for name, values in VALUES.items()}
        alone = run([under(plain, row)], k + 1, seed=3, workers=1)
        assert found.series[0, k].tobytes() == alone.series[0, k].tobytes()
    mesa = on_mesa(there, 3, 1)
    assert mesa.series.tobytes() == found.series[0, 1].tobytes()
    apart = {found.series[0, k].tobytes() for k in range(4)}
    assert len(apart) == 4


def test_sets_are_part_of_what_a_result_is_of(tmp_path, three_sets):
    """Another table of sets is another scenario; the store can make it again."""
    plain = vary(read("baseline"), "short", **SHORT)
    there = sets.over_sets(plain)
    keys = {digest(one.canonical()) for one in (plain, there)}
    store = Store(tmp_path / "store")
    key = store.scenario_key(there)
    again, _ = scenario_of(store, key)
    assert in_world(again, 1, 2).parameters == in_world(there, 1, 2).parameters
    three_sets.write_text("parameters.talk_step\n0.5\n")
    keys.add(digest(sets.over_sets(plain).canonical()))
    assert len(keys) == 3 and key in keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_tell_of_sets(language):
    """In the remarks of a comparison, with how many there are."""
    there = [sets.over_sets(read(name)) for name in ("baseline", "owned")]
    [said] = phrases.not_known(there, language)
    assert "3" in said and ("sets" if language == "en" else "verzamelingen") in said
    assert phrases.not_known([read("baseline")], language) == []
    short = [vary(one, **SHORT) for one in there]
    assert said in compare(*short, replicates=2, workers=1).remarks(language)


@pytest.mark.parametrize(
    "command",
    [
        ["run", "owned", "--replicates", "2", "--weeks", "4"],
        ["compare", "baseline", "owned", "--replicates", "2", "--weeks", "4"],
        ["levers", "owned", "testing=room", "--replicates", "2", "--weeks", "30"],
    ],
)
def test_commands_answer_over_sets(command, tmp_path, monkeypatch, capsys):
    """Each that runs scenarios says so, and gives another answer than without."""
    monkeypatch.chdir(tmp_path)
    told = []
    for extra in ([], ["--over-sets"]):
        sets_of = ["--sets", "8"] if command[0] == "levers" else []
        assert call([*command, *sets_of, "--quiet", *extra]) == 0
        told.append(" ".join(capsys.readouterr().out.split()))
    sentence = "3 sets of parameters that calibration leaves"
    assert sentence in told[1] and sentence not in told[0]
    assert np.array(VALUES["talk_step"]).max() < PARAMETERS["talk_step"].value
    assert told[0] != told[1]


def test_the_manifest_and_the_report_tell_of_sets(tmp_path, monkeypatch, capsys):
    """Which table of sets, by its hash; and the command that makes it again."""
    monkeypatch.chdir(tmp_path)
    command = ["compare", "baseline", "owned", "--replicates", "2", "--weeks", "4"]
    assert call([*command, "--quiet", "--json", "--over-sets"]) == 0
    told = json.loads(capsys.readouterr().out)
    digest_of_sets = read_draws(sets.CALIBRATED).digest
    assert digest_of_sets in json.dumps(told["manifest"])
    page = next(tmp_path.glob("results/*/report.html")).read_text()
    assert "--over-sets" in page
