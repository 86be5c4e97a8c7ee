"""The commands list, show, check and new, and the pages made from the tables."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from machine import ROOT

from experiments.cli.command_line import call
from experiments.scenario_files.description import differences, shipped
from experiments.scenario_files.text import WORDS
from experiments.science.claims import claims
from experiments.science.tables_page import DOCS, pages, write
from simulation.scenario import load, read, resolve, shipped_names, vary
from simulation.tables import PARAMETERS, STRUCTURE, lever_table


@pytest.fixture
def orgsim(capsys, tmp_path, monkeypatch):
    """Return a function from arguments to exit code, output and messages."""
    monkeypatch.chdir(tmp_path)

    def run(*args):
        code = call(args)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_list_names_every_scenario_with_its_question(orgsim):
    """One line for each, in groups, plain text where it is piped."""
    code, text, errors = orgsim("list")
    names = [line.split()[0] for line in text.splitlines() if line.startswith("  ")]
    assert (code, errors) == (0, "")
    assert sorted(names) == sorted(shipped_names())
    assert "mandate (C1)\n" in text and "\x1b" not in text


def test_list_speaks_dutch(orgsim):
    """Questions and headings follow --language."""
    _, text, _ = orgsim("list", "--language", "nl")
    assert text.startswith("Vertrekpunten\n")
    assert read("owned").question["nl"] in text


def test_list_as_json_is_one_document(orgsim):
    """A program reads names, groups and words."""
    _, text, _ = orgsim("list", "--json")
    rows = json.loads(text)
    assert {row["name"] for row in rows} == set(shipped_names())
    assert set(rows[0]) == {"name", "group", "title", "question"}


def test_list_levers_and_numbers(orgsim):
    """The tables of levers, structural numbers and parameters can be read."""
    for option, table in (
        ("--levers", lever_table()),
        ("--numbers", STRUCTURE),
        ("--parameters", PARAMETERS),
    ):
        _, text, _ = orgsim("list", option)
        assert [line.split()[0] for line in text.splitlines()[1:]] == list(table)
        _, document, _ = orgsim("list", option, "--json")
        assert [row["name"] for row in json.loads(document)] == list(table)


def test_scenarios_are_listed_with_the_lever_that_they_switch():
    """Groups follow the order of the lever table."""
    groups = {row.name: row.group for row in shipped()}
    assert groups["owned"] == "mandate"
    assert groups["baseline"] == "starting_points"
    assert groups["ownership_in_a_frame"] == "several"
    assert groups["more_links"] == "numbers"
    assert groups["transition"] == "over_time"


def test_show_tells_what_differs_and_where_it_comes_from(orgsim):
    """Each number that differs from the base is given with its source."""
    code, text, _ = orgsim("show", "owned")
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert code == 0
    assert "0 mandate executes decides" in rows
    source = 'owned.toml: levers.mandate = "decides"'
    assert f"0 items_decided_by_executor 0.1 0.9 {source}" in rows
    assert "week 0: 4 hours per person, 2000 euros" in rows
    assert "team_hours" not in text


def test_show_against_another_scenario(orgsim):
    """--against compares with any scenario."""
    _, text, _ = orgsim("show", "owned", "--against", "detail")
    assert "Levers that differ from detail" in text
    assert "steering" in text and "mandate" in text


def test_show_all_prints_every_number(orgsim):
    """--all adds what does not differ; a root, which has no base, always does."""
    _, text, _ = orgsim("show", "owned", "--all")
    _, root, _ = orgsim("show", "baseline")
    for name in (*STRUCTURE, *PARAMETERS):
        assert f"  {name} " in text
        assert f"  {name} " in root


def test_show_keeps_brackets_in_sources(orgsim):
    """[structure] is text, not markup."""
    _, text, _ = orgsim("show", "more_links")
    assert "more_links.toml: [structure]" in text


UNKNOWN = """
as_is = "self"
[unknown]
levers = { mandate = ["executes", "decides"] }
structure = { team_hours = [1, 3.5], one_department = [0, 1] }
"""


def test_show_and_check_tell_what_is_not_known(orgsim):
    """What each simulated world draws, with what it may be, in both languages."""
    Path("self.toml").write_text(UNKNOWN)
    assert (
        "self.toml: ok (3 things are not known; each" in orgsim("check", "self.toml")[1]
    )
    _, text, _ = orgsim("show", "self.toml")
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert "levers.mandate one of executes, decides" in rows
    assert "structure.one_department one of 0, 1" in rows
    assert "structure.team_hours 1 to 3.5" in rows
    _, text, _ = orgsim("show", "self.toml", "--language", "nl")
    assert "3 dingen zijn niet bekend" in text and "een van executes" in text
    told = json.loads(orgsim("show", "self.toml", "--json")[1])
    assert told["unknown"]["structure.team_hours"] == [1, 3.5]
    assert "not known" not in orgsim("check", "owned")[1] + orgsim("show", "owned")[1]


def test_show_reports_idle_levers(orgsim):
    """With absent leaders their questions change nothing."""
    _, text, _ = orgsim("show", "absent")
    assert "Idle levers\n  from week 0: leaders_ask" in text


def test_show_says_where_nothing_differs(orgsim):
    """A named half of a pair may be today's organisation."""
    _, text, _ = orgsim("show", "siloed")
    assert "Nothing differs from baseline." in text


def test_show_in_dutch(orgsim):
    """Title, question and headings follow --language."""
    _, text, _ = orgsim("show", "owned", "--language", "nl")
    assert text.startswith("owned: Zelf beslissen\n")
    assert "Knoppen die verschillen van baseline" in text


def test_show_as_json_is_complete(orgsim):
    """One document with every number, source, stage and difference."""
    _, text, _ = orgsim("show", "transition", "--json")
    document = json.loads(text)
    assert len(document["stages"]) == len(read("transition").stages)
    assert set(document["stages"][0]["structure"]) == set(STRUCTURE)
    assert set(document["parameters"]) == set(PARAMETERS)
    assert document["against"] == "baseline"
    assert document["differences"][0]["name"] == "weeks"


def test_a_difference_is_told_once_and_its_end_too():
    """What is withdrawn later is listed as equal again."""
    rows = differences(read("withdrawn_push"), read("detail"))
    champion = [
        (row.week, row.other, row.value) for row in rows if row.name == "champion_hours"
    ]
    assert champion == [(0, 0, 12), (52, 0, 0)]


def test_a_scenario_does_not_differ_from_itself():
    """Also where it changes over time."""
    assert differences(read("transition"), read("transition")) == []


def test_parameters_and_head_counts_that_differ_are_told():
    """They hold from before the switch on."""
    base = load("baseline")
    changed = vary(base, parameters={"shock_share": 0.5}, organisation={"sales": 9})
    rows = differences(resolve(changed), resolve(base))
    assert [(row.table, row.name, row.other, row.value) for row in rows] == [
        ("organisation", "sales", 8, 9),
        ("parameters", "shock_share", 0.25, 0.5),
    ]


def test_check_says_ok(orgsim):
    """Files and shipped names alike."""
    assert orgsim("check", "owned", "baseline")[:2] == (
        0,
        "owned: ok\nbaseline: ok\n",
    )


def test_check_reports_all_mistakes_of_all_files(orgsim, tmp_path):
    """And ends with exit code 2."""
    (tmp_path / "a.toml").write_text("[run]\nweeks = 0\nwarm_up_weeks = -1\n")
    (tmp_path / "b.toml").write_text("title = \n")
    code, text, _ = orgsim("check", "a.toml", "owned", "b.toml")
    starts = [line.split(": ")[0] for line in text.splitlines()]
    assert code == 2
    assert starts == ["a.toml:2:1", "a.toml:3:1", "owned", "b.toml:1:9"]


def test_check_as_json_lists_mistakes_by_file(orgsim, tmp_path):
    """For editors and pipelines."""
    (tmp_path / "a.toml").write_text("[run]\nweeks = 0\n")
    code, text, _ = orgsim("check", "a.toml", "owned", "--json")
    document = json.loads(text)
    assert code == 2
    assert document["owned"] == [] and "run.weeks" in document["a.toml"][0]


def test_check_tells_what_is_noted_of_people(orgsim, tmp_path):
    """What a run would say of the files that a scenario names."""
    rows = "name,role,team,manager,hours\nAnn,ceo,,,80\nBob,hr,,Ann,80\n"
    (tmp_path / "people.csv").write_text(rows, encoding="utf-8")
    text = 'title = "x"\nbased_on = "baseline"\nas_is = "self"\n'
    text += '[organisation]\npeople = "people.csv"\n'
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    code, said, _ = orgsim("check", "own.toml")
    assert code == 0
    assert said.splitlines() == [
        "own.toml: ok",
        "  people with more than 60 hours a week: 2 (lines 2-3)",
        "  everybody has 80 hours a week: halve them if they are of two weeks",
    ]


def test_check_prints_the_schema(orgsim):
    """For editors that complete and check."""
    code, text, _ = orgsim("check", "--schema")
    assert code == 0
    assert json.loads(text)["properties"]["levers"] == {"$ref": "#/$defs/Levers"}


def test_check_wants_a_file(orgsim):
    """Without one there is nothing to check."""
    assert orgsim("check")[0] == 2


@pytest.mark.parametrize(
    "args", [("show", "ownd"), ("show", "owned", "--against", "x")]
)
def test_a_wrong_scenario_ends_with_2(orgsim, args):
    """The message goes to standard error and nothing to standard output."""
    code, text, errors = orgsim(*args)
    assert (code, text) == (2, "")
    assert "no scenario of this name ships" in errors


@pytest.mark.parametrize("base", ["baseline", "agency", "transition", "large_base"])
def test_a_new_scenario_resolves_to_its_base(orgsim, base):
    """All that it says beyond its base stands in comments."""
    code, text, _ = orgsim("new", "mine", "--based-on", base)
    assert code == 0 and "mine.toml" in text
    assert read("mine.toml").canonical() == read(base).canonical()


def test_comments_of_a_new_scenario_are_what_holds(orgsim, tmp_path):
    """Taking the # away from a lever changes nothing yet."""
    orgsim("new", "mine", "--based-on", "agency")
    file = tmp_path / "mine.toml"
    levers = [f"# {name} = " for name in lever_table()]
    lines = file.read_text().splitlines()
    assert all(any(line.startswith(x) for line in lines) for x in levers)
    file.write_text(
        "\n".join(x[2:] if x.startswith(tuple(levers)) else x for x in lines)
    )
    assert read("mine.toml").canonical() == read("agency").canonical()


def test_new_never_overwrites(orgsim, tmp_path):
    """What exists is left as it is, with exit code 2."""
    (tmp_path / "mine.toml").write_text("precious")
    code, _, errors = orgsim("new", "mine")
    assert code == 2 and "exists already" in errors
    assert (tmp_path / "mine.toml").read_text() == "precious"


def test_new_can_be_based_on_a_file_elsewhere(orgsim, tmp_path):
    """The base is named by its path from the new file's folder."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "base.toml").write_text('[levers]\nmandate = "decides"\n')
    code, _, _ = orgsim(
        "new", "mine", "--based-on", "base.toml", "--output", "inner/x.toml"
    )
    assert code == 0
    assert 'based_on = "../base.toml"' in (tmp_path / "inner" / "x.toml").read_text()
    assert read("inner/x.toml").stages[0].levers["mandate"] == "decides"


@pytest.mark.parametrize(
    "args",
    [
        ("a/b",),
        ("",),
        ("\x1b",),
        ("mine", "--based-on", "nowhere"),
        ("mine", "--output", "none/x.toml"),
        ("mine", "--output", "."),
    ],
)
def test_new_refuses_what_cannot_be_written(orgsim, tmp_path, args):
    """With exit code 2, and nothing is written."""
    code, _, errors = orgsim("new", *args)
    assert code == 2 and errors
    assert list(tmp_path.iterdir()) == []


def test_words_are_complete_in_both_languages():
    """Every heading has its Dutch."""
    assert WORDS["en"].keys() == WORDS["nl"].keys()


def test_importing_the_commands_is_light():
    """Neither pydantic nor rich nor numpy is needed to print help."""
    code = (
        "import sys, experiments.cli.scenarios\n"
        "print({'pydantic', 'rich', 'numpy', 'mesa'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "set()\n", done.stderr


@pytest.mark.parametrize("name", pages())
def test_committed_pages_are_what_the_tables_say(name):
    """After a change of a table run `python -m experiments.science.tables_page`."""
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name]


def test_pages_hold_every_lever_number_and_claim(tmp_path):
    """Nothing of the tables is left out, and every table row has all its cells."""
    texts = [path.read_text() for path in sorted(write(tmp_path))]
    claimed, levers, numbers = texts
    assert all(claim.says["en"] in claimed for claim in claims())
    for lever in lever_table().values():
        assert f"### {lever.name} ({lever.condition})" in levers
        assert all(f"`{setting}`" in levers for setting in lever.settings)
    for row in (*STRUCTURE.values(), *PARAMETERS.values()):
        assert f"| `{row.name}` | {row.value:g} |" in numbers
    rows = [line for line in numbers.splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {8}
