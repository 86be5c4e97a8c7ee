"""`orgsim import`: open points, the mapping file, and what is written."""

import shutil
import tomllib
from datetime import date

import pytest
from machine import ROOT

from experiments.cli.command_line import call
from experiments.imports.asking import ask
from experiments.imports.mapping_files import mapping_text, read_mapping
from experiments.imports.mapping_rules import PeopleRules
from experiments.imports.translating import read_import
from experiments.imports.words import ImportProblem
from simulation.scenario import read

GUIDES = ROOT / "docs" / "guides"
ODD = (
    "Wie;Rang;Afdeling;Baas;Uren\nAnn;Directeur;Directie;;40\n"
    "Bo;Tovenaar;Zwaluw;Ann;32\nCas;Duivelskunstenaar;;Ann;32\n"
    "Dee;Marketeer;Zwaluw;Xantippe;32\n"
)
"""An export of which little can be guessed."""


@pytest.fixture
def odd(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_text(ODD, encoding="utf-8")
    return path


def test_the_example_becomes_a_scenario_that_runs(tmp_path, capsys):
    """Mails ask of what and over how many weeks; the mapping answers."""
    for name in ("people", "mails"):
        file = f"example_{name}.csv"
        shutil.copy(GUIDES / file, tmp_path / file)
    people, mails = (str(tmp_path / f"example_{x}.csv") for x in ("people", "mails"))
    out = tmp_path / "out"
    asked = ["import", people, "--network", mails, "--output", str(out)]
    assert call([*asked, "--language", "nl"]) == 2
    told = capsys.readouterr().err
    assert "Over hoeveel weken gaan de aantallen (rijen: 345)?" in told
    assert "Open punten: 2" in told and not out.exists()
    shutil.copy(GUIDES / "example_mapping.toml", tmp_path / "mapping.toml")
    mapped = [*asked, "--mapping", str(tmp_path / "mapping.toml")]
    assert call(mapped) == 0
    assert "Brokers: half of all shortest paths" in capsys.readouterr().out
    scenario = read(out / "organisation.toml")
    assert scenario.people_file == out / "people.csv"
    assert scenario.network_file == out / "network.csv"
    written = "".join(x.read_text("latin-1") for x in out.glob("*.[cth][sox][vmt]*"))
    assert "Bakker" not in written and "Joost" not in written
    assert call([*mapped, "--names"]) == 0
    assert "Joost Vermeulen" in (out / "network-people.csv").read_text("utf-8")
    again = (tmp_path / "mapping.toml").read_text("utf-8")
    assert again == (GUIDES / "example_mapping.toml").read_text("utf-8")


def test_open_points_stand_in_the_mapping_with_suggestions(odd, capsys):
    """First the columns, then all else; the file is read again as it was written."""
    place = odd.with_name("odd-mapping.toml")
    assert call(["import", str(odd)]) == 2
    assert "Which column has the name of people?" in capsys.readouterr().err
    text = place.read_text("utf-8").replace('name = "?"', 'name = "Wie"')
    place.write_text(text.replace('title = "?"', 'title = "Rang"'), "utf-8")
    assert call(["import", str(odd)]) == 2
    told = capsys.readouterr().err
    assert "“Duivelskunstenaar” do? People: 1 (line 4)." in told
    assert "“Zwaluw”? People whose titles do not tell: 1 (line 3)." in told
    assert "manager 'Xantippe' is not in the export" in told
    assert "manager is not in the export: 1 (line 5). With “nobody”" in told
    assert "Xantippe" not in place.read_text("utf-8")
    values = tomllib.loads(place.read_text("utf-8"))
    assert values["departments"]["Zwaluw"] == values["unknown_managers"] == "?"
    assert values["columns"] == {"name": "Wie", "title": "Rang"}


def test_questions_are_answered_by_number_word_or_enter(odd, capsys):
    """And asked again after a wrong answer; what is left at the end stays open."""
    day = date(2026, 3, 1)
    found = read_import(odd, today=day)
    typed = iter(["9\n", "Wie\n", "2\n"])
    kept = []
    mapping = ask(found.mapping, found.points, lambda: next(typed), kept.append, "nl")
    assert "Niet begrepen: '9'" in capsys.readouterr().out and kept[-1] == mapping
    assert mapping.get("columns", "name") == "Wie"
    assert mapping.get("columns", "title") == "Rang"
    mapping = mapping.with_value(("columns", "manager"), "Baas")
    found = read_import(odd, mapping=mapping, today=day)
    answers = {"departments": "10\n", "titles": "customer success\n"}
    typed = iter([answers.get(x.key[0], "\n") for x in found.points])
    mapping = ask(found.mapping, found.points, lambda: next(typed), kept.append, "en")
    found = read_import(odd, mapping=mapping, today=day)
    assert found.points == ()
    assert {x.name: x.department for x in found.people} == {
        "Ann": "management",
        "Cas": "customer_success",
    }
    assert found.staff.left_out == {"not_read": (3, 5)}


def test_a_mapping_reads_back_as_it_was_written(odd, tmp_path):
    """Also with titles that only quotes can hold."""
    found = read_import(odd)
    mapping = found.mapping.with_value(("titles", 'A "b" #'), "customer_success")
    place = tmp_path / "m.toml"
    place.write_text(mapping_text(mapping, found.points, {}, "nl"), "utf-8")
    assert read_mapping(place, "en", PeopleRules()).values == mapping.values


@pytest.mark.parametrize("language", ["en", "nl"])
def test_mistakes_in_a_mapping_are_told_at_once(language, tmp_path):
    """With line, what was received, what is allowed and the nearest."""
    place = tmp_path / "m.toml"
    place.write_text(
        'colums = 1\nfull_time_hours = 400\n[columns]\nnaam = "Naam"\n'
        '[titles]\nTovenaar = "marketin"\n[contacts]\nkind = "mails"\n',
        "utf-8",
    )
    with pytest.raises(ImportProblem) as caught:
        read_mapping(place, language, PeopleRules())
    lines = str(caught.value).splitlines()
    assert [line.split(":")[1] for line in lines] == list("12468")
    assert "'columns'" in lines[0] and "'marketing'" in lines[3]
    place.write_text("a = ", "utf-8")
    with pytest.raises(ImportProblem, match="TOML"):
        read_mapping(place, language, PeopleRules())


def test_columns_that_a_mapping_names_must_be_there(odd, tmp_path, capsys):
    """The nearest head is told."""
    place = tmp_path / "m.toml"
    place.write_text('[columns]\nname = "Wi"\ntitle = "Rank"\n', "utf-8")
    assert call(["import", str(odd), "--mapping", str(place)]) == 2
    told = capsys.readouterr().err
    assert "no column 'Wi' for name" in told and "nearest 'Rang'" in told


def test_a_command_without_files_says_what_it_takes(capsys):
    """In either language."""
    assert call(["import", "--language", "nl"]) == 2
    assert "geef een tabel van mensen, een netwerk" in capsys.readouterr().err
