"""Mistakes in scenarios: all of them at once, each with its place and a way out."""

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import tables
from simulation.scenario import ScenarioError, resolve, scenario_from
from simulation.scenario_errors import choices, key_text, shown


def problems_of(data):
    """Return the lines of the error that a dictionary gives."""
    with pytest.raises(ScenarioError) as caught:
        scenario_from(data, "it")
    return str(caught.value).splitlines()


def test_a_line_tells_place_key_value_and_the_nearest_name(problems):
    """One line per mistake, as compilers write it."""
    (line,) = problems('title = "x"\n\n[organisation]\nspam_of_control = 5\n')
    assert line.startswith("bad.toml:4:1: organisation.spam_of_control: unknown key")
    assert "(got 5)" in line
    assert line.endswith("did you mean span_of_control?")


def test_all_mistakes_of_a_file_and_its_base_come_at_once(problems, tmp_path):
    """Nobody has to repair a file mistake by mistake."""
    (tmp_path / "base.toml").write_text('[levers]\nmandat = "decides"\n')
    lines = problems(
        'based_on = "base.toml"\nas_is = "nowhere"\n[levers]\nmandate = "decide"\n'
        "[structure]\ntesting_hours = 99\n[run]\nweeks = 10\n"
        '[[changes]]\nweek = 10\n[organisation]\npeople = "people.csv"\n'
    )
    starts = [line.split(": ")[:2] for line in lines]
    assert starts == [
        ["bad.toml:4:1", "levers.mandate"],
        ["bad.toml:6:1", "structure.testing_hours"],
        ["base.toml:2:1", "levers.mandat"],
        ["bad.toml:2:1", "as_is"],
        ["bad.toml:12:1", "organisation.people"],
        ["bad.toml:10:1", "changes[0].week"],
    ]


def test_an_unknown_setting_names_the_settings(problems):
    """What is allowed stands in the message, with the nearest one."""
    (line,) = problems('[levers]\nsteering = "detials"\n')
    assert 'allowed "direction", "detail" or "absent"; did you mean "detail"?' in line


def test_a_key_in_the_wrong_table_is_sent_to_the_right_one(problems):
    """A lever at the top of a file belongs under [levers]."""
    lines = problems('mandate = "decides"\n[levers]\ntesting_hours = 3\n')
    assert any("did you mean levers.mandate?" in line for line in lines)
    assert any("did you mean structure.testing_hours?" in line for line in lines)


@pytest.mark.parametrize(
    ("value", "wrong", "got"),
    [
        ("true", "must be a number", "true"),
        ('"3"', "must be a number", '"3"'),
        ("nan", "must be a finite number", "nan"),
        ("inf", "must be a finite number", "inf"),
        ("-inf", "must be a finite number", "-inf"),
        ("-1", "too low", "-1"),
        ("17", "too high", "17"),
        ("2020-01-01", "must be a number", "2020-01-01"),
        ("[1]", "must be a number", "an array of 1"),
        ("{ a = 1 }", "must be a number", "a table"),
        ("1" + "0" * 400, "", "a whole number of about 400 digits"),
        ("0x" + "f" * 9000, "", "digits"),
    ],
)
def test_only_finite_numbers_in_range_pass_as_numbers(problems, value, wrong, got):
    """Text, truth values, dates and numbers without end or out of range do not."""
    (line,) = problems(f"[structure]\ntesting_hours = {value}\n")
    assert wrong in line and got in line
    assert line.startswith("bad.toml:2:1: structure.testing_hours: ")
    assert line.endswith("allowed 0 to 16")


def test_negative_hours_and_a_share_above_one_are_refused():
    """Ranges are those of the published tables."""
    numbers = {"team_hours": -2, "items_reviewed": 1.5}
    low, high = problems_of({"structure": numbers})
    order = [low, high] if "team_hours" in low else [high, low]
    assert order[0] == "it: structure.team_hours: too low (got -2); allowed 0 to 12"
    assert (
        order[1] == "it: structure.items_reviewed: too high (got 1.5); allowed 0 to 1"
    )


def test_a_switch_is_0_or_1():
    """A department cannot be half one."""
    (line,) = problems_of({"structure": {"one_department": 0.5}})
    assert "must be 0 or 1 (got 0.5)" in line


@pytest.mark.parametrize("value", [True, 3.0, "3", 10**30])
def test_head_counts_are_whole_numbers(value):
    """Nothing is rounded or read as something else."""
    (line,) = problems_of({"organisation": {"sales": value}})
    assert line.startswith("it: organisation.sales: ")
    assert line.endswith("allowed 0 to 5000")


def test_nobody_is_no_organisation():
    """Head counts that add up to fewer than three people are refused."""
    heads = "marketeers communicators sales product finance hr customer_success"
    counts = dict.fromkeys([*heads.split(), "externals"], 0)
    (line,) = problems_of({"organisation": counts})
    assert "organisation: too few people (got 0); allowed at least 3" in line
    assert scenario_from({"organisation": {**counts, "sales": 3}})


def test_people_are_counted_once(problems, tmp_path):
    """Head counts and a people table exclude one another."""
    (tmp_path / "people.csv").write_text("name\n")
    (line,) = problems('[organisation]\npeople = "people.csv"\nsales = 3\n')
    assert line.startswith("bad.toml:3:1: organisation: counts people whom")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("none.csv", "there is no such file"), ("folder", "is a directory")],
)
def test_files_that_a_scenario_names_must_be_there(problems, tmp_path, name, wrong):
    """People tables and graphs are regular files."""
    (tmp_path / "folder").mkdir()
    (line,) = problems(f'[organisation]\nnetwork = "{name}"\n')
    assert f"organisation.network: {wrong}" in line


def test_files_that_a_scenario_names_may_not_be_huge(problems, tmp_path):
    """Over 50 MB is refused before anything is read."""
    with (tmp_path / "people.csv").open("wb") as file:
        file.truncate(50_000_001)
    (line,) = problems('[organisation]\npeople = "people.csv"\n')
    assert "organisation.people: is larger than 50 MB" in line


@pytest.mark.parametrize("week", ["104", "2599"])
def test_a_change_beyond_the_last_week_is_refused(problems, week):
    """The message tells the horizon and where to change it."""
    (line,) = problems(f"[[changes]]\nweek = {week}\n")
    assert "changes[0].week: is beyond the last week" in line
    assert "allowed 0 to 103, as run.weeks is 104" in line


@pytest.mark.parametrize("week", ["-1", "2.0", "true", "1" + "0" * 30])
def test_a_week_is_a_whole_number_from_0(problems, week):
    """Weeks count from the switch."""
    (line,) = problems(f"[[changes]]\nweek = {week}\n")
    assert line.startswith("bad.toml:2:1: changes[0].week: ")


def test_a_change_needs_a_week(problems):
    """The missing key is reported where the change stands."""
    (line,) = problems('[[changes]]\nlevers = { mandate = "decides" }\n')
    assert line.startswith("bad.toml:1:3: changes[0].week: is missing")


@pytest.mark.parametrize(
    ("weeks", "warm_up"), [("0", "0"), ("2601", "0"), ("1", "-1"), ("1", "1041")]
)
def test_the_run_has_limits(problems, weeks, warm_up):
    """1 to 2600 weeks after 0 to 1040 weeks of warm-up."""
    (line,) = problems(f"[run]\nweeks = {weeks}\nwarm_up_weeks = {warm_up}\n")
    assert ": run." in line


def test_a_title_may_not_steer_the_terminal(problems):
    """Control characters are refused, and shown as what they are."""
    (line,) = problems('title = "a\\u001b[31m"\n')
    assert "must be one line without control characters" in line
    assert "\x1b" not in line and r"\x1b" in line


@pytest.mark.parametrize(
    ("title", "wrong"),
    [
        ("Team \\uFFFE", "holds what no document can hold: U+FFFE"),
        ("   ", "is blank"),
        ("\\u200b\\u202e", "is blank"),
        ("a\\u2028b", "must be one line without control characters"),
        ("x" * 301, "is too long"),
    ],
)
def test_a_title_is_one_that_documents_can_show(problems, title, wrong):
    """Else it is told where it stands, and how long it may be."""
    (line,) = problems(f'based_on = "baseline"\ntitle = "{title}"\n')
    assert line.startswith(f"bad.toml:2:1: title: {wrong} (got ")
    assert ("at most 300 characters" in line) == ("long" in wrong)


def test_halves_of_letters_are_told_for_each_language():
    """Only Python can pass them; what is missing because of them is not told too."""
    title = {"en": "x\ud800", "nl": "\u202e"}
    with pytest.raises(ScenarioError) as caught:
        scenario_from({"title": title, "based_on": "baseline"}, "mine")
    assert [problem.key for problem in caught.value.problems] == [
        "title.en",
        "title.nl",
    ]


@pytest.mark.parametrize("name", ["a\nb", "a\ufffe", "a\udcff"])
def test_names_of_files_are_such_that_documents_can_hold(problems, name):
    """They stand in tables, and so must be texts."""
    (line,) = [x for x in problems('title = "x"\n', f"{name}.toml") if "its name" in x]
    assert "document can hold" in line or "one line" in line


def test_what_nobody_sees_is_no_part_of_a_title():
    """Soft hyphens, blanks without width and what turns text around are left out."""
    data = {"title": "so\u00adft \u202eright\u202c\u200b", "based_on": "baseline"}
    assert resolve(scenario_from(data)).title["en"] == "soft right"


def test_a_title_is_in_one_language_for_both_or_in_two(problems):
    """One language of two is a mistake, and so is another kind of value."""
    (missing,) = problems('title = { en = "a" }\n')
    assert "title.nl: is missing" in missing
    (kind,) = problems("title = 5\n")
    assert "title: must be a table (got 5); allowed text, or a table" in kind


def test_what_depends_on_a_mistake_is_not_reported_too(problems):
    """With a wrong horizon nobody knows whether a change is beyond it."""
    lines = problems('[run]\nweeks = "many"\n[[changes]]\nweek = 300\n')
    assert len(lines) == 1


def test_an_effort_of_a_context_is_refused():
    """The world around an organisation is not changed by effort."""
    (line,) = problems_of({"effort": {"phase": {"euros": 5}}})
    assert "effort.phase: unknown key" in line


def test_thousands_of_mistakes_stay_readable(problems):
    """The first hundred are told and the rest counted, in little time."""
    lines = problems("".join(f"k{i} = 1\n" for i in range(5000)))
    assert len(lines) == 101
    assert lines[-1].endswith("more")


def test_errors_travel_between_processes():
    """A worker's error arrives with all of its problems."""
    with pytest.raises(ScenarioError) as caught:
        scenario_from({"run": {"weeks": 0}})
    error = pickle.loads(pickle.dumps(caught.value))
    assert error.problems == caught.value.problems
    assert isinstance(error, ValueError)


@pytest.mark.parametrize("data", [None, [], 5, "baseline"])
def test_only_a_dictionary_is_a_scenario(data):
    """In Python, too, nonsense is refused at once."""
    with pytest.raises(ScenarioError, match="must be a table"):
        scenario_from(data)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
TOP = (
    "title question based_on as_is organisation levers structure parameters changes run"
    " effort other"
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(TOP.split()), anything, max_size=4))
def test_any_data_gives_a_scenario_or_its_mistakes(data):
    """Nothing but a `ScenarioError` comes out of wrong data."""
    try:
        scenario_from(data, "it")
    except ScenarioError as error:
        assert all(line.startswith("it: ") for line in str(error).splitlines())


def test_values_are_quoted_briefly_and_without_surprises():
    """Long, nested and unprintable values stay on one line."""
    assert shown(True) == "true"
    assert shown("a\n\x1b") == r'"a\n\x1b"'
    assert len(shown("x" * 500)) < 70
    assert key_text(("changes", 0, "a b")) == 'changes[0]."a b"'
    assert choices(["a"]) == '"a"'
    assert choices("abc") == '"a", "b" or "c"'


def test_numbers_of_earlier_versions_are_told_with_what_came_of_them():
    """Wherever a scenario may give a number, those that went name their successor."""
    data = {
        "parameters": {"record_memory": 0.05, "outcome_step": 0.4},
        "unknown": {"parameters": {"record_memory": [0.03, 0.1]}},
    }
    with pytest.raises(ScenarioError) as caught:
        scenario_from(data, "old")
    lines = str(caught.value).splitlines()
    assert len(lines) == 3, lines
    assert all("is a number of an earlier version" in line for line in lines)
    assert sum("now: progress_memory" in line for line in lines) == 2
    assert sum("evidence_own_channel" in line for line in lines) == 1


def test_no_former_number_is_still_a_number():
    """What is told to be gone is gone, and every successor is there."""
    gone = tables.former_numbers()
    there = {*tables.STRUCTURE, *tables.PARAMETERS}
    assert not there & gone.keys()
    assert all(" " in now or now in there for now in gone.values())
