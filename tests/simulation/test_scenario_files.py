"""Scenarios as files: those that ship, what a file names, how they travel."""

import copy
import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from simulation import scenario_places, tables
from simulation.scenario import json_schema, load, read, resolve, shipped_names, vary
from simulation.tables import lever_table

ROOT = Path(__file__).parents[2]
NAMED = """
baseline assigned owned owned_without_frame owned_without_capacity ownership_in_a_frame
siloed one_team pure_specialists_one_team split joined spop own_kpis whole_funnel
specialists t_shaped no_testing testing_room training written_down detail direction
absent asks_volume asks_learning frame_absent junior agency office_manager all_rounder
experienced cost investment more_budget marketing_stopped two_departments partners
seat_at_the_table can_refuse champion captain_only everyone departments_with_strategy
hiring_for_values pushed shared_values shared_tools quarterly_evaluation start_up growth
more_links transition withdrawn_push smart_tools smart_tools_on_detail
"""
FORMS = ("integrated", "separate", "separate_linked", "matrix", "matrix_governed")


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_scenario_resolves_and_speaks_two_languages(name):
    """What ships is right, and its title and question are in English and Dutch."""
    scenario = read(name)
    for words in (scenario.title, scenario.question):
        assert words["en"] and words["nl"] and words["en"] != words["nl"]
    assert all(scenario.question[code].endswith("?") for code in ("en", "nl"))


def test_the_scenarios_that_articles_speak_of_ship():
    """Every case that the articles tell has a bare name."""
    sized = {f"{form}_{size}" for form in FORMS for size in ("small", "large")}
    assert set(NAMED.split()) | sized <= set(shipped_names())


def test_every_setting_of_every_lever_is_held_by_a_shipped_scenario():
    """No condition is without a scenario file, except speeds of the sector's market."""
    held = {
        (name, setting)
        for shipped in shipped_names()
        for stage in read(shipped).stages
        for name, setting in stage.levers.items()
    }
    levers = lever_table().items()
    missing = {(n, s) for n, lever in levers for s in lever.settings} - held
    assert missing == {("sector", "stable"), ("sector", "fast")}


def test_shipped_scenarios_stay_short():
    """A file says only what differs."""
    folder = scenario_places.SHIPPED
    lengths = {p.stem: p.read_text().count("\n") for p in folder.glob("*.toml")}
    lengths.pop("baseline")
    assert max(lengths.values()) <= 30


def test_people_and_graph_files_are_found_beside_the_scenario(tmp_path):
    """Paths are relative to the file that names them and come out absolute."""
    (tmp_path / "people.csv").write_text("name\n")
    (tmp_path / "graph.net").write_text("*Vertices 1\n")
    file = tmp_path / "own.toml"
    file.write_text('[organisation]\npeople = "people.csv"\nnetwork = "graph.net"\n')
    resolved = read(file)
    assert resolved.people_file == (tmp_path / "people.csv").resolve()
    assert resolved.network_file == (tmp_path / "graph.net").resolve()
    assert resolved.organisation.marketeers == 0


def test_a_people_table_replaces_the_head_counts_of_the_parent(tmp_path):
    """And head counts of a child replace the people table of its parent."""
    (tmp_path / "people.csv").write_text("name\n")
    file = tmp_path / "own.toml"
    file.write_text('based_on = "baseline"\n[organisation]\npeople = "people.csv"\n')
    assert read(file).people_file is not None
    assert resolve(vary(load(file), organisation={"sales": 4})).people_file is None


def test_a_file_may_be_based_on_a_file_in_another_folder(tmp_path):
    """based_on is relative to the file that says it."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "base.toml").write_text('[levers]\nmandate = "decides"\n')
    file = tmp_path / "inner" / "own.toml"
    file.write_text('based_on = "../base.toml"\n[levers]\ntesting = "room"\n')
    resolved = read(str(file))
    assert resolved.stages[0].levers["mandate"] == "decides"
    assert resolved.stages[1].sources["testing_hours"].startswith("own.toml: ")


def test_a_file_is_taken_only_where_it_looks_like_one(tmp_path, monkeypatch):
    """A file named baseline in the current folder does not hide the shipped one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "baseline").write_text("nonsense")
    (tmp_path / "baseline.toml").write_text('title = "my own"\n')
    assert read("baseline").title["en"] == "Today"
    assert read("baseline.toml").title == {"en": "my own", "nl": "my own"}
    assert read(Path("baseline.toml")).title["nl"] == "my own"


def test_a_byte_order_mark_is_no_mistake(tmp_path):
    """Editors on Windows write one at the start of a file."""
    file = tmp_path / "own.toml"
    file.write_bytes(b"\xef\xbb\xbftitle = 'x'\r\n[levers]\r\nmandate = 'decides'\r\n")
    assert read(file).stages[0].levers["mandate"] == "decides"


def test_contents_of_files_count_and_their_names_do_not(tmp_path):
    """The same table under another name is the same; an edited one is not."""
    for name, text in (("a", "name\n"), ("b", "name\n"), ("c", "names\n")):
        (tmp_path / f"{name}.csv").write_text(text)
        organisation = f'[organisation]\npeople = "{name}.csv"\n'
        (tmp_path / f"{name}.toml").write_text(organisation)
    a, b, c = (read(tmp_path / f"{name}.toml").canonical() for name in "abc")
    assert a == b != c


def test_resolved_scenarios_travel_and_cannot_change():
    """They can be pickled to a worker, copied, hashed and compared, never edited."""
    resolved = read("transition")
    assert pickle.loads(pickle.dumps(resolved)) == resolved
    assert copy.deepcopy(resolved) == resolved
    assert hash(resolved) == hash(read("transition"))
    with pytest.raises(TypeError):
        resolved.stages[0].structure["team_hours"] = 1
    with pytest.raises(AttributeError):
        resolved.weeks = 1


def test_the_json_schema_lists_settings_and_ranges():
    """An editor can complete settings and check numbers."""
    definitions = json_schema()["$defs"]
    levers, structure = definitions["Levers"], definitions["Structure"]
    assert levers["properties"]["steering"]["enum"] == ["direction", "detail", "absent"]
    hours = structure["properties"]["testing_hours"]
    assert (hours["minimum"], hours["maximum"]) == (0, 16)
    assert "hours a week per person" in hours["description"]
    assert levers["additionalProperties"] is False
    assert set(definitions["Parameters"]["properties"]) == set(tables.PARAMETERS)
    json.dumps(json_schema())


def test_importing_scenarios_does_not_import_pydantic():
    """Help stays instant: the schema is built when the first scenario is read."""
    code = "import sys, simulation.scenario; print('pydantic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "False\n", done.stderr
