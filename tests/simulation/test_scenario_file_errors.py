"""Mistakes in scenario files: no TOML, no file, a wrong base; and places in a file."""

import os
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import scenario_places
from simulation.scenario import ScenarioError, load
from simulation.toml_positions import positions


@pytest.mark.parametrize("text", ["", "\n\n", "# only this\n"])
def test_an_empty_file_says_what_is_needed(problems, text):
    """The least that a scenario holds is told."""
    (line,) = problems(text)
    assert line.startswith("bad.toml:1:1: holds nothing; it needs at least a title")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("title = nope\n", "bad.toml:1:9: no valid value"),
        ('title = "a"\ntitle = "b"\n', "bad.toml:2:12: this key is given twice"),
        ("[run]\n[run]\n", "bad.toml:2:5: this table is opened twice"),
        ("[run\n", "bad.toml:1:5: "),
        ("title\n", "bad.toml:1:6: expected ="),
        ('title = "a\n', "bad.toml:1:11: "),
        ("a = 1\nb = [1,\n", "bad.toml:"),
        ("x = " + "9" * 5000, "bad.toml:1:5: is no valid TOML"),
        ("x = " + "[" * 5000 + "]" * 5000, "bad.toml:1:25: is nested too deeply"),
        ("\n" + ".".join("a" * 20_000) + " = 1", "bad.toml:2:1: is nested too deeply"),
    ],
)
def test_text_that_is_no_toml_is_refused_with_its_place(problems, text, place):
    """Syntax errors and duplicated keys tell line and column."""
    (line,) = problems(text)
    assert line.startswith(place)


def test_text_in_another_encoding_is_refused_with_its_place(problems):
    """The first byte that is not UTF-8 is named."""
    (line,) = problems(b'title = "x"\nquestion = "caf\xe9"\n')
    assert line.startswith("bad.toml:2:16: is not in UTF-8 (got byte 0xe9)")


@pytest.mark.parametrize("data", [b"\x00\x01\x02", "a = 1".encode("utf-16")])
def test_binary_files_are_refused(problems, data):
    """Also text in UTF-16, which is full of zeros."""
    (line,) = problems(data)
    assert line == "bad.toml: is binary; allowed text in UTF-8"


def test_files_over_a_megabyte_are_refused(problems):
    """Such a file is no scenario."""
    (line,) = problems(b"# " + b"x" * 1_000_000)
    assert "is larger than 1 MB" in line


def test_a_missing_file_names_the_nearest_shipped_scenario():
    """A mistyped name is the likeliest reason."""
    with pytest.raises(ScenarioError, match="did you mean the shipped scenario owned"):
        load("ownd.toml")
    with pytest.raises(ScenarioError, match=r"ships \(got \"ownd\"\).* mean owned\?"):
        load("ownd")


def test_a_bare_name_of_a_file_nearby_is_explained(tmp_path, monkeypatch):
    """Bare names are those that ship; a file is named with its suffix."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text('title = "x"\n')
    with pytest.raises(ScenarioError, match=r'did you mean the file "mine.toml"\?'):
        load("mine")


@pytest.mark.parametrize("name", ["./", "a\0.toml", "x/" * 3000, "", "/dev/null"])
def test_what_is_no_file_is_refused(name):
    """Directories, devices, impossible and empty names."""
    with pytest.raises(ScenarioError):
        load(name)


def test_pipes_are_refused_unread(tmp_path):
    """Opening one would wait forever."""
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ScenarioError, match="is no regular file"):
        load(tmp_path / "pipe.toml")


def test_a_circle_is_named(problems, tmp_path):
    """The message tells which files are based on one another."""
    (tmp_path / "b.toml").write_text('based_on = "c.toml"\n')
    (tmp_path / "c.toml").write_text('\nbased_on = "b.toml"\n')
    (line,) = problems('based_on = "b.toml"\n', "a.toml")
    assert line.startswith("c.toml:2:1: based_on: goes round in a circle: ")
    assert "b.toml -> c.toml -> b.toml" in line


def test_a_file_based_on_itself_is_a_circle(problems):
    """The shortest circle there is."""
    (line,) = problems('based_on = "bad.toml"\n')
    assert "bad.toml -> bad.toml" in line


@pytest.mark.parametrize(("links", "allowed"), [(50, True), (51, False)])
def test_chains_are_at_most_50_files_long(tmp_path, links, allowed):
    """A longer one is a mistake, not a way of working."""
    (tmp_path / "s1.toml").write_text('title = "root"\n')
    for i in range(2, links + 1):
        (tmp_path / f"s{i}.toml").write_text(f'based_on = "s{i - 1}.toml"\n')
    if allowed:
        assert len(load(tmp_path / f"s{links}.toml").chain) == 50
    else:
        with pytest.raises(ScenarioError, match="more than 50 files in a row"):
            load(tmp_path / f"s{links}.toml")


def test_a_base_that_is_missing_is_reported_where_it_is_named(problems):
    """And the other mistakes of the file still come with it."""
    lines = problems('based_on = "baselin"\n[run]\nweeks = 0\n')
    assert any(x.startswith("bad.toml:1:1: based_on: no scenario") for x in lines)
    assert any("did you mean baseline?" in x for x in lines)
    assert any("run.weeks" in x for x in lines)


def test_nothing_in_a_file_is_executed(problems, tmp_path):
    """Text stays text."""
    problems("title = \"__import__('os').mkdir('made')\"\n[levers]\nx = \"{0}\"\n")
    assert not (tmp_path / "made").exists()


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_give_a_scenario_or_its_mistakes(tmp_path_factory, data):
    """A file can hold anything at all."""
    file = tmp_path_factory.mktemp("any") / "any.toml"
    file.write_bytes(data)
    try:
        load(file)
    except ScenarioError as error:
        assert "any.toml" in str(error)


POSITIONS = '''\
title = { en = "a = [1]", nl = """
[levers]
""" }
"quo.ted" . x = 1
[ organisation ] # [not.this]
sales = 3
[[changes]]
week = 1
levers = { mandate = "decides", "testing" = \'room\' }
[[changes]]
week = 2
[changes.structure]
team_hours = 2.5
[effort]
mandate.euros = 3
numbers = [
    1,  # one ]
    { two = 2 },
]
'''


def test_every_key_of_a_file_has_its_place():
    """Tables, arrays of tables, dotted, quoted and inline keys, strings over lines."""
    places = positions(POSITIONS)
    assert places["title", "nl"] == (1, 27)
    assert places["quo.ted", "x"] == (4, 1)
    assert places["organisation",] == (5, 3)
    assert places["organisation", "sales"] == (6, 1)
    assert places["changes", 0, "levers", "testing"] == (9, 33)
    assert places["changes", 1] == (10, 3)
    assert places["changes", 1, "structure", "team_hours"] == (13, 1)
    assert places["effort", "mandate", "euros"] == (15, 1)
    assert places["effort", "numbers", 1, "two"] == (18, 7)


def paths_in(value, path=()):
    """Return every key path in nested data."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [path] if path else []
    for key, part in inner:
        deep = isinstance(part, (dict, list))
        found += paths_in(part, (*path, key)) if deep else [(*path, key)]
    return found


@pytest.mark.parametrize(
    "text",
    [
        POSITIONS,
        *(p.read_text() for p in sorted(scenario_places.SHIPPED.glob("*.toml"))),
    ],
)
def test_places_are_known_for_all_that_tomllib_reads(text):
    """No key is without a line, and no line is for a key that is not there."""
    assert set(paths_in(tomllib.loads(text))) == set(positions(text))
