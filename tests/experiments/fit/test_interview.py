"""The interview: plain questions in, a valid scenario of today's organisation out."""

import io
import os
import select
import signal
import sys
import tomllib
from pathlib import Path

import machine
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from machine import ROOT

from experiments.cli.command_line import call
from experiments.fit.interview.answer_files import answers_text, read_answers
from experiments.fit.interview.dialogue import ask, take
from experiments.fit.interview.questions import (
    NotUnderstood,
    groups,
    questions,
    understood,
)
from experiments.fit.interview.scenario_file import scenario_text, tally
from simulation.scenario import json_schema, load, read, resolve, scenario_from
from simulation.scenario_values import DEFAULT_WORK, HEADS
from simulation.tables import STRUCTURE, lever_table

CHOICES = [question for question in questions() if question.answers]
AMOUNTS = [question for question in questions() if question.amount]


@pytest.fixture
def interview(capsys, tmp_path, monkeypatch):
    """Return a function from piped lines and options to exit code and what is said."""
    monkeypatch.chdir(tmp_path)

    def run(lines, *args):
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{x}\n" for x in lines)))
        code = call(["interview", *args])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run


def given_answers():
    """Return a strategy of answers to some of the questions."""
    parts = {}
    for question in questions():
        amount = question.amount
        known = (
            st.sampled_from([answer.key for answer in question.answers])
            if amount is None
            else st.integers(3, 40)
            if amount.whole
            else st.floats(amount.low, amount.high)
        )
        parts[question.id] = st.none() | known
    return st.fixed_dictionaries({}, optional=parts)


def test_questions_cover_every_lever_and_every_setting():
    """Each lever belongs to one question, whose answers reach all of its settings."""
    asked = [pair for question in CHOICES for pair in question.settings().items()]
    assert sorted(name for name, _ in asked) == sorted(lever_table())
    for name, found in asked:
        assert set(found) == set(lever_table()[name].settings)
    for question in CHOICES:
        sets = [answer.levers for answer in question.answers]
        assert all(sets.count(one) == 1 for one in sets)
        assert all(one.keys() == sets[0].keys() for one in sets)


def test_numbers_have_the_limits_of_a_scenario_file():
    """Head counts, hours and structural numbers may be what a file may say."""
    limits = json_schema()["$defs"]["Organisation"]["properties"]
    names = [question.amount.name for question in AMOUNTS]
    assert set(HEADS) < set(names) and "contract_hours_per_week" in names
    for question in AMOUNTS:
        amount = question.amount
        if amount.table == "organisation":
            row = limits[amount.name]
            assert (amount.low, amount.high) == (row["minimum"], row["maximum"])
            assert amount.whole == (row["type"] == "integer")
        else:
            row = STRUCTURE[amount.name]
            assert (amount.low, amount.high) == (row.low, row.high)
            low, high = amount.usual
            assert row.low <= low <= row.value <= high <= row.high


def test_there_are_about_25_questions_in_both_languages():
    """No text is missing, and none is the same in both by mistake."""
    assert 22 <= len(groups()) <= 30
    texts = [x.words for x in questions()]
    texts += [answer.words for x in CHOICES for answer in x.answers]
    texts += [x.amount.unit for x in AMOUNTS]
    for words in texts:
        assert set(words) == {"en", "nl"} and words["en"] != words["nl"]
        assert all(text.strip() == text != "" for text in words.values())


def test_nothing_answered_leaves_all_open_that_can_be(interview):
    """Every lever may be anything; heads and hours are those of the template."""
    code, text = interview([])
    resolved = read("self.toml")
    assert code == 0 and "0 of 29 questions are answered" in text
    assert "orgsim levers self.toml" in text
    settings = resolved.unknown.settings
    for lever in lever_table().values():
        assert set(settings[f"levers.{lever.name}"]) == set(lever.settings)
    assert settings["structure.side_work_hours"] == (0.5, 4.0)
    assert set(settings) == {
        "structure.side_work_hours",
        *(f"levers.{name}" for name in lever_table()),
    }
    assert resolved.organisation == read("baseline").organisation
    assert [stage.week for stage in resolved.stages] == [-52]


@settings(max_examples=30)
@given(given_answers(), st.sampled_from(["en", "nl"]))
def test_a_scenario_says_what_was_answered_and_leaves_the_rest_open(answers, language):
    """Whatever is answered, the file is valid and every value is in its place."""
    written = tomllib.loads(scenario_text(answers, language))
    resolved = resolve(scenario_from(written, "self"))
    unknown = written.get("unknown", {})
    for question in questions():
        value, amount = answers.get(question.id), question.amount
        if amount is None:
            for name, allowed in question.settings().items():
                if value is None:
                    assert unknown["levers"][name] == list(allowed)
                else:
                    setting = question.answer(value).levers[name]
                    assert written["levers"][name] == setting
                    assert resolved.stages[-1].levers[name] == setting
                    assert name not in unknown.get("levers", {})
        elif amount.table == "organisation":
            default = {**HEADS, **DEFAULT_WORK}[amount.name]
            there = getattr(resolved.organisation, amount.name)
            assert there == (default if value is None else value)
        else:
            assert (amount.name in unknown.get("structure", {})) == (value is None)
    count = tally(answers)
    assert count.answered + count.drawn + count.assumed == len(groups())


@given(given_answers(), st.sampled_from(["en", "nl"]))
@settings(max_examples=30)
def test_answers_come_back_from_their_file(tmp_path_factory, answers, language):
    """What is kept is what is read, also "don't know" and what was never asked."""
    file = tmp_path_factory.mktemp("kept") / "answers.toml"
    file.write_text(answers_text(answers, language), encoding="utf-8")
    assert read_answers(file) == answers


@pytest.mark.parametrize(
    ("received", "meant"),
    [
        ("2", "maker"),
        (2, "maker"),
        ("maker", "maker"),
        ("The Marketeer", "maker"),
        ("de leidinggevende", "leader"),
        ("", None),
        ("?", None),
        ("Weet ik niet", None),
    ],
)
def test_a_choice_is_understood_however_it_is_given(received, meant):
    """By number, by key, by how it begins in either language, or not known."""
    (question,) = [x for x in questions() if x.id == "deciding"]
    assert understood(question, received) == meant


@pytest.mark.parametrize("received", ["0", "3", "the", "makr", "-1", True, 1.5])
def test_what_is_no_choice_is_not_understood(received):
    """Nothing is guessed; the error has what is allowed."""
    (question,) = [x for x in questions() if x.id == "deciding"]
    with pytest.raises(NotUnderstood) as caught:
        understood(question, received)
    assert caught.value.allowed == '"leader", "maker" or "?"'


@pytest.mark.parametrize("received", ["nan", "inf", "1e999", "-1", "61", "ten", "0x10"])
def test_what_is_no_number_in_range_is_not_understood(received):
    """Numbers are finite and within their range."""
    (question,) = [x for x in questions() if x.id == "contract_hours"]
    assert understood(question, "36,5") == 36.5
    with pytest.raises(NotUnderstood):
        understood(question, received)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_thousands_that_may_be_decimals_are_not_understood(language):
    """1.000 people are not 1; what a program writes as a number is that number."""
    (question,) = [x for x in questions() if x.id == "marketeers"]
    assert understood(question, "1000") == 1000
    for received in ("1.000", "1,000"):
        with pytest.raises(NotUnderstood) as caught:
            understood(question, received, language)
        word = {"en": "thousands without", "nl": "duizendtallen zonder"}[language]
        assert word in caught.value.allowed
    (question,) = [x for x in questions() if x.id == "contract_hours"]
    assert understood(question, 36.125) == 36.125


def test_lines_answer_questions_in_order_and_b_goes_back():
    """The second answer to a question takes the place of the first."""
    answers = {"communicators": 4}
    assert take(answers, ["12", "b", "13", "8", "?"]) == []
    assert answers == {
        "communicators": 4,
        "marketeers": 13,
        "sales": 8,
        "product": None,
    }


def test_a_wrong_answer_is_asked_again(capsys):
    """Whoever is asked is told what is allowed and what is near, in her language."""
    answers = dict.fromkeys((question.id for question in questions()), None)
    del answers["deciding"]
    lines = iter(["makr\n", "2\n"])
    seen = []
    ask(answers, lambda: next(lines), lambda x: seen.append(dict(x)), "nl")
    assert answers["deciding"] == "maker" and len(seen) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert text.count("Wie beslist over wat een marketeer maakt?") == 2
    assert "een geheel getal van 1 tot 2, of ?" in text
    assert "Bedoelde u: De marketeer zelf, bijna altijd?" in text


def test_piped_answers_are_all_checked_before_anything_is_written(interview):
    """All wrong lines are told with their number; no file is left."""
    code, text = interview(["many", "4", "8.5", *[""] * 6, "99", "three"])
    lines = text.splitlines()
    assert code == 2 and len(lines) == 4 and not list(Path().iterdir())
    assert lines[0].startswith('1: marketeers: "many" is no answer; allowed: a whole')
    assert [line.split(":")[0] for line in lines] == ["1", "3", "10", "11"]
    code, text = interview([""] * 37 + ["1"])
    assert code == 2 and '38: "1" answers no question' in text


def test_a_file_of_answers_tells_all_mistakes_with_their_lines(interview):
    """Unknown questions, wrong answers, and the nearest of what is known."""
    Path("a.toml").write_text('deciding = "makr"\ndecidin = "maker"\nodd_jobs = 99\n')
    code, text = interview([], "--answers", "a.toml")
    one, two, three = text.splitlines()
    assert code == 2 and not Path("self.toml").exists()
    assert one.startswith('a.toml:1:1: deciding: no answer (got "makr")')
    assert one.endswith('did you mean "maker"?')
    assert two.startswith("a.toml:2:1: decidin: no such question")
    assert two.endswith("did you mean deciding?")
    assert "a.toml:3:1: odd_jobs" in three and "from 0 to 40" in three
    Path("a.toml").write_text("deciding = \n")
    assert interview([], "--answers", "a.toml")[0] == 2
    code, text = interview([], "--answers", "none.toml")
    assert code == 2 and "none.toml: there is no such file" in text


def test_what_is_there_is_kept_without_force(interview):
    """An interview never writes over a scenario by accident."""
    Path("self.toml").write_text("mine")
    code, text = interview([])
    assert code == 2 and "--force" in text
    assert Path("self.toml").read_text() == "mine"
    assert interview([], "--force")[0] == 0
    assert load("self.toml").written["as_is"] == "self"


def test_too_few_people_lose_no_answer(interview):
    """The answers are kept in a file that can be mended and gone on with."""
    code, text = interview(["0"] * 8 + ["36", "3"])
    assert code == 2 and "too few people (got 0)" in text
    assert "--answers self-answers.toml" in text and not Path("self.toml").exists()
    kept = Path("self-answers.toml")
    kept.write_text(kept.read_text().replace("sales = 0", "sales = 5"))
    assert interview([], "--answers", "self-answers.toml")[0] == 0
    resolved = read("self.toml")
    assert resolved.organisation.sales == 5
    assert resolved.stages[-1].structure["side_work_hours"] == 3


def typed(folder, args, keys):
    """Type keys at a terminal; return the exit code and what was on the screen."""
    process, screen = pytest.importorskip("pty").fork()
    if process == 0:
        # Whoever runs tests in the background may leave Ctrl-C ignored.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.chdir(folder)
        program = "from experiments.cli.command_line import main; main()"
        root = str(ROOT)
        os.environ["PYTHONPATH"] = root
        os.execv(sys.executable, [sys.executable, "-c", program, *args])
    said = Screen(screen)
    for key in keys:
        machine.until(lambda: said.ended or said.text.endswith(b"> "))
        os.write(screen, key.encode())
        said.text += b"\n"
    machine.until(lambda: said.ended)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), said.text.decode()


class Screen:
    """What has been written on a terminal so far."""

    def __init__(self, file):
        self.file, self.text = file, b""

    @property
    def ended(self):
        """Whether nobody writes any more; takes in what is there by now."""
        try:
            while select.select([self.file], [], [], 0)[0]:
                self.text += os.read(self.file, 65536)
        except OSError:
            return True
        return False


def test_ctrl_c_keeps_answers_and_the_interview_goes_on(tmp_path):
    """At a terminal: stopped with 130 after three answers, ended with the fourth."""
    code, text = typed(tmp_path, ["interview"], ["12\n", "4\n", "8\n", "\x03"])
    assert code == 130 and "What you said is kept in self-answers.toml. Go on" in (
        " ".join(text.split())
    )
    assert "1a/29" in text and "1d/29" in text
    kept = tmp_path / "self-answers.toml"
    assert read_answers(kept) == {"marketeers": 12, "communicators": 4, "sales": 8}
    again = [
        "interview",
        "--answers",
        str(kept),
        "--output",
        str(kept.parent / "x.toml"),
    ]
    code, text = typed(tmp_path, again, ["5\n", "\x04"])
    assert code == 0 and "How many in product?" in text
    assert "How many people work in marketing?" not in text
    organisation = read(tmp_path / "x.toml").organisation
    assert (organisation.sales, organisation.product) == (8, 5)
    assert kept.exists() and not (tmp_path / "x-answers.toml").exists()
