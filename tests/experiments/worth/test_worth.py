"""What is worth finding out: planted answers, words, the report, and bad input."""

import json
from dataclasses import replace

import fake_simulation as fake
import numpy as np
import pytest
from pptx import Presentation
from small_scenarios import make_scenario

from experiments.cli.command_line import call
from experiments.compare.comparison import Comparison
from experiments.compare.reading import chosen_outcomes
from experiments.errors import InputError
from experiments.report.building import report_of
from experiments.report.sections import ReportOptions
from experiments.run.runner import run
from experiments.show.slides import slides
from experiments.show.text import as_text
from experiments.statistics.verdicts import Verdict, is_settled
from experiments.words.numerals import say
from experiments.worth import text
from experiments.worth.documents import worth_document
from experiments.worth.finding import worth_of
from experiments.worth.living import FIRST_WORLDS, MOST_WORLDS, find_worth
from experiments.worth.unknowns import drawn_values, open_questions
from simulation.outcomes import LANGUAGES
from simulation.scenario import vary
from simulation.scenario_unknown import in_world

WORLDS = 120
OPEN = {
    "levers": {
        "steering": ["direction", "detail", "absent"],
        "frame": ["clear", "absent"],
    },
    "structure": {"side_work_hours": [0.5, 4.0]},
}
COMMANDS = ("orgsim compare today more",)


@pytest.fixture(scope="module")
def today():
    """An organisation that leaves a lever of three settings and two others open."""
    return make_scenario("today", "As it is", 0, weeks=12, unknown=OPEN)


@pytest.fixture(scope="module")
def runs(today):
    """Runs of the stand-in of today and of an option."""
    more = vary(today, "more", title="More tests", structure={"testing_hours": 3})
    return run([today, more], WORLDS, workers=1, simulate=fake.simulate)


def planted(runs, *qualities):
    """Return runs in which every option has its lead quality in each world.

    `qualities` are functions of what the worlds drew.
    """
    drawn = drawn_values(runs.scenarios, runs.seed, runs.worlds)
    series = runs.series.copy()
    series["leads_handed"] = 100.0
    for k, quality in enumerate(qualities):
        series["leads_fitting"][k] = 100 * np.asarray(quality(drawn))[:, None]
    return replace(runs, series=series)


def half(drawn):
    """Return half of the leads, whatever is drawn."""
    return np.full(WORLDS, 0.5)


def better_on_detail(drawn):
    """Return more fitting leads where leaders steer on detail, else slightly fewer."""
    return np.where(drawn["levers.steering"] == "detail", 0.6, 0.42)


def better_with_odd_jobs(drawn):
    """Return more fitting leads above three hours of odd jobs, else fewer."""
    return np.where(drawn["structure.side_work_hours"] > 3, 0.9, 0.2)


def by_quality(runs, *qualities):
    """Return what is worth finding out of planted runs, by lead quality."""
    return worth_of(planted(runs, *qualities), ["lead_quality"])


# --- what worlds drew ---------------------------------------------------------------


def test_values_are_those_that_worlds_live_with(runs, today):
    """As the founder of each world draws them; a lever that a plan sets too."""
    plan = vary(today, "plan", levers={"steering": "direction"})
    for scenarios in ([today], [today, plan], [plan]):
        drawn = drawn_values(scenarios, 7, range(20))
        lived = [in_world(today, 7, k).stages[0] for k in range(20)]
        assert list(drawn["levers.steering"]) == [x.levers["steering"] for x in lived]
        hours = [x.structure["side_work_hours"] for x in lived]
        assert list(drawn["structure.side_work_hours"]) == hours


def test_what_all_worlds_drew_alike_is_left_out(today):
    """There is nothing to find out of one setting, or of a range without width."""
    same = {"levers": {"frame": ["clear"]}, "structure": {"side_work_hours": [2, 2]}}
    one = make_scenario("one", "One", 0, unknown=same)
    assert drawn_values([one], 1, range(30)) == {}


def test_questions_gather_the_unknowns_that_they_tell():
    """Two levers by one question; what the interview does not ask comes last."""
    unknowns = (
        "parameters.demands_load",
        "levers.departments",
        "levers.strategy_shared",
        "structure.side_work_hours",
    )
    found = open_questions(unknowns)
    assert [x.name for x in found] == ["odd_jobs", "who_knows", unknowns[0]]
    assert set(found[1].unknowns) == {"levers.departments", "levers.strategy_shared"}
    assert all(x.words[language] for x in found for language in LANGUAGES)


# --- what answers are worth ---------------------------------------------------------


def test_a_planted_answer_is_found(runs):
    """It is worth what it brings where it changes the choice, and nothing else is."""
    found = by_quality(runs, half, better_on_detail)
    first, *others = found.ranked
    drawn = drawn_values(runs.scenarios, runs.seed, runs.worlds)["levers.steering"]
    share = (drawn == "detail").mean()
    best = max(0.5, 0.6 * share + 0.42 * (1 - share))
    assert first.question.name == "leaders_week" and first.pays
    gain = share * 0.6 + (1 - share) * 0.5 - best
    assert first.gain.estimate == pytest.approx(gain)
    assert all(one.verdict == Verdict.NONE for one in others)


def test_a_flip_names_settings_or_a_range(runs):
    """Where another option is better than the one that is best on average."""
    [flip] = by_quality(runs, half, better_with_odd_jobs).ranked[0].flips
    assert flip.option == 1 and flip.high is None
    assert flip.low == pytest.approx(3, abs=0.3)
    below = by_quality(runs, better_with_odd_jobs, half).ranked[0].flips
    assert [(x.option, x.high) for x in below] == [(0, None)]
    settings = by_quality(runs, lambda x: 1 - better_on_detail(x), half)
    kinds = {setting for x in settings.ranked[0].flips for setting in x.settings}
    assert kinds in ({"detail"}, {"absent", "direction"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_say_what_to_find_out_and_what_flips(runs, language):
    """The question with the gain of its answer, and the setting in words."""
    found = by_quality(runs, half, better_on_detail)
    told = as_text(worth_document(found, language)).replace("\n", " ")
    question = found.ranked[0].question.words[language]
    assert question in told and question in text.finding(found, language)
    first = text.sentences(found, language)[0]
    changed = round(100 * found.ranked[0].changed)
    assert f"{changed} " in first and "{" not in told
    detail = {
        "en": "leaders check every detail",
        "nl": "leidinggevenden controleren elk detail",
    }
    assert detail[language] in told
    number = text.flips_told(
        by_quality(runs, half, better_with_odd_jobs),
        by_quality(runs, half, better_with_odd_jobs).ranked[0],
        language,
    )
    assert {"en": "side work above 3", "nl": "boven 3"}[language] in number[0]


def test_nothing_is_worth_it_where_all_options_are_alike(runs):
    """Then this is said, no table is shown, and files still have all numbers."""
    found = by_quality(runs, half, half)
    document = worth_document(found)
    assert all(one.gain.high == 0 for one in found.ranked)
    assert document.section("answer").sentences[0] == say("find_out_none")
    assert not any(one.tables for one in document.sections)
    assert len(document.numbers["worth"]) == 3


def test_worlds_are_added_until_verdicts_are_settled(runs):
    """Doubled from the first ones on, no more than the most; as if run at once."""
    options = {"seed": 1, "workers": 1, "simulate": fake.simulate}
    found, lived = find_worth(runs.scenarios, ["margin"], **options)
    assert found.worlds in {FIRST_WORLDS * 2**k for k in range(4)}
    answers = found.outcomes[0].answers
    settled = [is_settled(x.gain, x.outcome.smallest_difference) for x in answers]
    assert all(settled) or found.worlds == MOST_WORLDS
    once, _ = find_worth(runs.scenarios, ["margin"], found.worlds, **options)
    assert once.outcomes[0].perfect == found.outcomes[0].perfect
    assert len(lived.worlds) == found.worlds


def test_less_is_told_as_better_where_it_is(runs):
    """The gain of an answer in weeks or burnout is below zero as it is shown."""
    found = worth_of(runs, ["burnout"])
    one = found.ranked[0]
    one = replace(one, gain=replace(one.gain, estimate=0.02, low=0.01, high=0.03))
    assert text.shown_gain(one.gain, one.outcome).estimate == -0.02
    told = text.sentences(replace(found, outcomes=(_with(found, one),)))[0]
    assert "burnout 2.0 points lower on average" in told


def _with(found, answer):
    [outcome] = found.outcomes
    return replace(outcome, answers=(answer,))


# --- the report ---------------------------------------------------------------------


def reported(runs):
    """Return a report of runs that takes none of its own."""
    study = Comparison(runs, chosen_outcomes(None))
    return report_of(study, ReportOptions("abc", "try", COMMANDS, "en", deep=False))


def test_a_report_has_a_section_where_something_is_open(runs, tmp_path):
    """With what to find out first, on at most ten slides."""
    report = reported(planted(runs, half, better_on_detail))
    question = "What does a leader's week look like?"
    assert question in report.section("worth").finding
    assert question in report.section("next").finding
    deck = Presentation(slides(report, tmp_path / "a.pptx"))
    assert len(deck.slides) <= 10
    shown = [
        x.text_frame.text for s in deck.slides for x in s.shapes if x.has_text_frame
    ]
    assert any(question in one for one in shown)


def test_a_report_says_how_to_find_out_where_nothing_is_open(comparison):
    """By the interview; there is no section."""
    report = reported(comparison.runs)
    assert "worth" not in [one.name for one in report.sections]
    assert say("next_interview") in report.section("next").sentences


def test_a_report_on_few_worlds_says_how_many_it_takes(today):
    """No gain is worked out of them."""
    more = vary(today, "more", structure={"testing_hours": 3})
    few = run([today, more], 10, workers=1, simulate=fake.simulate)
    report = reported(few)
    assert "worth" not in [one.name for one in report.sections]
    assert say("find_out_few", least="40") in report.section("next").sentences


# --- bad input ----------------------------------------------------------------------


def test_all_mistakes_are_told_at_once(runs, comparison, today):
    """One option, nothing open, outcomes that cannot judge a choice; few worlds."""
    with pytest.raises(InputError) as error:
        worth_of(comparison.runs.part([0]), ["payback_weeks", "initiative"])
    for says in ("two or more", "orgsim interview", "payback_weeks", "initiative"):
        assert says in str(error.value)
    few = replace(runs, series=runs.series[:, :9], worlds=runs.worlds[:9], probes=None)
    with pytest.raises(InputError, match="got 9 simulated worlds; it takes 40"):
        worth_of(few, ["lead_quality"])


def test_the_command_on_the_model(tmp_path, capsys):
    """A short run of an organisation with two unknowns; bad input makes nothing."""
    (tmp_path / "mine.toml").write_text(
        'title = "Mine"\nbased_on = "baseline"\nas_is = "self"\n'
        '[unknown.levers]\nsteering = ["detail", "absent"]\n'
        "[unknown.structure]\nside_work_hours = [0.5, 4]\n"
    )
    (tmp_path / "tests.toml").write_text(
        'title = "Tests"\nbased_on = "mine.toml"\n[levers]\ntesting = "room"\n'
    )
    names = [str(tmp_path / x) for x in ("mine.toml", "tests.toml")]
    out = ["--output", str(tmp_path / "out"), "--workers", "1"]
    short = ["--replicates", "40", "--weeks", "8", "--json"]
    assert call(["worth", *names, *out, *short]) == 0
    data = json.loads(capsys.readouterr().out)
    assert {row["unknowns"] for row in data["worth"]} == {
        "levers.steering",
        "structure.side_work_hours",
    }
    for arguments, says in (
        ([names[0]], "two or more"),
        (["baseline", "owned"], "orgsim interview"),
        ([*names, "--by", "burnuot"], "did you mean burnout"),
        ([*names, "--replicates", "5"], "40<=x"),
    ):
        assert call(["worth", *arguments, "--output", str(tmp_path / "new")]) == 2
        assert says in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
