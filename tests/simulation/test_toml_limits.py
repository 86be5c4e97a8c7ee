"""What a TOML text may ask for: how deep, how much, how long, whoever reads it."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.app.loading import main_scenario
from experiments.errors import InputError
from experiments.fit.interview.answer_files import read_answers
from experiments.run.design_reading import MOST_VALUES
from experiments.run.study_files import MOST_SCENARIOS, is_study_file, read_study
from experiments.run.table_reading import StudyError
from simulation.scenario import ScenarioError, read
from simulation.scenario_errors import MOST_SHOWN
from simulation.toml_positions import (
    DEEPEST,
    LARGEST_TEXT,
    MOST_PARTS,
    TooMuch,
    parse_toml,
    positions,
)


def dotted(parts):
    """Return a key of so many parts."""
    return ".".join("a" * parts)


DEEP = {
    "key": lambda n: f"{dotted(n)} = 1",
    "quoted": lambda n: ".".join(["'a.b'"] * n) + " = 1",
    "table": lambda n: f"[{dotted(n)}]",
    "array of tables": lambda n: f"[[{dotted(n - 1)}]]\n[[{dotted(n)}]]",
    "key in a table": lambda n: f"[{dotted(n - 2)}]\nb.c = 1",
    "arrays": lambda n: "a = " + "[" * (n - 1) + "1" + "]" * (n - 1),
    "inline tables": lambda n: "a = " + "{a = " * (n - 1) + "1" + "}" * (n - 1),
    "both": lambda n: f"{dotted(n - 2)} = [{{a = 1}}]",
}
LONG = {
    "keys": lambda n: "".join(f"k{i} = 1\n" for i in range(n)),
    "parts": lambda n: (
        "".join(f"k{i}.a.b.c = 1\n" for i in range(n // 4)) + "x=1" * (n % 4)
    ),
    "tables": lambda n: "".join(f"[k{i}]\n" for i in range(n)),
    "arrays of tables": lambda n: "[[a]]\n" * n,
    "elements": lambda n: "a = [" + "1," * (n - 1) + "]",
    "inline": lambda n: "a = {" + ", ".join(f"k{i} = 1" for i in range(n - 1)) + "}",
}


@pytest.mark.parametrize("kind", DEEP)
def test_keys_may_lie_so_deep_and_no_deeper(kind):
    """However depth is made: by dots, tables, arrays, or some of each."""
    data, places = parse_toml(DEEP[kind](DEEPEST))
    assert data and max(map(len, places)) >= DEEPEST
    with pytest.raises(TooMuch, match=f"too deeply.*{DEEPEST} parts.*line"):
        parse_toml(DEEP[kind](DEEPEST + 1))


@pytest.mark.parametrize("kind", LONG)
def test_a_text_may_hold_so_much_and_no_more(kind):
    """Keys, tables and elements of arrays count together."""
    assert parse_toml(LONG[kind](MOST_PARTS))[0]
    with pytest.raises(TooMuch, match="at most 20,000 keys, tables and elements"):
        parse_toml(LONG[kind](MOST_PARTS + 1))


def test_a_text_may_be_so_long_and_no_longer():
    """What is longer is not looked at, however little it says."""
    assert parse_toml("a = 1" + " " * (LARGEST_TEXT - 5))[0] == {"a": 1}
    with pytest.raises(TooMuch, match="is too long; allowed at most 1,000,000"):
        parse_toml("a = 1" + " " * (LARGEST_TEXT - 4))


HOSTILE = {
    "one deep key": dotted(400_000) + " = 1",
    "thousands of deep keys": "".join(f"k{i}.{dotted(400)} = 1\n" for i in range(1200)),
    "a deep table of keys": f"[{dotted(400)}]\n" + LONG["keys"](80_000),
    "deep arrays": "a = " + "[" * 900_000,
    "a long array": LONG["elements"](400_000),
}


def read_by_the_page(path):
    """Load a file as the page does, in a folder beside it."""
    folder = path.parent / "page"
    folder.mkdir()
    main_scenario({path.name: path.read_text()}, folder)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("reader", [read, read_study, read_answers, read_by_the_page])
def test_no_reader_parses_what_asks_for_too_much(tmp_path, monkeypatch, reader, text):
    """It is refused with its line before tomllib takes time and memory for it."""
    file = tmp_path / "bad.toml"
    file.write_text(text)
    parsed, loads = [], tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda x: parsed.append(x) or loads(x))
    with pytest.raises((ScenarioError, InputError), match="allowed at most") as caught:
        reader(file)
    assert re.search(r"at line \d+|:\d+:\d+: (is|holds) ", str(caught.value))
    assert is_study_file(file)
    assert text not in parsed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"scenarios = {['owned'] * (MOST_SCENARIOS + 1)}", "at most 2,000"),
        (f"[design.structure]\ntesting_hours = {[1] * (MOST_VALUES + 1)}", "1,000"),
        (f"outcomes = {['x'] * (3 * MOST_SHOWN)}", "... and 201 more"),
        (LONG["keys"](3 * MOST_SHOWN), "... and 201 more"),
    ],
)
def test_studies_ask_for_so_much_and_no_more(tmp_path, text, said):
    """Also what is no mistake of TOML; only the first mistakes are listed."""
    file = tmp_path / "study.toml"
    file.write_text(text)
    with pytest.raises(StudyError) as caught:
        read_study(file)
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) <= MOST_SHOWN + 1


def test_a_scenario_named_twice_is_not_read_again(tmp_path, monkeypatch):
    """A mistake costs as little as it is long."""
    read_names = []
    monkeypatch.setattr(
        "experiments.run.study_files.read", lambda x: read_names.append(x) or read(x)
    )
    file = tmp_path / "study.toml"
    file.write_text(f"scenarios = {['owned'] * 50}")
    with pytest.raises(StudyError, match="named twice"):
        read_study(file)
    assert read_names == ["owned"]


PIECES = ["a", "b.c", '"d"', "'e f'", '"""', "'''", "=", " = ", "1", "2.5", "true", "."]
PIECES += [
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    "\n",
    "\r\n",
    "# x",
    "\\",
    '"',
    "'",
    " ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_places_of_any_text_are_looked_for_to_an_end(text):
    """What tomllib takes has a place for each key; what it refuses stops the scan."""
    places = positions(text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert set(paths_in(data)) == set(places)


ATOMS = ["1", "1.5", '"x"', "'y # z'", '"""a\n"" b"""', "'''c'\n''d'''"]


def array_of(values):
    """Return an array of values, as TOML writes it."""
    return f"[{', '.join(values)}]"


def table_of(values):
    """Return an inline table of values, as TOML writes it."""
    pairs = [f"k{i}.l = {value}" for i, value in enumerate(values)]
    return "{" + ", ".join(pairs) + "}"


def nest(inner):
    """Return what makes arrays and tables of values."""
    values = st.lists(inner, max_size=4)
    return values.map(array_of) | values.map(table_of)


@given(st.recursive(st.sampled_from(ATOMS), nest, max_leaves=12))
def test_places_of_any_value_are_found(value):
    """Arrays and inline tables within one another, strings over several lines."""
    text = f"a = {value}\n[[b]]\nc = {value}\n[[b]]\n[b.d]\n'e' = {value}\n"
    data, places = parse_toml(text)
    assert set(paths_in(data)) == set(places)


def paths_in(value, path=()):
    """Return the path of every key and element in parsed TOML."""
    if not isinstance(value, dict | list):
        return []
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    return [p for key, x in inner for p in [(*path, key), *paths_in(x, (*path, key))]]
