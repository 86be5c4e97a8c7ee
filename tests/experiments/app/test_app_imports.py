"""Exports that a page sends are read as by `orgsim import`, and nothing else."""

import json
import re
import tomllib

import pytest

from experiments.app import exports
from experiments.cli.command_line import call

PEOPLE = """naam,functie,team,leidinggevende,uren,kantoor
Ann Adams,CMO,Lead,,36,A
Bo Bakker,SEO specialist,Web,Ann Adams,32,A
Cas Cohen,Tovenaar,Web,Ann Adams,24,B
Dee Dijk,Verkoper,Sales,Ann Adams,36,B
Eva Evers,Tovenaar,Sales,Ann Adams,36,B
"""
OPEN = PEOPLE.replace("naam,functie", "wie,wat").replace("Tovenaar,Web", "Xyzzy,Qqq")
"""An export in which two columns and a title cannot be guessed."""
CHOSEN = {"name": "wie", "title": "wat", "Xyzzy": "product"}
GRAPH = """a,b,layer,hours
Ann Adams,Bo Bakker,talk,3
Bo Bakker,Cas Cohen,talk,2
Dee Dijk,Eva Evers,lunch,1
"""
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


def asked(client, **data):
    """Return what is understood of what is sent."""
    found = client.post("/api/import", json=data)
    assert found.status_code == 200, found.text
    return found.json()


def answered(client, people, network, mapping=""):
    """Answer all open points; return what was understood, and what was asked."""
    seen, found = [], asked(client, people=people, network=network, mapping=mapping)
    while found["points"]:
        seen += [tuple(point["key"]) for point in found["points"]]
        answers = [
            {"key": x["key"], "answer": CHOSEN[x["key"][-1]]} for x in found["points"]
        ]
        files = {"people": people, "network": network}
        found = asked(client, **files, mapping=found["mapping"], answers=answers)
    return found, seen


def test_an_import_is_that_of_the_command_line(client, sent, tmp_path, capsys):
    """The same files, byte for byte, with the mapping that the page kept."""
    people, network = sent("p.csv", OPEN), sent("g.csv", GRAPH)
    found, seen = answered(client, people, network)
    assert len(seen) == len(set(seen)) == len(CHOSEN), "nothing is asked twice"
    sources = {"p.csv": OPEN, "g.csv": GRAPH, "mapping.toml": found["mapping"]}
    for name, text in sources.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = [str(tmp_path / name) for name in sources]
    out = tmp_path / "out"
    rest = ["--network", names[1], "--mapping", names[2], "--output", str(out)]
    assert call(["import", names[0], *rest]) == 0
    capsys.readouterr()
    data = {"people": people, "network": network, "mapping": found["mapping"]}
    organisation = asked(client, **data, use=True)["organisation"]
    for name, text in organisation["files"].items():
        assert text == (out / name).read_text(encoding="utf-8"), name
    assert organisation["people"] == 5


def test_columns_are_shown_and_chosen(client, sent):
    """As they were guessed, with labels; a choice is one of the mapping."""
    people, network = sent("p.csv", OPEN), sent("g.csv", GRAPH)
    head = {"accept-language": "nl"}
    files = {"people": people, "network": network}
    found = client.post("/api/import/columns", json=files, headers=head).json()
    assert found["people"]["heads"][:2] == ["wie", "wat"]
    fields = {x["field"]: x for x in found["people"]["fields"]}
    assert fields["hours"] == {
        "field": "hours",
        "label": "uren per week",
        "head": "uren",
    }
    assert fields["name"]["head"] == "" and found["network"]["fields"][0]["head"] == "a"
    chosen = {"people": {"name": "wie", "title": "wat", "team": ""}, "network": 5}
    files["columns"] = chosen
    found = client.post("/api/import/columns", json=files).json()
    fields = {x["field"]: x["head"] for x in found["people"]["fields"]}
    assert (fields["name"], fields["title"], fields["team"]) == ("wie", "wat", "")
    answer = asked(client, **files)
    assert {x["key"][0] for x in answer["points"]} == {"titles"}
    columns = tomllib.loads(answer["mapping"])["columns"]
    assert columns == {"name": "wie", "title": "wat", "team": "none"}


def test_heads_that_are_names_of_people_are_not_shown(client, sent):
    """Those of a matrix of who with whom."""
    matrix = sent("m.csv", "x,Ann Adams,Bo Bakker\nAnn Adams,0,1\nBo Bakker,1,0\n")
    found = client.post("/api/import/columns", json={"network": matrix}).json()
    assert found == {"people": None, "network": None}


def test_a_column_that_is_not_there_is_told(refusal, sent):
    """With what there is."""
    data = {"people": sent("p.csv", OPEN), "columns": {"people": {"name": "wieh"}}}
    assert "no column 'wieh' for name" in refusal("import", data)


def test_a_mapping_that_was_kept_asks_nothing_again(client, sent):
    """Its answers hold for the next export of the same system."""
    people = sent("p.csv", OPEN)
    found, seen = answered(client, people, None)
    _, again = answered(client, people, None, found["mapping"])
    assert seen and not again
    assert tomllib.loads(found["mapping"])


def test_no_name_of_a_person_comes_back(client, sent):
    """In what is understood, in files of the organisation and in documents of it."""
    people, network = sent("p.csv", PEOPLE), sent("g.csv", GRAPH)
    found, _ = answered(client, people, network)
    data = {"people": people, "network": network, "mapping": found["mapping"]}
    files = asked(client, **data, use=True)["organisation"]["files"]
    document = {"files": files, "worlds": 2, "seed": 1}
    texts = [json.dumps(found), json.dumps(files)]
    for name in ("page.html", "people.html"):
        made = client.post(f"/api/documents/{name}", json=document)
        assert made.status_code == 200
        texts.append(made.text)
    for text in texts:
        for name in ("Ann", "Adams", "Bakker", "Cohen", "Dijk", "Evers"):
            assert not re.search(rf"\b{name}\b", text)


def test_nothing_is_made_while_points_are_open(client, sent):
    """Also where the organisation is asked for."""
    people = sent("p.csv", OPEN)
    assert "organisation" not in asked(client, people=people, use=True)


def test_answers_that_belong_to_nothing_are_left_out(client, sent):
    """Points that do not exist, keys and answers of other kinds."""
    people = sent("p.csv", PEOPLE)
    before = asked(client, people=people)
    answers = [1, {}, {"key": 1, "answer": "x"}, {"key": ["x"], "answer": "y"}]
    answers += [{"key": ["titles", {}], "answer": "y"}, {"key": [], "answer": 3}]
    for given in (answers, 5, "x", {"key": []}):
        assert asked(client, people=people, answers=given) == before


def test_a_wrong_answer_is_told_with_what_is_allowed(refusal, sent):
    """In the language of the page, with its question."""
    people = sent("p.csv", OPEN)
    given = [{"key": ["columns", "name"], "answer": "nothing"}]
    text = refusal("import", {"people": people, "answers": given}, "nl")
    assert "In welke kolom" in text and "'nothing': wie, wat, team" in text


@pytest.mark.parametrize(
    ("kind", "name", "content", "said"),
    [
        ("people", "x.exe", "PK", "x.exe: unknown kind of file"),
        ("people", "", "a,b", "unknown kind of file"),
        ("people", "x" * 300 + ".csv", PEOPLE, "unknown kind of file"),
        ("people", "../../x.sh", "rm", "x.sh: unknown kind of file"),
        ("people", "C:\\me\\x.csv", "", "x.csv: is empty"),
        ("people", "x.csv", b"PK\3\4\0\0", "is binary"),
        ("people", "x.csv", b"\xff\xfe", "not UTF-8"),
        ("people", "x.csv", "naam,functie\n,\n", "no people below"),
        ("people", "x.csv", "a," * 2000 + "\nb", "too large a table"),
        ("people", "x.xlsx", "PK", "is no workbook"),
        ("network", "x.zip", b"PK\3\4", "unknown kind of file"),
        ("network", "x.graphml", BOMB + "<a>&b;</a>", "refused for safety"),
        ("network", "x.gexf", BOMB + "<a>&b;</a>", "refused for safety"),
        ("network", "x.graphml", "<graphml", "is not XML"),
        ("network", "x.net", "*Vertices 999999999\n", "too many people"),
    ],
)
def test_hostile_files_are_refused_with_the_reason(
    refusal, sent, kind, name, content, said
):
    """Wrong kinds, bombs, entities, absurd sizes; told once, also in Dutch."""
    data = {kind: sent(name, content)}
    if kind == "network":
        data["people"] = sent("p.csv", PEOPLE)
    assert said in refusal("import", data)
    dutch = refusal("import", data, "nl").splitlines()
    assert len(dutch) == len(set(dutch))


@pytest.mark.parametrize(
    "people",
    [
        *(None, 5, "x", [], {}, {"name": 1, "content": ""}, {"name": "a.csv"}),
        *({"name": "a.csv", "content": x} for x in (5, None, "!!", "YQ", "é")),
    ],
)
def test_what_is_no_file_is_refused(refusal, people):
    """Other kinds of values, and content that is not in letters."""
    text = refusal("import", {"people": people})
    assert text == "Choose a table of people, a graph, or both."


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (5, "Choose a table"),
        ("x", "mapping.toml:1:"),
        ("\0", "is binary"),
        ("a = [[", "mapping.toml:1:"),
        (".".join("a" * 20_000) + " = 1", "too deeply"),
        ("x" * 2_000_000, "larger than 1 MB"),
        ('[columns]\nname = "nothing"', "nothing"),
        ('[titles]\nTovenaar = "nothing"', "mapping.toml:2: titles.Tovenaar"),
        ('[nonsense]\nx = "y"', "mapping.toml:1"),
    ],
)
def test_hostile_mappings_are_refused_with_the_reason(refusal, sent, mapping, said):
    """Other kinds, no TOML, endless keys, columns and work that there are not."""
    assert said in refusal(
        "import", {"people": sent("p.csv", PEOPLE), "mapping": mapping}
    )


def test_an_export_of_too_many_people_is_told(refusal, sent):
    """After it was read; the command line takes more."""
    head, *rows = PEOPLE.splitlines()[:2]
    rows += [f"P{k},Verkoper,Sales,Ann Adams,36,A" for k in range(2_000)]
    data = {"people": sent("p.csv", "\n".join([head, *rows])), "use": True}
    assert "2,001 people; at most 2,000" in refusal("import", data)


def test_files_are_refused_by_their_size(refusal, sent, monkeypatch):
    """As they are once they are no longer letters."""
    monkeypatch.setattr(exports, "MOST_FILE", 100)
    assert "at most 100" in refusal("import", {"people": sent("p.csv", PEOPLE)})
